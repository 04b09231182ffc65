"""The actions that a user can ask for at a message: one union, which buttons and menus name and presenters match.

A new action is a class here, a button that asks for it, and a `case` where it is done; `assert_never` finds the places.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.core.sign import SignKind
    from desktop.rendering.text.leaves import Table
    from desktop.ui.errors import ErrorAction
    from desktop.ui.look.panel_preference import PanelPreference


class ReplyStep(StrEnum):
    """A button in words below a reply that thinks, or that ended with thinking alone; the likeliest first."""

    ANSWER_NOW = "answer_now"
    WITHOUT_THINKING = "without_thinking"
    MORE_ROOM = "more_room"


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Another reply to the same question."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Other words in the place of the user's."""


@dataclass(frozen=True, slots=True)
class Continue:
    """The rest of a reply that broke off."""


@dataclass(frozen=True, slots=True)
class StartFresh:
    """A new conversation that leaves this one's answers behind; `sign`: the kind of sign at which it was asked for."""

    sign: SignKind | None = None


@dataclass(frozen=True, slots=True)
class AskInLanguage:
    """The same answer in the user's language, by its two letters."""

    language: str


@dataclass(frozen=True, slots=True)
class TakeStep:
    """The next step of a reply that thinks, or has only thought."""

    step: ReplyStep


@dataclass(frozen=True, slots=True)
class ShowVersion:
    """Another version of the message, counted from 1."""

    version: int


@dataclass(frozen=True, slots=True)
class Resplit:
    """All words on one side: the answer was `thinking`, or else the thinking was the answer."""

    thinking: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of the running reply."""


@dataclass(frozen=True, slots=True)
class Recover:
    """A step that the card of a failed reply offers, but for trying again."""

    step: ErrorAction


@dataclass(frozen=True, slots=True)
class OpenLink:
    """The page that a link of the message leads to."""

    address: str


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that went with the message, by its place among them: the text that was sent, or the picture."""

    index: int


@dataclass(frozen=True, slots=True)
class ShowEvidence:
    """The place in a file of a thing that the answer says, by its index in the answer's evidence."""

    thing: int


@dataclass(frozen=True, slots=True)
class SendAgain:
    """A message among those that are sent once more, which the user had left out to make room."""


@dataclass(frozen=True, slots=True)
class TakeAlong:
    """The message in a file or on paper, or these messages, by their ids."""

    message_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeepAsExample:
    """The answer as an example in the prompt builder."""


@dataclass(frozen=True, slots=True)
class SaveTable:
    """A table of the message in a file of its own, for a spreadsheet."""

    table: Table


@dataclass(frozen=True, slots=True)
class HideSignKind:
    """A kind of signs of trouble that is not wanted any more."""

    kind: SignKind


@dataclass(frozen=True, slots=True)
class SetPanels:
    """The way in which thinking panels open, from now on."""

    preference: PanelPreference


MessageAction = (
    TryAgain
    | Edit
    | Continue
    | StartFresh
    | AskInLanguage
    | TakeStep
    | ShowVersion
    | Resplit
    | Stop
    | Recover
    | OpenLink
    | OpenFile
    | ShowEvidence
    | SendAgain
    | TakeAlong
    | KeepAsExample
    | SaveTable
    | HideSignKind
    | SetPanels
)

Ask = Callable[[MessageAction], None]
"""Takes what is asked for at one message; given to everything in that message which has buttons."""
