"""The seam between the program and the formats in which a conversation is taken along; one module of `exporters/` each.

Here stands what every format is given, and what it has to be. How a file looks is the format's business, where it is
written the program's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from desktop.core.conversation import Conversation
from desktop.core.message import AttachmentPart, Message, Role
from desktop.core.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWords:
    """The words of the export itself, in the user's language; `place_name` names the place that words went to."""

    untitled: str
    you: str
    answer: str
    thinking: str
    files: str
    place_name: Callable[[Place], str]


@dataclass(frozen=True, slots=True)
class Export:
    """The messages of a conversation's path, the first question first, to be written to a file."""

    conversation: Conversation
    messages: Sequence[Message]
    words: ExportWords
    with_thinking: bool = False

    @property
    def title(self) -> str:
        """The conversation's title in one line."""
        return " ".join(self.conversation.title.split()) or self.words.untitled

    def speaker(self, message: Message) -> str:
        """Return who wrote a message: the user, or the name of the model."""
        if message.role is Role.USER:
            return self.words.you
        return " ".join(message.model.split()) or self.words.answer

    def files(self, message: Message) -> list[str]:
        """Return the names of a message's files, each in one line with the part of it that was sent."""
        named = []
        for part in message.files:
            extent = part.extent if isinstance(part, AttachmentPart) else ""
            named.append(" ".join((f"{part.name} ({extent})" if extent else part.name).split()))
        return named

    def circumstances(self, message: Message) -> list[str]:
        """Return when a message was written, in local time, and for an answer where its words came from."""
        moment = datetime.fromtimestamp(message.created_at).strftime("%Y-%m-%d %H:%M")
        if message.role is Role.USER or message.place is None:
            return [moment]
        return [moment, self.words.place_name(message.place)]


class ExportFormat(Protocol):
    """A format of files; each module of `exporters/` is one.

    `NAME` is what the user chooses it by, marked with `QT_TRANSLATE_NOOP("export", …)`. `ENDING` ends the names of its
    files: a dot and lower-case letters, and no two formats have the same.
    """

    NAME: str
    ENDING: str

    def write(self, export: Export) -> bytes:
        """Return the content of the file. Runs on a thread of its own, and touches neither disk nor network."""
        ...
