"""The page *Help*, put together: part of the composition root."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.core.message import Message
from desktop.core.teaching import HelpDoor
from desktop.parts.models import ModelParts
from desktop.parts.screens import Screens
from desktop.prompts.texts import load_help
from desktop.runtime.chat import Chat
from desktop.services import ProgramServices
from desktop.ui.teaching import HelpDoors, HelpPage, shortcuts_of
from desktop.ui.window.main_window import MainWindow


def help_page(
    services: ProgramServices, chat: Chat, window: MainWindow, models: ModelParts, screens: Screens
) -> HelpPage:
    """Make the page, with the ways from it into the program."""

    def converse(title: str, messages: Sequence[Message]) -> None:
        window.show_chat()
        chat.open_held(title, messages)

    doors = HelpDoors(
        window.open_in_builder,
        window.ask_side_by_side,
        converse,
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
    return HelpPage(window.theme, window.pages, load_help(), lambda: shortcuts_of(window), doors, services.settings)
