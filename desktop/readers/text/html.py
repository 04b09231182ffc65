"""Web pages: headings, paragraphs, lists and tables in order; what the page hides from its readers is left out.

Tables that only divide a page, as mails use them, are read as the text that they hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.documents.document import Aside, Block, Remark, RemarkKind
from desktop.core.documents.reading import Opened, ReadingEvent
from desktop.readers.source import Source
from desktop.readers.text.blocks import Cell, Runs, chapters, left_out, table_blocks
from desktop.readers.text.markup import Node, tree
from desktop.readers.text.plain import Decoded, decode

_HEAD = 4096  # bytes in which a page tells its encoding
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,100}encoding=["']([\w.:-]{1,40})""", re.I
)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_NO_TEXT = "script style template noscript head title iframe object canvas audio video svg datalist"
_LEFT_OUT = frozenset(_NO_TEXT.split())
_BLOCK_TAGS = """
    address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form
    header hr html legend main nav p section summary caption option tr td th table tbody thead tfoot
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_WIDEST_CELL = 64  # columns or rows that a cell may span
_LETTERS_OF_A_CELL = 4000  # more is a column of a page, not a cell
_MOST_COLUMNS = 500
_MOST_FILLED = 100_000  # cells of a page that are empty because others span them


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the text of a web page. Raises `ReadingError`."""
    decoded = decode_html(source.content(), source.encoding)
    yield Opened("text/html", encoding=decoded.encoding)
    page = WebPage(decoded.text)
    yield from chapters(page.blocks())
    if decoded.is_guess:
        yield Remark(RemarkKind.ENCODING, detail=decoded.encoding)
    yield from left_out(page.pictures)


def decode_html(data: bytes, encoding: str = "") -> Decoded:
    """Return the text of a page, by the encoding given, else by the one that it tells itself, else as any text."""
    if encoding or data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return decode(data, encoding)
    told = _CHARSET.search(data[:_HEAD])
    name = (told[1] or told[2]).decode("ascii", "replace").lower() if told else ""
    # What is told in ASCII is not UTF-16; and what browsers take these two for.
    name = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "x-sjis": "cp932"}.get(name, name)
    return decode(data, "" if name.startswith("utf-16") else name)


def html_blocks(text: str) -> list[Block]:
    """Return the blocks of a page or of a piece of one."""
    return list(WebPage(text).blocks())


