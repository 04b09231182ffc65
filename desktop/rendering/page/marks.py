"""The marks on a page: what was looked up, what was found, what another answer lacks, what is selected, where the
keyboard is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from desktop.rendering.page.box import TO_LOOK_AT, Mark, MarkKind
from desktop.rendering.page.placed_marks import NamedMark, PlacedMarks, innermost, lines_of
from desktop.rendering.page.style import PageColours
from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.shown_text import Position, leaf_text
from desktop.rendering.text.targets import Target

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
    """Marks of a page. A leaf is searched when it is first painted, and once."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._leaves = leaves  # of the page, as they are from time to time
        self._finder: Finder | None = None
        self._found: dict[int, list[Mark]] = {}  # by leaf
        self._differs: dict[int, list[Mark]] = {}
        self._current: tuple[int, Mark] | None = None
        self.target: Target | None = None  # what the keyboard has come to
        self.passage = range(0)  # leaves that stand out as a whole: the paragraph of a place
        self._differing: Finder | None = None
        self._placed: PlacedMarks | None = None
        self._named: dict[int, list[NamedMark]] = {}
        self.open_name: int | None = None  # of the placed mark that is being looked at
        self.hovered_name: int | None = None  # of the one under the pointer

    @property
    def placed(self) -> PlacedMarks | None:
        """The marks that were set by their places."""
        return self._placed

    def set_placed(self, placed: PlacedMarks | None) -> None:
        """Underline what stands at these places; None takes the lines away."""
        self._placed = placed
        self._named.clear()
        self.open_name = self.hovered_name = None

    def placed_at(self, position: Position) -> NamedMark | None:
        """Return the placed mark at a letter, of several the shortest."""
        if self._placed is None or not 0 <= position.index < len(self._leaves):
            return None
        return innermost(self._named_in(position.index), position.offset)

    def leaf_of_placed(self, name: int) -> tuple[int, int] | None:
        """Return the leaf in which a placed mark begins, and its letter there; None while that has not been read."""
        mark = self._placed.named(name) if self._placed is not None else None
        block = self._placed.block_of(mark) if self._placed is not None and mark is not None else None
        if block is None:
            return None
        source, offset = block
        index = self._first_at(source)
        return (index, offset) if index < len(self._leaves) and self._leaves[index].source[0] == source else None

    def set_differing(self, finder: Finder | None) -> None:
        """Mark where another answer says otherwise; None takes the marks away."""
        self._differing = finder
        self._differs.clear()

    def differing_at(self, position: Position) -> str:
        """Return the marked words at a position, where another answer says otherwise; empty where there are none."""
        if not 0 <= position.index < len(self._leaves):
            return ""
        marks = self._differing_in(position.index)
        at = next((mark for mark in marks if mark.start <= position.offset <= mark.end), None)
        return leaf_text(self._leaves[position.index])[at.start : at.end] if at is not None else ""

    def set_finder(self, finder: Finder | None) -> None:
        """Mark what is searched for; None ends the search."""
        self._finder = finder
        self._found.clear()
        self._current = None

    def set_current(self, occurrence: tuple[int, int, int] | None) -> None:
        """Set the occurrence (leaf, start, end) that the search stands at, which is marked more strongly."""
        self._current = occurrence and (occurrence[0], Mark(occurrence[1], occurrence[2], MarkKind.CURRENT))

    def occurrence(self, at: int, which: int) -> tuple[int, int, int] | None:
        """Return one of what the search finds in the block that begins at `at` in the source: its leaf, start and end.

        `which` counts from 0; each part of a very long paragraph is a block. None while there is no such block.
        """
        index = self._first_at(at)
        if index >= len(self._leaves) or self._leaves[index].source[0] != at:
            return None
        marks = self._found_in(index)
        return (index, marks[which].start, marks[which].end) if which < len(marks) else None

    def forget_from(self, first: int) -> None:
        """Forget the leaves from `first` on, which are others now."""
        for index in [each for each in self._found if each >= first]:
            del self._found[index]
        for index in [each for each in self._differs if each >= first]:
            del self._differs[index]
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
        if not any((self._finder, self._placed, self._differing, self._current, self.target, selection)):
            return ()  # as nearly always
        found = self._found_in(index)
        others = self._open_in(index)
        if lines := self._lines_in(index):
            found = [*lines, *found]
        others += self._differing_in(index)
        if self._current is not None and self._current[0] == index:
            others.append(self._current[1])
        if selection is not None and selection[0].index <= index <= selection[1].index:
            start = selection[0].offset if index == selection[0].index else 0
            end = selection[1].offset if index == selection[1].index else _EVERYTHING
            others.append(Mark(start, end))
        if self.target is not None and self.target.index == index and self.target.href:
            others.append(Mark(self.target.start, self.target.end, MarkKind.FOCUSED))
        return [*found, *others] if others else found

    def _named_in(self, index: int) -> list[NamedMark]:
        if self._placed is None:
            return []
        named = self._named.get(index)
        if named is None:
            leaf = self._leaves[index]
            named = self._named[index] = self._placed.in_leaf(leaf.source[0], leaf_text(leaf))
        return named

    def _lines_in(self, index: int) -> list[Mark]:
        """Return what is underlined: what the reader should look at, and of all else what they look at or point at."""
        shown = (self.open_name, self.hovered_name)
        return lines_of([mark for mark in self._named_in(index) if mark.kind in TO_LOOK_AT or mark.name in shown])

    def _open_in(self, index: int) -> list[Mark]:
        if self.open_name is None:
            return []
        named = self._named_in(index)
        return [Mark(mark.start, mark.end, MarkKind.OPEN) for mark in named if mark.name == self.open_name]

    def _first_at(self, source: int) -> int:
        """Return the first leaf that was written at a place."""
        return bisect_left(self._leaves, source, key=lambda leaf: leaf.source[0])

    def _found_in(self, index: int) -> list[Mark]:
        return self._marks_in(index, self._finder, self._found, MarkKind.FOUND)

    def _differing_in(self, index: int) -> list[Mark]:
        return self._marks_in(index, self._differing, self._differs, MarkKind.DIFFERS)

    def _marks_in(self, index: int, finder: Finder | None, known: dict[int, list[Mark]], kind: MarkKind) -> list[Mark]:
        if finder is None:
            return []
        marks = known.get(index)
        if marks is None:
            places = finder(leaf_text(self._leaves[index]))
            marks = known[index] = [Mark(start, end, kind) for start, end in places]
        return marks
