"""Which messages of a conversation are sent to a model, and in which form. Never any thinking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from desktop.core.message import Message, Role, TextPart
from desktop.core.request import outgoing_text


def outgoing(path: Iterable[Message]) -> tuple[Message, ...]:
    """The messages of a path as a model should see them.

    Replies without words (failed, stopped at once, thought without answering) are left out. What the person said
    twice in a row becomes one message, since many chat templates refuse two of a kind in a row.
    """
    sent: list[Message] = []
    for message in path:
        text = outgoing_text(message)
        if not text.strip():
            continue
        if sent and sent[-1].role is message.role and message.role is Role.USER:
            text = f"{sent[-1].text}\n\n{text}"
            sent.pop()
        sent.append(replace(message, parts=(TextPart(text),)))
    return tuple(sent)
