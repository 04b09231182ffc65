"""The text of a file in a scrolling column, of which only what is in sight is laid out, and as it is to be sent.

A text to be sent is made, found in and cut a little at a time. What is selected is told to the owner, who knows what
can be done with it; which part of the document is sent is decided elsewhere.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from desktop.core.documents.document import Document
from desktop.core.documents.selection import (
    Cut,
    Piece,
    SectionsLeftOut,
    Selection,
    WordsPiece,
    cut_of,
    pieces_of,
    sent_in_words,
)
from desktop.core.message import AttachmentPart
from desktop.core.request import fence_lines, longest_quotes
from desktop.core.text.find import occurrences
from desktop.core.text.tokens import estimate_tokens
from desktop.rendering.text.leaves import Leaf, LeafKind
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.sent_text import (
    Fold,
    FoldWords,
    SentLeaf,
    fence_leaf,
    fold_address,
    leaves_of_sent,
    sent_leaves,
)
from desktop.rendering.text.shown_text import Position, leaf_text
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.stylesheet import GAP_SECTION, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.text.content import DragScroll, Range
from desktop.ui.text.surface import TextSurface
from desktop.ui.widgets.layout import show_handle_if_needed

_COLUMN_PX = 656
_SIDE_PX = 24
_ROUNDS = 3  # of bringing a line into sight, whose place is known better each time


class TextView(QAbstractScrollArea):
    """A column of text, in `surface`."""

    selected = Signal()  # something is selected, or nothing any more
    scrolled = Signal()

    def __init__(self, theme: Theme, side: int = _SIDE_PX) -> None:
        """`side`: the pixels that are free at both sides of the text at least."""
        super().__init__()
        self._theme = theme
        self._side = side
        self._look = PageLook(theme, parent=self)
        self._chosen: tuple[Position, Position] | None = None  # from where the mouse was pressed to where it is
        self._is_placing = False
        set_look(self, "page")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        show_handle_if_needed(self.verticalScrollBar())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.surface = TextSurface(PlainDocument(), self._look.answer, theme.color("paper"), self.viewport())
        self.surface.set_sight(0.0, 0.0)
        self.surface.height_changed.connect(self.lay_out)
        self.surface.pressed.connect(self._on_pressed)
        self._dragging = DragScroll(self, self._select_to)
        self.surface.dragged.connect(self._dragging.follow)
        self.surface.released.connect(self._on_released)
        self.surface.chosen.connect(self.select)
        self.surface.target_reached.connect(lambda y: self._bring(y))
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        theme.changed.connect(self._take_look)
        self._take_look()

    @property
    def selection(self) -> Range | None:
        """What is selected, from its first position to its last."""
        if self._chosen is None or self._chosen[0] == self._chosen[1]:
            return None
        return min(self._chosen), max(self._chosen)

    def select(self, start: Position, end: Position) -> None:
        """Select this."""
        self._chosen = start, end
        self.surface.set_selection(self.selection)
        self.selected.emit()

    def clear_selection(self) -> None:
        """Select nothing."""
        self._chosen = None
        self.surface.set_selection(None)
        self.selected.emit()

    def end_of_selection(self) -> QPoint:
        """Return where the line of the selection's end stands, in pixels of the viewport."""
        chosen = self.selection
        y = self.surface.top_of((chosen[1].index, chosen[1].offset, chosen[1].offset)) if chosen else 0.0
        return QPoint(self.surface.x(), self.surface.y() + round(y))

    def selected_words(self) -> str:
        """Return the words that are selected."""
        return self.surface.words.plain_text(*self.selection) if self.selection is not None else ""

    def keep_free(self, pixels: int) -> None:
        """Leave room above the text."""
        self.setViewportMargins(0, pixels, 0, 0)

    def show_found(self, query: str) -> None:
        """Highlight what is searched for; nothing for an empty query."""
        self.surface.marked.set_finder(partial(occurrences, query=query) if query else None)

    def go_to_occurrence(self, occurrence: tuple[int, int, int] | None) -> None:
        """Highlight one occurrence more strongly, and scroll to it."""
        self.surface.marked.set_current(occurrence)
        for _ in range(_ROUNDS if occurrence is not None else 0):
            assert occurrence is not None
            if not self._bring(self.surface.top_of(occurrence)):
                return

    def go_to_leaf(self, index: int) -> None:
        """Scroll so that a leaf stands at the top."""
        for _ in range(_ROUNDS):
            self.verticalScrollBar().setValue(round(self.surface.top_of((index, 0, 0))))

    def _bring(self, y: float) -> bool:
        """Scroll a line into sight; return False if it is there."""
        bar, room = self.verticalScrollBar(), self.viewport().height()
        top, line = y + GAP_SECTION - bar.value(), 2 * self._theme.text_px
        if line <= top <= room - 2 * line:
            return False
        bar.setValue(round(y - room / 3))
        return True

    def _take_look(self) -> None:
        paper = self._theme.color("paper")
        self.surface.set_look(self._look.answer, paper, paper)
        self.lay_out()

    def lay_out(self) -> None:
        """Give the text its width and place, and the bar its range; what is read at the upper edge stays there."""
        if self._is_placing:
            return
        self._is_placing = True
        try:
            self._place_now()
        finally:
            self._is_placing = False

    def _place_now(self) -> None:
        bar, view = self.verticalScrollBar(), self.viewport()
        width = max(1, min(self._theme.px(_COLUMN_PX), view.width() - 2 * self._side))
        anchor = self.surface.anchor_at(bar.value() - GAP_SECTION)
        is_at_top = bar.value() <= GAP_SECTION
        for _ in range(_ROUNDS):
            height = self.surface.height_for(width)
            bar.setPageStep(view.height())
            bar.setSingleStep(3 * self._theme.text_px)
            bar.setRange(0, max(0, height + 2 * GAP_SECTION - view.height()))
            if not is_at_top:
                bar.setValue(round(self.surface.y_of(anchor)) + GAP_SECTION)
            top = bar.value() - GAP_SECTION
            if not self.surface.set_sight(float(top), float(top + view.height())):
                break
        height = math.ceil(self.surface.height_now)
        bar.setRange(0, max(0, height + 2 * GAP_SECTION - view.height()))
        x = max(self._side, (view.width() - width) // 2)
        self.surface.setGeometry(x, GAP_SECTION - bar.value(), width, height)

    def _on_scrolled(self) -> None:
        if self._is_placing:
            return
        self.lay_out()
        self.scrolled.emit()

    def _on_pressed(self, position: Position, extends: bool) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        anchor = self._chosen[0] if extends and self._chosen is not None else position
        self.select(anchor, position)

    def _select_to(self, at: QPoint) -> None:
        if self._chosen is not None:
            inside = QPointF(at - self.surface.pos())
            self._chosen = self._chosen[0], self.surface.hit(inside).position
            self.surface.set_selection(self.selection)

    def _on_released(self) -> None:
        self._dragging.stop()
        self.selected.emit()

    # Qt's own methods

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Do nothing: the text is moved when the bar's value has changed."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.matches(QKeySequence.StandardKey.Copy) and self.selection is not None:
            QGuiApplication.clipboard().setText(self.selected_words())
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select(Position(0, 0), Position(1 << 40, 0))
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)


