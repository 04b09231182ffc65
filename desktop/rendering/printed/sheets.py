"""Sheets of paper with texts below each other: laid out for a PDF or a printer, page by page, each with its number.

Each text is a document of its own, so that a long conversation needs no more memory than its longest portion. Lines are
never cut by a page's end. What is painted is text, so it can be selected and searched; formulas are outlines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QPagedPaintDevice,
    QPainter,
    QPalette,
    QPyTextObject,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from desktop.rendering.formula.engraver import engrave
from desktop.rendering.formula.outline import Formula
from desktop.rendering.text.leaves import Leaf, Table
from desktop.rendering.written.html import HtmlLook, as_source, html
from desktop.rendering.written.word import column_widths

Paper = QPagedPaintDevice
"""A printer, or a file that is written like one."""

_POINTS = 10.5  # of the text
_FORMULA_OBJECT = QTextFormat.ObjectTypes.UserObject + 1
_FORMULA = QTextFormat.Property.UserProperty + 1
_NAME = "formula:"
_INK = QColor("#1b1a18")
_GREY = QColor("#66635c")
_INDENT = 16  # pixels of a screen
_FORMULA_SCALE = 1.1  # its letters are smaller than those of most fonts
_LEAST_ROOM = 5  # lines that a new text must have on a page
_LINE = 9_300  # twentieths of a point, as a line of a Word document has
_SMALL_POINTS = 7.5
_FORMULAS_KEPT = 4_000
_FOOT = 2.2  # lines below the text, for the number of the page

_STYLES = """
h1 { font-size: 17pt; margin-top: 14px; } h2 { font-size: 14pt; margin-top: 12px; } h3 { font-size: 12pt; }
h4, h5, h6 { font-size: 10.5pt; } p { margin-top: 0px; margin-bottom: 7px; }
.head { color: #66635c; font-size: 9pt; margin-top: 22px; } .thinking { color: #66635c; margin-left: INDENTpx; }
.sources { color: #66635c; font-size: 9pt; margin-top: 7px; }
.said { background-color: #f3f1ec; white-space: pre-wrap; }
pre { background-color: #f3f1ec; white-space: pre-wrap; font-family: Consolas, "DejaVu Sans Mono", monospace; }
code { background-color: #f3f1ec; font-family: Consolas, "DejaVu Sans Mono", monospace; }
pre, code { font-size: 9.5pt; } blockquote { color: #44423c; margin-left: INDENTpx; } a { color: #0b5fa5; }
table { margin-top: 2px; margin-bottom: 9px; } th { background-color: #f3f1ec; text-align: left; }
"""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A place that a reader of the file can jump to: its words, its depth, the page from 0, and points from its top."""

    words: str
    depth: int
    page: int
    top: float


class _Document(QTextDocument):
    """A document that reads nothing from anywhere, whatever a text names."""

    def loadResource(self, type: int, name: QUrl | str) -> Any:
        return QImage()


class _FormulaObject(QPyTextObject):
    """Formulas in a document: each is one letter there, and painted as outlines."""

    def __init__(self, formulas: Sequence[Formula], em: float) -> None:
        super().__init__()
        self._formulas = formulas
        self._em = em

    def intrinsicSize(self, _doc: QTextDocument, _pos: int, format: QTextFormat) -> QSizeF:
        formula = self._formulas[int(format.property(_FORMULA))]
        return QSizeF(formula.width * self._em, (formula.ascent + formula.descent) * self._em)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, _doc: QTextDocument, _pos: int, format: QTextFormat
    ) -> None:
        formula = self._formulas[int(format.property(_FORMULA))]
        painter.save()
        painter.translate(rect.left(), rect.top() + formula.ascent * self._em)
        formula.fill(painter, self._em, _INK)
        painter.restore()


class Sheets:
    """The sheets of one file or one print."""

    def __init__(self, device: Paper) -> None:
        self._device = device
        self._font = QFont(QGuiApplication.font())
        self._font.setPointSizeF(_POINTS)
        # Forms of a language of their own, as those of digits in a font for Chinese, get no code in Qt's PDF files.
        self._font.setFeature(QFont.Tag("locl"), 0)
        self._painter = QPainter(device)
        metrics = QFontMetricsF(self._font, device)
        self._line = metrics.lineSpacing()
        self._em = _FORMULA_SCALE * _POINTS * device.logicalDpiY() / 72
        self._foot = _FOOT * self._line
        self._width = float(device.width())
        self._height = device.height() - self._foot
        self._page = 0
        self._used = 0.0  # of the page, from its top
        self.bookmarks: list[Bookmark] = []

    def add_text(
        self, before: str, leaves: Sequence[Leaf], top_heading: int, bookmark: str = "", *, goes_on: bool = False
    ) -> None:
        """Add a text below those before: a piece of HTML of the program's own, and then the leaves.

        `goes_on`: it continues the one before, and may begin on the last line of a page.
        """
        if self._height - self._used < (1 if goes_on else _LEAST_ROOM) * self._line:
            self._turn_page()
        formulas: list[Formula] = []

        def write_formula(latex: str, display: bool) -> str:
            formula = _engraved(latex, display)
            if formula is None or formula.width * self._em > self._width:
                return as_source(latex, display)
            formulas.append(formula)
            return f'<img src="{_NAME}{len(formulas) - 1}">'

        look = HtmlLook(
            write_formula=write_formula,
            top_heading=top_heading,
            table_attributes=' border="1" cellspacing="0" cellpadding="4"',
            table_style=_table_style,
        )
        document = self._document(before + html(leaves, look), formulas)
        self._paint(document, bookmark)

    def end(self) -> None:
        """Finish the last page."""
        self._number_page()
        self._painter.end()

    def _document(self, source: str, formulas: Sequence[Formula]) -> QTextDocument:
        document = _Document()
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.setDefaultFont(self._font)
        # Qt measures margins at the sides in the device's own pixels, those above and below in the screen's.
        document.setDefaultStyleSheet(_STYLES.replace("INDENT", str(round(_INDENT * self._device.logicalDpiX() / 96))))
        layout = document.documentLayout()
        layout.setPaintDevice(self._device)
        document.setHtml(source)
        handler = _FormulaObject(formulas, self._em)
        handler.setParent(document)
        layout.registerHandler(_FORMULA_OBJECT, handler)
        self._put_formulas(document, formulas)
        if self._used:
            self._leave_room(document)
        document.setPageSize(QSizeF(self._width, self._height))
        return document

    def _leave_room(self, document: QTextDocument) -> None:
        """Put an empty line at the beginning, as high as what stands on the page already."""
        cursor = QTextCursor(document)
        cursor.insertBlock(document.begin().blockFormat())
        look = QTextBlockFormat()
        scale = self._device.logicalDpiY() / 96
        look.setLineHeight(self._used / scale, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.setPosition(0)
        cursor.setBlockFormat(look)
        letter = QTextCharFormat()
        letter.setFontPointSize(1)
        cursor.setBlockCharFormat(letter)

    def _put_formulas(self, document: QTextDocument, formulas: Sequence[Formula]) -> None:
        """Put formulas in the places of the pictures that stand for them."""
        places: list[tuple[int, int]] = []
        block = document.begin()
        while block.isValid():
            places += _pictures_in(block)
            block = block.next()
        descent = QFontMetricsF(self._font).descent()  # of the screen: Qt does not ask the paper here
        cursor = QTextCursor(document)
        cursor.beginEditBlock()  # else all is laid out anew for each
        for place, number in reversed(places):
            look = QTextCharFormat()
            look.setObjectType(_FORMULA_OBJECT)
            look.setProperty(_FORMULA, number)
            # Qt lets an object hang below the line as far as its font does: a font is taken that does so by as much.
            font = QFont(self._font)
            font.setPointSizeF(max(0.5, _POINTS * formulas[number].descent * self._em / descent))
            look.setFont(font)
            look.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
            cursor.setPosition(place)
            cursor.setPosition(place + 1, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText("\ufffc", look)
        cursor.endEditBlock()

    def _paint(self, document: QTextDocument, bookmark: str) -> None:
        layout = document.documentLayout()
        pages = document.pageCount()
        self._mark(document, layout, bookmark)
        for page in range(pages):
            if page:
                self._turn_page()
            context = QAbstractTextDocumentLayout.PaintContext()
            context.palette.setColor(QPalette.ColorRole.Text, _INK)
            # A dot less: else the lines beside the page's ends are written as well, not seen but found.
            context.clip = QRectF(0, page * self._height + 1, self._width, self._height - 2)
            self._painter.save()
            self._painter.translate(0, -page * self._height)
            self._painter.setClipRect(context.clip)
            layout.draw(self._painter, context)
            self._painter.restore()
        self._used = _end_of(document, layout) - (pages - 1) * self._height

    def _mark(self, document: QTextDocument, layout: QAbstractTextDocumentLayout, bookmark: str) -> None:
        """Note where the text begins, and its headings."""
        is_first = True
        block = document.begin().next() if self._used else document.begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            if (is_first and bookmark) or level:
                rect = layout.blockBoundingRect(block)
                line = block.layout().lineAt(0)
                y = rect.top() + (line.y() if line.isValid() else 0.0)
                page = int((y + 1) // self._height)  # where a line was moved to the top of a page, it is less by a hair
                top = max(0.0, y - page * self._height) * 72 / self._device.logicalDpiY()
                words = bookmark if is_first and bookmark else block.text().replace("\ufffc", "").strip()
                depth = 0 if is_first and bookmark else (level if bookmark else level - 1)
                self.bookmarks.append(Bookmark(words, depth, self._page + page, top))
            is_first = False
            block = block.next()

    def _turn_page(self) -> None:
        self._number_page()
        self._device.newPage()
        self._page += 1
        self._used = 0.0

    def _number_page(self) -> None:
        self._painter.save()
        self._painter.setPen(_GREY)
        font = QFont(self._font)
        font.setPointSizeF(8.5)
        self._painter.setFont(font)
        place = QRectF(0, self._height, self._width, self._foot)
        center = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        self._painter.drawText(place, center, str(self._page + 1))
        self._painter.restore()


def _table_style(table: Table) -> str:
    """Return the looks of a table, whose letters are smaller where Qt would break words in narrow columns."""
    is_small = column_widths(table, _LINE)[1]
    return "border-collapse:collapse" + (f";font-size:{_SMALL_POINTS}pt" if is_small else "")


@lru_cache(maxsize=_FORMULAS_KEPT)
def _engraved(latex: str, display: bool) -> Formula | None:
    """Return a formula; the same ones come back all through a conversation, and in each turn of a preview."""
    return engrave(latex, display)


def drawn_on(paper: Paper, draw: Callable[[Sheets], None]) -> list[Bookmark]:
    """Have `draw` put texts on sheets of paper, and return where they stand."""
    sheets = Sheets(paper)
    try:
        draw(sheets)
    finally:
        sheets.end()
    return sheets.bookmarks


def _end_of(document: QTextDocument, layout: QAbstractTextDocumentLayout) -> float:
    """Return where the last line ends. Its block ends before that where the line was moved to the next page."""
    block = document.lastBlock()
    rect, lines = layout.blockBoundingRect(block), block.layout()
    if not lines.lineCount():
        return rect.bottom()
    line = lines.lineAt(lines.lineCount() - 1)
    return max(rect.bottom(), rect.top() + line.y() + line.height())


def _pictures_in(block: QTextBlock) -> list[tuple[int, int]]:
    """Return the places of the pictures that stand for formulas, with the numbers of these."""
    found: list[tuple[int, int]] = []
    fragments = block.begin()
    while not fragments.atEnd():
        fragment = fragments.fragment()
        look = fragment.charFormat()
        if look.isImageFormat():
            name = look.toImageFormat().name()
            if name.startswith(_NAME):
                # Several alike beside each other are one fragment.
                found += [
                    (fragment.position() + each, int(name.removeprefix(_NAME))) for each in range(fragment.length())
                ]
        fragments += 1
    return found
