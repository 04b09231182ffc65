"""The menu in which the user picks a model: grouped by connection, with a filter if there are many."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget, QWidgetAction

from desktop.core.connection import Connection
from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.place import place_of
from desktop.core.place import Place
from desktop.rendering.text.invisible import show_invisible
from desktop.runtime.models.directory import Listing
from desktop.ui.errors import describe
from desktop.ui.look.icons import icon
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import TINY
from desktop.ui.widgets.named_entry import name_entry
from desktop.ui.words import fill, place_name, plain_action, size

_MANY = 12  # models from which on a filter helps more than it stands in the way


class MenuFilter(QLineEdit):
    """The field on top of the menu; arrow keys pass on to the menu's entries."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Escape):
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.returnPressed.emit()
        else:
            super().keyPressEvent(event)


@dataclass(frozen=True, slots=True)
class _Group:
    """Models of one connection that are at the same place, under one heading."""

    connection: Connection
    place: Place
    models: tuple[ModelInfo, ...]
    is_loading: bool = False
    failure: Failure | None = None


def _groups_of(listing: Listing) -> list[_Group]:
    """Return the models of a connection that can chat: those of its own server, then those that it forwards."""
    connection = listing.connection
    by_place: dict[Place, list[ModelInfo]] = {connection.server_place: []}
    for model in listing.models or ():
        if model.can_chat:
            by_place.setdefault(place_of(connection, model), []).append(model)
    own = by_place.pop(connection.server_place)
    groups = [_Group(connection, place, tuple(models)) for place, models in by_place.items()]
    if own or not groups or listing.is_loading or listing.failure is not None:
        groups.insert(0, _Group(connection, connection.server_place, tuple(own), listing.is_loading, listing.failure))
    return groups


class ModelMenu(QMenu):
    """A menu filled by `show_models`; emits what was picked."""

    model_chosen = Signal(object)  # a ModelChoice
    connections_requested = Signal()
    open_file_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._choices = QActionGroup(self)
        self._groups: list[tuple[QAction, list[QAction]]] = []
        self._filter: MenuFilter | None = None
        self._shown: object = None  # all that the entries say; an open menu is left alone while that stays the same
        self.setAccessibleName(self.tr("Models"))
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._focus_filter)

    def show_models(self, listings: list[Listing], current: ModelChoice | None, *, is_offline: bool = False) -> None:
        """Offer the models of `listings` that can chat, with `current` ticked.

        The models of one connection are grouped by place. Under the offline lock only this computer's can be chosen.
        """
        groups = [group for listing in listings for group in _groups_of(listing)]
        says = [(each.connection, each.place, each.models, self._state_of(each)) for each in groups]
        shown = (says, current, is_offline, self._theme.tokens, self._theme.text_scale)
        if shown == self._shown:
            return
        self._shown = shown
        wanted = self._filter.text() if self._filter is not None and self.isVisible() else ""
        self.clear()
        self._groups = []
        self._filter = None
        if sum(len(each.models) for each in groups) > _MANY:
            self._add_filter()
        for group in groups:
            if self._groups:
                self.addSeparator()
            self._add_group(group, current, is_locked=is_offline and not group.place.is_local)
        if groups:
            self.addSeparator()
        self._add_rest()
        if self._filter is not None and self.isVisible():
            self._focus_filter()
            self._filter.setText(wanted)

    def _add_rest(self) -> None:
        color, edge = self._theme.tokens.ink, self._theme.icon_px
        open_file = self.addAction(icon("file", color, edge), self.tr("Open a model file…"))
        open_file.triggered.connect(self.open_file_requested)
        connections = self.addAction(icon("plug", color, edge), self.tr("Connections…"))
        connections.triggered.connect(self.connections_requested)

    def _state_of(self, group: _Group) -> str:
        """Return the state of a connection in one line; empty if its models speak for themselves."""
        if group.is_loading:
            return "" if group.models else self.tr("Looking…")
        if group.failure is not None:
            return describe(group.failure).title
        return "" if group.models else self.tr("No models")

    def _add_group(self, group: _Group, current: ModelChoice | None, *, is_locked: bool) -> None:
        connection = group.connection
        heading = self.addAction("")
        heading.setEnabled(False)
        heading.setFont(self._theme.ui_font(TINY, bold=True))
        name_entry(heading, self._theme, fill(self.tr("%1 · %2"), connection.name, place_name(group.place)))
        lock = Failure("unreachable", host=group.place.host, reason="offline") if is_locked else None
        if state := self._state_of(group) or (describe(lock).title if lock is not None else ""):
            self.addAction(plain_action(state)).setEnabled(False)
        entries = []
        for model in group.models:
            choice = ModelChoice(connection.id, model.name)
            entry = self.addAction("")
            entry.setFont(self._theme.ui_font())
            beside = size(model.size_on_disk) if model.size_on_disk else ""
            name_entry(entry, self._theme, show_invisible(model.title), beside)
            entry.setCheckable(True)
            entry.setChecked(choice == current)
            if choice == current:
                entry.setIcon(icon("check", self._theme.tokens.accent, self._theme.icon_px))
            entry.setActionGroup(self._choices)
            entry.setEnabled(not is_locked)
            entry.triggered.connect(lambda _=False, chosen=choice: self.model_chosen.emit(chosen))
            entries.append(entry)
        self._groups.append((heading, entries))

    def _add_filter(self) -> None:
        field = MenuFilter(self)
        field.setPlaceholderText(self.tr("Find a model"))
        field.setAccessibleName(self.tr("Find a model"))
        field.textChanged.connect(self._show_matching)
        field.returnPressed.connect(self._choose_first)
        holder = QWidgetAction(self)
        holder.setDefaultWidget(field)
        self.addAction(holder)
        self._filter = field

    def _show_matching(self, words: str) -> None:
        wanted = words.strip().casefold()
        for heading, entries in self._groups:
            for entry in entries:
                entry.setVisible(wanted in entry.data().casefold())
            heading.setVisible(not wanted or any(entry.isVisible() for entry in entries))

    def _choose_first(self) -> None:
        shown = [entry for _, entries in self._groups for entry in entries if entry.isVisible() and entry.isEnabled()]
        if shown:
            self.close()
            shown[0].trigger()

    def _focus_filter(self) -> None:
        if self._filter is not None:
            self._filter.clear()
            self._filter.setFocus(Qt.FocusReason.PopupFocusReason)
