"""Lessons of one minute and terms of a dictionary, as values, each in every language that prompts are worded in, and
what is found in them by words.

What they say stands in `resources/help/`, read by `desktop.prompts.texts`; what a press in a lesson comes to is
the window's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from desktop.core.converting import named
from desktop.core.message import Role
from desktop.core.prompts.prompt import NOTHING, Wording


@dataclass(frozen=True, slots=True)
class LessonPart:
    """Part of a lesson: sentences; a sample of what is sent or answered, with its name; or rows of names and texts."""

    text: Wording = NOTHING
    name: Wording = NOTHING
    sample: Wording = NOTHING
    rows: tuple[LessonPart, ...] = ()

    @property
    def wordings(self) -> list[Wording]:
        """All that is read in it."""
        own = [each for each in (self.name, self.text, self.sample) if each != NOTHING]
        return own + [each for row in self.rows for each in row.wordings]


@dataclass(frozen=True, slots=True)
class PreparedExample:
    """Pair of an input and its output, for the prompt builder."""

    input: Wording
    output: Wording


@dataclass(frozen=True, slots=True)
class BuilderTry:
    """Prompt that is put into the builder, part by part, by the keys of a framework's fields."""

    words: Wording
    framework: str
    texts: Mapping[str, Wording]
    examples: tuple[PreparedExample, ...] = ()
    chain_of_thought: bool = False


@dataclass(frozen=True, slots=True)
class PreparedSide:
    """One way of asking, and what stands over its answer."""

    name: Wording
    words: Wording = field(metadata=named("text"))


@dataclass(frozen=True, slots=True)
class CompareTry:
    """Question that is asked in two ways at once, with the answers side by side."""

    words: Wording
    question: Wording
    sides: tuple[PreparedSide, ...]


@dataclass(frozen=True, slots=True)
class PreparedMessage:
    """Message of a prepared conversation."""

    role: Role
    words: Wording = field(metadata=named("text"))
    thinking: Wording = NOTHING


@dataclass(frozen=True, slots=True)
class ConversationTry:
    """Conversation that is opened as if it had been held; the user goes on in it."""

    words: Wording
    title: Wording
    messages: tuple[PreparedMessage, ...]


@dataclass(frozen=True, slots=True)
class CardTry:
    """Model of the catalogue whose card is opened."""

    words: Wording
    model: str


class HelpDoor(StrEnum):
    """Page of the program that a lesson leads to."""

    MODELS = "models"
    CONNECTIONS = "connections"
    LEDGER = "ledger"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class DoorTry:
    """Page that is opened."""

    words: Wording
    door: HelpDoor


LessonTry = BuilderTry | CompareTry | ConversationTry | CardTry | DoorTry


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Lesson that is read in a minute. `about` says in one line what it is good for."""

    key: str
    position: int
    title: Wording
    about: Wording
    parts: tuple[LessonPart, ...]
    tries: tuple[LessonTry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpTerm:
    """Entry of the dictionary. `lesson` is the key of the lesson that says more, or empty; `also` are other words."""

    key: str
    name: Wording
    words: Wording = field(metadata=named("text"))
    lesson: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HelpTexts:
    """Lessons in their order, and terms in that of the dictionary."""

    lessons: tuple[Lesson, ...] = ()
    terms: tuple[HelpTerm, ...] = ()

    def lesson(self, key: str) -> Lesson | None:
        return next((each for each in self.lessons if each.key == key), None)

    def term(self, key: str) -> HelpTerm | None:
        return next((each for each in self.terms if each.key == key), None)

    def after(self, key: str, step: int = 1) -> Lesson | None:
        """Return the lesson so many steps after another one; None where there is none."""
        keys = [each.key for each in self.lessons]
        at = keys.index(key) + step if key in keys else -1
        return self.lessons[at] if 0 <= at < len(keys) else None

    def terms_in(self, lesson: str) -> tuple[HelpTerm, ...]:
        """Return the terms that a lesson explains."""
        return tuple(each for each in self.terms if each.lesson == lesson)


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
