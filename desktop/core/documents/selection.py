"""The part of a document that is sent, and its exact text: which is shown before, sent, and looked up afterwards.

A selection names sections, kinds of asides, columns, and pieces that were taken out, in terms of the document, so that
it holds when the file is read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from desktop.core.documents.document import Aside, Block, Document, Section, row_cells, table_row
from desktop.core.documents.marks import Language, chosen_in_words, language_of, marked, section_mark
from desktop.core.message import Anchor, AttachmentPart


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
    `passages`: (number of the section, index of a block) of the blocks that alone are sent; None for all.
    """

    sections: frozenset[int] | None = None
    without: frozenset[Aside] = frozenset()
    cuts: tuple[Cut, ...] = ()
    columns_off: frozenset[tuple[int, int]] = frozenset()
    passages: frozenset[tuple[int, int]] | None = None

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
    """Words that are sent, of a block or of what is left of it; `start` is where they begin in `Block.text`."""

    text: str
    section: int
    block: int
    start: int
    level: int = 0
    is_table: bool = False


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
class CutOut:
    """Piece that was taken out, with its words, where it would have stood."""

    cut: Cut
    text: str


Piece = MarkPiece | WordsPiece | SectionsLeftOut | BlocksLeftOut | CutOut


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
        if mark := section_mark(section, language):
            yield MarkPiece(mark, section.number)
        yield from _pieces_of_section(section, selection, language)
    if left_out:
        yield left_out


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
            anchors.append(Anchor(length, piece.section, blocks[piece.section][piece.block].place))
        written.append(piece.text)
        length += len(piece.text)
    return AttachmentPart(
        document.name, document.media_type, "".join(written), digest, sent_in_words(document, selection), tuple(anchors)
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


def _pieces_of_section(section: Section, selection: Selection, language: Language) -> Iterator[Piece]:
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
) -> Iterator[WordsPiece | CutOut]:
    position = 0
    words = block.text
    cuts = sorted(cut for cut in selection.cuts if (cut.section, cut.block) == (number, index))
    columns_off = (
        {column for section, column in selection.columns_off if section == number} if block.is_table else set()
    )
    for cut in [*cuts, None]:
        end = min(cut.start, len(words)) if cut else len(words)
        if end > position:
            text = _sent(block, position, end, selection, language)
            if columns_off:
                text = "\n".join(_without_columns(line, columns_off) for line in text.split("\n"))
            if text.strip():
                yield WordsPiece(text.strip("\n"), number, index, position, block.level, block.is_table)
        if cut and cut.end > position:
            yield CutOut(cut, words[max(position, cut.start) : cut.end])
            position = cut.end


def _sent(block: Block, start: int, end: int, selection: Selection, language: Language) -> str:
    """Return the words of a block between two letters as they are sent: with marks, without what is switched off."""
    said: list[str] = []
    position = 0
    for run in block.runs:
        first, last = max(start, position), min(end, position + len(run.text))
        if first < last and (run.aside is None or run.aside not in selection.without):
            said.append(marked(replace(run, text=run.text[first - position : last - position]), language))
        position += len(run.text)
    return "".join(said)


def _without_columns(line: str, columns: set[int]) -> str:
    cells = row_cells(line)
    return table_row([cell for column, cell in enumerate(cells) if column not in columns])
