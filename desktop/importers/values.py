"""Values of foreign files, of which nothing is taken for granted."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any

from desktop.core.events import ReasoningDelta, TextDelta
from desktop.core.text.clean_text import encodable
from desktop.core.think_tags import ThinkTagSplitter

_LATEST = 4_102_444_800.0  # the year 2100, in seconds since the epoch; beyond it are milliseconds and nonsense
_FOLDED = re.compile(
    r'\s*<details type="(reasoning|tool_calls)"[^>]*>\s*(?:<summary>.*?</summary>)?(.*?)</details>\s*', re.DOTALL
)
_QUOTED = re.compile(r"^> ?", re.MULTILINE)


def said(value: Any) -> str:
    """Return a text that can be kept and shown, or an empty one for anything else."""
    return encodable(value) if isinstance(value, str) else ""


class Record(dict[str, Any]):
    """Object of a foreign file. What is asked for by several names is the first that holds something."""

    @classmethod
    def of(cls, value: Any) -> Record:
        """Return a mapping, or an empty one for anything else."""
        return cls(value if isinstance(value, dict) else {})

    def text(self, *names: str) -> str:
        """Return a text that can be kept and shown; empty for anything else."""
        return said(next(filter(None, map(self.get, names)), None))

    def moment(self, *names: str) -> float:
        """Return seconds since the epoch; 0 for what is no moment."""
        return moment(next(filter(None, map(self.get, names)), None))

    def inside(self, name: str) -> Record:
        """Return an object within it; an empty one for anything else."""
        return Record.of(self.get(name))

    def records(self, name: str) -> list[Record]:
        """Return the objects in a list; none for anything else."""
        return records(self.get(name))


def records(value: Any) -> list[Record]:
    """Return the objects in a list; none for anything else."""
    return [Record(each) for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def moment(value: Any) -> float:
    """Return seconds since the epoch, of seconds, milliseconds, nanoseconds or a date of ISO 8601; 0 for all else."""
    if isinstance(value, str):
        return _moment_of_date(value)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < float("inf"):
        return 0.0
    seconds = float(value)
    while seconds > _LATEST:
        seconds /= 1000
    return seconds


def _moment_of_date(text: str) -> float:
    try:
        date = datetime.fromisoformat(text)
        return max(0.0, (date if date.tzinfo is not None else date.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return 0.0


def unfolded(text: str) -> tuple[str, str]:
    """Return the thinking that stands folded in an answer, and the answer without it and without calls of tools."""
    thoughts: list[str] = []

    def note(found: re.Match[str]) -> str:
        if found[1] == "reasoning":
            thoughts.append(_QUOTED.sub("", html.unescape(found[2]).strip()))
        return "\n\n" if found.start() > 0 else ""

    answer = _FOLDED.sub(note, text)
    return "\n\n".join(filter(None, thoughts)), answer


def untagged(text: str) -> tuple[str, str]:
    """Return the thinking that stands between tags in an answer, and the answer."""
    splitter = ThinkTagSplitter()
    deltas = [*splitter.feed(text), *splitter.close()]
    thinking = "".join(each.text for each in deltas if isinstance(each, ReasoningDelta))
    return thinking.strip(), "".join(each.text for each in deltas if isinstance(each, TextDelta))
