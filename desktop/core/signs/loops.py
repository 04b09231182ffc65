"""Pieces that are repeated without an end, from two letters to a paragraph, in a text that may still be growing.

Only letters, digits and the ends of sentences are compared, so that spaces and the numbers of list items make no
difference. Forms and blanks to fill in repeat themselves rightly: no repetition goes on across them; code and tables do
so for longer. It tells; whether to cut is for the user to decide.
"""

from __future__ import annotations

from dataclasses import dataclass

_GRAM = 8  # letters that must be the same before a repetition is followed
_REACH = 4096  # letters: the longest round that is noticed; no more than twice as many are remembered
_ROUNDS, _LEAST_LETTERS = 4, 40
_LONG_ROUND = 150  # nobody says so much three times in a row
_MANY_ROUNDS, _FEWER_LETTERS = 14, 28  # two letters so often are no laughter
_SHORT_VALUE = 12  # letters: "null, null, null"
_LEAST_DIGITS = 400  # that follow each other, as in a fraction
# Code, tables and songs repeat lines for longer, calculations sentences in which the numbers alone are others.
_STRICT_ROUNDS, _STRICT_LEAST, _STRICT_ROUND = 5, 120, 12
_COUNTED_ROUNDS, _LEAST_COUNTED_ROUND, _MOST_NUMBERS = 24, 24, 1 / 8
_GRAM_MASK, _LETTER_BITS = (1 << 21 * _GRAM) - 1, 21
_BETWEEN_VALUES, _SEEN_MARKS = frozenset(",;"), "_,;.!?。！？"
_AFTER_ITEM, _BEFORE_ITEM, _FORM = ".)、）:：", " \t-*>#(（", "□☐▢"


@dataclass(frozen=True, slots=True)
class Loop:
    """First round of a loop, and how long it is, in characters: `text[start : start + length]` is repeated."""

    start: int
    length: int


class LoopDetector:
    """Detector that is fed a text as it grows. A loop that goes on is told once.

    `start` is the position of the first character that will be fed, where the text began before.
    """

    def __init__(self, start: int = 0) -> None:
        self._at = start
        self._exact, self._counted = _Rounds(), _Rounds()
        self._item = ""  # a number at the head of a line, which may be that of a list item
        self._begins_line = True
        self._last = "\n"
        self._fence = ""
        self._is_code = self._is_row = False

    def feed(self, text: str) -> Loop | None:
        """Return the first loop that this piece has made certain."""
        noticed = None
        for sign in text:
            found = self._take(sign)
            noticed = noticed or found
            self._last = sign
            self._at += 1
        return noticed

    def _take(self, sign: str) -> Loop | None:
        if sign == "\n":
            if self._last == "：":
                self._break()
            self._fence, self._item, self._begins_line, self._is_row = "", "", True, False
        elif sign == "`":
            self._fence += sign
            if self._fence == "```":
                self._is_code = not self._is_code
                self._break()
        elif sign == "|":
            self._is_row = True
        elif sign in _FORM or sign == self._last == "_":
            self._break()
        elif not self._begins_line:
            return self._see(sign) if sign.isalnum() or sign in _SEEN_MARKS else None
        elif sign.isdecimal() and len(self._item) < 4:
            self._item += sign
        elif self._item and sign in _AFTER_ITEM:
            self._item, self._begins_line = "", False
        elif sign not in _BEFORE_ITEM:
            self._begins_line = False
            held, self._item = self._item, ""
            return next((loop for each in (*held, sign) if each.isalnum() and (loop := self._see(each))), None)
        return None

    def _break(self) -> None:
        self._exact.forget()
        self._counted.forget()

    def _see(self, letter: str) -> Loop | None:
        exact, counted = self._exact, self._counted
        exact.add(letter, self._at)
        if not (letter.isdecimal() and self._last.isdecimal()):
            counted.add("0" if letter.isdecimal() else letter, self._at)
        is_strict = self._is_code or self._is_row
        if is_strict:
            rounds, least, shortest = _STRICT_ROUNDS, _STRICT_LEAST, _STRICT_ROUND
        else:
            rounds, least, shortest = _ROUNDS, _LEAST_LETTERS, 1
        if found := exact.loop(rounds, least, shortest):
            return found
        is_calm = not is_strict and not exact.was_told
        return counted.loop(_COUNTED_ROUNDS, 0, _LEAST_COUNTED_ROUND, _MOST_NUMBERS) if is_calm else None


class _Rounds:
    """Letters, and how many of the last ones are the same as those one round, `distance` letters, before."""

    def __init__(self) -> None:
        self._letters: list[str] = []
        self._places: list[int] = []
        self._gram = 0
        self._seen: dict[int, int] = {}  # where a gram last ended, counted from the first letter of all
        self._gone = 0  # letters that are no longer remembered
        self._distance = 0
        self._same = 0
        self.was_told = False

    def forget(self) -> None:
        """Begin anew: what follows repeats nothing that was before."""
        self._gone += len(self._letters)
        self._letters, self._places, self._seen = [], [], {}
        self._gram = self._distance = self._same = 0
        self.was_told = False

    def add(self, letter: str, place: int) -> None:
        letters = self._letters
        letters.append(letter)
        self._places.append(place)
        now = self._gone + len(letters)
        self._gram = (self._gram << _LETTER_BITS | ord(letter)) & _GRAM_MASK
        if self._distance and letters[-1 - self._distance] == letter:
            self._same += 1
        else:
            before = self._seen.get(self._gram, 0) if len(letters) > _GRAM else 0
            # A round that begins while another is told is the same loop with a letter amiss.
            self._distance = now - before if before and now - before <= _REACH else 0
            self._same, self.was_told = _GRAM, False
        self._seen[self._gram] = now
        if len(letters) > 3 * _REACH:
            self._gone += _REACH
            del letters[:_REACH], self._places[:_REACH]
            self._seen = {gram: at for gram, at in self._seen.items() if at > self._gone + _GRAM}

    def loop(self, rounds: int, least: int, shortest: int, most_numbers: float = 1.0) -> Loop | None:
        """Return the first round once there are so many, of so many letters in all."""
        distance, together = self._distance, self._same + self._distance
        if distance >= _LONG_ROUND:
            rounds = min(rounds, _ROUNDS - 1)
        if 1 < distance <= _FEWER_LETTERS // _MANY_ROUNDS and least > _FEWER_LETTERS and rounds == _ROUNDS:
            rounds, least = _MANY_ROUNDS, _FEWER_LETTERS
        if self.was_told or distance < max(1, shortest) or together < max(least, rounds * distance):
            return None
        letters = self._letters[-distance:]
        numbers = sum(map(str.isdecimal, letters))
        first = max(0, len(self._places) - together)
        # It begins with a word, not with the end of the sentence before.
        head = self._letters[first : first + min(_GRAM, distance)]
        first += max((at + 1 for at, letter in enumerate(head) if not letter.isalnum()), default=0) % distance
        start = self._places[first]
        are_values = distance <= _SHORT_VALUE and not _BETWEEN_VALUES.isdisjoint(letters) and "." not in letters
        are_digits = "_" not in letters and not any(map(str.isalpha, letters))
        is_one_number = self._places[-1] - start < together and together >= _LEAST_DIGITS
        if numbers > most_numbers * distance or are_values or (are_digits and not is_one_number):
            return None
        self.was_told = True
        return Loop(start, self._places[first + distance] - start)
