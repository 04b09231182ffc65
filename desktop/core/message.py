"""Messages: their roles, their typed parts, how they ended, what they cost, and the signs of trouble in them.

Values only. Growing a reply from a stream is `reply.ReplyBuilder`; storing messages is `store`. A sign is a kind, and
the evidence for it: never a score, and never a guess at who wrote something. The rules that find signs stand in
`signs`; the sentences that the user reads are chosen by kind in the window.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from desktop.core.place import Place


class SignKind(StrEnum):
    """Fault that a reply can have, the gravest first. In brackets: which of a `Sign`'s values it has.

    The words are stored with replies, and in the settings where a kind is switched off.
    """

    GAVE_IN = "gave_in"  # to an objection without a reason (excerpt; other: the values one after another, if any)
    CONTEXT_CUT = "context_cut"  # the server read far less than was sent (counts: tokens counted, tokens sent at least)
    NO_ANSWER = "no_answer"  # it thought, and said nothing
    BEGAN_AGAIN = "began_again"  # instead of going on with what it had begun (excerpt)
    LOOP = "loop"  # (excerpt; in_thinking)
    CUT_OFF = "cut_off"  # by a limit (answer_limit, if ours), or in the middle of a sentence (excerpt)
    OPPOSITE = "opposite"  # of an earlier answer to the same yes/no question (excerpt, other)
    UNFILLED = "unfilled"  # blanks in an answer that was to be finished (excerpt)
    REPEATS_EARLIER = "repeats_earlier"  # an earlier answer, to another question (excerpt, other: that question)
    OTHER_LANGUAGE = "other_language"  # than the user's (excerpt; other: the user's, of a first answer: "zh")
    UNGIVEN = "ungiven"  # a source that the model has from its memory (excerpt)


def kinds_off(stored: Collection[str]) -> frozenset[str]:
    """Return the kinds that are not shown; of a user who had switched all off before blanks were a kind, those too."""
    all_kinds = frozenset(each.value for each in SignKind)
    return frozenset(stored) | (all_kinds if all_kinds - {SignKind.UNFILLED} <= set(stored) else frozenset())


@dataclass(frozen=True, slots=True)
class Sign:
    """Sign of trouble. `excerpt` stands in the reply, `other` in what it was compared with; both are short.

    `answer_limit`: the tokens at which the program ended the answer because its model is very small.
    """

    kind: SignKind
    excerpt: str = ""
    other: str = ""
    counts: tuple[int, int] | None = None
    in_thinking: bool = False
    answer_limit: int | None = None


_LONGEST_EXCERPT = 160  # characters: two lines


def excerpt(text: str) -> str:
    """Return a text as evidence: in one line, shortened."""
    flat = " ".join(text[: 4 * _LONGEST_EXCERPT].split())
    return flat if len(flat) <= _LONGEST_EXCERPT else f"{flat[: _LONGEST_EXCERPT - 1].rstrip()}…"


def tail_excerpt(text: str) -> str:
    """Return the end of a text as evidence."""
    flat = " ".join(text[-_LONGEST_EXCERPT:].split())
    return flat if len(text) <= _LONGEST_EXCERPT else f"…{flat[-_LONGEST_EXCERPT // 2 :].lstrip()}"


def has_kind(signs: Iterable[Sign], kind: SignKind) -> bool:
    """Return True if a sign of this kind is among them."""
    return any(sign.kind is kind for sign in signs)


def answer_limit_in(signs: Iterable[Sign]) -> int | None:
    """Return the limit of the program's own that is among these signs, in tokens; None where there is none."""
    return next((sign.answer_limit for sign in signs if sign.answer_limit), None)


class Role(StrEnum):
    """Speaker of a message, in the words of every chat protocol."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class Split(StrEnum):
    """Way in which the text of a model's replies is read."""

    AUTO = "auto"  # as the reply itself, and what was seen of the model, tell
    INSIDE = "inside"  # it begins within the thinking
    OUTSIDE = "outside"  # it begins with the answer, unless a tag says otherwise
    NONE = "none"  # it is the answer, whatever tags are in it


