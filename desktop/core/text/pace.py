"""How often a running reply is shown: each time costs about the same, however many words came meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from enum import Enum
from typing import Final

# Up to sixty tokens a second somebody can read along, and a little more as they come unevenly: then as they come.
_READABLE: Final = 70.0
_SMOOTH: Final = 1 / 25  # seconds; reading is smooth from about twenty-five times a second
_QUICK: Final = 1 / 15.1  # what rushes by is skimmed
_LONGEST: Final = 0.5  # words that a server has sent are fetched and saved, whoever looks
_WEIGHT: Final = 0.25  # of the last stretch in the rate

# Of the task that reads a stream: the least pause, asked for each time.
_least_pause: ContextVar[Callable[[], float]] = ContextVar("least_pause", default=lambda: 0.0)


class StreamPace:
    """The pace of a stream, told after each stretch of it."""

    def __init__(self) -> None:
        self._rate = 0.0  # tokens a second

    def note(self, tokens: int, seconds: float) -> None:
        """Note how many tokens came in how many seconds."""
        if seconds > 0:
            self._rate += _WEIGHT * (tokens / seconds - self._rate)

    @property
    def is_readable(self) -> bool:
        """Return True where somebody can read along."""
        return self._rate <= _READABLE

    def pause(self) -> float:
        """Return the seconds to rest until the next time, which are more where nobody looks."""
        return max(_SMOOTH if self.is_readable else _QUICK, min(_least_pause.get()(), _LONGEST))


class Attention(Enum):
    """Attention that the window has; its value is the least seconds between two times that a reply is shown."""

    IN_FRONT = _SMOOTH
    BESIDE = 1 / 8  # another program is in front
    GLANCED_AT = 1 / 6  # thinking of which one whole sentence is shown at a time: more of them nobody could read
    CLOSED = 1 / 4  # thinking of which only the seconds are shown: the answer may begin at any time
    UNSEEN = 1.0  # hidden or minimised: nothing is drawn, and what has come is only noted


def read_for(attention: Callable[[], Attention]) -> None:
    """Have the streams that this task reads wake it as often as the attention that they get is worth."""
    _least_pause.set(lambda: attention().value)
