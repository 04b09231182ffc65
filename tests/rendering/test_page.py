"""A page of blocks: grown and whole, and in scripts that are hard to place."""

from __future__ import annotations

import random
import time
from itertools import pairwise
from typing import Protocol

import pytest
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.rendering.markdown.document import MarkdownDocument, word_around
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.page.stack import Page
from desktop.rendering.text.leaves import Leaf, LeafKind
from desktop.rendering.text.plain_document import PlainDocument, plain_leaves
from desktop.rendering.text.shown_text import Position, leaf_text, plain_text
from tests.rendering.documents import ANSWERS
from tests.rendering.painted import WIDTH, page_of, picture, rows_above, style

pytestmark = pytest.mark.usefixtures("qapp")


# --- A page that grows looks like one that was given whole, and says truly from where on it has changed ------------

SHAPES = ANSWERS | {
    "paragraph": "An endless paragraph with **bold**, `code` and [links](https://example.com/). " * 60,
    "emoji": "Smile 😀 and **be bold 👩\u200d💻 here**, see [this 🎉](https://example.com/) or `code 😀`.\n" * 20,
    "code": "Look:\n\n```python\n" + "def f(x):\n    return 'text'  # why 😀\n\n" * 40 + "```\n\nDone.",
    "indented": "Look:\n\n    def f():\n        pass\n\n\n    f()\n\nDone.",
    "list": "".join(f"- item {n} with **bold** text\n  - inner {n}\n" for n in range(40)),
    "table": "| a | b |\n|---|--:|\n" + "".join(f"| cell {n} | {n * n} |\n" for n in range(30)),
    "table below code": "```\ncode\n```\n\n| wide | wider |\n|---|---|\n" + "| some | words |\n" * 4,
    "quotes": "> quoted text that is long enough to need a second line in this column\n>\n> > deeper\n\nafter\n" * 4,
    "rules and headings": "# One\n\ntext\n\n---\n\n## Two\n\nmore\n\n***\n\n### Three\n" * 3,
    "references": (
        "See [this][a] and [that][b].\n\n| x |\n|---|\n| [cell][a] |\n| plain |\n\n"
        "[a]: https://a.example/\n[b]: https://b.example/"
    ),
    "scripts": "English, 中文和更多的中文字符，然后 العربية النص هنا، и русский. " * 12,
    "code beside other scripts": "Some `code`, 中文 and `code`.\n\n" * 12,
    "thinking": "First I think. Then I think again about it. " * 150,
    "one word": "x" * 3_000,
}


# What turns out to be wider the more of it comes into sight.
WIDENING = {
    "widening code": "```\n" + "\n".join("word " * (14 + abs(n - 20)) for n in range(36)) + "\n```",
    "widening table": "| a | b |\n|--:|---|\n" + "".join(f"| {n} | {'**strong** ' * (n % 23)} |\n" for n in range(120)),
    "table of code": "| a | b |\n|--:|---|\n" + "".join(f"| {n} | `{'i' * (n // 4)}` |\n" for n in range(120)),
}


class Document(Protocol):
    leaves: list[Leaf]

    def append(self, text): ...
    def finish(self): ...


def end_of(leaves):
    """Return the position after the last character."""
    return Position(len(leaves) - 1, len(leaf_text(leaves[-1]))) if leaves else Position(0, 0)


def whole(kind, text):
    document = kind()
    document.append(text)
    document.finish()
    return page_of(document.leaves)


def paint_part(page, image, part):
    """Paint a part of the page into a picture of it, on white."""
    painter = QPainter(image)
    painter.setClipRect(part)
    painter.fillRect(part, QColor("white"))
    page.paint(painter, QPointF(0, 0), QRectF(part))
    painter.end()


def boxes(page):
    rows = page._rows
    return [
        (leaf.kind, leaf_text(leaf), rows.lefts[index], rows.tops[index], rows.heights[index])
        for index, leaf in enumerate(page.leaves)
    ]


