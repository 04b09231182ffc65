"""The widgets of the window that are seen when it is first painted, each in its place.

They say by signals what the user wants; the parts of the window, which are loaded and made after that, listen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.ui.chat.page import ChatPage
from desktop.ui.evidence.place import EvidencePlace
from desktop.ui.guided.place import GuidedPlace
from desktop.ui.prompts.place import PromptPlace
from desktop.ui.sidebar.column import Sidebar
from desktop.ui.sidebar.place import SidebarPlace
from desktop.ui.widgets.composing import TypingAhead
from desktop.ui.widgets.page import PageStack

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.ui.look.panel_preference import PanelPreference
    from desktop.ui.look.theme import Theme


class WindowFront(QObject):
    """The sidebar, the page of the conversation, and the places for what stands beside them."""

    def __init__(self, theme: Theme, preference: PanelPreference, window: QWidget) -> None:
        super().__init__(window)
        self.sidebar = Sidebar(theme)
        self.chat_page = ChatPage(theme, preference)
        self.prompt_place = PromptPlace(theme, self.chat_page)
        self.guided_place = GuidedPlace(theme, self.prompt_place)
        self.evidence_place = EvidencePlace(theme, self.guided_place)
        self.pages = PageStack(self.evidence_place)
        self.body = SidebarPlace(theme, self.sidebar, self.pages)
        self.pages.home_shown.connect(self.chat_page.composer.setFocus)
        self.pages.typed.connect(self._type_on)
        ahead = TypingAhead(self.pages, lambda: self.chat_page.composer.focusProxy() or self.chat_page.composer)
        ahead.begun.connect(self.pages.uncover_home)
        header = self.chat_page.header
        self.body.shown_changed.connect(header.set_sidebar_shown)
        self.prompt_place.shown_changed.connect(header.show_prompt_open)
        self.prompt_place.shown_changed.connect(lambda shown: self.body.uncover() if shown else None)
        for place in (self.evidence_place, self.guided_place, self.prompt_place):
            place.shown_changed.connect(lambda _: self._fold_sidebar())

    def restore(self, sidebar_open: bool, prompt_open: bool, prompt_width: int, evidence_width: int) -> None:
        """Restore what was open the last time, and how wide."""
        self.body.restore(sidebar_open)
        self.prompt_place.restore(prompt_open, prompt_width)
        self.evidence_place.restore(False, evidence_width)

    def _type_on(self, letters: str) -> None:
        self.pages.uncover_home()
        self.chat_page.composer.type_on(letters)

    def _fold_sidebar(self) -> None:
        """Have the sidebar give way to a panel beside the page where all three leave too little for reading."""
        builder = self.prompt_place
        panels = (self.evidence_place, self.guided_place)
        is_beside = builder.is_shown and not builder.is_over
        self.body.give_way(is_beside or any(each.is_shown for each in panels))
