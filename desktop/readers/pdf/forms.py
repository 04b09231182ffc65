"""What was filled into the form of a PDF file, which is no part of its text: names of fields and their values."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from desktop.core.documents.document import Block, Run, table_row

_MOST_FIELDS = 5_000  # of a page
_TICKED, _UNTICKED = "☑", "☐"
_BOXES = {pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON}
_VALUES = {pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX}
_MOST_BYTES = 1 << 20


def has_form(document: pypdfium2.PdfDocument) -> bool:
    """Return True if a file has a form, and prepare its pages, which are opened afterwards, for reading it."""
    if document.get_formtype() == pdfium.FORMTYPE_NONE:
        return False
    document.init_forms()
    return document.formenv is not None


def form_of(page: pypdfium2.PdfPage) -> tuple[Block | None, int]:
    """Return the fields of a page that say something as a table, with their values, and how many they are."""
    rows = list(_fields(page))
    if not rows:
        return None, 0
    return Block((Run("\n".join(map(table_row, rows))),), is_table=True), len(rows)


def _fields(page: pypdfium2.PdfPage) -> Iterator[list[str]]:
    form = page.formenv
    for index in range(min(_MOST_FIELDS, pdfium.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET and (
                said := _field(form, annotation)
            ):
                yield said
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _field(form: Any, annotation: Any) -> list[str] | None:
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    name = _told(pdfium.FPDFAnnot_GetFormFieldAlternateName, form, annotation) or _told(
        pdfium.FPDFAnnot_GetFormFieldName, form, annotation
    )
    if kind in _BOXES:
        chosen = _told(pdfium.FPDFAnnot_GetFormFieldExportValue, form, annotation)
        ticked = _TICKED if pdfium.FPDFAnnot_IsChecked(form, annotation) else _UNTICKED
        # Of several boxes with one name, the value tells which.
        return [name, f"{ticked} {chosen}" if kind == pdfium.FPDF_FORMFIELD_RADIOBUTTON and chosen else ticked]
    value = _told(pdfium.FPDFAnnot_GetFormFieldValue, form, annotation) if kind in _VALUES else ""
    return [name, value] if value.strip() else None


def _told(ask: Callable[..., int], form: Any, annotation: Any) -> str:
    size = min(_MOST_BYTES, ask(form, annotation, None, 0))
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    ask(form, annotation, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
