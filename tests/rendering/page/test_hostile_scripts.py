"""Every script and every odd character, in every kind of block: read, painted within its place, selected and found.

What a text looks like is checked by eye; here it is that nothing breaks and nothing is lost.
"""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.text.plain_document import plain_leaves
from desktop.rendering.text.plain_text import plain_text
from desktop.rendering.text.shown_text import Position, leaf_text
from tests.rendering.painted import WIDTH, page_of, picture

pytestmark = pytest.mark.usefixtures("qapp")

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
