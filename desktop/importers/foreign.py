"""What all foreign conversations have in common: values of which nothing is taken for granted, and a tree of branches.

The module of a program reads its names and values; roles, the tree, and thinking that has a branch of its own are here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.events import ReasoningDelta, TextDelta
from desktop.core.exporting import ImportedConversation, as_own
from desktop.core.message import AttachmentPart, Message, Part, ReasoningPart, Role, TextPart
from desktop.core.text.clean_text import encodable
from desktop.core.think_tags import ThinkTagSplitter

_LATEST = 4_102_444_800.0  # the year 2100, in seconds since the epoch; beyond it are milliseconds and nonsense
_FOLDED = re.compile(
    r'\s*<details type="(reasoning|tool_calls)"[^>]*>\s*(?:<summary>.*?</summary>)?(.*?)</details>\s*', re.DOTALL
)
_QUOTED = re.compile(r"^> ?", re.MULTILINE)


def said(value: Any) -> str:
    """Return a text that can be kept and shown, or an empty one for anything else."""
    return encodable(value) if isinstance(value, str) else ""


class Record(dict[str, Any]):
    """Object of a foreign file. What is asked for by several names is the first that holds something."""

    @classmethod
    def of(cls, value: Any) -> Record:
        """Return a mapping, or an empty one for anything else."""
        return cls(value if isinstance(value, dict) else {})

    def text(self, *names: str) -> str:
        """Return a text that can be kept and shown; empty for anything else."""
        return said(next(filter(None, map(self.get, names)), None))

    def moment(self, *names: str) -> float:
        """Return seconds since the epoch; 0 for what is no moment."""
        return moment(next(filter(None, map(self.get, names)), None))

    def inside(self, name: str) -> Record:
        """Return an object within it; an empty one for anything else."""
        return Record.of(self.get(name))

    def records(self, name: str) -> list[Record]:
        """Return the objects in a list; none for anything else."""
        return records(self.get(name))


def records(value: Any) -> list[Record]:
    """Return the objects in a list; none for anything else."""
    return [Record(each) for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def moment(value: Any) -> float:
    """Return seconds since the epoch, of seconds, milliseconds, nanoseconds or a date of ISO 8601; 0 for all else."""
    if isinstance(value, str):
        return _moment_of_date(value)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < float("inf"):
        return 0.0
    seconds = float(value)
    while seconds > _LATEST:
        seconds /= 1000
    return seconds


def _moment_of_date(text: str) -> float:
    try:
        date = datetime.fromisoformat(text)
        return max(0.0, (date if date.tzinfo is not None else date.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return 0.0


def unfolded(text: str) -> tuple[str, str]:
    """Return the thinking that stands folded in an answer, and the answer without it and without calls of tools."""
    thoughts: list[str] = []

    def note(found: re.Match[str]) -> str:
        if found[1] == "reasoning":
            thoughts.append(_QUOTED.sub("", html.unescape(found[2]).strip()))
        return "\n\n" if found.start() > 0 else ""

    answer = _FOLDED.sub(note, text)
    return "\n\n".join(filter(None, thoughts)), answer


def untagged(text: str) -> tuple[str, str]:
    """Return the thinking that stands between tags in an answer, and the answer."""
    splitter = ThinkTagSplitter()
    deltas = [*splitter.feed(text), *splitter.close()]
    thinking = "".join(each.text for each in deltas if isinstance(each, ReasoningDelta))
    return thinking.strip(), "".join(each.text for each in deltas if isinstance(each, TextDelta))


_ROLES = {"user": Role.USER, "human": Role.USER, "assistant": Role.ASSISTANT, "model": Role.ASSISTANT}
_LONGEST_TITLE = 300  # letters; more is no title, and would be drawn in a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """Branch in a foreign tree: the id of the one that it hangs on, and the message there.

    `role` is the program's own word. A branch whose role says nothing here, or without parts, is no message: what hangs
    on it hangs on the next one above.
    """

    id: str
    parent: str = ""
    role: str = ""
    parts: tuple[Part, ...] = ()
    model: str = ""
    created_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A conversation as another program has it."""

    program: str
    id: str
    title: str = ""
    created_at: float = 0.0
    updated_at: float = 0.0
    pinned: bool = False
    system: str = ""

    def with_branches(self, branches: Iterable[Branch], head: str = "") -> ImportedConversation:
        """Return it as one of Candor's, with the messages at these branches; `head` is the end of the path it shows."""
        by_id = {branch.id: branch for branch in branches}
        messages = [self._message(branch, by_id) for branch in by_id.values() if _has_message(branch)]
        conversation = Conversation(
            title=self.title[:_LONGEST_TITLE],
            id=self.id or head,
            head_id=_nearest(head, by_id),
            created_at=self.created_at or self.updated_at,
            updated_at=self.updated_at or self.created_at,
            pinned=self.pinned,
            settings=ConversationSettings(system=self.system),
        )
        return as_own(self.program, conversation, _without_preludes(messages))

    def _message(self, branch: Branch, by_id: Mapping[str, Branch]) -> Message:
        role = _ROLES[branch.role]
        return Message(
            role=role,
            parts=branch.parts,
            id=branch.id,
            parent_id=_nearest(branch.parent, by_id),
            model=branch.model if role is Role.ASSISTANT else "",
            created_at=branch.created_at or self.created_at,
        )


def spoken(texts: Iterable[str], thoughts: Iterable[str] = (), files: Iterable[Part] = ()) -> tuple[Part, ...]:
    """Return the parts of a message: thinking before what was said of it, files behind; none that is empty."""
    text, thinking = ("\n\n".join(filter(None, each)) for each in (texts, thoughts))
    thought = [ReasoningPart(thinking)] if thinking.strip() else []
    return (*thought, *([TextPart(text)] if text.strip() else []), *files)


def named_file(name: str, media_type: str = "", text: str = "") -> AttachmentPart:
    """Return a file of which no more came along than its name, and the text that was taken from it, if any."""
    return AttachmentPart(" ".join(name.split())[:_LONGEST_TITLE] or "file", media_type, text)


def _has_message(branch: Branch) -> bool:
    return branch.role in _ROLES and bool(branch.parts)


def _nearest(name: str, by_id: Mapping[str, Branch]) -> str | None:
    """Return the branch of this name if it has a message, or else the nearest above it."""
    seen: set[str] = set()
    while name in by_id and name not in seen:
        if _has_message(by_id[name]):
            return name
        seen.add(name)
        name = by_id[name].parent
    return None


def _without_preludes(messages: list[Message]) -> list[Message]:
    """Return the messages with thinking that had a branch of its own put in front of each answer that hangs on it."""
    followers: dict[str | None, set[Role]] = {}
    for message in messages:
        followers.setdefault(message.parent_id, set()).add(message.role)
    preludes = {each.id: each for each in messages if _is_prelude(each) and followers.get(each.id) == {Role.ASSISTANT}}
    return [_led(each, preludes) for each in messages if each.id not in preludes]


def _is_prelude(message: Message) -> bool:
    return message.role is Role.ASSISTANT and bool(message.reasoning) and not message.text and not message.files


def _led(message: Message, preludes: dict[str, Message]) -> Message:
    seen: set[str] = set()
    while (before := preludes.get(message.parent_id or "")) is not None and before.id not in seen:
        seen.add(before.id)
        message = replace(message, parts=(*before.parts, *message.parts), parent_id=before.parent_id)
    return message