@pytest.mark.parametrize("kind", [MarkdownDocument, PlainDocument])
@pytest.mark.parametrize("name", SHAPES)
def test_a_grown_page_is_a_whole_one_and_changes_only_where_it_says(name, kind):
    text, generator = SHAPES[name], random.Random(name)
    stale: list[float] = []
    document, page = kind(), Page(style(), WIDTH, on_stale=lambda top, _: stale.append(top))
    cuts = sorted(generator.randrange(min(len(text), 2_400)) for _ in range(60))
    pieces = [text[start:end] for start, end in pairwise([0, *cuts, len(text)]) if start < end]
    before = picture(page)
    for piece in [*pieces, ""]:
        stale.clear()
        page.show(document.leaves, document.append(piece) if piece else document.finish())
        after = picture(page)
        kept = min([*stale, before.height(), after.height()])
        assert rows_above(after, kept) == rows_above(before, kept), piece
        before = after
    expected = whole(kind, text)
    assert boxes(page) == boxes(expected)
    assert page.height == expected.height
    if not any(leaf.kind is LeafKind.TABLE for leaf in document.leaves):  # columns that have grown stay as they are
        assert before == picture(expected)


@pytest.mark.parametrize("step", [23, -31])
@pytest.mark.parametrize("name", dict.fromkeys(("steps", "comparison", "formulas", "code", "list")) | WIDENING)
def test_painted_stripe_by_stripe_it_looks_as_painted_at_once(name, step):
    """As it is when a reader scrolls down or up; what the page says it painted too early is painted again."""
    page = whole(MarkdownDocument, (SHAPES | WIDENING)[name])
    height = round(page.height)
    image = QImage(int(WIDTH), height, QImage.Format.Format_RGB32)
    tops = range(0, height, step) if step > 0 else range(height + step, step, step)
    for top in tops:
        stripe = QRect(0, top, image.width(), abs(step))
        paint_part(page, image, stripe)
        while page.is_unfinished:
            seen = stripe | QRect(0, 0 if step > 0 else height - 1, image.width(), 1)
            paint_part(page, image, seen)
    assert image == picture(page)


@pytest.mark.parametrize("name", SHAPES)
def test_a_page_stands_in_its_rows_in_any_width_and_is_hit_everywhere(name):
    page = whole(MarkdownDocument, SHAPES[name])
    before, look = boxes(page), picture(page)
    bottom = 0.0
    for top, gap, height in zip(page._rows.tops, page._rows.gaps, page._rows.heights, strict=True):
        assert top == bottom + gap
        assert height > 0
        bottom = top + height
    assert page.height == bottom
    texts = [leaf_text(leaf) for leaf in page.leaves]
    assert plain_text(page.leaves, Position(0, 0), end_of(page.leaves)) == plain_text(page.leaves)
    for y in range(-20, int(page.height) + 40, 7):
        for x in (-50.0, 3.0, 133.0, 800.0):
            found = page.hit(x, y).position
            assert 0 <= found.index < len(texts)
            assert 0 <= found.offset <= len(texts[found.index])
    page.set_width(250)
    page.set_width(WIDTH)
    assert boxes(page) == before
    assert picture(page) == look


def test_a_page_without_leaves_or_a_width_stands_everything():
    page = page_of([])
    assert (page.is_empty, page.height, page.natural_width()) == (True, 0, 0)
    assert page.hit(5, 5).position == Position(0, 0)
    assert word_around(page.leaves, Position(0, 0)) == (Position(0, 0), Position(0, 0))
    assert not page.scroll_sideways(5, 5, 10)
    page = Page(style())
    page.show(MarkdownDocument("The 😀 quick-brown fox").leaves, 0)
    assert page.height == 0
    page.set_width(WIDTH)
    assert page.height > 0
    assert plain_text(page.leaves, *word_around(page.leaves, Position(0, 8))) == "quick"


def test_deep_nesting_leaves_room_for_text():
    page = whole(MarkdownDocument, "> " * 60 + "deep\n\n" + "".join("  " * n + f"- level {n}\n" for n in range(40)))
    assert max(page._rows.heights) < 500
    assert picture(page).height() > 0


