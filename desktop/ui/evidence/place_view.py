"""What the evidence pane shows of a source: the page of a PDF file as it looks, a sheet, or the text that was sent.

Whatever fails, the text is there. The place on a page is marked, and the page stays white in the dark theme. Its
picture comes from elsewhere, at the size that is asked for; nothing here reads a file.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from desktop.core.documents.document import PageBox, ReadingProblem, SectionKind, WordsOnPage
from desktop.core.documents.surroundings import neighbourhood, paragraph_at, section_at
from desktop.core.evidence.checked import GivenText, SourcePlace
from desktop.rendering.page.marks import paint_passage
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.sent_text import place_in_leaves
from desktop.runtime.evidence import DrawnPage, PagePictures, WantedPage
from desktop.ui.documents.text_view import TextView
from desktop.ui.evidence import words
from desktop.ui.evidence.table_view import PlaceInTable, table_around
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION, GAP_TIGHT, LIGHT, SMALL
from desktop.ui.widgets.layout import show_handle_if_needed
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


class _Sheet(QWidget):
    """The page at the size at which it was drawn, in the middle of a white sheet that fills the pane."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.page: DrawnPage | None = None
        self.slow = QTimer(self, singleShot=True, interval=_WORDS_AFTER_MS)  # runs until words say that it is drawn
        self.slow.timeout.connect(self.update)

    @property
    def across(self) -> float:
        """The width of the page in pixels of the window."""
        return self.page.image.width() / self.devicePixelRatioF() if self.page is not None else 0.0

    @property
    def down(self) -> float:
        """Its height."""
        return self.page.image.height() / self.devicePixelRatioF() if self.page is not None else 0.0

    def _placed(self, box: PageBox) -> QRectF:
        left, top, right, bottom = box
        x = max(0.0, (self.width() - self.across) / 2)
        return QRectF(
            QPointF(x + left * self.across, top * self.down), QPointF(x + right * self.across, bottom * self.down)
        )

    # Qt's own method

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor("white"))
        if self.page is None:
            if not self.slow.isActive():
                painter.setPen(QColor(LIGHT.muted))
                painter.setFont(self._theme.ui_font(SMALL))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, say("evidence.drawing"))
            return
        painter.drawImage(self._placed((0.0, 0.0, 1.0, 1.0)), self.page.image)
        # As with a marker pen: what is printed stays as black as it is.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        found, current = QColor(LIGHT.found), QColor(LIGHT.current)
        for box in self.page.paragraph:
            paint_passage(painter, self._placed(box).adjusted(0, -_PLACE_PAD, 0, _PLACE_PAD), found, current)
        for box in self.page.place:
            painter.fillRect(self._placed(box).adjusted(-_PLACE_PAD, 0, _PLACE_PAD, 0), current)


