"""Tab through the whole window: every control in the order in which one reads, forward as backward."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations, groupby

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.recipe import recipe_of
from desktop.ui.window.settings_dialog import SettingsDialog
from tests.prompts.test_recipe_folder import folder_at
from tests.support.in_process import OpenProgram

pytestmark = pytest.mark.window

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
_MOST = 200


@pytest.fixture
def opened(open_it, candor_home, recipes):
    if recipes == "with recipes":
        folder = folder_at(candor_home / "recipes")
        for name in ("Reply to a complaint", "Minutes of a meeting"):
            folder.add_recipe(recipe_of(name, PromptDraft(framework="main", texts={"task": "Do it."})))
    with open_it() as program:
        program.wait_for_model()
        yield program


def _converse(opened):
    opened.ask("one")
    opened.ask("two")


def _write_a_prompt(opened):
    opened.press("Ctrl+B")


def _find(opened):
    _converse(opened)
    opened.press("Ctrl+F")


PAGES: dict[str, Callable[[OpenProgram], object]] = {
    "start page": lambda opened: None,
    "conversation": _converse,
    "finding": _find,
    "prompt builder": _write_a_prompt,
    "search": lambda opened: opened.press("Ctrl+K"),
    "recipes": lambda opened: opened.press("Ctrl+Shift+R"),
    "models": lambda opened: opened.click("Which model", opened.window.sidebar),
    "ledger": lambda opened: opened.click("Where did my words go"),
    "connections": lambda opened: opened.press("Ctrl+Shift+O"),
    "bin": lambda opened: opened.window.sidebar.bin_requested.emit(),
    "help": lambda opened: opened.press("F1"),
    "settings": lambda opened: opened.press("Ctrl+,"),
}

PAGES_WITH_RECIPES = ("start page", "prompt builder", "recipes")


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


@cache
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


@pytest.mark.parametrize(
    ("page", "recipes"),
    [(page, "without recipes") for page in PAGES] + [(page, "with recipes") for page in PAGES_WITH_RECIPES],
)
def test_tab_walks_every_page_both_ways(opened, page):
    opened.window.resize(1000, 1400)  # nothing scrolls while one walks
    PAGES[page](opened)
    window = QApplication.activeModalWidget() or opened.window
    opened.wait_until(window.isActiveWindow)
    assert isinstance(window, SettingsDialog) is (page == "settings")
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
    assert _names([each for each in wanted if each not in forward]) == []
    assert _names(forward) == _names([start, *backward[:0:-1]])
    assert min((_amiss([*forward[at:], *forward[:at]]) for at in range(len(forward))), key=len) == []
