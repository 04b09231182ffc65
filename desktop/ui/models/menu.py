"""The menu of models: what is pinned, then the models of each place, by connection, with a card beside it.

Told which models there are; emits what is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.place import place_of
from desktop.core.place import Place, PlaceKind
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.errors import describe
from desktop.ui.look.tokens import FILL_OF_PLACE
from desktop.ui.models.thinking_control import ThinkingControl
from desktop.ui.widgets.picker import Picker
from desktop.ui.widgets.rows import Row
from desktop.ui.words import place_name, size, translate

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton, QWidget

    from desktop.runtime.models.directory import Listing
    from desktop.ui.look.theme import Theme

_WIDE_PX = 400
_NEAREST_FIRST = (PlaceKind.THIS_COMPUTER, PlaceKind.PRIVATE_NETWORK, PlaceKind.INTERNET)


@dataclass(frozen=True, slots=True)
class SaidOfModel:
    """Words on a model beside its name. `marks`: that it thinks, or sees pictures; `reason` follows `verdict`."""

    marks: str = ""
    verdict: str = ""
    reason: str = ""
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """Model that can be chosen, where it runs, and the name of the connection that leads there."""

    choice: ModelChoice
    model: ModelInfo
    place: Place
    connection: str


class ModelMenu(Picker):
    """A popup filled by `show_models`; emits what was picked: a `ModelChoice` each."""

    which_requested = Signal()
    connections_requested = Signal()
    open_file_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, self.tr("Models"), self.tr("Find a model"), self.tr("No model of the list is like that."), _WIDE_PX,
            parent,
        )  # fmt: skip
        self._listings: Sequence[Listing] = ()
        self._current: ModelChoice | None = None
        self._is_offline = False
        self._pinned: Sequence[ModelChoice] = ()
        self.thinking = ThinkingControl(theme, self)
        self.say: Callable[[MenuEntry], SaidOfModel] = lambda _: SaidOfModel()
        self.make_card: Callable[[MenuEntry], QWidget | None] = lambda _: None

    def show_pinned(self, pinned: Sequence[ModelChoice]) -> None:
        """Show these on top."""
        self._pinned = tuple(pinned)
        self.refill()

    def show_models(
        self, listings: Sequence[Listing], current: ModelChoice | None, *, is_offline: bool = False
    ) -> None:
        """Offer the models of `listings` that can chat, with `current` ticked.

        The models of one connection are grouped by place. Under the offline lock only this computer's can be chosen.
        """
        self._listings, self._current, self._is_offline = listings, current, is_offline
        self.refill()

    def rows_now(self) -> Sequence[Row]:
        groups = _groups(self._listings)
        said = {
            entry.choice: self._row(entry, is_locked=self._is_locked(group))
            for group in groups
            for entry in group.entries
        }
        rows = [said[choice] for choice in self._pinned if choice in said]
        if rows:
            rows.insert(0, Row("pinned", translate("models", "Pinned"), is_heading=True))
        for group in groups:
            rest = [said[each.choice] for each in group.entries if each.choice not in self._pinned]
            note = _note(group, is_locked=self._is_locked(group))
            if not rest and not note and group.models:
                continue  # all of them stand above
            key, name = (group.listing.connection.id, group.place), group.listing.connection.name
            rows.append(Row(key, name, dot=_dot(group.place), is_heading=True))
            if note:
                rows.append(Row((key, "note"), note, is_dead=True))
            rows += rest
        return rows

    def first_key(self) -> Hashable | None:
        return self._current

    def card_of(self, key: Hashable) -> QWidget | None:
        entries = (entry for group in _groups(self._listings) for entry in group.entries)
        found = next((each for each in entries if each.choice == key), None)
        return self.make_card(found) if found is not None else None

    def foot(self) -> Sequence[tuple[str, str, Callable[[], object]]]:
        return (
            ("computer", self.tr("Which model runs well here"), self.which_requested.emit),
            ("file", self.tr("Open a model file…"), self.open_file_requested.emit),
            ("plug", self.tr("Connections…"), self.connections_requested.emit),
        )

    def settings(self) -> Sequence[QPushButton]:
        return (self.thinking,)

    def hint(self) -> str:
        return self.tr("→ more on a model · Ctrl+P pins it")

    def _build(self) -> None:
        super()._build()
        self.list.cut = Qt.TextElideMode.ElideMiddle
        self.list.pin_tip = self.tr("Pin or unpin %1")

    def _is_locked(self, group: _Group) -> bool:
        return self._is_offline and not group.place.is_local

    def _row(self, entry: MenuEntry, *, is_locked: bool) -> Row:
        said, model, is_pinned = self.say(entry), entry.model, entry.choice in self._pinned
        return Row(
            entry.choice,
            model.title,
            about=said.reason,
            strong=said.verdict,
            warns=said.is_warning,
            beside=said.marks,
            aside=size(model.size_on_disk) if model.size_on_disk and entry.place.is_local else "",
            icon="check" if entry.choice == self._current else "",
            dot=_dot(entry.place) if is_pinned and not entry.place.is_local else None,
            pin=is_pinned,
            is_pale=is_locked,
            found_by=f"{model.title} {model.name} {entry.connection}",
            tip=show_invisible(model.name) if model.name != model.title else "",
        )


@dataclass(frozen=True, slots=True)
class _Group:
    """Models of one connection that are at the same place."""

    listing: Listing
    place: Place
    models: tuple[ModelInfo, ...]
    is_own: bool

    @property
    def entries(self) -> Iterable[MenuEntry]:
        connection = self.listing.connection
        for model in self.models:
            yield MenuEntry(ModelChoice(connection.id, model.name), model, self.place, connection.name)


def _groups_of(listing: Listing) -> list[_Group]:
    """Return the models of a connection that can chat: those of its own server, then those that it forwards."""
    connection = listing.connection
    by_place: dict[Place, list[ModelInfo]] = {connection.server_place: []}
    for model in listing.models or ():
        if model.can_chat:
            by_place.setdefault(place_of(connection, model), []).append(model)
    own = by_place.pop(connection.server_place)
    groups = [_Group(listing, place, tuple(models), False) for place, models in by_place.items()]
    if own or not groups or listing.is_loading or listing.failure is not None:
        groups.insert(0, _Group(listing, connection.server_place, tuple(own), True))
    return groups


def _note(group: _Group, *, is_locked: bool) -> str:
    """Return how a connection stands in one line; empty if its models speak for themselves."""
    listing = group.listing
    if group.is_own and listing.is_loading:
        return "" if group.models else translate("models", "Looking…")
    if group.is_own and listing.failure is not None:
        return describe(listing.failure).title
    if is_locked:
        return describe(Failure("unreachable", host=group.place.host, reason="offline")).title
    return "" if group.models else translate("models", "No models")


def _groups(listings: Iterable[Listing]) -> list[_Group]:
    groups = [group for listing in listings for group in _groups_of(listing)]
    return sorted(
        groups,
        key=lambda each: (each.listing.failure is not None and not each.models, _NEAREST_FIRST.index(each.place.kind)),
    )


def _dot(place: Place) -> tuple[str, str]:
    return place_name(place), FILL_OF_PLACE[place.kind]