class PageView(QScrollArea):
    """A page. It says which width it wants, in pixels of the screen, and shows what it is given."""

    width_wanted = Signal(int)  # another one, it may be
    zoomed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._zoom = 0  # steps; at 0 the words of a page fill the width
        self._turned = 0  # of the wheel, less than a notch
        self._middle: QPointF | None = None  # what stays in the middle, in shares of the page, as it is drawn anew
        self._sheet = _Sheet(theme)
        set_look(self, "sheet")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        show_handle_if_needed(self.verticalScrollBar())
        self.setWidget(self._sheet)
        self._resized = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._resized.timeout.connect(self._ask_anew)
        theme.changed.connect(self._resized.start)

    @property
    def wanted_width(self) -> int:
        """The width in which the words of a page are to stand, in pixels of the screen; more for larger text."""
        return round(self._words_across * self.devicePixelRatioF())

    @property
    def _words_across(self) -> float:
        return max(self.viewport().width(), self._theme.px(_LEGIBLE_PX)) * _ZOOM_STEP**self._zoom

    def show_waiting(self) -> None:
        """Show an empty page, since another one is being drawn."""
        self.hide_page()
        self._sheet.slow.start()
        self._take_sizes()

    def show_page(self, page: DrawnPage) -> None:
        """Show a page, with the place in sight once it is known where it is."""
        before, self._sheet.page = self._sheet.page, page
        is_other = before is None or before.image.cacheKey() != page.image.cacheKey()
        self._take_sizes()
        if is_other and self._middle is not None:
            self._bring(self._middle, 1 / 2)
            self._middle = None
            return
        if is_other and page.text is not None:
            self.horizontalScrollBar().setValue(round((page.text[0] - _BESIDE_TEXT) * self._sheet.across))
        if box := next(iter(page.place or page.paragraph), None):
            across = self.horizontalScrollBar()
            left, right = box[0] * self._sheet.across, box[2] * self._sheet.across
            is_in_sight = across.value() <= left <= right <= across.value() + self.viewport().width()
            self._bring(QPointF(box[0], box[1]), _ABOVE, sideways=not is_in_sight)
        elif is_other:
            self.verticalScrollBar().setValue(0)

    def hide_page(self) -> None:
        """Show nothing."""
        self._sheet.page = self._middle = None

    @property
    def is_waiting(self) -> bool:
        """True while there is no page to show."""
        return self._sheet.page is None

    def zoom(self, by: int) -> None:
        """Show the page larger by some steps, or smaller; 0 has its words fill the width again."""
        wanted = max(_ZOOM_STEPS[0], min(self._zoom + by, _ZOOM_STEPS[1])) if by else 0
        if wanted == self._zoom:
            return
        self._zoom = wanted
        if not self.is_waiting:
            view, across, down = self.viewport(), self._sheet.across, self._sheet.down
            x = self.horizontalScrollBar().value() + min(view.width(), across) / 2
            y = self.verticalScrollBar().value() + min(view.height(), down) / 2
            self._middle = QPointF(x / across, y / down)
        self.zoomed.emit()
        self._ask_anew()

    @property
    def is_zoomed(self) -> bool:
        """True while the page is shown at another size than that of the pane."""
        return self._zoom != 0

    @property
    def marked(self) -> tuple[PageBox, ...]:
        """Where the place stands that is marked, in shares of the page; empty where it is not known."""
        return self._sheet.page.place if self._sheet.page is not None else ()

    def _take_sizes(self) -> None:
        view, sheet = self.viewport(), self._sheet
        sheet.resize(max(view.width(), round(sheet.across)), max(view.height(), round(sheet.down)))
        # Where no more than the margins of the page are out of sight, a bar would tell nothing.
        shows, hides = Qt.ScrollBarPolicy.ScrollBarAsNeeded, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(shows if self._words_across > view.width() else hides)
        self.horizontalScrollBar().setSingleStep(self._theme.text_px)
        self.verticalScrollBar().setSingleStep(3 * self._theme.text_px)
        sheet.update()

    def _bring(self, place: QPointF, share: float, *, sideways: bool = True) -> None:
        """Scroll a place of the page to this share of the viewport."""
        self.verticalScrollBar().setValue(round(place.y() * self._sheet.down - self.viewport().height() * share))
        if sideways:
            self.horizontalScrollBar().setValue(round(place.x() * self._sheet.across - self.viewport().width() * share))

    def _ask_anew(self) -> None:
        if self.isVisible():
            self.width_wanted.emit(self.wanted_width)

    # Qt's own methods

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_sizes()
        self._resized.start()


def _is_zoom(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) and event.key() in _ZOOM_KEYS


_PDF = "application/pdf"
_LETTERS = 4_000  # on each side of the place, which are some screens


