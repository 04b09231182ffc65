"""The page *Help*: a field to find something, its sections, and the view of what was chosen. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_WIDE
from desktop.ui.widgets.form_parts import FilterField
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.widgets.page import CenteredPage

_WIDEST_PX = 680


class HelpSection(StrEnum):
    """HelpSection of the help."""

    LESSONS = "lessons"
    WORDS = "words"
    KEYS = "keys"


class HelpPage(CenteredPage):
    """A page told which view to show; `choose` is told which section is wanted."""

    def __init__(self, theme: Theme, choose: Callable[[HelpSection], None], parent: QWidget | None = None) -> None:
        super().__init__(theme, _WIDEST_PX, parent=parent)
        self._choose = choose
        self.setAccessibleName(self.tr("Help"))
        self.back = IconButton(theme, "chevron-left", self.tr("Back to the conversation (Esc)"))
        self.search = FilterField(theme, self.tr("Find in the help"))
        self.sections = {
            HelpSection.LESSONS: self._section(HelpSection.LESSONS, self.tr("Lessons of a minute")),
            HelpSection.WORDS: self._section(HelpSection.WORDS, self.tr("Dictionary")),
            HelpSection.KEYS: self._section(HelpSection.KEYS, self.tr("Shortcuts")),
        }
        self.diagnostics = self._link(self.tr("Diagnostics…"))
        self.about = self._link(self.tr("About Candor…"))
        self._view: QWidget | None = None
        self._lay_out()

    def show_view(self, view: QWidget, section: HelpSection | None) -> None:
        """Show a view from its top, in place of the one before; `section` is that which it belongs to."""
        earlier, self._view = self._view, view
        self._place.addWidget(view)
        view.show()
        if earlier is not None:
            self._place.removeWidget(earlier)
            earlier.hide()
            earlier.deleteLater()
        for each, button in self.sections.items():
            with QSignalBlocker(button):
                button.setChecked(each is section)
        self.verticalScrollBar().setValue(0)

    def _section(self, section: HelpSection, words: str) -> QPushButton:
        button = QPushButton(words)
        button.setCheckable(True)
        set_look(button, "filter")
        button.toggled.connect(lambda _: self._choose(section))  # a screen reader toggles it and clicks nothing
        return button

    def _link(self, words: str) -> QPushButton:
        button = QPushButton(words)
        set_look(button, "muted")
        return button

    def _lay_out(self) -> None:
        head = stack(self.back, (PlainLabel(self.tr("Help"), "title"), 1), across=True)
        row = QWidget()
        ways = FlowLayout(row, GAP)
        for button in (*self.sections.values(), self.diagnostics, self.about):
            ways.addWidget(button)
        self._place = QVBoxLayout()
        self.column.setSpacing(GAP_WIDE)
        self.column.addLayout(head)
        self.column.addWidget(self.search)
        self.column.addWidget(row)
        self.column.addLayout(self._place)
