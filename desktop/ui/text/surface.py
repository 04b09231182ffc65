"""A widget that shows one text: painted, with links and copy buttons. It edits nothing and opens nothing.

The selection is decided by the owner of several surfaces (see `transcript/selection.py`): it is told where the mouse
goes, and tells what to show as selected. Text from a model never reaches one of Qt's own text widgets, since those
read files that a text names. While the pointer is on a link a hint has its address: the host stands out and is always
shown whole, in punycode where it only looks Latin; a long path is cut in its middle.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QContextMenuEvent,
    QCursor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from desktop.rendering.formula.typesetter import Key
from desktop.rendering.markdown.document import leaf_around, word_around
from desktop.rendering.markdown.links import safe_href, split_address
from desktop.rendering.page.box import PageStyle
from desktop.rendering.page.stack import Page, PageAnchor, PageHit
from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.shown_text import Position, Target, next_target, target_before
from desktop.ui.look import stylesheet as measures
from desktop.ui.look.theme import Theme
from desktop.ui.text.content import LeafDocument, Range, TextReading, copied_block, put_on_clipboard

_WIDEST = 0.75  # of the parent
_PAD_X, _PAD_Y = 8, 4


class LinkHint(QWidget):
    """A hint over the lower left corner of its parent, or the right one when the pointer is in the left."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts = ("", "", "")
        self._layout = QTextLayout()
        # It must not take the pointer from the link that it explains.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @property
    def text(self) -> str:
        """The text shown."""
        return self._layout.text() if self.isVisible() else ""

    def show_address(self, href: str) -> None:
        """Show the address of a link; an empty or unsafe one hides the hint."""
        address = safe_href(href)
        if not address:
            self.hide()
            return
        self._parts = split_address(address)
        self._place()
        self.show()
        self.raise_()
        self.update()

    def _place(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        size = self._lay_out(int(parent.width() * _WIDEST))
        corner = QPoint(0, parent.height() - size.height())
        if QRect(corner, size).contains(parent.mapFromGlobal(QCursor.pos())):
            corner.setX(parent.width() - size.width())
        self.setGeometry(QRect(corner, size))

    def _lay_out(self, widest: int) -> QSize:
        """Cut the rest of the address to the room, and return the size; a host that is wider than that wraps."""
        font = self._theme.ui_font(measures.SMALL)
        metrics = QFontMetricsF(font)
        before, host, rest = self._parts
        bold = self._theme.ui_font(measures.SMALL, bold=True)
        room = widest - 2 * _PAD_X
        taken = metrics.horizontalAdvance(before) + QFontMetricsF(bold).horizontalAdvance(host)
        shortest = metrics.horizontalAdvance("/…")
        cut = metrics.elidedText(rest, Qt.TextElideMode.ElideMiddle, max(shortest, room - taken - 2))
        layout = QTextLayout(before + host + cut, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        layout.setTextOption(option)
        strong = QTextLayout.FormatRange()
        strong.start, strong.length, strong.format = len(before), len(host), QTextCharFormat()
        strong.format.setFont(bold)
        strong.format.setForeground(self._theme.color("ink"))
        layout.setFormats([strong])
        tall = wide = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room)
            line.setPosition(QPointF(_PAD_X, _PAD_Y + tall))
            tall += line.height()
            wide = max(wide, line.naturalTextWidth())
        layout.endLayout()
        self._layout = layout
        return QSize(int(min(wide, room)) + 2 * _PAD_X + 2, int(tall) + 2 * _PAD_Y + 1)

    # Qt's own methods

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setPen(self._theme.color("muted"))
        self._layout.draw(painter, QPointF(0, 0))


@dataclass(slots=True)
class SurfaceGround:
    """The frame of a text. Measures in pixels; `around` is the colour that round corners stand on."""

    colour: QColor
    around: QColor
    pad_x: float = 0.0
    pad_y: float = 0.0
    radius: float = 0.0
    rule: float = 0.0

    @property
    def origin(self) -> QPointF:
        """The point where the text begins."""
        return QPointF(self.rule + self.pad_x, self.pad_y)

    def paint(self, painter: QPainter, whole: QRectF, part: QRectF, rule: QColor) -> None:
        """Paint the `part` that is to be painted anew; `rule` is the colour of the rule."""
        if self.radius:
            painter.fillRect(part, self.around)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colour)
            painter.drawRoundedRect(whole, self.radius, self.radius)
        else:
            painter.fillRect(part, self.colour)
        if self.rule:
            painter.fillRect(QRectF(0, 0, self.rule, whole.height()), rule)


_PRESSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_COPIED_MS = 1500  # how long a block of code says that it has been copied
_NOTHING_STALE = (math.inf, -math.inf)


class _Targets(QObject):
    """What the keyboard comes to in a text: the links and the Copies of code blocks, as they are at the moment."""

    moved = Signal()  # to another target, or to none

    def __init__(self, page: Page, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page

    @property
    def current(self) -> Target | None:
        """The target with the keyboard focus; None if it is elsewhere."""
        return self._page.marks.target

    @property
    def has_any(self) -> bool:
        """True if there is something to press."""
        return next_target(self._page.leaves) is not None

    def enter(self, reason: Qt.FocusReason) -> None:
        """Focus the first target, the last, or the one before, by where the focus came from."""
        match reason:
            case Qt.FocusReason.TabFocusReason:
                self._go_to(next_target(self._page.leaves))
            case Qt.FocusReason.BacktabFocusReason:
                self._go_to(target_before(self._page.leaves))
            case _:
                self._go_to(self.current or next_target(self._page.leaves))

    def step(self, *, forward: bool) -> bool:
        """Go to the next target. Return False if there is none, and the focus is to leave the text."""
        if self.current is None:
            return False
        walk = next_target if forward else target_before
        found = walk(self._page.leaves, self.current)
        if found is not None:
            self._go_to(found)
        return found is not None

    def leave(self) -> None:
        """Forget the target: the focus has gone elsewhere."""
        self._go_to(None)

    def _go_to(self, target: Target | None) -> None:
        if target != self.current:
            self._page.marks.target = target
            self.moved.emit()


class TextSurface(QWidget):
    """A painted document. The owner gives it its width with `height_for` and moves it where it belongs."""

    height_changed = Signal()
    link_activated = Signal(str)
    link_hovered = Signal(str)  # an address, or "" when the pointer has left it
    pressed = Signal(object, bool)  # a Position; whether the selection is to be extended to it
    dragged = Signal(object)  # a QPoint of the screen
    released = Signal()
    chosen = Signal(object, object)  # Positions around a word or a paragraph
    menu_requested = Signal(object, object)  # a QPoint of the screen, PageHit
    target_reached = Signal(float)  # how far down the link or code stands that the keyboard has come to

    def __init__(self, document: LeafDocument, style: PageStyle, ground: QColor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = Page(style, on_stale=self._on_stale)
        self._reading = TextReading(document, self._page, self._changing, self)
        self._style = style
        self._ground = SurfaceGround(ground, ground)
        self._targets = _Targets(self._page, self)
        self._targets.moved.connect(self._on_target)
        self.marked = self._page.marks
        self.words = self._reading  # as text, Markdown, and what stands at a position
        self._selection: Range | None = None
        self._pressed_link = ""
        self._hovered_link = ""
        self._is_changing = False
        self._stale = _NOTHING_STALE  # while it changes: top and bottom, in pixels of the page
        self._is_selecting = False
        self._grip: int | None = None  # the block whose bar of sideways scrolling is held
        self._word_chosen_at = 0.0  # when a word was last chosen: one more click chooses the paragraph
        self._copied_timer = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._copied_timer.timeout.connect(lambda: self._say_copied(None))
        self._again_timer = QTimer(self, singleShot=True, interval=0)  # code is coloured a few lines at a time
        self._again_timer.timeout.connect(self._paint_again)
        # Growing at the end leaves what stands as it is, so Qt need not paint it again. All else is up to the page. Not
        # WA_OpaquePaintEvent: what is opaque Qt moves by its pixels, also by some that still wait to be painted.
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.setMouseTracking(True)

    @property
    def source(self) -> str:
        """The text as it was written."""
        return self._reading.source

    @property
    def is_reading(self) -> bool:
        """True while a part of a long text has not been read yet."""
        return self._reading.is_going_on

    @property
    def is_plain(self) -> bool:
        """True if it is shown just as it was written."""
        return isinstance(self._reading.document, PlainDocument)

    def set_frame(self, pad_x: float, pad_y: float, radius: float, rule: float, around: QColor) -> None:
        """Set padding in pixels, round corners on the colour `around`, and the width of a rule at the left."""
        self._ground = SurfaceGround(self._ground.colour, around, pad_x, pad_y, radius, rule)
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents, not radius)  # round corners move with the size

    def set_look(self, style: PageStyle, ground: QColor, around: QColor) -> None:
        """Set the fonts and colours of another theme."""
        self._style = style
        self._ground.colour, self._ground.around = ground, around
        self._page.set_style(style)
        self.update()

    def set_document(self, document: LeafDocument) -> None:
        """Show another text."""
        self._selection = None
        self._reading.show(document)
        self.update()
        self.height_changed.emit()

    def splice(self, first: int, count: int, leaves: Sequence[Leaf]) -> None:
        """Put leaves that were made elsewhere in the place of `count` others; the rest stays as it is laid out."""
        with self._changing():
            self._page.splice(first, count, leaves)

    def load(self, text: str) -> None:
        """Show a text that is complete, in an empty document.

        A long one is read in another thread, so that nothing stands still.
        """
        self._reading.load(text)

    def append(self, text: str) -> None:
        """Add text at the end of one that grows; repaints no more than what may have changed.

        Where more comes at once than can be read without a pause, it is read in pieces.
        """
        self._reading.append(text)

    def finish(self) -> None:
        """End the text: nothing more is appended."""
        self._reading.finish()

    def formulas_ready(self, ready: Set[Key]) -> None:
        """Replace the sources of formulas that have been typeset now."""
        with self._changing():
            self._page.formulas_ready(ready)

    def height_for(self, width: int) -> int:
        """Lay out to a width in pixels and return the height in pixels; outside the visible range, an estimate."""
        self._page.set_width(width - 2 * self._ground.pad_x - self._ground.rule)
        return round(self.height_now)

    @property
    def height_now(self) -> float:
        """The height in pixels by what is known so far, whatever the widget's is; an estimate for unread text."""
        return self._reading.height + 2 * self._ground.pad_y

    @property
    def line_and_padding(self) -> tuple[float, float]:
        """The height of a line, and that of the padding above and below all lines, in pixels."""
        return self._style.body_line, 2 * self._ground.pad_y

    def set_sight(self, top: float, bottom: float) -> bool:
        """Lay out the visible range, in the surface's own pixels. Return True if the height changed."""
        return self._page.set_sight(top - self._ground.pad_y, bottom - self._ground.pad_y)

    def natural_width(self) -> float:
        """Return the width in pixels that the text would take without wrapping, the frame included."""
        return self._page.natural_width() + 2 * self._ground.pad_x + self._ground.rule

    def anchor_at(self, y: float) -> PageAnchor:
        """Return an anchor for a height that can be found again after it has grown or was laid out anew."""
        return self._page.anchor_at(y - self._ground.pad_y)

    def y_of(self, anchor: PageAnchor) -> float:
        return self._page.y_of(anchor) + self._ground.pad_y

    def hit(self, at: QPointF) -> PageHit:
        """Return what is at a point; the nearest position if there is nothing."""
        inside = at - self._ground.origin
        return self._page.hit(inside.x(), inside.y())

    def set_selection(self, chosen: Range | None) -> None:
        """Show this range as selected; None for nothing."""
        if chosen != self._selection:
            self._selection = chosen
            self.update()

    @property
    def is_at_target(self) -> bool:
        """True if the keyboard focus is on a link or on the Copy of code."""
        return self._targets.current is not None

    @property
    def has_selection(self) -> bool:
        """True if some of it is selected."""
        return self._selection is not None

    @property
    def target_address(self) -> str:
        """The address of the link with the keyboard focus; empty if it is on none."""
        target = self._targets.current
        return target.href if target is not None else ""

    def offer_focus(self) -> None:
        """Accept the keyboard focus if there is something to press."""
        if not self.hasFocus():
            has_any = self._targets.has_any or self.marked.open_name is not None
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus if has_any else Qt.FocusPolicy.NoFocus)

    def top_of_mark(self, name: int) -> float | None:
        """Return the top of the line in which a mark begins, in pixels; None while it has not been read."""
        found = self.marked.leaf_of_placed(name)
        return self._page.top_of_text(*found) + self._ground.pad_y if found is not None else None

    def top_of(self, occurrence: tuple[int, int, int]) -> float:
        """Return the top of an occurrence in pixels; exact once it is visible."""
        return self._page.top_of_text(occurrence[0], occurrence[1]) + self._ground.pad_y

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Let the page change; say then that the height has, and only then have painted what looks different.

        In this order, since whoever scrolls because of the height can still move what is painted.
        """
        before = self.height_now
        self._is_changing = True
        try:
            yield
            if self.height_now != before:
                self.height_changed.emit()
        finally:
            stale, self._stale = self._stale, _NOTHING_STALE
            self._is_changing = False
            self._on_stale(*stale)

    def _on_stale(self, top: float, bottom: float) -> None:
        """Have a stretch painted anew, in pixels of the page, at once or when the change is at its end."""
        if self._is_changing:
            self._stale = min(top, self._stale[0]), max(bottom, self._stale[1])
        elif top < bottom:
            y = math.floor(max(0.0, top + self._ground.pad_y))
            end = math.ceil(min(bottom + self._ground.pad_y, max(self.height(), self.height_now) + 1))
            self.update(QRect(0, y, self.width(), end - y))

    def _say_copied(self, index: int | None) -> None:
        self._page.say_copied(index)
        self.update()
        if index is not None:
            self._copied_timer.start()

    def _on_target(self) -> None:
        """Show the keyboard's target, and emit its address."""
        self.update()
        self.link_hovered.emit(self.target_address)
        target = self._targets.current
        if target is None:
            return
        self.target_reached.emit(self._page.top_of_text(target.index, target.start) + self._ground.pad_y)
        if target.href:
            said = self.words.plain_text(Position(target.index, target.start), Position(target.index, target.end))
        else:
            said = self.tr("Copy the code")
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def _copy_code(self, index: int) -> None:
        put_on_clipboard(copied_block(self._page.leaves[index]))
        self._say_copied(index)

    def _paint_again(self) -> None:
        """Take the exact heights, and repaint what was painted with estimates."""
        with self._changing():
            self._page.take_heights()
            self._on_stale(0.0, math.inf)

    def _drag_grip(self, x: float) -> None:
        if self._grip is not None and self._page.drag_grip(self._grip, x):
            self.update()

    def _point_at(self, point: QPointF) -> None:
        """Set the pointer's shape for what is under it, and emit the address there."""
        hit = self.hit(point)
        at = point - self._ground.origin
        if self._page.grip_at(at.x(), at.y()) is not None:
            shape = Qt.CursorShape.ArrowCursor
        elif self.marked.hover(hit.letter) or hit.href or hit.copy_index is not None:
            shape = Qt.CursorShape.PointingHandCursor
        else:
            shape = Qt.CursorShape.IBeamCursor
        self.setCursor(QCursor(shape))
        if hit.href != self._hovered_link:
            self._hovered_link = hit.href
            self.link_hovered.emit(hit.href)

    # Qt's own methods

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(event.rect())
        self._ground.paint(painter, QRectF(self.rect()), rect, self._style.colours.line)
        self._page.paint(painter, self._ground.origin, rect, self._selection)
        if self._page.is_unfinished:
            self._again_timer.start()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        at = event.position() - self._ground.origin
        self._grip = self._page.grip_at(at.x(), at.y())
        if self._grip is not None:
            self._drag_grip(at.x())
            return
        hit = self.hit(event.position())
        self._pressed_link = hit.href
        if hit.copy_index is not None:
            self._copy_code(hit.copy_index)
        elif time.monotonic() - self._word_chosen_at < QApplication.doubleClickInterval() / 1000:
            self.chosen.emit(*leaf_around(self._page.leaves, hit.position))
        else:
            self._is_selecting = True
            self.pressed.emit(hit.position, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._drag_grip((event.position() - self._ground.origin).x())
        elif not event.buttons() & Qt.MouseButton.LeftButton:
            self._point_at(event.position())
        elif self._is_selecting:
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()  # another one may come up while something is being selected
            return
        if self._grip is not None:
            self._grip = None
            return
        href = self.hit(event.position()).href
        if href and href == self._pressed_link and self._selection is None:
            self.link_activated.emit(href)
        self._pressed_link = ""
        if self._is_selecting:
            self._is_selecting = False
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._word_chosen_at = time.monotonic()
        self.chosen.emit(*word_around(self._page.leaves, self.hit(event.position()).position))

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        sideways = delta.x() or (delta.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        at = event.position() - self._ground.origin
        if sideways and self._page.scroll_sideways(at.x(), at.y(), -sideways):
            self.update()
            event.accept()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.marked.open_name is None or event.reason() is not Qt.FocusReason.OtherFocusReason:
            self._targets.enter(event.reason())  # else the keyboard has come to a mark

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._targets.leave()

    def focusNextPrevChild(self, next: bool) -> bool:
        return self._targets.step(forward=next) or super().focusNextPrevChild(next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        target = self._targets.current
        if event.key() not in _PRESSES or target is None:
            super().keyPressEvent(event)
        elif target.href:
            self.link_activated.emit(target.href)
        else:
            self._copy_code(target.index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos(), self.hit(QPointF(event.pos())))

    def leaveEvent(self, event: QEvent) -> None:
        self.unsetCursor()
        self.marked.hover(None)
        if self._hovered_link:
            self._hovered_link = ""
            self.link_hovered.emit("")
        super().leaveEvent(event)
