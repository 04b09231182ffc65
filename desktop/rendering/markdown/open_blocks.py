"""The block at the end of a Markdown text that may still grow: paragraph, code or table.

Each takes lines, gives its leaf at any time, and can be cloned to try what a line would do that is not complete yet.
Which lines a block gets is decided in `block_parser`.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from desktop.rendering.markdown.block_rules import MOST_EMPTY_CELLS, CodeFence, split_row
from desktop.rendering.markdown.growing_text import GrowingText
from desktop.rendering.markdown.inline import InlineText, References, parse_inline
from desktop.rendering.markdown.line_cursor import LineCursor
from desktop.rendering.markdown.open_containers import BlockPosition
from desktop.rendering.markdown.open_maths import OpenMaths
from desktop.rendering.text.invisible import show_invisible
from desktop.rendering.text.leaves import Cell, Leaf, LeafKind, Table

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

# A paragraph that comes as a whole is read when it is looked at; one longer than this is read while it comes, so that
# no step takes long.
_LONGEST_UNREAD = 2_000

_MOST_KNOWN_CELLS = 500

# Within a paragraph a longer line does not head a table, so its text can be settled before the next line comes.
_LONGEST_HEADER = 500


class OpenParagraph:
    """Paragraph of lines. It may turn out to be a heading, definitions of links, or to end in the header of a table."""

    def __init__(self, place: BlockPosition, references: References) -> None:
        self.place = place
        self._lines: list[str] = []
        self._end_of_line: list[str] = []  # pieces with which the last line goes on
        self._can_be_header = True  # the last line is in all quotes and items around the paragraph, and not indented
        self._starts: list[int] = []
        self._references = references
        self._text = GrowingText(references)
        self._unread: list[str] = []  # raw text that has not been given to `_text`: that of the last line is
        self._unread_last: list[str] = []  # kept apart, since it may be the header of a table
        self._length = 0
        self._last_length = 0
        self._has_definitions = False  # some were taken from its beginning
        self._has_text = False  # what followed them was none
        self.is_unread = True  # nothing has been given to `_text`

    def clone(self, references: References) -> OpenParagraph:
        self._read_settled()
        other = OpenParagraph(BlockPosition(self.place.containers, self.place.start, self.place.end), references)
        other._lines = self.raw_lines.copy()
        other._can_be_header = self._can_be_header
        other._starts = self._starts.copy()
        other._text = self._text.clone()
        other._last_length = self._last_length
        other._has_definitions, other._has_text = self._has_definitions, self._has_text
        other._unread_last = self._unread_last.copy()
        other._length, other.is_unread = self._length, False
        return other

    def add_line(self, text: str, start: int, end: int, can_be_header: bool) -> None:
        """Take a line without the white space before it, which stands at `start` to `end` in the source."""
        if text.startswith("[") and self.may_be_definitions and not self._has_text:
            self._has_text = self.take_definitions()  # what they are does not depend on this line
        if not self._lines:
            self.place.start = start
        self._unread.extend(self._unread_last)
        self._unread_last = ["\n" + text if self._lines else text]
        self.raw_lines.append(text)
        self._last_length = len(text)
        self._starts.append(start)
        self._can_be_header = can_be_header
        self.place.end = end
        self._has_grown(len(text))

    def extend_line(self, text: str) -> None:
        """Continue the last line."""
        self._unread_last.append(text)
        self._end_of_line.append(text)
        self._last_length += len(text)
        self.place.end += len(text)
        self._has_grown(len(text))

    @property
    def raw_lines(self) -> list[str]:
        """The lines as they were written, without what stands before them."""
        if self._end_of_line:
            self._lines[-1] += "".join(self._end_of_line)
            self._end_of_line.clear()
        return self._lines

    @property
    def header(self) -> str:
        """The last line if it may head a table, else an empty string."""
        line = self.raw_lines[-1] if self._may_head_table else ""
        return line if "|" in line else ""

    @property
    def _may_head_table(self) -> bool:
        return self._can_be_header and (self._last_length <= _LONGEST_HEADER or len(self._lines) == 1)

    def drop_last_line(self) -> tuple[str, int]:
        """Give up the last line, which is the header of a table; return it and where it starts."""
        self.place.end = self._starts[-1] - 1
        start, line = self._starts.pop(), self.raw_lines.pop()
        self._read_again()
        return line, start

    def take_definitions(self) -> bool:
        """Move the definitions of links at its beginning to the references; True if any text is left."""
        if not self.may_be_definitions:
            return bool(self._lines)
        raw = self.raw
        count = read_definitions(raw, self._references) if "]:" in raw else 0
        if count:
            self._has_definitions = True
            del self.raw_lines[:count], self._starts[:count]
            self.place.start = self._starts[0] if self._starts else self.place.end
            self._length = sum(len(line) for line in self._lines)
            self._read_again()
        return bool(self.raw_lines)

    @property
    def may_be_definitions(self) -> bool:
        """True if it begins as definitions of links do, and is of a sensible size."""
        return bool(self._lines) and self._lines[0].startswith("[") and self._length <= _LONGEST_DEFINITIONS

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
        self._read_settled()
        if self.may_be_definitions and any("]:" in line for line in self.raw_lines[:8]):
            return 0  # it may be a definition and vanish
        return self._text.settled_letters

    @property
    def settled_letters(self) -> int:
        return self._text.settled_letters

    @property
    def raw(self) -> str:
        return "\n".join(self.raw_lines)

    def finish(self) -> InlineText:
        self._read()
        return self._text.finish()

    def leaf(self) -> Leaf:
        """Return the paragraph so far, as one that may grow."""
        self._read_settled()
        inline = self._text.preview("".join(self._unread + self._unread_last))
        return Leaf(LeafKind.PARAGRAPH, inline.text, inline.spans, self.place.containers, source=self.place.source)

    def _has_grown(self, by: int) -> None:
        self._length += by
        if self._length > _LONGEST_UNREAD:
            self._read_settled()

    def _read_settled(self) -> None:
        """Read what stays text of this paragraph, whatever the next line is: not what may head a table."""
        if len(self._lines) == 1 or not self._may_head_table:
            self._read()
        else:
            self._give(self._unread)

    def _read(self) -> None:
        self._give(self._unread)
        self._give(self._unread_last)

    def _give(self, pieces: list[str]) -> None:
        if pieces:
            self._text.append_text("".join(pieces))
            self._text.settle()
            self.is_unread = False
            pieces.clear()

    def _read_again(self) -> None:
        self._text = GrowingText(self._references)
        self._unread = [self.raw] if self._lines else []
        self._unread_last.clear()
        self.is_unread = True


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
