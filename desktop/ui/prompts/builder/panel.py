"""The prompt builder: the framework's parts, advice, the text that they come to, and what to do with it.

It holds a draft and works out what can be seen of it; it neither sends nor stores anything by itself. What its menu and
its buttons do is `commands`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.advice.piece import PromptSetting
from desktop.core.conversation import ConversationSettings
from desktop.core.documents.attachment import Attachment
from desktop.core.documents.naming_places import PlaceWord, sentence_for
from desktop.core.model import ModelInfo
from desktop.core.models.reasoning import reasons_by_itself
from desktop.core.place import Place
from desktop.core.prompts.freeform_parser import TakenApart
from desktop.core.prompts.marks import CHAIN_OF_THOUGHT_KEY, EXAMPLES_KEY
from desktop.core.prompts.prompt import (
    Language,
    PromptDraft,
    PromptFile,
    PromptFramework,
    at_home,
    is_untouched,
    missing_fields,
    new_draft,
)
from desktop.core.prompts.render import RenderedPrompt, render, with_sentence
from desktop.core.request import ThinkingMode
from desktop.ui.documents.words import tokens_of_part
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT, GAP_WIDE
from desktop.ui.prompts.advice.adviser import Adviser
from desktop.ui.prompts.builder.commands import PromptCommands
from desktop.ui.prompts.builder.foot import PromptFoot
from desktop.ui.prompts.builder.head import PromptHead
from desktop.ui.prompts.builder.proposal import ApartProposal
from desktop.ui.prompts.form.fields import PromptFields
from desktop.ui.prompts.form.file_requests import FileRequests
from desktop.ui.prompts.frameworks.chooser import TaskList
from desktop.ui.widgets.keys import leave_focus
from desktop.ui.words import prompt_language

_MAIN: Final = "main"
# Up to so many characters all is worked out anew at each key; beyond, in a pause: it may take longer than a frame.
_AT_ONCE: Final = 100_000
_PAUSE_MS: Final = 150
_ADVICE_PAUSE_MS: Final = 300  # to advise on half a word would be nagging


class PromptPanel(QWidget):
    """The panel of a draft, told which draft to show, which model would answer, and the line on top."""

    draft_changed = Signal(object)  # the PromptDraft, by the user's hand
    refreshed = Signal()  # what is shown is that of the draft now
    settings_change_requested = Signal(object)  # function of the conversation's settings that returns the new ones

    def __init__(self, theme: Theme, frameworks: Sequence[PromptFramework], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._frameworks = {each.key: each for each in frameworks}
        self._language = prompt_language()
        self._setting = PromptSetting()
        self._places: tuple[PlaceWord, ...] = ()  # that are asked for
        self._first = first = self._frameworks.get(_MAIN) or frameworks[0]
        self._draft = new_draft(first, self._language)
        self._files: Sequence[Attachment] = ()  # that were given to its fields
        self._file_tokens: Mapping[str, float] = {}  # by the part that they belong to
        self.file_requests = FileRequests()
        self.setAccessibleName(self.tr("Prompt builder"))
        self.head = PromptHead(theme, frameworks, self._language)
        self.chooser, self.notice = self.head.chooser, self.head.notice
        self.show_notice, self.hide_notice = self.head.show_notice, self.head.hide_notice
        self.guide_wanted: SignalInstance = self.head.guide_wanted  # questions about this prompt, one at a time
        self.proposal = ApartProposal(theme)
        self.apart_accepted: SignalInstance = self.proposal.accepted  # the TakenApart that was proposed
        self._proposing = QWidget()
        self.tasks = TaskList(theme, self.chooser)
        self._has_begun = False  # to write, so that the parts are shown although they are empty
        self.fields = PromptFields(theme, first, self._language, self.file_requests)
        self.foot = PromptFoot(theme, self._language)
        self.advice, self.preview = self.foot.advice, self.foot.preview
        self._adviser = Adviser(self.advice, self._frameworks, self._language)
        self.temperature, self.asks_places = self.foot.temperature, self.foot.asks_places
        self._refresh_soon = QTimer(self, singleShot=True)
        self._refresh_soon.timeout.connect(self.refresh)
        self._advise_soon = QTimer(self, singleShot=True, interval=_ADVICE_PAUSE_MS)
        self._advise_soon.timeout.connect(self._advise_on_words)
        self._lay_out()
        self._connect()
        self.chooser.show_framework(first.key)
        self.refresh()

    @property
    def draft(self) -> PromptDraft:
        return self._draft

    @property
    def framework(self) -> PromptFramework:
        return self._frameworks[self._draft.framework]

    @property
    def frameworks(self) -> list[PromptFramework]:
        return list(self._frameworks.values())

    @property
    def new_draft(self) -> PromptDraft:
        """The empty draft of the first framework."""
        return new_draft(self._first, self._language)

    @property
    def notice_key(self) -> str:
        """The key of the line on top; empty while there is none."""
        return self.head.notice_key

    @property
    def is_untouched(self) -> bool:
        """True if it holds nothing that the user would miss."""
        return is_untouched(self._draft, self.framework)

    @property
    def has_no_words(self) -> bool:
        """True if it holds nothing but files that the user would miss."""
        return is_untouched(replace(self._draft, files=()), self.framework)

    @property
    def window_tokens(self) -> int | None:
        """The tokens that the model holds now, as far as that is known."""
        return self._setting.window

    @property
    def tokens_of_files(self) -> float:
        """The estimated tokens of the files that were given to its fields."""
        return sum(self._file_tokens.values())

    @property
    def prompt(self) -> RenderedPrompt:
        """The prompt that would be sent now."""
        return self.prompt_of(self._draft)

    @property
    def fresh_draft(self) -> PromptDraft:
        """The empty draft of the framework in force."""
        return new_draft(self.framework, self._language)

    def framework_of(self, draft: PromptDraft) -> PromptFramework:
        """Return the framework of a draft; the first one where it does not exist."""
        return self._frameworks.get(draft.framework, self._first)

    def prompt_of(self, draft: PromptDraft) -> RenderedPrompt:
        """Return the prompt of another draft."""
        prompt = render(draft, self.framework_of(draft), self._language)
        if not self._places:
            return prompt
        return with_sentence(prompt, sentence_for(self._places, "请" if prompt.language is Language.CHINESE else ""))

    @property
    def prompt_as_text(self) -> str:
        """The prompt without earlier messages: a text alone can't have any, so its examples stand in it."""
        return render(replace(self._draft, examples_as_turns=False), self.framework, self._language).text

    def show_draft(self, draft: PromptDraft | None) -> None:
        """Show this draft, or a new one if it is None.

        A draft whose framework does not exist is shown in the first one; text without a field, in the task.
        """
        if draft is None:
            draft = self.new_draft
        self.proposal.withdraw()
        self._take(at_home(draft, self._frameworks.get(draft.framework) or self._first))
        for part in self.fields.parts:
            part.forget_steps()
        self.refresh()
        self.show_advice()

    def change_draft(self, draft: PromptDraft) -> None:
        """Show a draft that was changed at the user's wish, elsewhere or in one step."""
        self._take(draft)
        self._change(self._draft)

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Show the files that were given to its fields."""
        self._files = files
        self.fields.show_files(files)
        tokens: dict[str, float] = {}
        for each in files:
            place = self.fields.place_of(each)
            tokens[place] = tokens.get(place, 0.0) + (tokens_of_part(each.part) if each.part is not None else 0.0)
        if tokens != self._file_tokens:
            self._file_tokens = tokens
            self.refresh()
            self._advise_soon.start()
        found = self._files_of_draft()
        if found != self._draft.files:
            self._change(replace(self._draft, files=found))
            self.fields.show_draft(self._draft)

    def show_setting(
        self,
        model: ModelInfo | None,
        place: Place | None,
        *,
        is_first: bool,
        settings: ConversationSettings | None = None,
        window: int | None = None,
        places: Sequence[PlaceWord] = (),
    ) -> None:
        """Set the model, as far as it is known, the place of words, and if nothing was said before.

        `settings`: those of the conversation. `window`: the tokens that the model holds now. `places`: those that can
        be asked for.
        """
        settings = settings or ConversationSettings()
        self._setting = PromptSetting(
            model=model,
            window=window,
            place=place,
            system=settings.system,
            thinking_off=settings.thinking.mode is ThinkingMode.OFF,
            is_first=is_first,
        )
        self._places = tuple(places) if settings.asks_places else ()
        self.foot.show_temperature(settings.temperature)
        self.foot.show_places(places, are_asked_for=settings.asks_places)
        self.foot.send.set_place(place)
        self.fields.show_reasoning(is_reasoning=reasons_by_itself(model))
        self.refresh()
        self.show_advice()

    def propose_apart(self, taken: TakenApart) -> None:
        """Show how a message would be sorted, in place of the parts, until the user has said what they think of it."""
        names = {each.key: each.label.of(self._language) for each in self.framework.fields}
        names |= {EXAMPLES_KEY: self.tr("Examples"), CHAIN_OF_THOUGHT_KEY: self.tr("Think step by step")}
        self.proposal.propose(taken, names, self.fields.colours)

    def list_tasks(self) -> None:
        """Have the user choose a task, where nothing is written yet."""
        self.end_writing()
        self._show_stage()
        self.tasks.setFocus(Qt.FocusReason.OtherFocusReason)

    def end_writing(self) -> None:
        """Have the list of tasks again as soon as nothing is written."""
        self._has_begun = False

    def begin_writing(self) -> None:
        """Show the parts, whatever they hold."""
        self._has_begun = True
        self._show_stage()

    def _show_stage(self) -> None:
        """Show the parts; before them the list of tasks, or how a message would be sorted into them."""
        is_proposing = not self.proposal.isHidden()
        is_listing = not (is_proposing or self._has_begun) and self.is_untouched
        if is_listing and self.tasks.isHidden():
            self.tasks.show_tasks()
        self._proposing.setVisible(is_proposing)
        self.tasks.setVisible(is_listing)
        self.fields.setHidden(is_proposing or is_listing)
        self.foot.setHidden(is_proposing)
        self.head.show_choice(not is_listing)

    def finish_composing(self) -> None:
        """Commit what an input method composes to the draft, before that is sent or kept."""
        self.fields.finish_composing()

    def refresh(self) -> None:
        """Render the draft."""
        self._refresh_soon.stop()
        self._show_stage()
        prompt, colours = self.prompt, self.fields.colours
        counts = self.preview.show_prompt(prompt, colours, self._setting.window, self._file_tokens)
        self.fields.show_tokens(counts, self.preview.fits)
        is_begun = not self.is_untouched
        self.foot.show_missing(missing_fields(self._draft, self.framework), is_begun=is_begun)
        self.head.show_begun(is_begun)
        self.refreshed.emit()

    def _advise_on_words(self) -> None:
        """Advise on what is written, but wait while it is composed: what moves the box moves its candidates."""
        if self.fields.is_composing:
            self._advise_soon.start()
        else:
            self.show_advice()

    def show_advice(self) -> None:
        """Show what could be better about the draft."""
        self._advise_soon.stop()
        setting = replace(self._setting, file_tokens=round(self.tokens_of_files))
        self._adviser.advise(self._draft, self.framework, setting)

    def give_focus_back(self) -> None:
        """Have the keyboard where the user wrote, before a button of the advice that was pressed goes away."""
        leave_focus(self.advice, self.fields.written_in)

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_TIGHT)
        self._column.addWidget(self.head)
        proposing = QVBoxLayout(self._proposing)
        proposing.setContentsMargins(GAP_WIDE, GAP_TIGHT, GAP_WIDE, GAP_WIDE)
        proposing.addWidget(self.proposal)
        proposing.addStretch(1)
        self._proposing.hide()
        self._column.addWidget(self._proposing, 1)
        self.tasks.hide()
        self._column.addWidget(self.tasks, 1)
        self._column.addWidget(self.fields, 1)
        self._column.addWidget(self.foot)

    def _connect(self) -> None:
        self.close_requested: SignalInstance = self.head.close_button.clicked
        self.commands = commands = PromptCommands(
            self, self.head, self.foot, self._adviser, self._frameworks, self._language
        )
        self.replaced: SignalInstance = commands.replaced  # the PromptDraft before a step that changed much at once
        self.insert_requested: SignalInstance = commands.insert_requested
        self.send_requested: SignalInstance = commands.send_requested
        self.apart_requested: SignalInstance = commands.apart_requested
        self.save_recipe_requested: SignalInstance = commands.save_recipe_requested
        self.recipes_requested: SignalInstance = commands.recipes_requested
        self.explained: SignalInstance = commands.explained  # why something could not be done
        self.proposal.shown_changed.connect(self._show_stage)
        self.tasks.freely.clicked.connect(lambda: self.fields.focus_part())
        self._connect_fields()
        self.advice.wheel_turned.connect(lambda turned: self.fields.turn(turned))
        self.temperature.fix_pressed.connect(
            lambda _: self.settings_change_requested.emit(lambda settings: replace(settings, temperature=None))
        )
        self.asks_places.toggled.connect(
            lambda shall: self.settings_change_requested.emit(lambda settings: replace(settings, asks_places=shall))
        )
        self.notice_pressed: SignalInstance = self.notice.fix_pressed  # the key of the line on top, here and below
        self.notice_dismissed: SignalInstance = self.notice.dismiss_pressed
        self.compare_requested: SignalInstance = commands.compare_requested
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.setKeys([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(commands.send)

    def _connect_fields(self) -> None:
        self.fields.changed.connect(self._change)
        self.fields.going_in.connect(self.begin_writing)
        self.fields.paste_refused.connect(
            lambda _: self.explained.emit(self.tr("Only text can be pasted here. Open the file and copy its text."))
        )

    def _change(self, draft: PromptDraft) -> None:
        """Take over a draft changed by the user."""
        self._draft = draft
        length = sum(map(len, draft.texts.values())) + sum(len(each.text) for each in draft.materials)
        length += sum(len(text) for each in draft.examples for text in each.texts)
        self._refresh_soon.start(0 if length <= _AT_ONCE else _PAUSE_MS)
        self._advise_soon.start()
        self.draft_changed.emit(draft)

    def _take(self, draft: PromptDraft) -> None:
        """Show a draft as a whole, in fields of its framework; the files are those that are there now."""
        self._draft = draft
        if self.fields.framework is not self.framework:
            old, self.fields = (
                self.fields,
                PromptFields(self._theme, self.framework, self._language, self.file_requests),
            )
            self._column.replaceWidget(old, self.fields)
            old.hide()
            old.deleteLater()
            self._connect_fields()
            self.chooser.show_framework(self.framework.key)
            self.fields.show_reasoning(is_reasoning=reasons_by_itself(self._setting.model))
        self._draft = replace(draft, files=self._files_of_draft())
        self.fields.show_draft(self._draft)
        self.fields.show_files(self._files)

    def _files_of_draft(self) -> tuple[PromptFile, ...]:
        return tuple(PromptFile(self.fields.place_of(each), each.name) for each in self._files)

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        height = self.height() / self._theme.text_scale
        self.foot.fit(height)
