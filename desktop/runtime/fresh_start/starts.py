"""Fresh starts: the new current conversation, what it is linked to, the way back, and what can be taken along.

What is sent in it goes the way of all messages, through `chat`; the rules are `core.fresh_start`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.conversation import Conversation, temporary_id
from desktop.core.fresh_start.ways import (
    OutgoingDraft,
    asks_something,
    can_be_undone,
    fresh_title,
    question_above,
    said_in,
    started_fresh_from,
)
from desktop.core.message import Message
from desktop.core.repository import ConversationStore
from desktop.runtime.conversation.current import CurrentConversation
from desktop.runtime.conversation.list import ConversationList
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.runtime.threads.daemon_executor import DaemonExecutor

if TYPE_CHECKING:
    from desktop.core.fresh_start.brief import Brief

_MOST_ABOVE = 200  # messages of which examples and files go along; no question stands on so many


class FreshStarts(QObject):
    """The fresh starts from and to the current conversation; the old one is never changed."""

    def __init__(
        self,
        work: BackgroundTasks,
        store: ConversationStore,
        current: CurrentConversation,
        conversations: ConversationList,
        delete: Callable[[str], None],
        failed: Callable[[Exception], None],
        parent: QObject | None = None,
    ) -> None:
        """Keep the dependencies.

        `delete` moves a conversation to the bin, and stops what runs in it; `failed` is called with the store's errors.
        """
        super().__init__(parent)
        self._work = work
        self._store = store
        self._current = current
        self._list = conversations
        self._delete = delete
        self._failed = failed
        self._begun: set[str] = set()  # conversations that were begun here, since the program was started
        self._brief_thread = DaemonExecutor("brief")  # not the common one, on which a keyring may wait for the user
        self._undoing: tuple[str, str] | None = None  # the new conversation, and the old one that is being opened
        current.opened.connect(self._on_opened)

    def start_conversation(self, *, goes_on: bool = False) -> None:
        """Make an empty conversation the current one, linked to the one before; a reply that runs there goes on.

        `goes_on`: it is about the same, and has the title of the old one, which it does not keep otherwise.
        """
        old = self._current.conversation
        new = started_fresh_from(old, self._current.instructions)
        if goes_on and (title := fresh_title(old.title)):
            new = replace(new, title=self._list.distinct(title))
        if self._current.keeps_nothing:
            new = replace(new, id=temporary_id())
        if new.origin is not None:
            self._begun.add(new.id)
        self._current.open_empty(new)

    @property
    def is_fresh(self) -> bool:
        """True if the current conversation was started fresh from another."""
        return self._current.conversation.origin is not None

    @property
    def origin(self) -> Conversation | None:
        """The conversation that the current one was started fresh from; None also if it has been deleted."""
        origin = self._current.conversation.origin
        return self._list.get(origin) if origin is not None else None

    @property
    def continued_in(self) -> list[Conversation]:
        """The conversations that were started fresh from the current one, the newest first."""
        identity = self._current.conversation.id
        return [each for each in self._list.newest_first if each.origin == identity]

    @property
    def can_undo(self) -> bool:
        """True if the fresh start that led to the current conversation can be undone."""
        is_ours = self._current.conversation.id in self._begun and self.origin is not None
        return is_ours and can_be_undone(len(self._current.path.entries))

    def undo(self) -> bool:
        """Go back to the old conversation, and move the new one to the bin if anything was said in it.

        Return True if it can be undone.
        """
        new, origin = self._current.conversation, self.origin
        if origin is None or not self.can_undo:
            return False
        is_stored = self._current.is_stored
        self._undoing = (new.id, origin.id) if is_stored else None
        self._current.open(origin.id)
        return is_stored

    def read_question(self, message_id: str, show: Callable[[OutgoingDraft], None]) -> bool:
        """Read the question that a message replies to, or the last one, and call `show` with it and the files above it.

        A message that only objects ("Are you sure?") is none: the one before it is.

        Return False if there is none. `show` is called at once if its words are in memory.
        """
        path = self._current.path
        question = question_above(path.entries, message_id)
        if not question:
            return False
        at = path.index_of(question) or 0
        ids = [entry.id for entry in path.entries[max(0, at - _MOST_ABOVE) : at + 1]]
        left_out = frozenset(self._current.conversation.settings.left_out)
        held = [message for each in ids if (message := path.message(each)) is not None]
        if len(held) == len(ids):
            show(_last_said(held, left_out))
            return True

        def show_found(said: OutgoingDraft) -> None:
            if path is self._current.path:
                show(said)

        path.read(ids, lambda found: _last_said([found[each] for each in ids if each in found], left_out), show_found)
        return True

    def read_brief(self, show: Callable[[Brief], None]) -> None:
        """Collect what can be carried over from the current conversation, and call `show` with it.

        That may take long in a long conversation.
        """
        from desktop.core.fresh_start.brief import brief_of  # a start does without it

        path, store, work, thread = self._current.path, self._store, self._work, self._brief_thread

        def show_made(brief: Brief) -> None:
            if path is self._current.path:
                show(brief)

        def make_of(found: list[Message]) -> None:
            work.run_on(thread, lambda: brief_of(found), show_made, self._failed)

        work.run_on_store(lambda: store.path(path.conversation_id), make_of, self._failed)

    def _on_opened(self) -> None:
        undoing, self._undoing = self._undoing, None
        if undoing is not None and self._current.conversation.id == undoing[1]:
            self._delete(undoing[0])


def _last_said(line: list[Message], left_out: frozenset[str]) -> OutgoingDraft:
    """Return the last message of the line that asks something, else its last."""
    if not line:
        return OutgoingDraft()
    at = next((at for at in range(len(line) - 1, -1, -1) if asks_something(line[at])), len(line) - 1)
    return said_in(line[at], line[:at], left_out)
