"""The results of a search: places where all words stand, each with its sentence, and the conversations they are in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop.core.place import Place, PlaceKind

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
