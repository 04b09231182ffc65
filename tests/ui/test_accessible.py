"""Every control of the window's parts can be reached by keyboard, has a name, and shows where the keyboard is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from desktop.ui.look.theme import Theme
from tests.support.in_process import fresh_look
from tests.ui.gallery import SCENES, conversations
from tests.ui.languages import LANGUAGES, speaking

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
_ALIKE = ("lesson_", "failed_test_")  # of which one each is enough
ALL = [name for name in SCENES if not name.startswith(_ALIKE) or name in ("lesson_quotes", "failed_test_proxy")]
# One page of each feature.
FIRST = list({name.partition("_")[0]: name for name in reversed(ALL)}.values())
PAGES = [name for name in ALL if "menu" not in name]
# Over the page, which Tab does not go to then: see `tests/ui/test_fresh_start.py`.
SHEETS = (
    "fresh_ask_again",
    "fresh_carry_over",
    "files_choosing",
    "guided_named",  # where Tab is for the task that is named, as long as it is
)

ENGLISH, *OTHERS = LANGUAGES
_SMALLEST = 0.75


def of(names, *languages):
    """Give a test each of these pages; the tests of one page follow each other, and it is made once for all of them."""
    each = [(name, language) for name in names for language in languages]
    return pytest.mark.parametrize("shown", each, indirect=True, ids=["-".join(one) for one in each])


@pytest.fixture(scope="module")
def shown(request, qapp):
    """A page that is shown, in one of the languages: in English as it is opened first, else dark and small."""
    name, language = request.param
    theme = Theme("light", 1.0) if language == ENGLISH else Theme("dark", _SMALLEST)
    with fresh_look(qapp), speaking(qapp, language):
        theme.apply_to(qapp, has_sheet=False)
        made = SCENES[name](theme, 1000)
        theme.put_on_sheet()
        made.setObjectName(name)
        made.resize(1000, 700)
        made.show()
        yield made, theme
        _end(made)
    theme.set_mode("light")
    theme.deleteLater()


@pytest.fixture(scope="module")
def page(shown):
    return shown[0]


@pytest.fixture(scope="module")
def theme(shown):
    """The theme of the page."""
    return shown[1]


def _end(page):
    if not isValid(page):
        return
    page.close()
    page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _assert_named(page):
    for control in page.findChildren(QWidget):
        if not isinstance(control, CONTROLS) or not control.isVisible():
            continue
        spoken = QAccessible.queryAccessibleInterface(control)
        assert spoken.text(QAccessible.Text.Name).strip(), f"{control} has no name"


@of(ALL, ENGLISH)
def test_no_description_has_the_tags_of_a_tooltip(page):
    spoken = map(QAccessible.queryAccessibleInterface, page.findChildren(QWidget))
    assert [text for each in spoken if "<span" in (text := each.text(QAccessible.Text.Description))] == []


@of(PAGES, ENGLISH)
def test_controls_have_names_and_labels_never_guess_at_html(page):
    _assert_named(page)
    # A hint that the keyboard has called up is a window of Qt's, for which foreign text is escaped.
    labels = [label for label in page.findChildren(QLabel) if label.text() and not label.isWindow()]
    assert labels
    assert [label.text() for label in labels if label.textFormat() is not Qt.TextFormat.PlainText] == []
    assert any("<img" in one.title for one in conversations())


@of(FIRST, *OTHERS)
def test_controls_have_names_in_the_other_languages(page):
    _assert_named(page)


@of([name for name in PAGES if name not in SHEETS], ENGLISH)
def test_tab_reaches_every_control(page, qtbot):
    with qtbot.waitActive(page):
        page.activateWindow()
    wanted = {
        control
        for control in page.findChildren(QWidget)
        if isinstance(control, CONTROLS)
        and control.isVisible()
        and control.isEnabled()
        and not isinstance(control.parent(), QLineEdit | QComboBox)
    }
    start = page.nextInFocusChain()
    start.setFocus()
    seen = set()
    for _ in range(3 * len(wanted) + 10):
        seen.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
        if wanted <= seen:
            break
    assert {control.accessibleName() for control in wanted - seen} == set()


@of(PAGES, ENGLISH)
def test_focus_can_be_seen(page, qtbot):
    with qtbot.waitActive(page):
        page.activateWindow()
    buttons = [each for each in page.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled()]
    for button in buttons:
        if isinstance(button.parent(), QLineEdit):
            continue  # the cross in a field: the field shows the focus, and Esc does the same
        button.clearFocus()
        before = button.grab().toImage()
        button.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(button.hasFocus)  # the window may be told a moment later that it is the active one
        assert button.grab().toImage() != before, f"{button.accessibleName()} hides its focus"


def test_colours_and_sizes_of_text_are_named_in_the_theme_alone():
    folder = Path(__file__).resolve().parents[2] / "desktop" / "ui"
    files = list(folder.rglob("*.py"))
    assert files
    for file in files:
        if file.parent.name != "look":
            assert re.findall(r'"#[0-9a-fA-F]{3,8}"', file.read_text(encoding="utf-8")) == [], file.name
