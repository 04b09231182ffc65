"""A box for a text of any length: it comes in portions, none of which is dear, and nothing of it is lost."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCursor

from desktop.ui.text.read_text import Portion, ReadText, portions

pytestmark = pytest.mark.window


def test_portions_are_small_in_letters_and_lines():
    text = "word " * 100_000 + "\n" + "line\n" * 50_000
    found = [portion.text for portion in portions(text)]
    assert max(map(len, found)) < 62_000
    assert max(len(line) for portion in found for line in portion.split("\n")) <= 2_000
    assert "".join(found).replace("\n", "") == text.replace("\n", "")
    short = "A few words.\n\n  And more."
    assert list(portions(short)) == [Portion(short)]


def test_a_long_text_comes_while_the_window_goes_on(qtbot):
    box = ReadText()
    qtbot.addWidget(box)
    text = "".join(f"line {number}\n" for number in range(20_000))
    box.show_text(text)
    assert box.toPlainText() == next(portions(text)).text
    qtbot.waitUntil(lambda: box.is_whole, timeout=30_000)
    assert box.toPlainText() == text
    box.show_text("short")
    qtbot.waitUntil(lambda: box.is_whole, timeout=30_000)
    assert box.toPlainText() == "short"


def test_what_is_copied_is_the_text_as_it_was_given(qtbot):
    box = ReadText()
    qtbot.addWidget(box)
    text = "😀 first\n" + "word " * 1_000 + "\nnext\n" + "last" * 30_000 + "\nthe end"
    box.show_text(text)
    box.selectAll()
    assert not box.is_whole
    assert box.createMimeDataFromSelection().text() == text
    qtbot.waitUntil(lambda: box.is_whole, timeout=30_000)
    box.selectAll()
    assert box.createMimeDataFromSelection().text() == text
    cursor = QTextCursor(box.document())
    cursor.setPosition(3)
    cursor.setPosition(box.document().characterCount() - 5, QTextCursor.MoveMode.KeepAnchor)
    box.setTextCursor(cursor)
    assert box.createMimeDataFromSelection().text() == text[2:-4]
    cursor.clearSelection()
    cursor.setPosition(10)
    cursor.setPosition(20, QTextCursor.MoveMode.KeepAnchor)
    box.setTextCursor(cursor)
    assert box.createMimeDataFromSelection().text() == text[9:19]
