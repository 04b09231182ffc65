"""Pages of PDF files as pictures, on which words that were read from them are found again."""

from __future__ import annotations

import asyncio
import re

import pypdfium2
import pytest
from PySide6.QtGui import QImage

from desktop.core.documents.document import PagePicture, ReadingError, ReadingProblem, WordsOnPage
from desktop.core.documents.selection import attachment
from desktop.core.documents.surroundings import paragraph_at
from desktop.readers.pdf.picture import png_of, word_boxes
from desktop.readers.process import ReaderProcess
from tests.readers.conftest import FILES, document_from
from tests.readers.making import drawn, pages

LEFT_OUT = re.compile("[\\s\\-\u2010\u2011\u00ad|\\\\\x02\ufffe]")
# Of these PDFium tells letters in another order or form than the page's own text has them.
OTHERS = ("arabic", "hebrew", "japanese")


def sought_in(document, start, end):
    """The page that letters of the sent text stand on, and what is looked for there."""
    part = attachment(document)
    found = paragraph_at(part.text, part.anchors, start, end)
    assert found.anchor is not None
    words = part.text[found.start : found.end]
    return found.anchor.section, WordsOnPage(
        words, start - found.start, end - found.start, int(found.anchor.place or 0)
    )


def text_in(page, boxes):
    """What stands in these boxes of a page, without spaces and hyphens."""
    width, height = page.get_size()
    text_page = page.get_textpage()
    said = "".join(
        text_page.get_text_bounded(
            left=left * width - 0.3,
            top=height - top * height + 0.3,
            right=right * width + 0.3,
            bottom=height - bottom * height - 0.3,
        )
        for left, top, right, bottom in boxes
    )
    return LEFT_OUT.sub("", said)


FILES_OF_PAGES = sorted(FILES.glob("*.pdf"))


@pytest.mark.parametrize("path", FILES_OF_PAGES, ids=lambda path: path.stem)
def test_each_word_of_a_page_is_found_where_it_stands(path):
    document = document_from(path, path.name)
    opened = pypdfium2.PdfDocument(path)
    text = attachment(document).text
    for word in list(re.finditer(r"[^\s|\[\]]+", text.partition("]")[2]))[::11]:
        start = word.start() + len(text.partition("]")[0]) + 1
        if text.rfind("\n[", 0, start) > text.rfind("]", 0, start):
            continue  # a word of a mark
        number, sought = sought_in(document, start, start + len(word[0]))
        page = opened[number - 1]
        boxes = word_boxes(page, sought)
        assert boxes.place, word[0]
        assert boxes.paragraph
        if not path.name.startswith(OTHERS):
            said, wanted = text_in(page, boxes.place), LEFT_OUT.sub("", word[0])
            assert wanted in said or said in wanted
            assert len(said) <= 2 * len(wanted) + 12  # a word's box is seldom wider than what was sought
        for left, top, right, bottom in (*boxes.place, *boxes.paragraph):
            assert 0 <= left < right <= 1
            assert 0 <= top < bottom <= 1


@pytest.mark.parametrize("path", sorted(FILES.glob("chinese-*.pdf")), ids=lambda path: path.stem)
def test_in_a_line_without_spaces_the_words_alone_are_marked(path):
    document = document_from(path, path.name)
    text = attachment(document).text
    start = text.index("三十二万元")  # in one of the files beside a letter that stands for another one
    number, sought = sought_in(document, start, start + 5)
    boxes = word_boxes(pypdfium2.PdfDocument(path)[number - 1], sought)
    [place] = boxes.place
    whole = max(box[2] - box[0] for box in boxes.paragraph)
    assert place[2] - place[0] < whole / 3


def on_page(tmp_path, content, sought, extra=""):
    """The picture of a page that is drawn so, and what stands in the place."""
    path = tmp_path / "a.pdf"
    path.write_bytes(pages([content], extra))
    page = pypdfium2.PdfDocument(path)[0]
    boxes = word_boxes(page, sought)
    return PagePicture(1, b"", 1, boxes.paragraph, boxes.place), text_in(page, boxes.place)


