"""One input method in a field of the window: what a user types, and what came of it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

_PAUSE_MS = 150
_WORD, _MORE = "世界", "我们"  # as both methods propose them first

TextField = QPlainTextEdit | QLineEdit


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
    escape_only_gives_up: bool

    @property
    def is_right(self):
        return all(getattr(self, name) for name in self.__slots__ if name != "field")


class Composing(QObject):
    """A watch on what an input method composes in a widget."""

    def __init__(self, widget):
        super().__init__(widget)
        self.preedit = ""
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if isinstance(event, QInputMethodEvent):
            self.preedit = event.preeditString()
        return False


def press(*keys):
    """Press keys as on a keyboard, so that they come by way of the display and the input method."""
    for key in keys:
        subprocess.run(["xdotool", "key", key], check=True)
        QTest.qWait(_PAUSE_MS)


def candidates(name):
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


def text_of(field):
    """Return what stands in a field."""
    return field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()


def try_field(name, field, window_name, sent):
    """Compose in an empty field, or where something else has the keyboard and passes words on to it.

    `sent`: how many messages there are.
    """
    composing, before = Composing(field), sent()
    press(*"nihao")
    is_composed = bool(composing.preedit) and not text_of(field)
    is_hidden = isinstance(field, QLineEdit) or not field.placeholderText()
    caret: QRect | QRectF = field.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    line = QRectF(caret).toRect().adjusted(0, 2, 0, -2).translated(field.mapToGlobal(QPoint(0, 0)))
    shown = candidates(window_name)
    press("Return")
    is_held = sent() == before and text_of(field) == "nihao" and field.isVisible()
    press(*"shijie", "space", *"women", "space")
    arrived = text_of(field) == f"nihao{_WORD}{_MORE}"
    press("ctrl+z")
    undone = text_of(field) == f"nihao{_WORD}"
    press(*"ni", "Escape")
    is_kept = field.isVisible() and field.hasFocus() and text_of(field) == f"nihao{_WORD}"
    press("ctrl+a", "Delete")
    return Tried(
        field=name,
        is_composed=is_composed,
        hint_is_hidden=is_hidden,
        candidates_are_free=bool(shown) and not any(each.intersects(line) for each in shown),
        enter_only_commits=is_held,
        words_arrive=arrived,
        undo_takes_a_word=undone,
        escape_only_gives_up=is_kept,
    )
