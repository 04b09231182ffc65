"""The menu of models: what is pinned, then the models of each place, by connection, with a card beside it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.facts import Reasoning, reasons_by_itself
from desktop.core.models.fit import ModelVerdict
from desktop.core.models.place import place_of
from desktop.core.place import Place, PlaceKind
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.errors import describe
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import FILL_OF_PLACE
from desktop.ui.models.about import ModelCard
from desktop.ui.models.thinking_control import ThinkingControl
from desktop.ui.models.words import joined, uses, verdict_in_short
from desktop.ui.widgets.picker import Picker
from desktop.ui.widgets.rows import Row
from desktop.ui.words import place_name, say_each, size, translate

if TYPE_CHECKING:
    from desktop.runtime.models.advice import ModelAdvice
    from desktop.runtime.models.directory import Listing
    from desktop.runtime.services import SettingsKeeper

_WIDE_PX = 400
_NEAREST_FIRST = (PlaceKind.THIS_COMPUTER, PlaceKind.PRIVATE_NETWORK, PlaceKind.INTERNET)
_WARNS = (ModelVerdict.SLOW, ModelVerdict.TOO_SLOW, ModelVerdict.TOO_LARGE)


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
        self._pinned: list[ModelChoice] = []
        self._advice: ModelAdvice | None = None
        self._learn: Callable[[str], object] = lambda _: None
        self.thinking = ThinkingControl(theme, self)

    def join(self, advice: ModelAdvice, preferences: SettingsKeeper, learn: Callable[[str], object]) -> None:
        """Say what is known of each model, and keep pins; `learn` shows the lesson of a key.

        The computer is looked at anew whenever the menu opens.
        """

        def pin(choice: ModelChoice) -> None:
            self._pinned.remove(choice) if choice in self._pinned else self._pinned.append(choice)
            self.refill()
            preferences.change(pinned_models=tuple(self._pinned))

        self._advice, self._learn = advice, learn
        self.show_pinned(preferences.now.pinned_models)
        self.opening.connect(advice.look)
        self.pinned.connect(pin)
        advice.changed.connect(self.refill)

    def show_pinned(self, pinned: Sequence[ModelChoice]) -> None:
        """Show these on top."""
        self._pinned = list(pinned)
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
        said = {choice: self._row(group, choice, model) for group in groups for choice, model in group.choices}
        rows = [said[choice] for choice in self._pinned if choice in said]
        if rows:
            rows.insert(0, Row("pinned", translate("models", "Pinned"), is_heading=True))
        for group in groups:
            rest = [said[choice] for choice, _ in group.choices if choice not in self._pinned]
            notes = self._notes(group)
            if rest or notes or not group.models:  # else all of them stand above
                key, name = (group.listing.connection.id, group.place), group.listing.connection.name
                rows += [Row(key, name, dot=_dot(group.place), is_heading=True), *notes, *rest]
        return rows or [Row("none", translate("errors", "There is no model to ask yet"), aside=self.tr("Connections…"))]

    def first_key(self) -> Hashable | None:
        return self._current

    def card_of(self, key: Hashable) -> QWidget | None:
        if self._advice is None or not isinstance(key, ModelChoice):
            return None
        facts, language = self._advice.facts_of(key), QLocale().name()
        if facts is None:
            return None

        def learn(lesson: str) -> None:
            self.hide()
            self._learn(lesson)

        listing = next(each for each in self._listings if each.connection.id == key.connection_id)
        where = f"{place_name(listing.place_of(key.model))} · {listing.connection.name}"
        judgement = self._advice.judgement_of(key, language)
        return ModelCard(self._theme, facts, judgement, language, learn, where=where, is_bare=True)

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

    def _choose(self, key: Hashable) -> None:
        if isinstance(key, ModelChoice):
            super()._choose(key)
        else:  # a server that does not answer
            self.hide()
            self.connections_requested.emit()

    def _is_locked(self, group: _Group) -> bool:
        return self._is_offline and not group.place.is_local

    def _notes(self, group: _Group) -> list[Row]:
        """Return how a connection stands in a line; none where its models speak for themselves."""
        listing, key = group.listing, (group.listing.connection.id, group.place, "note")
        if group.is_own and listing.is_loading:
            words = "" if group.models else translate("models", "Looking…")
        elif group.is_own and listing.failure is not None:
            said = describe(listing.failure)
            name = listing.connection.name
            return [Row(key, said.title, aside=self.tr("Connections…"), is_pale=True, found_by=name, tip=said.sentence)]
        elif self._is_locked(group):
            words = describe(Failure("unreachable", host=group.place.host, reason="offline")).title
        else:
            words = "" if group.models else translate("models", "No models")
        return [Row(key, words, is_dead=True)] if words else []

    def _row(self, group: _Group, choice: ModelChoice, model: ModelInfo) -> Row:
        place, is_pinned, advice = group.place, choice in self._pinned, self._advice
        known = advice.row_of(choice) if advice is not None else None
        judgement = advice.judgement_of(choice, QLocale().name()) if advice is not None else None
        verdict = judgement.verdict if judgement is not None else ModelVerdict.UNKNOWN
        if judgement is not None and verdict is not ModelVerdict.UNKNOWN:
            strong, about = say_each("models.verdict", verdict), verdict_in_short(judgement)
        else:
            strong, about = "", uses(known) if known is not None else ""
        thinks = reasons_by_itself(model) or (known is not None and known.reasoning is not Reasoning.NEVER)
        sees = model.sees or (model.sees is None and known is not None and known.sees)
        return Row(
            choice,
            model.title,
            about=about,
            strong=strong,
            warns=verdict in _WARNS,
            beside=joined([self.tr("thinks") if thinks else "", self.tr("sees pictures") if sees else ""]),
            aside=size(model.size_on_disk) if model.size_on_disk and place.is_local else "",
            icon="check" if choice == self._current else "",
            dot=_dot(place) if is_pinned and not place.is_local else None,
            pin=is_pinned,
            is_pale=self._is_locked(group),
            found_by=f"{model.title} {model.name} {group.listing.connection.name}",
            tip=show_invisible(model.name) if model.name != model.title else "",
        )


@dataclass(frozen=True, slots=True)
class _Group:
    """Models of one connection that are at the same place."""

    listing: Listing
    place: Place
    models: Sequence[ModelInfo]

    @property
    def is_own(self) -> bool:
        """True if the connection's own server runs them, and does not forward them."""
        return self.place == self.listing.connection.server_place

    @property
    def choices(self) -> Iterator[tuple[ModelChoice, ModelInfo]]:
        for model in self.models:
            yield ModelChoice(self.listing.connection.id, model.name), model


def _groups(listings: Iterable[Listing]) -> list[_Group]:
    """Return the models that can chat, the nearest first, and last the connections that have none to offer."""
    groups = []
    for listing in listings:
        by_place: dict[Place, list[ModelInfo]] = {listing.connection.server_place: []}
        for model in listing.models or ():
            if model.can_chat:
                by_place.setdefault(place_of(listing.connection, model), []).append(model)
        is_told = listing.is_loading or listing.failure is not None or not any(by_place.values())
        groups += [_Group(listing, place, models) for place, models in by_place.items() if models or is_told]
    return sorted(
        groups,
        key=lambda each: (each.listing.failure is not None and not each.models, _NEAREST_FIRST.index(each.place.kind)),
    )


def _dot(place: Place) -> tuple[str, str]:
    return place_name(place), FILL_OF_PLACE[place.kind]
