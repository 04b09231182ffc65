"""A question to everything that was said: its words in the form in which they are compared, and what narrows it down.

All that is typed is plain text: no sign in it means anything but itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop.core.place import PlaceKind
from desktop.core.text.clean_text import encodable
from desktop.core.text.find import comparable

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
        return all(word in text for word in self.words)
