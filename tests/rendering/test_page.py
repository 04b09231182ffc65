"""A page of blocks, grown and whole, in any script; and pictures as they are sent."""

from __future__ import annotations

import random
import struct
import time
import zlib
from itertools import pairwise

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.core.documents.document import ReadingError, ReadingProblem
from desktop.rendering.markdown.document import MarkdownDocument, word_around
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.page.stack import Page
from desktop.rendering.pictures import LONG_SIDE, THUMBNAIL_SIDE, prepare_picture
from desktop.rendering.text.leaves import LeafKind
from desktop.rendering.text.plain_document import PlainDocument, plain_leaves
from desktop.rendering.text.shown_text import Position, leaf_text, plain_text
from tests.rendering.documents import ANSWERS
from tests.rendering.painted import WIDTH, page_of, picture, rows_above, style

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


@pytest.mark.usefixtures("qapp")
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


@pytest.mark.usefixtures("qapp")
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


@pytest.mark.usefixtures("qapp")
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


@pytest.mark.usefixtures("qapp")
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


@pytest.mark.usefixtures("qapp")
def test_deep_nesting_leaves_room_for_text():
    page = whole(MarkdownDocument, "> " * 60 + "deep\n\n" + "".join("  " * n + f"- level {n}\n" for n in range(40)))
    assert max(page._rows.heights) < 500
    assert picture(page).height() > 0


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


@pytest.mark.usefixtures("qapp")
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


@pytest.mark.usefixtures("qapp")
def test_what_deceives_in_a_link_is_shown_and_prose_is_left_alone():
    (leaf,) = parse("[\u202egnp.exe](https://example.com/) \u202egnp.exe می‌خواهم 👨‍👩‍👧")
    assert leaf.text == "‹U+202E›gnp.exe \u202egnp.exe می‌خواهم 👨‍👩‍👧"
    (leaf,) = parse("`a\u202eb\u200b`")
    assert leaf.text == "a‹U+202E›b‹U+200B›"
    (leaf,) = parse("```py\u202e\nif a\u2066:\n```")
    assert (leaf.language, leaf.text.rstrip("\n")) == ("py‹U+202E›", "if a‹U+2066›:")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("script", ["arabic", "hebrew", "hebrew and code", "persian"])
def test_right_to_left_begins_at_the_right(script):
    page = page_of(parse(SCRIPTS[script]))
    assert page.hit(WIDTH - 2, 8).position.offset == 0


@pytest.mark.usefixtures("qapp")
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


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("steering", ["\u202e", "\u2067", "\u061c"])
def test_nothing_turns_the_order_of_a_line(steering):
    text = "100 {0}> 50, 3 {0}< 7"
    for leaves in (parse, plain_leaves):
        turned, plain = (picture(page_of(leaves(text.format(sign)))) for sign in (steering, "\u200b"))
        assert turned == plain


# --- Pictures as they are sent -------------------------------------------------------------------------------------

RED, BLUE, CLEAR = QColor("#ff0000"), QColor("#0000ff"), QColor(0, 0, 0, 0)
# Two frames of one pixel: the first white, the second black.
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00"
    + 2 * b"!\xf9\x04\x00\x0a\x00\x00\x00"
    + b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"
    + b"!\xf9\x04\x00\x0a\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x4c\x01\x00;"
)


def halves(width=40, height=20, left=RED, right=BLUE):
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(left)
    for x in range(width // 2, width):
        for y in range(height):
            image.setPixelColor(x, y, right)
    return image


def saved(image, kind):
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)
    buffer.close()
    return bytes(data.data())


def with_exif(jpeg):
    """A JPEG that a camera held upright has written, with the place where it was."""
    gps = struct.pack(">HHHI4sI", 1, 1, 2, 2, b"N\0\0\0", 0)
    entries = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) + struct.pack(">HHII", 0x8825, 4, 1, 8 + 2 + 24 + 4)
    tiff = b"MM\x00*" + struct.pack(">IH", 8, 2) + entries + struct.pack(">I", 0) + gps + b"Zuerich Hardturm"
    block = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]


def near(image, x, y, colour):
    found = image.pixelColor(x, y)
    return all(abs(a - b) < 40 for a, b in zip(found.getRgb()[:3], colour.getRgb()[:3], strict=True))


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/jpeg"), ("BMP", "image/png"), ("TIFF", "image/png")],
)
def test_every_kind_becomes_one_that_servers_take(kind, media_type):
    made = prepare_picture(saved(halves(), kind))
    assert (made.media_type, made.width, made.height) == (media_type, 40, 20)
    image = QImage.fromData(made.content)
    assert near(image, 5, 10, RED)
    assert near(image, 35, 10, BLUE)


def test_of_a_moving_picture_the_first_frame_is_sent():
    made = prepare_picture(GIF)
    assert (made.media_type, made.width, made.height) == ("image/png", 1, 1)
    assert near(QImage.fromData(made.content), 0, 0, QColor("white"))


def test_a_picture_is_turned_upright_and_tells_no_place():
    taken = with_exif(saved(halves(), "JPEG"))
    assert b"Zuerich" in taken
    made = prepare_picture(taken)
    assert (made.width, made.height) == (20, 40)
    image = QImage.fromData(made.content)
    assert near(image, 10, 5, RED)
    assert near(image, 10, 35, BLUE)
    for content in (made.content, made.thumbnail):
        assert b"Exif" not in content
        assert b"Zuerich" not in content


def test_texts_in_a_picture_are_not_sent_and_what_is_transparent_becomes_white():
    image = halves(left=CLEAR)
    image.setText("Author", "Somebody")
    assert b"Somebody" in saved(image, "PNG")
    made = prepare_picture(saved(image, "PNG"))
    assert b"Somebody" not in made.content
    image = QImage.fromData(made.content)
    assert not image.hasAlphaChannel()
    assert near(image, 5, 10, QColor("white"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_is_scaled_down(kind):
    made = prepare_picture(saved(halves(3136, 100), kind))
    assert (made.width, made.height) == (LONG_SIDE, 50)
    small = QImage.fromData(made.thumbnail)
    assert (small.width(), small.height()) == (THUMBNAIL_SIDE, 10)
    made = prepare_picture(saved(halves(4000, 1), "PNG"))
    assert (made.width, made.height) == (LONG_SIDE, 1)  # no side vanishes


def test_a_bomb_is_refused_before_it_is_unpacked():
    rows = zlib.compress(b"\0" * (20_000 * 2501), 1)

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    with pytest.raises(ReadingError) as refused:
        prepare_picture(bomb)
    assert refused.value.problem is ReadingProblem.TOO_LARGE


@pytest.mark.qt_log_ignore("JPEG", "libpng")
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (saved(halves(), "PNG")[:60], ReadingProblem.DAMAGED),
        (b"\xff\xd8\xff\xe0 no picture", ReadingProblem.DAMAGED),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ReadingProblem.UNKNOWN_KIND),
        (b"/* XPM */ static char * x[] = {};", ReadingProblem.UNKNOWN_KIND),
        (b"BMW is a maker of cars", ReadingProblem.UNKNOWN_KIND),
        (b"", ReadingProblem.UNKNOWN_KIND),
    ],
)
def test_what_is_no_picture_is_refused(content, problem):
    with pytest.raises(ReadingError) as refused:
        prepare_picture(content)
    assert refused.value.problem is problem
