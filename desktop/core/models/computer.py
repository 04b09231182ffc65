"""This computer as far as it matters to models, and how much of its memory a model can have.

Values and rules; who looks at the computer is `engine/hardware.py`. Of a server elsewhere nothing of this is known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

GIB = 1 << 30

# Of the memory that is free now a model is given so much: the rest is for what the other programs come to want.
_SHARE_OF_FREE = 0.8
# What the system and a browser keep for themselves when everything else is closed.
_LEAST_KEPT, _SHARE_KEPT = 4 * GIB, 0.2
# What llama.cpp leaves free of each graphics card when it divides a model.
_KEPT_OF_CARD = GIB
# What macOS lets its graphics part have of the memory that all parts share.
_SHARED_PART, _SHARED_PART_OF_LARGE, _LARGE = 2 / 3, 3 / 4, 36 * GIB

# Bytes a second at which memory is read while a model answers. Laptops without a graphics card were measured at 20 to
# 37 GB/s, a quarter to a half of what their data sheets say; cards reach about four fifths of theirs.
_USUAL_BANDWIDTH = 25e9
_SHARE_OF_DATA_SHEET = 0.83


class CardKind(StrEnum):
    """Maker of a graphics card, as far as it says how its memory is counted."""

    NVIDIA = "nvidia"
    AMD = "amd"
    APPLE = "apple"


@dataclass(frozen=True, slots=True)
class GraphicsCard:
    """Graphics card that models are run on. Integrated parts that Ollama leaves out by itself are none.

    `total` and `free` in bytes, `free` None where it is not told; `data_sheet` in bytes a second, None for a card that
    is not known. The memory of Apple's is the computer's own.
    """

    kind: CardKind
    name: str
    total: int
    free: int | None = None
    data_sheet: float | None = None


@dataclass(frozen=True, slots=True)
class Computer:
    """Computer that models are to run on; None where something could not be found out.

    `memory` and `free` in bytes. `has_avx2` is None for a processor of another family, which needs none.
    `measured_bandwidth` and `measured_on_cards`, in bytes a second, follow from answers of models that ran here.
    """

    memory: int | None = None
    free: int | None = None
    processor: str = ""
    cores: int | None = None
    has_avx2: bool | None = None
    cards: tuple[GraphicsCard, ...] = ()
    measured_bandwidth: float | None = None
    measured_on_cards: float | None = None

    @property
    def is_shared(self) -> bool:
        """True if graphics and processor have one memory, as in Apple's computers."""
        return any(card.kind is CardKind.APPLE for card in self.cards)

    @property
    def room_on_cards(self) -> int:
        """Bytes that a model can have in graphics memory of its own; 0 where there is none."""
        if self.is_shared:
            return 0
        return sum(max(0, (card.total if card.free is None else card.free) - _KEPT_OF_CARD) for card in self.cards)

    @property
    def room_now(self) -> int | None:
        """Bytes of main memory that a model can have as things are."""
        if self.free is None:
            return None
        now = int(self.free * _SHARE_OF_FREE)
        return min(now, self._shared_part) if self.is_shared else now

    @property
    def room_at_best(self) -> int | None:
        """Bytes of main memory that a model can have once all other programs are closed."""
        if self.memory is None:
            return self.room_now
        best = self.memory - max(_LEAST_KEPT, int(self.memory * _SHARE_KEPT))
        best = min(self._shared_part, self.memory - _LEAST_KEPT) if self.is_shared else best
        return max(best, self.room_now or 0, 0)

    @property
    def bandwidth(self) -> float:
        """Bytes a second at which main memory is read; the usual where nothing was measured."""
        if self.measured_bandwidth is not None:
            return self.measured_bandwidth
        shared = next((card.data_sheet for card in self.cards if card.kind is CardKind.APPLE), None)
        return shared * _SHARE_OF_DATA_SHEET if shared is not None else _USUAL_BANDWIDTH

    @property
    def bandwidth_on_cards(self) -> float | None:
        """Bytes a second at which graphics memory is read; None where nobody knows."""
        if self.measured_on_cards is not None:
            return self.measured_on_cards
        known = [card.data_sheet for card in self.cards if card.data_sheet is not None]
        return min(known) * _SHARE_OF_DATA_SHEET if known and len(known) == len(self.cards) else None

    @property
    def _shared_part(self) -> int:
        total = self.memory or 0
        return int(total * (_SHARED_PART if total <= _LARGE else _SHARED_PART_OF_LARGE))

    def without_cards(self) -> Computer:
        """Return this computer as a program sees it that makes no use of graphics cards."""
        return replace(self, cards=(), measured_on_cards=None)
