"""The seam between the program and the formats in which a conversation is taken along; one module of `exporters/` each.

Here stands what every format is given, and what it has to be. How a file looks is the format's business, where it is
written the program's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Protocol

from desktop.core.conversation import Conversation
from desktop.core.message import AttachmentPart, Message, MessageStatus, Role
from desktop.core.place import Place


class ExportPart(StrEnum):
    """Parts of an export that the user may leave out."""

    THINKING = "thinking"
    MODEL = "model"
    PLACE = "place"
    TIME = "time"
    SOURCES = "sources"  # where in the files stands what an answer says


ALL_PARTS = frozenset(ExportPart)
WITHOUT_THINKING = ALL_PARTS - {ExportPart.THINKING}

_FILE = re.compile(r"[\\~]|^/|\.gguf$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWords:
    """The words of the export itself, in the user's language; `place_name` names the place that words went to.

    `thinking_head` is followed by what was thought; `files` returns the line with the names of a message's files.
    `incomplete` is said of an answer that did not come to its end.
    `language` is that language as in `lang="zh-CN"`, `letter_paper` True where paper is not A4.
    """

    untitled: str
    you: str
    answer: str
    thinking: str
    thinking_head: str
    files: Callable[[Sequence[str]], str]
    place_name: Callable[[Place], str]
    incomplete: str = "incomplete"
    language: str = "en"
    letter_paper: bool = False


def _say_nothing(_share: float) -> None:
    """Drop a report of progress."""


def _have_none(_digest: str) -> None:
    """Have no bytes of any picture."""


@dataclass(frozen=True, slots=True)
class Export:
    """The messages of a conversation's path, the first question first, to be written to a file.

    `read_picture` returns the bytes of a picture by its digest, or None if they are gone. `progress` is told the share
    that has been written, and raises what ends the writing when the user cancels it. `sources` has a line for each
    answer that was found in files, by its id: in which, and where in them.
    """

    conversation: Conversation
    messages: Sequence[Message]
    words: ExportWords
    parts: frozenset[ExportPart] = WITHOUT_THINKING
    progress: Callable[[float], None] = _say_nothing
    read_picture: Callable[[str], bytes | None] = _have_none
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def with_thinking(self) -> bool:
        """True if what the model thought belongs to it."""
        return ExportPart.THINKING in self.parts

    def each(self) -> Iterator[Message]:
        """Yield the messages, and report how far that has come."""
        return (message for message, _ in self.each_with_progress())

    def each_with_progress(self) -> Iterator[tuple[Message, Callable[[float], None]]]:
        """Yield the messages, each with what reports the share of it that is done; and report how far that has come."""
        sizes = [len(message.text) + len(message.reasoning) + 1 for message in self.messages]
        whole, done = sum(sizes), 0
        for message, size in zip(self.messages, sizes, strict=True):
            self.progress(done / whole)
            yield message, partial(self._report, done, size, whole)
            done += size
        self.progress(1.0)

    def _report(self, done: int, size: int, whole: int, share: float) -> None:
        self.progress((done + share * size) / whole)

    def author(self) -> str:
        """Return the model that wrote the answers, the last where there are several; empty where it is left out."""
        if ExportPart.MODEL not in self.parts:
            return ""
        models = (message.model for message in reversed(self.messages) if message.role is not Role.USER)
        return next((name for name in map(model_name, models) if name), "")

    def heading(self, message: Message) -> list[str]:
        """Return who wrote a message, and its circumstances, as far as they are wanted."""
        return [self.speaker(message), *self.circumstances(message)]

    @property
    def title(self) -> str:
        """The conversation's title in one line."""
        return " ".join(self.conversation.title.split()) or self.words.untitled

    def speaker(self, message: Message) -> str:
        """Return who wrote a message: the user, or the name of the model."""
        if message.role is Role.USER:
            return self.words.you
        name = model_name(message.model) if ExportPart.MODEL in self.parts else ""
        return name or self.words.answer

    def files(self, message: Message) -> list[str]:
        """Return the names of a message's files, each in one line with the part of it that was sent."""
        named = []
        for part in message.files:
            extent = part.extent if isinstance(part, AttachmentPart) else ""
            named.append(" ".join((f"{part.name} ({extent})" if extent else part.name).split()))
        return named

    def sources_of(self, message: Message) -> str:
        """Return the line of a message's sources, if that is wanted; empty if it has none."""
        return self.sources.get(message.id, "") if ExportPart.SOURCES in self.parts else ""

    def circumstances(self, message: Message) -> list[str]:
        """Return when a message was written, in local time, and for an answer where its words came from.

        And that it is incomplete, where it is.
        """
        found = []
        if ExportPart.TIME in self.parts:
            found.append(datetime.fromtimestamp(message.created_at).strftime("%Y-%m-%d %H:%M"))
        if ExportPart.PLACE in self.parts and message.role is not Role.USER and message.place is not None:
            found.append(self.words.place_name(message.place))
        if message.role is not Role.USER and message.status is not MessageStatus.COMPLETE:
            found.append(self.words.incomplete)
        return found


def model_name(name: str) -> str:
    """Return a model's name in one line; of a file of the user's only the name, without its folders."""
    line = " ".join(name.split())
    if _FILE.search(line):
        line = re.split(r"[\\/]", line)[-1]
    return re.sub(r"\.gguf$", "", line, flags=re.IGNORECASE)


def markdown_with_thinking(message: Message) -> str:
    """Return the thinking as a quotation, then the answer. Nothing in the thinking can end the quotation."""
    quoted = "\n".join(f"> {line}".rstrip() for line in message.reasoning.strip().splitlines())
    return "\n\n".join(piece for piece in (quoted, message.text.strip("\r\n")) if piece)


class ExportFormat(Protocol):
    """A format of files; each module of `exporters/` is one.

    `NAME` is what the user chooses it by, marked with `QT_TRANSLATE_NOOP("export", …)`. `ENDING` ends the names of its
    files: a dot and lower-case letters, and no two formats have the same. `PARTS` are those that can be left out. One
    that `HAS_VERSIONS` is given the whole tree of a conversation's messages, and not only the path that is shown.
    """

    NAME: str
    ENDING: str
    PARTS: frozenset[ExportPart]
    HAS_VERSIONS: bool

    def write(self, export: Export) -> bytes:
        """Return the content of the file. Runs on a thread of its own, and touches neither disk nor network."""
        ...