class WebPage:
    """Page that is read. `pictures` counts those that were met on the way."""

    def __init__(self, text: str) -> None:
        self._root = tree(text)
        self._words = Runs()
        self._level = 0
        self._ready: list[Block] = []
        self._count = 0
        self._left_to_fill = _MOST_FILLED
        self.pictures = 0

    @property
    def title(self) -> str:
        """Its title, as a browser shows it above the page."""
        return next((" ".join(each.text.split()) for each in self._root.every("title")), "")

    def blocks(self) -> Iterator[Block]:
        """Yield its text in order."""
        self._inside(self._root, None, 0)
        self._end_block()
        yield from self._ready

    def _inside(self, node: Node, aside: Aside | None, depth: int, *, is_preformatted: bool = False) -> None:
        """Read what stands in an element; `depth` is how many lists are around it."""
        for each in node.children:
            if isinstance(each, str):
                self._text(each, aside, is_preformatted=is_preformatted)
            elif each.tag not in _LEFT_OUT and not _is_hidden(each):
                self._element(each, aside, depth, is_preformatted=is_preformatted)

    def _element(self, node: Node, aside: Aside | None, depth: int, *, is_preformatted: bool) -> None:
        match node.tag:
            case "br":
                self._words.append("\n", aside)
            case "img" | "image":
                self.pictures += 1
            case "del" | "ins":
                changed = Aside.DELETED if node.tag == "del" else Aside.INSERTED
                self._inside(node, changed, depth, is_preformatted=is_preformatted)
            case "math":
                self._text(_formula(node), aside)
            case "table" if (rows := _rows(node)) is not None:
                self._table(node, rows)
            case "ul" | "ol" | "menu" | "dir":
                self._list(node, aside, depth)
            case "pre" | "textarea" | "xmp":
                self._end_block()
                self._inside(node, aside, depth, is_preformatted=True)
                self._end_block()
            case "input":
                self._text(_input(node), aside)
            case tag if tag in _HEADINGS:
                self._end_block()
                self._inside(node, aside, depth)
                self._end_block(_HEADINGS[tag])
            case tag if tag in _BLOCKS:
                # A paragraph in an item of a list goes on behind the item's mark.
                if not (depth and self._is_mark_alone):
                    self._end_block()
                self._inside(node, aside, depth, is_preformatted=is_preformatted)
                self._end_block()
            case _:
                self._inside(node, aside, depth, is_preformatted=is_preformatted)

    def _text(self, text: str, aside: Aside | None, *, is_preformatted: bool = False) -> None:
        if not is_preformatted:
            text = _SPACE.sub(" ", text)
            said = self._words.last_letter
            if said in {"", " ", "\n"}:
                text = text.lstrip(" ")
        self._words.append(text, aside)

    def _list(self, node: Node, aside: Aside | None, depth: int) -> None:
        self._end_block()
        count = _whole(node.attributes.get("start"), 1)
        for each in node.children:
            if isinstance(each, str):
                self._text(each, aside)
            elif each.tag == "li" and not _is_hidden(each):
                self._end_block()
                count = _whole(each.attributes.get("value"), count)
                self._words.append("  " * depth + (f"{count}. " if node.tag == "ol" else "• "), aside)
                count += 1
                self._inside(each, aside, depth + 1)
                self._end_block()
            elif each.tag not in _LEFT_OUT and not _is_hidden(each):
                self._element(each, aside, depth + 1, is_preformatted=False)
        self._end_block()

    @property
    def _is_mark_alone(self) -> bool:
        """True if nothing but the mark of an item was read since the last block."""
        text = self._words.text if self._words.is_short else ""
        return bool(re.fullmatch(r" *(?:•|-?\d+\.) ", text))

    def _table(self, node: Node, rows: list[list[Node]]) -> None:
        self._end_block()
        for caption in node.every("caption"):
            self._inside(caption, None, 0)
            self._end_block()
        self._count += 1
        self._ready.extend(table_blocks(self._cells(rows), str(self._count)))

    def _cells(self, rows: list[list[Node]]) -> Iterator[list[Cell]]:
        from_above: dict[int, int] = {}  # columns that a cell above reaches down into, and how far

        def fill(cells: list[Cell]) -> None:
            while from_above.get(len(cells), 0) and len(cells) < _MOST_COLUMNS and self._left_to_fill:
                from_above[len(cells)] -= 1
                self._left_to_fill -= 1
                cells.append(())

        for row in rows:
            cells: list[Cell] = []
            for cell in row:
                fill(cells)
                down, across = _span(cell, "rowspan") - 1, min(_span(cell, "colspan"), self._left_to_fill + 1)
                self._left_to_fill -= across - 1
                from_above.update(dict.fromkeys(range(len(cells), len(cells) + across), down))
                cells.extend([self._cell(cell), *[()] * (across - 1)])
            fill(cells)
            yield cells[:_MOST_COLUMNS]

    def _cell(self, cell: Node) -> Cell:
        """Return the words of a cell; its paragraphs stand behind each other."""
        outer, ready, count = self._words, self._ready, self._count
        self._words, self._ready = Runs(), []
        self._inside(cell, None, 0)
        self._end_block()
        found = Runs()
        for block in self._ready:
            found.append(" " if found.has_words else "")
            found.extend(block.runs)
        self._words, self._ready, self._count = outer, ready, count
        return found.runs()

    def _end_block(self, level: int = 0) -> None:
        if self._words.has_words and not self._is_mark_alone:
            self._count += 1
            self._ready.append(Block(self._words.runs(), str(self._count), level))
        self._words = Runs()


def _rows(table: Node) -> list[list[Node]] | None:
    """Return the rows of a table with their cells; None for one that only divides the page."""
    if table.attributes.get("role", "").lower() in {"presentation", "none"} or next(table.every("table"), None):
        return None
    rows = [
        [each for each in row.children if isinstance(each, Node) and each.tag in {"td", "th"} and not _is_hidden(each)]
        for row in table.every("tr")
        if not _is_hidden(row)
    ]
    rows = [row for row in rows if row]
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        return None
    if any(len(cell.text) > _LETTERS_OF_A_CELL or next(cell.every("h1"), None) for row in rows for cell in row):
        return None
    return rows


def _is_hidden(node: Node) -> bool:
    style = node.attributes.get("style")
    return "hidden" in node.attributes or (style is not None and _NOT_SHOWN.search(style) is not None)


def _formula(node: Node) -> str:
    """Return a formula as its author wrote it in TeX if the page tells that, else its letters."""
    for each in node.every("annotation"):
        if "tex" in each.attributes.get("encoding", "").lower():
            return f"${each.text.strip()}$"
    return " ".join(node.text.split())


def _input(node: Node) -> str:
    match node.attributes.get("type", "text").lower():
        case "checkbox" | "radio":
            return "☒ " if "checked" in node.attributes else "☐ "
        case "text" | "email" | "number" | "date" | "tel" | "url" | "search":
            return f" {node.attributes.get('value', '')} "
        case _:
            return ""


def _span(cell: Node, name: str) -> int:
    return min(max(_whole(cell.attributes.get(name), 1), 1), _WIDEST_CELL)


def _whole(text: str | None, default: int) -> int:
    try:
        return int(text) if text and len(text) < 10 else default
    except ValueError:
        return default
