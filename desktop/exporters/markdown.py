"""A conversation as one Markdown text: who said what, when, and where the words of each answer came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop.core.conversation import Conversation
from desktop.core.message import Message, Role
from desktop.core.place import Place
from desktop.core.thinking_quoted import markdown_with_thinking


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The words of the export itself, in the user's language; `place_name` names the place that words went to."""

    untitled: str
    you: str
    answer: str
    place_name: Callable[[Place], str]


def markdown(
    conversation: Conversation, messages: Sequence[Message], labels: Labels, *, with_thinking: bool = False
) -> str:
    """Return the messages of a path under the conversation's title, as they were written.

    Thinking stands as a quotation.
    """
    title = " ".join(conversation.title.split()) or labels.untitled
    return "\n\n".join([f"# {title}", *_pieces(messages, labels, with_thinking)]) + "\n"


def _pieces(messages: Sequence[Message], labels: Labels, with_thinking: bool) -> Iterator[str]:
    for message in messages:
        yield f"---\n\n**{_speaker(message, labels)}** · {_moment(message)}{_origin(message, labels)}"
        text = markdown_with_thinking(message) if with_thinking else message.text.strip("\r\n")
        if text:
            yield text


def _speaker(message: Message, labels: Labels) -> str:
    if message.role is Role.USER:
        return labels.you
    return " ".join(message.model.split()) or labels.answer


def _moment(message: Message) -> str:
    """Return the time of a message in local time: it is for readers."""
    return datetime.fromtimestamp(message.created_at).strftime("%Y-%m-%d %H:%M")


def _origin(message: Message, labels: Labels) -> str:
    if message.role is Role.USER or message.place is None:
        return ""
    return f" · {labels.place_name(message.place)}"
