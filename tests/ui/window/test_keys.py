"""The keys of the window: each does one thing, on every keyboard, and their page names them all."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from desktop.ui.widgets.find_bar import FindBar
from desktop.ui.window.settings_dialog import SettingsDialog
from tests.support.in_process import OpenProgram

pytestmark = pytest.mark.window

PAGE = Path(__file__).parents[3] / "docs" / "keys.md"
# Shift and one of these is the other on an American keyboard, on a German one, and on a French one.
_SHIFTED = (
    ("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?'),
    ("1234567890ß+#,.-<", "!\"§$%&/()=?*';:_>"),
    ("&é\"'(-è_çà)=,;:!<", "1234567890°+?./§>"),
)


@pytest.fixture
def opened(open_it):
    with open_it() as program:
        yield program


def keys_of(opened):
    """Return name and keys of all that the window listens for, whatever has the keyboard in it, with words to find."""
    opened.ask("Two and two?")
    opened.press("Ctrl+F")
    opened.wait_until(lambda: opened.window.findChild(FindBar))
    window = Qt.ShortcutContext.WindowShortcut
    found = [
        (action.text(), keys.toString())
        for action in opened.window.findChildren(QAction)
        for keys in action.shortcuts()
        if action.shortcutContext() is window
    ]
    return found + [
        (type(shortcut.parent()).__name__, keys.toString())
        for shortcut in opened.window.findChildren(QShortcut)
        for keys in QShortcut.keys(shortcut)
        if shortcut.context() is window
    ]


def typed_alike(keys):
    """Return the ways in which a system may name the press of these keys."""
    ways = {keys}
    head, sep, last = keys.rpartition("Shift+")
    if sep and len(last) == 1:
        ways |= {head + above[plain.index(last)] for plain, above in _SHIFTED if last in plain}
    head, last = (keys[:-1], keys[-1]) if keys[-1:] and not keys[-1:].isalnum() else ("", "")
    if last:
        ways |= {f"{head}Shift+{plain[above.index(last)]}" for plain, above in _SHIFTED if last in above}
    return ways


def test_no_two_shortcuts_are_one(opened):
    found = keys_of(opened)
    assert len(found) > 15
    assert ("FindBar", "F3") in found
    clashes = [(one, other) for one, other in combinations(found, 2) if typed_alike(one[1]) & typed_alike(other[1])]
    assert clashes == []


def test_the_readme_names_every_key(opened):
    table = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = {QKeySequence(keys).toString() for line in table for keys in re.findall("`([^`]+)`", line)}
    spoken = {keys for name, keys in keys_of(opened)} - {"Ctrl+="}  # on the key of the plus
    assert len(table) > 15
    assert spoken - named == set()


def test_the_comma_opens_the_settings(opened):
    opened.press("Ctrl+,")
    opened.wait_until(lambda: isinstance(QApplication.activeModalWidget(), SettingsDialog))
    dialog = QApplication.activeModalWidget()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    opened.wait_until(lambda: QApplication.activeModalWidget() is None)


def test_connections_have_a_key_of_their_own(opened):
    opened.wait_for_model()
    opened.press("Ctrl+Shift+O")
    assert opened.page == "connections"


def _in_settings(opened):
    QTest.mouseClick(button(opened, "Settings (Ctrl+,)"), Qt.MouseButton.LeftButton)
    opened.wait_until(lambda: isinstance(QApplication.activeModalWidget(), SettingsDialog))
    QTest.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape)


def _in_a_menu(name):
    def look(opened):
        asked = button(opened, name)
        QTimer.singleShot(0, lambda: QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Escape))
        QTest.mouseClick(asked, Qt.MouseButton.LeftButton)
        opened.wait_until(lambda: QApplication.activePopupWidget() is None)

    return look


def _on_a_page(name):
    def look(opened):
        QTest.mouseClick(button(opened, name), Qt.MouseButton.LeftButton)
        opened.wait_until(lambda: not opened.window.is_chat_in_front)
        QTest.keyClick(opened.window, Qt.Key.Key_Escape)

    return look


LOOKS: dict[str, Callable[[OpenProgram], None]] = {
    "settings": _in_settings,
    "models": _in_a_menu("Model: scripted:latest"),
    "help": _on_a_page("Help (F1)"),
    "ledger": _on_a_page("Where did my words go"),
    "sidebar": lambda opened: button(opened, "Connections").setFocus(),
}


def button(opened, name):
    buttons = opened.window.findChildren(QAbstractButton)
    return next(each for each in buttons if each.isVisible() and name in (each.accessibleName(), each.text().strip()))


@pytest.mark.parametrize("look", LOOKS)
def test_letters_reach_the_message_after_something_else_was_looked_at(opened, look):
    opened.wait_for_model()
    opened.activate()
    LOOKS[look](opened)
    opened.activate()
    for letter in "Dear all":
        QTest.keyClicks(QApplication.focusWidget() or opened.window, letter)
    assert opened.box.toPlainText() == "Dear all"