class MessageStatus(StrEnum):
    """State in which a message ended; the same words stand in the table `messages`."""

    STREAMING = "streaming"
    COMPLETE = "complete"
    STOPPED = "stopped"  # by the user
    CUT_OFF = "cut_off"  # by the token limit
    INTERRUPTED = "interrupted"  # by a crash or a broken stream
    FAILED = "failed"

    @property
    def is_running(self) -> bool:
        return self is MessageStatus.STREAMING


@dataclass(frozen=True, slots=True)
class TextPart:
    """Text that was said: Markdown for a model, plain words for the user."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningPart:
    """Thinking of a model. Shown apart, stored, and never sent back, but to continue the very reply that it led to.

    `elsewhere`: it is not of the model and place that the message names, since another began the reply. It stands in
    front of their own, and is sent to nobody.
    """

    text: str
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """Place in a file of the words that begin at letter `offset` of an attachment's text.

    `section` is the number of the page, sheet or slide; `place` says where in it, in the terms of the format: see
    `documents.document.Block`. Behind it stand the numbers of the columns that were sent, where others of the rows were
    left out.
    """

    offset: int
    section: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentPart:
    """Text taken from a file that the user attached, exactly as it is sent, with marks of its pages.

    `digest` names the file among those that are kept (SHA-256, in hexadecimal digits); empty where it is not kept.
    `extent` says in words which part of it this is ("pages 4 and 7 of 14"); empty for all of it. `folder`: the id of
    the folder that it was found in, `path` where below that, `passages` how many it is; empty for a file that the user
    gave. `searched`: how many files of the folder had been read by then, of so many, where that was not all of them.
    """

    name: str
    media_type: str
    text: str
    digest: str = ""
    extent: str = ""
    anchors: tuple[Anchor, ...] = ()
    folder: str = ""
    path: str = ""
    passages: int = 0
    searched: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ImagePart:
    """Picture that the user attached: JPEG or PNG, upright, without its metadata; sizes in pixels.

    `digest` names its bytes among the files that are kept; they are read when the message is sent or shown.
    """

    name: str
    media_type: str
    digest: str
    width: int = 0
    height: int = 0


FilePart = AttachmentPart | ImagePart
Part = TextPart | ReasoningPart | AttachmentPart | ImagePart


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts as the server reported them; None where it said nothing.

    `completion_tokens` includes `reasoning_tokens`, as at every provider read so far.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    cached_tokens: int | None = None

    @property
    def counted_prompt(self) -> int:
        """The most that the prompt can have been, since some servers count apart what they had read before."""
        return (self.prompt_tokens or 0) + (self.cached_tokens or 0)


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds that a reply spent in each phase; stored, so that they are the same after a restart."""

    connecting: float = 0.0
    loading: float = 0.0
    reading: float = 0.0
    thinking: float = 0.0
    answering: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """Reason why a reply failed, as plain values that can be stored; `kind` is `BackendError.kind`.

    `detail` is the server's own text, for the curious; the sentence for the user is chosen in `ui/errors.py`. `needed`
    and `available` are tokens, where a request did not fit and the server told them.
    """

    kind: str
    detail: str = ""
    host: str = ""
    status: int | None = None
    reason: str = ""
    needed: int | None = None
    available: int | None = None


class AnswerWay(StrEnum):
    """Way to an answer from thinking that was not at its end; the same words stand in the table `messages`."""

    SAME_STREAM = "same_stream"  # the server was told to end the thinking, and went on with the answer
    CONTINUED = "continued"  # the reply was sent back with its thinking closed, and the server went on behind it
    ASKED = "asked"  # the question was asked again, without thinking, with the end of the thinking as notes
    ASKED_AFRESH = "asked_afresh"  # the same without notes, where none may be sent or nothing was shown


