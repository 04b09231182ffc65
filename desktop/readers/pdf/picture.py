"""Pictures of the pages of a PDF file, for a model that sees and for looking things up."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import pypdfium2

from desktop.core.documents.reading import PageBox, PagePicture, ReadingError, ReadingProblem
from desktop.readers.pdf.marking import WordBoxes, word_boxes
from desktop.readers.pdf.opening import opened
from desktop.readers.pdf.png import png_of
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
