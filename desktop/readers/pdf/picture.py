"""Pictures of the pages of a PDF file, for a model that sees and for looking things up; and words found on them.

The words are those of a text that was read from the page before, whose letters may stand there in another order, with
other spaces and with hyphens between them. They are found letter by letter, by what stands around them.
"""

from __future__ import annotations

import ctypes
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import groupby, takewhile
from math import sqrt

import pypdfium2
import pypdfium2.raw as pdfium

from desktop.core.documents.document import PageBox, PagePicture, ReadingError, ReadingProblem, WordsOnPage
from desktop.readers.pdf.pages import opened
from desktop.readers.pdf.words import Box, PageLetters, around, letters_of
from desktop.readers.source import Source
from desktop.readers.wire import Drawing

_LEFT_OUT = frozenset("-\u2010\u2011\u00ad|\\")  # hyphens, and what stands between the cells of a row
_CONTEXT = 60  # letters on each side by which one of several places is chosen
_LEAST = 3  # letters of a piece that is looked for where the whole is not there
_MOST_LETTERS = 20_000  # of what is looked for
_MOST_PLACES = 200  # of the same letters on a page
_SAME_LINE = 0.5  # of the lower one's height is shared
_FINE = 1_000_000
_BESIDE = 1.5  # heights that may lie between two words of a marked line

_Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class WordBoxes:
    """Boxes on the picture of a page: around all words, of the paragraph that was sought and of the place in it."""

    text: PageBox | None = None
    paragraph: tuple[PageBox, ...] = ()
    place: tuple[PageBox, ...] = ()


def word_boxes(page: pypdfium2.PdfPage, sought: WordsOnPage | None) -> WordBoxes:
    """Return where words stand on a picture of a page, in shares of its size. The page keeps its turn.

    Raises PdfiumError.
    """
    turn = page.get_rotation()
    lines: list[Box] = []
    place: list[Box] = []
    with letters_of(page) as letters:  # which turns the page upright
        every = [letters.box(index, 0, len(word.text)) for index, word in enumerate(letters.words)]
        if sought is not None:
            found = _Search(letters)
            of_place, of_paragraph = found.ranges(sought)
            lines, place = (_merged(found.boxes(each), _is_beside) for each in (of_paragraph, of_place))
    page.set_rotation(turn)
    return WordBoxes(
        _share(page, reduce(around, every)) if every else None,
        tuple(_share(page, box) for box in _merged(lines, _is_same_block)),
        tuple(_share(page, box) for box in place),
    )


class _Search:
    """Letters of a page that are looked for, without spaces and hyphens."""

    def __init__(self, letters: PageLetters) -> None:
        self._letters = letters
        # The letters, and the word and the letter in it of each.
        self._places = [
            (index, offset)
            for index, word in enumerate(letters.words)
            for offset, letter in enumerate(word.text)
            if _is_sought(letter)
        ]
        self._text = "".join(letters.words[index].text[offset] for index, offset in self._places)

    def ranges(self, sought: WordsOnPage) -> tuple[list[_Range], list[_Range]]:
        """Return the squeezed letters of the place, and those of its paragraph."""
        words = sought.words[:_MOST_LETTERS]
        start, end = min(sought.start, len(words)), min(sought.end, len(words))
        before, inside, behind = (_bare(each) for each in (words[:start], words[start:end], words[end:]))
        near = self._at_index(sought.letter)
        place = self._find(inside, before, behind, near + len(before))
        whole = before + inside + behind
        paragraph = self._find(whole, "", "", near)
        if place and not any(first <= place[0][0] < last for first, last in paragraph):
            paragraph = [*paragraph, *place]  # which is marked at least
        return place, paragraph

    def boxes(self, ranges: Iterable[_Range]) -> Iterator[Box]:
        """Yield the boxes of the letters, word by word."""
        for first, last in ranges:
            for word, letters in groupby(self._places[first:last], lambda place: place[0]):
                offsets = [offset for _, offset in letters]
                yield self._letters.box(word, offsets[0], offsets[-1] + 1)

    def _find(self, sought: str, before: str, behind: str, near: int) -> list[_Range]:
        """Return where letters stand; where not in one piece, its halves are looked for."""
        if not sought:
            return []
        at = self._best(sought, before, behind, near)
        if at >= 0:
            return [(at, at + len(sought))]
        half = len(sought) // 2
        if half < _LEAST:
            return []
        first = self._find(sought[:half], before, sought[half:] + behind, near)
        second = self._find(sought[half:], before + sought[:half], behind, near + half)
        return [*first, *second]

    def _best(self, sought: str, before: str, behind: str, near: int) -> int:
        """Return the place of some letters that has most of what stands around them, then the nearest; -1 for none."""
        best, best_score = -1, (-1, 0)
        at = self._text.find(sought)
        for _ in range(_MOST_PLACES):
            if at < 0:
                break
            end = at + len(sought)
            alike = _common_start(self._text[max(0, at - _CONTEXT) : at][::-1], before[-_CONTEXT:][::-1])
            alike += _common_start(self._text[end : end + _CONTEXT], behind[:_CONTEXT])
            score = alike, -abs(at - near)
            if score > best_score:
                best, best_score = at, score
            at = self._text.find(sought, at + 1)
        return best

    def _at_index(self, letter: int) -> int:
        """Return the squeezed letter that is the page's letter of this index, or the first behind it."""
        words = self._letters.words
        return next((at for at, (word, _) in enumerate(self._places) if words[word].start >= letter), 0)


