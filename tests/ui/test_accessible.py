"""Every control of the window's parts can be reached by keyboard, has a name, and shows where the keyboard is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.look.theme import Theme
from tests.ui.gallery import SCENES, conversations
from tests.ui.languages import LANGUAGES, speaking

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
PAGES = [name for name in SCENES if "menu" not in name]
# Over the page, which Tab does not go to then: see `tests/ui/fresh_start/test_sheet.py`.
SHEETS = (
    *("fresh_blank", "fresh_ask_again", "fresh_first_time"),
    *("fresh_carry_over", "fresh_claims", "fresh_rewritten"),
    "files_choosing",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_controls_have_names(theme: Theme, qapp: QApplication, qtbot: QtBot, name: str, language: str) -> None:
    with speaking(qapp, language):
        page = SCENES[name](theme, 1000)
        qtbot.addWidget(page)
        page.resize(1000, 700)
        with qtbot.waitExposed(page):
            page.show()
        for control in page.findChildren(QWidget):
            if not isinstance(control, CONTROLS) or not control.isVisible():
                continue
            spoken = QAccessible.queryAccessibleInterface(control)
            assert spoken.text(QAccessible.Text.Name).strip(), f"{control} in {name} has no name"


@pytest.mark.parametrize("name", [name for name in PAGES if name not in SHEETS])
def test_tab_reaches_every_control(theme: Theme, qtbot: QtBot, name: str) -> None:
    page = SCENES[name](theme, 1000)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    with qtbot.waitExposed(page):
        page.show()
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
    assert {control.accessibleName() for control in wanted - seen} == set()


@pytest.mark.parametrize("name", PAGES)
def test_focus_can_be_seen(theme: Theme, qtbot: QtBot, name: str) -> None:
    page = SCENES[name](theme, 1000)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    buttons = [each for each in page.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled()]
    for button in buttons:
        if isinstance(button.parent(), QLineEdit):
            continue  # the cross in a field: the field shows the focus, and Esc does the same
        button.clearFocus()
        before = button.grab().toImage()
        button.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(button.hasFocus)  # the window may be told a moment later that it is the active one
        assert button.grab().toImage() != before, f"{button.accessibleName()} in {name} hides its focus"


@pytest.mark.parametrize("name", PAGES)
def test_labels_never_guess_at_html(theme: Theme, qtbot: QtBot, name: str) -> None:
    page = SCENES[name](theme, 1000)
    qtbot.addWidget(page)
    labels = [label for label in page.findChildren(QLabel) if label.text()]
    assert labels
    assert [label.text() for label in labels if label.textFormat() is not Qt.TextFormat.PlainText] == []
    assert any("<img" in one.title for one in conversations())


@pytest.mark.parametrize("make", SCENES.values(), ids=SCENES)
def test_every_size_of_text_can_be_shown(theme: Theme, make: Callable[[Theme, int], QWidget]) -> None:
    page = make(theme, 760)
    page.resize(760, 560)
    page.show()
    for scale, mode in ((0.75, "light"), (2.0, "dark")):
        theme.set_text_scale(scale)
        QCoreApplication.processEvents()
        theme.set_mode(mode)
        QCoreApplication.processEvents()
        assert not page.grab().isNull()
    # Gone before the theme is what it was: a style sheet for all its widgets takes most of the time of this test.
    page.close()
    page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.set_text_scale(1.0)


def test_colours_and_sizes_of_text_are_named_in_the_theme_alone() -> None:
    folder = Path(__file__).resolve().parents[2] / "desktop" / "ui"
    files = list(folder.rglob("*.py"))
    assert files
    for file in files:
        if file.parent.name != "look":
            assert re.findall(r'"#[0-9a-fA-F]{3,8}"', file.read_text(encoding="utf-8")) == [], file.name
