"""The sight of the chosen model: if it can look at pictures, and which of the others could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.model import ModelChoice
from desktop.core.models.place import place_of
from desktop.core.place import PlaceKind

if TYPE_CHECKING:
    from desktop.runtime.models.listing import Listing

_MOST_OTHERS = 3
_NEAREST_FIRST = (PlaceKind.THIS_COMPUTER, PlaceKind.PRIVATE_NETWORK, PlaceKind.INTERNET)


@dataclass(frozen=True, slots=True)
class SeeingModel:
    """Model that can look at pictures, with the words that the user knows it by."""

    choice: ModelChoice
    title: str


@dataclass(frozen=True, slots=True)
class Sight:
    """Sight of the chosen model: `sees` is None where that is not known; `others` can see, the nearest first."""

    title: str = ""
    sees: bool | None = None
    others: tuple[SeeingModel, ...] = ()

    @property
    def is_blind(self) -> bool:
        """True if the model is known not to take pictures."""
        return self.sees is False


def sight_of(listings: Sequence[Listing], choice: ModelChoice | None) -> Sight:
    """Return the sight of a chosen model among what all connections offer."""
    here = next((each for each in listings if choice and each.connection.id == choice.connection_id), None)
    model = here.find(choice.model) if here is not None and choice is not None else None
    found: list[tuple[int, bool, SeeingModel]] = []
    for listing in listings:
        for each in listing.models or ():
            if each.sees and each.can_chat and each is not model:
                distance = _NEAREST_FIRST.index(place_of(listing.connection, each).kind)
                other = SeeingModel(ModelChoice(listing.connection.id, each.name), each.title)
                found.append((distance, listing is not here, other))
    found.sort(key=lambda each: each[:2])
    others = tuple(other for _, _, other in found[:_MOST_OTHERS])
    return Sight(model.title, model.sees, others) if model is not None else Sight(others=others)
