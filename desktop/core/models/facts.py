"""The facts that are known of one model: its row in the catalogue, corrected by what its server tells of it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.model import CacheShape, ModelInfo
from desktop.core.models.catalogue import CatalogueRow, Distilled, Scale, StoredStep, demand_with_row, steps_of
from desktop.core.models.demand import Reasoning
from desktop.core.text.late_regex import late_regex

# Borders of whom a model is for, in weights: one person's computer, a team's server.
_PERSON, _TEAM = 16_000_000_000, 80_000_000_000
_BITS = late_regex(r"(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """Facts on a model; None or empty where nobody has said. `row` is what the catalogue has on it.

    `name` is what its server calls it, `stored` how its weights are stored there. `size` in bytes, `context` in tokens.
    """

    title: str
    name: str
    row: CatalogueRow | None = None
    reasoning: Reasoning = Reasoning.NEVER
    scale: Scale | None = None
    parameters: int | None = None
    active: int | None = None
    distilled: Distilled | None = None
    stored: str = ""
    steps: tuple[StoredStep, ...] = ()
    size: int | None = None
    context: int | None = None
    cache: CacheShape | None = None
    sees: bool | None = None

    @property
    def has_experts(self) -> bool:
        """True if it is a mixture of experts, of which a few work at a time."""
        if self.row is not None:
            return self.row.has_experts
        return self.active is not None and self.parameters is not None and self.active * 2.5 < self.parameters

    def speaks(self, language: str) -> bool | None:
        """Return True if it is good at a language ("zh_CN"); None where that is not known."""
        return language.partition("_")[0] in self.row.languages if self.row is not None else None


def facts_of_row(row: CatalogueRow) -> ModelFacts:
    """Return the facts on a model of the catalogue."""
    return ModelFacts(
        title=row.title,
        name=row.name,
        row=row,
        reasoning=row.reasoning,
        scale=row.scale,
        parameters=row.parameters,
        active=row.active,
        distilled=row.distilled,
        stored=row.stored,
        steps=row.steps,
        size=row.size,
        context=row.context,
        cache=row.cache,
        sees=row.sees,
    )


def facts_of(model: ModelInfo, row: CatalogueRow | None) -> ModelFacts:
    """Return the facts on a model that a server has."""
    listed = facts_of_row(row) if row is not None else ModelFacts(title=model.title, name=model.name)
    demand = demand_with_row(model, row)
    parameters = listed.parameters or model.parameters
    stored, size = model.quantization or listed.stored, model.size_on_disk
    return ModelFacts(
        title=model.title,
        name=model.name,
        row=row,
        reasoning=demand.reasoning,
        scale=listed.scale or _scale(parameters),
        parameters=parameters,
        active=listed.active or model.active_parameters,
        distilled=listed.distilled,
        stored=stored,
        steps=_steps(parameters, stored, size, row),
        size=size or listed.size,
        context=model.context_length or listed.context,
        cache=demand.cache,
        sees=model.sees if model.sees is not None else listed.sees,
    )


def _scale(parameters: int | None) -> Scale | None:
    if parameters is None:
        return None
    return Scale.PERSON if parameters < _PERSON else Scale.TEAM if parameters < _TEAM else Scale.DATA_CENTRE


def _steps(parameters: int | None, stored: str, size: int | None, row: CatalogueRow | None) -> tuple[StoredStep, ...]:
    """Return the ways to store the model, with the one that its server has; none where that cannot be told."""
    found = _BITS.search(stored)
    bits = int(found[1]) if found is not None else row.bits if row is not None else None
    if parameters is None or bits is None or not 1 <= bits <= 32:
        return ()
    return steps_of(parameters, bits, size or (row.size if row is not None else None))
