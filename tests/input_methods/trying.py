"""One input method in every kind of field of the window: what a user types, and what came of it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from tests.support.in_process import OpenProgram

_PAUSE_MS = 250
_WORD, _MORE = "世界", "我们"  # as both methods propose them first
FIELDS = {
    "message": "Ctrl+L",
    "builder": "Ctrl+Shift+B",
    "find in this conversation": "Ctrl+F",
    "find anything": "Ctrl+K",
    "title": "F2",
    "connection": "Ctrl+Shift+O",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of composing in one field; each is what a user expects."""

    field: str
    is_composed: bool  # the letters were taken up by the method, not by the field
    hint_is_hidden: bool
    candidates_are_free: bool  # over our window, and not over the line that is written
    enter_only_commits: bool
    words_arrive: bool
    undo_takes_a_word: bool

    @property
    def is_right(self) -> bool:
        return all(getattr(self, name) for name in self.__slots__ if name != "field")


class Composing(QObject):
    """A watch on what an input method composes in a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.preedit = ""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputMethodEvent):
            self.preedit = event.preeditString()
        return False


def press(*keys: str) -> None:
    """Press keys as on a keyboard, so that they come by way of the display and the input method."""
    for key in keys:
        subprocess.run(["xdotool", "key", key], check=True)
        QTest.qWait(_PAUSE_MS)


def candidates(name: str) -> list[QRect]:
    """Return where the method's windows stand that can be seen and hold something."""
    found = []
    tree = subprocess.run(["xwininfo", "-root", "-tree"], capture_output=True, text=True, check=True).stdout
    for line in tree.splitlines():
        if f'"{name}' not in line:
            continue
        number = line.split()[0]
        about = subprocess.run(["xwininfo", "-id", number], capture_output=True, text=True, check=True).stdout
        values = dict(part.strip().split(": ", 1) for part in about.splitlines() if ": " in part)
        place = [int(values[each]) for each in ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")]
        if values["Map State"] == "IsViewable" and place[2] > 100:
            found.append(QRect(*place))
    return found


def text_of(widget: QWidget) -> str:
    """Return what stands in a field."""
    return widget.toPlainText() if isinstance(widget, QPlainTextEdit) else widget.text()  # type: ignore[attr-defined]


def try_field(name: str, window_name: str, sent: Callable[[], int]) -> Tried:
    """Compose in the field that has the keyboard; `sent`: how many messages there are."""
    field = QApplication.focusWidget()
    assert isinstance(field, QPlainTextEdit | QLineEdit), (name, field)
    composing, before = Composing(field), sent()
    press("ctrl+a", "Delete", *"nihao")
    is_composed = bool(composing.preedit) and not text_of(field)
    is_hidden = isinstance(field, QLineEdit) or not field.placeholderText()
    caret: QRect | QRectF = field.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    line = QRectF(caret).toRect().adjusted(0, 2, 0, -2).translated(field.mapToGlobal(QPoint(0, 0)))
    shown = candidates(window_name)
    press("Return")
    is_held = sent() == before and text_of(field) == "nihao"
    press(*"shijie", "space", *"women", "space")
    arrived = text_of(field) == f"nihao{_WORD}{_MORE}"
    press("ctrl+z")
    is_line = isinstance(field, QLineEdit)  # in which Qt takes back all that was written in one go
    undone = not text_of(field).endswith(_MORE[0]) if is_line else text_of(field) == f"nihao{_WORD}"
    press("ctrl+a", "Delete")
    return Tried(
        name,
        is_composed,
        is_hidden,
        bool(shown) and not any(each.intersects(line) for each in shown),
        is_held,
        arrived,
        undone,
    )


def try_all(opened: OpenProgram, window_name: str) -> list[Tried]:
    """Compose in each kind of field."""
    window, tried = opened.window, []
    for name, keys in FIELDS.items():
        window.show_chat()
        opened.box.setFocus(Qt.FocusReason.OtherFocusReason)
        QTest.keySequence(opened.box, QKeySequence(keys))
        QTest.qWait(2 * _PAUSE_MS)
        if name == "connection":
            opened.click("Add a connection")
            QTest.qWait(2 * _PAUSE_MS)
            lines = [each for each in window.findChildren(QLineEdit) if each.isVisible()]
            lines[-1].setFocus(Qt.FocusReason.OtherFocusReason)
            QTest.qWait(_PAUSE_MS)
        tried.append(try_field(name, window_name, lambda: len(opened.path)))
        press("Escape")
    return tried
