"""English, told from the other languages in its letters by its small words."""

from __future__ import annotations

import re

from desktop.core.text.scripts import is_chinese

_ENGLISH_WORDS = re.compile(
    r"\b(?:the|an?|of|to|for|and|in|on|with|my|our|your|this|is|about|from|by|at|please)\b", re.IGNORECASE
)
_OTHER_WORDS = re.compile(
    r"\b(?:der|die|das|und|den|dem|eine?|für|bitte|nicht|ich|ist|wie|zum|zur|auf|le|la|les|des|une|et|pour|ce|cet|cette"
    r"|je|mon|ma|votre|el|los|una|para|por|os|uma|duas|il|di|che|per|gli|questa|questo|een|het|voor|deze|nie|jest)\b",
    re.IGNORECASE,
)


def is_english(text: str) -> bool:
    """Return True if English rules may be applied: a Latin text without the small words of other languages."""
    letters = [each for each in text[:2_000] if each.isalpha()]
    if not letters or is_chinese(text) or sum(map(str.isascii, letters)) < 0.9 * len(letters):
        return False
    return len(_OTHER_WORDS.findall(text[:2_000])) <= len(_ENGLISH_WORDS.findall(text[:2_000]))
