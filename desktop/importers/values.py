"""Values of foreign files, of which nothing is taken for granted."""

from __future__ import annotations

import html
import re
from typing import Any

_LATEST = 4_102_444_800.0  # the year 2100, in seconds since the epoch; beyond it are milliseconds and nonsense
_THINKING = re.compile(r'\s*<details type="reasoning"[^>]*>\s*(?:<summary>.*?</summary>)?(.*?)</details>\s*', re.DOTALL)
_QUOTED = re.compile(r"^> ?", re.MULTILINE)


def said(value: Any) -> str:
    """Return a text, or an empty one for anything else."""
    return value if isinstance(value, str) else ""


def mapping(value: Any) -> dict[str, Any]:
    """Return a mapping, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def moment(value: Any) -> float:
    """Return seconds since the epoch, of seconds, milliseconds or nanoseconds; 0 for anything else."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not value > 0:
        return 0.0
    seconds = float(value)
    while seconds > _LATEST:
        seconds /= 1000
    return seconds


def apart(text: str) -> tuple[str, str]:
    """Return the thinking that stands folded before an answer, and the answer."""
    found = _THINKING.match(text)
    if found is None:
        return "", text
    return _QUOTED.sub("", html.unescape(found[1]).strip()), text[found.end() :]
