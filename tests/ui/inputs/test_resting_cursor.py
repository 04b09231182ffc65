"""The text cursor rests while nobody writes, and blinks again for whatever window comes next."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit

from desktop.ui.inputs.resting_cursor import RestingCursor

FLASH = 1_000


@pytest.fixture
def app(qapp):
    before = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(FLASH)
    yield qapp
    qapp.setCursorFlashTime(before)


def test_a_window_that_is_opened_while_the_cursor_rests_has_one_that_blinks(app, qtbot):
    box = QLineEdit()
    qtbot.addWidget(box)
    for _ in range(2):
        cursor = RestingCursor(app, blinks_ms=0)
        qtbot.waitUntil(lambda: app.cursorFlashTime() == 0)
        app.inputMethod().cursorRectangleChanged.emit()
        assert app.cursorFlashTime() == FLASH
        qtbot.waitUntil(lambda: app.cursorFlashTime() == 0)
        cursor.end()
        assert app.cursorFlashTime() == FLASH


def test_it_rests_once_no_key_has_come_for_a_while_and_not_where_it_never_blinks(app, qtbot):
    other = RestingCursor(app, blinks_ms=60_000)
    app.inputMethod().cursorRectangleChanged.emit()  # a key
    assert app.cursorFlashTime() == FLASH
    other.end()

    app.setCursorFlashTime(0)  # as the user has it
    still = RestingCursor(app, blinks_ms=0)
    app.inputMethod().cursorRectangleChanged.emit()
    assert app.cursorFlashTime() == 0
    still.end()
    assert app.cursorFlashTime() == 0
