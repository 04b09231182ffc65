"""The page of connections: a row for each, the model files that were opened, and the form to add or change one.

There is no dialog. What a connection that is saved comes to is told in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop.core.connection import Connection, ProviderPreset, Secrets, SshLogin
from desktop.core.connections import TunnelState
from desktop.core.message import Failure
from desktop.core.models.file import OpenedFile
from desktop.core.place import Place
from desktop.core.policy.fixed import KeySource, Policy
from desktop.rendering.text.letters import show_invisible
from desktop.runtime.models.directory import Listing
from desktop.ui.connections.form import ConnectionForm
from desktop.ui.errors import describe, is_of_server
from desktop.ui.look.stylesheet import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.policy import FixedNote
from desktop.ui.widgets.buttons import LabelledButton, button
from desktop.ui.widgets.labels import NameLabel, Paragraph, PlaceBadge, PlainLabel, set_tooltip
from desktop.ui.widgets.layout import Part, drop, stack
from desktop.ui.widgets.page import CenteredPage
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import fill, say_each, translate

_LEFT = Qt.AlignmentFlag.AlignLeft


class ConnectionRow(QFrame):
    """A row of one connection: its name, its place, and what can be done; removing is confirmed in the row itself."""

    removed = Signal()

    def __init__(
        self,
        theme: Theme,
        connection: Connection,
        *,
        is_removable: bool = True,
        forwards_to: Sequence[Place] = (),
        policy: Policy | None = None,
    ) -> None:
        """Build the row. `forwards_to`: the hosts that answer for some of its models.

        `policy`: that of this computer, if it has set up this connection.
        """
        super().__init__()
        self.connection = connection
        name = " ".join(connection.name.split())
        set_look(self, "card")
        self.setAccessibleName(name)
        self._edit = IconButton(theme, "edit", self.tr("Edit"))
        self._edit.setAccessibleName(fill(self.tr("Edit %1"), name))
        self._remove = IconButton(theme, "trash", self.tr("Remove"))
        self._remove.setAccessibleName(fill(self.tr("Remove %1"), name))
        enter_key = fill(self.tr("Enter the key of %1"), name)
        self._way = PlainLabel("", "small", wraps=True)
        self._answer = PlainLabel("", "small", wraps=True)
        self.refused: Failure | None = None  # its key was
        self._enter_key = button(self.tr("Enter the key"), "link", self._edit.click, name=enter_key)
        parts: list[Part] = [NameLabel(name, "strong"), (PlaceBadge(theme, connection.server_place), _LEFT)]
        if connection.address and connection.ssh is None:
            parts.append(NameLabel(connection.address, "small"))
        if policy is not None:
            parts.append(FixedNote(theme, policy))
        elif not is_removable:
            parts.append(PlainLabel(self.tr("Found on this computer"), "small", wraps=True))
        for place in forwards_to:
            sentence = fill(self.tr("What you write to some of its models is sent on to %1."), place.host)
            parts += [(PlaceBadge(theme, place), _LEFT), PlainLabel(sentence, "small", wraps=True)]
        words = stack(*parts, self._way, self._answer, (self._enter_key, _LEFT), gap=GAP_TIGHT)
        self._question = QWidget()
        sure = button(self.tr("Remove"), "danger", self.removed.emit, name=fill(self.tr("Remove %1 and its key"), name))
        self._keep = button(self.tr("Keep"), do=self._do_not, name=fill(self.tr("Keep %1"), name))
        asked = PlainLabel(self.tr("Remove this connection and its key? Conversations stay."), "muted", wraps=True)
        stack((asked, 1), sure, self._keep, across=True, on=self._question)
        row = stack((words, 1), self._edit, self._remove, gap=GAP_TIGHT, across=True)
        stack(row, self._question, margins=(GAP_SECTION, GAP_WIDE, GAP_WIDE, GAP_WIDE), on=self)
        for each in (self._way, self._answer, self._enter_key, self._question):
            each.hide()
        self._remove.setVisible(is_removable)
        fixed = policy.connection_with(connection.id) if policy is not None else None
        if fixed is not None and fixed.key is KeySource.ASK:  # each user has one, and that alone is entered
            self._edit.setAccessibleName(enter_key)
            self._edit.setToolTip(self.tr("Enter the key"))
        elif policy is not None:
            self._edit.hide()
        self.edit_requested: SignalInstance = self._edit.clicked
        self._remove.clicked.connect(self._ask)

    def show_way(self, state: TunnelState) -> None:
        """Show how the way to a rented computer stands."""
        self._way.tell(say_each("connections.way", state))

    def show_answer(self, listing: Listing) -> None:
        """Show if the server answers, as far as that is known."""
        said, look = "", "small"
        is_refused = listing.failure is not None and listing.failure.kind == "auth_rejected"
        self.refused = listing.failure if is_refused else None
        self._enter_key.setVisible(is_refused and not self._edit.isHidden())
        if listing.failure is not None:
            error = describe(listing.failure)
            said, look = fill(self.tr("Does not answer: %1"), error.title), "warning small"
            if is_of_server(listing.failure):
                said = error.title
            set_tooltip(self._answer, error.sentence)
        elif listing.models is not None:
            said = self.tr("It answers") if listing.models else self.tr("It answers, but has no model")
        elif listing.is_loading:
            said = self.tr("Asking if it answers…")
        set_look(self._answer, look)
        self._answer.tell(said)

    def take_back_question(self) -> bool:
        """Withdraw the question of removing the connection. Return False if nothing was asked."""
        if not self._question.isVisibleTo(self):
            return False
        self._do_not()
        return True

    def _ask(self) -> None:
        self._question.show()
        self._keep.setFocus()

    def _do_not(self) -> None:
        self._question.hide()
        self._remove.setFocus()


class ModelFileRow(QFrame):
    """A row of a file. Removing asks for no confirmation: the file stays, and can be opened again."""

    def __init__(self, theme: Theme, file: OpenedFile) -> None:
        super().__init__()
        self.path = file.path
        path = Path(file.path)
        name = show_invisible(path.name)
        set_look(self, "card")
        self.setAccessibleName(name)
        remove = IconButton(theme, "trash", self.tr("Remove from this list; the file stays where it is"))
        remove.setAccessibleName(fill(self.tr("Remove %1 from this list"), name))
        self.removed: SignalInstance = remove.clicked
        words = stack(NameLabel(name, "strong"), NameLabel(show_invisible(str(path.parent)), "small"), gap=GAP_TIGHT)
        gone = self.tr("It is not there now: moved, deleted, or on a drive that is not connected.")
        self._gone = PlainLabel(gone, "small warning", wraps=True)
        words.addWidget(self._gone)
        stack(
            (words, 1), remove, gap=GAP_TIGHT, margins=(GAP_SECTION, GAP_WIDE, GAP_WIDE, GAP_WIDE), across=True, on=self
        )
        self.set_there(file.is_there)  # in its place by now: before, it would open a window

    def set_there(self, is_there: bool) -> None:
        """Show or hide that the file is gone."""
        self._gone.setHidden(is_there)


def told_apart(connection: Connection, others: Sequence[Connection]) -> Connection:
    """Return the connection with a name that no other one has: that of its computer is added, else a number."""
    taken = {" ".join(each.name.split()).casefold() for each in others if each.id != connection.id}
    if connection.name.casefold() not in taken:
        return connection
    host = connection.ssh.host if connection.ssh is not None else urlsplit(connection.address).hostname or ""
    more = [host] if host else []
    names = (fill(translate("saved", "%1 (%2)"), connection.name, each) for each in (*more, *map(str, range(2, 100))))
    return replace(connection, name=next(name for name in names if name.casefold() not in taken))


def saved_words(name: str, typed: Secrets) -> str:
    """Return that a connection is saved; a keyring may ask for its password before it takes what was typed."""
    if typed.key:
        return fill(translate("saved", "Saved: %1. Putting the key into the keyring…"), name)
    if typed != Secrets():
        return fill(translate("saved", "Saved: %1. Putting the password into the keyring…"), name)
    return fill(translate("saved", "Saved: %1"), name)


def stored_words(storage: str, *, is_key: bool) -> str:
    """Return where a key, or else a password, is kept: `keyring`, or `session` where there is none."""
    match storage == "session", is_key:
        case True, True:
            return translate("saved", "Saved, but not in a keyring: the key is kept until you close Candor.")
        case True, False:
            return translate("saved", "Saved, but not in a keyring: the password is kept until you close Candor.")
        case False, True:
            return translate("saved", "Saved. The key is in this computer's keyring.")
        case _:
            return translate("saved", "Saved. The password is in this computer's keyring.")


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

    def take_step_back(self) -> bool:
        """Withdraw a question, then leave the form, then the page."""
        if any(row.take_back_question() for row in self._rows):
            pass
        elif not self.form.isVisibleTo(self):
            self.closed.emit()
        elif self.may_be_left():
            self._cancel()
        return True

    def may_be_left(self) -> bool:
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
