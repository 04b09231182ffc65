"""A box for a text of any length: it comes in portions, none of which is dear, and nothing of it is lost."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from desktop.ui.text.read_text import ReadText, portions

pytestmark = pytest.mark.window


def test_portions_are_small_in_letters_and_lines() -> None:
    text = "word " * 100_000 + "\n" + "line\n" * 50_000
    found = list(portions(text))
    assert max(map(len, found)) < 62_000
    assert max(len(line) for portion in found for line in portion.split("\n")) <= 2_000
    assert "".join(found).replace("\n", "") == text.replace("\n", "")
    short = "A few words.\n\n  And more."
    assert list(portions(short)) == [short]


def test_a_long_text_comes_while_the_window_goes_on(qtbot: QtBot) -> None:
    box = ReadText()
    qtbot.addWidget(box)
    text = "".join(f"line {number}\n" for number in range(20_000))
    box.show_text(text)
    assert box.toPlainText() == next(portions(text))
    qtbot.waitUntil(lambda: box.is_whole, timeout=30_000)
    assert box.toPlainText() == text
    box.show_text("short")
    qtbot.waitUntil(lambda: box.is_whole, timeout=30_000)
    assert box.toPlainText() == "short"
