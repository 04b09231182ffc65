"""Leaves as HTML: for the clipboard, where every look stands in the tag itself, and for a file with a style sheet.

Nothing of a text is taken over as HTML: all of it is escaped, links are those that may be clicked, pictures are never
fetched. How formulas are written is up to who calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from desktop.rendering.markdown.formula_syntax import without_delimiters
from desktop.rendering.text.leaves import Cell, Container, ContainerKind, Leaf, LeafKind, Span, Style, Table
from desktop.rendering.written.xml_text import xml_text

_NUMBER = re.compile(r"(\d{1,9})[.)]")
_SPACES = re.compile(r"(?<=[ \n]) ")  # which HTML would fold into one, or drop
_STYLES = ((Style.STRIKE, "s"), (Style.ITALIC, "i"), (Style.BOLD, "b"), (Style.CODE, "code"))

# A spreadsheet would take these for a formula, or lose the zeros: Excel and LibreOffice are told that they are text.
_FORMULA_SIGNS = ("=", "+", "-", "@")
_PLAIN_NUMBER = re.compile(r"[+-]?[\d.,' \u00a0\u202f]+%?")
_AS_TEXT = ' sdnum="0;0;@"'
_AS_TEXT_LOOK = r"mso-number-format:'\@'"

WriteFormula = Callable[[str, bool], str]
"""Returns the HTML of LaTeX; True if it stands by itself."""


def as_source(latex: str, display: bool) -> str:
    """Return a formula as its LaTeX, in the letters of code."""
    mark = "$$" if display else "$"
    return f"<code>{xml_text(mark + latex + mark)}</code>"


@dataclass(frozen=True, slots=True)
class HtmlLook:
    """What stands in the tags beside their names."""

    styles: Mapping[str, str] = field(default_factory=dict)
    """CSS for each tag; none where a style sheet has it."""

    write_formula: WriteFormula = as_source
    top_heading: int = 1
    """The level of the largest heading."""

    table_attributes: str = ""
    table_style: Callable[[Table], str] = lambda _: ""
    """Returns CSS of one table."""

    cells_as_text: bool = False
    """Whether a cell that looks like a formula of a spreadsheet is marked as text."""


def html(leaves: Sequence[Leaf], look: HtmlLook) -> str:
    """Return the leaves as a piece of HTML, without a head."""
    writer = _Writer(look)
    for leaf in leaves:
        writer.add(leaf)
    return writer.finish()


@dataclass(slots=True)
class _Open:
    """A quote or an item that is open."""

    tag: str  # blockquote, ul, ol, or div for the item of a footnote
    number: int = 0


class _Writer:
    """A writer of blocks, with the quotes and lists that are open."""

    def __init__(self, look: HtmlLook) -> None:
        self._look = look
        self._pieces: list[str] = []
        self._open: list[_Open] = []
        self._prefix = ""  # of the next block: a box to tick, the number of a note
        self._is_fresh_item = False

    def add(self, leaf: Leaf) -> None:
        self._enter(leaf.containers)
        self._pieces.append(self._block(leaf))
        self._prefix = ""
        self._is_fresh_item = False

    def finish(self) -> str:
        self._leave(0)
        return "".join(self._pieces)

    def _enter(self, containers: Sequence[Container]) -> None:
        depth = 0
        while depth < min(len(containers), len(self._open)):
            is_quote = containers[depth].kind is ContainerKind.QUOTE
            if is_quote is not (self._open[depth].tag == "blockquote") or containers[depth].marker:
                break
            depth += 1
        if depth < min(len(containers), len(self._open)) and self._goes_on(containers[depth], self._open[depth]):
            self._leave(depth + 1)
            self._next_item(containers[depth].marker)
            depth += 1
        else:
            self._leave(depth)
        for container in containers[depth:]:
            self._begin(container)

    def _goes_on(self, container: Container, before: _Open) -> bool:
        """Return True if an item belongs to the list that is open."""
        tag, number = _list_of(container.marker)
        return (
            container.kind is ContainerKind.ITEM
            and tag == before.tag != "div"
            and number == before.number + (tag == "ol")
        )

    def _next_item(self, marker: str) -> None:
        self._open[-1].number = _list_of(marker)[1]
        self._pieces.append("</li>")
        self._pieces.append(self._tag("li"))
        self._prefix = _box(marker)
        self._is_fresh_item = True

    def _begin(self, container: Container) -> None:
        if container.kind is ContainerKind.QUOTE:
            self._open.append(_Open("blockquote"))
            self._pieces.append(self._tag("blockquote"))
            return
        tag, number = _list_of(container.marker)
        self._open.append(_Open(tag, number))
        if tag == "div":
            self._pieces.append("<div>")
            self._prefix = f"{container.marker} " if container.marker else ""
            return
        start = f' start="{number}"' if tag == "ol" and number != 1 else ""
        self._pieces.append(self._tag(tag, start) + self._tag("li"))
        self._prefix = _box(container.marker)
        self._is_fresh_item = True

    def _leave(self, depth: int) -> None:
        while len(self._open) > depth:
            tag = self._open.pop().tag
            self._pieces.append(f"</li></{tag}>\n" if tag in ("ul", "ol") else f"</{tag}>\n")

    def _block(self, leaf: Leaf) -> str:
        match leaf.kind:
            case LeafKind.HEADING:
                tag = f"h{min(6, leaf.level + self._look.top_heading - 1)}"
                return f"{self._tag(tag)}{self._words(leaf)}</{tag}>\n"
            case LeafKind.CODE:
                return f"{self._tag('pre')}{xml_text(leaf.text)}</pre>\n"
            case LeafKind.TABLE:
                return self._table(leaf)
            case LeafKind.RULE:
                return f"{self._tag('hr')}\n"
            case LeafKind.FORMULA:
                tag = self._tag("p", ' align="center"')
                return f"{tag}{self._look.write_formula(leaf.text, True)}</p>\n"
            case LeafKind.PARAGRAPH | LeafKind.MARK | LeafKind.FOLD:
                if self._is_fresh_item:  # Word sets a paragraph in an item apart from its marker
                    return self._words(leaf)
                return f"{self._tag('p')}{self._words(leaf)}</p>\n"

    def _words(self, leaf: Leaf) -> str:
        return xml_text(self._prefix) + self._inline(leaf.text, leaf.spans)

    def _table(self, leaf: Leaf) -> str:
        table = leaf.table
        if table is None or not table.rows:
            return ""
        pieces = [self._tag("table", self._look.table_attributes, self._look.table_style(table))]
        for index, row in enumerate(table.rows):
            tag = "th" if index == 0 and table.has_header else "td"
            cells = (self._cell(tag, cell, align) for cell, align in zip(row, table.aligns, strict=False))
            line = f"<tr>{''.join(cells)}</tr>"
            pieces.append(f"<thead>{line}</thead>\n" if tag == "th" else f"{line}\n")  # which comes again on each page
        return "".join(pieces) + "</table>\n"

    def _cell(self, tag: str, cell: Cell, align: str) -> str:
        text = cell.text.strip()
        is_text = self._look.cells_as_text and (looks_like_formula(text) or loses_zeros(text))
        extra = f"text-align:{align}" if align else ("text-align:left" if tag == "th" else "")
        extra += (";" if extra else "") + _AS_TEXT_LOOK if is_text else ""
        return f"{self._tag(tag, _AS_TEXT if is_text else '', extra)}{self._inline(cell.text, cell.spans)}</{tag}>"

    def _tag(self, name: str, attributes: str = "", extra: str = "") -> str:
        style = ";".join(each for each in (self._look.styles.get(name, ""), extra) if each)
        return f'<{name}{attributes} style="{style}">' if style else f"<{name}{attributes}>"

    def _inline(self, text: str, spans: Sequence[Span]) -> str:
        pieces: list[str] = []
        at = 0
        for span in spans:
            pieces += [_plain(text[at : span.start]), self._dressed(text[span.start : span.end], span)]
            at = span.end
        pieces.append(_plain(text[at:]))
        return "".join(pieces)

    def _dressed(self, text: str, span: Span) -> str:
        if span.style & Style.FORMULA:
            latex, display = without_delimiters(text)
            written = self._look.write_formula(latex, display)
        else:
            written = _plain(text)
        for style, tag in _STYLES:
            if span.style & style:
                written = f"{self._tag(tag)}{written}</{tag}>"
        if span.href:
            address = f' href="{xml_text(span.href)}" rel="noopener noreferrer"'
            written = f"{self._tag('a', address)}{written}</a>"
        return written


def looks_like_formula(text: str) -> bool:
    """Return True if a spreadsheet could take a cell's text for a formula."""
    return text.startswith(_FORMULA_SIGNS) and _PLAIN_NUMBER.fullmatch(text) is None


def loses_zeros(text: str) -> bool:
    """Return True if a cell's text is digits after a zero, as in 007: what a spreadsheet would shorten."""
    return len(text) > 1 and text.isdecimal() and text.startswith("0")


def _plain(text: str) -> str:
    return _SPACES.sub("\u00a0", xml_text(text)).replace("\n", "<br>")


def _list_of(marker: str) -> tuple[str, int]:
    """Return the tag of the list that an item with this marker is in, and its number."""
    found = _NUMBER.match(marker)
    if found is not None:
        return "ol", int(found[1])
    return ("ul", 0) if marker[:1] in ("•", "☐", "☑") and marker else ("div", 0)


def _box(marker: str) -> str:
    """Return the box to tick that stands in a marker, with a space."""
    return next((f"{box} " for box in ("☐", "☑") if box in marker), "")
