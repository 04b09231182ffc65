"""What a window begins with: the conversation that a start goes on with, and a model for the one that has none yet.

Part of the composition root, since it knows the settings and the window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Qt, QTimer

from desktop.backend_factory import engine_can_run
from desktop.backends.discovery import foreign_owner
from desktop.core.connection import ConnectionKind
from desktop.core.conversation import is_temporary
from desktop.core.model import ModelChoice
from desktop.core.place import PlaceKind, place_of_url
from desktop.parts.models import ModelParts
from desktop.runtime.chat import Chat
from desktop.runtime.generation import Generation
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.services import ProgramServices
from desktop.store.paths import starter_model
from desktop.ui.window.main_window import MainWindow
from desktop.ui.words import shown_name

_PATIENCE_MS = 3_000  # for a disk that does not answer, with the window waiting for it


class LastConversation(QObject):
    """The conversation that a start goes on with: the one of the window before this, else the one that was shown last.

    The window may await it from its first paint on: then its place is shown, and `ask` for it when the list is read. In
    any case `open` it when all are listed.
    """

    def __init__(self, services: ProgramServices, chat: Chat, window: MainWindow, before: str, parent: QObject) -> None:
        """`before` is the conversation of the window before this; empty: there was none."""
        super().__init__(parent)
        self._settings = services.settings
        self._chat = chat
        self._window = window
        self._page = window.chat_page
        self._before = before

    def ask(self) -> None:
        """Have it opened as soon as it is listed, if the window awaits it."""
        if self._page.is_awaiting:
            self._chat.store_failed.connect(self._page.end_waiting)
            self._chat.open(self._settings.now.last_conversation, self._is_wanted)

    def when_settled(self, then: Callable[[], object]) -> None:
        """Call `then` when nothing is awaited any more, which may be now.

        Not for ever, also where nobody could ask for it: until then the window can't even be closed.
        """
        if self._page.is_awaiting:
            QTimer.singleShot(_PATIENCE_MS, self, self._page.end_waiting)
            self._page.waiting_ended.connect(then, Qt.ConnectionType.SingleShotConnection)
        else:
            then()

    def open(self) -> None:
        """Open it, unless the user has begun something, and remember from now on which one is shown."""
        if self._before and self._before not in {each.id for each in self._chat.conversations}:
            if is_temporary(self._before) and self._is_wanted():  # nothing has been said in it yet
                self._chat.new_temporary()
        elif self._before:
            self._chat.open(self._before)
        elif self._is_wanted() and not self._chat.is_opening:
            self._chat.open(self._settings.now.last_conversation, self._is_wanted)
        if not self._chat.is_opening:
            self._page.end_waiting()
        for signal in (self._chat.opened, self._chat.conversations_changed):
            signal.connect(self._remember)

    def _is_wanted(self) -> bool:
        """Return True while the window awaits it, or the user has begun nothing in the new one that a start shows."""
        is_untouched = not self._window.composer.text() and self._window.is_chat_in_front
        return self._page.is_awaiting or (self._chat.path.is_empty and is_untouched)

    def _remember(self) -> None:
        current = self._chat.current.id
        shown = current if self._chat.is_stored and not is_temporary(current) else ""
        if self._settings.now.last_conversation != shown:
            self._settings.change(last_conversation=shown)


class ModelToBeginWith(QObject):
    """The mediator between what servers offer and the conversation that has no model yet."""

    def __init__(
        self, services: ProgramServices, chat: Chat, window: MainWindow, parts: ModelParts, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._settings = services.settings
        self._models = services.models
        self._connections = services.connections
        self._chat = chat
        self._window = window
        self._parts = parts
        chat.opened.connect(self._follow_moved)
        chat.opened.connect(self._give_imported_one)
        chat.generation_started.connect(self._note_used)
        services.connections.settled.connect(self._go_on)
        services.connections.file_forgotten.connect(self._forget_file)
        services.connections.removed.connect(self._forget_connection)

    def _go_on(self) -> None:
        """Pick a model if none is chosen, or show how to get one, now that all connections have answered.

        One of a connection that was just saved is offered, unless nothing has been chosen yet.
        """
        self._follow_moved()
        new = self._models.choice_at(self._connections.last_saved)
        if new is not None:
            self._connections.last_saved = ""
        if new is not None and self._settings.now.default_choice is None and self._chat.path.is_empty:
            self._parts.use(new)
        elif new is not None and not self._is_in_use(new.connection_id):
            self._offer(new)
        elif self._chat.choice is None and self._chat.path.is_empty:
            self._begin()
        elif self._is_first_page_in_front:
            self._window.show_chat()

    def _follow_moved(self) -> None:
        """Have the model that was used last go on where its Ollama is now, if that listens at another port."""
        if not self._connections.is_settled:
            return
        default, used = self._chat.default_choice, self._chat.choice
        if default is not None and (now := self._moved(default)) is not None:
            self._chat.default_choice = now
            if self._settings.now.default_choice == default:
                self._settings.change(default_choice=now)
        if used is not None and (now := self._moved(used)) is not None:
            self._chat.change_settings(lambda settings: replace(settings, choice=now))

    def _give_imported_one(self) -> None:
        """Have the model in use go on with a conversation of another program, which names none of here."""
        in_use = self._chat.default_choice
        if self._chat.choice is None and self._chat.is_stored and self._models.find(in_use) is not None:
            self._chat.change_settings(lambda settings: replace(settings, choice=in_use))

    def _moved(self, choice: ModelChoice) -> ModelChoice | None:
        """Return the same model at another port of this computer, where only that has changed.

        Both servers were found by themselves, so that no key, consent or certificate goes along: those are bound to
        where a server was.
        """
        was_found_here = "://" in choice.connection_id and place_of_url(choice.connection_id).is_local
        if not was_found_here or self._models.listing_of(choice) is not None:
            return None
        for listing in self._models.listings:
            server, model = listing.connection, listing.find(choice.model)
            is_found = server.kind is ConnectionKind.OLLAMA and server.id == server.origin and not server.has_secrets
            if is_found and server.server_place.is_local and model is not None and listing.runs_itself(model):
                port = urlsplit(server.address).port
                if port is not None and not foreign_owner(port):
                    return ModelChoice(server.id, choice.model)
        return None

    def _is_in_use(self, connection_id: str) -> bool:
        """Return True if the model in use is one of this connection, which was only changed then."""
        used = (self._chat.choice, self._settings.now.default_choice)
        return any(each is not None and each.connection_id == connection_id for each in used)

    def _offer(self, choice: ModelChoice) -> None:
        listing, info = self._models.listing_of(choice), self._models.find(choice)
        if listing is not None and info is not None:
            self._window.offer_model(choice, info.title, shown_name(listing.connection.name))

    def _note_used(self, generation: Generation) -> None:
        """Record the model that was used first as the one to begin with, until the user chooses another one.

        One on the internet only the user chooses. What a conversation of old times goes on with is no choice.
        """
        used = generation.conversation.settings.choice
        if used is None or self._settings.now.default_choice is not None:
            return
        place = self._models.place_of(used)
        if place is None or place.kind is not PlaceKind.INTERNET:
            self._chat.default_choice = used
            self._settings.change(default_choice=used)

    def _forget_file(self, path: str) -> None:
        """Remove a model file that is not offered any more from conversations to come."""
        if self._settings.now.default_choice == ModelChoice(BUILT_IN_ID, path):
            self._chat.default_choice = None
            self._settings.change(default_choice=None)

    def _forget_connection(self, connection_id: str) -> None:
        """Begin nothing more with the models of a connection that is removed; an empty conversation gets another."""
        chosen, used = self._settings.now.default_choice, self._chat.default_choice
        if chosen is not None and chosen.connection_id == connection_id:
            self._settings.change(default_choice=None)
        if used is not None and used.connection_id == connection_id:
            self._chat.default_choice = None
        current = self._chat.choice
        if current is not None and current.connection_id == connection_id and self._chat.path.is_empty:
            self._chat.change_settings(lambda settings: replace(settings, choice=None))

    def _begin(self) -> None:
        """Show the first page to a user who has chosen nothing yet."""
        first = self._models.nearest_choice(allow_internet=True)  # words go there only after the user agreed
        starter = starter_model()
        only_starter = first is not None and starter is not None and first.model == str(starter)
        ollama = [each for each in self._models.listings if each.connection.kind is ConnectionKind.OLLAMA]
        known = [each.models for each in ollama if each.models is not None]
        ollama_is_empty = any(not any(model.can_chat for model in models) for models in known)
        if only_starter and ollama_is_empty:
            self._show_how_to_get_one(can_use_starter=True)
        elif first is not None:
            self._chat.choose_model(first)
            if self._is_first_page_in_front:
                self._window.show_chat()
        elif any(model.can_chat for _, model in self._models.offers):
            if self._is_first_page_in_front:  # all that there is goes over the internet: the user chooses
                self._window.show_chat()
        elif ollama_is_empty:
            self._show_how_to_get_one(can_use_starter=False)
        elif self._may_lead_away:
            self._window.connections.show_first_run("nothing", can_open_files=engine_can_run())

    def _show_how_to_get_one(self, *, can_use_starter: bool) -> None:
        if self._may_lead_away:
            self._parts.show_first(can_use_starter=can_use_starter)

    @property
    def _may_lead_away(self) -> bool:
        return not self._connections.are_set_up and not self._window.is_recipe_in_front

    @property
    def _is_first_page_in_front(self) -> bool:
        is_waited_at = self._window.pages.is_unasked_in_front and not self._parts.downloads.items
        return is_waited_at or self._window.connections.is_first_run_in_front
