"""A cheap estimate of how many tokens a text is, for live counts and meters.

An estimate only: where a server has counted, its number is used instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop.core.text.scripts import WIDE

# Byte-pair vocabularies of current models take about four letters of English for a token, and about two
# tokens for three characters of Chinese, Japanese or Korean.
_LETTERS_PER_TOKEN = 4.0
_TOKENS_PER_IDEOGRAPH = 0.67
# A megabyte is measured in the time of a frame: so many samples of so many characters stand for it.
_SAMPLES, _SAMPLE = 64, 1_024
_LETTERS_PER_WORD = 6  # of English, with the space behind it and what stands between sentences
_IDEOGRAPHS = re.compile(f"[{WIDE}]+")


@dataclass(frozen=True, slots=True)
class Letters:
    """Characters of a text, by what vocabularies make of them: `wide` are Chinese and the like, `other` all else."""

    other: int = 0
    wide: int = 0
    digits: int = 0

    @property
    def total(self) -> int:
        """The characters of all kinds."""
        return self.other + self.wide + self.digits

    @property
    def words(self) -> int:
        """About so many words, where each Chinese character counts as one, as offices count them."""
        return round((self.other + self.digits) / _LETTERS_PER_WORD) + self.wide

    def __add__(self, more: Letters) -> Letters:
        return Letters(self.other + more.other, self.wide + more.wide, self.digits + more.digits)


def letters_in(text: str) -> Letters:
    """Return the characters of a text; of a very long one their kinds are those of samples from all over it."""
    looked_at = text
    if len(text) > _SAMPLES * _SAMPLE:
        step = len(text) // _SAMPLES
        looked_at = "".join(text[at : at + _SAMPLE] for at in range(0, step * _SAMPLES, step))
    digits = sum(map(looked_at.count, "0123456789"))
    wide = 0 if looked_at.isascii() else len(looked_at) - len(_IDEOGRAPHS.sub("", looked_at))
    scale = len(text) / len(looked_at) if looked_at else 1.0
    wide, digits = round(scale * wide), round(scale * digits)
    return Letters(len(text) - wide - digits, wide, digits)


def estimate_tokens(text: str) -> float:
    """Return the estimated tokens of `text`. Not rounded, so that the estimates of pieces add up."""
    if text.isascii():
        return len(text) / _LETTERS_PER_TOKEN
    ideographs = len(text) - len(_IDEOGRAPHS.sub("", text))  # twenty times as fast as listing them
    return (len(text) - ideographs) / _LETTERS_PER_TOKEN + ideographs * _TOKENS_PER_IDEOGRAPH


def whole_tokens(estimate: float) -> int:
    """Return an estimate as a count: any text at all is at least one token."""
    return max(1, round(estimate)) if estimate > 0 else 0
