"""The place in a text that was sent: its paragraph with what stands around it, the place marked."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget

from desktop.core.documents.surroundings import neighbourhood, paragraph_at
from desktop.core.evidence.checked import GivenText, SourcePlace
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.sent_places import place_in_leaves
from desktop.ui.documents.text_view import TextView
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION, GAP_TIGHT
from desktop.ui.widgets.layout import stack

_LETTERS = 4_000  # on each side of the place, which are some screens


class PlaceInText(QFrame):
    """A text with a place in it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.view = TextView(theme, side=GAP_TIGHT)
        set_look(self, "sheet")
        self.view.surface.set_frame(GAP_SECTION, GAP_TIGHT, 0.0, 0.0, theme.color("paper"))
        self._count = 0  # leaves
        self._at: tuple[int, int, int] | None = None
        stack(self.view, gap=0, margins=1, on=self)

    def show_place(self, source: GivenText, place: SourcePlace) -> None:
        """Show the paragraph of a place, marked, and what stands around it."""
        paragraph = paragraph_at(source.text, source.anchors, place.start, place.end)
        first, last = neighbourhood(source.text, paragraph.start, paragraph.end, _LETTERS)
        found = place_in_leaves(
            source.text[first:last],
            (paragraph.start - first, paragraph.end - first),
            place.start - first,
            min(place.end, last) - first,
        )
        surface = self.view.surface
        surface.set_document(PlainDocument())
        surface.splice(0, 0, found.leaves)
        surface.marked.set_passage(found.paragraph)
        self._at = found.at
        self._go_there()
        self.view.setAccessibleName(source.text[paragraph.start : paragraph.end])

    def show_beginning(self, source: GivenText) -> None:
        """Show how a text begins."""
        self.show_place(source, SourcePlace(0, 0, 0))
        self._at = None
        self.view.surface.marked.set_passage(range(0))
        self.view.go_to_occurrence(None)
        self.view.verticalScrollBar().setValue(0)

    def _go_there(self) -> None:
        self.view.lay_out()
        self.view.go_to_occurrence(self._at)
