"""Pictures of the pages of a PDF file, for a model that sees and for looking things up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt

import pypdfium2

from desktop.core.documents.reading import PagePicture, ReadingError, ReadingProblem
from desktop.readers.pdf.opening import opened
from desktop.readers.pdf.png import png_of
from desktop.readers.source import Source

_POINTS_OF_AN_INCH = 72
_MOST_PIXELS = 16_000_000


def pictures_of(source: Source, numbers: Sequence[int], dpi: int) -> Iterator[PagePicture]:
    """Yield pictures of pages by their numbers, from 1; smaller ones of pages that are very large.

    Raises `ReadingError`.
    """
    with opened(source) as document:
        document.init_forms()  # so that what was filled in is drawn, too
        for number in numbers:
            if not 1 <= number <= len(document):
                raise ReadingError(ReadingProblem.CHANGED, f"no page {number}")
            try:
                yield PagePicture(number, _png(document[number - 1], dpi))
            except pypdfium2.PdfiumError as error:
                raise ReadingError(ReadingProblem.DAMAGED, f"page {number}") from error


def _png(page: pypdfium2.PdfPage, dpi: int) -> bytes:
    width, height = page.get_size()
    scale = dpi / _POINTS_OF_AN_INCH
    pixels = width * height * scale**2
    if pixels > _MOST_PIXELS:
        scale *= sqrt(_MOST_PIXELS / pixels)
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=True)
    try:
        return png_of(bitmap.width, bitmap.height, bitmap.stride, memoryview(bitmap.buffer).cast("B"))
    finally:
        bitmap.close()
        page.close()
