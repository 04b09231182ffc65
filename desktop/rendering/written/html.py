"""Leaves as HTML: for the clipboard, where every look stands in the tag itself, and for a file with a style sheet.

Nothing of a text is taken over as HTML: all of it is escaped, links are those that may be clicked, pictures are never
fetched. How formulas are written is up to who calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from desktop.rendering.markdown.inline import without_delimiters
from desktop.rendering.text.leaves import Cell, Leaf, LeafKind, Span, Style, Table
from desktop.rendering.written.tree import Group, tree
from desktop.rendering.written.xml_text import xml_text

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
    return _Writer(look).write(tree(leaves))


class _Writer:
    """A writer of blocks."""

    def __init__(self, look: HtmlLook) -> None:
        self._look = look

    def write(self, blocks: Sequence[Leaf | Group], sign: str = "", *, is_item: bool = False) -> str:
        """Return blocks; before the words of the first stands a sign, and in an item they are no paragraph."""
        written = []
        for block in blocks:
            if isinstance(block, Group):
                written.append(self._group(block, sign))
            else:
                written.append(self._block(block, f"{sign} " if sign else "", is_item))
            sign, is_item = "", False
        return "".join(written)

    def _group(self, group: Group, sign: str) -> str:
        first = group.items[0]
        if group.kind == "quote":
            return f"{self._tag('blockquote')}{self.write(first.blocks, sign)}</blockquote>\n"
        if group.kind == "note":
            return f"<div>{self.write(first.blocks, first.sign)}</div>\n"
        before = xml_text(f"{sign} ") if sign else ""
        tag = "ol" if group.kind == "numbers" else "ul"
        start = f' start="{group.start}"' if tag == "ol" and group.start != 1 else ""
        items = (f"{self._tag('li')}{self.write(item.blocks, item.sign, is_item=True)}</li>" for item in group.items)
        return f"{before}{self._tag(tag, start)}{''.join(items)}</{tag}>\n"

    def _block(self, leaf: Leaf, sign: str, is_item: bool) -> str:
        match leaf.kind:
            case LeafKind.HEADING:
                tag = f"h{min(6, leaf.level + self._look.top_heading - 1)}"
                return f"{self._tag(tag)}{self._words(leaf, sign)}</{tag}>\n"
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
                if is_item:  # Word sets a paragraph in an item apart from its marker
                    return self._words(leaf, sign)
                return f"{self._tag('p')}{self._words(leaf, sign)}</p>\n"

    def _words(self, leaf: Leaf, sign: str) -> str:
        return xml_text(sign) + self._inline(leaf.text, leaf.spans)

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
