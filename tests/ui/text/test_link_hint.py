"""The hint at the lower edge: the host is always there in full, whatever the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from desktop.ui.text.link_hint import LinkHint

Make = Callable[..., LinkHint]


@pytest.fixture
def make(qtbot, theme):
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
def test_an_address_is_shown(make, href, shown):
    hint = make()
    hint.show_address(href)
    assert hint.isVisible()
    assert hint.text == shown


def test_it_lies_in_the_lower_left_corner_and_lets_the_pointer_through(make):
    hint = make()
    QCursor.setPos(hint.parentWidget().mapToGlobal(hint.parentWidget().rect().topRight()))
    hint.show_address("https://example.com/")
    assert hint.geometry().left() == 0
    assert hint.geometry().bottom() == hint.parentWidget().rect().bottom()
    assert hint.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    QCursor.setPos(hint.parentWidget().mapToGlobal(hint.parentWidget().rect().bottomLeft()))  # it makes way
    hint.show_address("https://example.com/")
    assert hint.geometry().right() == hint.parentWidget().rect().right()


def test_a_long_path_is_cut_in_its_middle(make):
    hint = make()
    hint.show_address(f"https://example.com/{'a' * 900}/end.html")
    assert hint.text.startswith("https://example.com/a")
    assert "…" in hint.text
    assert hint.text.endswith("/end.html")
    assert hint.width() <= 0.75 * 700 + 2


def test_a_long_host_is_shown_whole(make):
    hint = make(width=400)
    host = ".".join(["login-to-your-bank-account-securely"] * 6) + ".evil.example"
    hint.show_address(f"https://{host}/{'a' * 200}")
    assert host in hint.text
    assert hint.width() <= 302
    assert hint.height() > 40
    assert hint._layout.lineCount() > 1


@pytest.mark.parametrize("href", ["", "javascript:alert(1)", "https://good.example@evil.example/"])
def test_what_cannot_open_is_not_shown(make, href):
    hint = make()
    hint.show_address("https://example.com/")
    hint.show_address(href)
    assert not hint.isVisible()
    assert hint.text == ""
