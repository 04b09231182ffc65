"""The demand of a model: what it asks of a computer, in memory and in bytes that are read for each token.

Taken from a model's description, from its row in the catalogue, or from both; `docs/models.md` has the formulas.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop.core.model import CacheShape, ModelInfo
from desktop.core.models.reasoning_models import can_be_kept_from_reasoning, reasons_by_itself

# Working memory of a server: what it computes in, and its own program.
WORK = 430_000_000  # bytes, 0.4 GiB

# How much slower than its bytes say a family was measured to be.
_GEMMA, _HYBRID, _EXPERTS, _GEMMA_EXPERTS, _GPT_OSS = 1.2, 1.25, 1.5, 1.8, 1.1


class Reasoning(StrEnum):
    """Extent to which a model thinks before it answers."""

    NEVER = "never"
    SWITCHED = "switched"  # can be kept from it
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Demand:
    """Demand of one model. `file` and `read` in bytes, None where they are not known.

    `read`: what is read from memory for each token. `slowness`: by how much its family is slower than that says.
    """

    file: int | None
    cache: CacheShape | None
    read: int | None
    slowness: float = 1.0
    reasoning: Reasoning = Reasoning.NEVER

    def need(self, window: int) -> Need | None:
        """Return the memory for a window of so many tokens; None where a part of it is not known."""
        if self.file is None or self.cache is None:
            return None
        return Need(self.file, self.cache.bytes_for(window), WORK)


@dataclass(frozen=True, slots=True)
class Need:
    """Memory that a model takes, in bytes: its weights, what it keeps of a window, and what it works in."""

    weights: int
    cache: int
    work: int

    @property
    def total(self) -> int:
        return self.weights + self.cache + self.work


def demand_of(model: ModelInfo) -> Demand:
    """Return the demand of a model that a server has, from what the server tells of it."""
    size, total, active = model.size_on_disk, model.parameters, model.active_parameters
    has_experts = bool(total and active and active < total)
    read = size * active // total if size is not None and has_experts and active and total else size
    reasoning = Reasoning.NEVER
    if reasons_by_itself(model):
        reasoning = Reasoning.SWITCHED if can_be_kept_from_reasoning(model) else Reasoning.ALWAYS
    return Demand(size, model.cache, read, slowness_of(model.family, has_experts=has_experts), reasoning)


def slowness_of(family: str, *, has_experts: bool) -> float:
    """Return by what factor a family takes longer for a token than the bytes that it reads say."""
    name = family.lower().replace("-", "").replace("_", "")
    if name.startswith("gptoss"):
        return _GPT_OSS
    if name.startswith("gemma"):
        return _GEMMA_EXPERTS if has_experts else _GEMMA
    if has_experts:
        return _EXPERTS
    return _HYBRID if name.startswith(("qwen35", "qwen36", "qwen38", "qwen3next")) else 1.0