def test_arabic_items_and_quotes_have_their_marks_at_the_right():
    page = whole(MarkdownDocument, "- مرحبا بالعالم\n- العالم\n\n> اقتباس قصير\n")
    image = picture(page)
    columns = {
        x for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).lightness() < 230
    }
    assert min(columns) > WIDTH / 2
    assert max(columns) >= WIDTH - 4  # the bar of the quote
    assert page.hit(WIDTH - 40, 10).position.index == 0
    assert page.hit(WIDTH - 40, 10).position.offset < 3


# --- Every script and every odd character, in every kind of block --------------------------------------------------

SCRIPTS = {
    "chinese": "合同的付款期限是三十天，请在周五之前确认。",
    "japanese": "お世話になっております。カタカナ、ひらがな、葛\U000e0100城市。",
    "korean": "계약서의 결제 조건을 확인해 주세요.",
    "arabic": "يرجى التأكيد قبل يوم الجمعة 2026 (الإصدار 3.1)",
    "hebrew": "נא לאשר עד יום שישי, 12:30, בבקשה.",
    "hebrew and code": "הפונקציה f(x) מחזירה -1.5% והקובץ הוא C:/a/b.txt",
    "persian": "می‌خواهم این را بخوانم",
    "hindi": "कृपया शुक्रवार से पहले पुष्टि करें",
    "thai": "กรุณายืนยันก่อนวันศุกร์ที่สิบสอง",
    "vietnamese": "Vui lòng xác nhận trước thứ Sáu ngày mười hai",
    "emoji": "👍🏽 👨‍👩‍👧‍👦 🇩🇪🇨🇳 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f ❤️ 1️⃣",
    "combining marks": "e\u0301 a\u0323\u0302 n\u0303 o\u0308",
    "stacked marks": "z" + "\u0301\u0323\u035c\u0489" * 60 + "algo " + "h\u0334\u0337\u0338" * 20,
    "zero width": "a\u200bb\u200cc\u200dd\ufeffe\u2060f\u00adg",
    "directions": "a\u202ereversed\u202c b\u2066isolated\u2069 c\u200ed\u200fe\u061cf",
    "controls": "a\x01b\x08c\x1b[31md\x7fe\x85f",
    "no character": "a\x00b\ufffdc",
    "half pairs": "a\ud83db\ude00c",
    "line separators": "a\u2028b\u2029c\x0bd\x0ce",
    "private use": "a\ue000b\uf8ffc\U0010fffdd",
    "not characters": "a\ufffeb\uffffc\U0001ffffd",
    "musical": "𝄞𝄢 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟘𝟙",
    "ogham and spaces": "a\u1680b\u3000c\u00a0d\u2003e",
    "tabs": "a\tb\t\tc",
    "long word": "x" * 2_000,
    "long chinese": "付款" * 700,
    "ligature": "\ufdfa" * 12,
    "tall letters": "\U00012219\ua9c5\u0bf5 x",
}

BLOCKS = {
    "paragraph": "{0} and {0}",
    "heading": "## {0}",
    "item": "1. {0}\n   - [ ] {0}",
    "quote": "> > {0}",
    "emphasis": "**{0}** *{0}* ~~{0}~~",
    "code": "```python\n# {0}\nx = '{0}'\n```",
    "code span": "`{0}`",
    "table": "| {0} | b |\n|---|--:|\n| b | {0} |",
    "link": "[{0}](https://example.com/{0})",
    "image": "![{0}](https://example.com/{0} '{0}')",
    "language": "```{0}\n{0}\n```",
}


def written(script, block):
    text = SCRIPTS[script]
    if block != "code":
        text = text.replace("\n", " ")
    return BLOCKS[block].format(text)


