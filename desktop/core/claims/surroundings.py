"""The words beside a claim, by which two claims with different values are seen to be about the same thing.

"It was founded in 1998" and "founded 2001": the same kind of claim, the same word beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop.core.claims.claim import Finding, Kind
from desktop.core.text.scripts import HAN, has_han

# Characters that are looked at on each side, within the sentence and the line.
_BEFORE, _AFTER = 60, 30
_SENTENCE_END = re.compile(r"[.!?]\s|[。！？；\n\t]")
_WORD = re.compile(f"[A-Za-zÀ-ÖØ-öø-ÿ]{{2,}}|[{HAN}]")
_HAN_BEFORE = re.compile(f"[{HAN}]{{1,6}}$")
# Words that stand beside everything.
_BESIDE_EVERYTHING = (
    "the an in on at by for from to of with and or is was were are be been it its this that these those as has have had"
    " he she they about around over under than more less most some all only also into up per which who when where there"
    " year years approximately roughly nearly almost just did does do not but so then after before since until between"
    " der die das ein eine in im am und ist war"
)
_COMMON = frozenset(_BESIDE_EVERYTHING.split()) | frozenset("的了是在和与于有为年月日个约一这那其")
_NEAR = 4  # words: those beside a claim weigh more than the rest of its sentence
_ENOUGH = 0.3


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Words of content around a claim, the nearest first; `words` in the form in which they are compared."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    shown: dict[str, str]
    chinese: str = ""  # the characters directly before it

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self.before) | frozenset(self.after)


def surroundings(claim: Finding, text: str) -> Surroundings:
    """Return the words around a claim, in its sentence. In `text` the claims themselves are blanked out."""
    before = text[max(0, claim.start - _BEFORE) : claim.start]
    after = text[claim.end : claim.end + _AFTER]
    if ends := list(_SENTENCE_END.finditer(before)):
        before = before[ends[-1].end() :]
    if end := _SENTENCE_END.search(after):
        after = after[: end.start()]
    shown: dict[str, str] = {}
    words = [_compared(before, shown)[::-1], _compared(after, shown)]
    chinese = _HAN_BEFORE.search(before)
    return Surroundings(tuple(words[0]), tuple(words[1]), shown, chinese[0] if chinese else "")


def likeness(old: Finding, around_old: Surroundings, new: Finding, around_new: Surroundings) -> float:
    """Return how surely two claims are about the same thing; 0 where it is not sure enough."""
    if not _comparable(old, new):
        return 0.0
    one, other = around_old.words, around_new.words
    if not one or not other:
        return 0.0
    alike = len(one & other) / min(len(one), len(other), 8)
    near = _near(around_old) & _near(around_new)
    score = 0.5 * min(alike, 1.0) + (0.3 if near else 0.0) + (0.2 if old.unit and old.unit == new.unit else 0.0)
    return score if score > _ENOUGH else 0.0


def shared_word(old: Surroundings, new: Surroundings) -> str:
    """Return the word beside both claims, as the new answer writes it; the nearest one before them if there is any."""
    if chinese := _same_end(old.chinese, new.chinese):
        return chinese
    for near, others in ((old.before[:_NEAR], new.before[:_NEAR]), (old.after[:_NEAR], new.after[:_NEAR])):
        word = next((word for word in near if word in others), "")
        if word:
            return new.shown[word]
    return ""


def _same_end(one: str, other: str) -> str:
    length = 0
    while length < min(len(one), len(other)) and one[-1 - length] == other[-1 - length]:
        length += 1
    return one[len(one) - length :]


def _comparable(old: Finding, new: Finding) -> bool:
    if old.kind is not new.kind or (old.value, old.unit) == (new.value, new.unit):
        return False
    if old.kind is not Kind.NUMBER:
        return True
    if old.unit and new.unit and (old.unit == "%") != (new.unit == "%"):
        return False
    return _is_year(old) == _is_year(new)


def _is_year(claim: Finding) -> bool:
    return len(claim.value) == 4 and claim.value.isdigit() and claim.unit in ("", "year")


def _near(around: Surroundings) -> frozenset[str]:
    return frozenset((*around.before[:_NEAR], *around.after[:2]))


def _compared(text: str, shown: dict[str, str]) -> list[str]:
    """Return the words of content in order; Chinese in twos, since a character alone says little."""
    found: list[str] = []
    last = None
    for match in _WORD.finditer(text):
        word = match[0]
        if has_han(word):
            if last is not None and last.end() == match.start() and has_han(last[0]):
                word = last[0] + word
                found.append(word)
                shown[word] = word
        elif word.lower() not in _COMMON:
            stem = word.lower().rstrip("s")[:12]
            found.append(stem)
            shown[stem] = word
        last = match
    return found
