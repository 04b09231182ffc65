"""Leaves as HTML for the clipboard: what Word, Outlook, LibreOffice, Excel and mail programs take over when one pastes.

They read no style sheets, so every look stands in its tag. A formula goes twice: as one of Word, which only Word reads,
and as a picture for all others, whose text is the LaTeX.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter

from desktop.rendering.formula.mathml import mathml
from desktop.rendering.formula.typesetter import Formula
from desktop.rendering.text.leaves import Leaf
from desktop.rendering.written.html import HtmlLook, as_source, html, xml_text
from desktop.rendering.written.omml import html_run, omml

_FONT = "font-family:Calibri,'Segoe UI',Arial,sans-serif"
_CODE_FONT = "font-family:Consolas,'Courier New',monospace"
_BODY = f"{_FONT};font-size:11pt"
_STYLES = {
    "p": f"{_BODY};margin:0 0 8pt 0",
    "h1": f"{_FONT};font-size:18pt;font-weight:bold;margin:14pt 0 6pt 0",
    "h2": f"{_FONT};font-size:15pt;font-weight:bold;margin:12pt 0 5pt 0",
    "h3": f"{_FONT};font-size:13pt;font-weight:bold;margin:10pt 0 4pt 0",
    "h4": f"{_FONT};font-size:11pt;font-weight:bold;margin:8pt 0 4pt 0",
    "h5": f"{_FONT};font-size:11pt;font-weight:bold;margin:8pt 0 4pt 0",
    "h6": f"{_FONT};font-size:11pt;font-weight:bold;margin:8pt 0 4pt 0",
    "ul": f"{_BODY};margin-top:0;margin-bottom:8pt",
    "ol": f"{_BODY};margin-top:0;margin-bottom:8pt",
    "li": _BODY,
    "blockquote": f"{_BODY};margin:0 0 8pt 12pt;padding-left:8pt;border-left:2.25pt solid #bbbbbb;color:#444444",
    "pre": f"{_CODE_FONT};font-size:10pt;background:#f3f3f3;padding:6pt;margin:0 0 8pt 0",
    "code": f"{_CODE_FONT};font-size:10pt;background:#f3f3f3",
    "table": f"border-collapse:collapse;{_BODY};margin-bottom:8pt",
    "th": f"border:1px solid #999999;padding:2pt 5pt;font-weight:bold;background:#eeeeee;{_BODY}",
    "td": f"border:1px solid #999999;padding:2pt 5pt;vertical-align:top;{_BODY}",
    "hr": "border:none;border-top:1px solid #999999",
}
_HEAD = '<html xmlns:m="http://schemas.microsoft.com/office/2004/12/omml"><head><meta charset="utf-8"></head><body>'

_EM = 11 * 96 / 72  # pixels of a screen, as the text around a formula
_SHARPNESS = 3  # pixels of the picture for one of a screen


def pasted_piece(leaves: Sequence[Leaf]) -> str:
    """Return the leaves as HTML to be pasted. Takes milliseconds for each formula; runs on any thread."""
    return html(leaves, _LOOK)


def pasted_formula(latex: str) -> str:
    """Return one formula as HTML to be pasted, without a paragraph around it."""
    return _write_formula(latex, False)


def pasted_page(pieces: Iterable[str]) -> str:
    """Return pieces as a whole page, as programs expect it on the clipboard."""
    return f"{_HEAD}<!--StartFragment-->{''.join(pieces)}<!--EndFragment--></body></html>"


def _write_formula(latex: str, display: bool) -> str:
    # What most conversations have no need of.
    from desktop.rendering.formula.engraver import engrave

    elements = mathml(latex, display)
    formula = engrave(latex, display)
    fallback = _picture(formula, latex) if formula is not None else _source(latex, display)
    if elements is None:
        return fallback
    for_word = omml(elements, html_run)
    if display:
        for_word = f"<m:oMathPara>{for_word}</m:oMathPara>"
    return f"<!--[if gte msEquation 12]>{for_word}<![endif]--><![if !msEquation]>{fallback}<![endif]>"


def _source(latex: str, display: bool) -> str:
    return as_source(latex, display).replace("<code>", f'<code style="{_STYLES["code"]}">', 1)


def _picture(formula: Formula, latex: str) -> str:
    """Return an image that lies within the tag, as high as the text around it."""
    width, height = math.ceil(formula.width * _EM), math.ceil((formula.ascent + formula.descent) * _EM)
    image = QImage(width * _SHARPNESS, height * _SHARPNESS, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.translate(0, math.ceil(formula.ascent * _EM * _SHARPNESS))
    formula.fill(painter, _EM * _SHARPNESS, QColor(Qt.GlobalColor.black))
    painter.end()
    data = base64.b64encode(_png(image)).decode("ascii")
    size = f'width="{width}" height="{height}" style="vertical-align:{-formula.descent * _EM:.1f}px"'
    return f'<img src="data:image/png;base64,{data}" {size} alt="{xml_text(latex)}">'


def _png(image: QImage) -> bytes:
    written = QBuffer()
    written.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(written, QByteArray(b"png")).write(image)
    return bytes(written.data().data())


_LOOK = HtmlLook(
    styles=_STYLES,
    write_formula=_write_formula,
    table_attributes=' border="1" cellspacing="0" cellpadding="4"',
    cells_as_text=True,
)
