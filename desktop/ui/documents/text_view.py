"""The text of a file in a scrolling column: only what is in sight is laid out. It selects, and finds places.

What is selected is told to the owner, who knows what can be done with it.
"""

from __future__ import annotations

import math
from functools import partial

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from desktop.core.text.find import occurrences
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.shown_text import Position
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION
from desktop.ui.text.selection import DragScroll, Range
from desktop.ui.text.surface import TextSurface

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