def _is_sought(letter: str) -> bool:
    return letter not in _LEFT_OUT and not letter.isspace()


def _bare(text: str) -> str:
    return "".join(filter(_is_sought, text))


def _common_start(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _merged(boxes: Iterable[Box], belongs: Callable[[Box, Box], bool]) -> list[Box]:
    """Return boxes, of which those that belong to the one before are one with it."""
    merged: list[Box] = []
    for box in boxes:
        if merged and belongs(merged[-1], box):
            merged[-1] = around(merged[-1], box)
        else:
            merged.append(box)
    return merged


def _is_beside(one: Box, other: Box) -> bool:
    gap = max(other[0] - one[2], one[0] - other[2])
    return _shares_height(one, other) and gap < _BESIDE * max(1.0, min(one[3] - one[1], other[3] - other[1]))


def _is_same_block(one: Box, other: Box) -> bool:
    """Return True for lines one below the other and for cells side by side, but not for those of two columns."""
    return (other[0] < one[2] and one[0] < other[2] and other[1] < one[3]) or _shares_height(one, other)


def _shares_height(one: Box, other: Box) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > _SAME_LINE * min(one[3] - one[1], other[3] - other[1])


def _share(page: pypdfium2.PdfPage, box: Box) -> PageBox:
    """Return a box of the page's own measures in shares of its picture, from its upper left corner."""
    xs, ys = [], []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        across, down = ctypes.c_int(), ctypes.c_int()
        # On a picture of a million pixels, since only whole ones are told.
        pdfium.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, across, down)
        xs.append(max(0.0, min(1.0, across.value / _FINE)))
        ys.append(max(0.0, min(1.0, down.value / _FINE)))
    return min(xs), min(ys), max(xs), max(ys)


_POINTS_OF_AN_INCH = 72
_MOST_PIXELS = 16_000_000
_BESIDE_TEXT = 0.06  # of the width, left free beside the words
_LEAST_SHARE = 0.6  # of the width that is shown: a page with one word is no wall of letters
_LONGEST_SIDE = 16_000  # pixels; of a page that is as long as a roll


def pictures_of(source: Source, drawing: Drawing) -> Iterator[PagePicture]:
    """Yield pictures of pages by their numbers, from 1; smaller ones of pages that are very large.

    Raises `ReadingError`.
    """
    with opened(source) as document:
        document.init_forms()  # so that what was filled in is drawn, too
        for number in drawing.pages:
            if not 1 <= number <= len(document):
                raise ReadingError(ReadingProblem.CHANGED, f"no page {number}")
            page = document[number - 1]
            try:
                yield _picture(page, number, len(document), drawing)
            finally:
                page.close()


def _picture(page: pypdfium2.PdfPage, number: int, count: int, drawing: Drawing) -> PagePicture:
    boxes = word_boxes(page, drawing.sought) if drawing.width or drawing.sought is not None else WordBoxes()
    scale = _scale(page, drawing, boxes.text)
    return PagePicture(number, _png(page, scale) if scale else b"", count, boxes.paragraph, boxes.place, boxes.text)


def _scale(page: pypdfium2.PdfPage, drawing: Drawing, text: PageBox | None) -> float:
    """Return the pixels of a point; 0 where no picture is asked for."""
    width, height = page.get_size()
    scale = drawing.dpi / _POINTS_OF_AN_INCH
    if drawing.width:
        share = min(1.0, text[2] - text[0] + _BESIDE_TEXT) if text is not None else 1.0
        scale = drawing.width / max(1.0, width * max(share, _LEAST_SHARE))
    pixels = width * height * scale**2
    if pixels > _MOST_PIXELS:
        scale *= sqrt(_MOST_PIXELS / pixels)
    return float(min(scale, _LONGEST_SIDE / max(width, height, 1.0)))


def _png(page: pypdfium2.PdfPage, scale: float) -> bytes:
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=True)
    try:
        return png_of(bitmap.width, bitmap.height, bitmap.stride, memoryview(bitmap.buffer).cast("B"))
    finally:
        bitmap.close()


_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _COLOUR = 0, 2  # kinds of PNG's


def png_of(width: int, height: int, stride: int, colours: memoryview) -> bytes:
    """Return a PNG file of pixels with three bytes each, red first, in lines that are `stride` bytes apart."""
    lines = [bytes(colours[row * stride : row * stride + 3 * width]) for row in range(height)]
    kind = _COLOUR
    if all(line[0::3] == line[1::3] == line[2::3] for line in lines):
        lines = [line[0::3] for line in lines]
        kind = _GREY
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + line for line in lines), 6)
    return _SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
