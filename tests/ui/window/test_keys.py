"""The keyboard: where Tab goes, which keys do what, and when the window asks for attention."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations, groupby
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelChoice
from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.recipe import recipe_of
from desktop.store.settings import Settings
from desktop.ui.widgets.find_bar import FindBar
from desktop.ui.window.settings_dialog import SettingsDialog
from tests.prompts.test_recipes import folder_at
from tests.support.in_process import OpenProgram

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
_MOST = 200


def _converse(opened):
    opened.ask("one")
    opened.ask("two")


# How each page is come to from the one before, which Escape has left; the builder beside the page stays.
PAGES: dict[str, Callable[[OpenProgram], object]] = {
    "start page": lambda opened: None,
    "conversation": _converse,
    "finding": lambda opened: opened.press("Ctrl+F"),
    "search": lambda opened: opened.press("Ctrl+K"),
    "recipes": lambda opened: opened.press("Ctrl+Shift+R"),
    "models": lambda opened: opened.click("Which model", opened.window.sidebar),
    "ledger": lambda opened: opened.click("Where did my words go"),
    "connections": lambda opened: opened.press("Ctrl+Shift+O"),
    "bin": lambda opened: opened.window.sidebar.bin_requested.emit(),
    "help": lambda opened: opened.press("F1"),
    "settings": lambda opened: opened.press("Ctrl+,"),
    "prompt builder": lambda opened: opened.press("Ctrl+B"),
}
PAGES_WITH_RECIPES = ("start page", "recipes")


def _walk(start, key):
    """Every widget that has the keyboard from `start` on until it is there again."""
    start.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget] = []
    for _ in range(_MOST):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused is start and seen and seen[-1] is not start:
            break
        seen.append(focused)
        QTest.keyClick(focused, key)
    return [widget for widget, _ in groupby(seen)]


def _place(widget):
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def _is_read_before(one, other):
    """Whether `one` stands wholly above `other`, or in a line with it at its left."""
    if one.isAncestorOf(other) or other.isAncestorOf(one):
        return False
    a, b = _place(one), _place(other)
    is_in_column = a.left() <= b.right() and b.left() <= a.right()
    is_in_line = a.top() <= b.bottom() and b.top() <= a.bottom()
    return (is_in_column and a.bottom() < b.top()) or (is_in_line and a.right() < b.left())


def _names(widgets):
    return [each.accessibleName() or getattr(each, "text", str)() for each in widgets]


def _amiss(walked):
    """The pairs that came in another order than one reads them; what belongs to a message follows its box."""
    pairs = [pair for pair in combinations(walked, 2) if _is_read_before(*pair[::-1])]
    return [names for pair in pairs if (names := _names([*pair])) != ["Message", "Attach files"]]


@pytest.mark.parametrize("has_recipes", [False, True])
def test_tab_walks_every_page_both_ways(open_it, candor_home, has_recipes):
    if has_recipes:
        folder = folder_at(candor_home / "recipes")
        for name in ("Reply to a complaint", "Minutes of a meeting"):
            folder.add_recipe(recipe_of(name, PromptDraft(framework="main", texts={"task": "Do it."})))
    with open_it() as opened:
        opened.wait_for_model()
        opened.window.resize(1000, 1400)  # nothing scrolls while one walks
        for page in PAGES_WITH_RECIPES if has_recipes else PAGES:
            PAGES[page](opened)
            window = QApplication.activeModalWidget() or opened.window
            opened.wait_until(window.isActiveWindow)
            assert isinstance(window, SettingsDialog) is (page == "settings")
            _assert_tab_walks(window, page)
            QTest.keyClick(window, Qt.Key.Key_Escape)
            opened.wait_until(lambda: opened.window.isActiveWindow() and opened.window.is_chat_in_front)


def _assert_tab_walks(window, page):
    wanted = [
        each
        for each in window.findChildren(QWidget)
        if isinstance(each, CONTROLS)
        and each.isVisible()
        and each.isEnabled()
        and each.window() is window
        and not each.visibleRegion().isEmpty()
        and not isinstance(each.parent(), QLineEdit | QComboBox)
    ]
    start = wanted[0]
    forward, backward = _walk(start, Qt.Key.Key_Tab), _walk(start, Qt.Key.Key_Backtab)
    assert _names([each for each in wanted if each not in forward]) == [], page
    assert _names(forward) == _names([start, *backward[:0:-1]]), page
    assert min((_amiss([*forward[at:], *forward[:at]]) for at in range(len(forward))), key=len) == [], page


PAGE = Path(__file__).parents[3] / "docs" / "keys.md"
# Shift and one of these is the other on an American keyboard, on a German one, and on a French one.
_SHIFTED = (
    ("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?'),
    ("1234567890ß+#,.-<", "!\"§$%&/()=?*';:_>"),
    ("&é\"'(-è_çà)=,;:!<", "1234567890°+?./§>"),
)


@pytest.fixture
def listening(open_it):
    with open_it() as program:
        yield program


def keys_of(listening):
    """Return name and keys of all that the window listens for, whatever has the keyboard in it, with words to find."""
    listening.ask("Two and two?")
    listening.press("Ctrl+F")
    listening.wait_until(lambda: listening.window.findChild(FindBar))
    window = Qt.ShortcutContext.WindowShortcut
    found = [
        (action.text(), keys.toString())
        for action in listening.window.findChildren(QAction)
        for keys in action.shortcuts()
        if action.shortcutContext() is window
    ]
    return found + [
        (type(shortcut.parent()).__name__, keys.toString())
        for shortcut in listening.window.findChildren(QShortcut)
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


def test_no_two_shortcuts_are_one_and_the_page_of_keys_names_all(listening):
    found = keys_of(listening)
    assert len(found) > 15
    assert ("FindBar", "F3") in found
    clashes = [(one, other) for one, other in combinations(found, 2) if typed_alike(one[1]) & typed_alike(other[1])]
    assert clashes == []
    table = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = {QKeySequence(keys).toString() for line in table for keys in re.findall("`([^`]+)`", line)}
    spoken = {keys for _, keys in found} - {"Ctrl+="}  # on the key of the plus
    assert len(table) > 15
    assert spoken - named == set()


def test_f6_goes_from_part_to_part_of_the_window(listening):
    window, page = listening.window, listening.window.chat_page
    window.resize(1400, 800)
    listening.ask("Two and two?")
    listening.press("Ctrl+B")
    listening.activate()
    parts = {
        "conversations": window.sidebar,
        "header": page.header,
        "messages": page.transcript,
        "message box": page.composer,
        "builder": window.prompt_place.pane,
    }

    def walked(keys):
        seen = []
        for _ in parts:
            QTest.keySequence(QApplication.focusWidget(), QKeySequence(keys))
            at = QApplication.focusWidget()
            seen.append(next(name for name, part in parts.items() if part is at or part.isAncestorOf(at)))
        return seen

    listening.box.setFocus()
    assert walked("F6") == ["builder", "conversations", "header", "messages", "message box"]
    assert walked("Shift+F6") == ["messages", "header", "conversations", "builder", "message box"]
    listening.press("Ctrl+?")
    assert not listening.window.is_chat_in_front
    assert listening.says("Part of the window before")


def _in_settings(listening):
    QTest.mouseClick(button(listening, "Settings (Ctrl+,)"), Qt.MouseButton.LeftButton)
    listening.wait_until(lambda: isinstance(QApplication.activeModalWidget(), SettingsDialog))
    QTest.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape)


def _in_a_menu(name):
    def look(listening):
        asked = button(listening, name)
        QTimer.singleShot(0, lambda: QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Escape))
        QTest.mouseClick(asked, Qt.MouseButton.LeftButton)
        listening.wait_until(lambda: QApplication.activePopupWidget() is None)

    return look


def _on_a_page(name):
    def look(listening):
        QTest.mouseClick(button(listening, name), Qt.MouseButton.LeftButton)
        listening.wait_until(lambda: not listening.window.is_chat_in_front)
        QTest.keyClick(listening.window, Qt.Key.Key_Escape)

    return look


LOOKS: dict[str, Callable[[OpenProgram], None]] = {
    "settings": _in_settings,
    "models": _in_a_menu("Model: scripted:latest"),
    "help": _on_a_page("Help (F1)"),
    "ledger": _on_a_page("Where did my words go"),
    "sidebar": lambda listening: button(listening, "Connections").setFocus(),
}


def button(listening, name):
    buttons = listening.window.findChildren(QAbstractButton)
    return next(each for each in buttons if each.isVisible() and name in (each.accessibleName(), each.text().strip()))


def test_letters_reach_the_message_after_something_else_was_looked_at(listening):
    listening.wait_for_model()
    for name, look in LOOKS.items():
        listening.activate()
        look(listening)
        listening.activate()
        listening.box.clear()
        for letter in "Dear all":
            QTest.keyClicks(QApplication.focusWidget() or listening.window, letter)
        assert listening.box.toPlainText() == "Dear all", name


ELSEWHERE = Connection(
    kind=ConnectionKind.OPENAI_COMPAT, name="Elsewhere", address="https://candor-test.invalid/v1", id="elsewhere"
)


def settings_in_front():
    dialog = QApplication.activeModalWidget()
    return dialog if isinstance(dialog, SettingsDialog) else None


def test_the_lock_that_refuses_is_named_and_found(open_it, candor_home):
    choice = ModelChoice(ELSEWHERE.id, "big")
    Settings(connections=(ELSEWHERE,), default_choice=choice, offline_lock=True).save(candor_home / "settings.json")
    with open_it() as opened:
        opened.wait_until(lambda: opened.says("Candor's offline lock is on"))
        assert opened.says("nothing was sent to candor-test.invalid")
        opened.click("Open settings", opened.window.empty)
        opened.wait_until(settings_in_front)
        dialog = settings_in_front()
        assert dialog is not None
        assert dialog.focusWidget() is dialog.offline
        QTest.keyClick(dialog.offline, Qt.Key.Key_Space)
        assert not opened.program.services.settings.now.offline_lock
        opened.wait_until(lambda: not opened.says("Candor's offline lock is on"))
        dialog.reject()
        opened.wait_until(lambda: opened.window.focusWidget() is opened.box)
