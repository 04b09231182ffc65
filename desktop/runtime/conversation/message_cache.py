"""Messages that are in memory with their words: no more of them than a few screens need.

A cache only; fetching is `path`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from desktop.core.message import ImagePart, Message

# Characters; some hundred screens of text. A single message may be longer, and is held while it is wanted.
_LIMIT = 2_000_000


class MessageCache:
    """A least-recently-used cache of messages, bounded by `limit` characters in total."""

    def __init__(self, limit: int = _LIMIT) -> None:
        self._limit = limit
        self._messages: dict[str, Message] = {}  # in the order of their last use
        self._characters = 0

    def get(self, message_id: str) -> Message | None:
        return self._messages.get(message_id)

    def insert_message(self, message: Message) -> None:
        """Add a message, replacing an earlier form of it."""
        self._let_go(message.id)
        self._messages[message.id] = message
        self._characters += _size(message)

    def use(self, message_ids: Iterable[str]) -> list[str]:
        """Mark these as just used; return the ids that are not held."""
        missing = []
        for each in message_ids:
            message = self._messages.pop(each, None)
            if message is None:
                missing.append(each)
            else:
                self._messages[each] = message
        return missing

    def shrink(self, kept: Collection[str]) -> None:
        """Drop the least recently used until the limit holds, but none of `kept`."""
        for each in list(self._messages):
            if self._characters <= self._limit:
                return
            if each not in kept:
                self._let_go(each)

    def _let_go(self, message_id: str) -> None:
        message = self._messages.pop(message_id, None)
        if message is not None:
            self._characters -= _size(message)


def _size(message: Message) -> int:
    return sum(0 if isinstance(part, ImagePart) else len(part.text) for part in message.parts)
