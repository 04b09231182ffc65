"""A rule for what a task lacks: the mail that is to be answered, the text that is to be translated."""

from __future__ import annotations

import re
from typing import Final

from desktop.core.advice.missing import BRINGS_ITS_TEXT, missing_thing
from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import is_chinese

_LONGEST: Final = 120  # characters; a longer task may bring what it points at in words of its own
_ENGLISH_POINTER = late_regex(
    r"\b(?:(?:this|that|these)(?: [\w-]+)?|it|them|below)"
    r"(?: (?:please|for me|up|again|(?:in)?to \w+|in \w+(?: words)?))*\W*\Z"
    r"|\b(?:below|attached)\b",
    re.IGNORECASE,
)
_CHINESE_POINTER = late_regex("这[个段份篇封张些条]|下面|以下|附件|原文")


def lacks_material(words: str) -> bool:
    """Return True if a task speaks of a thing, or points at one, that does not stand in its own words."""
    if missing_thing(words):
        return True
    if len(words) > _LONGEST or BRINGS_ITS_TEXT.search(words):
        return False
    pointer = _CHINESE_POINTER if is_chinese(words) else _ENGLISH_POINTER
    return pointer.search(words) is not None
