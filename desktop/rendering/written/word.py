"""Leaves as the body of a Word document: real headings, lists with numbers of their own, tables, formulas, footnotes.

The parts around the body, with the styles that are named here, stand in `resources/word`: the fewest with which Word,
LibreOffice and Pages open a file. The order of elements within properties is the schema's: Word refuses any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import sqrt
from unicodedata import east_asian_width

from desktop.rendering.formula.mathml import mathml
from desktop.rendering.markdown.inline import without_delimiters
from desktop.rendering.text.leaves import Cell, Leaf, LeafKind, Span, Style, Table
from desktop.rendering.written.html import Group, Item, office_file, without_notes, xml_text
from desktop.rendering.written.omml import omml, word_run

INDENT = 425
"""Twentieths of a point of one level of a list: 0.75 cm."""

A4, _LETTER = (11906, 16838), (12240, 15840)
MARGIN = 1304
CELL_MARGIN = 108
"""Width and height of the narrower paper, the margin on each side of it, and that beside the words of a cell."""

_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_LEVELS = 9  # of a list in Word
_EM = 220  # twentieths of a point: the size of the letters
_SMALL_EM = 170  # of a table whose words are too wide for the page
_NARROW, _BROAD = frozenset("fijlrtI.,:;'’|!()[]-/ "), frozenset("mwMW@%&—…→")
# What stays on one line: Chinese could break anywhere, but is not to stand in a column of single characters.
_UNBROKEN = re.compile(r"[\u2e80-\uffef]{1,4}|[^\s\u2e80-\uffef/-]+[/-]*")
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'


@dataclass(frozen=True, slots=True)
class WordList:
    """A list with numbers or bullets of its own; the first number at its level."""

    is_numbered: bool
    level: int
    start: int


@dataclass(slots=True)
class WordParts:
    """What the body refers to by number: addresses of links, lists from 1, and footnotes from 1."""

    links: list[str] = field(default_factory=list)
    lists: list[WordList] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def word_file(
    body: str, parts: WordParts, *, title: str, author: str, language: str, letter_paper: bool = False
) -> bytes:
    """Return a whole .docx file."""
    width, height = _LETTER if letter_paper else A4
    lists = (
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{int(each.is_numbered)}"/>'
        f'<w:lvlOverride w:ilvl="{each.level}"><w:startOverride w:val="{each.start}"/></w:lvlOverride></w:num>'
        for number, each in enumerate(parts.lists, 1)
    )
    links = (
        f'<Relationship Id="link{number}" Type="{_HYPERLINK}" Target="{xml_text(href)}" TargetMode="External"/>'
        for number, href in enumerate(parts.links, 1)
    )
    notes = (f'<w:footnote w:id="{number}">{note}</w:footnote>' for number, note in enumerate(parts.notes, 1))
    values = {
        **{"body": body, "lists": "".join(lists), "links": "".join(links), "notes": "".join(notes)},
        **{"title": xml_text(title), "author": xml_text(author), "language": xml_text(language)},
        **{"width": str(width), "height": str(height), "margin": str(MARGIN)},
    }
    return office_file("word", values)


def table_file(title: str, rows: Sequence[Sequence[str]], about: Sequence[Sequence[str]], *, language: str) -> bytes:
    """Return a whole .docx file of one table, with lines about it above."""
    table = Table(("",) * len(rows[0]), [tuple(map(Cell, row)) for row in rows])
    parts = WordParts()
    lines = (word_paragraph(": ".join(each), "Circumstances") for each in about)
    body = [word_paragraph(title, "Title"), *lines, word_body([Leaf(LeafKind.TABLE, table=table)], parts)]
    return word_file("".join(body), parts, title=title, author="Candor", language=language)


def word_body(leaves: Sequence[Leaf], parts: WordParts, top_heading: int = 1) -> str:
    """Return paragraphs and tables, and note in `parts` what they refer to. `top_heading` is the level of `#`."""
    text, notes = without_notes(leaves)
    return _Body(parts, top_heading, notes).write(text)


def word_paragraph(text: str, style: str) -> str:
    """Return a paragraph of plain text; line breaks in it stay."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(text, "")}</w:p>'


