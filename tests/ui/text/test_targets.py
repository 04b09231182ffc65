"""Links and the Copy of code are reached and pressed by keyboard, in one text and through a conversation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.ui.look.page_look import PageLook
from desktop.ui.text.surface import TextSurface

TEXT = "A [first](https://first.example/) link.\n\n```\nprint(1)\n```\n\nA [last](https://last.example/) one.\n"


Make = Callable[[str], "Window"]


class Window(QWidget):
    """A text between two buttons."""

    def __init__(self, surface):
        super().__init__()
        self.surface = surface
        self.above, self.below = QPushButton("above"), QPushButton("below")
        column = QVBoxLayout(self)
        for each in (self.above, surface, self.below):
            column.addWidget(each)

    def press(self, key):
        QTest.keyClick(self.focusWidget() or self, key)


@pytest.fixture
def make(qtbot, theme):
    kept = []

    def make_window(text):
        window = Window(surface_of(theme, text))
        kept.append(window)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        window.surface.offer_focus()
        window.above.setFocus()
        return window

    return make_window


def surface_of(theme, text):
    surface = TextSurface(MarkdownDocument(), PageLook(theme).answer, theme.color("paper"))
    surface.append(text)
    surface.finish()
    surface.setFixedHeight(surface.height_for(400))
    return surface


def test_tab_goes_from_link_to_code_to_link_and_on(make, qtbot):
    window = make(TEXT)
    surface = window.surface
    bare = surface.grab().toImage()
    window.press(Qt.Key.Key_Tab)
    assert surface.target_address == "https://first.example/"
    assert surface.grab().toImage() != bare
    with qtbot.waitSignal(surface.link_activated) as activated:
        window.press(Qt.Key.Key_Return)
    assert activated.args == ["https://first.example/"]
    window.press(Qt.Key.Key_Tab)
    assert surface.target_address == ""
    window.press(Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == "print(1)"
    window.press(Qt.Key.Key_Tab)
    assert surface.target_address == "https://last.example/"
    window.press(Qt.Key.Key_Tab)
    assert window.focusWidget() is window.below


def test_the_way_back_begins_at_the_last_link(make):
    window = make(TEXT)
    surface = window.surface
    window.below.setFocus()
    window.press(Qt.Key.Key_Backtab)
    assert surface.target_address == "https://last.example/"
    window.press(Qt.Key.Key_Backtab)
    window.press(Qt.Key.Key_Backtab)
    assert surface.target_address == "https://first.example/"
    window.press(Qt.Key.Key_Backtab)
    assert window.focusWidget() is window.above


def test_a_text_without_anything_to_press_is_passed_by(make):
    window = make("Only words, and $x$.")
    window.press(Qt.Key.Key_Tab)
    assert window.focusWidget() is window.below