_SLICE_SECONDS = 0.006  # of work between two looks at what else there is to do
_LEAVES_AT_ONCE = 400  # that are given to the surface

Occurrence = tuple[int, int, int]
"""The index of a leaf, start and end in its text."""


class _Work(QObject):
    """Work on a long text, a little at a time: the window goes on meanwhile."""

    changed = Signal()  # more has been done

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: Iterator[None] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_done(self) -> bool:
        return self._job is None

    def _begin(self, job: Iterator[None] | None) -> None:
        self._job = job
        self._timer.start()
        self._go_on()

    def _go_on(self) -> None:
        until = time.monotonic() + _SLICE_SECONDS
        while self._job is not None and time.monotonic() < until:
            if next(self._job, self) is self:
                self._job = None
        if self._job is None:
            self._timer.stop()
        self.changed.emit()


class SentText(_Work):
    """What is sent, as leaves on a surface. Of a text that changes, only what differs is laid out anew."""

    def __init__(self, surface: TextSurface, fold_words: FoldWords) -> None:
        super().__init__(surface)
        self._surface = surface
        self._fold_words = fold_words
        self._next: Iterator[SentLeaf] | None = None  # what is to be shown when the present text is whole
        self._quotes = 0  # the longest run of them in the text, by which its fence is made
        self.leaves: list[SentLeaf] = []  # on the surface
        self.tokens = 0.0  # the estimated ones of what is shown

    def show(self, document: Document, selection: Selection) -> None:
        """Show a document as it is sent with a selection."""
        self._show(self._of_document(document, selection))

    def show_sent(self, part: AttachmentPart) -> None:
        """Show what was sent of a file."""
        above, below = fence_lines(part.path or part.name, part.extent, longest_quotes(part.text))
        inside = (SentLeaf(leaf) for leaf in leaves_of_sent(part.text))
        self._show(_fenced(above, inside, lambda: below))

    def fold_of(self, address: str) -> Fold | None:
        """Return what a folded line stands for, by the address of its link."""
        folds = (each.piece for each in self.leaves if isinstance(each.piece, Fold))
        return next((fold for fold in folds if fold_address(fold) == address), None)

    def first_leaf_of(self, number: int) -> int | None:
        """Return the index of a section's first leaf, or of the line that stands for it."""
        return next((at for at, each in enumerate(self.leaves) if _has_section(each.piece, number)), None)

    def cuts_in(self, chosen: Range) -> list[Cut]:
        """Return the cuts that take a range of the text out."""
        start, end = chosen
        found: list[Cut | None] = []
        for index, leaf in list(enumerate(self.leaves))[start.index : end.index + 1]:
            first = start.offset if index == start.index else 0
            last = end.offset if index == end.index else len(leaf_text(leaf.leaf))
            if leaf.rows:
                found += [cut_of(*each) for each in _rows_between(leaf, first, last)]
            elif isinstance(leaf.piece, WordsPiece) and first < last:
                found.append(cut_of(leaf.piece, leaf.offset + first, leaf.offset + last))
        return [each for each in found if each is not None]

    def _show(self, leaves: Iterator[SentLeaf]) -> None:
        self._next = leaves
        if self._job is None:
            self._begin(self._put())

    def _of_document(self, document: Document, selection: Selection) -> Iterator[SentLeaf]:
        tokens, quotes = 0.0, 0
        extent = sent_in_words(document, selection)

        def measured() -> Iterator[Piece]:
            nonlocal tokens, quotes
            for piece in pieces_of(document, selection):
                if isinstance(piece, WordsPiece):
                    tokens += estimate_tokens(piece.text)
                    quotes = max(quotes, longest_quotes(piece.text))
                    self.tokens = max(tokens, self.tokens)
                yield piece

        above = fence_lines(document.name, extent, self._quotes)[0]
        inside = sent_leaves(measured(), self._fold_words)
        yield from _fenced(above, inside, lambda: fence_lines(document.name, extent, quotes)[1])
        self.tokens = tokens
        if quotes != self._quotes:
            self._quotes = quotes
            self._next = self._next or self._of_document(document, selection)

    def _put(self) -> Iterator[None]:
        while self._next is not None:
            wanted, self._next = self._next, None
            is_first, new = not self.leaves, list[SentLeaf]()
            for leaf in wanted:
                new.append(leaf)
                if is_first and len(new) == _LEAVES_AT_ONCE:  # the first page need not wait for the last
                    self._splice(len(self.leaves), 0, new)
                    new = []
                yield
            if is_first:
                self._splice(len(self.leaves), 0, new)
            else:
                yield from self._replace(new)

    def _replace(self, new: Sequence[SentLeaf]) -> Iterator[None]:
        """Put a text in the place of another; the fences tell how much is sent, so they change with what they hold."""
        old = self.leaves
        least, head, tail = min(len(old), len(new)), 1, 1  # so many that are alike, with the fences
        while head < least - 1 and _is_same(old[head], new[head]):
            head += 1
            yield
        while tail < least - head and _is_same(old[-1 - tail], new[-1 - tail]):
            tail += 1
            yield
        for part in (slice(-1, None), slice(head, -tail), slice(0, 1)):
            gone, come = old[part], new[part]
            if len(gone) != len(come) or not all(map(_is_same, gone, come)):
                self._splice(part.indices(len(old))[0], len(gone), come)

    def _splice(self, at: int, count: int, new: Sequence[SentLeaf]) -> None:
        self.leaves[at : at + count] = new
        self._surface.splice(at, count, [each.leaf for each in new])


