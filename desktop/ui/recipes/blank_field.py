"""The part of a form for one blank: its label, a control of its kind, and what is wrong with its content."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.core.recipes.recipe import Blank, BlankKind, BlankProblem
from desktop.ui.inputs.long_text import PromptText
from desktop.ui.inputs.plain_paste import PasteKind
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.recipes.file_input import FileInput
from desktop.ui.recipes.words import blank_problem
from desktop.ui.widgets.form_parts import ChoiceBox, DateField
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, number

_LONGEST_LINE: Final = 2_000  # characters; what is longer is no line
_LONG_TEXT_LINES: Final = 5


class LineInput(QLineEdit):
    """A line of text, or a number."""

    def __init__(self, theme: Theme, blank: Blank) -> None:
        super().__init__()
        self.setMaxLength(_LONGEST_LINE)
        if blank.kind is BlankKind.NUMBER:
            self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.changed: SignalInstance = self.textChanged
        self.entered: SignalInstance = self.returnPressed

    def value(self) -> str:
        return self.text()

    def begin_with(self, text: str) -> None:
        self.setText(text)


class DateInput(DateField):
    """A field for a day."""

    def __init__(self, theme: Theme, blank: Blank) -> None:
        super().__init__(theme, blank.title)


class ChoiceInput(ChoiceBox):
    """A box with the choices; none is chosen if the blank may stay empty, or has no default."""

    changed = Signal()
    entered = Signal()  # never: Enter opens the choices

    def __init__(self, theme: Theme, blank: Blank) -> None:
        super().__init__(theme)
        self.addItem(self.tr("Please choose") if blank.required else self.tr("Nothing"), "")
        for each in blank.choices:
            self.add_choice(" ".join(each.split()), each)
        self.currentIndexChanged.connect(lambda _: self.changed.emit())

    def value(self) -> str:
        return str(self.currentData())

    def begin_with(self, text: str) -> None:
        self.setCurrentIndex(max(0, self.findData(text)))


class LongTextInput(PromptText):
    """A field for a text of any length; a very long one is shown as a chip."""

    entered = Signal()  # never: Enter makes a line

    def __init__(self, theme: Theme, blank: Blank) -> None:
        super().__init__(theme)
        self.box.set_least_lines(_LONG_TEXT_LINES)
        self.keep_long_texts()
        self.long_text_pasted.connect(self._add)

    def value(self) -> str:
        return self.text()

    def begin_with(self, text: str) -> None:
        self.set_text(text)

    def _add(self, pasted: str) -> None:
        self.set_text(f"{self.text()}\n\n{pasted}")
        self.changed.emit(self.text())


Input = LineInput | DateInput | ChoiceInput | LongTextInput | FileInput
_INPUTS: Final[dict[BlankKind, Callable[[Theme, Blank], Input]]] = {
    BlankKind.TEXT: LineInput,
    BlankKind.NUMBER: LineInput,
    BlankKind.DATE: DateInput,
    BlankKind.CHOICE: ChoiceInput,
    BlankKind.LONG_TEXT: LongTextInput,
    BlankKind.FILE: FileInput,
}


def make_input(theme: Theme, blank: Blank, name: str) -> Input:
    """Return a control of the blank's kind; `name` is its accessible name."""
    made = _INPUTS[blank.kind](theme, blank)
    spoken_part(made).setAccessibleName(name)
    return made


def spoken_part(made: Input) -> QWidget:
    """Return the widget of a control that takes the focus, and that a screen reader reads."""
    match made:
        case PromptText():
            return made.box
        case DateField():
            return made.line
        case FileInput():
            return made.button
        case _:
            return made


class BlankField(QWidget):
    """A field that begins with the blank's default."""

    changed = Signal()

    def __init__(self, theme: Theme, blank: Blank, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.blank = blank
        name = fill(self.tr("%1, required"), blank.title) if blank.required else blank.title
        self.input = make_input(theme, blank, name)
        self.input.begin_with(blank.default)
        self.begun_with = self.input.value()
        self._problem = PlainLabel("", "danger", wraps=True)
        self._problem.hide()
        self._lay_out()
        self.input.changed.connect(self._on_changed)
        self.entered: SignalInstance = self.input.entered  # the user is done with a line
        if isinstance(self.input, QLineEdit):
            # Later: Qt says it before it says that the text has changed, which takes the words away.
            self.input.inputRejected.connect(self._say_too_long, Qt.ConnectionType.QueuedConnection)
        if isinstance(self.input, PromptText):
            self.input.paste_refused.connect(self._say_refused)

    def value(self) -> str:
        return self.input.value()

    def focus_input(self) -> None:
        """Focus it."""
        spoken_part(self.input).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, problem: BlankProblem | None) -> None:
        """Show what is wrong with its content; None: nothing."""
        self._say(blank_problem(self.blank, problem) if problem else "")

    @property
    def problem(self) -> str:
        """The words of what is wrong; empty if nothing is."""
        return self._problem.text()

    def _lay_out(self) -> None:
        label = PlainLabel(self.blank.title, "strong", wraps=True)
        label.setBuddy(self.input)
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(label, 1)
        if self.blank.required:
            head.addWidget(PlainLabel(self.tr("required"), "tiny"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_TIGHT)
        column.addLayout(head)
        column.addWidget(self.input)
        column.addWidget(self._problem)

    def _say(self, words: str) -> None:
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        spoken_part(self.input).setAccessibleDescription(words)

    def _on_changed(self) -> None:
        if self.problem:
            self._say("")
        self.changed.emit()

    def _say_too_long(self) -> None:
        self._say(fill(self.tr("Only the first %1 characters fit into one line."), number(_LONGEST_LINE)))

    def _say_refused(self, _: PasteKind) -> None:
        self._say(self.tr("Only text can be pasted here. Open the file and copy its text."))
