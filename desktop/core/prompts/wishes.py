"""What a sentence says of how, for whom or as whom something is to be done; of Chinese, a clause.

It is learned from sentences that people write beside their task (`core/text/weights.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from desktop.core.prompts.prompt import FieldKind
from desktop.core.resources import resource_path
from desktop.core.text.features import chinese_features, english_features
from desktop.core.text.scripts import is_chinese
from desktop.core.text.weights import LearnedWeights

WISHES: Final = (FieldKind.PERSONA, FieldKind.AUDIENCE, FieldKind.FORMAT, FieldKind.TONE)
_LONGEST: Final = 240  # characters; a longer sentence says more than a wish
_SURE, _LIKELIEST = 0.7, 0.4  # that it is a wish at all, and of which kind
_ENDS: Final = " \t,;:.!，；：。！"
_MANY_WORDS: Final = 12


@lru_cache(maxsize=4_096)
def wish_of(said: str) -> FieldKind | None:
    """Return the part for words that say how, for whom or as whom something is to be done; None for all others."""
    if len(said) > _LONGEST:
        return None
    language = "zh" if is_chinese(said) else "en"
    spoken_for = _weights(language).of(wish_features(said, language), len(WISHES) + 1)
    highest = max(spoken_for)
    parts = [math.exp(each - highest) for each in spoken_for]
    best = max(range(len(WISHES)), key=parts.__getitem__)
    whole = sum(parts)
    is_sure = whole - parts[-1] >= _SURE * whole and parts[best] >= _LIKELIEST * whole
    return WISHES[best] if is_sure else None


def wish_features(said: str, language: str) -> Sequence[str]:
    """Return the features of a sentence or clause, one of which is how long it is."""
    said = said.strip(_ENDS)
    words = len(said) // 2 if language == "zh" else len(said.split())
    return (*(chinese_features if language == "zh" else english_features)(said), f"L{min(words, _MANY_WORDS)}")


@cache
def _weights(language: str) -> LearnedWeights:
    return LearnedWeights.from_bytes(resource_path("prompts", f"{language}_wishes.weights").read_bytes())
