"""The text of a document that is to be sent, on a surface: made, found in and cut a little at a time.

Which part of the document is sent is decided elsewhere.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.documents.document import Document, Section
from desktop.core.documents.marks import Language, language_of
from desktop.core.documents.selection import (
    Cut,
    Piece,
    SectionsLeftOut,
    Selection,
    WordsPiece,
    cut_of,
    pieces_of_section,
    sent_in_words,
)
from desktop.core.message import AttachmentPart
from desktop.core.request import fence_lines, longest_quotes
from desktop.core.text.find import occurrences
from desktop.core.text.tokens import estimate_tokens
from desktop.rendering.text.leaves import Leaf, LeafKind
from desktop.rendering.text.sent_text import (
    Fold,
    FoldWords,
    SentLeaf,
    fence_leaf,
    fold_address,
    leaves_of_sent,
    sent_leaves,
)
from desktop.rendering.text.shown_text import leaf_text
from desktop.ui.documents.words import tokens_of_text
from desktop.ui.text.selection import Range
from desktop.ui.text.surface import TextSurface

_SLICE_SECONDS = 0.006  # of making leaves between two looks at what else there is to do
_FIRST_SECONDS = 0.004
_LEAVES_AT_ONCE = 400  # that are given to the surface


@dataclass(slots=True)
class _Stretch:
    """Part of the text that is made anew as a whole: a section, or sections that stay here."""

    key: tuple[object, ...]
    section: Section | None
    fold: SectionsLeftOut | None = None
    leaves: list[SentLeaf] = field(default_factory=list)
    tokens: float = 0.0
    quotes: int = 0
    is_whole: bool = False


class SentText(QObject):
    """The leaves of what is sent, on their way to a surface and on it."""

    changed = Signal()  # more of it is there, or other words

    def __init__(self, surface: TextSurface, fold_words: FoldWords) -> None:
        super().__init__(surface)
        self._surface = surface
        self._fold_words = fold_words
        self._stretches: list[_Stretch] = []  # those whose leaves are on the surface
        self._fences: list[SentLeaf] = []  # on the surface: none, or the one above and the one below
        self._is_replacing = False  # the surface lags behind what is noted here
        self._inside = 0  # leaves between the fences
        self._job: Iterator[None] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(lambda: self._work_on(_SLICE_SECONDS))

    @property
    def is_whole(self) -> bool:
        """True if the surface shows all that was asked for."""
        return self._job is None

    @property
    def tokens(self) -> float:
        """The estimated tokens of what is shown."""
        return sum(stretch.tokens for stretch in self._stretches)

    @property
    def leaves(self) -> list[SentLeaf]:
        """All leaves on the surface, in order."""
        inside = [leaf for stretch in self._stretches for leaf in stretch.leaves]
        return [self._fences[0], *inside, self._fences[1]] if self._fences else inside

    @property
    def count(self) -> int:
        """How many leaves there are."""
        return self._inside + len(self._fences)

    def fold_of(self, address: str) -> Fold | None:
        """Return what a folded line stands for, by the address of its link."""
        for stretch in self._stretches:
            for each in stretch.leaves:
                piece = each.piece
                if isinstance(piece, Fold) and fold_address(piece) == address:
                    return piece
        return None

    def leaf_at(self, index: int) -> SentLeaf | None:
        """Return a leaf of the surface; None where it has none at `index`."""
        index -= 1 if self._fences else 0
        for stretch in self._stretches if index >= 0 else ():
            if index < len(stretch.leaves):
                return stretch.leaves[index]
            index -= len(stretch.leaves)
        return None

    def first_leaf_of(self, number: int) -> int | None:
        """Return the index on the surface of a section's first leaf, or of the line that stands for it."""
        at = 1 if self._fences else 0
        for stretch in self._stretches:
            fold = stretch.fold
            if fold is not None and fold.first <= number <= fold.last:
                return at
            if stretch.section is not None and stretch.section.number == number:
                return at
            at += len(stretch.leaves)
        return None

    def show(self, document: Document, selection: Selection) -> None:
        """Show a document as it is sent with a selection; what stays the same stays as it stands."""
        self._end_replacing()
        self._job = self._make(document, selection)
        self._work_on(_FIRST_SECONDS)

    def show_sent(self, part: AttachmentPart) -> None:
        """Show what was sent of a file."""
        self._end_replacing()
        self._job = self._make_sent(part)
        self._work_on(_FIRST_SECONDS)

    def _end_replacing(self) -> None:
        """Bring the surface up to what is noted, before it is changed again."""
        while self._is_replacing and self._job is not None:
            next(self._job, None)

    def _make_sent(self, part: AttachmentPart) -> Iterator[None]:
        fences = fence_lines(part.name, part.extent, longest_quotes(part.text))
        self._put_fences(*fences)
        stretch = _Stretch((), None, tokens=tokens_of_text(part.text))
        self._stretches.append(stretch)
        batch: list[SentLeaf] = []
        for leaf in leaves_of_sent(part.text):
            batch.append(SentLeaf(leaf))
            if len(batch) >= _LEAVES_AT_ONCE:
                self._take(stretch, batch, grows=True)
                batch = []
            yield
        self._take(stretch, batch, grows=True)

    def _work_on(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self._job is not None and time.monotonic() < until:
            if next(self._job, self) is self:
                self._job = None
        if self._job is None:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()
        self.changed.emit()

    def _make(self, document: Document, selection: Selection) -> Iterator[None]:
        """Make what differs from what is shown, and put it in its place; a step at a time."""
        language = language_of(document)
        wanted = _stretches(document, selection)
        above = _same_at_start(self._stretches, wanted)
        below = _same_at_end(self._stretches[above:], wanted[above:])
        is_first = not self._stretches
        self._show_fences(document, selection, 3)
        gone = self._stretches[above : len(self._stretches) - below]
        new = wanted[above : len(wanted) - below]
        if is_first:
            for stretch in new:
                self._stretches.append(stretch)
                yield from self._fill(stretch, selection, language, grows=True)
        else:
            for stretch in new:
                yield from self._fill(stretch, selection, language, grows=False)
            self._is_replacing = True
            yield from self._replace(above, gone, new)
            self._is_replacing = False
        yield
        self._show_fences(document, selection, max([stretch.quotes for stretch in self._stretches], default=0))

    def _fill(self, stretch: _Stretch, selection: Selection, language: Language, *, grows: bool) -> Iterator[None]:
        batch: list[SentLeaf] = []
        for leaf in sent_leaves(_measured(stretch, selection, language), self._fold_words):
            batch.append(leaf)
            if len(batch) >= _LEAVES_AT_ONCE:
                self._take(stretch, batch, grows=grows)
                batch = []
            yield
        self._take(stretch, batch, grows=grows)
        stretch.is_whole = True
        yield

    def _take(self, stretch: _Stretch, batch: Sequence[SentLeaf], *, grows: bool) -> None:
        if grows and batch:
            self._surface.splice(self._inside + len(self._fences) // 2, 0, [each.leaf for each in batch])
            self._inside += len(batch)
        stretch.leaves += batch

    def _replace(self, at: int, gone: list[_Stretch], new: list[_Stretch]) -> Iterator[None]:
        """Put stretches in the place of others on the surface; of both, only what differs is touched."""
        first = sum(len(each.leaves) for each in self._stretches[:at]) + (1 if self._fences else 0)
        before = [leaf for stretch in gone for leaf in stretch.leaves]
        after = [leaf for stretch in new for leaf in stretch.leaves]
        above = _same_leaves(before, after)
        below = _same_leaves(before[above:][::-1], after[above:][::-1])
        self._stretches[at : at + len(gone)] = new
        inserted = [each.leaf for each in after[above : len(after) - below]]
        self._inside += len(after) - len(before)
        self._surface.splice(first + above, len(before) - above - below, inserted[:_LEAVES_AT_ONCE])
        for begin in range(_LEAVES_AT_ONCE, len(inserted), _LEAVES_AT_ONCE):
            yield
            self._surface.splice(first + above + begin, 0, inserted[begin : begin + _LEAVES_AT_ONCE])

    def _show_fences(self, document: Document, selection: Selection, quotes: int) -> None:
        self._put_fences(*fence_lines(document.name, sent_in_words(document, selection), quotes))

    def _put_fences(self, above: str, below: str) -> None:
        if [each.leaf.text for each in self._fences] == [above, below]:
            return
        had = len(self._fences) // 2
        self._fences = [fence_leaf(above, at_end=False), fence_leaf(below, at_end=True)]
        self._surface.splice(self._inside + had, had, [self._fences[1].leaf])
        self._surface.splice(0, had, [self._fences[0].leaf])


def _measured(stretch: _Stretch, selection: Selection, language: Language) -> Iterator[Piece]:
    """Yield the pieces of a stretch, and note what they come to."""
    if stretch.fold is not None:
        yield stretch.fold
    if stretch.section is None:
        return
    for piece in pieces_of_section(stretch.section, selection, language):
        if isinstance(piece, WordsPiece):
            stretch.tokens += estimate_tokens(piece.text)
            stretch.quotes = max(stretch.quotes, longest_quotes(piece.text))
        yield piece


def _stretches(document: Document, selection: Selection) -> list[_Stretch]:
    found: list[_Stretch] = []
    for section in document.sections:
        number = section.number
        if selection.has(section):
            cuts = tuple(cut for cut in selection.cuts if cut.section == number)
            columns = frozenset(column for at, column in selection.columns_off if at == number)
            passages = frozenset(place for place in selection.passages or () if place[0] == number)
            rows = frozenset(place for place in selection.rows if place[0] == number)
            key = (id(section), selection.without, cuts, columns, passages, rows, selection.passages is None)
            found.append(_Stretch(key, section))
        elif found and found[-1].fold is not None:
            first = found[-1].fold.first
            found[-1] = _Stretch(("fold", first, number), None, SectionsLeftOut(first, number))
        else:
            found.append(_Stretch(("fold", number, number), None, SectionsLeftOut(number, number)))
    return found


def _same_at_start(before: Sequence[_Stretch], wanted: Sequence[_Stretch]) -> int:
    count = 0
    for old, new in zip(before, wanted, strict=False):
        if old.key != new.key or not old.is_whole:
            break
        count += 1
    return count


def _same_at_end(before: Sequence[_Stretch], wanted: Sequence[_Stretch]) -> int:
    count = 0
    for old, new in zip(reversed(before), reversed(wanted), strict=False):
        if old.key != new.key or not old.is_whole:
            break
        count += 1
    return count


def _same_leaves(before: Sequence[SentLeaf], after: Sequence[SentLeaf]) -> int:
    count = 0
    for old, new in zip(before, after, strict=False):
        if old.piece != new.piece or old.leaf.kind is not new.leaf.kind or old.offset != new.offset:
            break
        count += 1
    return count


Occurrence = tuple[int, int, int]
"""The index of a leaf, start and end in its text."""


class TextFind(QObject):
    """The places where a query stands in the leaves of a text, and the one that is walked to."""

    changed = Signal()  # more have been found, or the search stands at another

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: list[Occurrence] = []
        self._at = -1
        self._job: Iterator[None] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._work_on)

    @property
    def count(self) -> int:
        return len(self._found)

    @property
    def position(self) -> int:
        """Which place the search stands at, from 1; 0 for none."""
        return self._at + 1

    @property
    def current(self) -> Occurrence | None:
        return self._found[self._at] if 0 <= self._at < len(self._found) else None

    @property
    def is_done(self) -> bool:
        """True if all of the text has been searched."""
        return self._job is None

    def search(self, leaves: Sequence[Leaf], query: str, from_leaf: int) -> None:
        """Begin anew. The search stands at the first place at or after a leaf, as soon as there is one."""
        self._found, self._at = [], -1
        self._job = self._searched(leaves, query, from_leaf) if query.strip() else None
        if self._job is None:
            self._timer.stop()
        else:
            self._timer.start()
        self.changed.emit()

    def step(self, by: int) -> None:
        """Walk to another place, past the last to the first."""
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self.changed.emit()

    def _searched(self, leaves: Sequence[Leaf], query: str, from_leaf: int) -> Iterator[None]:
        for index, leaf in enumerate(leaves):
            if leaf.kind is not LeafKind.FOLD:
                self._found += [(index, start, end) for start, end in occurrences(leaf_text(leaf), query)]
            if self._at < 0 and self._found and self._found[-1][0] >= from_leaf:
                self._at = bisect_left(self._found, (from_leaf, 0, 0))
            yield
        if self._at < 0 and self._found:
            self._at = 0

    def _work_on(self) -> None:
        until = time.monotonic() + _SLICE_SECONDS
        while self._job is not None and time.monotonic() < until:
            if next(self._job, self) is self:
                self._job = None
        if self._job is None:
            self._timer.stop()
        self.changed.emit()


def cuts_in(leaf_at: Callable[[int], SentLeaf | None], count: int, chosen: Range) -> list[Cut]:
    """Return the cuts that take a range of the text out; `leaf_at` returns one of its `count` leaves."""
    start, end = chosen
    found: list[Cut | None] = []
    for index in range(max(0, start.index), min(end.index, count - 1) + 1):
        leaf = leaf_at(index)
        if leaf is None or not isinstance(leaf.piece, WordsPiece):
            continue
        first = start.offset if index == start.index else 0
        last = end.offset if index == end.index else len(leaf_text(leaf.leaf))
        pieces = _pieces_of_rows(leaf, first, last) if leaf.rows else _piece_of_words(leaf, first, last)
        found += [cut_of(*each) for each in pieces]
    return [each for each in found if each is not None]


def _piece_of_words(leaf: SentLeaf, first: int, last: int) -> Iterator[tuple[WordsPiece, int, int]]:
    assert isinstance(leaf.piece, WordsPiece)
    if first < last:
        yield leaf.piece, leaf.offset + first, leaf.offset + last


def _pieces_of_rows(leaf: SentLeaf, first: int, last: int) -> Iterator[tuple[WordsPiece, int, int]]:
    """Yield the rows that are touched: each piece, and where its rows begin and end in its text."""
    text = leaf_text(leaf.leaf)
    rows = leaf.rows[text.count("\n", 0, first) : text.count("\n", 0, max(first, last - 1)) + 1]
    lines: dict[int, tuple[WordsPiece, list[int]]] = {}
    for piece, line in rows:
        lines.setdefault(id(piece), (piece, []))[1].append(line)
    for piece, numbers in lines.values():
        lengths = [len(each) + 1 for each in piece.text.split("\n")]
        yield piece, sum(lengths[: numbers[0]]), sum(lengths[: numbers[-1] + 1])
