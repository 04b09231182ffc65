"""Answers that are kept as examples: corrected first, then offered beside the next request of the same kind."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QWidget

from desktop.core.conversation import is_temporary
from desktop.core.message import Role
from desktop.core.prompts.prompt import Example, KeptExample, draft_of, example_from
from desktop.core.tasks.office import recognised_task
from desktop.runtime.background import gui_task
from desktop.ui.inputs.message_input import TypedText
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.message_actions import Ask
from desktop.ui.prompts.dock import PromptDock
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import fill, short

_SIZE = QSize(600, 520)
_LONGEST = 6_000  # characters; a longer text is a document, and no task is looked for in it while it is written


class ExampleDialog(Dialog):
    """A dialog with a question and its answer, both of which can be changed before they are kept."""

    def __init__(self, theme: Theme, example: Example, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keep as example"))
        self.question = self._box(self.tr("The question"), example.input)
        self.answer = self._box(self.tr("The answer, as it should be"), example.output)
        self.keep = button(self.tr("Keep"), "filled", self.accept, fill="accent")
        lead = self.tr("Correct what you would have corrected anyway: the next answer of this kind follows it.")
        self.column.addWidget(PlainLabel(self.windowTitle(), "title"))
        self.column.addWidget(PlainLabel(lead, "muted", wraps=True))
        for box, share in ((self.question, 1), (self.answer, 2)):
            self.column.addLayout(stack(PlainLabel(box.accessibleName(), "strong"), (box, 1), gap=GAP_TIGHT), share)
        self._discards = PlainLabel(self.tr("Leave once more to discard what you typed."), "muted", wraps=True)
        self._discards.hide()
        self.column.addWidget(self._discards)
        self.add_foot((), (button(self.tr("Cancel"), do=super().reject), self.keep), default=self.keep)
        self.fit(QSize(theme.px(_SIZE.width()), theme.px(_SIZE.height())))
        self.answer.textChanged.connect(lambda: self.keep.setEnabled(bool(self.answer.toPlainText().strip())))
        self.answer.setFocus()
        self._began_with = self._texts()

    def _texts(self) -> tuple[str, str]:
        return self.question.toPlainText(), self.answer.toPlainText()

    def _box(self, name: str, text: str) -> TypedText:
        box = TypedText()
        box.setPlainText(text)
        box.setTabChangesFocus(True)
        box.setAccessibleName(name)
        box.document().setDocumentMargin(GAP)
        set_look(box, "framed")
        return box

    # Qt's own method

    def reject(self) -> None:
        """Leave by Esc or the window's frame; over what was typed, only the second time."""
        if self._texts() != self._began_with and self._discards.isHidden():
            self._discards.show()
        else:
            super().reject()


class ExamplePresenter(QObject):
    """The owner of the line that offers an example for what is written, and of the way to keep one."""

    def __init__(self, dock: PromptDock) -> None:
        super().__init__(dock)
        self._dock = dock
        self._page, self._chat = page, chat = dock.page, dock.chat
        self._offered: KeptExample | None = None
        self._declined: set[str] = set()  # the keys of those that were not wanted, until the window is closed
        self._line = line = QuietLine(dock.theme, PlainLabel(wraps=True))
        line.offer(self.tr("Use it"), do=self._on_use)
        line.offer(self.tr("Not now"), do=self._on_not_now)
        page.put_hint(line)
        page.reading.register({Ask.KEEP_AS_EXAMPLE: lambda message_id, _: self._keep(message_id)})
        useless = page.reading.of_no_use
        page.reading.of_no_use = lambda: useless() | self._of_no_use()
        for changed in (page.composer.draft_changed, page.composer.begun_anew, chat.examples.changed):
            changed.connect(lambda *_: self._follow())
        chat.generation_started.connect(lambda _: self._line.hide())

    def _of_no_use(self) -> frozenset[Ask]:
        """Return that nothing is kept of a conversation that is not kept itself."""
        keeps_none = is_temporary(self._chat.current.id) or self._chat.keeps_nothing
        return frozenset({Ask.KEEP_AS_EXAMPLE}) if keeps_none else frozenset()

    # Keeping one

    @gui_task
    async def _keep(self, message_id: str) -> None:
        """Show a question and its answer, and keep them as the user leaves them."""
        path = self._chat.path
        at, answer = path.index_of(message_id), path.message(message_id)
        if at is None or answer is None:
            return
        asked = next((entry.id for entry in reversed(path.entries[:at]) if entry.role is Role.USER), "")
        question = path.message(asked)
        draft = draft_of(await self._chat.unsent.read_prompt(self._chat.current.id, asked))
        said = question.text if question is not None else ""
        task = draft.guide if draft is not None and draft.guide else recognised_task(said) or ""
        about = example_from(draft, answer).input if draft is not None else ""
        dialog = ExampleDialog(self._dock.theme, Example(about or said, answer.text.strip()), self._page.window())
        dialog.accepted.connect(lambda: self._keep_as_left(dialog, str(task)))
        dialog.finished.connect(lambda _: self._page.composer.setFocus())
        dialog.open()

    def _keep_as_left(self, dialog: ExampleDialog, task: str) -> None:
        example = Example(dialog.question.toPlainText().strip(), dialog.answer.toPlainText().strip())
        self._chat.examples.keep(KeptExample(example, task))
        if task:
            said = self.tr("Kept. It is offered with the next request of this kind, and stands among the recipes.")
        else:
            said = self.tr("Kept. It stands among the recipes.")
        self._page.notice.show_text(said, calmly=True)

    # Offering one

    def _follow(self) -> None:
        """Offer the example of the task that is written, as far as one is kept."""
        composer, examples = self._page.composer, self._chat.examples
        words = composer.words.strip()
        self._offered = None
        if words and len(words) <= _LONGEST and not (composer.is_editing or self._chat.is_answering):
            examples.read()
            self._offered = examples.newest_of(recognised_task(words) or "") if examples.all else None
        if self._offered is None or self._offered.key in self._declined:
            self._line.hide()
            return
        self._line.say(fill(self.tr("Use your example: “%1”"), short(self._offered.example.input)))
        self._line.show()

    def _on_use(self) -> None:
        self._line.hide()
        if self._offered is not None:
            self._dock.open().take_over_with(self._offered.example)

    def _on_not_now(self) -> None:
        self._line.hide()
        if self._offered is not None:
            self._declined.add(self._offered.key)
        self._page.composer.setFocus()
