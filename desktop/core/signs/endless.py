"""Runs of a few letters without an end, as broken models write them: "_37_37_37…", "the the the…".

Seen by characters, not by words, since there may be no words in it. Lines that are drawn, blanks to fill in, digits of
a fraction and lists of values have none of it, and are left to the rules for rounds of words; so are whole sentences,
which those see sooner.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.text.late_regex import late_regex

_LONG = 240  # characters that must be the same over and over; with the block below, 271 are seen at most
_BLOCK = 32  # characters after which it is looked; places do not depend on the pieces in which the text comes
_LONGEST_ROUND = 24  # characters
_SHORT = 2  # signs of Chinese, which say as much as words: longer rounds of them are words
_UNSPACED = late_regex("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uff66-\uff9f]")
# Digits alone are a number; these stand between values, in tables and in code.
_LETTER = late_regex(r"[^\W\d_]|_\d|\d_|\d[^\w\s]+\d")
_VALUES = late_regex(r"[,;|&{}()<>=\"'\\\t\n\[\]]")
_SENTENCE_END = late_regex("[.!?。！？]")


@dataclass(frozen=True, slots=True)
class Loop:
    """First round of a loop, and how long it is, in characters: `text[start : start + length]` is repeated."""

    start: int
    length: int


class EndlessRuns:
    """Watcher of a growing text. `start`: the position of the first character that will be fed."""

    def __init__(self, start: int = 0) -> None:
        self._tail = ""
        self._at = start  # of the first character behind the tail
        self._since = 0  # characters behind the last look
        self._runs: list[tuple[int, int]] = []  # told, from where to where, the last ones
        self._is_running = False

    def feed(self, text: str) -> Loop | None:
        """Return the run that this piece has made certain; one that goes on is told once."""
        noticed: Loop | None = None
        at = 0
        while at < len(text):
            step = min(_BLOCK - self._since, len(text) - at)
            self._tail = (self._tail + text[at : at + step])[-_LONG:]
            self._at += step
            self._since = (self._since + step) % _BLOCK
            at += step
            if not self._since and (found := self._look()):
                noticed = noticed or found
        return noticed

    def holds(self, place: int) -> bool:
        """Return True if a place lies within a run that was told."""
        return any(begin - _LONGEST_ROUND <= place <= end for begin, end in self._runs)

    def _look(self) -> Loop | None:
        tail = self._tail
        length = _round_of(tail) if len(tail) == _LONG else 0
        if not length:
            self._is_running = False
            return None
        begin = self._at - _LONG
        if self._is_running:
            self._runs[-1] = (self._runs[-1][0], self._at)
            return None
        self._is_running = True
        self._runs = [*self._runs[-1:], (begin, self._at)]
        return Loop(begin, length)


def _round_of(tail: str) -> int:
    """Return the length of what is repeated all over; 0 if nothing is, or only what may stand so."""
    last = tail[-_LONGEST_ROUND - 1 :]
    again = last.rfind(last[-1], 0, -1)  # it ends a round at the latest where its last letter stood before
    while again >= 0:
        length = len(last) - 1 - again
        if last[length:] == last[:-length] and tail[length:] == tail[:-length]:
            return length if _is_endless(tail[:length]) else 0
        again = last.rfind(last[-1], 0, again)
    return 0


def _is_endless(once: str) -> bool:
    twice = once * 2
    if not _LETTER.search(twice) or _VALUES.search(once) or _SENTENCE_END.search(once):
        return False
    return len(once) <= _SHORT or not _UNSPACED.search(once)
