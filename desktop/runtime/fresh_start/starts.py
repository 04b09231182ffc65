"""Fresh starts: the new conversation in front, what it is linked to, the way back, and what can be taken along.

What is sent in it goes the way of all messages, through `chat`; the rules are `core.fresh_start`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.conversation import Conversation
from desktop.core.fresh_start.ways import (
    OutgoingDraft,
    can_be_undone,
    is_example,
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

_MOST_EXAMPLES = 200  # messages; the prompt builder makes far fewer


class FreshStarts(QObject):
    """All about the conversation in front; nothing of the old one is ever changed."""

    def __init__(
        self,
        work: BackgroundTasks,
        store: ConversationStore,
        front: CurrentConversation,
        conversations: ConversationList,
        delete: Callable[[str], None],
        failed: Callable[[Exception], None],
        parent: QObject | None = None,
    ) -> None:
        """`delete` moves a conversation to the bin, and stops what runs in it; `failed` is told what the store says."""
        super().__init__(parent)
        self._work = work
        self._store = store
        self._front = front
        self._list = conversations
        self._delete = delete
        self._failed = failed
        self._begun: set[str] = set()  # conversations that were begun here, since the program was started
        self._brief_thread = DaemonExecutor("brief")  # not the common one, on which a keyring may wait for a person
        self._undoing: tuple[str, str] | None = None  # the new conversation, and the old one that is being opened
        front.opened.connect(self._on_opened)

    def begin(self) -> None:
        """Put an empty conversation in front that is linked to the one which was; a reply that runs there goes on."""
        new = started_fresh_from(self._front.current)
        if new.origin is not None:
            self._begun.add(new.id)
        self._front.begin(new)

    @property
    def is_fresh(self) -> bool:
        """Whether the conversation in front was started fresh from another."""
        return self._front.current.origin is not None

    @property
    def origin(self) -> Conversation | None:
        """What it was started fresh from; None also where that has been deleted."""
        origin = self._front.current.origin
        return self._list.get(origin) if origin is not None else None

    @property
    def continued_in(self) -> list[Conversation]:
        """What was started fresh from it, the newest first."""
        identity = self._front.current.id
        return [each for each in self._list.newest_first if each.origin == identity]

    @property
    def can_undo(self) -> bool:
        """Whether the fresh start that led to the conversation in front can be taken back."""
        is_ours = self._front.current.id in self._begun and self.origin is not None
        return is_ours and can_be_undone(len(self._front.path.entries))

    def undo(self) -> bool:
        """Go back to the old conversation; the new one goes to the bin, where anything was said in it.

        Whether it does.
        """
        new, origin = self._front.current, self.origin
        if origin is None or not self.can_undo:
            return False
        is_stored = self._front.is_stored
        self._undoing = (new.id, origin.id) if is_stored else None
        self._front.open(origin.id)
        return is_stored

    def read_question(self, message_id: str, show: Callable[[OutgoingDraft], None]) -> bool:
        """Have the question shown that a message answers, or the last one; False where there is none.

        At once, where its words are in memory.
        """
        path = self._front.path
        question = question_above(path.entries, message_id)
        if not question:
            return False
        at = path.index_of(question) or 0
        held = path.message(question)
        above = path.message(path.entries[at - 1].id) if at else None
        if held is not None and (not at or (above is not None and not is_example(above))):
            show(said_in(held))
            return True

        def show_found(said: OutgoingDraft) -> None:
            if path is self._front.path:
                show(said)

        ids = [entry.id for entry in path.entries[max(0, at - _MOST_EXAMPLES) : at + 1]]
        path.read(ids, lambda found: _last_said([found[each] for each in ids if each in found]), show_found)
        return True

    def read_brief(self, show: Callable[[Brief], None]) -> None:
        """Have what can be carried over from the conversation in front shown, however long that is."""
        from desktop.core.fresh_start.brief import brief_of  # a start does without it

        path, store, work, thread = self._front.path, self._store, self._work, self._brief_thread

        def show_made(brief: Brief) -> None:
            if path is self._front.path:
                show(brief)

        def make_of(found: list[Message]) -> None:
            work.run_on(thread, lambda: brief_of(found), show_made, self._failed)

        work.run_on_store(lambda: store.path(path.conversation_id), make_of, self._failed)

    def _on_opened(self) -> None:
        undoing, self._undoing = self._undoing, None
        if undoing is not None and self._front.current.id == undoing[1]:
            self._delete(undoing[0])


def _last_said(line: list[Message]) -> OutgoingDraft:
    return said_in(line[-1], line[:-1]) if line else OutgoingDraft()
