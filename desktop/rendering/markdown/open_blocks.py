"""The block at the end of a Markdown text that may still grow: paragraph, code or table.

Each takes lines, gives its leaf at any time, and can be cloned to try what a line would do that is not complete yet.
Which lines a block gets is decided in `block_parser`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop.rendering.markdown.block_rules import MOST_EMPTY_CELLS, CodeFence, split_row
from desktop.rendering.markdown.growing_text import GrowingText
from desktop.rendering.markdown.inline import InlineText, References, is_closed, parse_inline
from desktop.rendering.markdown.line_cursor import LineCursor
from desktop.rendering.markdown.open_containers import BlockPosition
from desktop.rendering.markdown.open_maths import OpenMaths
from desktop.rendering.text.invisible import show_invisible
from desktop.rendering.text.leaves import Cell, Leaf, LeafKind, Table
from desktop.rendering.text.long_text import (
    count_signs,
    fits_into_a_part,
    is_short,
    least_end,
    next_cut,
    without_markers,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

# Definitions of links are looked for in paragraphs of a sensible size only; they are taken out while lines come.
_LONGEST_DEFINITIONS = 8_192

# What may become a definition of a link with its next letters, and is nothing to be seen then; and, after another
# definition, a label that has only begun.
_HALF_DEFINITION = re.compile(
    r"\[[^\[\]]{1,200}\]:\s*(?:(?:<[^<>\n]*>?|[^\s<]\S{0,400})(?:\s+(?:[\"'(].{0,400})?)?)?", re.DOTALL
)
_HALF_LABEL = re.compile(r"\[[^\[\]\n]{0,200}")

_MOST_KNOWN_CELLS = 500

# Within a paragraph a longer line does not head a table, so its text can be settled before the next line comes. One
# that begins a paragraph does not if it is beyond all measure.
_LONGEST_HEADER = 500


@dataclass(frozen=True, slots=True)
class ParagraphPart:
    """Markdown of a paragraph or of a part of it. `inline` is what is shown of it, if it has been read."""

    raw: str
    inline: InlineText | None
    place: BlockPosition
    joint: str | None  # what is shown between it and the part before


class OpenParagraph:
    """Paragraph of lines. It may turn out to be a heading, definitions of links, or to end in the header of a table.

    What makes it longer than all measure is split off as parts of their own, before it is read.
    """

    def __init__(self, place: BlockPosition, references: References) -> None:
        self.place = place
        self.raw = ""  # its lines, without what stands before them; after a part, what follows that
        self._signs = 0  # in it
        self._last_at = 0  # where the last line begins in it
        self._can_be_header = True  # the last line is in all quotes and items around the paragraph, and not indented
        self._starts: list[int] = []  # of these lines in the source
        self._references = references
        self._text = GrowingText(references)
        self._given = 0  # characters of `raw` that `_text` has
        self._joint: str | None = None
        self._has_definitions = False  # some were taken from its beginning
        self._has_text = False  # what followed them was none

    def clone(self, references: References) -> OpenParagraph:
        other = OpenParagraph(BlockPosition(self.place.containers, self.place.start, self.place.end), references)
        other.raw, other._signs = self.raw, self._signs
        other._last_at, other._starts = self._last_at, self._starts.copy()
        other._can_be_header = self._can_be_header
        other._text, other._given = self._text.clone(), self._given
        other._joint = self._joint
        other._has_definitions, other._has_text = self._has_definitions, self._has_text
        return other

    def add_line(self, text: str, start: int, end: int, can_be_header: bool) -> None:
        """Take a line without the white space before it, which stands at `start` to `end` in the source."""
        if text.startswith("[") and self.may_be_definitions and not self._has_text:
            self._has_text = self.take_definitions()  # what they are does not depend on this line
        if self._starts:
            self._last_at = len(self.raw) + 1
            self.raw = f"{self.raw}\n{text}"
        else:
            self.place.start = start
            self._last_at, self.raw = 0, text
        self._starts.append(start)
        self._signs += count_signs(text)
        self._can_be_header = can_be_header
        self.place.end = end

    def extend_line(self, text: str) -> None:
        """Continue the last line."""
        self.raw += text
        self._signs += count_signs(text)
        self.place.end += len(text)

    @property
    def header(self) -> str:
        """The last line if it may head a table, else an empty string."""
        line = self.raw[self._last_at :] if self._may_head_table else ""
        return line if "|" in line else ""

    @property
    def _may_head_table(self) -> bool:
        if not self._can_be_header:
            return False
        if self._last_at:
            return len(self.raw) - self._last_at <= _LONGEST_HEADER
        return not self.is_in_parts and fits_into_a_part(len(self.raw), self._signs)

    def drop_last_line(self) -> tuple[str, int]:
        """Give up the last line, which is the header of a table; return it and where it starts."""
        self.place.end = self._starts[-1] - 1
        start, line = self._starts.pop(), self.raw[self._last_at :]
        self.raw = self.raw[: max(0, self._last_at - 1)]
        self._read_again()
        return line, start

    def take_definitions(self) -> bool:
        """Move the definitions of links at its beginning to the references; True if any text is left."""
        if not self.may_be_definitions:
            return bool(self._starts)
        count = read_definitions(self.raw, self._references) if "]:" in self.raw else 0
        if count:
            self._has_definitions = True
            del self._starts[:count]
            self.raw = "\n".join(self.raw.split("\n")[count:])
            self.place.start = self._starts[0] if self._starts else self.place.end
            self._read_again()
        return bool(self._starts)

    def split_off(self, *, is_complete: bool = False) -> Iterator[ParagraphPart]:
        """Yield what is too long to stay in one leaf; the rest stays.

        Where a part ends depends on the text alone: a line that may head a table counts when it does not any more.
        """
        known = len(self.raw) if is_complete or not self._may_head_table else max(0, self._last_at - 1)
        if is_short(known, self._signs):
            return
        start = line = line_at = 0
        while cut := next_cut(self.raw, start, known, is_closed):
            inline = None
            if self._given:
                self._text.append_text(self.raw[self._given : cut.end])
                inline = self._text.finish()
                self._text, self._given = GrowingText(self._references), 0
            self.place.end = self.place.start  # where it ends in the source is not known
            yield ParagraphPart(self.raw[start : cut.end], inline, self.place, self._joint)
            between = self.raw[cut.end : cut.after]
            self._joint = "\n" if "\n" in between else between
            line += self.raw.count("\n", start, cut.after)
            line_at = max(line_at, self.raw.rfind("\n", start, cut.after) + 1)
            at = self._starts[line] + cut.after - line_at  # about: what stands before the line's text is not counted
            self.place = BlockPosition(without_markers(self.place.containers), at, at)
            start = cut.after
        if start:
            self._starts = [self.place.start, *self._starts[line + 1 :]]
            self.raw, self._last_at = self.raw[start:], max(0, self._last_at - start)
            self._signs = count_signs(self.raw)

    @property
    def is_in_parts(self) -> bool:
        """True if what it begins with has been split off."""
        return self._joint is not None

    @property
    def may_be_definitions(self) -> bool:
        """True if it begins as definitions of links do, and is of a sensible size."""
        return self.raw.startswith("[") and not self.is_in_parts and len(self.raw) <= _LONGEST_DEFINITIONS

    @property
    def may_vanish(self) -> bool:
        """True if it is the beginning of a definition, or of a further one, that is not complete yet."""
        raw = self.raw if self.may_be_definitions else ""
        if self._has_definitions and _HALF_LABEL.fullmatch(raw):
            return True
        return _HALF_DEFINITION.fullmatch(raw) is not None

    @property
    def settled(self) -> int:
        """The number of characters of its text that stay as they are while it grows."""
        self.read_settled()
        if self.may_be_definitions and any("]:" in line for line in self.raw.split("\n", 8)[:8]):
            return 0  # it may be a definition and vanish
        return self._text.settled_letters

    def read_settled(self) -> None:
        """Read what stays text of this part, whatever follows: not what may head a table."""
        known = max(0, self._last_at - 1) if self._may_head_table and self._last_at else len(self.raw)
        known = min(known, least_end(self.raw))
        if known > self._given:
            self._text.append_text(self.raw[self._given : known])
            self._text.settle()
            self._given = known

    def finish(self) -> ParagraphPart:
        """Return what has not been split off: the paragraph is complete."""
        inline = None
        if self._given:
            self._text.append_text(self.raw[self._given :])
            self._given = len(self.raw)
            inline = self._text.finish()
        return ParagraphPart(self.raw, inline, self.place, self._joint)

    def leaf(self) -> Leaf:
        """Return the paragraph so far, as one that may grow."""
        self.read_settled()
        inline = self._text.preview(self.raw[self._given :])
        place = self.place
        source = (place.start, place.start) if self.is_in_parts else place.source
        return Leaf(LeafKind.PARAGRAPH, inline.text, inline.spans, place.containers, source=source, joint=self._joint)

    def _read_again(self) -> None:
        self._last_at, self._signs = self.raw.rfind("\n") + 1, count_signs(self.raw)
        self._text, self._given = GrowingText(self._references), 0


class OpenCode:
    """Code in lines, between fences or indented by four columns (then `fence` is None)."""

    def __init__(self, place: BlockPosition, fence: CodeFence | None, indent: int) -> None:
        self.place = place
        self.fence = fence
        self._indent = indent
        self._text = ""
        self._lines: list[str] = []
        self._has_text = False
        self._blanks: list[str] = []  # lines at the end that do not count unless indented code goes on

    def clone(self, references: References) -> OpenCode:
        self._join()
        other = OpenCode(
            BlockPosition(self.place.containers, self.place.start, self.place.end), self.fence, self._indent
        )
        other._text, other._has_text, other._blanks = self._text, self._has_text, self._blanks.copy()
        return other

    def add_line(self, line: LineCursor, end: int) -> None:
        """Take a line, which ends at `end` in the source."""
        line.skip_columns(self._indent)
        if self.fence is None and line.is_blank:
            self._blanks.append(line.rest)
            return
        self._lines.extend(self._blanks)
        self._blanks.clear()
        self._lines.append(line.rest)
        self.place.end = end

    @property
    def settled(self) -> int:
        """The number of characters of its text that stay as they are."""
        self._join()
        return len(self._text)

    def leaf(self, is_open: bool) -> Leaf:
        self._join()
        language = self.fence.words.split()[0] if self.fence and self.fence.words else ""
        return Leaf(
            LeafKind.CODE,
            self._text,
            containers=self.place.containers,
            language=show_invisible(language),
            source=self.place.source,
            settled=len(self._text),
            is_open=is_open,
        )

    def _join(self) -> None:
        if not self._lines:
            return
        fresh = show_invisible("\n".join(self._lines))
        self._text = f"{self._text}\n{fresh}" if self._has_text else fresh
        self._has_text = True
        self._lines.clear()


class OpenTable:
    """Table whose header and alignments are known; rows are read as they come."""

    def __init__(self, place: BlockPosition, aligns: tuple[str, ...], references: References) -> None:
        self.place = place
        self.raw_rows: list[str] = []
        self._aligns = aligns
        self._references = references
        self._rows: list[tuple[Cell, ...]] = []
        self._known: dict[str, Cell] = {}  # by their Markdown; of a row that grows, all cells but the last are
        self._empty_cells = 0

    def clone(self, references: References) -> OpenTable:
        place = BlockPosition(self.place.containers, self.place.start, self.place.end)
        other = OpenTable(place, self._aligns, references)
        other.raw_rows = self.raw_rows.copy()
        other._rows = self._rows.copy()
        other._known = self._known
        other._empty_cells = self._empty_cells
        return other

    def add_row(self, text: str, end: int) -> bool:
        """Take a row; False if the table would grow out of all measure and ends before it."""
        cells = split_row(text)
        if self._rows:
            self._empty_cells += len(self._aligns) - len(cells)
            if self._empty_cells > MOST_EMPTY_CELLS:
                return False
        self.raw_rows.append(text)
        if len(self._known) > _MOST_KNOWN_CELLS:
            self._known.clear()
        self._rows.append(read_row(cells, len(self._aligns), self._references, self._known))
        self.place.end = end
        return True

    def leaf(self) -> Leaf:
        table = Table(self._aligns, tuple(self._rows))
        return Leaf(LeafKind.TABLE, containers=self.place.containers, table=table, source=self.place.source)


OpenBlock = OpenParagraph | OpenCode | OpenTable | OpenMaths


def read_row(cells: list[str], columns: int, references: References, known: dict[str, Cell]) -> tuple[Cell, ...]:
    """Return `columns` cells from the Markdown of those that were written.

    Each is looked up in `known` and added to it.
    """
    read = []
    for raw in cells[:columns]:
        cell = known.get(raw)
        if cell is None:
            inline = parse_inline(raw, references)
            cell = known[raw] = Cell(inline.text, inline.spans)
        read.append(cell)
    return (*read, *[Cell("")] * (columns - len(read)))


def read_definitions(raw: str, references: References) -> int:
    """Read the definitions of links that `raw` begins with into `references`; return how many lines they take."""
    parser = _definition_parser()
    env: dict[str, Any] = {"references": references}
    tokens = parser.parse(raw, env)
    for token in tokens:
        if token.type == "paragraph_open" and token.map:
            return token.map[0]
    return raw.count("\n") + 1


def normal_label(text: str) -> str:
    """Return a label in the form in which labels are compared: case and the amount of white space do not count."""
    from markdown_it.common.utils import normalizeReference

    return normalizeReference(text)


@functools.cache
def _definition_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    class _Parser(MarkdownIt):
        def normalizeLink(self, url: str) -> str:
            return url

        def validateLink(self, url: str) -> bool:
            return True

    parser = _Parser("js-default", {"html": False})
    parser.block.ruler.enableOnly(["reference", "paragraph"])
    parser.core.ruler.enableOnly(["block"])
    return parser