@pytest.mark.parametrize(
    ("content", "sought", "places"),
    [
        (drawn((60, 700, r"a deposit of \(12,500\), which")), WordsOnPage("(12,500)", 1, 7), ["12,500"]),
        (
            drawn((60, 700, "the office of the land-"), (60, 685, "lord, who keeps the keys")),
            WordsOnPage("the office of the landlord, who keeps the keys", 4, 27),
            ["officeoftheland", "lord,"],
        ),
        (
            drawn((60, 685, "behind the second comma"), (60, 700, "A quotation that goes on")),
            WordsOnPage("A quotation that goes on behind the second comma", 0, 48),
            ["Aquotationthatgoeson", "behindthesecondcomma"],
        ),
        (drawn((60, 700, "something else")), WordsOnPage("8 % a year", 0, 3), []),
        ("", WordsOnPage("8 % a year", 0, 3), []),
    ],
    ids=["a part of a word", "over two lines", "drawn in another order", "not on the page", "an empty page"],
)
def test_what_is_marked(tmp_path, content, sought, places):
    picture, said = on_page(tmp_path, content, sought)
    assert (said, len(picture.place)) == ("".join(places), len(places))
    assert len(picture.paragraph) == min(1, len(places))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_marked_as_it_is_shown(tmp_path, turn):
    path = tmp_path / "a.pdf"
    path.write_bytes(pages([drawn((60, 800, "at the corner"))], f"/Rotate {turn}"))
    page = pypdfium2.PdfDocument(path)[0]
    [(left, top, right, bottom)] = word_boxes(page, WordsOnPage("at the corner", 0, 13)).place
    assert page.get_rotation() == turn
    corner = {0: (0, 0), 90: (1, 0), 180: (1, 1), 270: (0, 1)}[turn]
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx(corner, abs=0.25)


def draw(path, number, width, sought=None):
    async def run():
        drawing = ReaderProcess().draw_pages(path, [number], width=width, sought=sought)
        [picture] = [picture async for picture in drawing]
        return picture

    return asyncio.run(run())


def test_words_fill_the_width_that_is_asked_for(tmp_path):
    path = tmp_path / "a.pdf"
    wide = "a line of words that goes on from the left margin to the right one, as lines do"
    path.write_bytes(pages([drawn((70, 700, wide)), drawn((70, 700, "1"))]))
    picture = draw(path, 1, 400, WordsOnPage(wide, 2, 6))
    assert picture.count == 2
    assert picture.text is not None
    image = QImage.fromData(picture.png)
    assert 360 <= (picture.text[2] - picture.text[0]) * image.width() <= 400
    [place] = picture.place
    dark = [
        x
        for x in range(round(place[0] * image.width()), round(place[2] * image.width()))
        for y in range(round(place[1] * image.height()), round(place[3] * image.height()))
        if image.pixelColor(x, y).lightness() < 128
    ]
    assert dark
    assert QImage.fromData(draw(path, 2, 400).png).width() < 700  # one letter is not made as wide
    picture = draw(FILES / "report-latex.pdf", 1, 0, WordsOnPage("thirty-six", 0, 10))
    assert (picture.png, len(picture.place)) == (b"", 1)  # without a measure only the place is told


def test_a_page_as_long_as_a_roll_is_drawn_within_bounds(tmp_path):
    path = tmp_path / "a.pdf"
    content = pages([drawn((2, 14_000, "x"), size=4)]).replace(b"[0 0 595 842]", b"[0 0 10 14400]")
    path.write_bytes(content)
    image = QImage.fromData(draw(path, 1, 800).png)
    assert 0 < image.height() <= 16_001
    assert image.width() > 0


@pytest.mark.parametrize("number", [0, 2, 1 << 40])
def test_a_page_that_is_not_there_is_a_reason(tmp_path, number):
    path = tmp_path / "a.pdf"
    path.write_bytes(pages([drawn((60, 700, "words"))]))
    with pytest.raises(ReadingError) as caught:
        draw(path, number, 300)
    assert caught.value.problem is ReadingProblem.CHANGED


def pictures(path, numbers, dpi=72):
    async def run():
        drawing = ReaderProcess().draw_pages(path, numbers, dpi=dpi)
        return {picture.number: QImage.fromData(picture.png, "PNG") async for picture in drawing}

    return asyncio.run(run())


def test_a_page_as_large_as_a_wall_is_drawn_smaller(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pages([drawn((60, 700, "words"))]).replace(b"[0 0 595 842]", b"[0 0 9999 9999]"))
    [picture] = pictures(path, [1], 300).values()
    assert picture.width() == picture.height()
    assert 3900 < picture.width() <= 4001


def test_lines_of_a_picture_may_stand_apart():
    image = QImage.fromData(png_of(2, 2, 8, memoryview(b"\t\t\t\xc8\0\0\1\1\7\7\7\5\5\5\1\1")))
    colours = [[image.pixelColor(x, y).getRgb()[:3] for x in range(2)] for y in range(2)]
    assert colours == [[(9, 9, 9), (200, 0, 0)], [(7, 7, 7), (5, 5, 5)]]
