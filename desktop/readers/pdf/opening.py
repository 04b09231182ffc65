"""PDF files as they are opened: with a password, or with the reason why not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pypdfium2.raw as pdfium

from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.readers.source import DamagedError, Source


@contextmanager
def opened(source: Source) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF file. Raises `ReadingError`."""
    content = source.path if source.inside is None else source.inside
    try:
        document = pypdfium2.PdfDocument(content, password=source.password or None)
    except pypdfium2.PdfiumError as error:
        raise _problem(source) from error
    try:
        if len(document) == 0:
            raise DamagedError("no pages")
        yield document
    finally:
        document.close()


def _problem(source: Source) -> ReadingError:
    match pdfium.FPDF_GetLastError():
        case pdfium.FPDF_ERR_PASSWORD:
            return ReadingError(ReadingProblem.WRONG_PASSWORD if source.password else ReadingProblem.NEEDS_PASSWORD)
        case pdfium.FPDF_ERR_SECURITY:
            return ReadingError(ReadingProblem.PROTECTED)
        case _:
            return ReadingError(ReadingProblem.DAMAGED)