def _fenced(above: str, inside: Iterable[SentLeaf], below: Callable[[], str]) -> Iterator[SentLeaf]:
    """Yield leaves between two fences; the one below is asked for when all of them have been yielded."""
    yield fence_leaf(above, at_end=False)
    yield from inside
    yield fence_leaf(below(), at_end=True)


def _is_same(one: SentLeaf, other: SentLeaf) -> bool:
    """Return True for leaves that look alike and stand for the same piece; `source` tells how long a table is."""
    looks, others = ((each.leaf.kind, each.leaf.source, each.leaf.text) for each in (one, other))
    return looks == others and (one.offset, one.piece) == (other.offset, other.piece)


def _has_section(piece: Piece | None, number: int) -> bool:
    if isinstance(piece, SectionsLeftOut):
        return piece.first <= number <= piece.last
    return getattr(piece, "section", None) == number


def _rows_between(leaf: SentLeaf, first: int, last: int) -> Iterator[tuple[WordsPiece, int, int]]:
    """Yield the rows that are touched: each piece, and where its rows begin and end in its text."""
    text = leaf_text(leaf.leaf)
    rows = leaf.rows[text.count("\n", 0, first) : text.count("\n", 0, max(first, last - 1)) + 1]
    lines: dict[int, tuple[WordsPiece, list[int]]] = {}
    for piece, line in rows:
        lines.setdefault(id(piece), (piece, []))[1].append(line)
    for piece, numbers in lines.values():
        lengths = [len(each) + 1 for each in piece.text.split("\n")]
        yield piece, sum(lengths[: numbers[0]]), sum(lengths[: numbers[-1] + 1])


