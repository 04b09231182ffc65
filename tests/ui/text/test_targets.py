"""Links and the Copy of code by keyboard, and the hint at the lower edge, where the host is always there in full."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.ui.look.page_look import PageLook
from desktop.ui.text.link_hint import LinkHint
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


MakeHint = Callable[..., LinkHint]


@pytest.fixture
def make_hint(qtbot, theme):
    parent = QWidget()

    def build(width=700, height=300):
        qtbot.addWidget(parent)
        parent.resize(width, height)
        hint = LinkHint(theme, parent)
        with qtbot.waitExposed(parent):
            parent.show()
        return hint

    return build


@pytest.mark.parametrize(
    ("href", "shown"),
    [
        ("https://example.com/a?b#c", "https://example.com/a?b#c"),
        ("https://аpple.com/", "https://xn--pple-43d.com/"),
        ("mailto:a@example.com?subject=Hello", "mailto:a@example.com?subject=Hello"),
    ],
)
def test_an_address_is_shown(make_hint, href, shown):
    hint = make_hint()
    hint.show_address(href)
    assert hint.isVisible()
    assert hint.text == shown


def test_it_lies_in_the_lower_left_corner_and_lets_the_pointer_through(make_hint):
    hint = make_hint()
    QCursor.setPos(hint.parentWidget().mapToGlobal(hint.parentWidget().rect().topRight()))
    hint.show_address("https://example.com/")
    assert hint.geometry().left() == 0
    assert hint.geometry().bottom() == hint.parentWidget().rect().bottom()
    assert hint.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    QCursor.setPos(hint.parentWidget().mapToGlobal(hint.parentWidget().rect().bottomLeft()))  # it makes way
    hint.show_address("https://example.com/")
    assert hint.geometry().right() == hint.parentWidget().rect().right()


def test_a_long_path_is_cut_in_its_middle(make_hint):
    hint = make_hint()
    hint.show_address(f"https://example.com/{'a' * 900}/end.html")
    assert hint.text.startswith("https://example.com/a")
    assert "…" in hint.text
    assert hint.text.endswith("/end.html")
    assert hint.width() <= 0.75 * 700 + 2


def test_a_long_host_is_shown_whole(make_hint):
    hint = make_hint(width=400)
    host = ".".join(["login-to-your-bank-account-securely"] * 6) + ".evil.example"
    hint.show_address(f"https://{host}/{'a' * 200}")
    assert host in hint.text
    assert hint.width() <= 302
    assert hint.height() > 40
    assert hint._layout.lineCount() > 1


@pytest.mark.parametrize("href", ["", "javascript:alert(1)", "https://good.example@evil.example/"])
def test_what_cannot_open_is_not_shown(make_hint, href):
    hint = make_hint()
    hint.show_address("https://example.com/")
    hint.show_address(href)
    assert not hint.isVisible()
    assert hint.text == ""
