"""The pages beside the sidebar: the conversation, answers side by side, connections, recipes, the first run.

Which one is in front. Those that most starts never show are made, and their modules loaded, when first needed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.core.connections.provider import ProviderPreset
from desktop.ui.look.theme import Theme

if TYPE_CHECKING:
    from desktop.ui.compare.page import ComparePage
    from desktop.ui.connections.first_run import FirstRun
    from desktop.ui.connections.page import ConnectionPage
    from desktop.ui.recipes.page import RecipePage


class Pages(QStackedWidget):
    """Passes on what the pages ask for; what the conversation asks for, its own parts say."""

    test_requested = Signal(object, str)  # Connection, key
    save_requested = Signal(object, str)  # Connection, key
    remove_requested = Signal(str)  # a connection's id
    file_removed = Signal(str)
    connections_closed = Signal()
    connections_requested = Signal()
    look_again_requested = Signal()
    open_file_requested = Signal()
    starter_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        chat_page: QWidget,
        load_presets: Callable[[], list[ProviderPreset]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._load_presets = load_presets
        self._chat_page = chat_page
        self._comparison: ComparePage | None = None
        self._connections: ConnectionPage | None = None
        self._first_run: FirstRun | None = None
        self._recipes: RecipePage | None = None
        self._offered_address = ""
        self.addWidget(chat_page)

    @property
    def is_chat_in_front(self) -> bool:
        return self.currentWidget() is self._chat_page

    @property
    def is_first_run_in_front(self) -> bool:
        return self._first_run is not None and self.currentWidget() is self._first_run

    @property
    def is_connections_in_front(self) -> bool:
        return self._connections is not None and self.currentWidget() is self._connections

    @property
    def is_comparison_in_front(self) -> bool:
        return self._comparison is not None and self.currentWidget() is self._comparison

    @property
    def comparison(self) -> ComparePage:
        """The page of answers side by side; who fills it listens to it."""
        if self._comparison is None:
            from desktop.ui.compare.page import ComparePage

            self._comparison = ComparePage(self._theme)
            self.addWidget(self._comparison)
        return self._comparison

    @property
    def connections(self) -> ConnectionPage:
        """The page of connections."""
        if self._connections is None:
            from desktop.ui.connections.page import ConnectionPage

            page = self._connections = ConnectionPage(self._theme, self._load_presets())
            page.test_requested.connect(lambda *_: page.show_testing())
            page.test_requested.connect(self.test_requested)
            page.save_requested.connect(self.save_requested)
            page.remove_requested.connect(self.remove_requested)
            page.file_removed.connect(self.file_removed)
            page.closed.connect(self.connections_closed)
            if self._offered_address:
                page.offer_address(self._offered_address)
            self.addWidget(page)
        return self._connections

    @property
    def first_run(self) -> FirstRun:
        """The page for a computer without models."""
        if self._first_run is None:
            from desktop.ui.connections.first_run import FirstRun

            page = self._first_run = FirstRun(self._theme)
            page.look_again_requested.connect(self.look_again_requested)
            page.connect_requested.connect(self.connections_requested)
            page.open_file_requested.connect(self.open_file_requested)
            page.starter_requested.connect(self.starter_requested)
            if self._offered_address:
                page.offer_address(self._offered_address)
            self.addWidget(page)
        return self._first_run

    @property
    def recipes_in_front(self) -> RecipePage | None:
        """The page of recipes, if that is in front."""
        return self._recipes if self._recipes is not None and self.currentWidget() is self._recipes else None

    def lets_go(self) -> bool:
        """Whether nothing typed would be lost with the window; else that comes in front, and agrees the next time."""
        if self._recipes is None or self._recipes.may_be_left():
            return True
        self.setCurrentWidget(self._recipes)
        return False

    @property
    def recipes(self) -> RecipePage:
        """The page of recipes."""
        if self._recipes is None:
            from desktop.ui.recipes.page import RecipePage

            self._recipes = RecipePage(self._theme)
            self.addWidget(self._recipes)
        return self._recipes

    def show_chat(self) -> None:
        """Put the conversation in front."""
        self.setCurrentWidget(self._chat_page)

    def offer_address(self, address: str) -> None:
        """Where Ollama is said to be, when that is not its usual address."""
        self._offered_address = address
        for page in (self._connections, self._first_run):
            if page is not None:
                page.offer_address(address)
