"""Drafts of the prompt builder, kept with their conversation, and with each message that was sent from one."""

from __future__ import annotations

from collections.abc import Callable

from desktop.core.repository import ConversationStore
from desktop.runtime.keeping.unsaved import Unsaved
from desktop.runtime.threads.background_tasks import BackgroundTasks


class PromptDrafts:
    """The stored drafts, as JSON. The last one kept is found even while the disk has yet to write it."""

    def __init__(
        self,
        work: BackgroundTasks,
        store: ConversationStore,
        disk: Unsaved,
        on_error: Callable[[Exception], None],
    ) -> None:
        self._work = work
        self._disk = disk
        self._store = store
        self._on_error = on_error

    def read(self, show: Callable[[str], None], conversation_id: str, message_id: str = "") -> None:
        """Read the draft of a conversation, or of a sent message, and call `show` with it; empty if there is none."""
        store, key = self._store, ("prompt", conversation_id, message_id)

        def read(stored: str) -> None:
            show(self._disk.latest(key, stored))

        self._work.run_on_store(lambda: store.prompt_draft(conversation_id, message_id), read, self._on_error)

    def keep(self, draft: str, conversation_id: str, message_id: str = "") -> None:
        """Save a draft; an empty one is deleted."""
        store, key = self._store, ("prompt", conversation_id, message_id)
        self._disk.save(key, lambda: store.save_prompt_draft(conversation_id, draft, message_id), text=draft)
