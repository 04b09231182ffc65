"""The page *Help*, put together: part of the composition root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from desktop.core.conversation import Conversation, ConversationSettings, temporary_id
from desktop.core.message import Message, Role, in_line
from desktop.core.signs.exchange import exchange_of
from desktop.core.signs.rules import signs_in
from desktop.core.teaching import HelpDoor
from desktop.parts.models import ModelParts
from desktop.parts.screens import Screens
from desktop.prompts.texts import load_help
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.services import ProgramServices
from desktop.ui.teaching import HelpDoors, HelpPage
from desktop.ui.window.acts import shortcuts_of
from desktop.ui.window.main_window import MainWindow


class HelpParts(QObject):
    """The page *Help*, and the ways from it into the program."""

    def __init__(
        self,
        services: ProgramServices,
        chat: Chat,
        window: MainWindow,
        models: ModelParts,
        screens: Screens,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._window = window
        self._chat = chat
        doors = HelpDoors(
            window.open_in_builder,
            window.ask_side_by_side,
            self._converse,
            lambda name: models.page.open_at(name),
            {
                HelpDoor.MODELS: lambda: models.page.open(),
                HelpDoor.CONNECTIONS: window.connections.show,
                HelpDoor.LEDGER: lambda: screens.ledger.open(),
                HelpDoor.SETTINGS: window.settings_requested.emit,
            },
            window.diagnostics_requested.emit,
            window.show_about,
        )
        self.page = HelpPage(
            window.theme, window.pages, load_help(), lambda: shortcuts_of(window), doors, services.settings
        )

    @gui_task
    async def _converse(self, title: str, messages: Sequence[Message]) -> None:
        """Open a temporary conversation as if it had been held."""
        said = _with_signs(in_line(messages, None))
        choice = self._chat.choice
        settings = ConversationSettings(choice=choice)
        made = Conversation(id=temporary_id(), title=title, settings=settings, head_id=said[-1].id)
        await self._services.work.run(self._services.store.begin_reply, made, said)
        self._chat.shelf.merge_stored([made])
        self._window.show_chat()
        self._chat.open(made.id)


def _with_signs(messages: Sequence[Message]) -> list[Message]:
    """Return messages with the signs of trouble that each reply would have shown when it ended."""
    found: list[Message] = []
    for message in messages:
        signs = signs_in(exchange_of(message, found, is_whole=True)) if message.role is Role.ASSISTANT else ()
        found.append(replace(message, signs=signs))
    return found
