"""The presenter of connections: the page that lists and edits them, and the page for a computer without models.

Both are made, and their modules loaded, when they are first wanted. What a connection comes to, `runtime` knows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.connection import Connection, ConnectionKind, ProviderPreset, SshLogin
from desktop.core.models.file import OpenedFile
from desktop.runtime.models.connections import Connections
from desktop.runtime.models.directory import Listing, ModelDirectory
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.page import PageStack

if TYPE_CHECKING:
    from desktop.ui.connections.first_run import FirstRun
    from desktop.ui.connections.page import ConnectionPage


class ConnectionsPresenter(QObject):
    """The owner of the two pages; what is asked for on them goes to `runtime.models.connections`."""

    file_requested = Signal()  # a model file is to be picked

    def __init__(
        self,
        theme: Theme,
        stack: PageStack,
        connections: Connections,
        models: ModelDirectory,
        load_presets: Callable[[], list[ProviderPreset]],
        needs_model: Callable[[], bool],
    ) -> None:
        """Keep the dependencies.

        `needs_model` returns True if the current conversation has no model to use.
        """
        super().__init__(stack)
        self._theme = theme
        self._stack = stack
        self._connections = connections
        self._models = models
        self._load_presets = load_presets
        self._needs_model = needs_model
        self._page: ConnectionPage | None = None
        self._first_run: FirstRun | None = None
        self._offered_address = ""
        models.changed.connect(self._show_what_is_there)

    @property
    def is_in_front(self) -> bool:
        return self._stack.is_in_front(self._page)

    @property
    def is_first_run_in_front(self) -> bool:
        return self._stack.is_in_front(self._first_run)

    @property
    def page(self) -> ConnectionPage:
        """The page of connections."""
        if self._page is None:
            self._page = self._make_page()
        return self._page

    def show(self) -> None:
        """Show the page of connections."""
        self._list()
        self._stack.show_page(self.page)
        self.page.setFocus()

    def show_first_run(self, state: str, can_open_files: bool = True) -> None:
        """Show the page for a computer without models and without Ollama: looking | nothing."""
        if self._first_run is None:
            self._first_run = self._make_first_run()
        self._first_run.show_state(state, can_open_files)
        self._stack.show_unasked(self._first_run)

    def offer_address(self, connection: Connection) -> None:
        """Offer a server on another computer that this computer's settings name, without contacting it."""
        self._offered_address = connection.address
        if self._page is not None:
            self._page.form.offer_address(connection.address)
        if self._first_run is not None:
            self._first_run.offer_address(connection.address)

    def leave(self) -> None:
        """Go back to the conversation; if that has no model to use, look for one."""
        self._stack.show_home()
        if self._needs_model():
            self._connections.look()

    def follow_policy(self) -> None:
        """Have the page go by the policy that holds now."""
        if self._page is not None:
            self._page.follow_policy(self._connections.policy)
            if self.is_in_front:
                self._list()

    def _make_page(self) -> ConnectionPage:
        from desktop.ui.connections.page import ConnectionPage

        connections = self._connections
        page = ConnectionPage(self._theme, self._load_presets(), connections.policy)
        page.form.test_requested.connect(connections.test)
        page.save_requested.connect(connections.save)
        page.form.trust_requested.connect(connections.trust)
        page.form.set_trusted_everywhere(connections.trusted_file)
        for removed, remove in (
            (page.remove_requested, connections.remove),
            (page.file_removed, connections.forget_file),
        ):
            removed.connect(remove)
            removed.connect(lambda _: self.show())
        page.key_unwanted.connect(connections.forget_key)
        connections.key_left.connect(page.ask_about_key)
        page.closed.connect(self.leave)
        connections.tested.connect(page.form.show_test_result)
        connections.checked.connect(page.form.show_check)
        connections.key_stored.connect(page.show_key_storage)
        self._join_rented(page)
        if self._offered_address:
            page.form.offer_address(self._offered_address)
        return page

    def _join_rented(self, page: ConnectionPage) -> None:
        """Have the page show and ask what concerns rented computers."""
        rented = self._connections.rented
        if rented is None:
            page.form.leave_out_rented()
            return
        self._connections.servers_found.connect(page.form.show_servers)
        page.form.host_confirmed.connect(lambda login, shown: rented.confirm(login, shown, page.form.test_again))
        page.form.host_renewed.connect(self._renew)
        rented.changed.connect(lambda: page.show_ways(rented.state_of))

    def _renew(self, login: SshLogin) -> None:
        if (rented := self._connections.rented) is not None:
            rented.renew(login)
            self._connections.forget_login(login)

    def _make_first_run(self) -> FirstRun:
        from desktop.ui.connections.first_run import FirstRun

        page = FirstRun(self._theme)
        page.left.connect(self.leave)
        page.look_again_requested.connect(self._connections.look)
        page.connect_requested.connect(self.show)
        page.open_file_requested.connect(self.file_requested)
        if self._offered_address:
            page.offer_address(self._offered_address)
        return page

    def _list(self) -> None:
        shown = [each for each in self._models.listings if each.connection.kind is not ConnectionKind.BUILT_IN]
        saved = {each.id for each in self._connections.saved}
        forwards_to = {each.connection.id: each.forwards_to for each in shown}
        self.page.show_files(self._opened_files())
        self.page.show_connections([each.connection for each in shown], saved, forwards_to)
        self.page.show_answers(shown)
        if (rented := self._connections.rented) is not None:
            self.page.show_ways(rented.state_of)

    @property
    def _engine_listing(self) -> Listing | None:
        engines = (each for each in self._models.listings if each.connection.kind is ConnectionKind.BUILT_IN)
        return next(engines, None)

    def _opened_files(self) -> list[OpenedFile]:
        """Return the model files, with what the engine's list of them says: those that it leaves out are gone."""
        engine, files = self._engine_listing, self._connections.model_files
        if engine is None or engine.models is None:
            return [OpenedFile(path) for path in files]
        offered = {model.name for model in engine.models}
        return [OpenedFile(path, path in offered) for path in files]

    def _show_what_is_there(self) -> None:
        """Show which servers answer, and what the engine has just found, if the page is visible.

        While it looks it may not know a file yet.
        """
        engine = self._engine_listing
        if self.is_in_front:
            self.page.show_answers(self._models.listings)
        if self.is_in_front and engine is not None and not engine.is_loading:
            self.page.show_files(self._opened_files())
