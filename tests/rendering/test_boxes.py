"""The boxes of a page: text, code, tables and formulas."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.rendering import code as highlighting
from desktop.rendering.markdown.document import MarkdownDocument, formula_around, word_around
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.page.box import Mark
from desktop.rendering.page.code_box import CodeBox
from desktop.rendering.page.stack import Page
from desktop.rendering.page.table_box import TableBox
from desktop.rendering.page.text_box import FormulaBox, TextBox
from desktop.rendering.text.leaves import Cell, Leaf, LeafKind, Table
from desktop.rendering.text.shown_text import Position, leaf_text
from tests.rendering.documents import Formulas, block
from tests.rendering.painted import WIDTH, page_of, picture, rows_above, style

pytestmark = pytest.mark.usefixtures("qapp")


# --- Wrapped text --------------------------------------------------------------------------------------------------


def text_box(text, spans=(), width=WIDTH):
    return TextBox(Leaf(LeafKind.PARAGRAPH, text, spans), width, style())


def styled(box):
    """The pieces of text that have a format of their own, as Qt sees them."""
    found = []
    units = box._layout.text().encode("utf-16-le")
    for part in box._layout.formats():
        found.append(units[2 * part.start : 2 * (part.start + part.length)].decode("utf-16-le"))
    return found


def test_lines_of_all_scripts_stand_on_the_same_baselines():
    lines = ["North", "北区 120 万", "mixed 北区 and more", "Ελλάδα", "one more"]
    layout = text_box("\n".join(lines))._layout
    baselines = [layout.lineAt(number).y() + layout.lineAt(number).ascent() for number in range(len(lines))]
    assert len({layout.lineAt(number).height() for number in range(len(lines))}) > 1
    steps = [after - before for before, after in pairwise(baselines)]
    assert steps == pytest.approx([style().body_line] * 4, abs=0.1)  # Qt counts in 64ths
    # Cells of one row, each a text of its own.
    assert text_box("北区").first_baseline() == pytest.approx(text_box("North").first_baseline(), abs=0.1)


def test_a_character_stands_in_its_line():
    text = "short\n" + "a line that is broken where the room ends " * 80 + "\n" + "last"
    box = text_box(text)
    lines = [round(box.top_of(offset) / style().body_line) for offset in range(len(text))]
    assert lines == sorted(lines)
    assert lines[: len("short\na")] == [0] * len("short\n") + [1]
    assert set(lines) == set(range(round(box.height / style().body_line)))
    assert lines.count(lines[-1]) == len("last")


def test_a_text_that_is_cut_shorter_loses_its_end():
    """A step of thinking is cut in two once it is long: its first half must not show the second one's words."""
    text = "word " * 1_000
    box = text_box(text)
    box.update(Leaf(LeafKind.PARAGRAPH, text[:2_400]), WIDTH)
    assert box.height == text_box(text[:2_400]).height
    assert text_box("").height == text_box("x").height


def test_styles_stand_behind_emoji_too():
    [leaf] = MarkdownDocument("😀😀 plain **bold 🎉** and `co😀de`, see [a 👩\u200d💻 link](https://a.example/)").leaves
    assert styled(text_box(leaf.text, leaf.spans)) == ["bold 🎉", "co😀de", "a 👩\u200d💻 link"]


def test_a_link_is_hit_behind_emoji_and_only_there():
    [leaf] = MarkdownDocument("😀😀😀😀 [link](https://a.example/) text").leaves
    box = text_box(leaf.text, leaf.spans)
    layout = box._layout
    line = layout.lineAt(0)
    for offset, character in enumerate(leaf.text):
        unit = len(leaf.text[:offset].encode("utf-16-le")) // 2
        x, _ = line.cursorToX(unit)
        hit = box.hit(x + 1, 5)
        assert (hit.href == "https://a.example/") == (5 <= offset < 9), (offset, character)
        assert hit.offset in (offset, offset + 1)
    assert not box.hit(WIDTH - 1, 5).href
    assert not box.hit(5, box.height + 30).href


# --- Code ----------------------------------------------------------------------------------------------------------

LINES = [f"value_{number} = 'text {number}'  # why" for number in range(20_000)]


