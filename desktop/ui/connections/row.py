"""The rows of connections and of model files on their page, and the words of a connection that is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QWidget

from desktop.core.connection import Connection, Secrets
from desktop.core.connections.ssh_line import TunnelState
from desktop.core.message import Failure
from desktop.core.models.file import OpenedFile
from desktop.core.place import Place
from desktop.core.policy.fixed import KeySource, Policy
from desktop.rendering.text.invisible import show_invisible
from desktop.runtime.models.directory import Listing
from desktop.ui.errors import describe, is_of_server
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.policy.fixed_note import FixedNote
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import NameLabel, PlainLabel, set_tooltip
from desktop.ui.widgets.layout import Part, stack
from desktop.ui.widgets.place_badge import PlaceBadge
from desktop.ui.words import fill, translate

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
        words = {
            TunnelState.CLOSED: self.tr("Not connected"),
            TunnelState.CONNECTING: self.tr("Connecting…"),
            TunnelState.CONNECTED: self.tr("Connected"),
            TunnelState.LOST: self.tr("The connection was lost. The next message makes it anew."),
        }
        self._way.tell(words[state])

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
