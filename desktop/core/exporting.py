"""The seams to files of conversations: the formats in which one is taken along, and what a file holds that comes in.

A format is a module of `exporters/`; here stands what every one is given, and what it has to be. How a file looks is
the format's business, where it is written the program's. What comes in are conversations with their trees, before any
of it is taken, and what is wrong: plain values for JSON, every field by its name, so that nothing is left out. It is
checked against the types of the fields; a value of another type is refused, an unknown name is passed over, and a
missing one has its default. `docs/take-along.md` describes the file.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from hashlib import sha256
from typing import Any, Protocol, assert_never

from desktop.core.conversation import Conversation, is_temporary
from desktop.core.converting import UnusableError, as_dict, converted
from desktop.core.message import AttachmentPart, ImagePart, Message, MessageStatus, Part, ReasoningPart, Role, TextPart
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


FORMAT = "candor-conversations"
VERSION = 2  # since 2, the bytes of pictures
PICTURES = "pictures"

_KINDS: dict[str, type[Part]] = {
    "text": TextPart,
    "thinking": ReasoningPart,
    "file": AttachmentPart,
    "picture": ImagePart,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def to_plain(message: Message) -> dict[str, Any]:
    """Return a message as dictionaries, lists, texts, numbers and None. Defaults are left out."""
    parts = [{"kind": _NAMES[type(part)], **as_dict(part, without_defaults=True)} for part in message.parts]
    return as_dict(message, without_defaults=True) | {"parts": parts}


def message_from(record: Any) -> Message:
    """Return the message that plain values stand for. Raises `UnusableError`."""
    listed = record.get("parts", []) if isinstance(record, dict) else None
    if not isinstance(listed, list):
        raise UnusableError("no message")
    message = converted(Message, record | {"parts": []}, whole=True)
    return replace(message, parts=tuple(map(_part, listed)))


def _part(record: Any) -> Part:
    kind = _KINDS.get(str(record.get("kind"))) if isinstance(record, dict) else None
    if kind is None:
        raise UnusableError("no part of a message")
    return converted(kind, record, whole=True)


def pictures_to_plain(messages: Iterable[Message], read: Callable[[str], bytes | None]) -> dict[str, str]:
    """Return the bytes of all pictures by their digests, in base64; `read` returns None for those that are gone."""
    digests = dict.fromkeys(picture.digest for message in messages for picture in message.pictures)
    found = {digest: content for digest in digests if (content := read(digest)) is not None}
    return {digest: b64encode(content).decode("ascii") for digest, content in found.items()}


def pictures_of(record: Any) -> dict[str, bytes]:
    """Return the bytes of the pictures of a conversation's record, without those that are not what their name says."""
    listed = record.get(PICTURES)
    found: dict[str, bytes] = {}
    for digest, text in listed.items() if isinstance(listed, dict) else ():
        try:
            content = b64decode(text, validate=True)
        except (ValueError, TypeError):
            continue
        if sha256(content).hexdigest() == digest:
            found[digest] = content
    return found


MOST_BYTES = 200 * 1024 * 1024
"""Of one conversation, or of a backup that is read whole; what it comes to in memory is several times as much."""
MOST_WHOLE_BYTES = 8 * 1024 * 1024 * 1024
"""Of a file that is read conversation by conversation; more is no export, but an archive made to fill a disk."""


class ImportFault(StrEnum):
    """The reasons why a file brings nothing."""

    TOO_LARGE = "too_large"
    BROKEN = "broken"  # no JSON, or its end is missing
    UNKNOWN = "unknown"  # of a program whose files are not known
    NEWER = "newer"  # of a newer version of this program
    SEALED = "sealed"  # a copy of another program's own database, which only that program can read
    UNREADABLE = "unreadable"  # by the system
    EMPTY = "empty"  # without a message that could be brought


class ImportFaultError(Exception):
    """Error for a file that brings nothing."""

    def __init__(self, fault: ImportFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class ImportedConversation:
    """A conversation from a file, with all its messages: each after the one that it answers.

    `pictures` are the bytes of those of its pictures that came along, by their digests; `program` is what wrote it.
    """

    conversation: Conversation
    messages: tuple[Message, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    program: str = ""


@dataclass(frozen=True, slots=True)
class BrokenConversation:
    """A conversation, or a stretch of a file, that could not be read; `title` is what is known of it."""

    title: str
    fault: ImportFault


Imported = ImportedConversation | BrokenConversation


@dataclass(frozen=True, slots=True)
class FoundConversation:
    """A conversation of a file as a list shows it; its messages are read again when it is taken."""

    conversation: Conversation
    count: int  # of messages


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """The conversations of a file or folder, what could not be read of it, and the programs that wrote it."""

    programs: tuple[str, ...]
    conversations: tuple[FoundConversation, ...]
    broken: tuple[BrokenConversation, ...] = ()


def summary(entries: Iterable[Imported]) -> ImportedFile:
    """Return what a file holds, without the messages. Of two conversations with the same id, the first counts.

    Raises `ImportFaultError` if it holds nothing.
    """
    programs: dict[str, None] = {}
    found: dict[str, FoundConversation] = {}
    broken: list[BrokenConversation] = []
    for entry in entries:
        match entry:
            case BrokenConversation():
                broken.append(entry)
            case ImportedConversation():
                programs[entry.program] = None
                one = FoundConversation(entry.conversation, len(entry.messages))
                found.setdefault(entry.conversation.id, one)
            case _:
                assert_never(entry)
    if not found:
        raise ImportFaultError(broken[0].fault if broken else ImportFault.UNKNOWN)
    return ImportedFile(tuple(programs), tuple(found.values()), tuple(broken))


def as_own(source: str, conversation: Conversation, messages: Iterable[Message]) -> ImportedConversation:
    """Return a conversation under ids that are the same whenever it is read, and that no other file can name.

    Its own id stays if `source` is empty. Messages that hang in the air, or on each other, become first ones.
    """
    keeps = not source and not is_temporary(conversation.id)
    own = conversation.id if keeps else _hashed(source or "temporary", conversation.id)
    by_id = {message.id: message for message in messages}
    ordered: dict[str, Message] = {}
    for start in by_id.values():
        way: dict[str, Message] = {}
        at: Message | None = start
        while at is not None and at.id not in ordered and at.id not in way:
            way[at.id] = at
            at = by_id.get(at.parent_id or "")
        for message in reversed(way.values()):
            ordered[message.id] = _owned(own, message, message.parent_id if message.parent_id in ordered else None)
    head = conversation.head_id if conversation.head_id in ordered else next(reversed(ordered), None)
    settings = conversation.settings
    left_out = tuple(_hashed(own, each) for each in settings.left_out)
    return ImportedConversation(
        replace(
            conversation,
            id=own,
            head_id=_hashed(own, head) if head is not None else None,
            origin=None,
            settings=replace(settings, left_out=left_out, unread=False, folder=""),
        ),
        tuple(ordered.values()),
        program=source,
    )


def _owned(conversation_id: str, message: Message, parent_id: str | None) -> Message:
    status = MessageStatus.INTERRUPTED if message.status is MessageStatus.STREAMING else message.status
    parent = _hashed(conversation_id, parent_id) if parent_id is not None else None
    return replace(message, id=_hashed(conversation_id, message.id), parent_id=parent, status=status)


def _hashed(source: str, name: str) -> str:
    return hashlib.sha256(f"{source}/{name}".encode("utf-8", "backslashreplace")).hexdigest()[:32]
