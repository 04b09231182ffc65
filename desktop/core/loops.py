"""Notices that a growing text has begun to repeat itself, as models do that do not find their way out of a thought.

Only what stands in a row counts: the same words, several times, with nothing between. Lists, tables, code, sums and
"Wait, …" repeat themselves too, but never whole rounds for long. It tells; whether to cut is for the person to decide.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

# Scripts without spaces are taken character by character: Chinese, Japanese, Thai, Lao, Burmese, Khmer.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
# Something without an end, "GGGG…", is taken in pieces of this many characters, so that it counts as repeating.
_LONGEST_WORD = 24
_TOKEN = re.compile(
    rf"(?P<sign>[{_UNSPACED}])|(?P<number>\d[^\W{_UNSPACED}]{{0,{_LONGEST_WORD - 1}}})"
    rf"|(?P<word>[^\W\d_{_UNSPACED}][^\W{_UNSPACED}]{{0,{_LONGEST_WORD - 1}}})|\S"
)
# How much of a word of English a character is; what has no letters may fill a large table before it counts.
_LETTER, _SIGN, _OTHER = 1 / 6, 1 / 2, 1 / 20

_GRAM = 8  # tokens that must be the same before a repetition is followed
_REACH = 4096  # tokens: the longest round that is noticed, and all that is remembered

# A refrain, a row of the same cells or an emphatic "very, very" stay below these.
_ROUNDS = 4
_LONG_ROUND, _LONG_ROUNDS = 60, 3  # tokens: nobody says so much three times in a row
_WORDS = 64.0
_SHORT_ROUND, _SHORT_WORDS = 2, 160.0  # "null, null, null" is common in code

# Rounds that differ in their numbers alone ("Attempt 31: …") are common in calculations too: many more are needed.
_COUNTED_ROUNDS = 24
_COUNTED_ROUND = 8  # words
_COUNTED_NUMBERS = 1 / 8


@dataclass(frozen=True, slots=True)
class Loop:
    """Where the first round begins and how long it is, in characters: `text[start : start + length]` is repeated."""

    start: int
    length: int


class LoopDetector:
    """Feed it a text as it grows. Each character costs the same, and only the last few thousand words are kept.

    `start` is the position of the first character that will be fed, where the text began before.
    """

    def __init__(self, start: int = 0) -> None:
        self._pending = ""  # a word that may not be whole yet
        self._at = start  # of its first character
        self._exact = _Rounds(_is_loop)
        self._counted = _Rounds(_is_counted_loop)

    def feed(self, text: str) -> Loop | None:
        """The loop that this piece has made certain. A loop that goes on is told once."""
        text = self._pending + text
        noticed: Loop | None = None
        whole = len(text)
        for found in _TOKEN.finditer(text):
            if found.end() == len(text) and found.lastgroup in ("word", "number"):
                whole = found.start()  # there may be more of it
            else:
                loop = self._take(found)
                noticed = noticed or loop
        self._pending = text[whole:]
        self._at += whole
        return noticed

    def _take(self, found: re.Match[str]) -> Loop | None:
        token, at, kind = found[0], self._at + found.start(), found.lastgroup
        words = _SIGN if kind == "sign" else (len(token) + 1) * _LETTER if kind == "word" else len(token) * _OTHER
        loop = self._exact.take(hash(token), at, words, can_begin=kind is not None)
        if kind is None:
            return loop
        is_number = kind == "number"
        counted = self._counted.take(0 if is_number else hash(token), at, words, is_number=is_number)
        return loop or counted


@dataclass(slots=True)
class _Run:
    """Tokens in a row that are the same as those one round, `distance` tokens, before."""

    distance: int
    first_round: Loop
    tokens: int = _GRAM
    words: float = 0.0
    numbers: int = 0
    is_told: bool = False


class _Rounds:
    """Follows the rounds in a stream of tokens; `is_enough` decides when they count as a loop."""

    def __init__(self, is_enough: Callable[[_Run], bool]) -> None:
        self._is_enough = is_enough
        self._count = 0
        # Of the last `_REACH` tokens, written round and round.
        self._tokens = [0] * _REACH
        self._places = [0] * _REACH
        self._grams = [0] * _REACH
        self._can_begin = bytearray(_REACH)
        self._recent: deque[int] = deque(maxlen=_GRAM)
        self._seen_at: dict[int, int] = {}  # where a gram last ended
        self._run: _Run | None = None

    def take(
        self, token: int, place: int, words: float, *, can_begin: bool = True, is_number: bool = False
    ) -> Loop | None:
        """One more token, which begins at `place`; `can_begin` unless it rather belongs to what was before."""
        now = self._count
        self._count += 1
        run = self._run
        if run is not None and self._tokens[(now - run.distance) % _REACH] != token:
            run = None
        before = self._remember(now, token, place)
        self._can_begin[now % _REACH] = can_begin
        if run is not None:
            run.tokens += 1
            run.words += words
            run.numbers += is_number
        elif before is not None and now - before < _REACH - _GRAM:
            run = _Run(now - before, self._first_round(before, now))
        self._run = run
        if run is None or run.is_told or not self._is_enough(run):
            return None
        run.is_told = True
        return run.first_round

    def _first_round(self, before: int, now: int) -> Loop:
        """From the first gram of a run to the second; both may begin with the end of a sentence, which is left out."""
        skipped = next((at for at in range(_GRAM) if self._can_begin[(now - _GRAM + 1 + at) % _REACH]), 0)
        start, again = (self._places[(at - _GRAM + 1 + skipped) % _REACH] for at in (before, now))
        return Loop(start, again - start)

    def _remember(self, now: int, token: int, place: int) -> int | None:
        """Where the gram that ends with this token was last seen."""
        slot = now % _REACH
        if self._seen_at.get(self._grams[slot]) == now - _REACH:
            del self._seen_at[self._grams[slot]]
        self._recent.append(token)
        gram = hash(tuple(self._recent))
        before = self._seen_at.get(gram) if now >= _GRAM else None
        self._seen_at[gram] = now
        self._tokens[slot], self._places[slot], self._grams[slot] = token, place, gram
        return before


def _is_loop(run: _Run) -> bool:
    rounds = 1 + run.tokens / run.distance
    if rounds < (_LONG_ROUNDS if run.distance >= _LONG_ROUND else _ROUNDS):
        return False
    return run.words >= (_SHORT_WORDS if run.distance <= _SHORT_ROUND else _WORDS)


def _is_counted_loop(run: _Run) -> bool:
    """Only for rounds with numbers: without any they are the business of `_is_loop`."""
    if run.distance < _COUNTED_ROUND or not 0 < run.numbers <= run.tokens * _COUNTED_NUMBERS:
        return False
    return 1 + run.tokens / run.distance >= _COUNTED_ROUNDS
