"""The three models that are proposed for a computer: a quick one, a good one, and a thorough one.

Rules on the catalogue and the verdicts; nothing is tried out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.models.catalogue import CatalogueRow, Use
from desktop.core.models.computer import Computer
from desktop.core.models.demand import Reasoning
from desktop.core.models.verdict import USUAL_WINDOW, Judgement, ModelVerdict, Reason, judge, page_tokens_in

# Below this rank answers are of no use at work; and nobody waits for less than so many tokens a second.
_LEAST_RANK = 25
_LEAST_SPEED = 3.0
# Bytes: more is not got in passing, however quickly it answers then.
_QUICKLY_GOT = 8e9
_WELL = (ModelVerdict.RUNS_WELL, ModelVerdict.FITS)


class Tier(StrEnum):
    """Kind of proposal."""

    QUICK = "quick"
    GOOD = "good"
    THOROUGH = "thorough"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Proposal of a model, with the verdict on it."""

    tier: Tier
    row: CatalogueRow
    judgement: Judgement


def propose(
    rows: Iterable[CatalogueRow], computer: Computer, language: str = "en", window: int = USUAL_WINDOW
) -> tuple[Proposal, ...]:
    """Return up to three proposals, no model twice; fewer, or none, where not so many are of use on this computer.

    `language` is the user's ("zh_CN"): only models that are good at it are proposed.
    """
    spoken = language.partition("_")[0]
    judged = [
        (row, judge(row.demand, computer, window, page_tokens=page_tokens_in(language)))
        for row in rows
        if _is_for_everybody(row)
    ]
    usable = [(row, judgement) for row, judgement in judged if _is_usable(judgement)]
    usable = [each for each in usable if spoken in each[0].languages] or usable
    well = [each for each in usable if each[1].verdict in _WELL]
    if not usable:
        return ()
    quick = min([each for each in well if each[0].size <= _QUICKLY_GOT] or well or usable, key=_time)
    better = [each for each in usable if each[0].rank > quick[0].rank]
    runs_well = [each for each in better if each in well]
    good = max(runs_well, key=_rank, default=None) or min(better, key=_time, default=None)
    best = good or quick
    deeper = [each for each in usable if each[0].rank > best[0].rank or _thinks_more(each[0], best[0])]
    thorough = max((each for each in deeper if each[0] not in (quick[0], best[0])), key=_rank, default=None)
    found = ((Tier.QUICK, quick), (Tier.GOOD, good), (Tier.THOROUGH, thorough))
    return tuple(Proposal(tier, *each) for tier, each in found if each is not None)


def _is_for_everybody(row: CatalogueRow) -> bool:
    special = {Use.ONLY_TRANSLATION, Use.CODE}
    return row.is_sure and not row.for_servers and row.rank >= _LEAST_RANK and not special & set(row.good_for)


def _is_usable(judgement: Judgement) -> bool:
    if judgement.verdict is ModelVerdict.SLOW:
        quick_enough = judgement.speed is None or judgement.speed.per_second >= _LEAST_SPEED
        return quick_enough and judgement.reason is not Reason.NEED_UNKNOWN
    return judgement.verdict in _WELL


def _thinks_more(row: CatalogueRow, than: CatalogueRow) -> bool:
    """Return True for a model that always thinks, and is nearly as good as another that can do without."""
    return row.reasoning is Reasoning.ALWAYS and than.reasoning is not Reasoning.ALWAYS and row.rank > than.rank - 5


def _time(each: tuple[CatalogueRow, Judgement]) -> tuple[float, int]:
    row, judgement = each
    thinking = judgement.thinking_seconds if row.reasoning is Reasoning.ALWAYS else None
    return ((judgement.page_seconds or 0.0) + (thinking or 0.0), row.size)


def _rank(each: tuple[CatalogueRow, Judgement]) -> tuple[int, bool]:
    return (each[0].rank, each[0].reasoning is not Reasoning.NEVER)