def code(text, is_open=False, language="python"):
    return Leaf(LeafKind.CODE, text, language=language, is_open=is_open)


def code_box(text, is_open=False):
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
    box = code_box("\n".join(LINES))
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
    box = code_box("", is_open=True)
    shown = paint_whole(box, 0)
    for piece in pieces:
        text += piece
        repaint(shown, box, box.update(code(text, is_open=True), WIDTH))
    repaint(shown, box, box.update(code(text), WIDTH))
    whole = code_box(text)
    assert (box._lines, box._starts, box.height) == (whole._lines, whole._starts, whole.height)
    assert box.leaf.text == text
    assert shown == paint_whole(box, 0) == paint_whole(whole, 0)


def test_every_character_is_in_a_line_that_is_shown():
    """Some signs end a line for Qt, which would not show what follows them."""
    text = "a\u2028b\u2029c\x0bd\x0ce\x85f\tg"
    layout = code_box(text)._layout(0)
    assert layout.lineCount() == 1
    assert layout.lineAt(0).textLength() == len(text)


def test_a_place_is_found_in_its_line():
    box = code_box("one\n😀 two\nthree")
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
    box = code_box("x" * 400)
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
    assert not code_box("x").scroll_sideways(50)
    assert picture(page_of([code("")])).height() > 0


def test_a_megabyte_on_one_line_is_cut_with_a_sign_and_copied_whole():
    text = "var a=1;" * 125_000
    box = code_box(text)
    paint_whole(box, 0)
    assert box._layout(0).text().endswith("… 996,000 more characters, which Copy includes")
    assert box.hit(1e9, 50).offset == 4_000
    assert box.leaf.text == text


def test_control_characters_are_shown_and_copied_as_they_are():
    text = "\x1b[31mred\x1b[0m\x07"
    box = code_box(text)
    assert box._layout(0).text() == "\ufffd[31mred\ufffd[0m\ufffd"
    assert box.leaf.text == text


def test_marks_over_marks_stay_in_their_line():
    box = code_box("plain\n" + "a" + "\u0301" * 200 + "\nplain")
    calm = code_box("plain\na\nplain")
    line, top = box._style.mono_line, 30 + 12
    tall, plain = paint_whole(box, 0), paint_whole(calm, 0)
    for row in (0, 2):
        area = (0, int(top + row * line) + 1, int(WIDTH), int(line) - 2)
        assert tall.copy(*area) == plain.copy(*area)


def test_colours_wait_for_what_knows_the_language(monkeypatch):
    """Loading it takes up to 70 ms, which the window need not wait for."""
    may_load, known = threading.Event(), highlighting._lexer_for
    monkeypatch.setattr(highlighting, "_lexer_for", lambda language: may_load.wait(60) and known(language))
    highlighting._loading.cache_clear()
    box = code_box("\n".join(LINES[:3]))
    plain = paint(box, 0)
    assert box.is_unfinished
    may_load.set()
    assert paint_whole(box, 0) != plain
    highlighting._loading.cache_clear()


# --- Tables --------------------------------------------------------------------------------------------------------

TEXT = "| Plan | Price |\n|---|--:|\n" + "".join(
    f"| **{'long ' * (number % 5)}plan {number}** | {number * 111} € |\n" for number in range(60)
)


def table(*rows):
    return Leaf(
        LeafKind.TABLE, table=Table(("",) * len(rows[0]), tuple(tuple(Cell(text) for text in row) for row in rows))
    )


def table_box(leaf):
    return TableBox(leaf, WIDTH, style())


def middle_of(box, row):
    """Half-way down a row."""
    return (box.tops[row] + box.tops[row + 1]) / 2


def test_columns_only_grow_and_rows_stay_while_it_is_written():
    document = MarkdownDocument()
    box: TableBox | None = None
    columns: list[float] = []
    standing: list[float] = []
    for start in range(0, len(TEXT), 9):
        document.append(TEXT[start : start + 9])
        [leaf] = document.leaves
        if leaf.kind is not LeafKind.TABLE:
            continue
        if box is None:
            box = table_box(leaf)
        else:
            box.update(leaf, WIDTH)
        assert all(new >= old for new, old in zip(box.columns, columns, strict=False))
        columns = list(box.columns)
        assert box.tops[: len(standing)] == standing
        standing = box.tops[:-1]
    assert box is not None
    document.finish()
    box.update(document.leaves[0], WIDTH)
    assert box.height == table_box(document.leaves[0]).height


