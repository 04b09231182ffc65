"""What the evidence pane shows of a source: the page of a PDF file as it looks, a sheet, or the text that was sent.

Whatever fails, the text is there.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.core.documents.document import SectionKind
from desktop.core.documents.reading import ReadingProblem, WordsOnPage
from desktop.core.documents.surroundings import neighbourhood, paragraph_at, section_at
from desktop.core.evidence.checked import GivenText, SourcePlace
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.sent_text import place_in_leaves
from desktop.runtime.evidence import DrawnPage, PagePictures, WantedPage
from desktop.ui.documents.text_view import TextView
from desktop.ui.evidence import words
from desktop.ui.evidence.page_view import PageView
from desktop.ui.evidence.table_view import PlaceInTable, table_around
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION, GAP_TIGHT

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
