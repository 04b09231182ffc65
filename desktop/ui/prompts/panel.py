"""The prompt builder: the framework's parts, advice, the text that they come to, and what to do with it.

It holds a draft and works out what can be seen of it; it neither sends nor stores anything by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.core.advice import MOST_SHOWN, Advice, AdviceKey, Fix, PromptSetting, advise
from desktop.core.conversation import ConversationSettings
from desktop.core.documents.attachment import Attachment
from desktop.core.documents.marks import PlaceWord, sentence_for, without_asking
from desktop.core.model import ModelInfo
from desktop.core.models.facts import reasons_by_itself
from desktop.core.place import Place
from desktop.core.prompts.freeform_parser import TakenApart, reframed
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
from desktop.core.prompts.render import CHAIN_OF_THOUGHT_KEY, EXAMPLES_KEY, RenderedPrompt, render, with_sentence
from desktop.core.prompts.variants import variants
from desktop.core.request import ThinkingMode
from desktop.core.tasks.office import framework_for, recognised_task
from desktop.ui.documents.words import tokens_of_part
from desktop.ui.inputs.long_text import PromptBox
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.dock import offered
from desktop.ui.prompts.fields import FileRequests, PromptFields
from desktop.ui.prompts.frame import ALL_RECIPES, AdviceLine, PromptFoot, PromptHead, TaskList, advice_line, is_blank
from desktop.ui.prompts.preview import ApartProposal, PromptPreview
from desktop.ui.widgets.buttons import open_menu
from desktop.ui.widgets.keys import leave_focus, on_keys
from desktop.ui.widgets.layout import drop, stack
from desktop.ui.words import fill, prompt_language

_MAIN: Final = "main"
# Up to so many characters all is worked out anew at each key; beyond, in a pause: it may take longer than a frame.
_AT_ONCE: Final = 100_000
_PAUSE_MS: Final = 150
_ADVICE_PAUSE_MS: Final = 300  # to advise on half a word would be nagging
_FITS: Final = "framework_fits"  # the key of the line that leads to a framework made for the task
_BEFORE_IT: Final = (AdviceKey.PERSONAL_DATA, AdviceKey.TOO_LONG)


class PromptPanel(QWidget):
    """The panel of a draft, told which draft to show, which model would answer, and the line on top."""

    draft_changed = Signal(object)  # the PromptDraft, by the user's hand
    replaced = Signal(object)  # the PromptDraft before a step that changed much at once
    refreshed = Signal()  # what is shown is that of the draft now
    settings_change_requested = Signal(object)  # function of the conversation's settings that returns the new ones
    send_requested = Signal()
    insert_requested = Signal(str)  # the text, into the message box
    compare_requested = Signal(object)  # a Variant, which leaves something out
    apart_requested = Signal()  # take what stands in the message box apart
    save_recipe_requested = Signal()
    recipe_chosen = Signal(str)  # its key
    recipes_requested = Signal()
    explained = Signal(str)  # why something could not be done

    def __init__(self, theme: Theme, frameworks: Sequence[PromptFramework], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.frameworks = {each.key: each for each in frameworks}
        self._language = prompt_language()
        self._setting = PromptSetting()
        self._places: tuple[PlaceWord, ...] = ()  # that are asked for
        self._first = first = self.frameworks.get(_MAIN) or frameworks[0]
        self.draft = new_draft(first, self._language)
        self._files: Sequence[Attachment] = ()  # that were given to its fields
        self.file_tokens: Mapping[str, float] = {}  # by the part that they belong to
        self._advice: dict[str, Advice] = {}
        self._has_begun = False  # to write, so that the parts are shown although they are empty
        self.file_requests = FileRequests()
        self.setAccessibleName(self.tr("Prompt builder"))
        self.head = PromptHead(theme, frameworks, self._language, self.focus_start)
        self.chooser, self.notice = self.head.chooser, self.head.notice
        self.proposal = ApartProposal(theme)
        self._proposing = QWidget()
        self._proposing.hide()
        stack(self.proposal, None, margins=(GAP, GAP_TIGHT, GAP, GAP), on=self._proposing)
        self.tasks = TaskList(theme, self.chooser)
        self.tasks.hide()
        self.fields = PromptFields(theme, first, self._language, self)
        self.foot = PromptFoot(theme, self._language, self)
        self.advice, self.preview = self.foot.advice, self.foot.preview
        self._refresh_soon = QTimer(self, singleShot=True)
        self._refresh_soon.timeout.connect(self.refresh)
        self._advise_soon = QTimer(self, singleShot=True, interval=_ADVICE_PAUSE_MS)
        self._advise_soon.timeout.connect(self._advise_on_words)
        rows = (self.head, (self._proposing, 1), (self.tasks, 1), (self.fields, 1), self.foot)
        self._column = stack(*rows, gap=GAP_TIGHT, on=self)
        self._connect()
        self.chooser.show_framework(first.key)
        self.refresh()

    @property
    def framework(self) -> PromptFramework:
        return self.frameworks[self.draft.framework]

    @property
    def new_draft(self) -> PromptDraft:
        """The empty draft of the first framework."""
        return new_draft(self._first, self._language)

    @property
    def fresh_draft(self) -> PromptDraft:
        """The empty draft of the framework in force."""
        return new_draft(self.framework, self._language)

    @property
    def is_untouched(self) -> bool:
        """True if it holds nothing that the user would miss."""
        return is_untouched(self.draft, self.framework)

    @property
    def shows_parts(self) -> bool:
        """True if the parts are shown, rather than the list of tasks or a proposal."""
        return not self.fields.isHidden()

    @property
    def has_no_words(self) -> bool:
        """True if it holds nothing but files that the user would miss."""
        return is_untouched(replace(self.draft, files=()), self.framework)

    @property
    def prompt(self) -> RenderedPrompt:
        """The prompt that would be sent now."""
        return self.prompt_of(self.draft)

    def framework_of(self, draft: PromptDraft) -> PromptFramework:
        """Return the framework of a draft; the first one where it does not exist."""
        return self.frameworks.get(draft.framework, self._first)

    def prompt_of(self, draft: PromptDraft) -> RenderedPrompt:
        """Return the prompt of another draft."""
        prompt = render(draft, self.framework_of(draft), self._language)
        if not self._places:
            return prompt
        return with_sentence(prompt, sentence_for(self._places, "请" if prompt.language is Language.CHINESE else ""))

    @property
    def prompt_as_text(self) -> str:
        """The prompt without earlier messages: a text alone can't have any, so its examples stand in it."""
        return render(replace(self.draft, examples_as_turns=False), self.framework, self._language).text

    def says(self, message: str) -> bool:
        """Return True if a message has the words of the prompt."""
        said = without_asking(message).strip()
        return bool(said) and not self.is_untouched and said == self.prompt_as_text.strip()

    def show_draft(self, draft: PromptDraft | None) -> None:
        """Show this draft, or a new one if it is None.

        A draft whose framework does not exist is shown in the first one; text without a field, in the task.
        """
        if draft is None:
            draft = self.new_draft
        self.proposal.withdraw()
        self._take(at_home(draft, self.framework_of(draft)))
        for part in self.fields.parts:
            part.forget_steps()
        self.refresh()
        self.show_advice()

    def change_draft(self, draft: PromptDraft) -> None:
        """Show a draft that was changed at the user's wish, elsewhere or in one step."""
        self._take(draft)
        self.take_change(self.draft)

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Show the files that were given to its fields."""
        self._files = files
        self.fields.show_files(files)
        tokens: dict[str, float] = {}
        for each in files:
            place = self.fields.place_of(each)
            tokens[place] = tokens.get(place, 0.0) + (tokens_of_part(each.part) if each.part is not None else 0.0)
        if tokens != self.file_tokens:
            self.file_tokens = tokens
            self.refresh()
            self._advise_soon.start()
        found = self._files_of_draft()
        if found != self.draft.files:
            self.take_change(replace(self.draft, files=found))
            self.fields.show_draft(self.draft)

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

    def show_in(self, preview: PromptPreview, draft: PromptDraft, proposed: str = "") -> dict[str, float]:
        """Show what a draft comes to; `proposed` are words of it that are not taken yet. Return the tokens by part."""
        preview.room = self.preview.room
        colours, window = self.fields.colours, self._setting.window
        return preview.show_prompt(self.prompt_of(draft), colours, window, self.file_tokens, proposed)

    def propose_apart(self, taken: TakenApart) -> None:
        """Show how a message would be sorted, in place of the parts, until the user has said what they think of it."""
        names = {each.key: each.label.of(self._language) for each in self.framework.fields}
        names |= {EXAMPLES_KEY: self.tr("Examples"), CHAIN_OF_THOUGHT_KEY: self.tr("Think step by step")}
        self.proposal.propose(taken, names, self.fields.colours)

    def list_tasks(self) -> None:
        """Have the user choose a task, where nothing is written yet."""
        self.end_writing()
        self._show_stage()
        self.tasks.setFocus()

    def end_writing(self) -> None:
        """Have the list of tasks again as soon as nothing is written."""
        self._has_begun = False

    def begin_writing(self) -> None:
        """Show the parts, whatever they hold."""
        self._has_begun = True
        self._show_stage()

    def focus_start(self) -> None:
        """Have the keyboard where the user goes on: in the first part that has to be filled in, else in the task."""
        if not self.focus_missing():
            self.fields.focus_part()

    def refresh(self) -> None:
        """Render the draft."""
        self._refresh_soon.stop()
        self._show_stage()
        self.fields.show_tokens(self.show_in(self.preview, self.draft), self.preview.fits)
        is_begun = not self.is_untouched
        self.foot.show_missing(missing_fields(self.draft, self.framework), is_begun=is_begun)
        self.refreshed.emit()

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

    def _open_menu(self) -> None:
        def if_begun(act: Callable[[], object]) -> Callable[[], object] | None:
            return None if self.is_untouched else act

        open_menu(
            self.head.more,
            (
                (self.tr("Ask me question by question"), self.head.guide.click),
                (self.tr("Take my message apart"), self.apart_requested.emit),
                None,
                (self.tr("Put the text into the message box"), if_begun(self.insert)),
                (self.tr("Copy the text"), if_begun(self._copy_text)),
                (self.tr("Compare with and without a part…"), self.offer_comparison),
                (self.tr("Empty all fields"), if_begun(self.empty_fields)),
                None,
                (self.tr("Save as recipe…"), self._ask_to_save),
                (self.tr("Recipes…"), self.recipes_requested.emit),
            ),
        )

    def _connect(self) -> None:
        self.head.more.clicked.connect(self._open_menu)
        self.chooser.chosen.connect(self._choose)
        self.proposal.shown_changed.connect(self._show_stage)
        self.tasks.freely.clicked.connect(lambda: self.focus_start())
        self.tasks.written.connect(self._begin_with)
        on_keys(self, self.send, "Ctrl+Return", "Ctrl+Enter")

    def take_change(self, draft: PromptDraft) -> None:
        """Take over a draft changed by the user."""
        self.draft = draft
        length = sum(map(len, draft.texts.values())) + sum(len(each.text) for each in draft.materials)
        length += sum(len(text) for each in draft.examples for text in each.texts)
        self._refresh_soon.start(0 if length <= _AT_ONCE else _PAUSE_MS)
        self._advise_soon.start()
        self.draft_changed.emit(draft)

    def _take(self, draft: PromptDraft) -> None:
        """Show a draft as a whole, in fields of its framework; the files are those that are there now."""
        self.draft = draft
        if self.fields.framework is not self.framework:
            old = self.fields
            self.fields = PromptFields(self._theme, self.framework, self._language, self)
            self._column.replaceWidget(old, self.fields)
            drop(old)
            self.chooser.show_framework(self.framework.key)
            self.fields.show_reasoning(is_reasoning=reasons_by_itself(self._setting.model))
        self.draft = replace(draft, files=self._files_of_draft())
        self.fields.show_draft(self.draft)
        self.fields.show_files(self._files)

    def _files_of_draft(self) -> tuple[PromptFile, ...]:
        return tuple(PromptFile(self.fields.place_of(each), each.name) for each in self._files)

    # Advice

    def show_advice(self) -> None:
        """Show what could be better about the draft."""
        self._advise_soon.stop()
        setting = replace(self._setting, file_tokens=round(sum(self.file_tokens.values())))
        self._advice = {each.key.value: each for each in advise(self.draft, self.framework, setting)[:MOST_SHOWN]}
        lines = [advice_line(each) for each in self._advice.values()]
        fitting = self._fitting()
        if fitting is not None:
            words = fill(self.tr("There is a form for this: %1."), fitting.name.of(self._language))
            at = sum(each.key in _BEFORE_IT for each in lines)
            lines.insert(at, AdviceLine(_FITS, words, self.tr("Use it")))
        self.advice.show_advice(lines)

    def dismiss_advice(self, key: str) -> None:
        """Show a piece of advice no more for this draft."""
        self._give_focus_back()
        self.change_draft(self.draft.dismissing(key))
        self.show_advice()

    def _fitting(self) -> PromptFramework | None:
        """Return the framework that is made for the task; to none who chose one, or has answered its questions."""
        draft, framework = self.draft, self.framework
        if framework.is_ready_made or draft.guide or _FITS in draft.dismissed or self.is_untouched:
            return None
        task = recognised_task(draft.text(framework.task.key))
        return self.frameworks.get(framework_for(task)) if task is not None else None

    def _advise_on_words(self) -> None:
        """Advise on what is written, but wait while it is composed: what moves the box moves its candidates."""
        if self.fields.is_composing:
            self._advise_soon.start()
        else:
            self.show_advice()

    def follow_advice(self, key: str) -> None:
        """Do what the button of a line says."""
        advice, fitting = self._advice.get(key), self._fitting()
        if advice is None:
            if fitting is not None:
                self._change_framework(fitting.key)
        elif is_blank(advice):
            self._ask_to_save()
        elif advice.key is AdviceKey.TEXT_MISSING:
            self.fields.begin_material(advice.field)
        elif advice.fix is None:
            self.fields.focus_part(advice.field)
        else:
            self._apply(advice.fix)

    def _apply(self, fix: Fix) -> None:
        """Change the draft, with a way back."""
        before = self.draft
        self._give_focus_back()
        self.change_draft(fix(before))
        self.show_advice()
        self.replaced.emit(before)

    def _give_focus_back(self) -> None:
        """Have the keyboard where the user wrote, before a button of the advice that was pressed goes away."""
        leave_focus(self.advice, self.fields.written_in)

    # What the menu and the buttons do

    def send(self) -> None:
        """Ask for sending, or focus the part where something is missing."""
        self.fields.finish_composing()
        if not self.focus_missing():
            self.send_requested.emit()

    def insert(self) -> None:
        """Ask for the text to stand in the message box."""
        self.fields.finish_composing()
        self.insert_requested.emit(self.prompt_as_text)

    def empty_fields(self) -> None:
        """Begin anew in the framework in force."""
        before = self.draft
        self.change_draft(self.fresh_draft)
        self.replaced.emit(before)
        self.focus_start()

    def offer_comparison(self) -> None:
        """Let the user choose what to leave out, or show what is missing for that."""
        self.fields.finish_composing()
        found = variants(self.draft, self.framework)
        if self.focus_missing():
            return
        if not found:
            words = self.tr("Write something beside the task. Then you can compare answers with and without it.")
            self.explained.emit(words)
            return
        ways = [(offered(each), partial(self.compare_requested.emit, each)) for each in found]
        open_menu(self.head.more, ways)

    def focus_missing(self) -> bool:
        """Focus the first part that has to be filled in and is not. Return False if there is none."""
        missing = missing_fields(self.draft, self.framework)
        if missing:
            self.fields.focus_part(missing[0].key)
        return bool(missing)

    def change_settings(self, **changed: Any) -> None:
        """Ask for other settings of the conversation."""
        self.settings_change_requested.emit(lambda settings: replace(settings, **changed))

    def _choose(self, key: str) -> None:
        """Go on with the framework or the recipe of this key."""
        if key == ALL_RECIPES:
            self.recipes_requested.emit()
        elif key in self.frameworks:
            self._change_framework(key)
        else:
            self.recipe_chosen.emit(key)

    def _change_framework(self, key: str) -> None:
        before, was_untouched = self.draft, self.is_untouched
        if key != before.framework:
            self.change_draft(reframed(before, self.framework, self.frameworks[key], self._language))
            if not was_untouched:
                self.replaced.emit(before)
        self.focus_start()

    def _begin_with(self, words: str) -> None:
        """Write freely, beginning with words that were typed in the list of tasks, or with what is to be pasted."""
        self.focus_start()
        box = self.focusWidget()
        if isinstance(box, PromptBox):
            box.insertPlainText(words) if words else box.paste()

    def _ask_to_save(self) -> None:
        self.fields.finish_composing()
        if self.is_untouched:
            self.explained.emit(self.tr("Fill the prompt builder first: a recipe is a prompt to be used again."))
        else:
            self.save_recipe_requested.emit()

    def _copy_text(self) -> None:
        self.fields.finish_composing()
        QGuiApplication.clipboard().setText(self.prompt_of(replace(self.draft, examples_as_turns=False)).text)

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.foot.fit(self.height() / self._theme.text_scale)
