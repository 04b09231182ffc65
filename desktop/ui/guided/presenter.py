"""Guided mode in the window: which question is asked, what its answer comes to in the prompt, and how that is sent.

The draft is the prompt builder's, which sends it. What is seen of it is made when the user is first guided: from the
line that names a task, from a task of the start page, or from the builder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from desktop.core.prompts.prompt import PromptDraft, PromptFramework, missing_fields, moved_to
from desktop.core.tasks.guiding import MATERIAL, Guiding, as_said, begin_guiding, written_draft
from desktop.core.tasks.office import GENERAL, Guide, GuideAnswer, recognised_task
from desktop.ui.chat.writing import TaskPresenter
from desktop.ui.prompts.dock import PromptDock
from desktop.ui.widgets.keys import on_keys
from desktop.ui.widgets.page import PanePlace
from desktop.ui.words import prompt_language

if TYPE_CHECKING:
    from desktop.ui.guided.sheet import GuidedPreview, GuidedSheet
    from desktop.ui.prompts.presenter import PromptPresenter

_FRAMEWORK = "main"  # the six parts


class GuidedPresenter(QObject):
    """The presenter of the questions for one prompt."""

    _builder: PromptPresenter  # made when it is first needed, as are those below
    _sheet: GuidedSheet
    _preview: GuidedPreview

    def __init__(
        self, dock: PromptDock, place: PanePlace, tasks: TaskPresenter, load_guide: Callable[[str], Guide]
    ) -> None:
        super().__init__(dock)
        self._dock, self._place, self._tasks, self._load_guide = dock, place, tasks, load_guide
        self._page, self._chat = dock.page, dock.chat
        self._is_made = False
        self._guiding: Guiding | None = None  # None while no question is asked
        self._key = ""  # of the question that is asked; empty when all are answered
        self._written = PromptDraft(framework=_FRAMEWORK)  # what stands in the message box, in its parts
        self._left: PromptDraft | None = None  # what the user has left unsent, made of what stands in the message box
        self._is_changing = False  # the draft, from here
        self._gave_way = False  # the builder stood where the preview is now
        for wanted in (dock.page.composer.task.guide_wanted, dock.page.empty.guide_wanted):
            wanted.connect(self.begin_task)
        dock.guide = self._begin_with_draft

    def begin_task(self, key: str) -> None:
        """Ask the questions of a task, with what stands in the message box as the beginning of its prompt."""
        self._make()
        # After what is being read now, which might be the draft of this conversation.
        self._builder.when_read(lambda: self._begin(key))

    def take_escape(self) -> bool:
        """Leave the questions. Return False if none is asked."""
        is_asking = self._guiding is not None
        if is_asking:
            self._sheet.close_sheet()
        return is_asking

    def _make(self) -> None:
        """Make what asks the questions."""
        if not self._is_made:
            from desktop.ui.guided.sheet import GuidedPreview, GuidedSheet

            self._is_made, self._builder = True, self._dock.made()
            self._sheet, self._preview = GuidedSheet(self._dock.theme), GuidedPreview(self._dock.theme)
            self._page.put_below(self._sheet)
            self._place.put_in(self._preview)
            self._connect()

    def _connect(self) -> None:
        sheet, preview, chat, composer = self._sheet, self._preview, self._chat, self._page.composer
        sheet.answers.answered.connect(lambda answer: self._answer(answer, goes_on=True))
        sheet.answers.written.connect(lambda words: self._answer(words, goes_on=False))
        sheet.material.answered.connect(lambda text: self._give_material(text, goes_on=True))
        sheet.material.written.connect(lambda text: self._give_material(text, goes_on=False))
        sheet.answers.looked_at.connect(self._show_prompt)
        sheet.went_back.connect(self._go_back)
        sheet.revisited.connect(self._ask)
        sheet.material.file.clicked.connect(lambda: self._dock.files.pick())
        sheet.material.text.box.files_pasted.connect(lambda given: self._dock.files.take_given(given))
        sheet.closed.connect(self._close)
        for parts in (sheet.parts, preview.parts):
            parts.clicked.connect(self._show_parts)
        preview.close_button.clicked.connect(self._hide_preview)
        preview.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._builder.panel.prompt_as_text))
        self._builder.panel.draft_changed.connect(self._on_draft_changed)
        self._dock.left.connect(self._leave)
        composer.prompt_send_requested.connect(self._send)
        self._next_key = on_keys(composer, sheet.go_on, "Ctrl+Return", "Ctrl+Enter")
        composer.draft_changed.connect(lambda _: self._take_written())
        chat.attachments.changed.connect(self._take_files)
        chat.opened.connect(lambda *_: self._forget())
        self._place.narrowed.connect(lambda _: self._show_place())

    def _begin_with_draft(self) -> None:
        """Ask about the prompt that stands in the builder, in whatever frame."""
        self._make()
        panel, framework = self._builder.panel, self._framework
        draft = moved_to(panel.draft, panel.framework, framework, prompt_language())
        task = recognised_task(draft.text(framework.task.key))
        guide = self._load_guide(draft.guide or (task.value if task is not None else GENERAL))
        self._written = PromptDraft(framework=framework.key)
        guiding = begin_guiding(guide, framework, draft, prompt_language(), is_first=self._chat.path.is_empty)
        self._change(guiding)
        self._open(guiding)

    @property
    def _framework(self) -> PromptFramework:
        panel = self._builder.panel
        return panel.frameworks.get(_FRAMEWORK, panel.framework)

    # How it begins and ends

    def _begin(self, key: str) -> None:
        framework, draft, composer = self._framework, self._builder.panel.draft, self._page.composer
        guide, is_first = self._load_guide(key), self._chat.path.is_empty
        before, self._written = self._written, written_draft(composer.words, composer.pasted_texts, framework, guide)
        holds_it = all(text in draft.text(part) for part, text in as_said(self._written).texts.items())
        was_thrown_away = (before.texts or before.materials) and before != self._written
        is_other = (draft.guide, draft.framework) != (key, framework.key) or self._builder.holds_what_was_sent
        if is_other or was_thrown_away or not holds_it:
            made = begin_guiding(guide, framework, self._written, prompt_language(), is_first=is_first)
            self._builder.replace_with_written(made.draft)
        self._open(Guiding(guide, framework, self._builder.panel.draft, is_first).read(self._written))

    def _open(self, guiding: Guiding) -> None:
        self._guiding = guiding
        self._sheet.material.take_files(self._chat.attachments.takes_files)
        self._page.empty.step_back(True)
        self._tasks.fall_silent()
        builder_place = self._dock.place
        self._gave_way = builder_place.is_shown and not builder_place.is_over
        if builder_place.is_shown:
            builder_place.toggle()
        self._show_place()
        self._ask(next(iter(guiding.open_steps), ""))

    def _leave(self) -> None:
        """End the questions; the draft stays as it is."""
        if self._guiding is None:
            return
        self._guiding = None
        self._key = ""
        self._page.composer.hold_prompt(False)
        self._next_key.setEnabled(False)
        self._page.empty.step_back(False)
        self._sheet.close_sheet()
        self._place.hide_pane()
        if self._gave_way:
            self._gave_way = False
            self._dock.open()

    def _forget(self) -> None:
        """End the questions: another conversation has a message box of its own."""
        self._leave()
        self._written, self._left = PromptDraft(framework=_FRAMEWORK), None

    def _close(self) -> None:
        """Leave the questions by the user's will: the line that names the task leads back to them."""
        if self._guiding is not None:
            self._left = self._guiding.draft if self._written.texts or self._written.materials else None
            self._leave()
            self._tasks.speak_again()
            self._page.composer.setFocus()

    def _show_parts(self) -> None:
        """Show the same draft in its six parts."""
        self._gave_way = False
        self._leave()
        self._dock.go_to()
        self._builder.panel.fields.focus_part()

    # What is asked, and answered

    def _ask(self, key: str) -> None:
        """Ask a question, with the keyboard where it is answered; without a key, say that all are answered."""
        assert self._guiding is not None
        self._key = key
        self._page.composer.hold_prompt(True, is_asking=bool(key))
        self._next_key.setEnabled(bool(key))
        self._sheet.ask(self._guiding, key, may_go_back=self._at > 0)
        self._show_prompt()
        if key:
            self._sheet.focus_answers()
        else:
            self._page.composer.setFocus()

    @property
    def _at(self) -> int:
        """The place of the question among all, or their number."""
        steps = self._guiding.steps if self._guiding is not None else ()
        return steps.index(self._key) if self._key in steps else len(steps)

    def _go_on(self) -> None:
        assert self._guiding is not None
        steps, still_open = self._guiding.steps, self._guiding.open_steps
        self._ask(next((each for each in (*steps[self._at + 1 :], *steps) if each in still_open), ""))

    def _go_back(self) -> None:
        if self._guiding is not None and self._at > 0:
            self._ask(self._guiding.steps[self._at - 1])

    def _answer(self, answer: Any, *, goes_on: bool) -> None:
        """Have an answer in the draft, which is kept on the disk: words that are not given yet, too."""
        guiding = self._guiding
        question = guiding.question(self._key) if guiding is not None else None
        if guiding is None or question is None:
            return
        self._change(guiding.with_answer(question, guiding.words_of(question, answer)))
        if goes_on:
            self._go_on()

    def _give_material(self, text: str, *, goes_on: bool) -> None:
        """Have the text to work on in the draft; an input method may end its word only when the next is asked for."""
        if self._guiding is None or self._key != MATERIAL:
            return
        self._change(self._guiding.with_material(text))
        if goes_on:
            self._go_on()

    def _take_written(self) -> None:
        """Take over what has been written in the message box meanwhile."""
        guiding, composer = self._guiding, self._page.composer
        if guiding is None:
            self._drop_wiped()
            return
        now = written_draft(composer.words, composer.pasted_texts, guiding.framework, guiding.guide)
        if now != self._written:
            before, self._written = self._written, now
            self._change(guiding.with_written(before, now))

    def _drop_wiped(self) -> None:
        """Empty the builder, out of sight, of a prompt whose words the user has wiped in the message box since."""
        panel, left = self._builder.panel, self._left
        if (
            left is not None
            and panel.draft == left
            and not panel.isVisible()
            and not self._page.composer.text().strip()
        ):
            self._left = None
            panel.end_writing()
            panel.change_draft(panel.new_draft)
            panel.replaced.emit(left)

    def _take_files(self) -> None:
        if self._guiding is not None:
            had = len(self._guiding.draft.files)
            self._builder.box.follow_files()
            if self._key and len(self._guiding.draft.files) > had:
                self._sheet.focus_answers(has_file=True)

    def _change(self, guiding: Guiding) -> None:
        self._guiding = guiding
        self._is_changing = True
        self._builder.panel.change_draft(guiding.draft)
        self._is_changing = False
        self._on_draft_changed(self._builder.panel.draft)

    def _on_draft_changed(self, draft: PromptDraft) -> None:
        """Follow what the draft has become, by whatever view of it."""
        guiding = self._guiding
        if guiding is None or self._is_changing:
            return
        if draft.framework != guiding.framework.key:
            self._leave()
            return
        self._guiding = replace(guiding, draft=draft)
        self._show_prompt()

    def _send(self) -> None:
        self._take_written()
        guiding = self._guiding
        if guiding is None:
            return
        if missing_fields(guiding.draft, guiding.framework):  # nothing says yet what is to be done
            self._ask(next(iter(guiding.open_steps or guiding.steps), ""))
        else:
            self._builder.send_guided()

    # What is seen

    def _show_prompt(self, looked_at: GuideAnswer | str = "") -> None:
        """Show the prompt, with an answer that is looked at and not given yet."""
        guiding = self._guiding
        if guiding is None:
            return
        question, draft, proposed = guiding.question(self._key), guiding.draft, ""
        words = guiding.words_of(question, looked_at) if question is not None and looked_at else ""
        if question is not None and words and words != draft.answers.get(question.key):
            draft, proposed = guiding.with_answer(question, words).draft, words
        for preview in (self._sheet.preview, self._preview.prompt):
            self._builder.panel.show_in(preview, draft, proposed)
        coming = [each for each in guiding.open_steps if each != self._key]
        self._preview.show_next(guiding, coming, is_proposing=bool(proposed))

    def _show_place(self) -> None:
        """Show the prompt beside the conversation where there is room, else in the sheet."""
        if self._guiding is not None:
            if self._place.is_narrow:
                self._place.hide_pane()
            else:
                self._place.open()
            self._sheet.growing.setVisible(not self._place.is_shown)

    def _hide_preview(self) -> None:
        self._place.hide_pane()
        self._sheet.growing.show()
