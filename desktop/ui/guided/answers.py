"""What a question can be answered with: answers to press, if there are any, and a line for one's own, or a box."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.core.tasks.guide import GuideAnswer, GuideMaterial, GuideQuestion
from desktop.core.tasks.guiding import Guiding
from desktop.ui.guided.words import placeholder_of, said
from desktop.ui.inputs.long_text import PromptText
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.buttons import ChoiceRow, LabelledButton
from desktop.ui.widgets.composing import TypingAhead
from desktop.ui.widgets.labels import PlainLabel

_BOX_LINES = 3
_LONGEST_ANSWER = 2_000  # letters in one line


class GuidedAnswers(QWidget):
    """The answers to one question. A press or a number answers; what has the keyboard is shown in the prompt."""

    answered = Signal(object)  # a GuideAnswer, or the user's own words
    looked_at = Signal(object)  # the same, while it is not given yet
    own_written = Signal(str)  # the user's own words so far

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers: tuple[GuideAnswer, ...] = ()
        self._rows: list[ChoiceRow] = []
        self._is_low = False
        self._looked_at: GuideAnswer | str = ""
        self._list = QVBoxLayout()
        self._list.setSpacing(GAP_TIGHT)
        self.own = QLineEdit()
        self.own.setMaxLength(_LONGEST_ANSWER)
        self.own.textEdited.connect(self._look_at)
        self.own.textEdited.connect(self.own_written)
        self.own.installEventFilter(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # until an answer is given
        self.setAccessibleName(self.tr("Answers"))
        TypingAhead(self, lambda: self.own)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(self._list)
        column.addWidget(self.own)

    def ask(self, guiding: Guiding, question: GuideQuestion) -> None:
        """Show the answers to a question, with the one that was given."""
        before, self._rows, self._answers = self._rows, [], question.answers
        self._looked_at = ""
        chosen = guiding.chosen(question)
        for key, answer in enumerate(question.answers, start=1):
            row = ChoiceRow(key, said(answer.label), said(answer.about))
            row.setChecked(answer is chosen)
            row.clicked.connect(partial(self._give, answer))
            row.installEventFilter(self)
            TypingAhead(row, lambda: self.own)
            self._rows.append(row)
            self._list.addWidget(row)
            row.show()  # at once: it is to get the keyboard
        self.own.setText(guiding.own_words(question))
        self.own.setPlaceholderText(placeholder_of(guiding.language))
        self.own.setAccessibleName(self.tr("Answer in your own words"))
        self.show_explained(not self._is_low)
        if any(each.hasFocus() for each in (*before, self.own, self)):
            self.focus_first()  # before what has the keyboard goes, and passes it on to anything
        for row in before:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()

    def show_explained(self, shall: bool) -> None:
        """Show the second line of each answer, or leave it out for want of height."""
        self._is_low = not shall
        for row in self._rows:
            row.show_explained(shall, is_compact=not shall)

    @property
    def has_choices(self) -> bool:
        return bool(self._rows)

    @property
    def is_explained(self) -> bool:
        """The second lines of the answers are seen."""
        return not self.isHidden() and not self._is_low

    def focus_first(self) -> None:
        """Focus the answer that was given, or else none: what nobody chose is not sent."""
        at = next((at for at, row in enumerate(self._rows) if row.isChecked()), -1)
        if self.own.text() or not self._rows:
            self.own.setFocus(Qt.FocusReason.OtherFocusReason)
        elif at < 0:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._rows:
            if self._rows[at].hasFocus():
                self._look_at(self._answers[at])  # as it would be told if the keyboard came only now
            self._rows[at].setFocus(Qt.FocusReason.OtherFocusReason)

    def give_own(self) -> None:
        """Answer with the user's own words; without any the question is passed over."""
        self.answered.emit(self.own.text().strip())

    def give_looked_at(self) -> None:
        """Answer with what had the keyboard last."""
        self.answered.emit(self._looked_at)

    def pass_over(self) -> None:
        """Leave the question open."""
        self.answered.emit("")

    def _give(self, answer: GuideAnswer, _: bool = False) -> None:
        self.answered.emit(answer)

    def _look_at(self, answer: GuideAnswer | str) -> None:
        self._looked_at = answer
        self.looked_at.emit(answer)

    def take_key(self, event: QKeyEvent) -> bool:
        """Answer by a number or Enter, walk by the arrows, and write or paste. Return False for any other key."""
        key = event.key()
        stops = [*self._rows, self.own]
        at = next((at for at, stop in enumerate(stops) if stop.hasFocus()), -1)
        if 0 <= key - Qt.Key.Key_1 < len(self._answers):
            self.answered.emit(self._answers[key - Qt.Key.Key_1])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (0 <= at < len(self._answers) or self.hasFocus()):
            if not event.isAutoRepeat():
                self.answered.emit(self._answers[at] if at >= 0 else "")
        elif event.matches(QKeySequence.StandardKey.Paste) and at < len(self._answers):
            self.own.setFocus(Qt.FocusReason.OtherFocusReason)
            self.own.paste()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = -1 if key == Qt.Key.Key_Up else 1
            stops[max(0, min(len(stops) - 1, at + step))].setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.text().isprintable() and event.text().strip() and at < len(self._answers):
            self.own.setFocus(Qt.FocusReason.OtherFocusReason)
            self.own.insert(event.text())
            self._look_at(self.own.text())
            self.own_written.emit(self.own.text())
        else:
            return False
        return True

    # Qt's own methods

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._look_at("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusIn:
            is_own = watched is self.own
            at = next((at for at, row in enumerate(self._rows) if row is watched), -1)
            if is_own or at >= 0:
                self._look_at(self.own.text() if is_own else self._answers[at])
        if watched is self.own and isinstance(event, QKeyEvent) and _is_enter(event):
            # A line's own signal lets the key go on, to the first answer of the question that comes next.
            self.give_own()
            return True
        return super().eventFilter(watched, event)


def _is_enter(event: QKeyEvent) -> bool:
    return event.type() is QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class GuidedMaterial(QWidget):
    """The box for what a task is done with, or a file in its place."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = PromptText(theme, "material")
        self.text.keep_long_texts()
        self.text.box.takes_files = True
        self.text.box.set_least_lines(_BOX_LINES)
        self.files_given: SignalInstance = self.text.box.files_pasted
        self._file = LabelledButton(theme, "attach", self.tr("Give it a file"))
        self.file_wanted: SignalInstance = self._file.clicked
        self._takes_files = True
        self._file_row = QWidget()
        row = QHBoxLayout(self._file_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self._file)
        row.addWidget(PlainLabel(self.tr("or drop one anywhere in the window"), "small", wraps=True), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.text)
        column.addWidget(self._file_row)
        self.given: SignalInstance = self.text.changed

    def take_files(self, shall: bool) -> None:
        """Set if a file can stand in the place of the text."""
        self._takes_files = shall  # the box still hears of one, to say why it is not taken
        self._file_row.setVisible(shall)

    def ask(self, material: GuideMaterial, text: str) -> None:
        """Ask for the material, of which `text` is there."""
        hint = said(material.hint) if self._takes_files else self.tr("Paste its text here.")
        self.text.describe(said(material.question), said(material.why), hint)
        if self.text.text() != text:
            self.text.set_text(text)
