"""A Markdown text that grows while it is written, as leaves of which only the last one is alive.

Each piece has the text read again from the beginning of the last leaf on. Lines that open the quotes and items around
it again are put before it, and of a long paragraph, table or code the finished lines are kept. So what a piece costs
depends neither on the text before it nor on how long a list or a block has become. What a later line makes of an
earlier leaf (a link that is defined below it) is put right when all is read once more in the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from desktop.rendering.markdown.inline import InlineText, References, as_written, next_piece, read_text
from desktop.rendering.markdown.leaves import Reading, normalize, opening_of, parse
from desktop.rendering.text.invisible import show_invisible
from desktop.rendering.text.leaves import Leaf, LeafKind, Table

AT_ONCE = 32_000
"""Characters that are read in one go, in some ten milliseconds; a longer text is read in another thread."""

# Characters of the last leaf, beyond which what is finished of it is kept; words are dearer to read than code.
_LONG = 800
_LONG_CODE = 4_000
_CHEAP = 1_000  # of a text in which something is open, beyond which it is not read again with each piece
_WORD = "x"  # stands for what was kept

# Letters and punctuation that mean nothing to Markdown; a full stop may belong to an address.
_WORDS = re.compile(r"(?:[^\W_]|[ ,，。、；：！？（）“”])*[^\W_]")
_TEXTS = (LeafKind.PARAGRAPH, LeafKind.HEADING)

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
        self._start = 0  # where the leaf begins in the source in which it begins
        self._head = ""  # what opens again what the rest stands in
        self._skipped = 0  # leaves of the head that are none
        self._kept: Leaf | None = None  # of the last leaf what stands before the rest
        self._numbers: Sequence[int] = ()  # of the items around the last leaf
        self._last_length = 0  # of the rest when it was read
        self._is_in_word = False  # more letters change nothing but the text of the last leaf
        self._inline_known = "", InlineText("")  # what was last read of a text, and what is shown of it
        self._tried = 0  # its length when a part was last to be kept
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
        is_more_of_a_word = self._is_in_word and _WORDS.fullmatch(text) is not None
        self._take(text)
        if is_more_of_a_word:
            last = self.leaves[-1]
            source = last.source[0], last.source[1] + len(text)
            self.leaves[-1] = last.changed(text=last.text + text, source=source)
            return len(self.leaves) - 1
        if len(self._rest) > AT_ONCE and len(self._rest) < self._last_length + self._last_length // 8:
            return len(self.leaves)
        line = self._rest.rfind("\n") + 1
        markers = _MARKERS.match(self._rest, line)
        if markers is not None and _UNDECIDED.fullmatch(self._rest, markers.end()):
            return self._read(self._rest[:line], is_growing=True)
        return self._read(self._rest, is_growing=True)

    def finish(self) -> int:
        """Complete the text, and return the index of the first leaf that may differ from before.

        A long one is not whole then: `take_whole` is to follow.
        """
        if self._is_finished:
            return len(self.leaves)
        if self._has_return:
            self._take("\n")
        self._is_in_word = False
        self._is_finished = True
        first = self._read(self._rest, is_growing=False)
        return min(first, self.take_whole(parse(self.source))) if len(self.source) <= AT_ONCE else first

    def begin_whole(self, text: str) -> None:
        """Take a text that is complete into an empty document; `take_whole` is to bring its leaves."""
        self._source.append(normalize(text))
        self._is_finished = True

    def take_whole(self, leaves: Sequence[Leaf]) -> int:
        """Take the leaves of the whole text where they differ; return the index of the first that does."""
        source, first = self.source, min(len(leaves), len(self.leaves))
        has_definitions = "]:" in source
        for index, (old, new) in enumerate(zip(self.leaves, leaves, strict=False)):
            if _is_same(old, new, source if has_definitions else ""):
                continue
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
        leaves = [self._placed(leaf) for leaf in reading.leaves[self._skipped :]]
        raw = reading.raws[-1] if leaves else ""
        if leaves and is_growing:
            leaves[-1].is_open = reading.is_open
            if self._kept is None and raw and leaves[-1].kind in _TEXTS:
                inline = self._inline(raw)
                leaves[-1] = leaves[-1].changed(text=inline.text, spans=inline.spans)
        if leaves and self._kept is not None:
            is_alive = is_growing and len(leaves) == 1
            whole = self._joined(self._kept, leaves[0], reading.raws[self._skipped], is_growing=is_alive)
            leaves[0] = whole.changed(text=whole.text.removesuffix("\n"))
        is_hidden = is_growing and self._may_vanish(raw)
        shown = leaves[:-1] if is_hidden else leaves
        if is_hidden and any(container.marker for container in leaves[-1].containers):
            shown.append(leaves[-1].changed(text="", spans=()))  # of an item, its marker
        first = self._show(shown)
        self._is_in_word = bool(leaves) and not is_hidden and rest == self._rest and _ends_in_word(leaves[-1], rest)
        if is_growing and len(self._rest) > _LONG and not is_hidden and (line := reading.line_behind()):
            self._begin_at(line, reading)
            self._final += len(leaves)
        elif leaves and is_growing:
            self._freeze(reading, len(leaves))
            longest = _LONG_CODE if leaves[-1].kind is LeafKind.CODE else _LONG
            while not is_hidden and len(self._rest) > max(longest, self._tried * 5 // 4):
                self._keep_what_is_finished(leaves[-1])
        self._last_length = len(self._rest)
        return first

    def _placed(self, leaf: Leaf) -> Leaf:
        """Give a leaf that has just been read its place in the source."""
        before = len(self._head)
        start, end = leaf.source
        begin = self._at + start - before if start >= before else self._start
        leaf.source = begin, max(begin, self._at + end - before)
        return leaf

    def _joined(self, kept: Leaf, leaf: Leaf, raw: str, *, is_growing: bool) -> Leaf:
        """Return a leaf with what was kept of it before."""
        whole = leaf.changed(containers=kept.containers, source=(kept.source[0], max(kept.source[1], leaf.source[1])))
        if leaf.table is not None and kept.table is not None:
            return whole.changed(table=Table(leaf.table.aligns, (*kept.table.rows, *leaf.table.rows[1:])))
        if leaf.kind not in _TEXTS:
            return whole.changed(text=kept.text + show_invisible(raw))
        raw = raw.removeprefix(_WORD).lstrip()
        inline = self._inline(raw) if is_growing else read_text(raw, self._references)
        by = len(kept.text)
        spans = [replace(span, start=span.start + by, end=span.end + by) for span in inline.spans]
        return whole.changed(text=kept.text + inline.text, spans=(*kept.spans, *spans))

    def _inline(self, raw: str) -> InlineText:
        """Return what is shown of a text that is being written: of a long one that leaves something open, about."""
        known, inline = self._inline_known
        if len(known) > _CHEAP and raw.startswith(known) and len(raw) < len(known) * 5 // 4:
            return InlineText(inline.text + as_written(raw[len(known) :]), inline.spans)
        inline = read_text(raw, self._references, is_growing=True)
        self._inline_known = raw, inline
        return inline

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

    def _freeze(self, reading: Reading, count: int) -> None:
        """Let all leaves but the last one be."""
        line = reading.lines[-1]
        if count < 2 or line == reading.lines[-2]:
            return
        self._begin_at(line, reading)
        self._final += count - 1

    def _begin_at(self, line: int, reading: Reading) -> None:
        """Read no more again what stands before this line."""
        cut = reading.starts[line] - len(self._head)
        self._rest, self._at, self._tried = self._rest[cut:], self._at + cut, 0
        self._head = opening_of([each for each in reading.around if each.line < line], _WORD + "\n")
        self._skipped = 1 if self._head else 0
        self._kept = None
        self._numbers = reading.numbers
        for label, definition in reading.found.items():
            if definition["map"][1] <= line:
                self._references.setdefault(label, definition)

    def _keep_what_is_finished(self, leaf: Leaf) -> None:
        """Keep the complete lines of open code or a table at the end, or a piece of a paragraph; none is read again."""
        self._tried = len(self._rest)
        is_text = leaf.kind in _TEXTS
        end, after = next_piece(self._rest, 0) if is_text else (self._rest.rfind("\n") + 1,) * 2
        if after == 0 or (is_text and after == len(self._rest)):
            return
        reading = Reading(self._head + self._rest[:end], self._references, self._numbers)
        if len(reading.leaves) != self._skipped + 1 or reading.leaves[-1].kind is not leaf.kind:
            return
        part, raw = self._placed(reading.leaves[-1]), reading.raws[-1]
        if self._kept is not None:
            part = self._joined(self._kept, part, raw, is_growing=False)
        elif not is_text:
            part = part.changed(text=show_invisible(raw))
        if is_text:
            joint = "\n" if "\n" in self._rest[end:after] else self._rest[end:after]
            part = part.changed(text=part.text + joint)
            self._head, self._skipped = opening_of(reading.around, _WORD).removesuffix("\n") + joint, 0
        elif reading.is_open or leaf.table is not None:
            opened = reading.block_line + (1 if reading.is_open else 2)
            self._head = (self._head + self._rest)[: reading.starts[opened]]
        else:
            return
        self._kept, self._start = part, part.source[0]
        self._numbers = reading.numbers
        self._rest, self._at, self._tried = self._rest[after:], self._at + after, 0


def _ends_in_word(leaf: Leaf, source: str) -> bool:
    """Return True if more letters are more of a leaf's text, and look like its end."""
    if leaf.kind not in _TEXTS or not source[-1:].isalnum():
        return False
    return not leaf.spans or leaf.spans[-1].end < len(leaf.text)


def _is_same(old: Leaf, new: Leaf, source: str) -> bool:
    """Return True if a leaf of the whole text, which is `source`, is what the one that was read in pieces is.

    `source` is empty where the text defines no links.
    """
    if old.source != new.source or old.kind is not new.kind or old.level != new.level:
        return False
    if old.containers != new.containers or old.language != new.language:
        return False
    start, end = new.source
    is_plain = "[" not in source[start:end] and end - start <= _LONG
    return is_plain or (old.text, old.spans, old.table) == (new.text, new.spans, new.table)
