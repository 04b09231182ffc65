"""Quiet lines, each of which says one thing and offers what can be done about it, and the card of a failure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QWidget

from desktop.ui.errors import ErrorAction, ErrorText, action_words
from desktop.ui.look.stylesheet import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import PlainLabel, speak
from desktop.ui.widgets.layout import FlowLayout, empty, stack

_UNDO_MS = 10_000
_MARGINS = {
    "": (GAP_TIGHT, 0, 0, 0),
    "notice": (GAP_WIDE, GAP, GAP_TIGHT, GAP),
    "warning": (GAP_WIDE, GAP, GAP, GAP),
}


class QuietLine(QFrame):
    """A line of words and buttons, hidden until it is shown. Without a look it has no frame.

    With a `timeout` in milliseconds it hides by itself that long after `announce`, unless the keyboard is in it.
    """

    closed = Signal()  # by the user

    def __init__(
        self,
        theme: Theme,
        words: PlainLabel | None = None,
        look: str = "notice",
        *,
        closable: bool = False,
        timeout: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """`words`: their label, if it is another one than for a few small words."""
        super().__init__(parent)
        if look:
            set_look(self, look)
        self._words = words = words or PlainLabel("", "small", wraps=True)
        self._offers: list[QPushButton] = []
        self._row = stack((words, 1), margins=_MARGINS[look], across=True, on=self)
        if closable:
            close = IconButton(theme, "close", self.tr("Close this notice"), self, token="muted", do=self.hide)
            close.clicked.connect(self.closed)
            self._row.addWidget(close)
        self._countdown = QTimer(self, singleShot=True, interval=timeout)
        self._countdown.timeout.connect(self.hide)
        self.say(words.text())
        self.hide()

    def say(self, words: str) -> None:
        """Show these words, which a screen reader reads as the name of the line, too."""
        self._words.setText(words)
        self.setAccessibleName(words)

    def announce(self, words: str) -> None:
        """Show the line with these words, have a screen reader say them, and start the time."""
        self.say(words)
        self.show()
        self._count()
        speak(self, words)

    def offer(self, words: str, look: str = "link", do: Callable[[], object] | None = None) -> QPushButton:
        """Add a button after the words and the buttons before it."""
        made = button(words, look, do)
        made.installEventFilter(self)
        self._row.insertWidget(1 + len(self._offers), made)
        self._offers.append(made)
        return made

    def withdraw_offers(self) -> None:
        """Remove the buttons."""
        for each in self._offers:
            each.deleteLater()
        self._offers.clear()

    def _count(self) -> None:
        if self._countdown.interval():
            self._countdown.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusIn:
            self._countdown.stop()
        elif event.type() is QEvent.Type.FocusOut and self.isVisible():
            self._count()
        return super().eventFilter(watched, event)


class NoticeBar(QuietLine):
    """A bar above the composer for what concerns no single reply: the disk, the keyring, a settings file.

    It shows one notice at a time. The newest wins, unless it offers nothing and its sentence stands there already.
    """

    action_chosen = Signal(object)  # an ErrorAction

    def __init__(self, theme: Theme) -> None:
        words = PlainLabel(wraps=True)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        super().__init__(theme, words, "warning", closable=True)

    def show_error(self, error: ErrorText) -> None:
        """Show a failure with its next steps."""
        if not error.actions and self._offers and not self.isHidden() and error.sentence in self.accessibleName():
            return  # of one cause, such as a disk that takes nothing, the notice that leads on stays
        steps = [(action_words(each), partial(self.action_chosen.emit, each)) for each in error.actions]
        self.show_text(f"{error.title}\n{error.sentence}", steps)

    def show_text(
        self, text: str, offers: Sequence[tuple[str, Callable[[], object]]] = (), *, calmly: bool = False
    ) -> None:
        """Show a sentence, and what can be done about it: the words of each button, and what it does.

        `calmly`: without the colour of a warning, since all is well.
        """
        self.say(text)
        set_look(self, "notice" if calmly else "warning")
        self.withdraw_offers()
        for words, act in offers:
            self.offer(words, "", act).show()
        self.show()

    def hide_text(self, text: str) -> None:
        """Hide this sentence, which is not true any more; another notice stays."""
        if self.accessibleName() == text:
            self.hide()


class UndoBar(QuietLine):
    """A bar that names what was deleted and offers to restore it, for ten seconds.

    One that `stays` is there until it is hidden, for what could not be restored otherwise.
    """

    def __init__(self, theme: Theme, *, stays: bool = False) -> None:
        super().__init__(theme, PlainLabel(wraps=True), timeout=0 if stays else _UNDO_MS)
        self._undo = self.offer(self.tr("Undo"), do=self._countdown.stop)
        self._undo.clicked.connect(self.hide)
        self.undone: SignalInstance = self._undo.clicked

    def focus_button(self) -> None:
        """Focus the button."""
        self._undo.setFocus()


class ErrorCard(QFrame):
    """A card for an `ErrorText`; emits the step that was chosen."""

    action_chosen = Signal(object)  # an ErrorAction

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "card")
        self._title = _label("strong")
        self._sentence = _label("")
        self._detail = _label("small")
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = FlowLayout()
        stack(
            self._title,
            self._sentence,
            self._detail,
            GAP_TIGHT,
            self._buttons,
            gap=GAP_TIGHT,
            margins=(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE),
            on=self,
        )

    def show_error(self, error: ErrorText, offered: frozenset[ErrorAction] | None = None) -> None:
        """Show a failure; of its steps only those in `offered` get a button (None: all)."""
        self._title.setText(error.title)
        self._sentence.setText(error.sentence)
        self._detail.tell(error.detail)
        self.setAccessibleName(error.title)
        self.setAccessibleDescription(error.sentence)
        empty(self._buttons)
        for action in error.actions:
            if offered is None or action in offered:
                step = button(action_words(action), do=partial(self.action_chosen.emit, action))
                self._buttons.addWidget(step)
                step.show()  # Qt would do it later, and until then the card would be reckoned without it


def _label(look: str) -> PlainLabel:
    label = PlainLabel("", look, wraps=True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label
