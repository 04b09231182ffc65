"""The help, put together: part of the composition root, loaded when the help is first wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.conversation import Conversation, ConversationSettings, temporary_id
from desktop.core.message import Message, Role, in_line
from desktop.core.repository import ConversationStore, StoreError
from desktop.core.signs.exchange import exchange_of
from desktop.core.signs.rules import signs_in
from desktop.core.teaching.lesson import HelpDoor
from desktop.prompts.texts import load_help
from desktop.runtime.chat import Chat
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.settings_keeper import SettingsKeeper
from desktop.ui.errors import describe_store
from desktop.ui.look.theme import Theme
from desktop.ui.teaching.presenter import HelpPresenter
from desktop.ui.teaching.trying import HelpDoors
from desktop.ui.window.shortcuts import shortcuts_of

if TYPE_CHECKING:
    from desktop.ui.window.main_window import MainWindow


class HelpParts(QObject):
    """The page *Help*, and the ways from it into the program."""

    def __init__(
        self,
        window: MainWindow,
        theme: Theme,
        chat: Chat,
        work: BackgroundTasks,
        store: ConversationStore,
        settings: SettingsKeeper,
        show_card: Callable[[str], None],
        show_models: Callable[[], None],
        show_ledger: Callable[[], None],
        parent: QObject,
    ) -> None:
        """Build the page. `store` is that of conversations; the rest shows what its name says."""
        super().__init__(parent)
        self._window = window
        self._chat = chat
        self._work = work
        self._store = store
        doors = HelpDoors(
            window.open_in_builder,
            window.ask_side_by_side,
            self._converse,
            show_card,
            {
                HelpDoor.MODELS: show_models,
                HelpDoor.CONNECTIONS: window.connections.show,
                HelpDoor.LEDGER: show_ledger,
                HelpDoor.SETTINGS: window.settings_requested.emit,
            },
            window.diagnostics_requested.emit,
            window.show_about,
        )
        done = settings.now.lessons_read
        self.page = HelpPresenter(theme, window.pages, load_help(), lambda: shortcuts_of(window), doors, settings, done)
        window.join_page(self.page.came_in_front, self.page.take_escape)

    def _converse(self, title: str, messages: Sequence[Message]) -> None:
        """Open a temporary conversation as if it had been held."""
        said = _with_signs(in_line(messages, None))
        choice = self._chat.current.settings.choice
        settings = ConversationSettings(choice=choice)
        made = Conversation(id=temporary_id(), title=title, settings=settings, head_id=said[-1].id)

        def show(_: object) -> None:
            self._chat.shelf.merge_stored([made])
            self._window.show_chat()
            self._chat.open(made.id)

        self._work.run_on_store(lambda: self._store.begin_reply(made, said), show, self._say_trouble)

    def _say_trouble(self, error: Exception) -> None:
        if isinstance(error, StoreError):
            self._window.show_problem(describe_store(error))


def _with_signs(messages: Sequence[Message]) -> list[Message]:
    """Return messages with the signs of trouble that each reply would have shown when it ended."""
    found: list[Message] = []
    for message in messages:
        signs = signs_in(exchange_of(message, found, is_whole=True)) if message.role is Role.ASSISTANT else ()
        found.append(replace(message, signs=signs))
    return found
