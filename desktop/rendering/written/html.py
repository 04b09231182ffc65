"""Leaves as HTML, and as a tree: the blocks with the quotes and lists around them, for formats that nest them.

HTML is for the clipboard, where every look stands in the tag itself, and for a file with a style sheet. Nothing of a
text is taken over as HTML: all of it is escaped, links are those that may be clicked, pictures are never fetched. How
formulas are written is up to who calls.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import Template
from typing import Literal

from desktop.core.resources import resource_path
from desktop.rendering.markdown.inline import without_delimiters
from desktop.rendering.text.leaves import Cell, Container, ContainerKind, Leaf, LeafKind, Span, Style, Table

# Control characters, lone surrogates and non-characters: XML has no way of writing them, and Word refuses the file.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
_MOMENT = (1980, 1, 1, 0, 0, 0)  # of each part: the same conversation makes the same file
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


def allowed(text: str) -> str:
    """Return the text with a replacement character for each that XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def xml_text(text: str) -> str:
    """Return the text as it stands between tags, or between the quotes of an attribute."""
    return allowed(text).translate(_ESCAPES)


def office_file(kind: str, values: Mapping[str, str], more: Mapping[str, str] | None = None) -> bytes:
    """Return the file that the parts in `resources/` make: "word" or "excel", with values put in, and more parts."""
    folder = resource_path(kind)
    parts = {
        file.relative_to(folder).as_posix(): Template(file.read_text("utf-8")).substitute(values)
        for file in sorted(folder.rglob("*"))
        if file.name.endswith((".xml", ".rels"))  # and not what a file manager or an editor left there
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (parts | dict(more or {})).items():
            package.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


@dataclass(slots=True)
class Item:
    """Item of a list, or all of a quote. `sign` stands before its words: a box to tick, the number of a note."""

    sign: str = ""
    blocks: list[Leaf | Group] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """Quote, list, or the text of a footnote; the last two of these have one item. `start`: of a list with numbers."""

    kind: Literal["numbers", "bullets", "quote", "note"]
    items: list[Item]
    start: int = 0

    def goes_on_with(self, other: Group) -> bool:
        """Return True if another one is the next item of this list."""
        is_list = self.kind == other.kind in {"numbers", "bullets"}
        return is_list and (self.kind == "bullets" or other.start == self.start + len(self.items))


def tree(leaves: Sequence[Leaf]) -> list[Leaf | Group]:
    """Return the blocks of a text."""
    whole = Item()
    opened: list[Group] = []  # the quotes and lists around the leaf before
    for leaf in leaves:
        depth = 0
        for container, group in zip(leaf.containers, opened, strict=False):
            if container.marker or (container.kind is ContainerKind.QUOTE) is not (group.kind == "quote"):
                break
            depth += 1
        for at, container in enumerate(leaf.containers[depth:], depth):
            begun = _group(container)
            if at == depth < len(opened) and opened[depth].goes_on_with(begun):
                opened[depth].items += begun.items
                del opened[depth + 1 :]
                continue
            del opened[at:]
            (opened[-1].items[-1] if opened else whole).blocks.append(begun)
            opened.append(begun)
        del opened[len(leaf.containers) :]
        (opened[-1].items[-1] if opened else whole).blocks.append(leaf)
    return whole.blocks


def without_notes(leaves: Sequence[Leaf]) -> tuple[list[Leaf | Group], dict[str, Item]]:
    """Return the blocks of a text without its footnotes, and these by their raised numbers.

    A note that nothing refers to stays in the text: it would not be seen otherwise.
    """
    referred = {mark for leaf in leaves for mark in _references(leaf)}
    text: list[Leaf | Group] = []
    notes: dict[str, Item] = {}
    for block in tree(leaves):
        sign = block.items[0].sign if isinstance(block, Group) and block.kind == "note" else ""
        if isinstance(block, Group) and sign in referred and sign not in notes:
            notes[sign] = block.items[0]
        else:
            text.append(block)
    return text, notes


def _group(container: Container) -> Group:
    marker = container.marker
    if container.kind is ContainerKind.QUOTE:
        return Group("quote", [Item()])
    box = next((box for box in "☐☑" if box in marker), "")
    if found := _NUMBER.match(marker):
        return Group("numbers", [Item(box)], int(found[1]))
    return Group("bullets", [Item(box)]) if box or marker == "•" else Group("note", [Item(marker)])


def _references(leaf: Leaf) -> Iterator[str]:
    if leaf.table is None:
        yield from _marks(leaf.text, leaf.spans)
    for row in leaf.table.rows if leaf.table is not None else ():
        for cell in row:
            yield from _marks(cell.text, cell.spans)


def _marks(text: str, spans: Sequence[Span]) -> Iterator[str]:
    return (text[span.start : span.end] for span in spans if span.style & Style.NOTE)


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
