"""What a model thinks, above its answer: one muted line, a peek while it thinks, the whole trace on demand.

A closed panel keeps the text and lays out none of it.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop.rendering.plain_document import PlainDocument
from desktop.ui import theme as measures
from desktop.ui.icons import icon
from desktop.ui.page_look import PageLook
from desktop.ui.panel_preference import PanelPreference
from desktop.ui.stylesheet import set_look
from desktop.ui.text_surface import TextSurface

_PEEK_LINES = 2
# The peek looks this far back for the last whole sentence; further back nothing would fit into it.
_PEEK_REACH = 600
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")


class ThinkingPanel(QWidget):
    """The trace of one reply. The owner gives it a width with `height_for` and places it."""

    height_changed = Signal()
    toggled = Signal(bool)
    preference_chosen = Signal(str)  # a PanelPreference, for all panels
    surface_made = Signal(object)  # the TextSurface that shows the trace, now that it is open

    def __init__(self, look: PageLook, preference: PanelPreference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._theme = look.theme
        self._preference = preference
        self._pieces: list[str] = []
        self._recent = ""
        self._peek = ""
        self._is_open = preference is PanelPreference.OPEN
        self._is_running = False
        self._surface: TextSurface | None = None
        self._body = QRect()
        self._header = QPushButton(self)
        self._header.setCheckable(True)
        self._header.setChecked(self._is_open)
        set_look(self._header, "muted")
        self._header.clicked.connect(self._on_clicked)
        self._header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._header.customContextMenuRequested.connect(self._offer_preferences)
        self._show_chevron()

    @property
    def is_open(self) -> bool:
        return self._is_open

    @property
    def surface(self) -> TextSurface | None:
        """What shows the trace while it is open."""
        return self._surface

    @property
    def header_height(self) -> int:
        """Of the line that is always there."""
        return self._theme.px(32)

    @property
    def trace(self) -> str:
        """The whole of it."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def append(self, text: str) -> None:
        """More thinking."""
        self._pieces.append(text)
        if self._surface is not None:
            self._surface.append(text)
        elif self._shows_peek():
            self._recent = (self._recent + text)[-_PEEK_REACH:]
            self._settle_peek()

    def replace(self, text: str) -> None:
        """Another trace, when text has changed sides."""
        self._pieces = [text]
        self._look_back()
        if self._surface is not None:
            self._surface.set_document(PlainDocument())
            self._fill(self._surface, text)
        self.update()

    def set_words(self, words: str) -> None:
        """The line: "Thinking… 12 s" or "Thought for 12 s"."""
        if words != self._header.text():
            self._header.setText(words)
            self._header.setAccessibleName(words)
            self._place_header()

    def set_running(self, running: bool) -> None:
        """Whether the model is thinking right now; the peek belongs to that time."""
        if running == self._is_running:
            return
        self._is_running = running
        if not running and self._surface is not None:
            self._surface.finish()
        self.update()
        self.height_changed.emit()

    def set_open(self, is_open: bool) -> None:
        """Open or close it."""
        if is_open == self._is_open:
            return
        self._is_open = is_open
        self._header.setChecked(is_open)
        self._show_chevron()
        if is_open:
            self._make_surface()
        elif self._surface is not None:
            self._surface.hide()
            self._surface.deleteLater()
            self._surface = None
            self._look_back()
        self.height_changed.emit()

    def set_preference(self, preference: PanelPreference) -> None:
        """How panels stand from now on, this one at once."""
        self._preference = preference
        self._look_back()
        self.set_open(preference is PanelPreference.OPEN)
        self.height_changed.emit()  # the peek, too, depends on it

    def refresh_look(self) -> None:
        """Take the theme's present look."""
        self._show_chevron()
        if self._surface is not None:
            tokens = self._theme
            self._surface.set_look(self._look.thinking, tokens.color("thinking"), tokens.color("paper"))
        self.update()

    def height_for(self, width: int) -> int:
        """Find a place for everything at a width in pixels and answer the height; nothing moves before `lay_out`."""
        height = self.header_height
        if self._is_open:
            if self._surface is None:
                self._make_surface()
            assert self._surface is not None
            self._body = QRect(0, height, width, self._surface.height_for(width))
            height += self._body.height()
        elif self._shows_peek():
            height += self._peek_height()
        return height

    def lay_out(self) -> None:
        """Move everything to the places that the last `height_for` found."""
        if self._surface is not None:
            self._surface.setGeometry(self._body)
        self._place_header()

    def _shows_peek(self) -> bool:
        return self._is_running and not self._is_open and self._preference is PanelPreference.AUTO

    def _peek_height(self) -> int:
        return round(self._look.thinking.body_line * _PEEK_LINES) + 2 * measures.GAP

    def _place_header(self) -> None:
        hint = self._header.sizeHint()
        self._header.setGeometry(0, 0, min(self.width(), hint.width()), self.header_height)

    def _show_chevron(self) -> None:
        name = "chevron-down" if self._is_open else "chevron-right"
        self._header.setIcon(icon(name, self._theme.tokens.muted, self._theme.px(14)))
        hint = self.tr("Hide the thinking") if self._is_open else self.tr("Show the thinking")
        self._header.setToolTip(hint)
        self._header.setAccessibleDescription(hint)

    def _look_back(self) -> None:
        """Have the peek show the end of the trace as it stands."""
        self._recent = self.trace[-_PEEK_REACH:]
        self._settle_peek()

    def _settle_peek(self) -> None:
        """Show the last sentence that is whole, so that the peek does not flicker with each word."""
        sentences = _SENTENCE_END.split(self._recent)
        settled = next((each.strip() for each in reversed(sentences[:-1]) if each.strip()), "")
        if settled != self._peek:
            self._peek = settled
            self.update(0, self.header_height, self.width(), self._peek_height())

    def _make_surface(self) -> None:
        theme = self._theme
        surface = TextSurface(PlainDocument(), self._look.thinking, theme.color("thinking"), self)
        surface.set_frame(measures.GAP_SECTION, measures.GAP_WIDE, 0, measures.RULE_WIDTH, theme.color("paper"))
        surface.setAccessibleName(self.tr("Thinking"))
        self._fill(surface, self.trace)
        surface.height_changed.connect(self.height_changed)
        surface.show()
        self._surface = surface
        self.surface_made.emit(surface)

    def _fill(self, surface: TextSurface, text: str) -> None:
        if self._is_running:
            surface.append(text)
        else:
            surface.load(text)

    def _on_clicked(self) -> None:
        self.set_open(not self._is_open)
        self.toggled.emit(self._is_open)

    def _offer_preferences(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("Thinking panels"))
        check = icon("check", self._theme.tokens.accent, self._theme.icon_px)
        for preference, words in (
            (PanelPreference.AUTO, self.tr("Automatic")),
            (PanelPreference.OPEN, self.tr("Always open")),
            (PanelPreference.CLOSED, self.tr("Always closed")),
        ):
            is_chosen = preference is self._preference
            entry = menu.addAction(check if is_chosen else QIcon(), words)
            entry.setCheckable(True)
            entry.setChecked(is_chosen)
            entry.triggered.connect(lambda _=False, chosen=preference.value: self.preference_chosen.emit(chosen))
        menu.popup(self._header.mapToGlobal(where))

    # Qt's own methods

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._shows_peek():
            return
        style = self._look.thinking
        box = QRect(0, self.header_height, self.width(), self._peek_height())
        painter = QPainter(self)
        painter.fillRect(box, self._theme.color("thinking"))
        painter.fillRect(QRect(0, box.top(), measures.RULE_WIDTH, box.height()), style.colours.line)
        painter.setFont(style.body)
        painter.setPen(style.colours.muted)
        inside = box.adjusted(
            measures.GAP_SECTION + measures.RULE_WIDTH, measures.GAP, -measures.GAP_SECTION, -measures.GAP
        )
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        room = painter.fontMetrics().elidedText(self._peek, Qt.TextElideMode.ElideRight, int(inside.width() * 1.9))
        painter.drawText(inside, int(flags), room)
