"""The part of a document that is sent, and its exact text: which is shown before, sent, and looked up afterwards.

A selection names sections, kinds of asides, columns, and pieces that were taken out, in terms of the document, so that
it holds when the file is read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from desktop.core.documents.document import Aside, Block, Document, Run, Section, row_cells, table_row
from desktop.core.documents.marks import Language, chosen_in_words, language_of, marked, section_mark
from desktop.core.message import Anchor, AttachmentPart

_EMPTY_ROW = re.compile(r"[|\s]*")  # of a table, such as one that is hidden and left out


@dataclass(frozen=True, slots=True, order=True)
class Cut:
    """Piece that was taken out: letters `start` to `end` of the words of a block (`Block.text`), both from 0."""

    section: int  # the number of the section
    block: int  # its index in the section
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Part of a document. `sections`: the numbers of those chosen, None for all. `without`: kinds left out.

    `columns_off`: (number of the section, index of a column) of the columns of its tables that are left out.
    `passages`: (number of the section, index of a block) of the blocks that alone are sent; None for all. `rows`:
    (number of the section, index of a block, line of it) of the rows that alone are sent of the tables they are in, or
    of the lines of a long paragraph.
    """

    sections: frozenset[int] | None = None
    without: frozenset[Aside] = frozenset()
    cuts: tuple[Cut, ...] = ()
    columns_off: frozenset[tuple[int, int]] = frozenset()
    passages: frozenset[tuple[int, int]] | None = None
    rows: frozenset[tuple[int, int, int]] = frozenset()

    def has(self, section: Section) -> bool:
        """Return True if words of the section may be sent."""
        if section.is_hidden and Aside.HIDDEN in self.without:
            return False
        if self.passages is not None and not any(number == section.number for number, _ in self.passages):
            return False
        return self.sections is None or section.number in self.sections


WHOLE = Selection()


@dataclass(frozen=True, slots=True)
class MarkPiece:
    """Mark in front of a section, such as "[Page 4]"."""

    text: str
    section: int


@dataclass(frozen=True, slots=True)
class WordsPiece:
    """Words that are sent, of a block or of what is left of it; `start` is where they begin in `Block.text`.

    `letters` say where each stretch of it stands there: from which letter of this text, which letter there, how many.
    """

    text: str
    section: int
    block: int
    start: int
    level: int = 0
    is_table: bool = False
    letters: tuple[tuple[int, int, int], ...] = field(default=(), compare=False)

    def letter_at(self, offset: int) -> int:
        """Return the letter of `Block.text` that stands at a letter of this text; of a mark, the one beside it."""
        found = self.start
        for at, letter, length in self.letters:
            found = letter + min(max(0, offset - at), length)
            if offset <= at + length:
                break
        return found


