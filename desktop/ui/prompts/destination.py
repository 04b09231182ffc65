"""What the prompt builder is told of where its prompt would go: the model, its place and window, and places to ask for.

It follows the conversation in front and the list of models.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from desktop.core.documents.naming_places import PlaceWord, places_in
from desktop.core.message import user_message
from desktop.runtime.chat import Chat
from desktop.runtime.models.directory import ModelDirectory
from desktop.ui.prompts.builder.panel import PromptPanel


class PromptDestination(QObject):
    """The teller: `tell` is called whenever something of it may have changed."""

    def __init__(self, panel: PromptPanel, chat: Chat, models: ModelDirectory) -> None:
        super().__init__(panel)
        self._panel = panel
        self._chat = chat
        self._models = models
        for signal in (chat.settings_changed, chat.place_requests.changed, models.changed, chat.fitting.changed):
            signal.connect(self.tell)
        chat.path_changed.connect(lambda _: self.tell())
        chat.opened.connect(lambda *_: self.tell())
        chat.generation_started.connect(lambda _: self.tell())

    def tell(self) -> None:
        """Tell the panel what is so now."""
        settings, choice = self._chat.current.settings, self._chat.current.settings.choice
        found = {*self._chat.place_requests.places, *places_in(self._chat.attachments.of_prompts.parts())}
        reach = self._models.reach_of(choice)
        filling = self._chat.fitting.filling(self._chat.said, user_message(""))
        self._panel.preview.set_room(replace(filling, window=reach).spare)
        self._panel.show_setting(
            self._models.find(choice),
            self._models.place_of(choice),
            is_first=self._chat.path.is_empty,
            settings=settings,
            window=reach.tokens,
            places=tuple(word for word in PlaceWord if word in found),
        )