def test_a_wide_table_moves_sideways_and_its_links_with_it():
    wide = " | ".join("column number one hundred" for _ in range(8))
    [leaf] = parse(f"| {wide} |\n|{'---|' * 8}\n| [there](https://a.example/) |\n")
    box = table_box(leaf)
    y = middle_of(box, 1)
    assert box.hit(16, y).href
    assert box.scroll_sideways(150)
    assert not box.hit(16, y).href
    while box.scroll_sideways(1_000):
        pass
    assert box.offset == pytest.approx(box.natural - WIDTH)
    box.update(leaf, 100_000)
    assert box.offset == 0


@pytest.mark.parametrize("offset", [0, 5, 11, 12, 17, 24])
def test_what_is_hit_is_what_is_marked(offset):
    leaf = table(("name", "amount"), ("rent", "1,000"), ("heating", "90"))
    page = page_of([leaf])
    plain = picture(page)
    marked = picture(page, (Position(0, offset), Position(0, offset + 1)))
    changed = [
        (x, y) for x in range(plain.width()) for y in range(plain.height()) if plain.pixel(x, y) != marked.pixel(x, y)
    ]
    text = leaf_text(leaf)
    assert bool(changed) is (offset < len(text) and text[offset] not in "\t\n")
    if changed:
        x, y = changed[0]
        assert page.hit(x + 1, y + 1).position == Position(0, offset)


def test_of_a_wide_table_the_cells_in_sight_are_laid_out():
    rows = [tuple(Cell(f"cell {row} {column}") for column in range(5_000)) for row in range(6)]
    leaf = Leaf(LeafKind.TABLE, table=Table(("",) * 5_000, tuple(rows)))
    began = time.process_time()
    page = page_of([leaf])
    first = picture(page)
    assert time.process_time() - began < 1
    box = page._boxes[0]
    assert isinstance(box, TableBox)
    hit = page.hit(10, 10).position
    assert leaf_text(box.leaf)[hit.offset :].startswith("cell 0 0")
    while box.scroll_sideways(100_000):
        pass
    assert picture(page) != first
    last = page.hit(WIDTH - 30, page.height - 5).position.offset
    assert leaf_text(box.leaf)[:last].rpartition("\t")[2] in "cell 5 4999"
    assert last > len(leaf_text(box.leaf)) - 200


def test_a_very_long_table_is_placed_in_steps():
    rows = tuple((Cell(f"plan {number}"), Cell("words " * 10)) for number in range(20_000))
    page = page_of([Leaf(LeafKind.TABLE, table=Table(("", ""), rows))])
    box = page._boxes[0]
    assert isinstance(box, TableBox)
    assert len(box.tops) < 10_000
    about = page.height
    picture(page, height=100)
    page.take_heights()
    assert len(box.tops) == 20_001
    assert page.height == pytest.approx(about, rel=0.01)
    assert page.hit(5, page.height - 10).position.offset > len(leaf_text(page.leaves[0])) - 100


# --- Formulas that stand by themselves, and pages and tables that are told of typeset formulas ---------------------

SIZES = {"tall": block(2.0, 3.0, 2.0), "wide": block(60.0, 1.0, 1.0)}


def formula_box(latex, formulas=None, *, is_open=False):
    leaf = Leaf(LeafKind.FORMULA, latex, is_open=is_open)
    return FormulaBox(leaf, WIDTH, style(formulas or Formulas(sizes=SIZES)))


def ink(box, colour="#222222", marks=()):
    """Left, top, right and bottom of all pixels of a colour."""
    image = QImage(int(WIDTH), int(box.height + 1), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    box.paint(painter, QPointF(0, 0), QRectF(0, 0, WIDTH, box.height), marks)
    painter.end()
    wanted = QColor(colour).rgb()
    found = [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) == wanted]
    xs, ys = [x for x, _ in found], [y for _, y in found]
    return (min(xs), min(ys), max(xs), max(ys)) if found else (0, 0, 0, 0)


