"""Texts on sheets of paper, for a PDF file or a printer: laid out page by page, each page with its number.

A message comes in portions, each small enough to be laid out in one go, and each is a document of its own: a long
conversation needs no more memory than its longest portion, and can be given up. A portion is counted in letters, not
timed, so that a text comes out the same on every machine. Lines are never cut by a page's end. What is painted is text,
so it can be selected and searched; formulas are outlines. Qt writes no bookmarks, and gives some letters the codes of
others that look alike; both is mended in the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRect, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QPyTextObject,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from desktop.rendering.formula.engraver import engrave
from desktop.rendering.formula.typesetter import Formula
from desktop.rendering.text.leaves import Cell, Leaf, LeafKind, Span, Style, Table
from desktop.rendering.text.plain_document import cuts, without_markers
from desktop.rendering.text.shown_text import Position, excerpt
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


LETTERS = 4_000  # of a portion: about a page, which takes some 20 ms
_LETTERS_OF_FORMULA = 1_500  # letters of prose that take as long as one
_CELL = 28  # for what a cell takes beside its own letters
_SPAN = 40  # for a link or emphasis


def portions(leaves: Iterable[Leaf]) -> Iterator[list[Leaf]]:
    """Yield the leaves in portions; tables and code that are longer are divided, and a table repeats its header.

    A heading goes with what stands below it.
    """
    portion: list[Leaf] = []
    letters = 0
    for leaf in leaves:
        for piece in _pieces(leaf):
            cost = _cost_of(piece)
            if portion and letters + cost > LETTERS:
                headings = _headings_at_end_of(portion)
                yield portion[: len(portion) - headings]
                portion, letters = portion[len(portion) - headings :], 0
            portion.append(piece)
            letters += cost
    if portion:
        yield portion


def _headings_at_end_of(portion: Sequence[Leaf]) -> int:
    """Return how many headings end a portion; 0 where it has nothing else."""
    count = 0
    while count < len(portion) and portion[-1 - count].kind is LeafKind.HEADING:
        count += 1
    return count if count < len(portion) else 0


def parts_of(text: str) -> Iterator[str]:
    """Yield a plain text in parts that each fit into a portion, or nearly; what stood between two is left out."""
    for start, end in _places(text):
        yield text[start:end]


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of parts: as many lines as fit into a portion, or what a longer line is cut into."""
    start = 0
    while start < len(text):
        end = len(text) if len(text) - start <= LETTERS else text.rfind("\n", start, start + LETTERS)
        if end < 0:
            end = text.find("\n", start) % (len(text) + 1)  # of the line, or of all
            whole = start
            for cut, after in cuts(text[start:end]):
                yield start, whole + cut
                start = whole + after
        yield start, end
        start = end + 1


def _pieces(leaf: Leaf) -> Iterator[Leaf]:
    if leaf.table is not None and _cost_of(leaf) > LETTERS:
        yield from _pieces_of_table(leaf)
    elif leaf.kind in (LeafKind.CODE, LeafKind.PARAGRAPH) and leaf.letters > LETTERS:
        for start, end in _places(leaf.text):
            yield from excerpt([leaf], Position(0, start), Position(0, end))
    else:
        yield leaf


def _pieces_of_table(leaf: Leaf) -> Iterator[Leaf]:
    table = leaf.table
    assert table is not None
    head, rows = (table.rows[:1], table.rows[1:]) if table.has_header else ((), table.rows)
    containers = leaf.containers
    start, letters = 0, 0
    for at, row in enumerate(rows):
        cost = _cost_of_row(row)
        if at > start and letters + cost > LETTERS:
            yield Leaf(leaf.kind, containers=containers, table=replace(table, rows=(*head, *rows[start:at])))
            containers, start, letters = without_markers(containers), at, 0
        letters += cost
    yield Leaf(leaf.kind, containers=containers, table=replace(table, rows=(*head, *rows[start:])))


def _cost_of(leaf: Leaf) -> int:
    if leaf.table is not None:
        return sum(map(_cost_of_row, leaf.table.rows))
    if leaf.kind is LeafKind.FORMULA:
        return _LETTERS_OF_FORMULA
    return len(leaf.text) + _cost_of_spans(leaf.spans)


def _cost_of_row(row: Sequence[Cell]) -> int:
    return sum(len(cell.text) + _CELL + _cost_of_spans(cell.spans) for cell in row)


def _cost_of_spans(spans: Sequence[Span]) -> int:
    return sum(_LETTERS_OF_FORMULA if span.style & Style.FORMULA else _SPAN for span in spans)


_DOTS = 600  # an inch, in which Qt places letters
_MARGIN_MM = 20.0
_LETTERS_AT_ONCE = 100_000

# Radicals that look like a letter of their own, which Unicode does not take apart.
_RADICALS = dict(
    zip(
        "⺠⺟⺩⻁⻄⻅⻉⻋⻑⻒⻓⻔⻗⻘⻙⻚⻛⻜⻝⻞⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻱⻳⺎⺁⺒⺓⺝⺧⺫⺬⺮⺰⺼⺽⻍⻎⻊⻐",
        "民母王虎西见贝车長镸长门雨青韦页风飞食食马骨鬼鱼鸟卤麦黄黾齐齿龙龜龟兀厂巳幺月牛目示竹纟肉臼辶辶足钅",
        strict=True,
    )
)
_MAPPING = b"beginbf", b"endbf"  # what a table of codes stands between
_CODE = re.compile(rb"<([0-9A-Fa-f]{4})>")


