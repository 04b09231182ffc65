"""A widget that shows one text: painted, selectable, with links and copy buttons. It edits nothing and opens nothing.

Text from a model never reaches one of Qt's own text widgets, since those read files that a text names.
"""

from __future__ import annotations

import time
from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QCursor,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from desktop.rendering.leaves import Leaf
from desktop.rendering.page import Page
from desktop.rendering.shown_text import Position
from desktop.rendering.page_style import PageStyle

_AT_ONCE = 8000  # characters that are laid out without a pause: more than a screen
_SLICE = 1000
_SLICE_SECONDS = 0.012


class Document(Protocol):
    """A growing text as leaves."""

    @property
    def leaves(self) -> list[Leaf]: ...
    @property
    def source(self) -> str: ...
    def append(self, text: str) -> int: ...
    def finish(self) -> int: ...


class TextSurface(QWidget):
    """Shows a document. The owner gives it its width with `height_for` and moves it where it belongs."""

    height_changed = Signal()
    link_activated = Signal(str)

    def __init__(self, document: Document, style: PageStyle, ground: QColor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._page = Page(style)
        self._style = style
        self._ground = ground
        self._pad_x, self._pad_y, self._radius, self._rule = 0.0, 0.0, 0.0, 0.0
        self._around = ground
        self._anchor: Position | None = None
        self._head: Position | None = None
        self._pressed_link = ""
        self._waiting = ""  # text that is still to be laid out, from `_waiting_at` on
        self._waiting_at = 0
        self._is_to_finish = False
        self._slice_timer = QTimer(self, interval=0)
        self._slice_timer.timeout.connect(self._append_slices)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Growing at the end leaves what stands as it is, so Qt need not paint it again.
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    @property
    def source(self) -> str:
        """The text as it was written."""
        return self._document.source + self._waiting[self._waiting_at :]

    def set_frame(self, pad_x: float, pad_y: float, radius: float, rule: float, around: QColor) -> None:
        """Ground with padding in pixels, round corners on the colour `around`, and a rule of a width at its left."""
        self._pad_x, self._pad_y, self._radius, self._rule, self._around = pad_x, pad_y, radius, rule, around
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents, not radius)  # round corners move with the size

    def set_look(self, style: PageStyle, ground: QColor, around: QColor) -> None:
        """Take the fonts and colours of another theme."""
        self._style, self._ground, self._around = style, ground, around
        self._page.set_style(style)
        self.update()

    def set_document(self, document: Document) -> None:
        """Show another text."""
        self._waiting, self._waiting_at, self._is_to_finish = "", 0, False
        self._slice_timer.stop()
        self._document = document
        self._anchor = self._head = None
        self._page.show(document.leaves, 0)
        self.update()
        self.height_changed.emit()

    def append(self, text: str) -> None:
        """Add text at the end; repaints no more than what may have changed.

        Of a long text only the beginning is there at once; the rest follows in slices, so that nothing stands still.
        """
        if self._slice_timer.isActive():
            self._waiting += text
            return
        self._take(self._document.append(text[:_AT_ONCE]))
        if len(text) > _AT_ONCE:
            self._waiting, self._waiting_at = text, _AT_ONCE
            self._slice_timer.start()

    def finish(self) -> None:
        """No more text will come."""
        if self._slice_timer.isActive():
            self._is_to_finish = True
        else:
            self._take(self._document.finish())

    def height_for(self, width: int) -> int:
        """Lay out to a width in pixels and answer the height."""
        self._page.set_width(width - 2 * self._pad_x - self._rule)
        return round(self._page.height + 2 * self._pad_y)

    def natural_width(self) -> float:
        """Width that the text would take without wrapping, in pixels, the frame included."""
        return self._page.natural_width() + 2 * self._pad_x + self._rule

    @property
    def has_selection(self) -> bool:
        return self._anchor is not None and self._anchor != self._head

    def selected_text(self) -> str:
        """What is selected, as plain text."""
        chosen = self._selection()
        return self._page.plain_text(*chosen) if chosen else ""

    def clear_selection(self) -> None:
        if self._anchor is not None:
            self._anchor = self._head = None
            self.update()

    def copy_selection(self) -> None:
        if self.has_selection:
            QGuiApplication.clipboard().setText(self.selected_text())

    def select_all(self) -> None:
        self._anchor, self._head = Position(0, 0), self._page.end()
        self.update()

    def _append_slices(self) -> None:
        """As many slices as fit into the time of half a paint."""
        until = time.monotonic() + _SLICE_SECONDS
        while self._waiting_at < len(self._waiting) and time.monotonic() < until:
            text = self._waiting[self._waiting_at : self._waiting_at + _SLICE]
            self._waiting_at += len(text)
            self._take(self._document.append(text))
        if self._waiting_at >= len(self._waiting):
            self._slice_timer.stop()
            self._waiting, self._waiting_at = "", 0
            if self._is_to_finish:
                self._take(self._document.finish())

    def _take(self, first_changed: int) -> None:
        before = self._page.height
        top = self._page.show(self._document.leaves, first_changed)
        if self._page.height != before:
            self.height_changed.emit()  # first, since whoever scrolls now can still move what is painted
        y = int(top + self._pad_y)
        self.update(QRect(0, y, self.width(), max(self.height(), int(self._page.height) + 1) - y))

    def _selection(self) -> tuple[Position, Position] | None:
        if self._anchor is None or self._head is None or self._anchor == self._head:
            return None
        return min(self._anchor, self._head), max(self._anchor, self._head)

    def _origin(self) -> QPointF:
        return QPointF(self._rule + self._pad_x, self._pad_y)

    def _within(self, point: QPointF) -> QPointF:
        return point - self._origin()

    def _copy_code(self, index: int) -> None:
        QGuiApplication.clipboard().setText(self._page.code_at(index))

    # Qt's own methods

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(event.rect())
        if self._radius:
            painter.fillRect(rect, self._around)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._ground)
            painter.drawRoundedRect(QRectF(self.rect()), self._radius, self._radius)
        else:
            painter.fillRect(rect, self._ground)
        if self._rule:
            painter.fillRect(QRectF(0, 0, self._rule, self.height()), self._style.colours.line)
        self._page.paint(painter, self._origin(), rect, self._selection())
        if self.hasFocus() and self.focusPolicy() & Qt.FocusPolicy.TabFocus:
            painter.setPen(QPen(self._style.colours.accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        at = self._within(event.position())
        hit = self._page.hit(at.x(), at.y())
        self._pressed_link = hit.href
        if hit.copy_index is not None:
            self._copy_code(hit.copy_index)
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._anchor is not None:
            self._head = hit.position
        else:
            self._anchor = self._head = hit.position
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._within(event.position())
        hit = self._page.hit(at.x(), at.y())
        if event.buttons() & Qt.MouseButton.LeftButton and self._anchor is not None:
            if hit.position != self._head:
                self._head = hit.position
                self.update()
            return
        if hit.href or hit.copy_index is not None:
            self.setCursor(QCursor(Qt.CursorShape.PointingHandCursor))
        else:
            self.setCursor(QCursor(Qt.CursorShape.IBeamCursor))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self._within(event.position())
        href = self._page.hit(at.x(), at.y()).href
        if href and href == self._pressed_link and not self.has_selection:
            self.link_activated.emit(href)
        self._pressed_link = ""
        if self.has_selection and QGuiApplication.clipboard().supportsSelection():
            clipboard = QGuiApplication.clipboard()
            clipboard.setText(self.selected_text(), clipboard.Mode.Selection)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self._within(event.position())
        self._anchor, self._head = self._page.word_at(self._page.hit(at.x(), at.y()).position)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        sideways = delta.x() or (delta.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        at = self._within(event.position())
        if sideways and self._page.scroll_sideways(at.x(), at.y(), -sideways):
            self.update()
            event.accept()
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self.has_selection:
            self.copy_selection()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction(self.tr("Copy"), self.copy_selection).setEnabled(self.has_selection)
        menu.addAction(self.tr("Select all"), self.select_all)
        menu.exec(event.globalPos() if event.globalPos() != QPoint() else QCursor.pos())
        menu.deleteLater()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.clear_selection()
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.unsetCursor()
        super().leaveEvent(event)
