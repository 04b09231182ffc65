"""The words of the set-up to the developer: one line for each step, one sentence when something is missing."""

from __future__ import annotations

import sys


class SetupError(Exception):
    """Lack of something that the set-up cannot provide; the text is a sentence that says what, and what to do."""


def say(text: str) -> None:
    """Tell of a step that takes time."""
    print(text, flush=True)


def warn(text: str) -> None:
    """Tell of something that is missing, while going on without it."""
    print(text, file=sys.stderr, flush=True)
