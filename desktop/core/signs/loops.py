"""Loops in a growing text that has begun to repeat itself, as models do that do not find their way out of a thought.

Only what stands in a row counts: the same words, several times, with nothing between. Lists, tables, code, sums and
"Wait, …" repeat themselves too, but never whole rounds for long. Sentences and placeholders are plain after five
rounds, letters without an end after 272 characters (`endless`). It tells; whether to cut is for the user to decide.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from desktop.core.signs.endless import EndlessRuns, Loop
from desktop.core.text.late_regex import late_regex

# Scripts without spaces are taken character by character: Chinese, Japanese, Thai, Lao, Burmese, Khmer.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
# Something without an end, "GGGG…", is taken in pieces of this many characters, so that it counts as repeating.
_LONGEST_WORD = 24
_TOKEN = late_regex(
    rf"(?P<end>[.!?。！？])|(?P<sign>[{_UNSPACED}])|(?P<number>\d[^\W{_UNSPACED}]{{0,{_LONGEST_WORD - 1}}})"
    rf"|(?P<word>[^\W\d_{_UNSPACED}][^\W{_UNSPACED}]{{0,{_LONGEST_WORD - 1}}})|(?P<bracket>\[)|\S"
)
_WORD, _NUMBER, _SIGN, _OTHER, _END, _BRACKET = range(6)  # up to `_NUMBER` they grow; from `_OTHER` on, no words
_KINDS = {"word": _WORD, "number": _NUMBER, "sign": _SIGN, None: _OTHER, "end": _END, "bracket": _BRACKET}
# How much of a word of English a character is; what has no letters may fill a large table before it counts.
_LETTER, _SIGN_WORDS, _OTHER_WORDS = 1 / 6, 1 / 2, 1 / 20
# What it is (a hash), where it begins, how much of a word it is, and its kind.
_Token = tuple[int, int, float, int]

_GRAM = 8  # tokens that must be the same before a repetition is followed
_REACH = 4096  # tokens: the longest round that is noticed, and all that is remembered; a power of two
_AROUND, _HALF_AROUND = _REACH - 1, _REACH // 2 - 1  # masks of a count that goes round

# A refrain, a row of the same cells or an emphatic "very, very" stay below these.
_ROUNDS = 4
_LONG_ROUND, _LONG_ROUNDS = 60, 3  # tokens: nobody says so much three times in a row
_WORDS = 64.0
_SHORT_ROUND, _SHORT_WORDS = 2, 160.0  # "null, null, null" is common in code

# Whole sentences of prose, or placeholders, are plain sooner: nobody says them five times in a row. Of a sentence so
# many words or signs, and no more of anything else than this, or it is code or a row of a table.
_PLAIN_ROUNDS = 5
_LEAST_WORDS, _LEAST_SIGNS, _MOST_ELSE = 5, 8, 0.25
_LONGEST_PLACEHOLDER = 12  # tokens

# Rounds that differ in their numbers alone ("Attempt 31: …") are common in calculations too: many more are needed.
_COUNTED_ROUNDS = 24
_COUNTED_ROUND, _LONGEST_COUNTED_ROUND = 8, 64  # words
_COUNTED_NUMBERS = 1 / 8


class LoopDetector:
    """Detector that is fed a text as it grows.

    Each character costs the same, and only the last few thousand words are kept.

    `start` is the position of the first character that will be fed, where the text began before.
    """

    def __init__(self, start: int = 0) -> None:
        self._pending = ""  # a word that may not be whole yet
        self._at = start  # of its first character
        self._since_number = _LONGEST_COUNTED_ROUND + 1  # words
        self._endless = EndlessRuns(start)
        self._exact = _Rounds(_is_loop)
        self._counted = _Rounds(_is_counted_loop)

    def feed(self, text: str) -> Loop | None:
        """Return the loop that this piece has made certain. A loop that goes on is told once."""
        endless = self._endless.feed(text)
        text = self._pending + text
        tokens: list[_Token] = []
        whole = length = len(text)
        at, kinds = self._at, _KINDS
        for found in _TOKEN.finditer(text):
            kind = kinds[found.lastgroup]
            begin, end = found.span()
            if end == length and kind <= _NUMBER:
                whole = begin  # there may be more of it
                break
            if kind == _WORD:
                words = (end - begin + 1) * _LETTER
            else:
                words = _SIGN_WORDS if kind == _SIGN else (end - begin) * _OTHER_WORDS
            tokens.append((hash(found[0]), at + begin, words, kind))
        self._pending = text[whole:]
        self._at += whole
        loop = self._exact.take(tokens)
        counted = self._counted.take(self._with_numbers_alike(tokens))
        told = loop or (None if self._exact.is_in_loop else counted)
        if told is not None and self._endless.holds(told.start):
            told = None  # it was told already
        return endless or told

    def feed_last(self, text: str) -> Loop | None:
        """Return the loop that the last piece has made certain, with its last word, to which nothing is added."""
        return self.feed(text) or self.feed("\n")

    def _with_numbers_alike(self, tokens: Iterable[_Token]) -> Iterator[_Token]:
        """Yield the words, all numbers the same; what is far from any number is left out, with a gap in its place."""
        for token in tokens:
            kind = token[3]
            if kind == _NUMBER:
                self._since_number = 0
                yield (0, *token[1:])
            elif kind < _OTHER:
                self._since_number += 1
                if self._since_number <= _LONGEST_COUNTED_ROUND:
                    yield token
                elif self._since_number == _LONGEST_COUNTED_ROUND + 1:
                    yield (token[1], *token[1:])  # its place: the same as nothing else


@dataclass(slots=True)
class _Run:
    """Run of tokens that are the same as those one round, `distance` tokens, before."""

    distance: int
    first_round: Loop
    tokens: int = _GRAM
    words: float = 0.0
    counts: list[int] = field(default_factory=lambda: [0] * 6)  # tokens of each kind
    is_told: bool = False


class _Rounds:
    """Rounds in a stream of tokens; `is_enough` decides when they count as a loop."""

    def __init__(self, is_enough: Callable[[_Run], bool]) -> None:
        self._is_enough = is_enough
        self._count = 0
        # Of the last `_REACH` tokens, written round and round.
        self._tokens = array("q", bytes(8 * _REACH))
        self._places = array("q", bytes(8 * _REACH))
        self._kinds = bytearray(_REACH)
        self._recent: deque[int] = deque(maxlen=_GRAM)
        # Where a gram last ended: those of late, and those of a while before.
        self._seen_at: dict[int, int] = {}
        self._seen_before: dict[int, int] = {}
        self._run: _Run | None = None

    @property
    def is_in_loop(self) -> bool:
        """True if a loop that was told goes on."""
        return self._run is not None and self._run.is_told

    def take(self, tokens: Iterable[_Token]) -> Loop | None:
        """Take more tokens, and return the loop that they have made certain.

        Written for speed: it sees every word of every reply.
        """
        noticed: Loop | None = None
        run, now, recent, seen_at = self._run, self._count, self._recent, self._seen_at
        ring, places, kinds, seen_before = self._tokens, self._places, self._kinds, self._seen_before
        for token, place, words, kind in tokens:
            if run is not None and ring[now - run.distance & _AROUND] != token:
                run = None
            slot = now & _AROUND
            ring[slot], places[slot], kinds[slot] = token, place, kind
            recent.append(token)
            gram = hash(tuple(recent))
            if run is None:
                if gram in seen_at or gram in seen_before:
                    run = self._run_from(gram, now)
            else:
                run.tokens += 1
                run.words += words
                run.counts[kind] += 1
                if not run.is_told and self._is_enough(run):
                    run.is_told = True
                    noticed = noticed or run.first_round
            seen_at[gram] = now
            now += 1
            if not now & _HALF_AROUND:
                self._seen_before, self._seen_at = seen_before, seen_at = seen_at, {}
        self._run, self._count = run, now
        return noticed

    def _run_from(self, gram: int, now: int) -> _Run | None:
        """Return the run that begins with a gram that ends `now`, where it has been seen and is remembered."""
        before = self._seen_at.get(gram)
        if before is None:
            before = self._seen_before.get(gram)
        if before is None or before < _GRAM - 1 or now - before >= _REACH - _GRAM:
            return None
        # Both rounds may begin with the end of the sentence before, which is left out.
        firsts = (at for at in range(_GRAM) if self._kinds[now - _GRAM + 1 + at & _AROUND] < _OTHER)
        back = _GRAM - 1 - next(firsts, 0)
        start, again = self._places[before - back & _AROUND], self._places[now - back & _AROUND]
        return _Run(now - before, Loop(start, again - start))


def _is_loop(run: _Run) -> bool:
    rounds = 1 + run.tokens / run.distance
    if rounds >= _PLAIN_ROUNDS and (_is_sentence(run) or _is_placeholder(run)):
        return True
    if rounds < (_LONG_ROUNDS if run.distance >= _LONG_ROUND else _ROUNDS):
        return False
    return run.words >= (_SHORT_WORDS if run.distance <= _SHORT_ROUND else _WORDS)


def _is_sentence(run: _Run) -> bool:
    """Return True if a round ends as a sentence does, and is made of words; one end may not have been counted yet."""
    rounds, counts = sum(run.counts) / run.distance, run.counts
    has_words = counts[_WORD] >= _LEAST_WORDS * rounds or counts[_SIGN] >= _LEAST_SIGNS * rounds
    return has_words and counts[_END] >= max(1, rounds - 1) and counts[_OTHER] <= _MOST_ELSE * sum(counts)


def _is_placeholder(run: _Run) -> bool:
    """Return True for [Name] [Name] [Name]."""
    rounds, counts = sum(run.counts) / run.distance, run.counts
    is_short = run.distance <= _LONGEST_PLACEHOLDER
    has_words = counts[_WORD] >= rounds or counts[_SIGN] >= rounds
    return is_short and has_words and counts[_BRACKET] >= max(1, rounds - 1) and counts[_OTHER] <= 3 * rounds


def _is_counted_loop(run: _Run) -> bool:
    """Return True if rounds with numbers are a loop: those without any are the business of `_is_loop`."""
    if run.distance < _COUNTED_ROUND or not 0 < run.counts[_NUMBER] <= run.tokens * _COUNTED_NUMBERS:
        return False
    return 1 + run.tokens / run.distance >= _COUNTED_ROUNDS
