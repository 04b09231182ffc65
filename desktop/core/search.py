"""Finding what was said: the question, the places where its words stand, and the sentence around each.

All that is typed is plain text: no sign in it means anything but itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from desktop.core.place import Place, PlaceKind
from desktop.core.text.clean_text import encodable
from desktop.core.text.find import comparable, first_occurrence, occurrences, stands_in

_MOST_WORDS = 64  # a pasted page has more; the first ones find it


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Limits of a search. An empty one lets all pass.

    `since`: seconds since the epoch. `model` and `place`: of a reply in the conversation. `in_thinking`: if thinking is
    searched, too.
    """

    since: float = 0.0
    model: str = ""
    place: PlaceKind | None = None
    pinned: bool = False
    has_file: bool = False
    in_thinking: bool = True


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Text that is searched for: its `words` in any order and anywhere in a word, in one text before several."""

    text: str
    narrowing: Narrowing = Narrowing()
    words: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        words = comparable(encodable(self.text)).split()
        object.__setattr__(self, "words", tuple(dict.fromkeys(words))[:_MOST_WORDS])

    @property
    def is_empty(self) -> bool:
        return not self.words

    def is_in(self, text: str) -> bool:
        """Return True if all words stand in the text, which is in its comparable form."""
        return all(stands_in(word, text) for word in self.words)


Marks = tuple[tuple[int, int], ...]
"""Start and end of what was searched for within a sentence, in order and apart."""


class HitKind(StrEnum):
    """Kind of text in which something was found."""

    TITLE = "title"
    QUESTION = "question"
    ANSWER = "answer"
    THINKING = "thinking"
    FILE = "file"
    RECIPE = "recipe"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Place where all words stand.

    `owner` is the id of the conversation, or the key of the recipe; `message_id` is empty where it is not in a message.
    `found` is what stands there of what was typed, letter by letter. `file`: the name of the file that it stands in,
    and `section` the number of its page, sheet or slide there, 0 where there is none.
    """

    kind: HitKind
    owner: str
    sentence: str
    marks: Marks
    message_id: str = ""
    found: str = ""
    file: str = ""
    section: int = 0


@dataclass(frozen=True, slots=True)
class ConversationCard:
    """Conversation in which something was found.

    `at`: when it was last changed; `place`: where its last reply came from.
    """

    id: str
    title: str
    at: float
    model: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class SearchBatch:
    """Further results of a search, the latest first, with the conversations that are in none of the batches before."""

    hits: tuple[SearchHit, ...] = ()
    cards: tuple[ConversationCard, ...] = ()
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """Values by which a search can be narrowed down: the models and the places of all replies."""

    models: tuple[str, ...] = ()
    places: tuple[PlaceKind, ...] = ()


# The sentence in which something was found, on one line, with what was searched for marked in it

_MOST_PLACES = 200  # of each word that are looked at
_BEFORE, _AFTER = 60, 200  # characters around the first word
_END = re.compile(r"[.!?][\"”’)]*\s|[。！？；][”’」』）]*|\n")
# Marks of Markdown that mean nothing on one line: of headings, lists, quotations, tables; of emphasis and code.
_LINE_MARKS = re.compile(r"^[ \t]*(?:#{1,6}[ \t]|[-*+][ \t]|>[ \t]?)+|\||^[ \t|:-]+$", re.MULTILINE)
_INLINE_MARKS = re.compile(r"\*\*|__|`+")
ELLIPSIS = "…"


def first_place(text: str, typed: str, words: Sequence[str]) -> tuple[int, int] | None:
    """Return where in `text` the typed text stands, else the first word of the line that has most of the words.

    None if none of them stands there.
    """
    whole = first_occurrence(text, typed)
    if whole is not None:
        return whole
    lines: dict[int, list[tuple[tuple[int, int], str]]] = {}
    places = sorted((place, word) for word in words for place in occurrences(text, word)[:_MOST_PLACES])
    for place, word in places:
        lines.setdefault(text.rfind("\n", 0, place[0]), []).append((place, word))
    best = max(lines.values(), key=lambda line: len({word for _, word in line}), default=[])
    return best[0][0] if best else None


def sentence_at(text: str, place: tuple[int, int], words: Sequence[str]) -> tuple[str, Marks]:
    """Return the sentence around a place of `text`, shortened and without Markdown, and where words stand in it."""
    begin, is_cut = _begin(text, place[0])
    end = min(len(text), place[1] + _AFTER)
    after = _END.search(text, max(begin, place[1] - 1), end)
    plain = _INLINE_MARKS.sub("", _LINE_MARKS.sub(" ", text[begin : after.end() if after else end]))
    shown = " ".join(plain.split())
    if is_cut:
        shown = f"{ELLIPSIS} {shown}"
    if after is None and end < len(text):
        shown = f"{shown} {ELLIPSIS}"
    return shown, marks_in(shown, words)


def marks_in(sentence: str, words: Sequence[str]) -> Marks:
    """Return where any of the words stands in a sentence, in order, those that touch joined."""
    found = sorted(place for word in words for place in occurrences(sentence, word))
    marks: list[tuple[int, int]] = []
    for start, end in found:
        if marks and start <= marks[-1][1]:
            start, end = marks[-1][0], max(end, marks.pop()[1])
        marks.append((start, end))
    return tuple(marks)


def _begin(text: str, at: int) -> tuple[int, bool]:
    """Return where the sentence around `at` begins, and False; or a word some way before it, and True."""
    earliest = max(0, at - _BEFORE)
    ends = [found.end() for found in _END.finditer(text, earliest, at)]
    if ends or earliest == 0:
        return (ends[-1] if ends else 0), False
    space = text.find(" ", earliest, at)
    return (space + 1 if space >= 0 else earliest), True


# Recipes in which something is found: by their names first, then by their texts


@dataclass(frozen=True, slots=True)
class RecipeText:
    """Recipe as it is searched: the key by which it is opened, its name, and its words."""

    key: str
    name: str
    words: str


def recipe_hits(query: SearchQuery, recipes: Iterable[RecipeText]) -> list[SearchHit]:
    """Return the recipes that have all words, those that have them in their name first."""
    if query.is_empty:
        return []
    by_name: list[SearchHit] = []
    by_words: list[SearchHit] = []
    for recipe in recipes:
        if query.is_in(comparable(recipe.name)):
            by_name.append(SearchHit(HitKind.RECIPE, recipe.key, recipe.name, marks_in(recipe.name, query.words)))
        elif query.is_in(comparable(f"{recipe.name}\n{recipe.words}")):
            place = first_place(recipe.words, query.text, query.words)
            if place is not None:
                sentence, _ = sentence_at(recipe.words, place, query.words)
                shown = f"{recipe.name}: {sentence}"
                by_words.append(SearchHit(HitKind.RECIPE, recipe.key, shown, marks_in(shown, query.words)))
    return [*by_name, *by_words]
