"""The end of a Markdown text while it grows: what the open block is so far, and the line that is not complete.

Such a line is tried on a clone of the parser, or given to the open paragraph when it is text whatever comes. Nothing is
shown of a line that may still become something else, so a block does not flicker between two looks.
"""

from __future__ import annotations

from collections import ChainMap

from desktop.rendering.markdown import block_rules
from desktop.rendering.markdown.block_parser import BlockParser
from desktop.rendering.markdown.block_rules import CodeFence
from desktop.rendering.markdown.line_cursor import CODE_INDENT, LineCursor
from desktop.rendering.markdown.open_blocks import OpenCode, OpenParagraph, OpenTable
from desktop.rendering.markdown.open_maths import LONGEST as LONGEST_MATHS
from desktop.rendering.markdown.open_maths import OpenMaths
from desktop.rendering.text.leaves import Leaf

# A shorter line in code or in a table is not worth a trial.
_LONG_LINE = 512

# So many characters of a line tell what it is, if it is text.
_TOLD_BY = 2 * LONGEST_MATHS


class GrowingParser(BlockParser):
    """Parser of blocks that can be asked about its end."""

    def accepts_open_line(self, text: str, start: int) -> bool:
        """Return True if a line that begins like this is text of a paragraph, however it goes on."""
        is_short = len(text) < _LONG_LINE
        if is_short and (isinstance(self._block, OpenCode | OpenTable | OpenMaths) or block_rules.is_undecided(text)):
            return False
        if text[:1].isalpha() and isinstance(self._block, OpenParagraph | None):
            return True  # no letter begins anything else
        if not text.strip("-:|=_* \t"):
            return False
        trial = self._clone()
        trial.feed(text[:_TOLD_BY], start)
        return trial._took_text

    def extend(self, text: str) -> None:
        """Continue the last line; only after `accepts_open_line` and `feed`."""
        if isinstance(self._block, OpenParagraph):
            self._block.extend_line(text)
            self._containers.extend_line(self._end, len(text))
            self._end += len(text)
            self._emit_parts(self._block)

    def preview(self, partial: str, start: int) -> list[Leaf]:
        """Return the leaves at the end that are not final, if the text ended with this line. Changes nothing."""
        is_undecided = self._is_undecided(partial)
        block = self._block
        if isinstance(block, OpenParagraph):
            block.read_settled()  # once, and not in each trial
        if is_undecided and isinstance(block, OpenParagraph) and not block.may_be_definitions:
            return [self._with_settled(block.leaf())]
        trial = self._clone()
        if not is_undecided:
            trial.feed(partial, start)
        leaves = [*trial.drain(), *trial._open_leaf()]
        return [*map(self._with_settled, leaves[:1]), *leaves[1:]]

    @property
    def is_at_rest(self) -> bool:
        """True between blocks, where a blank line changes nothing."""
        return self._block is None and not len(self._containers)

    @property
    def is_in_code(self) -> bool:
        return isinstance(self._block, OpenCode)

    def _clone(self) -> GrowingParser:
        other = GrowingParser()
        other.references = ChainMap({}, self.references) if self.references else {}
        other._containers = self._containers.clone()
        other._block = None if self._block is None else self._block.clone(other.references)
        other._count = self._count
        other._may_go_on = True
        return other

    def _is_undecided(self, partial: str) -> bool:
        """Return True if the line is too short yet to be shown, since what it is may change with its next letters."""
        if not isinstance(self._block, OpenCode):
            return block_rules.is_undecided(partial)
        line = LineCursor(partial)
        is_inside = self._containers.match(line) == len(self._containers) and not line.is_blank
        match self._block:
            case OpenCode(fence=CodeFence() as fence) if is_inside:
                return fence.may_be_closed_by(line.content)
            case OpenCode(fence=None) if is_inside and line.indent >= CODE_INDENT:
                return False
            case _:
                return block_rules.is_undecided(partial)

    def _with_settled(self, leaf: Leaf) -> Leaf:
        """Return a leaf of a trial, of which only what the open block has settled already is sure."""
        own, settled = self._block, 0
        if isinstance(own, OpenParagraph | OpenCode) and own.place.start == leaf.source[0]:
            settled = min(own.settled, len(leaf.text))
        return leaf if leaf.settled == settled else leaf.with_settled(settled)

    def _open_leaf(self) -> list[Leaf]:
        """Return the open block as a leaf; instead of it, items that have nothing yet but their markers."""
        match self._block:
            case OpenParagraph() as paragraph:
                if not paragraph.may_be_definitions:
                    return [paragraph.leaf()]
                if not paragraph.may_vanish and paragraph.take_definitions() and not paragraph.may_vanish:
                    return [paragraph.leaf()]
                self._drop_block()
            case OpenCode() as code:
                return [code.leaf(is_open=code.fence is not None)]
            case OpenTable() as table:
                return [table.leaf()]
            case OpenMaths() as maths:
                return [maths.leaf()]
            case None:
                pass
        self._close_to(0)
        return self.drain()
