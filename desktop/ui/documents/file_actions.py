"""The actions that a user can ask for at a file that goes with the message: one union, which the presenter matches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from desktop.core.model import ModelChoice


@dataclass(frozen=True, slots=True)
class OpenPreview:
    """The text that is sent of it, to read and to choose from; of a picture, the picture."""


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """The message without this file."""


@dataclass(frozen=True, slots=True)
class BringBackFile:
    """The file that was taken out last, where it stood."""


@dataclass(frozen=True, slots=True)
class MoveFile:
    """Another place among the files: one to the left (-1) or to the right (1)."""

    step: int


@dataclass(frozen=True, slots=True)
class GivePassword:
    """The password that it is opened with."""

    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendPages:
    """Pages of it as pictures, by their numbers."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SwitchModel:
    """Another model, which can look at it."""

    choice: ModelChoice


FileAction = OpenPreview | RemoveFile | BringBackFile | MoveFile | GivePassword | SendPages | SwitchModel

AskOfFile = Callable[[FileAction], None]
"""Takes what is asked for at one file."""
