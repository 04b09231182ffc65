"""Opens the prompt builder in the window, writes into its parts, and sends what they come to."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.ui.prompts.panel import PromptPanel
from desktop.ui.prompts.place import PromptPlace


def wide(opened, width=1200):
    opened.window.resize(width, 700)
    opened.wait_until(lambda: opened.window.width() == width)


def panel_of(opened):
    panel = opened.window.findChild(PromptPanel)
    assert isinstance(panel, PromptPanel)
    return panel


def place_of(opened):
    place = opened.window.findChild(PromptPlace)
    assert isinstance(place, PromptPlace)
    return place


def build(opened, **texts):
    """Open the builder and write into its parts."""
    if not place_of(opened).is_shown:
        opened.press("Ctrl+B")
    panel = panel_of(opened)
    for key, text in texts.items():
        panel.fields.focus_part(key)
        QTest.keyClicks(QApplication.focusWidget(), text)
    opened.wait_until(lambda: not panel._refresh_soon.isActive())
    return panel


def notice_of(panel):
    """The line on top."""
    return panel.notice.words.text() if panel.head.notice_key else ""


def send(opened):
    """Press Ctrl+Enter in the builder and wait for the reply."""
    opened.wait_for_model()
    ended: list[object] = []
    opened.program.chat.generation_ended.connect(ended.append)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    opened.wait_until(lambda: ended)


def press_notice(opened):
    QTest.mouseClick(panel_of(opened).notice.fix, Qt.MouseButton.LeftButton)


def begin_anew(opened):
    """Empty the builder, which still holds what was sent."""
    assert "Sent." in notice_of(panel_of(opened))
    press_notice(opened)


def place_in(widget):
    """A point of a widget, in its window."""
    return widget.mapTo(widget.window(), QPoint(5, 5))
