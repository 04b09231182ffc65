"""Code: every line shown and copied exactly, colours where they belong, twenty thousand lines like twenty."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.rendering.code import highlight
from desktop.rendering.page.code_box import CodeBox
from desktop.rendering.text.leaves import Leaf, LeafKind
from tests.rendering.painted import WIDTH, page_of, picture, style

pytestmark = pytest.mark.usefixtures("qapp")

LINES = [f"value_{number} = 'text {number}'  # why" for number in range(20_000)]


def code(text, is_open=False, language="python"):
    return Leaf(LeafKind.CODE, text, language=language, is_open=is_open)


def box_of(text, is_open=False):
    return CodeBox(code(text, is_open), WIDTH, style())


def paint(box, top, height=700):
    """What is seen of the box with `top` at the upper edge."""
    image = QImage(int(WIDTH), height, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    box.paint(painter, QPointF(0, -top), QRectF(image.rect()), ())
    painter.end()
    return image


def paint_whole(box, top, height=700):
    """As `paint`, once all colours in sight are there."""
    while True:
        image = paint(box, top, height)
        if not box.is_unfinished:
            return image


def repaint(image, box, top):
    """Paint anew what is said to have changed, from `top` on, until all of its colours are there."""
    changed = QRectF(0, top, WIDTH, image.height() - top)
    while True:
        painter = QPainter(image)
        painter.setClipRect(changed)
        painter.fillRect(changed, QColor("white"))
        box.paint(painter, QPointF(0, 0), changed, ())
        painter.end()
        if not box.is_unfinished:
            return


def test_of_twenty_thousand_lines_those_in_sight_are_laid_out():
    box = box_of("\n".join(LINES))
    paint(box, 0)
    assert len(box._layouts) < 60
    paint_whole(box, 10_000 * box._style.mono_line)
    assert len(box._layouts) < 120


@pytest.mark.parametrize(
    "pieces",
    [
        ["a\n", "b", "b\n", "\n", "\nc"],
        ["a", "\n", "\n"],
        ["😀 = 1\n", "x"],
        ["", "\n", "a"],
        ["line\r", "more\n"],
        ["def f(a):\n", '    """Say', " it.", '"""\n', "    return", " 1\n\n", "x = 'é̂̂' # gy\n", "y"],
    ],
)
def test_growing_gives_the_same_lines(pieces):
    text = ""
    box = box_of("", is_open=True)
    shown = paint_whole(box, 0)
    for piece in pieces:
        text += piece
        repaint(shown, box, box.update(code(text, is_open=True), WIDTH))
    repaint(shown, box, box.update(code(text), WIDTH))
    whole = box_of(text)
    assert (box._lines, box._starts, box.height) == (whole._lines, whole._starts, whole.height)
    assert box.leaf.text == text
    assert shown == paint_whole(box, 0) == paint_whole(whole, 0)


def test_colours_stand_behind_emoji_too():
    box = box_of("x = '😀😀' # why")
    paint(box, 0)
    layout = box._layout(0)
    units = layout.text().encode("utf-16-le")
    pieces = [units[2 * one.start : 2 * (one.start + one.length)].decode("utf-16-le") for one in layout.formats()]
    assert "# why" in pieces
    assert "'😀😀'" in "".join(pieces)


def test_every_character_is_in_a_line_that_is_shown():
    """Some signs end a line for Qt, which would not show what follows them."""
    text = "a\u2028b\u2029c\x0bd\x0ce\x85f\tg"
    layout = box_of(text)._layout(0)
    assert layout.lineCount() == 1
    assert layout.lineAt(0).textLength() == len(text)


def test_a_place_is_found_in_its_line():
    box = box_of("one\n😀 two\nthree")
    line = box._style.mono_line
    top = 30 + 12  # below the header and the padding
    assert box.hit(-50, top + 0.5 * line).offset == 0
    assert box.hit(10_000, top + 0.5 * line).offset == 3
    assert box.hit(10_000, top + 1.5 * line).offset == len("one\n😀 two")
    assert box.hit(-50, top + 9 * line).offset == len("one\n😀 two\n")
    assert box.hit(WIDTH - 20, 10).on_copy
    assert not box.hit(20, 10).on_copy
    assert not box.hit(WIDTH - 20, 50).on_copy


def test_wide_code_moves_sideways_to_its_end_and_by_its_bar():
    box = box_of("x" * 400)
    first = paint_whole(box, 0)
    assert box.scroll_sideways(60)
    assert paint(box, 0) != first
    while box.scroll_sideways(500):
        pass
    assert box.offset == pytest.approx(box.natural - (WIDTH - 24))
    assert box.drag_grip(0)
    assert paint(box, 0) == first
    assert box.is_grip(100, box.height - 4)
    assert not box.is_grip(100, box.height - 30)
    assert box.drag_grip(WIDTH)
    assert box.offset == pytest.approx(box.natural - (WIDTH - 24))
    assert not box.drag_grip(WIDTH + 50)
    assert not box_of("x").scroll_sideways(50)
    assert picture(page_of([code("")])).height() > 0


def test_a_megabyte_on_one_line_is_cut_with_a_sign_and_copied_whole():
    text = "var a=1;" * 125_000
    box = box_of(text)
    paint_whole(box, 0)
    assert box._layout(0).text().endswith("… 996,000 more characters, which Copy includes")
    assert box.hit(1e9, 50).offset == 4_000
    assert box.leaf.text == text


def test_code_without_a_label_is_named_and_coloured_once_its_language_is_certain():
    box = CodeBox(code("# title\ndef f(x):", is_open=True, language=""), WIDTH, style())
    paint(box, 0)
    assert box._guessed == ""
    top = box.update(code("# title\ndef f(x):\n    return 1", is_open=True, language=""), WIDTH)
    assert top == 0  # the header has changed
    paint_whole(box, 0)
    assert box._guessed == "python"
    assert box._colours.of(1)
    box.update(code("# title\ndef f(x):\n    return 1\n#include <x>\n", language=""), WIDTH)
    assert box._guessed == "python"


def test_control_characters_are_shown_and_copied_as_they_are():
    text = "\x1b[31mred\x1b[0m\x07"
    box = box_of(text)
    assert box._layout(0).text() == "\ufffd[31mred\ufffd[0m\ufffd"
    assert box.leaf.text == text


def test_marks_over_marks_stay_in_their_line():
    box = box_of("plain\n" + "a" + "\u0301" * 200 + "\nplain")
    calm = box_of("plain\na\nplain")
    line, top = box._style.mono_line, 30 + 12
    tall, plain = paint_whole(box, 0), paint_whole(calm, 0)
    for row in (0, 2):
        area = (0, int(top + row * line) + 1, int(WIDTH), int(line) - 2)
        assert tall.copy(*area) == plain.copy(*area)


def test_colours_wait_for_what_knows_the_language(monkeypatch):
    """Loading it takes up to 70 ms, which the window need not wait for."""
    may_load, known = threading.Event(), highlight._lexer_for
    monkeypatch.setattr(highlight, "_lexer_for", lambda language: may_load.wait(60) and known(language))
    highlight._loading.cache_clear()
    box = box_of("\n".join(LINES[:3]))
    plain = paint(box, 0)
    assert box.is_unfinished
    may_load.set()
    assert paint_whole(box, 0) != plain
    highlight._loading.cache_clear()