def write_pdf(
    draw: Callable[[Sheets], None], *, title: str, author: str, letter_paper: bool, text: Collection[str]
) -> bytes:
    """Return a file of what `draw` puts on the sheets; `text` is what is said there, for its letters' codes."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS)
    writer.setTitle(title)
    writer.setAuthor(author)
    writer.setCreator("Candor")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter if letter_paper else QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    height = writer.pageLayout().fullRectPoints().height()
    top = writer.pageLayout().paintRectPoints().top()
    bookmarks = drawn_on(writer, draw)
    letters: set[str] = set()
    for each in text:
        for at in range(0, len(each), _LETTERS_AT_ONCE):  # so that other threads have their turn in between
            letters.update(each[at : at + _LETTERS_AT_ONCE])
    written = with_true_letters(bytes(buffer.data().data()), letters)
    return with_bookmarks(written, bookmarks, height - top)


def with_true_letters(file: bytes, letters: Collection[str]) -> bytes:
    """Return the file with the codes of the letters that the text has, where Qt gave those of others."""
    begin, end = _MAPPING
    pieces, at = [], 0
    while (start := file.find(begin, at)) >= 0 and (stop := file.find(end, start)) >= 0:
        pieces += [file[at:start], _CODE.sub(lambda code: _true_code(code, letters), file[start:stop])]
        at = stop
    return b"".join([*pieces, file[at:]])


def _true_code(code: re.Match[bytes], letters: Collection[str]) -> bytes:
    """Return a code of the same length: no place in the file moves."""
    letter = chr(int(code[1], 16))
    if letter == "\t":
        return b"<0020>"
    if letter in letters or not ("\u2e80" <= letter <= "\u2fdf" or "\uf900" <= letter <= "\ufaff"):
        return code[0]
    other = _RADICALS.get(letter) or normalize("NFKC", letter)
    return b"<%04X>" % ord(other) if len(other) == 1 and ord(other) <= 0xFFFF else code[0]


def with_bookmarks(file: bytes, bookmarks: Sequence[Bookmark], top: float) -> bytes:
    """Return the file with bookmarks, added behind its end as PDF wants it; `top` is that of the text, from below."""
    root = re.search(rb"/Root (\d+) 0 R", file)
    size = re.search(rb"/Size (\d+)", file)
    ids = re.search(rb"/ID (\[.*?\])", file, re.DOTALL)
    start = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", file)
    kids = re.search(rb"/Kids\s*\[(.*?)\]", file, re.DOTALL)
    if not bookmarks or not (root and size and ids and start and kids):
        return file
    catalog = re.search(rb"\n%s 0 obj\n<<(.*?)>>\nendobj" % root[1], file, re.DOTALL)
    if catalog is None:
        return file
    pages = re.findall(rb"(\d+) 0 R", kids[1])
    first = int(size[1])
    objects = {int(root[1]): b"<<%s/Outlines %d 0 R\n/PageMode /UseOutlines\n>>" % (catalog[1], first)}
    objects |= _outline(bookmarks, pages, first, top)
    trailer = b"/Size %d /Root %s 0 R /ID %s /Prev %s" % (first + len(objects) - 1, root[1], ids[1], start[1])
    info = re.search(rb"/Info (\d+) 0 R", file)
    return file + _update(objects, trailer + (b" /Info %s 0 R" % info[1] if info else b""), len(file))


def _outline(bookmarks: Sequence[Bookmark], pages: Sequence[bytes], first: int, top: float) -> dict[int, bytes]:
    """Return the objects of the tree of bookmarks, by their numbers; the first is its root."""
    parents: list[int] = []  # of each bookmark; -1 for the root
    stack: list[int] = []
    for number, each in enumerate(bookmarks):
        while stack and bookmarks[stack[-1]].depth >= each.depth:
            stack.pop()
        parents.append(stack[-1] if stack else -1)
        stack.append(number)
    children: dict[int, list[int]] = {}
    for number, parent in enumerate(parents):
        children.setdefault(parent, []).append(number)

    def ends(parent: int) -> bytes:
        below = children.get(parent, [])
        if not below:
            return b""
        count = len(below) if parent < 0 else -len(below)  # those below a message are folded at first
        return b" /First %d 0 R /Last %d 0 R /Count %d" % (first + 1 + below[0], first + 1 + below[-1], count)

    objects = {first: b"<< /Type /Outlines%s >>" % ends(-1)}
    for number, each in enumerate(bookmarks):
        beside = children[parents[number]]
        at = bisect_left(beside, number)
        links = b" /Prev %d 0 R" % (first + 1 + beside[at - 1]) if at else b""
        links += b" /Next %d 0 R" % (first + 1 + beside[at + 1]) if at + 1 < len(beside) else b""
        page = pages[min(each.page, len(pages) - 1)]
        words = ("\ufeff" + each.words[:200]).encode("utf-16-be", "replace").hex().encode()
        goal = b"[%s 0 R /XYZ null %.1f null]" % (page, top - each.top)
        head = b"<< /Title <%s> /Parent %d 0 R /Dest %s" % (words, first + 1 + parents[number], goal)
        objects[first + 1 + number] = head + links + ends(number) + b" >>"
    return objects


def _update(objects: dict[int, bytes], trailer: bytes, end: int) -> bytes:
    """Return what is added behind a file that ends at `end`: the objects, and where each stands."""
    body, table = b"\n", b"xref\n"
    for number, content in sorted(objects.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, end + len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return body + table + b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, end + len(body))
