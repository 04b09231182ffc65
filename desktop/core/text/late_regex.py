"""Regular expressions that are compiled when they are first used.

Compiling one takes a third of a millisecond, and most of the program's hundreds are never asked for on a given day.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def late_regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what can be used like `re.compile(pattern, flags)`, and is compiled at the first use.

    Not to be handed to functions of `re`. A mistake in the pattern is told at the first use, too.
    """
    return cast("re.Pattern[AnyStr]", _LateRegex(pattern, flags))


class _LateRegex:
    """A pattern and its flags, which takes on the methods of the compiled expression one by one, as they are wanted."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._compiled_with = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(re.compile(self.pattern, self._compiled_with), name)
        setattr(self, name, found)  # from now on nothing stands between a caller and the compiled expression
        return found

    def __repr__(self) -> str:
        return f"late_regex({self.pattern!r}, {self._compiled_with})"
