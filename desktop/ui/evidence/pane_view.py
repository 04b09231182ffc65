"""What the evidence pane shows of a source: the page of a PDF file as it looks, a sheet, or the text that was sent.

Whatever fails, the text is there.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.core.documents.document import SectionKind
from desktop.core.documents.reading import ReadingProblem, WordsOnPage
from desktop.core.documents.surroundings import paragraph_at, section_at
from desktop.core.evidence.checked import GivenText, SourcePlace
from desktop.runtime.evidence import DrawnPage, PagePictures, WantedPage
from desktop.ui.evidence import pane_words
from desktop.ui.evidence.pane_page import PageView
from desktop.ui.evidence.pane_paragraph import PlaceInText
from desktop.ui.evidence.pane_table import PlaceInTable, table_around
from desktop.ui.look.theme import Theme

_PDF = "application/pdf"


class PlaceView(QStackedWidget):
    """The view of one place at a time."""

    said = Signal(str, str)  # a line above it, and which page it is; either may be empty

    def __init__(self, theme: Theme, pictures: PagePictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._source = GivenText("", "")
        self._place: SourcePlace | None = None
        self._wanted: WantedPage | None = None
        self.page = PageView(theme)
        self.text = PlaceInText(theme)
        self.table = PlaceInTable(theme)
        for view in (self.text, self.page, self.table):
            self.addWidget(view)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.page.width_wanted.connect(self._draw)
        pictures.drawn.connect(self._on_drawn)
        pictures.failed.connect(self._on_failed)

    @property
    def focus(self) -> QWidget:
        """What the keyboard is to go to."""
        shown = self.currentWidget()
        return self.text.view if shown is self.text or shown is None else shown

    @property
    def targets(self) -> tuple[QWidget, ...]:
        """All that the keyboard may go to, one at a time."""
        return self.text.view, self.page, self.table

    def show_place(self, source: GivenText, place: SourcePlace | None) -> None:
        """Show a place of a source; how it begins where there is none."""
        self._source, self._place = source, place
        before, self._wanted = self._wanted, self._page_wanted()
        if self._wanted is None:
            self.stop()
            self._show_text("")
            return
        is_same = before is not None and (before.digest, before.number) == (self._wanted.digest, self._wanted.number)
        if not (is_same and self.currentWidget() is self.page):
            self.page.show_waiting()
        self.setCurrentWidget(self.page)
        self.page.setAccessibleName(self._words())
        self.said.emit(self._note(), pane_words.of_pages(self._wanted.number, 0))
        self._draw(self.page.wanted_width)

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
        words = source.text[start : last if last >= 0 else paragraph.end]
        near = int(letter) + start - paragraph.start if letter.isdecimal() else 0
        sought = WordsOnPage(words, place.start - start, end - start, near)
        return WantedPage(source.digest, mark.number, 0, sought)

    def _draw(self, width: int) -> None:
        if self._wanted is not None and self.currentWidget() is self.page:
            self._wanted = WantedPage(self._wanted.digest, self._wanted.number, width, self._wanted.sought)
            self._pictures.request_page(self._wanted)

    def _on_drawn(self, wanted: WantedPage, page: DrawnPage) -> None:
        if wanted == self._wanted:
            self.page.show_page(page)
            self.said.emit(self._note(), pane_words.of_pages(wanted.number, page.count))

    def _on_failed(self, wanted: WantedPage, problem: ReadingProblem) -> None:
        if wanted == self._wanted:
            self._wanted = None
            self._show_text(pane_words.trouble(problem))

    def _show_text(self, note: str) -> None:
        """Show the text that was sent; a table as one."""
        had_focus = self.focus.hasFocus()
        self.page.hide_page()
        source, place = self._source, self._place
        table = None
        if place is not None:
            table = table_around(source, place, is_sheet=pane_words.is_sheet(source, place))
        if table is not None:
            self.setCurrentWidget(self.table)
            self.table.show_table(table)
            note = note or pane_words.heads(table.row_head, table.column_head)
            self.table.setAccessibleName(self._words())
        elif place is not None:
            self.setCurrentWidget(self.text)
            self.text.show_place(source, place)
        else:
            self.setCurrentWidget(self.text)
            self.text.show_beginning(source)
        if had_focus:
            self.focus.setFocus()
        self.said.emit(note or self._note(), "")

    def _note(self) -> str:
        return pane_words.beginning(self._source) if self._place is None else ""

    def _words(self) -> str:
        """Return the words of the paragraph, for screen readers, which see no picture."""
        if self._place is None:
            return pane_words.title(self._source)
        source, place = self._source, self._place
        paragraph = paragraph_at(source.text, source.anchors, place.start, place.end)
        return source.text[paragraph.start : paragraph.end]
