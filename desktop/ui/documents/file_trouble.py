"""A popup over the chip of a file that can't go as it is: why, the ways on, and the password where it needs one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QLineEdit, QPushButton, QWidget

from desktop.ui.errors import ErrorText
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.form_parts import line_field
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack

_WIDTH_PX = 320


class FileTrouble(QFrame):
    """A popup that goes with the next press beside it. What is typed into it is kept nowhere."""

    password_given = Signal(str)

    def __init__(
        self,
        theme: Theme,
        trouble: ErrorText,
        offers: Sequence[tuple[str, Callable[[], None]]] = (),
        *,
        asks_password: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Lay out. `offers` are ways on: the words of a button, and what it does."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_look(self, "card")
        self.setAccessibleName(trouble.title)
        self.setAccessibleDescription(trouble.sentence)
        self._password: QLineEdit | None = None
        self._first: QPushButton | None = None
        column = stack(
            PlainLabel(trouble.title, "strong"),
            PlainLabel(trouble.sentence, "small", wraps=True),
            gap=GAP_TIGHT,
            margins=GAP_WIDE,
            on=self,
        )
        if asks_password:
            column.addSpacing(GAP_TIGHT)
            column.addLayout(self._password_row())
        buttons = [self._offer(words, do) for words, do in offers]
        for button in buttons:
            column.addWidget(button)
        widest = max((button.sizeHint().width() for button in buttons), default=0)
        self.setFixedWidth(max(theme.px(_WIDTH_PX), widest + 2 * GAP_WIDE + 2))

    def open_above(self, corner: QPoint) -> None:
        """Show it so that its lower left corner is a little above a point of the screen."""
        self.adjustSize()
        self.move(corner - QPoint(0, self.height() + GAP))
        self.show()
        if self._password is not None:
            self._password.setFocus(Qt.FocusReason.PopupFocusReason)
        elif self._first is not None:
            self._first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _password_row(self) -> QBoxLayout:
        password = self._password = line_field(self.tr("Password of the file"))
        password.setEchoMode(QLineEdit.EchoMode.Password)
        password.setPlaceholderText(self.tr("Password"))
        password.returnPressed.connect(self._give)
        button = QPushButton(self.tr("Open"))
        button.setAutoDefault(False)
        button.clicked.connect(self._give)
        row = stack((password, 1), button, across=True)
        return row

    def _offer(self, words: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(self.close)
        button.clicked.connect(do)
        if self._first is None:
            self._first = button
            set_look(button, "filled", "accent")
        return button

    def _give(self) -> None:
        assert self._password is not None
        if self._password.text():
            self.password_given.emit(self._password.text())
            self.close()