@pytest.mark.parametrize("script", SCRIPTS)
def test_it_is_painted_within_its_place_hit_and_selected(script):
    page = page_of(parse("\n\n".join(written(script, block) for block in BLOCKS)))
    ends = [len(leaf_text(leaf)) for leaf in page.leaves]
    first, last = Position(0, 0), Position(len(ends) - 1, ends[-1])
    assert ink_outside(page) == 0
    ink_outside(page, (Position(0, 1), Position(last.index, 3)))
    whole = plain_text(page.leaves, first, last)
    assert all(leaf_text(leaf) in whole for leaf in page.leaves)
    for y in range(-5, int(page.height) + 5, 11):
        for x in (-20, 3, 30, 77, 160, 300, 415, 900):
            position = page.hit(x, y).position
            assert 0 <= position.offset <= ends[position.index]
            assert whole.startswith(plain_text(page.leaves, first, position))
            assert whole.endswith(plain_text(page.leaves, position, last))


@pytest.mark.parametrize("script", SCRIPTS)
def test_grown_letter_by_letter_it_is_the_same(script):
    text = "\n\n".join(written(script, block) for block in ("paragraph", "code", "table", "link"))[:900]
    document = MarkdownDocument()
    for letter in text:
        document.append(letter)
    document.finish()
    whole = MarkdownDocument()
    whole.append(text)
    whole.finish()
    assert [(leaf.kind, leaf_text(leaf), leaf.spans) for leaf in document.leaves] == [
        (leaf.kind, leaf_text(leaf), leaf.spans) for leaf in whole.leaves
    ]


def test_what_deceives_in_a_link_is_shown_and_prose_is_left_alone():
    (leaf,) = parse("[\u202egnp.exe](https://example.com/) \u202egnp.exe می‌خواهم 👨‍👩‍👧")
    assert leaf.text == "‹U+202E›gnp.exe \u202egnp.exe می‌خواهم 👨‍👩‍👧"
    (leaf,) = parse("`a\u202eb\u200b`")
    assert leaf.text == "a‹U+202E›b‹U+200B›"
    (leaf,) = parse("```py\u202e\nif a\u2066:\n```")
    assert (leaf.language, leaf.text.rstrip("\n")) == ("py‹U+202E›", "if a‹U+2066›:")


@pytest.mark.parametrize("script", ["arabic", "hebrew", "hebrew and code", "persian"])
def test_right_to_left_begins_at_the_right(script):
    page = page_of(parse(SCRIPTS[script]))
    assert page.hit(WIDTH - 2, 8).position.offset == 0


def test_a_word_of_100_kilobytes_is_laid_out_in_a_bounded_time():
    for word in ("x" * 100_000, "付款" * 50_000, "a\u0301" * 50_000, "👨‍👩‍👧‍👦" * 9_000):
        began = time.process_time()
        page = page_of(parse(word))
        ink_outside(page)
        assert time.process_time() - began < 3


def ink_outside(page, selection=None):
    """Painted points farther than a line outside of the page, of which the first 2,000 pixels are painted."""
    margin, line = 120, 32
    height = min(2_000, int(page.height) + 1)
    image = QImage(int(WIDTH) + 2 * margin, height + 2 * margin, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    page.paint(painter, QPointF(margin, margin), QRectF(image.rect()), selection)
    painter.end()
    edge = margin - line
    sides = [
        (0, 0, image.width(), edge),
        (0, 0, edge, image.height()),
        (image.width() - edge, 0, edge, image.height()),
    ]
    if height < 2_000:
        sides.append((0, image.height() - edge, image.width(), edge))
    return sum(not _is_white(image.copy(*side)) for side in sides)


def _is_white(image):
    white = QImage(image.size(), image.format())
    white.fill(QColor("white"))
    return image == white


@pytest.mark.parametrize("steering", ["\u202e", "\u2067", "\u061c"])
def test_nothing_turns_the_order_of_a_line(steering):
    text = "100 {0}> 50, 3 {0}< 7"
    for leaves in (parse, plain_leaves):
        turned, plain = (picture(page_of(leaves(text.format(sign)))) for sign in (steering, "\u200b"))
        assert turned == plain
