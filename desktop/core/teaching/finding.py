"""Finding in the help: lessons, terms and keys by words of either language, the best hit first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop.core.prompts.prompt import Wording
from desktop.core.teaching.lesson import HelpTerm, HelpTexts, Lesson


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """Shortcut of the window: its name in the language on the screen and in English, and its keys."""

    name: str
    english: str
    keys: str


Found = Lesson | HelpTerm | KeyHelp


def find_help(text: str, texts: HelpTexts, keys: Sequence[KeyHelp]) -> list[Found]:
    """Return what has all words of `text`, in the order of where they stand: name, one line, then the rest."""
    words = text.casefold().split()
    if not words:
        return []
    ranked: list[tuple[int, Found]] = []
    for lesson in texts.lessons:
        ranked.append((_rank(words, _both(lesson.title), _both(lesson.about), *_said(lesson)), lesson))
    for term in texts.terms:
        ranked.append((_rank(words, " ".join([_both(term.name), *term.also]), _both(term.words)), term))
    for key in keys:
        ranked.append((_rank(words, f"{key.name} {key.english} {key.keys}"), key))
    return [each for rank, each in sorted(ranked, key=lambda one: one[0]) if rank < _NOWHERE]


_NOWHERE = 1_000


def _rank(words: Iterable[str], *texts: str) -> int:
    """Return how far back in `texts`, which go from important to less so, one has to read to have seen all words."""
    folded = [text.casefold() for text in texts]
    places = [next((at for at, text in enumerate(folded) if word in text), _NOWHERE) for word in words]
    return max(places)


def _both(wording: Wording) -> str:
    return f"{wording.en} {wording.zh}"


def _said(lesson: Lesson) -> list[str]:
    return [" ".join(map(_both, part.wordings)) for part in lesson.parts]
