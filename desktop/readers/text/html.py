"""Web pages: headings, paragraphs, lists and tables in order; what the page hides from its readers is left out.

Tables that only divide a page, as mails use them, are read as the text that they hold. The page is taken apart into a
tree in a time that grows with its length alone: the standard library's parser looks for the end of each broken tag
through all of the text, which takes minutes for some files of 150 kB.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop.core.bounds import HTML_DEPTH
from desktop.core.documents.document import Aside, Block, Opened, ReadingEvent, Remark, RemarkKind
from desktop.readers.source import Source
from desktop.readers.text.blocks import Cell, Runs, chapters, left_out, table_blocks
from desktop.readers.text.plain import Decoded, decode, successor

_NAME = re.compile(r"[^\s/>]+")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s=>/]+)\s*(=\s*)?")
_UNQUOTED = re.compile(r"[^\s>]*")
_RAW_END = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}
_VOID_TAGS = "area base br col embed frame hr img input keygen link meta param source track wbr"
_VOID = frozenset(_VOID_TAGS.split())
# An element that ends what is open before it: the tags that it ends, up to the nearest of those behind.
_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu", "dir", "table"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "tr": (frozenset({"tr", "td", "th", "caption", "colgroup"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    **dict.fromkeys(
        ("thead", "tbody", "tfoot"), (frozenset({"tr", "td", "th", "thead", "tbody", "tfoot"}), frozenset({"table"}))
    ),
    "option": (frozenset({"option"}), frozenset({"select"})),
}
_PARAGRAPH_ENDS = """
    address article aside blockquote center details dialog dir div dl fieldset figure footer form h1 h2 h3 h4 h5 h6
    header hr main menu nav ol p pre section summary table ul
"""
_ENDS_PARAGRAPH = frozenset(_PARAGRAPH_ENDS.split())
# A text goes on in these after a paragraph that nobody ended.
_HOLDERS = frozenset({"td", "th", "table", "div", "body", "li", "blockquote", "section", "article"})


@dataclass(slots=True)
class Node:
    """Element of a page. Its children are elements and texts, in which the entities are resolved."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def every(self, tag: str, *, has_prefixes: bool = False) -> Iterator[Node]:
        """Yield the elements of a tag below this one, in order, or of one with any prefix."""
        waiting = [each for each in reversed(self.children) if isinstance(each, Node)]
        while waiting:
            node = waiting.pop()
            if (node.tag.rpartition(":")[2] if has_prefixes else node.tag) == tag:
                yield node
            waiting.extend(each for each in reversed(node.children) if isinstance(each, Node))

    @property
    def text(self) -> str:
        """All of the text below it."""
        said: list[str] = []
        waiting: list[Node | str] = [self]
        while waiting:
            each = waiting.pop()
            if isinstance(each, str):
                said.append(each)
            else:
                waiting.extend(reversed(each.children))
        return "".join(said)


def tree(text: str) -> Node:
    """Return a page as a tree, with tags in small letters. Whatever is broken in it costs none of its text."""
    root = Node("")
    opened = [root]
    for kind, name, attributes in _tokens(text):
        match kind:
            case "text":
                opened[-1].children.append(name)
            case "start":
                if name in _ENDS:
                    _close(opened, *_ENDS[name])
                elif name in _ENDS_PARAGRAPH:
                    _close(opened, frozenset({"p"}), _HOLDERS)
                node = Node(name, attributes)
                opened[-1].children.append(node)
                if name not in _VOID and len(opened) < HTML_DEPTH:
                    opened.append(node)
            case _:
                _end(opened, name)
    return root


def _unescaped(text: str) -> str:
    """Return a text with its entities resolved."""
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError:  # a number with thousands of digits
        return text


def _end(opened: list[Node], name: str) -> None:
    """End the innermost open element of a name, with what stands in it."""
    for index in range(len(opened) - 1, 0, -1):
        if opened[index].tag == name:
            del opened[index:]
            return
        # A cell is not ended by what was begun outside of its table.
        if opened[index].tag == "table" and name not in {"body", "html"}:
            return


def _close(opened: list[Node], tags: frozenset[str], until: frozenset[str]) -> None:
    """End the outermost open element of these tags that stands within the nearest of the others."""
    outermost = 0
    for index in range(len(opened) - 1, 0, -1):
        tag = opened[index].tag
        if tag in tags:
            outermost = index
        if tag in until:
            break
    if outermost:
        del opened[outermost:]


def _tokens(text: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield ("text" | "start" | "end", text or name, attributes)."""
    position, length = 0, len(text)
    lasts = {mark: text.rfind(mark) for mark in ("<", ">", '"', "'")}
    nothing: dict[str, str] = {}
    while position < length:
        opening = text.find("<", position) if position <= lasts["<"] else -1
        if opening < 0:
            break
        if opening > position:
            yield "text", _unescaped(text[position:opening]), nothing
        following = text[opening + 1 : opening + 2]
        if text.startswith("<!--", opening):
            end = text.find("-->", opening + 2)
            position = end + 3 if end >= 0 else length
        elif text.startswith("<![CDATA[", opening):
            end = text.find("]]>", opening)
            yield "text", text[opening + 9 : end if end >= 0 else length], nothing
            position = end + 3 if end >= 0 else length
        elif opening > lasts[">"] or not (following.isalpha() or following in {"!", "?", "/"}):
            yield "text", "<", nothing
            position = opening + 1
        elif following in {"!", "?"}:
            position = text.index(">", opening) + 1
        elif following == "/":
            position = text.index(">", opening) + 1
            yield "end", text[opening + 2 : position - 1].strip().lower(), nothing
        else:
            name = _NAME.match(text, opening + 1)
            assert name is not None
            attributes, position, is_closed = _attributes(text, name.end(), lasts)
            tag = name[0].lower()
            yield "start", tag, attributes
            if is_closed and tag not in _VOID:
                yield "end", tag, nothing
            elif tag in _RAW_END:
                end = found.start() if (found := _RAW_END[tag].search(text, position)) else length
                yield (
                    "text",
                    text[position:end] if tag in {"script", "style"} else _unescaped(text[position:end]),
                    nothing,
                )
                position = end
    if position < length:
        yield "text", _unescaped(text[position:]), nothing


def _attributes(text: str, position: int, lasts: dict[str, int]) -> tuple[dict[str, str], int, bool]:
    """Return the attributes of a tag, the position behind it, and True if it ends itself ("/>")."""
    found: dict[str, str] = {}
    while match := _ATTRIBUTE.match(text, position):
        position = match.end()
        value = ""
        if match[2]:
            quote = text[position : position + 1]
            if quote in {'"', "'"} and lasts[quote] > position:
                end = text.index(quote, position + 1)
                value, position = text[position + 1 : end], end + 1
            else:
                unquoted = _UNQUOTED.match(text, position)
                assert unquoted is not None
                value, position = unquoted[0], unquoted.end()
        found.setdefault(match[1].lower(), _unescaped(value))
    end = text.find(">", position) if position <= lasts[">"] else -1
    if end < 0:
        return found, len(text), False
    return found, end + 1, text[end - 1] == "/"


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
    return decode(data, "" if name.startswith("utf-16") else successor(name))  # what is told in ASCII is not UTF-16


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
