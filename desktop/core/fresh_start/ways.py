"""A fresh start: the ways to begin one, which is the usual, and what of the old conversation goes along.

A new conversation is the whole cure, so nothing that was said goes along by itself. What the user takes along on
purpose is worked out in `brief`; putting the new conversation in front is `runtime.fresh_start`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from desktop.core.conversation import Conversation, is_temporary, temporary_id
from desktop.core.message import FilePart, Message, PathEntry, Role, Usage, new_id
from desktop.core.sign import SignKind
from desktop.core.text.doubt import corrects, is_doubt

_FRESH, _FRESH_ZH = "Fresh: ", "重新开始："
# After so many, or when so much is taken, models forget what stood first and repeat what they said themselves.
_MANY_TURNS = 40
_FULL = 0.7  # of the window
# Once the next thing has been said, the new conversation is one in its own right, and undoing would throw words away.
_LONGEST_UNDONE = 2  # messages: a question and its answer


class FreshStart(StrEnum):
    """Beginning of the new conversation."""

    BLANK = "blank"
    ASK_AGAIN = "ask_again"  # the last question
    COMPARE = "compare"  # the last question too, and the old answer is to stand beside the new one
    CARRY_OVER = "carry_over"  # what the user said


@dataclass(frozen=True, slots=True)
class OutgoingDraft:
    """Content of one message of the user: words, and the files that go with them.

    `earlier` are turns that stand before it as examples, both sides written by the user.
    """

    text: str = ""
    attachments: tuple[FilePart, ...] = ()
    earlier: tuple[Message, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and not self.attachments


def said_in(message: Message, above: Sequence[Message] = (), left_out: Collection[str] = ()) -> OutgoingDraft:
    """Return a message of the user as it can be said once more, with the examples that stand right above it.

    The files of the messages above go along, since the question may be about them ("this contract"); not those of
    messages that are `left_out`.
    """
    begin = len(above)
    while begin >= 2 and is_example(above[begin - 1]) and above[begin - 2].role is Role.USER:
        begin -= 2
    examples = tuple(
        Message(role=each.role, parts=each.parts) for each in above[begin:]
    )  # new ones, with ids of theirs
    stood_on = (file for each in above[:begin] if each.id not in left_out for file in each.without_passages.files)
    return OutgoingDraft(message.text, tuple(dict.fromkeys((*stood_on, *message.without_passages.files))), examples)


def is_example(message: Message) -> bool:
    """Return True if it is an answer that no model gave: the user wrote it, to show what is wanted."""
    return message.role is Role.ASSISTANT and not message.model and message.place is None


# What the model lacks here is the source: the bare question would have it made up once more.
_WANT_THE_SOURCE = frozenset((SignKind.GAVE_IN, SignKind.OPPOSITE, SignKind.UNGIVEN))


def usual_start(*, has_question: bool, signs: Iterable[SignKind] = (), last_said: str = "") -> FreshStart:
    """Return what Enter does: the same question mostly gets a better answer without the old ones above it.

    Where something was made up (`signs`), or the user has only objected or corrected (`last_said`), what they gave is
    to go along, and the question with it.
    """
    if has_question and (is_doubt(last_said) or corrects(last_said) or not _WANT_THE_SOURCE.isdisjoint(signs)):
        return FreshStart.CARRY_OVER
    return FreshStart.ASK_AGAIN if has_question else FreshStart.BLANK


def asks_something(message: Message) -> bool:
    """Return True for a message of the user that says more than that the answer before it is wrong."""
    return message.role is Role.USER and (bool(message.files) or not is_doubt(message.text))


def fresh_title(title: str, *, is_chinese: bool) -> str:
    """Return the title of a conversation that goes on from one of this title; empty where that has none.

    The mark stands in front, where a narrow list still shows it, in the language of the window.
    """
    bare = title.strip()
    if not bare or bare.startswith((_FRESH, _FRESH_ZH)):
        return bare
    return f"{_FRESH_ZH if is_chinese else _FRESH}{bare}"


def question_above(path: Sequence[PathEntry], message_id: str = "") -> str:
    """Return the id of the user's message that `message_id` answers, or is; of the last one on the path without an id.

    Empty where the user has said nothing there, or the message is not on the path.
    """
    is_reached = not message_id
    for entry in reversed(path):
        is_reached = is_reached or entry.id == message_id
        if is_reached and entry.role is Role.USER:
            return entry.id
    return ""


def answer_below(path: Sequence[PathEntry], message_id: str = "") -> str:
    """Return the id of the answer that `message_id` is, or is answered by; of the last one on the path without an id.

    Empty where there is none.
    """
    replies = [entry.id for entry in path if entry.role is Role.ASSISTANT]
    if not message_id or message_id in replies:
        return message_id or (replies[-1] if replies else "")
    following = [entry for before, entry in pairwise(path) if before.id == message_id]
    return next((entry.id for entry in following if entry.role is Role.ASSISTANT), "")


def started_fresh_from(old: Conversation, instructions: str) -> Conversation:
    """Return an empty conversation with the model and settings of the old one, and a link to it.

    Not with its instructions, which may be what led the model astray, but with those that each new one begins with. One
    in which nothing has been said yet is nothing to go back to: the link is to where that one came from.
    """
    origin = old.id if old.head_id is not None else old.origin
    return Conversation(
        id=temporary_id() if is_temporary(old.id) else new_id(),
        settings=replace(old.settings, system=instructions, fresh_suggested=False, unread=False, left_out=()),
        origin=origin,
    )


def has_become_long(usage: Usage | None, window: int | None, turns: int) -> bool:
    """Return True if a fresh start is worth suggesting: many turns, or most of what the model holds is taken.

    `window` in tokens, as far as it is known.
    """
    if turns >= _MANY_TURNS:
        return True
    if usage is None or usage.prompt_tokens is None or not window:
        return False
    return usage.prompt_tokens + (usage.completion_tokens or 0) >= _FULL * window


def can_be_undone(messages: int) -> bool:
    """Return True if a fresh start can be taken back when the new conversation has so many messages."""
    return messages <= _LONGEST_UNDONE
