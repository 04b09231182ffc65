"""The three models that are proposed for a computer: a quick one, a good one, and a thorough one.

Rules on the catalogue and the verdicts; nothing is tried out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.models.catalogue import CatalogueRow, Scale, Use
from desktop.core.models.computer import Computer
from desktop.core.models.demand import Reasoning
from desktop.core.models.verdict import USUAL_WINDOW, Judgement, ModelVerdict, judge, page_tokens_in

# Below these ranks answers are of no use at work, or not even for short texts; and nobody waits for less than so many
# tokens a second.
_LEAST_RANK, _LEAST_RANK_FOR_SHORT = 25, 20
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
    runs = [each for each in judged if _is_usable(each[1]) and _is_at_home(*each, computer)]
    runs = [each for each in runs if spoken in each[0].languages] or runs
    usable = [each for each in runs if each[0].rank >= _LEAST_RANK]
    well = [each for each in usable if each[1].verdict in _WELL]
    if not usable:
        return _in_need(runs)
    good = max(well, key=_rank, default=None)
    quick = _quick(runs, good) if good is not None else min(usable, key=_time)
    if good is None and quick is not None:
        good = min((each for each in usable if each[0].rank > quick[0].rank), key=_time, default=None)
    taken = [each for each in (good, quick) if each is not None]
    best = taken[0]
    deeper = [each for each in usable if each[0].rank > best[0].rank or _thinks_more(each[0], best[0])]
    thorough = max((each for each in deeper if each not in taken), key=_rank, default=None)
    found = ((Tier.QUICK, quick), (Tier.GOOD, good), (Tier.THOROUGH, thorough))
    return tuple(Proposal(tier, *each) for tier, each in found if each is not None)


_Judged = tuple[CatalogueRow, Judgement]


def _quick(runs: list[_Judged], good: _Judged) -> _Judged | None:
    """Return the fastest of the models that run well and are faster than a good one; None where that is none.

    Where none of use at work is, one of use for short texts will do.
    """
    faster = [
        each for each in runs if each[1].verdict in _WELL and each[0].rank < good[0].rank and _time(each) < _time(good)
    ]
    for least in (_LEAST_RANK, _LEAST_RANK_FOR_SHORT):
        found = [each for each in faster if each[0].rank >= least]
        if found:
            return min([each for each in found if each[0].size <= _QUICKLY_GOT] or found, key=_time)
    return None


def _in_need(runs: list[_Judged]) -> tuple[Proposal, ...]:
    """Return what is proposed where no model of use at work runs: the best of the very small ones, if one runs well."""
    best = max((each for each in runs if each[1].verdict in _WELL), key=_rank, default=None)
    return (Proposal(Tier.QUICK, *best),) if best is not None else ()


def _is_for_everybody(row: CatalogueRow) -> bool:
    special = {Use.ONLY_TRANSLATION, Use.CODE}
    return row.is_sure and not row.for_servers and not special & set(row.good_for)


def _is_at_home(row: CatalogueRow, judgement: Judgement, computer: Computer) -> bool:
    """Return True for a model that fits as things are, and is no team's unless a graphics card holds it.

    The latter holds however quick another model has made the memory look.
    """
    need, cards, memory = judgement.need or 0, computer.room_on_cards, computer.room_now
    fits = memory is None or need <= memory + cards
    return fits and (row.scale is Scale.PERSON or computer.is_shared or need <= cards)


def _is_usable(judgement: Judgement) -> bool:
    if judgement.verdict is ModelVerdict.SLOW:
        return judgement.speed is None or judgement.speed.per_second >= _LEAST_SPEED
    return judgement.verdict in _WELL


def _thinks_more(row: CatalogueRow, than: CatalogueRow) -> bool:
    """Return True for a model that always thinks, and is nearly as good as another that can do without."""
    return row.reasoning is Reasoning.ALWAYS and than.reasoning is not Reasoning.ALWAYS and row.rank > than.rank - 5


def _time(each: _Judged) -> tuple[float, int]:
    row, judgement = each
    thinking = judgement.thinking_seconds if row.reasoning is Reasoning.ALWAYS else None
    return ((judgement.page_seconds or 0.0) + (thinking or 0.0), row.size)


def _rank(each: _Judged) -> tuple[int, bool]:
    return (each[0].rank, each[0].reasoning is not Reasoning.NEVER)