class _Body:
    """A writer of one text."""

    def __init__(self, parts: WordParts, top_heading: int, notes: dict[str, Item]) -> None:
        self._parts = parts
        self._top = top_heading
        self._notes = notes
        self._note_ids: dict[str, int] = {}
        self._is_in_note = False

    def write(
        self,
        blocks: Sequence[Leaf | Group],
        depth: int = 0,
        place: str = "",
        sign: str = "",
        *,
        is_quoted: bool = False,
    ) -> str:
        """Return blocks within `depth` items; `place` and `sign` are those of the item that the first begins."""
        indent = f'<w:ind w:left="{INDENT * min(depth, _LEVELS)}"/>' if depth else ""
        written = []
        for block in blocks:
            if isinstance(block, Group):
                written.append(self._group(block, depth, place, sign, is_quoted=is_quoted))
            else:
                written.append(self._block(block, depth, place or indent, sign, is_quoted=is_quoted))
            place = sign = ""
        return "".join(written)

    def _group(self, group: Group, depth: int, around: str, sign: str, *, is_quoted: bool) -> str:
        if group.kind == "quote":
            return self.write(group.items[0].blocks, depth, around, sign, is_quoted=True)
        # Word has no item that begins with a list.
        before = self._paragraph("BodyText", around, _run(sign, "")) if around or sign else ""
        place = ""
        if group.kind != "note" and depth < _LEVELS:
            is_numbered = group.kind == "numbers"
            self._parts.lists.append(WordList(is_numbered, depth, group.start if is_numbered else 1))
            place = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{len(self._parts.lists)}"/></w:numPr>'
        return before + "".join(
            self.write(item.blocks, depth + 1, place, f"{item.sign} " if item.sign else "", is_quoted=is_quoted)
            for item in group.items
        )

    def _block(self, leaf: Leaf, depth: int, place: str, sign: str, *, is_quoted: bool) -> str:
        match leaf.kind:
            case LeafKind.HEADING if not self._is_in_note:
                style = f"Heading{min(6, leaf.level + self._top - 1)}"
                return self._paragraph(style, place, self._words(leaf, sign))
            case LeafKind.CODE:
                return self._paragraph("Code", place, _run(leaf.text, ""))
            case LeafKind.TABLE:
                return self._table(leaf, depth)
            case LeafKind.RULE:
                return self._paragraph("Rule", place, "")
            case LeafKind.FORMULA:
                return self._paragraph("Formula", place, _formula(leaf.text, True))
            case _:
                style = "FootnoteText" if self._is_in_note else "Quote" if is_quoted else "BodyText"
                return self._paragraph(style, place, self._words(leaf, sign))

    def _paragraph(self, style: str, place: str, content: str) -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{place}</w:pPr>{content}</w:p>'

    def _words(self, leaf: Leaf, sign: str) -> str:
        return (_run(sign, "") if sign else "") + "".join(self._inline(leaf.text, leaf.spans))

    def _inline(self, text: str, spans: Sequence[Span], look: str = "") -> Iterator[str]:
        at = 0
        for span in spans:
            if at < span.start:
                yield _run(text[at : span.start], look)
            yield self._dressed(text[span.start : span.end], span, look)
            at = span.end
        if at < len(text):
            yield _run(text[at:], look)

    def _dressed(self, text: str, span: Span, look: str) -> str:
        if span.style & Style.FORMULA:
            return _formula(without_delimiters(text)[0], False)
        if span.style & Style.NOTE:
            return self._reference(text)
        written = _run(text, _look_of(span) or look)
        if not span.href:
            return written
        self._parts.links.append(span.href)
        return f'<w:hyperlink r:id="link{len(self._parts.links)}">{written}</w:hyperlink>'

    def _reference(self, mark: str) -> str:
        note = self._notes.get(mark)
        if note is None or self._is_in_note:  # Word has no notes to notes
            return _run(mark, "")
        if mark not in self._note_ids:
            self._parts.notes.append("")  # its place, before what it says itself refers to others
            self._note_ids[mark] = len(self._parts.notes)
            self._is_in_note = True
            self._parts.notes[self._note_ids[mark] - 1] = self._note(note)
            self._is_in_note = False
        return f'<w:r>{_RAISED}<w:footnoteReference w:id="{self._note_ids[mark]}"/></w:r>'

    def _note(self, note: Item) -> str:
        sign = f"<w:r>{_RAISED}<w:footnoteRef/></w:r>{_run(' ', '')}"
        written = self.write(note.blocks)
        beginning = self._paragraph("FootnoteText", "", "").removesuffix("</w:p>")
        if written.startswith(beginning):
            return written.replace(beginning, beginning + sign, 1)
        return f"{beginning}{sign}</w:p>{written}"

    def _table(self, leaf: Leaf, depth: int) -> str:
        table = leaf.table
        if table is None or not table.rows:
            return ""
        indent = INDENT * depth
        widths, is_small = column_widths(table, A4[0] - 2 * MARGIN - indent)
        # Word keeps to the widths of cells as far as their words fit, LibreOffice to those of the grid in any case.
        look = f'<w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        look += f'<w:tblInd w:w="{indent}" w:type="dxa"/>' if indent else ""
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        style = "TableTextSmall" if is_small else "TableText"
        rows = []
        for index, row in enumerate(table.rows):
            is_head = index == 0 and table.has_header
            cells = (
                self._cell(cell, align, width, style, is_head)
                for cell, align, width in zip(row, table.aligns, widths, strict=False)
            )
            kept = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if is_head else ''}</w:trPr>"
            rows.append(f"<w:tr>{kept}{''.join(cells)}</w:tr>")
        after = '<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>'  # Word joins tables without one between
        return f"<w:tbl><w:tblPr>{look}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>{after}"

    def _cell(self, cell: Cell, align: str, width: int, style: str, is_head: bool) -> str:
        ground = '<w:shd w:val="clear" w:color="auto" w:fill="EEEEEE"/>' if is_head else ""
        side = f'<w:jc w:val="{align}"/>' if align in ("center", "right") else ""
        words = "".join(self._inline(cell.text, cell.spans, "<w:b/>" if is_head else ""))
        paragraph = self._paragraph(style, side, words)
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{ground}</w:tcPr>{paragraph}</w:tc>'


