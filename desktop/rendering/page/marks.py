"""The marks on a page: what was looked up, what was found, what another answer lacks, what is selected, where the
keyboard is."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import attrgetter
from typing import Protocol

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from desktop.core.message import Message, Role
from desktop.core.text.find import FoundIn, Places, comparable, occurrences
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.page.box import TO_LOOK_AT, Mark, MarkKind, PageColours
from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.shown_text import Position, Target, leaf_text

_LONGEST = 2_000  # characters of a mark; what is longer is not looked for from far behind its beginning
_GRAVITY = {MarkKind.STANDS: 0, MarkKind.ASIDE: 1, MarkKind.MISSING: 2, MarkKind.AMISS: 3}


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """Letters `start` to `end` of a shown text, which read `text`; `name` tells whoever has set it which it is."""

    start: int
    end: int
    text: str
    kind: MarkKind
    name: int


class PlacedMarks:
    """Marks of one text, in the order in which they stand; they may overlap.

    `blocks` tells of each leaf of the text where it begins in what is shown, and where in what was written: no two of
    an answer's begin in the same place.
    """

    def __init__(self, marks: Sequence[PlacedMark], blocks: Sequence[tuple[int, int]]) -> None:
        self.all = marks
        self._blocks = blocks
        self._by_name = {mark.name: mark for mark in marks}

    def named(self, name: int) -> PlacedMark | None:
        """Return the mark with a name."""
        return self._by_name.get(name)

    def block_of(self, mark: PlacedMark) -> tuple[int, int] | None:
        """Return the leaf in which a mark begins, by where it was written, and the letter in the leaf."""
        at = bisect_right(self._blocks, mark.start, key=lambda block: block[0]) - 1
        if at < 0:
            return None
        start, source = self._blocks[at]
        return source, mark.start - start

    def in_leaf(self, source: int, text: str) -> list[Mark]:
        """Return the marks in a leaf that was written at `source`, whose text is this.

        One whose letters do not stand there is left out: the text is another one.
        """
        at = bisect_left(self._blocks, source, key=lambda block: block[1])
        if at >= len(self._blocks) or self._blocks[at][1] != source:
            return []
        begin, end = self._blocks[at][0], self._blocks[at][0] + len(text)
        first = bisect_left(self.all, begin - _LONGEST, key=attrgetter("start"))
        last = bisect_left(self.all, end, first, key=attrgetter("start"))
        found: list[Mark] = []
        for mark in self.all[first:last]:
            low, high = max(mark.start, begin), min(mark.end, end)
            if low < high and _reads(text[low - begin : high - begin], mark.text[low - mark.start : high - mark.start]):
                found.append(Mark(low - begin, high - begin, mark.kind, mark.name))
        return found


def lines_of(marks: Sequence[Mark]) -> list[Mark]:
    """Return marks as lines that stand apart, in order; where several overlap, the gravest is drawn."""
    if not any(marks[at].end > marks[at + 1].start for at in range(len(marks) - 1)):
        return [Mark(mark.start, mark.end, mark.kind) for mark in marks]
    edges = sorted({edge for mark in marks for edge in (mark.start, mark.end)})
    lines: list[Mark] = []
    open_marks: list[Mark] = []
    coming = 0
    for low, high in pairwise(edges):
        while coming < len(marks) and marks[coming].start <= low:
            open_marks.append(marks[coming])
            coming += 1
        open_marks = [mark for mark in open_marks if mark.end > low]
        if not open_marks:
            continue
        kind = max((mark.kind for mark in open_marks), key=_GRAVITY.__getitem__)
        if lines and lines[-1].end == low and lines[-1].kind is kind:
            lines[-1] = Mark(lines[-1].start, high, kind)
        else:
            lines.append(Mark(low, high, kind))
    return lines


def _reads(one: str, other: str) -> bool:
    return one == other or one.split() == other.split()


Finder = Callable[[str], Sequence[tuple[int, int]]]
"""Where something that is searched for stands in a text: start and end of each occurrence, in order and apart."""

_EVERYTHING = 1 << 30
_PASSAGE_SHARE = 0.3  # of the colour of what was found, for a whole paragraph
_PASSAGE_BESIDE, _PASSAGE_ABOVE = 10.0, 4.0  # pixels that its ground reaches beyond it
_RULE = 3.0


def paint_passage(painter: QPainter, room: QRectF, ground: QColor, rule: QColor) -> None:
    """Paint what marks a paragraph: its ground, and a rule at its left."""
    ground = QColor(ground)
    ground.setAlphaF(_PASSAGE_SHARE)
    painter.fillRect(room.adjusted(-_PASSAGE_BESIDE, 0, _PASSAGE_BESIDE, 0), ground)
    painter.fillRect(QRectF(room.left() - _PASSAGE_BESIDE, room.top(), _RULE, room.height()), rule)


class PageMarks:
    """Marks of a page. A leaf is searched when it is first painted, and once.

    Those that were set by their places have a name each, a number.
    """

    def __init__(self, leaves: Sequence[Leaf], repaint: Callable[[], None] = lambda: None) -> None:
        """Keep the leaves of the page, as they are from time to time. `repaint` is called where others are marked."""
        self._leaves = leaves
        self._repaint = repaint
        self._finders: dict[MarkKind, Finder] = {}
        self._found: dict[tuple[MarkKind, int], list[Mark]] = {}  # by what has found them, and leaf
        self._current: tuple[int, Mark] | None = None
        self.target: Target | None = None  # what the keyboard has come to
        self.passage = range(0)  # leaves that stand out as a whole: the paragraph of a place
        self.placed: PlacedMarks | None = None  # the marks that were set by their places
        self._named: dict[int, list[Mark]] = {}
        self.open_name: int | None = None  # of the placed mark that is being looked at
        self.hovered_name: int | None = None  # of the one under the pointer

    def set_placed(self, placed: PlacedMarks | None) -> None:
        """Underline what stands at these places; None takes the lines away."""
        self.placed = placed
        self._named.clear()
        self.open_name = self.hovered_name = None
        self._repaint()

    @property
    def names(self) -> list[int]:
        """The names of those that were set, in the order in which they stand."""
        return [mark.name for mark in self.placed.all] if self.placed is not None else []

    def at(self, letter: Position | None) -> int | None:
        """Return the name of the mark at a letter."""
        mark = self.placed_at(letter) if letter is not None else None
        return mark.name if mark is not None else None

    def open_mark(self, name: int | None) -> None:
        """Show one of them as being looked at, or none."""
        if name != self.open_name:
            self.open_name = name
            self._repaint()

    def hover(self, letter: Position | None) -> bool:
        """Underline the mark under the pointer, which may be one that is not otherwise. Return True if there is one."""
        name = self.at(letter)
        if name != self.hovered_name:
            self.hovered_name = name
            self._repaint()
        return name is not None

    def set_passage(self, leaves: range) -> None:
        """Have these leaves stand out as a whole, with a rule beside them; none for an empty range."""
        self.passage = leaves
        self._repaint()

    def placed_at(self, position: Position) -> Mark | None:
        """Return the placed mark at a letter, of several the shortest."""
        if not 0 <= position.index < len(self._leaves):
            return None
        here = [mark for mark in self._named_in(position.index) if mark.start <= position.offset < mark.end]
        return min(here, key=lambda mark: mark.end - mark.start, default=None)

    def leaf_of_placed(self, name: int) -> tuple[int, int] | None:
        """Return the leaf in which a placed mark begins, and its letter there; None while that has not been read."""
        mark = self.placed.named(name) if self.placed is not None else None
        block = self.placed.block_of(mark) if self.placed is not None and mark is not None else None
        if block is None:
            return None
        source, offset = block
        index = self._first_at(source)
        return (index, offset) if index < len(self._leaves) and self._leaves[index].source[0] == source else None

    def set_differing(self, finder: Finder | None) -> None:
        """Mark where another answer says otherwise; None takes the marks away."""
        self._set_finder(MarkKind.DIFFERS, finder)

    def differing_at(self, position: Position) -> str:
        """Return the marked words at a position, where another answer says otherwise; empty where there are none."""
        if not 0 <= position.index < len(self._leaves):
            return ""
        marks = self._found_in(position.index, MarkKind.DIFFERS)
        at = next((mark for mark in marks if mark.start <= position.offset <= mark.end), None)
        return leaf_text(self._leaves[position.index])[at.start : at.end] if at is not None else ""

    def set_finder(self, finder: Finder | None) -> None:
        """Mark what is searched for; None ends the search."""
        self._set_finder(MarkKind.FOUND, finder)
        self._current = None

    def set_current(self, occurrence: tuple[int, int, int] | None) -> None:
        """Set the occurrence (leaf, start, end) that the search stands at, which is marked more strongly."""
        self._current = occurrence and (occurrence[0], Mark(occurrence[1], occurrence[2], MarkKind.CURRENT))
        self._repaint()

    def occurrence(self, at: int, which: int) -> tuple[int, int, int] | None:
        """Return one of what the search finds in the block that begins at `at` in the source: its leaf, start and end.

        `which` counts from 0; each part of a very long paragraph is a block. None while there is no such block.
        """
        index = self._first_at(at)
        if index >= len(self._leaves) or self._leaves[index].source[0] != at:
            return None
        marks = self._found_in(index, MarkKind.FOUND)
        return (index, marks[which].start, marks[which].end) if which < len(marks) else None

    def forget_from(self, first: int) -> None:
        """Forget the leaves from `first` on, which are others now."""
        self._found = {place: marks for place, marks in self._found.items() if place[1] < first}
        self._named.clear()

    def splice(self, first: int, count: int, others: int) -> None:
        """Move what is marked in one leaf: so many others stand in the place of `count` leaves."""

        def moved(index: int) -> int | None:
            if index < first:
                return index
            return index + others - count if index >= first + count else None

        if self._current is not None:
            at = moved(self._current[0])
            self._current = (at, self._current[1]) if at is not None else None
        if self.target is not None:
            at = moved(self.target.index)
            self.target = replace(self.target, index=at) if at is not None else None

    def paint_passage(self, painter: QPainter, index: int, room: QRectF, colours: PageColours) -> None:
        """Paint the ground of a leaf of the passage, and a rule beside it."""
        above = _PASSAGE_ABOVE if index == self.passage.start else 0.0
        below = _PASSAGE_ABOVE if index == self.passage.stop - 1 else 0.0
        paint_passage(painter, room.adjusted(0, -above, 0, below), colours.found, colours.current)

    def is_at_code(self, index: int) -> bool:
        """Return True if the keyboard has come to the Copy of the code block that is this leaf."""
        return self.target is not None and self.target.index == index and not self.target.href

    def of(self, index: int, selection: tuple[Position, Position] | None) -> Sequence[Mark]:
        """Return the marks of a leaf."""
        if not any((self._finders, self.placed, self._current, self.target, selection)):
            return ()  # as nearly always
        named, shown = self._named_in(index), (self.open_name, self.hovered_name)
        # Underlined is what the reader should look at, and of all else what they look at or point at.
        lines = lines_of([mark for mark in named if mark.kind in TO_LOOK_AT or mark.name in shown])
        found = [*lines, *self._found_in(index, MarkKind.FOUND)]
        others = [replace(mark, kind=MarkKind.OPEN) for mark in named if mark.name == self.open_name]
        others += self._found_in(index, MarkKind.DIFFERS)
        if self._current is not None and self._current[0] == index:
            others.append(self._current[1])
        if selection is not None and selection[0].index <= index <= selection[1].index:
            start = selection[0].offset if index == selection[0].index else 0
            end = selection[1].offset if index == selection[1].index else _EVERYTHING
            others.append(Mark(start, end))
        if self.target is not None and self.target.index == index and self.target.href:
            others.append(Mark(self.target.start, self.target.end, MarkKind.FOCUSED))
        return [*found, *others]

    def _named_in(self, index: int) -> list[Mark]:
        if self.placed is None:
            return []
        if index not in self._named:
            leaf = self._leaves[index]
            self._named[index] = self.placed.in_leaf(leaf.source[0], leaf_text(leaf))
        return self._named[index]

    def _first_at(self, source: int) -> int:
        """Return the first leaf that was written at a place."""
        return bisect_left(self._leaves, source, key=lambda leaf: leaf.source[0])

    def _set_finder(self, kind: MarkKind, finder: Finder | None) -> None:
        self._finders.pop(kind, None)
        if finder is not None:
            self._finders[kind] = finder
        self._found = {place: marks for place, marks in self._found.items() if place[0] is not kind}
        self._repaint()

    def _found_in(self, index: int, kind: MarkKind) -> list[Mark]:
        if kind not in self._finders:
            return []
        if (kind, index) not in self._found:
            places = self._finders[kind](leaf_text(self._leaves[index]))
            self._found[kind, index] = [Mark(start, end, kind) for start, end in places]
        return self._found[kind, index]


_STEP = 8_000  # characters that are read in one step: some milliseconds
# Characters that are looked through in one step, and how far such a step reaches into the next: a query, with all that
# is not shown of it, is shorter.
_LOOK, _REACH = 64_000, 4_000

_NOT_A_LETTER = re.compile(r"[\W_]+")
_ADDRESS = re.compile(r"\]\([^)]*\)")  # of a link, which is not shown
# Signs in whose place something else is shown: an entity, an image, and all that `invisible` may make visible, which
# tells more exactly but takes ten times as long.
_REPLACED = re.compile(
    r"&|!\["
    "|[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)

Steps = Generator[None, None, Places]


class _Document(Protocol):
    leaves: list[Leaf]

    def append(self, text: str) -> int: ...
    def finish(self) -> int: ...


def found_in(message: Message, query: str, with_reasoning: bool) -> Generator[None, None, FoundIn]:
    """Count in one message; may be left for a while at each step. Thinking counts only where it is asked for."""
    plain = message.role is not Role.ASSISTANT
    thought = yield from _hits(PlainDocument(), message.reasoning, query) if with_reasoning else _none()
    said = yield from _hits(PlainDocument() if plain else MarkdownDocument(), message.text, query)
    return FoundIn(message.id, thought, said)


def may_show(source: str, query: str) -> bool:
    """Return False where the shown form of a Markdown source certainly does not hold the query.

    Its letters may stand apart in the source, with signs between them or the address of a link.
    """
    compared = comparable(source)
    letters = [_NOT_A_LETTER.sub("", each) for each in (compared, _ADDRESS.sub("", compared))]
    words = (_NOT_A_LETTER.sub("", word) for word in comparable(query).split())
    if all(any(word in each for each in letters) for word in words):
        return True
    return _REPLACED.search(source) is not None


def _hits(document: _Document, text: str, query: str) -> Steps:
    if not (yield from _may_show(text, query)):
        return ()
    for start in range(0, len(text), _STEP):
        document.append(text[start : start + _STEP])
        yield
    document.finish()
    counts: dict[int, int] = {}  # by the start in the source
    looked_at = 0
    for leaf in document.leaves:
        start = leaf.source[0]
        counts[start] = counts.get(start, 0) + len(occurrences(leaf_text(leaf), query))
        looked_at += leaf.letters
        if looked_at > _STEP:
            looked_at = 0
            yield
    return tuple((start, count) for start, count in counts.items() if count)


def _may_show(source: str, query: str) -> Generator[None, None, bool]:
    """Return what `may_show` does; in steps where the source is long."""
    for start in range(0, len(source), _LOOK):
        if may_show(source[start : start + _LOOK + _REACH], query):
            return True
        if start + _LOOK < len(source):
            yield
    return False


def _none() -> Steps:
    yield from ()
    return ()
