"""What one connection offers, as far as it has answered: its models, where words for them go, and how far that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelInfo
from desktop.core.models.place import place_of
from desktop.core.place import Place, PlaceKind

if TYPE_CHECKING:
    from desktop.core.message import Failure


@dataclass(slots=True)
class Listing:
    """The models of one connection: `models` is None until it has answered; `failure` if it could not."""

    connection: Connection
    models: list[ModelInfo] | None = None
    failure: Failure | None = None
    is_loading: bool = False
    asked: int = 0  # how often, so that the answer to an earlier question is known

    def find(self, name: str) -> ModelInfo | None:
        """Return what is known of a model; None when the connection does not offer it (now)."""
        return next((model for model in self.models or () if model.name == name), None)

    def runs_itself(self, model: ModelInfo) -> bool:
        """Return True if the connection's own server runs a model, and does not forward it."""
        return place_of(self.connection, model) == self.connection.server_place

    @property
    def forwards_to(self) -> tuple[Place, ...]:
        """The places of the models that the connection's server does not run itself."""
        places = dict.fromkeys(place_of(self.connection, model) for model in self.models or ())
        return tuple(place for place in places if place != self.connection.server_place)

    def place_of(self, name: str) -> Place:
        """Return where words for a model go, listed or not."""
        return place_of(self.connection, self.find(name) or ModelInfo(name))

    @property
    def distance(self) -> int:
        """The rank of the connection's models by distance; model files are slower than any server nearby."""
        if self.connection.kind is ConnectionKind.BUILT_IN:
            return 2
        match self.connection.server_place.kind:
            case PlaceKind.THIS_COMPUTER:
                return 0
            case PlaceKind.PRIVATE_NETWORK:
                return 1
            case PlaceKind.INTERNET:
                return 3

    @property
    def outcome(self) -> str:
        """What came of asking for models, for the log."""
        if self.failure is not None:
            return f"{self.failure.kind} {self.failure.reason}"
        return f"{len(self.models or ())} models"
