"""Pictures of the pages of a PDF file, for a model that sees and for looking things up."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from math import sqrt

import pypdfium2

from desktop.core.documents.reading import PageBox, PagePicture, ReadingError, ReadingProblem
from desktop.readers.pdf.marking import WordBoxes, word_boxes
from desktop.readers.pdf.pages import opened
from desktop.readers.source import Source
from desktop.readers.wire import Drawing

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
