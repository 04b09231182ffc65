"""The choice of another model for one task: one that thinks for a sum, a quicker one for a letter. Pure rules.

Never one that is further away than the present one: where words go is for the user to decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.core.model import ModelChoice
from desktop.core.models.demand import Reasoning
from desktop.core.models.facts import ModelFacts
from desktop.core.models.verdict import Judgement, ModelVerdict
from desktop.core.place import Place

# So much less time has a quicker model to take, and so long must the present one take for it to matter, in seconds.
_MUCH_QUICKER, _LONG = 0.5, 60.0
# What thinks must run at least so well that it comes to an end.
_RUNS = (ModelVerdict.RUNS_WELL, ModelVerdict.FITS, ModelVerdict.SLOW)
_LEAST_RANK = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """Model that could answer: what is known of it, where it is, and how it runs there."""

    choice: ModelChoice
    facts: ModelFacts
    place: Place
    judgement: Judgement | None

    @property
    def seconds(self) -> float | None:
        """Time for a page as the model usually answers; None where that is not known."""
        if self.judgement is None or self.judgement.page_seconds is None:
            return None
        thinking = self.judgement.thinking_seconds if self.facts.reasoning is Reasoning.ALWAYS else None
        return self.judgement.page_seconds + (thinking or 0.0)

    @property
    def rank(self) -> int:
        return self.facts.row.rank if self.facts.row is not None else _LEAST_RANK


def thinking_one(current: Candidate, others: Iterable[Candidate], usual: ModelChoice | None = None) -> Candidate | None:
    """Return a model that thinks, for a task that wants it; None where the present one can, or there is none.

    `usual` is the one that the user has taken for such a task.
    """
    if current.facts.reasoning is not Reasoning.NEVER:
        return None
    found = [each for each in _near(current, others) if each.facts.reasoning is not Reasoning.NEVER and _runs(each)]
    return _preferred(found, usual) or max(found, key=_goodness, default=None)


def quicker_one(current: Candidate, others: Iterable[Candidate], usual: ModelChoice | None = None) -> Candidate | None:
    """Return a model that is much quicker, for a task that needs no thinking; None where the present one is quick."""
    always = current.facts.reasoning is Reasoning.ALWAYS
    now = current.seconds
    if not always and (now is None or now < _LONG):
        return None
    found = [each for each in _near(current, others) if each.rank >= _LEAST_RANK and _is_quicker(each, now)]
    return _preferred(found, usual) or max(found, key=_goodness, default=None)


def _is_quicker(other: Candidate, now: float | None) -> bool:
    if other.facts.reasoning is Reasoning.ALWAYS:
        return False
    if now is None or other.seconds is None:
        return now is None and _runs(other)  # the present one thinks, which takes its time
    return other.seconds <= now * _MUCH_QUICKER


def _near(current: Candidate, others: Iterable[Candidate]) -> list[Candidate]:
    """Return the others to which words go no further than they do now: on this computer, or to the same host."""
    return [
        each
        for each in others
        if each.choice != current.choice and (each.place.is_local or each.place == current.place)
    ]


def _runs(other: Candidate) -> bool:
    is_elsewhere = not other.place.is_local
    return is_elsewhere or (other.judgement is not None and other.judgement.verdict in _RUNS)


def _preferred(found: list[Candidate], usual: ModelChoice | None) -> Candidate | None:
    return next((each for each in found if each.choice == usual), None)


def _goodness(each: Candidate) -> tuple[bool, int, int]:
    runs_well = each.judgement is not None and each.judgement.verdict in (ModelVerdict.RUNS_WELL, ModelVerdict.FITS)
    return (runs_well, each.rank, -(each.facts.size or 0))