@dataclass(frozen=True, slots=True)
class SectionsLeftOut:
    """Sections that stay here: from number `first` to `last`."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class BlocksLeftOut:
    """Blocks of a section that stay here, since only passages are sent: from index `first` to `last`."""

    section: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class LinesLeftOut:
    """Lines of a text that stay here, since only some are sent: `first` to `last` of a block, from letter `start`."""

    section: int
    block: int
    first: int
    last: int
    start: int


@dataclass(frozen=True, slots=True)
class CutOut:
    """Piece that was taken out, with its words, where it would have stood."""

    cut: Cut
    text: str


Piece = MarkPiece | WordsPiece | SectionsLeftOut | BlocksLeftOut | LinesLeftOut | CutOut
_Gap = tuple[int, int, CutOut | LinesLeftOut | None]


def pieces_of(document: Document, selection: Selection = WHOLE) -> Iterator[Piece]:
    """Yield what is sent of a document, in order, with what stays here at its place."""
    language = language_of(document)
    left_out: SectionsLeftOut | None = None
    for section in document.sections:
        if not selection.has(section):
            first = left_out.first if left_out else section.number
            left_out = SectionsLeftOut(first, section.number)
            continue
        if left_out:
            yield left_out
            left_out = None
        yield from pieces_of_section(section, selection, language)
    if left_out:
        yield left_out


def pieces_of_section(section: Section, selection: Selection, language: Language) -> Iterator[Piece]:
    """Yield what is sent of a section that is chosen, with its mark; `language` is that of its document."""
    if mark := section_mark(section, language):
        yield MarkPiece(mark, section.number)
    yield from _pieces_of_blocks(section, selection, language)


def attachment(document: Document, selection: Selection = WHOLE, digest: str = "") -> AttachmentPart:
    """Return the document as part of a message: the text that is sent, and where each piece of it stands."""
    written: list[str] = []
    anchors: list[Anchor] = []
    length = 0
    blocks = {section.number: section.blocks for section in document.sections}
    was_row = False
    for piece in pieces_of(document, selection):
        if not isinstance(piece, MarkPiece | WordsPiece):
            continue
        is_row = isinstance(piece, WordsPiece) and piece.is_table
        if written:  # the rows of a table that was read in pieces stand together
            gap = "\n" if is_row and was_row else "\n\n"
            written.append(gap)
            length += len(gap)
        was_row = is_row
        if isinstance(piece, WordsPiece):
            place = _place_of(piece, blocks[piece.section][piece.block]) + _columns_sent(piece, document, selection)
            anchors.append(Anchor(length, piece.section, place))
        written.append(piece.text)
        length += len(piece.text)
    return AttachmentPart(
        document.name, document.media_type, "".join(written), digest, sent_in_words(document, selection), tuple(anchors)
    )


def _place_of(piece: WordsPiece, block: Block) -> str:
    """Return where words stand in their section; of rows, that of the first of them."""
    if block.is_table and piece.start and block.place.isdecimal():
        return str(int(block.place) + block.text.count("\n", 0, piece.start))
    return block.place


def _columns_sent(piece: WordsPiece, document: Document, selection: Selection) -> str:
    """Return which columns of rows are sent, where some stay here: " 0,2,3"; else nothing."""
    off = {column for section, column in selection.columns_off if section == piece.section and piece.is_table}
    if not off:
        return ""
    section = next(each for each in document.sections if each.number == piece.section)
    columns = len(row_cells(section.blocks[piece.block].text.split("\n", 1)[0]))
    return " " + ",".join(str(column) for column in range(columns) if column not in off)


def applied(document: Document, selection: Selection) -> Document:
    """Return a document that has only what the selection sends, as it is sent; its sections keep their numbers."""
    places = {section.number: section.blocks for section in document.sections}
    blocks: dict[int, list[Block]] = {section.number: [] for section in document.sections if selection.has(section)}
    for piece in pieces_of(document, selection):
        if isinstance(piece, WordsPiece):
            place = _place_of(piece, places[piece.section][piece.block])
            blocks[piece.section].append(Block((Run(piece.text),), place, piece.level, piece.is_table))
    sections = (section for section in document.sections if section.number in blocks)
    return replace(
        document, sections=tuple(replace(section, blocks=tuple(blocks[section.number])) for section in sections)
    )


def sent_in_words(document: Document, selection: Selection) -> str:
    """Return which part is sent, in the language of the document, for the line at the fence; empty for all of it."""
    sections = document.sections
    chosen = [section.number for section in sections if selection.has(section)]
    return chosen_in_words(sections[0].kind, chosen, len(sections), language_of(document)) if sections else ""


def with_sections(selection: Selection, document: Document, numbers: set[int]) -> Selection:
    """Return the selection with these sections, None where they are all of the document."""
    every = {section.number for section in document.sections}
    return replace(selection, sections=None if numbers >= every else frozenset(numbers & every))


def _pieces_of_blocks(section: Section, selection: Selection, language: Language) -> Iterator[Piece]:
    left_out: BlocksLeftOut | None = None
    for index, block in enumerate(section.blocks):
        if selection.passages is not None and (section.number, index) not in selection.passages:
            left_out = BlocksLeftOut(section.number, left_out.first if left_out else index, index)
            continue
        if left_out:
            yield left_out
            left_out = None
        yield from _pieces_of_block(section.number, index, block, selection, language)
    if left_out:
        yield left_out


def _pieces_of_block(
    number: int, index: int, block: Block, selection: Selection, language: Language
) -> Iterator[WordsPiece | CutOut | LinesLeftOut]:
    end_of_all = len(block.text)
    position = 0
    for start, end, left_out in [*_gaps(number, index, block, selection), (end_of_all, end_of_all, None)]:
        if start > position:
            text, letters = _sent(block, position, start, selection, language)
            if block.is_table:
                text, letters = _rows_sent(text, block.text[position:start], position, number, selection)
            if text.strip():
                lead = len(text) - len(text.lstrip("\n"))
                places = tuple((at - lead, letter, length) for at, letter, length in letters)
                yield WordsPiece(text.strip("\n"), number, index, position, block.level, block.is_table, places)
        if left_out and end > position:
            yield left_out
        position = max(position, end)


_Letters = list[tuple[int, int, int]]


def _sent(block: Block, start: int, end: int, selection: Selection, language: Language) -> tuple[str, _Letters]:
    """Return the words of a block between two letters as they are sent: with marks, without what is switched off."""
    said = ""
    letters: _Letters = []
    position = 0
    for run in block.runs:
        first, last = max(start, position), min(end, position + len(run.text))
        if first < last and (run.aside is None or run.aside not in selection.without):
            words = run.text[first - position : last - position]
            shown = marked(replace(run, text=words), language)
            letters.append((len(said) + max(0, shown.find(words)), first, len(words)))
            said += shown
        position += len(run.text)
    return said, letters


def _rows_sent(text: str, source: str, letter: int, number: int, selection: Selection) -> tuple[str, _Letters]:
    """Return rows without those that are empty because what stood in them stays here, and without some columns."""
    columns_off = {column for section, column in selection.columns_off if section == number}
    rows: list[str] = []
    letters: _Letters = []
    at = 0
    for row, line in zip_longest(text.split("\n"), source.split("\n"), fillvalue=""):
        if not (selection.without and _EMPTY_ROW.fullmatch(row)):
            rows.append(_without_columns(row, line, columns_off) if columns_off and row else row)
            letters.append((at, letter, len(line)))
            at += len(rows[-1]) + 1
        letter += len(line) + 1
    return "\n".join(rows), letters


def _without_columns(row: str, source: str, off: set[int]) -> str:
    """Return a row without some columns; a mark over several cells is closed in what is left of it."""
    kept: list[str] = []
    begun = ""  # of a mark that begins in a cell which stays here
    for column, (cell, words) in enumerate(zip_longest(row_cells(row), row_cells(source), fillvalue="")):
        mark = cell.replace(words, "", 1) if words else cell
        if column not in off:
            kept.append(begun + cell)
            begun = ""
        elif mark.count("[") > mark.count("]"):
            begun = f"{mark.strip()} "
        elif mark.count("]") > mark.count("["):
            if kept and not begun:
                kept[-1] += mark.strip()
            begun = ""
    return table_row(kept)


def _gaps(number: int, index: int, block: Block, selection: Selection) -> list[_Gap]:
    """Return where words of a block stay here: from letter to letter, and what is said of it; in order."""
    words = block.text
    gaps: list[_Gap] = [
        (min(cut.start, len(words)), cut.end, CutOut(cut, words[cut.start : cut.end]))
        for cut in selection.cuts
        if (cut.section, cut.block) == (number, index)
    ]
    sent_rows = {row for section, block, row in selection.rows if (section, block) == (number, index)}
    if sent_rows:
        position, first = 0, None
        for row, line in enumerate([*words.split("\n"), None]):
            if line is not None and row not in sent_rows:
                first = (row, position) if first is None else first
            elif first is not None:
                begin, start = first
                left_out = None if block.is_table else LinesLeftOut(number, index, begin, row - 1, start)
                gaps.append((start, position, left_out))
                first = None
            position += len(line) + 1 if line is not None else 0
    return sorted(gaps, key=lambda gap: gap[:2])


def with_cuts(selection: Selection, cuts: Iterable[Cut]) -> Selection:
    """Return the selection without these pieces, too; cuts that overlap or touch become one."""
    joined: list[Cut] = []
    for cut in sorted([*selection.cuts, *cuts]):
        last = joined[-1] if joined else None
        if last and (last.section, last.block) == (cut.section, cut.block) and cut.start <= last.end:
            joined[-1] = replace(last, end=max(last.end, cut.end))
        else:
            joined.append(cut)
    return replace(selection, cuts=tuple(joined))


def cut_of(piece: WordsPiece, start: int, end: int) -> Cut | None:
    """Return the cut that takes letters `start` to `end` out of a piece's text; of a table, whole rows.

    None where they are only marks, which are no letters of the file.
    """
    if piece.is_table:  # line by line: a row that is sent may be shorter than its line
        ends = [*(at for at, _, _ in piece.letters[1:]), len(piece.text) + 1]
        lines = [
            (letter, letter + length + 1)
            for (at, letter, length), row_end in zip(piece.letters, ends, strict=True)
            if at < max(end, start + 1) and row_end > start
        ]
        first, last = lines[0][0], lines[-1][1]
    else:
        first, last = piece.letter_at(start), piece.letter_at(end)
    return Cut(piece.section, piece.block, first, last) if first < last else None
