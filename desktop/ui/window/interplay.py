"""The interplay of the window's parts: who listens to whom, and what the user asks of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.conversation import is_temporary
from desktop.core.model import ModelChoice
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.errors import ErrorAction
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.message_actions import Ask
from desktop.ui.widgets.open_link import ask_and_open
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.window.commands import WindowCommands
from desktop.ui.window.parts import WindowDependencies, WindowParts

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow


class Interplay(QObject):
    """The mediator between the pages and panels of one window."""

    def __init__(
        self,
        window: QMainWindow,
        parts: WindowParts,
        commands: WindowCommands,
        given: WindowDependencies,
        open_file: Callable[[], None],
        act_outside: Callable[[ErrorAction], None],
    ) -> None:
        """Keep the dependencies, and connect the parts. `act_outside` does what the window itself can't."""
        super().__init__(window)
        self._open_file = open_file
        self._act_outside = act_outside
        self._window = window
        self._parts = parts
        self._commands = commands
        self._chat = given.chat
        self._connections = given.connections
        self._preferences = given.chat.services.settings
        self._sidebar = parts.sidebar
        self._page = parts.chat_page
        self._header = parts.chat_page.header
        self._empty = parts.chat_page.empty
        self._presenter = parts.presenter
        self.offered: QuietLine | None = None  # the model of a connection that was set up last
        self._connect()
        self._show_title()

    def _connect(self) -> None:
        self._connect_chat()
        self._connect_pages()
        self._connect_comparing()
        parts, sidebar, header = self._parts, self._sidebar, self._header
        sidebar.new_requested.connect(self._commands.new_conversation)
        sidebar.find_requested.connect(parts.search.show)
        sidebar.connections_requested.connect(self._parts.connections.show)
        sidebar.bin_requested.connect(lambda: parts.bin.open())
        header.new_requested.connect(self._commands.new_conversation)
        header.renamed.connect(lambda title: self._chat.rename(self._chat.current.id, title))
        self._chat.leaving.connect(header.finish_renaming)
        header.more_requested.connect(self._show_conversation_menu)
        header.sidebar_toggled.connect(parts.body.toggle)
        parts.pages.came_in_front.connect(parts.body.uncover)
        parts.search.recipe_chosen.connect(parts.recipes.use)
        for opening in (parts.finding.opening, parts.fresh.opening):
            opening.connect(parts.prompt.place.uncover)
        parts.fresh.binned.connect(parts.conversations.offer_undelete)
        parts.fresh.file_wanted.connect(lambda: parts.files.pick())
        parts.fresh.compare_requested.connect(parts.fresh_comparing.ask_fresh)
        offer = parts.conversations.offer_undelete
        parts.fresh_comparing.binned.connect(lambda each: offer(each, was_compared=True))
        parts.body.shown_changed.connect(parts.conversations.follow_sidebar)
        parts.evidence_place.width_changed.connect(lambda width: self._preferences.change(evidence_width=width))
        parts.body.beside_changed.connect(lambda shown: self._preferences.change(sidebar_open=shown))
        header.menu.chosen.connect(self.choose_model)
        self._parts.files.model_wanted.connect(self.choose_model)
        header.menu.opening.connect(self._connections.look_if_stale)
        for wanted in (header.menu.connections_requested, header.place_connections_requested):
            wanted.connect(self._parts.connections.show)
        for wanted in (header.lock_requested, header.lock_pressed):
            wanted.connect(lambda: self.act(ErrorAction.OPEN_OFFLINE_LOCK))
        header.menu.open_file_requested.connect(self._open_file)
        self._empty.action_chosen.connect(self._act_on_trouble)
        self._empty.temporary.clicked.connect(self._commands.new_temporary)
        self._empty.file_wanted.connect(lambda: self._parts.files.pick())

    def _connect_chat(self) -> None:
        chat, presenter = self._chat, self._presenter
        self._parts.conversations.chosen.connect(self._show_chosen)
        chat.conversations_changed.connect(self._show_title)
        chat.opened.connect(self._show_title)
        self._page.waiting_ended.connect(self._show_title)
        chat.generation_started.connect(self._show_title)
        self._page.composer.changed.connect(chat.titles.cancel)
        presenter.action_chosen.connect(self.act)
        presenter.model_needed.connect(self._header.open_models)

    def _connect_pages(self) -> None:
        parts, connections = self._parts, self._parts.connections
        parts.context.decided.connect(self._presenter.send_decided)
        parts.context.again_wanted.connect(self._presenter.try_again)
        parts.context.offered.connect(parts.prompt.place.uncover)
        parts.context.fresh_requested.connect(self._commands.start_fresh)
        self._page.reading.register(
            {Ask.OPEN_LINK: lambda _, address: ask_and_open(self._window, address), Ask.SET_PANELS: self._set_panels}
        )
        connections.file_requested.connect(self._open_file)
        self._connections.saved_changed.connect(self._show_model_files)
        self._show_model_files()

    def _connect_comparing(self) -> None:
        comparing = self._parts.comparing
        self._parts.prompt.compared.connect(comparing.show)
        comparing.asked.connect(lambda what, value: self._page.reading.ask("", what, value))
        comparing.action_chosen.connect(self._act_in_chat)

    def _set_panels(self, _: str, preference: PanelPreference) -> None:
        self._preferences.change(thinking_panel=preference.value)

    def _act_in_chat(self, action: ErrorAction) -> None:
        self._parts.pages.show_home()
        self.act(action)

    def _show_chosen(self) -> None:
        self._parts.pages.show_home()
        self._parts.body.uncover()

    def choose_model(self, choice: ModelChoice) -> None:
        """Have a model answer in this conversation and in those to come."""
        if self.offered is not None:
            self.offered.hide()  # it is answered, wherever the model was chosen
        self._chat.choose_model(choice)
        self._preferences.change(default_choice=choice)
        self._page.composer.setFocus()

    def _show_title(self) -> None:
        if self._page.is_awaiting and not self._chat.is_stored:
            return  # the title that is shown is that of the one to come
        title = self._chat.current.title
        self._header.set_title(title, is_stored=self._chat.is_stored)
        keeps_nothing = is_temporary(self._chat.current.id)
        self._header.set_temporary(keeps_nothing)
        self._empty.show_temporary(keeps_nothing)
        self._page.composer.take_files(not keeps_nothing)
        self._window.setWindowTitle(f"{show_invisible(title)} — Candor" if title else "Candor")

    def _show_conversation_menu(self) -> None:
        more = self._header.more
        self._parts.conversations.show_menu(
            self._window, more.mapToGlobal(more.rect().bottomLeft()), self._header.rename, self._header.hidden_buttons
        )

    def _act_on_trouble(self, action: ErrorAction) -> None:
        if action is ErrorAction.TRY_AGAIN:
            self._connections.look()
        else:
            self.act(action)

    def act(self, action: ErrorAction) -> None:
        """Do what an error offers, or pass it on to who can."""
        match action:
            case ErrorAction.TRY_AGAIN:
                self._presenter.try_again()
            case ErrorAction.OPEN_CONNECTIONS:
                self._parts.connections.show()
            case ErrorAction.CHOOSE_MODEL:
                self._header.open_models()
            case ErrorAction.OPEN_FILE:
                self._open_file()
            case ErrorAction.START_FRESH:
                self._commands.start_fresh()
            case _:
                self._act_outside(action)

    def _show_model_files(self) -> None:
        self._page.set_model_files(self._connections.model_files)