class PlaceInText(TextView):
    """A text that was sent: the paragraph of a place, marked, with what stands around it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, side=GAP_TIGHT)
        set_look(self, "sheet")
        self.surface.set_frame(GAP_SECTION, GAP_TIGHT, 0.0, 0.0, theme.color("paper"))

    def show_place(self, source: GivenText, place: SourcePlace | None) -> None:
        """Show a place; how the text begins where there is none."""
        start, end = (place.start, place.end) if place is not None else (0, 0)
        paragraph = paragraph_at(source.text, source.anchors, start, end)
        first, last = neighbourhood(source.text, paragraph.start, paragraph.end, _LETTERS)
        span = (paragraph.start - first, paragraph.end - first)
        found = place_in_leaves(source.text[first:last], span, start - first, min(end, last) - first)
        self.surface.set_document(PlainDocument())
        self.surface.splice(0, 0, found.leaves)
        self.surface.marked.set_passage(found.paragraph if place is not None else range(0))
        self.lay_out()
        self.go_to_occurrence(found.at if place is not None else None)
        if place is None:
            self.verticalScrollBar().setValue(0)
        self.setAccessibleName(source.text[paragraph.start : paragraph.end])


class PlaceView(QStackedWidget):
    """The view of one place at a time: a text, a page or a table, each of which may have the keyboard."""

    said = Signal(str, str)  # a line above it, and which page it is; either may be empty

    def __init__(self, theme: Theme, pictures: PagePictures) -> None:
        super().__init__()
        self._pictures = pictures
        self._source = GivenText("", "")
        self._place: SourcePlace | None = None
        self._wanted: WantedPage | None = None
        self.text = PlaceInText(theme)
        self.page = PageView(theme)
        self.table = PlaceInTable(theme)
        for view in (self.text, self.page, self.table):
            self.addWidget(view)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.page.width_wanted.connect(self._on_width)
        pictures.drawn.connect(self._on_drawn)
        pictures.failed.connect(self._on_failed)

    def show_place(self, source: GivenText, place: SourcePlace | None) -> None:
        """Show a place of a source; how it begins where there is none."""
        self._source, self._place = source, place
        before, self._wanted = self._wanted, self._page_wanted()
        if self._wanted is None:
            self.stop()
            self._show_text("")
            return
        is_same = before is not None and (before.digest, before.number) == (self._wanted.digest, self._wanted.number)
        if not is_same or self.currentWidget() is not self.page:
            self.page.show_waiting()
        self._show(self.page)
        self.said.emit(self._note(), words.of_pages(self._wanted.number, 0))
        self._draw(self.page.wanted_width)

    def focus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Give the keyboard to what is shown."""
        (self.currentWidget() or self.text).setFocus(reason)

    def stop(self) -> None:
        """Give up what is being drawn, since something else is shown."""
        self._wanted = None
        self.pause()

    def pause(self) -> None:
        """Draw nothing while it is out of sight."""
        self._pictures.stop()

    def resume(self) -> None:
        """Draw what was given up when it went out of sight."""
        if self.page.is_waiting:
            self._draw(self.page.wanted_width)

    def _page_wanted(self) -> WantedPage | None:
        """Return the page that is to be shown as it looks; None for what has no pages."""
        source, place = self._source, self._place
        if source.media_type != _PDF:
            return None
        if place is None:
            first = source.anchors[0].section if source.anchors else 1
            return WantedPage(source.digest, first, 0)
        mark = section_at(source.text, source.anchors, place.start)
        if mark is None or mark.kind is not SectionKind.PAGE:
            return None
        paragraph = paragraph_at(source.text, source.anchors, place.start, place.end)
        if paragraph.anchor is None:  # the page itself is the place
            return WantedPage(source.digest, mark.number, 0)
        letter = paragraph.anchor.place
        # Lines of a block of a page are paragraphs that stand close together.
        start = max(paragraph.start, source.text.rfind("\n", 0, place.start) + 1)
        end = min(place.end, paragraph.end)
        last = source.text.find("\n", end, paragraph.end)
        line = source.text[start : last if last >= 0 else paragraph.end]
        near = int(letter) + start - paragraph.start if letter.isdecimal() else 0
        return WantedPage(source.digest, mark.number, 0, WordsOnPage(line, place.start - start, end - start, near))

    def _draw(self, width: int) -> None:
        if self._wanted is not None and self.currentWidget() is self.page:
            self._wanted = replace(self._wanted, width=width)
            self._pictures.request_page(self._wanted)

    def _on_width(self, width: int) -> None:
        if self._wanted is not None and width != self._wanted.width:
            self._draw(width)

    def _on_drawn(self, wanted: WantedPage, page: DrawnPage) -> None:
        if wanted == self._wanted:
            self.page.show_page(page)
            self.said.emit(self._note(), words.of_pages(wanted.number, page.count))

    def _on_failed(self, wanted: WantedPage, problem: ReadingProblem) -> None:
        if wanted == self._wanted:
            self._wanted = None
            self._show_text(words.not_drawn(problem))

    def _show_text(self, note: str) -> None:
        """Show the text that was sent; a table as one."""
        source, place = self._source, self._place
        self.page.hide_page()
        table = table_around(source, place, is_sheet=words.is_sheet(source, place)) if place is not None else None
        if table is not None:
            self._show(self.table)
            self.table.show_table(table)
            note = note or table.heads
        else:
            self._show(self.text)
            self.text.show_place(source, place)
        self.said.emit(note or self._note(), "")

    def _show(self, view: QWidget) -> None:
        """Show one of the views, with the words of the paragraph for screen readers; the keyboard stays here."""
        had_focus = (self.currentWidget() or self.text).hasFocus()
        self.setCurrentWidget(view)
        source, place = self._source, self._place
        name = words.title(source)
        if place is not None:
            paragraph = paragraph_at(source.text, source.anchors, place.start, place.end)
            name = source.text[paragraph.start : paragraph.end]
        view.setAccessibleName(name)
        if had_focus:
            self.focus()

    def _note(self) -> str:
        return words.beginning(self._source) if self._place is None else ""