class TextFind(_Work):
    """The places where a query stands in the leaves of a text, and the one that is walked to."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: list[Occurrence] = []
        self.at = -1  # the one that is walked to

    @property
    def current(self) -> Occurrence | None:
        return self.found[self.at] if self.at >= 0 else None

    def search(self, leaves: Sequence[Leaf], query: str, from_leaf: int) -> None:
        """Begin anew. The search stands at the first place at or after a leaf, as soon as there is one."""
        self.found, self.at = [], -1
        self._begin(self._searched(leaves, query, from_leaf) if query.strip() else None)

    def step(self, by: int) -> bool:
        """Walk to another place, past the last to the first. Return True if it was passed."""
        before = self.at
        if self.found:
            self.at = (self.at + by) % len(self.found)
            self.changed.emit()
        return (self.at - before) * by < 0

    def _searched(self, leaves: Sequence[Leaf], query: str, from_leaf: int) -> Iterator[None]:
        for index, leaf in enumerate(leaves):
            if leaf.kind is not LeafKind.FOLD:
                self.found += [(index, start, end) for start, end in occurrences(leaf_text(leaf), query)]
            if self.at < 0 and self.found and self.found[-1][0] >= from_leaf:
                self.at = bisect_left(self.found, (from_leaf, 0, 0))
            yield
        if self.at < 0 and self.found:
            self.at = 0
