"""A Markdown text that grows while it is written, as leaves of which only the last one is alive.

Each piece has the text read again from the beginning of the last leaf on. Lines that open the quotes and items around
it again are put before it, and the finished lines of code and of a table are kept. So what a piece costs depends
neither on the text before it nor on how long a list or a block has become. What a later line makes of an earlier leaf
(a link that is defined below it) is put right when all is read once more in the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from desktop.rendering.markdown.inline import References, as_written, without_delimiters
from desktop.rendering.markdown.leaves import TEXTS, Reading, normalize, opening_of, parse
from desktop.rendering.text.leaves import Leaf, LeafKind, Span, Style, Table
from desktop.rendering.text.letters import show_invisible
from desktop.rendering.text.plain_document import without_markers
from desktop.rendering.text.shown_text import Position, leaf_text

AT_ONCE = 16_000
"""Characters that are read in one go, in some ten milliseconds; a longer text is read in another thread."""

# Characters of the last leaf beyond which its finished lines are not read again: those of code and of a table are kept,
# and a text is cut into several leaves until all is read once more. One without a line's end is cut anywhere.
_LONG = {LeafKind.CODE: 4_000, LeafKind.TABLE: 800}
_LONG_TEXT = 1_500
_LONGEST = 5_000
_CHEAP = 1_000  # a longer text is read again when it has grown by an eighth; until then its end is shown as written
_WORD = "x"  # stands for what is not read again

# Letters and punctuation that mean nothing to Markdown; a full stop may belong to an address.
_WORDS = re.compile(r"(?:[^\W_]|[ ,，。、；：！？（）“”])*[^\W_]")

# What may stand before the text of a line, and what may then still become several things: "11" an item, "-" an item, a
# rule or the underline of a heading, "[ ]" a task. It is not shown yet, so that a block does not flicker between looks.
_MARKERS = re.compile(r"(?:[ \t>]+|[-+*][ \t]|[0-9]{1,9}[.)][ \t]|\[[ xX]\][ \t]|\[\^[^\]\s]{1,40}\]:[ \t])*")
_UNDECIDED = re.compile(
    r"[-+*_=:| \t]*|#{1,6}|`+|~+|[0-9]{1,9}[.)]?|\[[ xX]?\]?|\[\^[^\]\s]{0,40}\]?:?|\$|\\(?:\[[^\\^_=+<>]{0,30})?"
)

# What may become a definition of a link with its next letters, and is nothing to be seen then.
_HALF_DEFINITION = re.compile(
    r"\[[^\[\]]{1,200}\]:\s*(?:(?:<[^<>\n]*>?|[^\s<]\S{0,400})(?:\s+(?:[\"'(].{0,400})?)?)?", re.DOTALL
)
_HALF_LABEL = re.compile(r"\[[^\[\]\n]{0,200}")


class MarkdownDocument:
    """Markdown text that grows. `leaves` is a live list: those before the index that `append` returns are the same."""

    def __init__(self, text: str = "") -> None:
        self.leaves: list[Leaf] = []
        self.is_whole = False  # all has been read in one
        self._source: list[str] = []
        self._final = 0  # leaves that stay as they are until then
        self._references: References = {}
        self._rest = ""  # what is read again
        self._at = 0  # where that begins in the source
        self._head = ""  # what opens again what the rest stands in
        self._skipped = 0  # leaves of the head that are none
        self._numbers: Sequence[int] = ()  # of the items around the last leaf
        self._kept: Leaf | None = None  # the lines of code or of a table that stand before the rest
        self._joint: str | None = None  # between a text that was cut and the rest, which continues it
        self._dear_until = 0  # a length of the rest, up to which the end of a long text is shown as it is written
        self._last_text: Leaf | None = None  # the last leaf as it was read, of whose text more letters are more
        self._last_end = 0  # of it in the rest
        self._ends_in_word = False
        self._has_return = False  # the last character was a carriage return: half a line end, perhaps
        self._is_finished = False
        if text:
            self.append(text)

    @property
    def source(self) -> str:
        """The Markdown so far, as the leaves count it: line feeds only, no NUL."""
        self._source = ["".join(self._source)]
        return self._source[0]

    def append(self, text: str) -> int:
        """Take more text, and return the index of the first leaf that may differ from before.

        Raises ValueError after `finish`.
        """
        if self._is_finished:
            raise ValueError("the text is finished")
        if self._has_return:
            text = "\r" + text
        self._has_return = text.endswith("\r")
        text = normalize(text[:-1] if self._has_return else text)
        self._take(text)
        last, is_dear = self._last_text, len(self._rest) < self._dear_until and "\n" not in text
        if last is not None and (is_dear or (self._ends_in_word and _WORDS.fullmatch(text))):
            more = as_written(self._rest[self._last_end :].rstrip())
            source = last.source[0], last.source[1] + len(more)
            self.leaves[-1] = replace(last, text=last.text + more, source=source)
            return len(self.leaves) - 1
        line = self._rest.rfind("\n") + 1
        first = len(self.leaves)
        if last is not None and line > _LONG_TEXT:
            first = self._read(self._rest[:line], is_growing=True)  # which cuts it there
            line = self._rest.rfind("\n") + 1
        markers = _MARKERS.match(self._rest, line, line + _LONG_TEXT)
        if markers is not None and _UNDECIDED.fullmatch(self._rest, markers.end()):
            return min(first, self._read(self._rest[:line], is_growing=True))
        return min(first, self._read(self._rest, is_growing=True))

    def finish(self) -> int:
        """Complete the text, and return the index of the first leaf that may differ from before.

        A long one is not whole then: `take_whole` is to follow.
        """
        if self._is_finished:
            return len(self.leaves)
        if self._has_return:
            self._take("\n")
        self._is_finished = True
        first = self._read(self._rest, is_growing=False)
        return min(first, self.take_whole(parse(self.source))) if len(self.source) <= AT_ONCE else first

    def begin_whole(self, text: str) -> None:
        """Take a text that is complete into an empty document; `take_whole` is to bring its leaves."""
        self._source.append(normalize(text))
        self._is_finished = True

    def take_whole(self, leaves: Sequence[Leaf]) -> int:
        """Take the leaves of the whole text where they differ; return the index of the first that does."""
        first = min(len(leaves), len(self.leaves))
        for index, (old, new) in enumerate(zip(self.leaves, leaves, strict=False)):
            if old != new:
                first = min(first, index)
                self.leaves[index] = new
        self.leaves[len(leaves) :] = leaves[len(self.leaves) :]
        self.is_whole = True
        return first

    def _take(self, text: str) -> None:
        self._source.append(text)
        self._rest += text

    def _read(self, rest: str, *, is_growing: bool) -> int:
        """Read what is alive, of which `rest` is to be shown; return the first leaf that differs from before."""
        reading = Reading(self._head + rest, self._references, self._numbers, is_growing=is_growing)
        if reading.raws and self._joint is not None:
            reading.raws[0] = reading.raws[0].removeprefix(_WORD).lstrip()
        leaves = [self._placed(leaf) for leaf in reading.read_words()[self._skipped :]]
        raw = reading.raws[-1] if leaves else ""
        if leaves and self._joint is not None:
            leaves[0] = replace(leaves[0], joint=self._joint, containers=without_markers(leaves[0].containers))
            leaves = leaves if reading.raws[0] else leaves[1:]
        is_hidden = is_growing and self._may_vanish(raw)
        if leaves and is_growing:
            leaves[-1].is_open = reading.is_open
        if leaves and self._kept is not None:
            whole = self._joined(self._kept, leaves[0], reading.raws[self._skipped])
            leaves[0] = replace(whole, text=whole.text.removesuffix("\n"))
        shown = leaves[:-1] if is_hidden else leaves
        if is_hidden and any(container.marker for container in leaves[-1].containers):
            shown.append(replace(leaves[-1], text="", spans=()))  # of an item, its marker
        first = self._show(shown)
        self._dear_until = len(rest) + len(raw) // 8 if len(raw) > _CHEAP else 0
        is_text = bool(leaves) and leaves[-1].kind in TEXTS and reading.end_line >= reading.line_count
        is_alive = is_text and rest == self._rest and not is_hidden
        self._last_text = leaves[-1] if is_alive else None
        self._last_end = len(rest.rstrip())
        self._ends_in_word = self._last_text is not None and _ends_in_word(self._last_text, rest)
        if is_growing:
            self._freeze(reading, leaves, "" if is_hidden else rest, is_text=is_text)
        return first

    def _placed(self, leaf: Leaf) -> Leaf:
        """Give a leaf that has just been read its place in the source."""
        before = len(self._head)
        start, end = leaf.source
        begin = self._at + max(0, start - before)
        leaf.source = begin, max(begin, self._at + end - before)
        return leaf

    def _joined(self, kept: Leaf, leaf: Leaf, raw: str) -> Leaf:
        """Return code or a table with the lines that were kept of it before."""
        whole = replace(leaf, containers=kept.containers, source=(kept.source[0], max(kept.source[1], leaf.source[1])))
        if leaf.table is not None and kept.table is not None:
            return replace(whole, table=Table(leaf.table.aligns, (*kept.table.rows, *leaf.table.rows[1:])))
        return replace(whole, text=kept.text + show_invisible(raw))

    def _may_vanish(self, raw: str) -> bool:
        """Return True if a text may become a definition of a link, or the next one, which are not shown."""
        if not raw.startswith("["):
            return False
        is_next = _HALF_LABEL.fullmatch(raw) is not None and "]:" in self._rest[: -len(raw)]
        return is_next or _HALF_DEFINITION.fullmatch(raw) is not None

    def _show(self, leaves: list[Leaf]) -> int:
        first = self._final
        for old, new in zip(self.leaves[first:], leaves, strict=False):
            if old != new:
                break
            leaves[first - self._final] = old
            first += 1
        self.leaves[self._final :] = leaves
        return first

    def _freeze(self, reading: Reading, leaves: Sequence[Leaf], rest: str, *, is_text: bool) -> None:
        """Let all leaves but the last one be, and of what has become long what is finished of it."""
        if len(reading.leaves) > self._skipped + 1 and reading.lines[-1] != reading.lines[-2]:
            self._begin_at(reading.lines[-1], reading, final=len(leaves) - 1)
            return
        if leaves and leaves[-1].kind in _LONG and len(rest) > _LONG[leaves[-1].kind]:
            self._keep_lines(leaves[-1])
        if len(self._rest) < len(rest) or len(rest) <= (_LONG_TEXT if is_text and rest.endswith("\n") else _LONGEST):
            return
        last_line = reading.line_count - 1
        if is_text or reading.starts[last_line] <= len(self._head):
            joint = "\n" if rest.endswith("\n") else ""
            self._head, self._skipped, self._joint = opening_of(reading.around, _WORD) + joint, 0, joint
            self._rest, self._at = self._rest[len(rest) :], self._at + len(rest)
            self._final += len(leaves)
            self._numbers, self._last_text, self._ends_in_word = reading.numbers, None, False
        else:
            self._begin_at(last_line, reading, final=len(leaves))

    def _begin_at(self, line: int, reading: Reading, *, final: int) -> None:
        """Read no more again what stands before this line; so many more leaves are final."""
        cut = reading.starts[line] - len(self._head)
        self._rest, self._at = self._rest[cut:], self._at + cut
        self._last_end, self._dear_until = self._last_end - cut, self._dear_until - cut
        self._final += final
        self._head = opening_of([each for each in reading.around if each.line < line], _WORD + "\n")
        self._skipped = 1 if self._head else 0
        self._kept, self._joint = None, None
        self._numbers = reading.numbers
        for label, definition in reading.found.items():
            if definition["map"][1] <= line:
                self._references.setdefault(label, definition)

    def _keep_lines(self, leaf: Leaf) -> None:
        """Keep the complete lines of open code or a table, or a line beyond all measure: they are not read again."""
        end = self._rest.rfind("\n") + 1 or (len(self._rest) if len(self._rest) > _LONGEST else 0)
        reading = Reading(self._head + self._rest[:end], self._references, self._numbers)
        if not end or len(reading.leaves) != self._skipped + 1 or reading.leaves[-1].kind is not leaf.kind:
            return
        if leaf.table is None and not reading.is_open:
            return
        part, raw = self._placed(reading.leaves[-1]), reading.raws[-1]
        if self._kept is not None:
            part = self._joined(self._kept, part, raw)
        elif leaf.table is None:
            part = replace(part, text=show_invisible(raw))
        self._head = (self._head + self._rest)[: reading.starts[reading.block_line + (1 if leaf.table is None else 2)]]
        self._kept, self._numbers = part, reading.numbers
        self._rest, self._at = self._rest[end:], self._at + end


def _ends_in_word(leaf: Leaf, source: str) -> bool:
    return source[-1:].isalnum() and (not leaf.spans or leaf.spans[-1].end < len(leaf.text))


def word_around(leaves: Sequence[Leaf], position: Position) -> tuple[Position, Position]:
    """Return the word or the formula around a position, for a double click."""
    if not leaves:
        return position, position
    if leaves[position.index].kind is LeafKind.FORMULA:
        return leaf_around(leaves, position)
    if formula := _formula_at(leaves, position):
        return Position(position.index, formula.start), Position(position.index, formula.end)
    text = leaf_text(leaves[position.index])
    start = end = min(position.offset, len(text))
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return Position(position.index, start), Position(position.index, end)


def leaf_around(leaves: Sequence[Leaf], position: Position) -> tuple[Position, Position]:
    """Return the whole leaf around a position, for a triple click."""
    if not leaves:
        return position, position
    return Position(position.index, 0), Position(position.index, len(leaf_text(leaves[position.index])))


def block_around(leaves: Sequence[Leaf], position: Position) -> Leaf | None:
    """Return the code block or the table at a position; None where there is none."""
    leaf = leaves[position.index] if position.index < len(leaves) else None
    return leaf if leaf is not None and leaf.kind in (LeafKind.CODE, LeafKind.TABLE) else None


def formula_around(leaves: Sequence[Leaf], position: Position) -> str:
    """Return the LaTeX of the formula at a position; empty where there is none."""
    leaf = leaves[position.index] if position.index < len(leaves) else None
    if leaf is not None and leaf.kind is LeafKind.FORMULA:
        return leaf.text
    span = _formula_at(leaves, position)
    return without_delimiters(leaf.text[span.start : span.end])[0] if leaf is not None and span is not None else ""


def _formula_at(leaves: Sequence[Leaf], position: Position) -> Span | None:
    """Return the formula in a line of text that a position is in or beside."""
    leaf = leaves[position.index] if position.index < len(leaves) else None
    spans = leaf.spans if leaf is not None and leaf.table is None else ()
    formulas = (span for span in spans if span.style & Style.FORMULA)
    return next((span for span in formulas if span.start <= position.offset <= span.end), None)
