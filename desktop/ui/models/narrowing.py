"""The rows of the catalogue that the user wants to see: by words of theirs, and by the filters that are on."""

from __future__ import annotations

from collections.abc import Callable, Collection

from desktop.core.models.facts import ModelFacts, Reasoning
from desktop.core.models.fit import ModelVerdict

_FITTING = (ModelVerdict.RUNS_WELL, ModelVerdict.FITS, ModelVerdict.SLOW)


def is_wanted(
    row: ModelFacts, words: str, filters: Collection[str], verdict_of: Callable[[ModelFacts], ModelVerdict]
) -> bool:
    """Return True if a row has these words, and passes the filters of these names."""
    text = words.strip().casefold()
    return bool(
        (not text or text in f"{row.title} {row.name} {row.licence}".casefold())
        and ("fits" not in filters or verdict_of(row) in _FITTING)
        and ("thinks" not in filters or row.reasoning is not Reasoning.NEVER)
        and ("sees" not in filters or row.sees)
        and ("chinese" not in filters or "zh" in row.languages)
        and ("any_use" not in filters or row.any_use)
    )
