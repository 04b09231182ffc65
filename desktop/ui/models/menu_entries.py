"""The lines of the menu of models: what is pinned, then the models of each place, by connection. Plain values.

Which lines there are, in what order, and which of them match what was typed; painting is `menu_row.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.place import place_of
from desktop.core.place import Place, PlaceKind
from desktop.ui.errors import describe
from desktop.ui.words import translate

if TYPE_CHECKING:
    from desktop.runtime.models.directory import Listing

_NEAREST_FIRST = (PlaceKind.THIS_COMPUTER, PlaceKind.PRIVATE_NETWORK, PlaceKind.INTERNET)


@dataclass(frozen=True, slots=True)
class MenuHeading:
    """Heading of a group: a place and the connection that leads there; of what is pinned it has no place."""

    words: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class MenuNote:
    """Line on how a connection stands, where its models do not speak for themselves."""

    words: str


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """Model that can be chosen. `is_locked`: not at present, since the offline lock keeps words from its place."""

    choice: ModelChoice
    model: ModelInfo
    place: Place
    connection: str
    is_current: bool = False
    is_pinned: bool = False
    is_locked: bool = False
    text: str = field(default="", compare=False)  # in which typed words are looked for


MenuLine = MenuHeading | MenuNote | MenuEntry


def menu_lines(
    listings: Iterable[Listing], current: ModelChoice | None, pinned: Sequence[ModelChoice] = (), *, is_offline: bool
) -> tuple[MenuLine, ...]:
    """Return the lines of the menu: what is pinned on top, then this computer, private networks, and the internet."""
    groups = [group for listing in listings for group in _groups_of(listing)]
    groups.sort(key=lambda each: _NEAREST_FIRST.index(each.place.kind))
    entries = {
        entry.choice: entry
        for group in groups
        for model in group.models
        for entry in [_entry(group, model, current, pinned, is_offline=is_offline)]
    }
    lines: list[MenuLine] = []
    on_top = [entries[choice] for choice in pinned if choice in entries]
    if on_top:
        lines = [MenuHeading(translate("models", "Pinned")), *on_top]
    for group in groups:
        own = [entries[ModelChoice(group.listing.connection.id, model.name)] for model in group.models]
        rest = [entry for entry in own if not entry.is_pinned]
        note = _note(group, is_locked=is_offline and not group.place.is_local)
        if not rest and not note and own:
            continue  # all of them stand above
        lines.append(MenuHeading(group.listing.connection.name, group.place))
        if note:
            lines.append(MenuNote(note))
        lines.extend(rest)
    return tuple(lines)


def narrowed(lines: Sequence[MenuLine], words: str) -> tuple[MenuLine, ...]:
    """Return the lines with the models in whose name, or whose connection's, all words stand; their headings stay."""
    wanted = words.casefold().split()
    if not wanted:
        return tuple(lines)
    found: list[MenuLine] = []
    heading: MenuHeading | None = None
    for line in lines:
        if isinstance(line, MenuHeading):
            heading = line
        elif isinstance(line, MenuEntry) and all(word in line.text for word in wanted):
            if heading is not None:
                found.append(heading)
                heading = None
            found.append(line)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Group:
    """Models of one connection that are at the same place."""

    listing: Listing
    place: Place
    models: tuple[ModelInfo, ...]
    is_own: bool


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


def _entry(
    group: _Group, model: ModelInfo, current: ModelChoice | None, pinned: Sequence[ModelChoice], *, is_offline: bool
) -> MenuEntry:
    connection = group.listing.connection
    choice = ModelChoice(connection.id, model.name)
    return MenuEntry(
        choice,
        model,
        group.place,
        connection.name,
        is_current=choice == current,
        is_pinned=choice in pinned,
        is_locked=is_offline and not group.place.is_local,
        text=f"{model.title} {model.name} {connection.name}".casefold(),
    )


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
