"""A message that the user wants to send, before it is decided how, or if, it goes: a value, and who waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop.core.message import FilePart, ImagePart, Message, user_message
from desktop.core.request import outgoing_text
from desktop.runtime.documents.files import Attachments


def nobody_waits(_: str) -> None:
    """Do nothing about a message that was sent."""


def no_files() -> bool:
    """Make no files of long texts: there are none."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingMessage:
    """Message that is about to be sent.

    `earlier`: messages to stand before it, as if they had been said. `in_place_of`: the id of the message that it is
    another version of; empty for a new one. `source`: what its files are parts of, where they can be chosen from.
    `is_written`: it stands in the message box with its files. `on_sent` is called with its id, once it has one.
    `words_alone` is its text without the long ones that were pasted; `make_files` makes files of these, which can be
    taken apart, and has the message sent with them. It returns False if nothing came of it.
    """

    text: str
    files: tuple[FilePart, ...] = ()
    source: Attachments | None = None
    earlier: tuple[Message, ...] = ()
    in_place_of: str = ""
    is_written: bool = False
    on_sent: Callable[[str], None] = nobody_waits
    words_alone: str = ""
    make_files: Callable[[], bool] = no_files

    @property
    def words(self) -> str:
        """All its words as they are sent, its files, and the names of its pictures, for who is asked about them."""
        pictures = [part.name for part in self.files if isinstance(part, ImagePart)]
        return "\n\n".join([*pictures, outgoing_text(self.as_message)])

    @property
    def as_message(self) -> Message:
        """The message with all that stands before it, to be measured."""
        words = "\n\n".join([*(each.text for each in self.earlier), self.text])
        return user_message(words, attached=self.files)
