"""Judgements on language that are learned from lines which people wrote: see `packaging/training`.

Whether a sentence of an answer takes back what was said before; and whether a message of the user's says more than that
they doubt the answer: it brings a value or a reason, or asks for something else.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from desktop.core.resources import resource_path
from desktop.core.text.features import chinese_features, english_features
from desktop.core.text.scripts import is_chinese
from desktop.core.text.weights import LearnedWeights

TAKES_BACK, SAYS_MORE = JUDGEMENTS = "takes_back", "says_more"
FEATURES: Final = {"en": english_features, "zh": chinese_features}
_LOOKED_AT: Final = 300  # characters


def takes_back(sentence: str) -> float:
    """Return how likely a sentence admits a fault, or says that the user, or whom they quote, is right."""
    return _likelihood(TAKES_BACK, sentence)


def says_more(message: str) -> float:
    """Return how likely a message of the user's says more than that they, or others, doubt the answer."""
    return _likelihood(SAYS_MORE, message)


def _likelihood(of: str, text: str) -> float:
    language = "zh" if is_chinese(text) else "en"
    return _weights(of, language).likelihood(FEATURES[language](text[:_LOOKED_AT]))


@cache
def _weights(of: str, language: str) -> LearnedWeights:
    return LearnedWeights.from_bytes(resource_path("signs", f"{language}_{of}.weights").read_bytes())
