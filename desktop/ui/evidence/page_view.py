"""A page of a PDF file as it looks, with a place on it marked. The page stays white in the dark theme.

The picture comes from elsewhere, at the size that is asked for; nothing here reads a file.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from desktop.core.documents.reading import PageBox
from desktop.rendering.page.marks import paint_passage
from desktop.runtime.evidence import DrawnPage
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import LIGHT, SMALL
from desktop.ui.words import say

_PAUSE_MS: Final = 150  # after the last change of the width, before the page is drawn anew
_WORDS_AFTER_MS: Final = 400  # of drawing; before, words would only flicker
_BESIDE_TEXT: Final = 0.03  # of the width, left of the words: half of what is left free beside them
_LEGIBLE_PX: Final = 370  # for the words of a page; in a narrower pane it is moved sideways
_PLACE_PAD: Final = 2.0  # pixels around the marked letters
_ZOOM_STEP: Final = 1.25
_ZOOM_STEPS: Final = (-3, 8)  # smaller and larger than the width of the pane: about half, and six times
_ZOOM_KEYS: Final = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0}
_NOTCH: Final = 120  # of a wheel, in Qt's units
_ABOVE: Final = 1 / 3  # of the height: where a place is brought to


def decode_page(png: bytes) -> QImage | None:
    """Return the picture that a PNG file is; None of one that is none. Runs on any thread."""
    image = QImage.fromData(png)
    return None if image.isNull() else image


class PageView(QAbstractScrollArea):
    """A page. It says which width it wants, in pixels of the screen, and shows what it is given."""

    width_wanted = Signal(int)
    zoomed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._page: DrawnPage | None = None
        self._says_drawing = False
        self._asked = 0  # the width that was asked for last
        self._zoom = 0  # steps; at 0 the words of a page fill the width
        self._turned = 0  # of the wheel, less than a notch
        self._middle: QPointF | None = None  # what stays in the middle, in shares of the page, as it is drawn anew
        set_look(self, "sheet")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._resized = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._resized.timeout.connect(self._ask_anew)
        self._slow = QTimer(self, singleShot=True, interval=_WORDS_AFTER_MS)
        self._slow.timeout.connect(self._say_drawing)
        theme.changed.connect(self._resized.start)

    @property
    def wanted_width(self) -> int:
        """The width in which the words of a page are to stand, in pixels of the screen; more for larger text."""
        legible = max(self.viewport().width(), self._theme.px(_LEGIBLE_PX))
        self._asked = round(legible * _ZOOM_STEP**self._zoom * self.devicePixelRatioF())
        return self._asked

    def show_waiting(self) -> None:
        """Show an empty page, since another one is being drawn."""
        self._page = self._middle = None
        self._says_drawing = False
        self._slow.start()
        self._take_sizes()

    def show_page(self, page: DrawnPage) -> None:
        """Show a page, with the place in sight once it is known where it is."""
        self._slow.stop()
        is_other = self._page is None or self._page.image.cacheKey() != page.image.cacheKey()
        self._page = page
        self._take_sizes()
        if is_other and self._middle is not None:
            self._bring_back(self._middle)
            return
        if is_other and page.text is not None:
            left = (page.text[0] - _BESIDE_TEXT) * self._width
            self.horizontalScrollBar().setValue(round(left))
        if page.place or page.paragraph:
            self._bring((page.place or page.paragraph)[0])
        elif is_other:
            self.verticalScrollBar().setValue(0)
        self.viewport().update()

    def hide_page(self) -> None:
        """Show nothing."""
        self._slow.stop()
        self._page = self._middle = None

    @property
    def is_waiting(self) -> bool:
        """True while there is no page to show."""
        return self._page is None

    def zoom(self, by: int) -> None:
        """Show the page larger by some steps, or smaller; 0 has its words fill the width again."""
        wanted = max(_ZOOM_STEPS[0], min(self._zoom + by, _ZOOM_STEPS[1])) if by else 0
        if wanted == self._zoom:
            return
        self._zoom = wanted
        if self._page is not None:
            view = self.viewport()
            x = self.horizontalScrollBar().value() + min(view.width(), self._width) / 2
            y = self.verticalScrollBar().value() + min(view.height(), self._height) / 2
            self._middle = QPointF(x / self._width, y / self._height)
        self.zoomed.emit()
        self._ask_anew()

    @property
    def is_zoomed(self) -> bool:
        """True while the page is shown at another size than that of the pane."""
        return self._zoom != 0

    @property
    def marked(self) -> tuple[PageBox, ...]:
        """Where the place stands that is marked, in shares of the page; empty where it is not known."""
        return self._page.place if self._page is not None else ()

    @property
    def _width(self) -> float:
        return self._page.image.width() / self.devicePixelRatioF() if self._page is not None else 0.0

    @property
    def _height(self) -> float:
        return self._page.image.height() / self.devicePixelRatioF() if self._page is not None else 0.0

    def _take_sizes(self) -> None:
        view = self.viewport()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(0, round(self._width) - view.width()))
        down.setRange(0, max(0, round(self._height) - view.height()))
        across.setPageStep(view.width())
        down.setPageStep(view.height())
        across.setSingleStep(self._theme.text_px)
        down.setSingleStep(3 * self._theme.text_px)
        view.update()

    def _bring(self, box: PageBox) -> None:
        """Scroll a place into sight."""
        self.verticalScrollBar().setValue(round(box[1] * self._height - self.viewport().height() * _ABOVE))
        across = self.horizontalScrollBar()
        left, right = box[0] * self._width, box[2] * self._width
        if not across.value() <= left <= right <= across.value() + self.viewport().width():
            across.setValue(round(left - self.viewport().width() * _ABOVE))

    def _bring_back(self, middle: QPointF) -> None:
        """Scroll to what was in the middle before the page was drawn at another size."""
        self._middle = None
        view = self.viewport()
        self.horizontalScrollBar().setValue(round(middle.x() * self._width - view.width() / 2))
        self.verticalScrollBar().setValue(round(middle.y() * self._height - view.height() / 2))
        view.update()

    def _ask_anew(self) -> None:
        before = self._asked
        if self.isVisible() and self.wanted_width != before:
            self.width_wanted.emit(self._asked)

    def _say_drawing(self) -> None:
        self._says_drawing = True
        self.viewport().update()

    def _placed(self, box: PageBox, corner: QPointF) -> QRectF:
        left, top, right, bottom = box
        return QRectF(
            QPointF(corner.x() + left * self._width, corner.y() + top * self._height),
            QPointF(corner.x() + right * self._width, corner.y() + bottom * self._height),
        )

    def _paint_marks(self, painter: QPainter, page: DrawnPage, corner: QPointF) -> None:
        # As with a marker pen: what is printed stays as black as it is.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for box in page.paragraph:
            room = self._placed(box, corner)
            paint_passage(
                painter, room.adjusted(0, -_PLACE_PAD, 0, _PLACE_PAD), QColor(LIGHT.found), QColor(LIGHT.current)
            )
        for box in page.place:
            painter.fillRect(self._placed(box, corner).adjusted(-_PLACE_PAD, 0, _PLACE_PAD, 0), QColor(LIGHT.current))

    # Qt's own methods

    def paintEvent(self, event: QPaintEvent) -> None:
        view = self.viewport()
        painter = QPainter(view)
        painter.fillRect(event.rect(), QColor("white"))
        if self._page is None:
            if self._says_drawing:
                painter.setPen(QColor(LIGHT.muted))
                painter.setFont(self._theme.ui_font(SMALL))
                painter.drawText(view.rect(), Qt.AlignmentFlag.AlignCenter, say("evidence.drawing"))
            return
        # A page that is narrower than its place stands in the middle.
        x = max(0.0, (view.width() - self._width) / 2) - self.horizontalScrollBar().value()
        corner = QPointF(x, -self.verticalScrollBar().value())
        shown = QRectF(event.rect()).intersected(QRectF(corner.x(), corner.y(), self._width, self._height))
        part = shown.translated(-corner)
        ratio = self.devicePixelRatioF()
        source = QRectF(part.x() * ratio, part.y() * ratio, part.width() * ratio, part.height() * ratio)
        painter.drawImage(shown, self._page.image, source)
        self._paint_marks(painter, self._page, corner)

    def event(self, event: QEvent) -> bool:
        # These keys would change the size of all text in the window.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_zoom(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_zoom(event):
            self.zoom(_ZOOM_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._turned += event.angleDelta().y()
        notches = int(self._turned / _NOTCH)
        if notches:
            self._turned -= notches * _NOTCH
            self.zoom(notches)
        event.accept()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_sizes()
        self._resized.start()


def _is_zoom(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) and event.key() in _ZOOM_KEYS
