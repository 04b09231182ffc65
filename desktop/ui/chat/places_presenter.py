"""The presenter between the questions for places of the header and the builder, and the conversation that keeps it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from desktop.runtime.chat import Chat
from desktop.ui.chat.page import ChatPage


class PlacesPresenter(QObject):
    """The presenter of whether messages ask for the page of each statement."""

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page)
        self._button = page.header.place
        self._chat = chat
        self._button.places_asked.connect(self.set_asked)
        chat.place_requests.changed.connect(self._show)
        chat.settings_changed.connect(self._show)
        self._show()

    def set_asked(self, shall: bool) -> None:
        """Have the messages of this conversation ask for places from now on, or not."""
        self._chat.change_settings(lambda settings: replace(settings, asks_places=shall))

    def _show(self) -> None:
        self._button.show_places(self._chat.place_requests.places, is_asked=self._chat.current.settings.asks_places)
