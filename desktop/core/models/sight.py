"""The sight of the chosen model: if it can look at pictures, and which of the others could."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.model import ModelChoice


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
