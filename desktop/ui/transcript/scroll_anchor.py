"""The reader's position in a conversation, in terms that stay true while heights above change, and the earlier ones.

Either they follow the end, or something stands at the upper edge: a message, and what was written at a place in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop.runtime.path import ConversationPath
from desktop.ui.text.message_anchor import MessageAnchor
from desktop.ui.transcript.message_rows import MessageRows
from desktop.ui.transcript.message_view import MessageView

_TOP = MessageAnchor(None, None, 0.0)


@dataclass(frozen=True, slots=True)
class _Left:
    """The place where a conversation was read when another one was opened."""

    message_id: str
    anchor: MessageAnchor


class ScrollAnchor:
    """The position in the current conversation; remembers those of the others."""

    def __init__(self, rows: MessageRows, view_at: Callable[[int], MessageView | None]) -> None:
        self.follows = True
        self._rows = rows
        self._view_at = view_at
        self._index = 0  # of the message at the upper edge
        self._anchor = _TOP
        self._return: _Left | None = None  # where to return to, once that message is known
        self._left: dict[str, _Left] = {}  # by conversation

    @property
    def y(self) -> float:
        """The height of what stands at the upper edge, in pixels of the page."""
        if self._index >= len(self._rows):
            return self._rows.total
        view = self._view_at(self._index)
        return self._rows.top(self._index) + (view.y_of(self._anchor) if view is not None else self._anchor.below)

    def anchor_at_height(self, y: int) -> None:
        """Anchor at a height of the page: it is at the upper edge now."""
        index = self._rows.at(y)
        if index + 1 < len(self._rows) and y >= self._rows.bottom(index):
            index += 1  # between two messages: the one above may change its height
        if index < len(self._rows):
            below = y - self._rows.top(index)
            view = self._view_at(index)
            self.anchor_in_message(
                index, view.anchor_at(below) if view is not None else MessageAnchor(None, None, below)
            )
        self._return = None

    def anchor_in_message(self, index: int, anchor: MessageAnchor) -> None:
        """Anchor at another message."""
        self._index, self._anchor = index, anchor

    def shift_index(self, count: int) -> None:
        """Shift the index, after so many messages were inserted before all others."""
        self._index += count

    def leave(self, path: ConversationPath) -> None:
        """Remember where a conversation was left, unless at its end."""
        if self._return is not None:  # it was not found before it was left again
            self._left[path.conversation_id] = self._return
        elif not self.follows and self._index < len(path.entries):
            self._left[path.conversation_id] = _Left(path.entries[self._index].id, self._anchor)

    def enter(self, path: ConversationPath) -> None:
        """Begin where a conversation was left, or else at its end."""
        self.follows = True
        self._return = self._left.pop(path.conversation_id, None)
        self.find(path)

    def find(self, path: ConversationPath) -> None:
        """Go to where the conversation was left if the message is known by now."""
        if self._return is None:
            return
        index = path.index_of(self._return.message_id)
        if index is not None:
            self.anchor_in_message(index, self._return.anchor)
            self.follows = False
        if index is not None or path.is_whole:
            self._return = None
