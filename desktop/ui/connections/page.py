"""The page of connections: the present ones, the model files that were opened, and the form to add or change one.

No dialog.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from desktop.core.connection import Connection, Secrets, SshLogin
from desktop.core.connections.provider import ProviderPreset
from desktop.core.connections.ssh_line import TunnelState
from desktop.core.models.file import OpenedFile
from desktop.core.place import Place
from desktop.core.policy.fixed import Policy
from desktop.runtime.models.directory import Listing
from desktop.ui.connections.form import ConnectionForm
from desktop.ui.connections.row import ConnectionRow, ModelFileRow, saved_words, stored_words, told_apart
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION
from desktop.ui.policy.fixed_note import FixedNote
from desktop.ui.widgets.buttons import LabelledButton, button
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import drop, stack
from desktop.ui.widgets.page import CenteredPage
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import fill

_WIDEST_PX = 620


class ConnectionPage(CenteredPage):
    """A page told of the connections; emits what to test, save and remove, and when the user is done."""

    save_requested = Signal(object, object)  # a Connection and the Secrets typed
    remove_requested = Signal(str)
    file_removed = Signal(str)  # the path of a model file
    key_unwanted = Signal(str)  # the origin of a key that no connection uses any more
    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        presets: list[ProviderPreset],
        policy: Policy | None = None,
    ) -> None:
        super().__init__(theme, _WIDEST_PX)
        self._theme = theme
        self._policy = policy or Policy()
        self._connections: list[Connection] = []
        self._removable_ids: set[str] = set()
        self._forwards_to: dict[str, Sequence[Place]] = {}
        self._rows: list[ConnectionRow] = []
        self._file_rows: list[ModelFileRow] = []
        back = IconButton(theme, "chevron-left", self.tr("Back to the conversation"), do=self.closed.emit)
        lead = self.tr("Where models can run: on this computer, on a server of your company, or at a provider.")
        self._rule = FixedNote(theme, self._policy, self.tr("The connections are set up for you."))
        self._saved = PlainLabel("", "here", wraps=True)
        self._left_key = QuietLine(theme, PlainLabel("", wraps=True), "warning")
        self._left_origin = ""
        self._is_key_saved = False
        remove_key = self._left_key.offer(self.tr("Remove it"), "")
        for each in (remove_key, self._left_key.offer(self.tr("Keep it"), "")):
            each.clicked.connect(self._left_key.hide)
        remove_key.clicked.connect(lambda: self.key_unwanted.emit(self._left_origin))
        self._list = stack()
        self._files = QWidget()
        title = PlainLabel(self.tr("Model files that were opened"), "strong")
        self._file_list = stack(title, margins=(0, GAP, 0, 0), on=self._files)
        self._add = LabelledButton(theme, "new", self.tr("Add a connection"), do=self._begin_new)
        self._done = button(self.tr("Done"), "filled", self.closed.emit, fill="accent")
        self.form = ConnectionForm(theme, presets, self._policy)
        self._overview = QWidget()  # in whose place the form stands
        below = stack(self._add, None, self._done, across=True)
        parts = (self._rule, self._list, self._files, self._saved, self._left_key, below)
        stack(*parts, gap=GAP_SECTION, on=self._overview)
        self.column.addLayout(stack(back, (PlainLabel(self.tr("Connections"), "title"), 1), across=True))
        for part in (Paragraph(lead, "muted"), self._overview, self.form):
            self.column.addWidget(part)
        self.form.save_requested.connect(self._save)
        self.form.cancelled.connect(self._cancel)
        self.form.result_shown.connect(self._show_what_came)
        self.show_connections([], set())

    def show_connections(
        self,
        connections: list[Connection],
        removable_ids: set[str],
        forwards_to: Mapping[str, Sequence[Place]] = MappingProxyType({}),
    ) -> None:
        """List these; with none, the form for the first one is open. Others were found, not set up.

        `forwards_to`: by the id of a connection, the places of the models that it forwards.
        """
        self._connections = list(connections)
        self._removable_ids = set(removable_ids)
        self._forwards_to = dict(forwards_to)
        drop(*self._rows)
        self._rows = [self._row(connection) for connection in self._connections]
        for row in self._rows:
            self._list.addWidget(row)
        self._saved.hide()
        if self._has_list or not self._policy.own_connections:
            self._show_list()
        else:
            self._begin_new()

    def follow_policy(self, policy: Policy) -> None:
        """Go by another policy from now on; the list is shown again, unless the form is open."""
        self._policy = policy
        self._rule.show_policy(policy)
        if not self.form.isVisibleTo(self):
            self.show_connections(self._connections, self._removable_ids, self._forwards_to)

    def show_files(self, files: list[OpenedFile]) -> None:
        """List these model files below the connections, whenever those are listed."""
        if [each.path for each in files] == [row.path for row in self._file_rows]:
            for row, file in zip(self._file_rows, files, strict=True):  # whose button may have the keyboard
                row.set_there(file.is_there)
            return
        drop(*self._file_rows)
        self._file_rows = [self._file_row(each) for each in files]
        for row in self._file_rows:
            self._file_list.addWidget(row)
        self._files.setVisible(bool(self._file_rows))

    def show_key_storage(self, storage: str) -> None:
        """Show where a key is kept: `keyring` or `session`."""
        self.form.show_key_storage(storage)
        if not self._saved.isVisibleTo(self):
            return
        set_look(self._saved, "warning" if storage == "session" else "here")
        self._saved.setText(stored_words(storage, is_key=self._is_key_saved))

    def ask_about_key(self, origin: str) -> None:
        """Ask if the key of an address that was given up is to be removed from the keyring."""
        self._left_origin = origin
        words = self.tr("The key for the address of before, %1, is still in this computer's keyring.")
        self._left_key.announce(fill(words, origin))

    def _show_what_came(self) -> None:
        """Scroll to the result once it has its place, with the buttons above it where both have room."""

        def scroll() -> None:
            for part in (self.form.part_to_see, self.form.way_on):
                self.ensureWidgetVisible(part, 0, GAP_SECTION)

        QTimer.singleShot(0, self, scroll)

    def show_ways(self, state_of: Callable[[SshLogin], TunnelState]) -> None:
        """Show how the ways to rented computers stand."""
        for row in self._rows:
            if row.connection.ssh is not None:
                row.show_way(state_of(row.connection.ssh))

    def show_answers(self, listings: Sequence[Listing]) -> None:
        """Show at each connection if its server answers."""
        known = {each.connection.id: each for each in listings}
        for row in self._rows:
            if row.connection.id in known:
                row.show_answer(known[row.connection.id])

    def step_back(self) -> None:
        """Withdraw a question, then leave the form, then the page, as Esc does."""
        if any(row.take_back_question() for row in self._rows):
            return
        if not self.form.isVisibleTo(self):
            self.closed.emit()
        elif self.may_be_left():
            self._cancel()

    def may_be_left(self) -> bool:
        """Return True if nothing typed would be lost; otherwise show that, and return True the second time."""
        may_be_left = not self.form.isVisibleTo(self) or self.form.may_be_left()
        if not may_be_left:
            self.ensureWidgetVisible(self.form, 0, self.form.height())
        return may_be_left

    def edit(self, connection: Connection) -> None:
        """Open the form for a connection that exists, at its key if that was refused."""
        refused = next((row.refused for row in self._rows if row.connection.id == connection.id), None)
        key_only = self._policy.connection_with(connection.id) is not None
        self.form.begin_edit(connection, key_only=key_only, refused=refused)
        self._show_form()

    def _row(self, connection: Connection) -> ConnectionRow:
        row = ConnectionRow(
            self._theme,
            connection,
            is_removable=connection.id in self._removable_ids,
            forwards_to=self._forwards_to.get(connection.id, ()),
            policy=self._policy if self._policy.connection_with(connection.id) is not None else None,
        )
        row.edit_requested.connect(lambda: self.edit(connection))
        row.removed.connect(lambda: self.remove_requested.emit(connection.id))
        return row

    def _file_row(self, file: OpenedFile) -> ModelFileRow:
        row = ModelFileRow(self._theme, file)
        row.removed.connect(lambda: self.file_removed.emit(file.path))
        return row

    @property
    def _has_list(self) -> bool:
        return bool(self._connections or self._file_rows)

    def _begin_new(self) -> None:
        self.form.begin_new()
        self._show_form()

    def _show_form(self) -> None:
        for each in (self._overview, self._saved, self._left_key):
            each.hide()
        self.form.show()
        self.form.focus_first()

    def _show_list(self) -> None:
        self.form.hide()
        self._files.setVisible(bool(self._file_rows))
        self._add.setVisible(self._policy.own_connections)
        self._rule.setVisible(not self._policy.own_connections)
        self._overview.show()
        self._done.setFocus()

    def _cancel(self) -> None:
        if self._has_list or not self._policy.own_connections:
            self._show_list()
        else:
            self.closed.emit()

    def _save(self, entered: Connection, typed: Secrets) -> None:
        connection = told_apart(entered, self._connections)
        known = [connection if one.id == connection.id else one for one in self._connections]
        known += [] if connection in known else [connection]
        is_fixed = self._policy.connection_with(connection.id) is not None
        removable = self._removable_ids if is_fixed else self._removable_ids | {connection.id}
        self.show_connections(known, removable, self._forwards_to)
        set_look(self._saved, "here")
        self._is_key_saved = bool(typed.key)
        self._saved.setText(saved_words(connection.name, typed))  # `show_key_storage` follows
        self._saved.show()
        self.form.forget_key()
        self.save_requested.emit(connection, typed)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to where work begins. (A focus proxy would make what stands before it unreachable.)"""
        if self.form.isVisibleTo(self):
            self.form.focus_first()
        else:
            self._done.setFocus(event.reason())
