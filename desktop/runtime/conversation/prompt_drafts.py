"""Drafts of the prompt builder, kept with their conversation, and with each message that was sent from one."""

from __future__ import annotations

from collections.abc import Callable

from desktop.core.repository import ConversationStore
from desktop.runtime.threads.background_tasks import BackgroundTasks


class PromptDrafts:
    """The stored drafts, as JSON. The last one kept is found even while the disk has yet to write it."""

    def __init__(self, work: BackgroundTasks, store: ConversationStore, on_error: Callable[[Exception], None]) -> None:
        self._work = work
        self._store = store
        self._on_error = on_error

    def read(self, show: Callable[[str], None], conversation_id: str, message_id: str = "") -> None:
        """Read the draft of a conversation, or of a sent message, and call `show` with it; empty if there is none."""
        store = self._store
        self._work.run_on_store(lambda: store.prompt_draft(conversation_id, message_id), show, self._on_error)

    def keep(self, draft: str, conversation_id: str, message_id: str = "") -> None:
        """Save a draft; an empty one is deleted."""
        store = self._store
        self._work.run_on_store(
            lambda: store.save_prompt_draft(conversation_id, draft, message_id), None, self._on_error
        )
