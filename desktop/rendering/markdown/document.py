"""A Markdown text that grows while it is written, as leaves of which only the last ones change.

What an `append` costs depends on what is appended and on the block that grows, never on the text before it; a
paragraph, a list, code or a table may be of any length. Nothing is laid out or painted here.
"""

from __future__ import annotations

import re

from desktop.rendering.markdown.block_parser import Unresolved
from desktop.rendering.markdown.block_rules import split_row
from desktop.rendering.markdown.growing_parser import GrowingParser
from desktop.rendering.markdown.growing_text import UnreadInline
from desktop.rendering.markdown.open_blocks import normal_label, read_row
from desktop.rendering.text.leaves import Cell, Leaf, Table

_LINE_END = re.compile("\r\n?")

# Of a stored text, only longer lines are read before they are complete.
_LONG_LINE = 512

# A line that is dear to read is tried again only when it has grown by a quarter.
_DEAR_LINE = 2_048


def normalize(text: str) -> str:
    """Return the text as leaves count it: lines end in a line feed, and there is no NUL."""
    return _LINE_END.sub("\n", text).replace("\0", "\ufffd")


class _Line:
    """Last line of the text, which is not complete. When it `is_given` to the parser, only its length is known."""

    __slots__ = ("_pieces", "is_given", "length", "offered", "tried")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.length = 0
        self.tried = 0  # its length when it was last shown
        self.offered = 0  # its length when it was last offered to the parser
        self.is_given = False

    def add(self, piece: str) -> None:
        if piece:
            self._pieces.append(piece)
            self.length += len(piece)

    @property
    def text(self) -> str:
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def give(self) -> None:
        self.is_given = True
        self._pieces.clear()


class MarkdownDocument:
    """Markdown text that grows.

    `leaves` is a live list: those before the index that `append` returns are the same objects.

    Whatever the pieces in which a text is appended, the leaves after `finish` are the same.
    """

    def __init__(self, text: str = "", base: int = 0) -> None:
        """Begin the document with `text`; `source` ranges of leaves count from `base`."""
        self.leaves: list[Leaf] = []
        self._parser = GrowingParser()
        self._final = 0  # leaves that will not change any more, but for links defined further down
        self._source: list[str] = []
        self._length = base  # of the source before the current line, and of what stands before this document
        self._line = _Line()
        self._has_return = False  # the last character was a carriage return: half a line end, perhaps
        self._is_finished = False
        if text:
            self.append(text)

    @property
    def source(self) -> str:
        """The Markdown so far, as the leaves count it: line feeds only, no NUL."""
        whole = "".join(self._source)
        self._source = [whole]
        return whole

    def append(self, text: str, more_follows: bool = False) -> int:
        """Take more text, and return the index of the first leaf that may differ from before.

        With `more_follows` the text is a piece of one that is known already: the block at its end is not looked at
        until the next piece, which makes reading a stored text several times cheaper. The last piece comes without it,
        or `finish` follows. Raises ValueError after `finish`.
        """
        if self._is_finished:
            raise ValueError("the text is finished")
        if self._has_return:
            text = "\r" + text
        self._has_return = text.endswith("\r")
        self._take(normalize(text[:-1] if self._has_return else text))
        self._offer_line(_LONG_LINE if more_follows else 1)
        before = self.leaves[self._final :]
        first = self._final
        has_new = self._collect()
        if more_follows:
            return self._first_new(first, before) if has_new else len(self.leaves)
        if self._is_dear_line():
            return len(self.leaves)
        self._line.tried = self._line.length
        shown = self._parser.preview("" if self._line.is_given else self._line.text, self._length)
        self.leaves[self._final :] = shown
        return self._first_new(first, before)

    def finish(self) -> int:
        """Complete the text, and return the index of the first leaf that may differ from before."""
        if self._is_finished:
            return len(self.leaves)
        if self._has_return:
            self._take("\n")
        if not self._line.is_given and self._line.text.strip(" \t"):
            self._parser.feed(self._line.text, self._length)
        self._parser.finish()
        self._is_finished = True
        first, before = self._final, self.leaves[self._final :]
        self._collect()
        del self.leaves[self._final :]
        return min(self._first_new(first, before), self._resolve())

    def _take(self, text: str) -> None:
        if not text:
            return
        self._source.append(text)
        *complete, last = text.split("\n")
        is_at_rest = self._parser.is_at_rest
        for piece in complete:
            if is_at_rest and not self._line.length and not piece.strip(" \t"):
                self._length += len(piece) + 1
                continue
            self._add_to_line(piece)
            if not self._line.is_given:
                self._parser.feed(self._line.text, self._length)
            self._length += self._line.length + 1
            self._line = _Line()
            is_at_rest = self._parser.is_at_rest
        self._add_to_line(last)

    def _add_to_line(self, piece: str) -> None:
        if self._line.is_given:
            self._parser.extend(piece)
            self._line.length += len(piece)
        else:
            self._line.add(piece)

    def _offer_line(self, shortest: int) -> None:
        """Let the parser have the current line if it is text whatever comes: then each piece of it is read once."""
        line = self._line
        if line.is_given or line.length < max(shortest, 2 * line.offered):
            return
        line.offered = line.length
        if self._parser.accepts_open_line(line.text, self._length):
            self._parser.feed(line.text, self._length)
            line.give()

    def _is_dear_line(self) -> bool:
        """Return True if reading the current line once more would cost too much for what is new in it."""
        line = self._line
        if line.is_given or self._parser.is_in_code or line.tried < _DEAR_LINE:
            return False
        return line.length < line.tried + line.tried // 4

    def _collect(self) -> bool:
        """Put what has become final in the place of what was shown before; True if there is any."""
        closed = self._parser.drain()
        if closed:
            self.leaves[self._final :] = closed
            self._final = len(self.leaves)
        return bool(closed)

    def _first_new(self, first: int, before: list[Leaf]) -> int:
        """Return the first leaf from `first` on that is not the very one that stood there before."""
        for old, new in zip(before, self.leaves[first:], strict=False):
            if old is not new:
                break
            first += 1
        return first

    def _resolve(self) -> int:
        """Read again what may be links by definitions that came later, and return the first leaf that changed."""
        labels = list(self._parser.references)
        if not labels:
            return len(self.leaves)
        first = len(self.leaves)
        for unresolved in self._parser.unresolved:
            index = unresolved.index
            if not self.leaves[index].is_read:
                continue
            text = normal_label("\n".join(unresolved.raw))
            if any(label in text for label in labels):
                leaf = self.leaves[index]
                fresh = self._read_again(leaf, unresolved)
                if fresh != leaf:
                    self.leaves[index] = fresh
                    first = min(first, index)
        return first

    def _read_again(self, leaf: Leaf, unresolved: Unresolved) -> Leaf:
        references = self._parser.references
        if leaf.table is not None:
            columns = len(leaf.table.aligns)
            known: dict[str, Cell] = {}
            rows = tuple(read_row(split_row(row), columns, references, known) for row in unresolved.raw)
            table = Table(leaf.table.aligns, rows)
            return Leaf(leaf.kind, containers=leaf.containers, table=table, source=leaf.source)
        text, spans = UnreadInline(unresolved.raw[0], references).read()
        settled, joint = len(text), leaf.joint
        return Leaf(
            leaf.kind, text, spans, leaf.containers, leaf.level, source=leaf.source, settled=settled, joint=joint
        )