def column_widths(table: Table, room: int) -> tuple[list[int], bool]:
    """Return the widths of the columns, margins included, and whether that takes small letters.

    No line is broken as long as all fit; then no word.
    """
    columns = [[_shown(cell) for cell in column] for column in zip(*table.rows, strict=True)]
    room -= 2 * CELL_MARGIN * len(columns)
    longest_words = [
        max((_ems(word) for text in column for word in _UNBROKEN.findall(text)), default=0) for column in columns
    ]
    longest_lines = [max(_ems(line) for text in column for line in text.split("\n")) for column in columns]
    is_small = sum(longest_words) * _EM > room
    em = _SMALL_EM if is_small else _EM
    words = _dealt([em * width for width in longest_words], room)
    more = [max(0.0, em * line - width) for line, width in zip(longest_lines, words, strict=True)]
    rest = _dealt(more, room - sum(words))
    return [2 * CELL_MARGIN + int(sum(each)) for each in zip(words, rest, strict=True)], is_small


def _shown(cell: Cell) -> str:
    """Return the letters that are seen of a cell: of a formula not its LaTeX, of code as wide as they all are."""
    text = cell.text
    for span in reversed(cell.spans):
        written = text[span.start : span.end]
        if span.style & Style.CODE:
            written = "".join(each if each in " \n" else "n" for each in written)
        elif span.style & Style.FORMULA:
            elements = mathml(without_delimiters(written)[0], False)
            written = "".join(elements.itertext()) if elements is not None else written
        text = text[: span.start] + written + text[span.end :]
    return text


def _dealt(wanted: Sequence[float], room: float) -> list[float]:
    """Deal out room: the least wanted is given whole, and of more the more."""
    got = [0.0] * len(wanted)
    weight = sum(map(sqrt, wanted))
    for column in sorted(range(len(wanted)), key=wanted.__getitem__):
        if wanted[column]:
            share = sqrt(wanted[column])
            got[column] = min(wanted[column], max(0.0, room) * share / weight)
            room, weight = room - got[column], weight - share
    return got


def _ems(text: str) -> float:
    """Return about how wide a text is, rather too wide than too narrow."""
    ems = 0.0
    for letter in text:
        if letter in _NARROW:
            ems += 0.36
        elif letter in _BROAD:
            ems += 0.92
        elif east_asian_width(letter) in "WF":
            ems += 1.02
        else:
            ems += 0.72 if letter.isupper() else 0.62
    return ems


def _look_of(span: Span) -> str:
    """Return the properties of a run, in the order of the schema."""
    style = span.style
    parts = (
        (span.href != "", '<w:rStyle w:val="Hyperlink"/>'),
        (style & Style.CODE and not span.href, '<w:rStyle w:val="CodeText"/>'),
        (style & Style.BOLD, "<w:b/>"),
        (style & Style.ITALIC, "<w:i/>"),
        (style & Style.STRIKE, "<w:strike/>"),
    )
    return "".join(written for has, written in parts if has)


def _run(text: str, look: str) -> str:
    """Return a run of text; line breaks and tabs in it are elements of Word."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    pieces = []
    for number, line in enumerate(text.split("\n")):
        pieces.append("<w:br/>" if number else "")
        pieces.append("<w:tab/>".join(f'<w:t xml:space="preserve">{xml_text(part)}</w:t>' for part in line.split("\t")))
    return f"<w:r>{properties}{''.join(pieces)}</w:r>"


def _formula(latex: str, display: bool) -> str:
    elements = mathml(latex, display)
    if elements is None:
        return _run(latex, '<w:rStyle w:val="CodeText"/>')
    written = omml(elements, word_run)
    return f"<m:oMathPara>{written}</m:oMathPara>" if display else written