@pytest.mark.parametrize("latex", ["whole", "fraction"])
def test_nothing_of_it_is_cut_wherever_on_the_page_it_stands(latex):
    box = formula_box(latex, Formulas(sizes={"whole": block(2.0, 1.0, 1.0), "fraction": block(2.0, 1.03, 0.36)}))
    heights = set()
    for eighth in range(8):
        image = QImage(int(WIDTH), int(box.height + 4), QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        room = QRectF(0, 1 + eighth / 8, WIDTH, box.height)
        box.paint(painter, room.topLeft(), room, ())
        painter.end()
        middle = [QColor(image.pixel(int(WIDTH / 2), y)).lightness() for y in range(image.height())]
        heights.add(sum(255 - each for each in middle))
    assert len(heights) == 1


def test_a_selected_one_has_the_colours_of_selected_text():
    box = formula_box("tall")
    assert ink(box, "#ffffff", (Mark(0, 4),)) != (0, 0, 0, 0)
    assert ink(box, "#222222", (Mark(0, 4),)) == (0, 0, 0, 0)
    assert ink(box, "#222222", (Mark(4, 9),)) != (0, 0, 0, 0)


def test_it_is_hit_at_its_beginning_or_its_end():
    box = formula_box("tall")
    assert [box.hit(x, 5).offset for x in (0, WIDTH / 2 - 5, WIDTH / 2 + 5, WIDTH)] == [0, 0, 4, 4]
    assert box.leaf.text == "tall"


def test_a_broken_one_and_one_that_is_written_show_their_source():
    box = formula_box("broken")
    assert box._source is not None
    assert box.hit(WIDTH, 5).offset == 6
    formulas = Formulas()
    box = formula_box(r"\frac{a}", formulas, is_open=True)
    assert formulas.asked == []
    for _ in range(2):
        box.update(Leaf(LeafKind.FORMULA, r"\frac{a}{b}"), WIDTH)
    assert formulas.asked == [(r"\frac{a}{b}", True)]  # once while nothing changes
    assert box._source is None


PAGE = """Text with $x$ in it.

$$
tall
$$

Other text.

| Name | Formula |
|---|---|
| a rather long source | $tall_{and long}$ |

- item with $tall$
"""


def painted(page, above):
    """The page on white, so many pixels below the upper edge."""
    image = QImage(int(WIDTH), int(page.height) + 2, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    page.paint(painter, QPointF(0, above), QRectF(image.rect()))
    painter.end()
    return image


def page_with(formulas, text=PAGE, on_stale=lambda *_: None):
    page = Page(style(formulas), WIDTH, on_stale)
    page.show(MarkdownDocument(text).leaves, 0)
    return page


@pytest.mark.parametrize("above", [0.0, 0.4, 0.9])
@pytest.mark.parametrize(
    "text", [PAGE, "# Heading\n\nSome `code`, 中文, $tall$ and `code`."], ids=["blocks", "scripts"]
)
def test_a_page_says_where_the_change_begins(text, above):
    formulas = Formulas(withheld=True, sizes=SIZES)
    stale: list[float] = []
    page = page_with(formulas, text, lambda top, _: stale.append(top))
    before = painted(page, above)
    stale.clear()
    page.formulas_ready(formulas.release())
    [top] = stale
    assert rows_above(before, top + above) == rows_above(painted(page, above), top + above)
    page.formulas_ready(frozenset(formulas.asked))
    assert len(stale) == 1


def test_the_latex_at_a_position_and_a_double_click_on_it():
    leaves = page_with(Formulas()).leaves
    assert [formula_around(leaves, Position(*at)) for at in ((0, 11), (0, 3), (1, 0))] == ["x", "", "tall"]
    assert word_around(leaves, Position(0, 10)) == (Position(0, 10), Position(0, 13))
    assert word_around(leaves, Position(0, 1)) == (Position(0, 0), Position(0, 4))
    assert word_around(leaves, Position(1, 0)) == (Position(1, 0), Position(1, 4))