@dataclass(frozen=True, slots=True)
class EarlyAnswer:
    """End of the thinking from outside, and the way to the answer; `by_limit`: by the conversation's limit."""

    way: AnswerWay
    by_limit: bool = False


def new_id() -> str:
    """Return a random identifier for a message, a conversation or a connection (32 hexadecimal digits)."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Message of a conversation's tree; `created_at` in seconds since the epoch.

    `signs` are the signs of trouble that were found in a reply after its end.
    """

    role: Role
    parts: tuple[Part, ...] = ()
    id: str = field(default_factory=new_id)
    parent_id: str | None = None
    status: MessageStatus = MessageStatus.COMPLETE
    model: str = ""
    place: Place | None = None
    usage: Usage | None = None
    timings: Timings | None = None
    failure: Failure | None = None
    early: EarlyAnswer | None = None
    signs: tuple[Sign, ...] = ()
    created_at: float = field(default_factory=time.time)

    @property
    def text(self) -> str:
        """The text without the thinking."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def reasoning(self) -> str:
        """The thinking without the answer."""
        return "".join(part.text for part in self.parts if isinstance(part, ReasoningPart))

    @property
    def files(self) -> tuple[FilePart, ...]:
        """The files that belong to it, in their order."""
        return tuple(part for part in self.parts if isinstance(part, AttachmentPart | ImagePart))

    @property
    def pictures(self) -> tuple[ImagePart, ...]:
        """The pictures that belong to it, in their order."""
        return tuple(part for part in self.parts if isinstance(part, ImagePart))

    @property
    def passages(self) -> tuple[AttachmentPart, ...]:
        """What was found for it in folders, one part for each file."""
        return tuple(part for part in self.parts if isinstance(part, AttachmentPart) and part.folder)

    @property
    def without_passages(self) -> Message:
        """The message as it is sent once it has been answered: passages go with their own question alone."""
        found = self.passages
        return replace(self, parts=tuple(part for part in self.parts if part not in found)) if found else self

    @property
    def own_reasoning(self) -> str:
        """The thinking of the model and place that the message names, which they may see again."""
        return "".join(part.text for part in self.parts if isinstance(part, ReasoningPart) and not part.elsewhere)

    @property
    def reasoning_from_elsewhere(self) -> str:
        """The beginning of the thinking that is not of the model and place that the message names."""
        return "".join(part.text for part in self.parts if isinstance(part, ReasoningPart) and part.elsewhere)


@dataclass(frozen=True, slots=True)
class QueuedText:
    """Text with files that waits to be sent after a running reply."""

    text: str
    files: tuple[FilePart, ...] = ()

    @property
    def words(self) -> str:
        """The text with the names of its files, as it is shown and asked about."""
        files = user_message("", attached=self.files).without_passages.files
        return "\n\n".join([*(part.name for part in files), *([self.text] if self.text else [])])


def in_line(messages: Iterable[Message], parent_id: str | None) -> list[Message]:
    """Return the messages as a line of the tree: each below the one before, the first below `parent_id`."""
    placed: list[Message] = []
    for message in messages:
        placed.append(replace(message, parent_id=placed[-1].id if placed else parent_id))
    return placed


def user_message(text: str, parent_id: str | None = None, attached: Iterable[FilePart] = ()) -> Message:
    """Return a finished message of the user."""
    return Message(role=Role.USER, parts=(TextPart(text), *attached), parent_id=parent_id)


@dataclass(frozen=True, slots=True)
class PathEntry:
    """Message of the path. `letters` are the characters of its text, `lines` the line feeds in it.

    It is number `version` of the `versions` that stand beside each other under one parent, the oldest first.
    """

    id: str
    role: Role
    letters: int
    lines: int
    version: int = 1
    versions: int = 1


def entry_of(message: Message, version: int = 1, versions: int = 1) -> PathEntry:
    """Return the entry of a message whose words are at hand."""
    text = message.text
    return PathEntry(message.id, message.role, len(text), text.count("\n"), version, versions)
