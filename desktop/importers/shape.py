"""The shape that all foreign conversations come to: branches of a tree, some with a message, made into Candor's own.

Each program's module reads its own names and values; roles, the tree, and thinking that has a branch of its own are the
same for all, and here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.exporting import ImportedConversation, as_own
from desktop.core.message import AttachmentPart, Message, Part, ReasoningPart, Role, TextPart

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
