"""The span for which conversations are kept, where a policy sets one: older ones are erased before the list is read."""

from __future__ import annotations

import logging
import time

from desktop.core.repository import ConversationStore
from desktop.runtime.threads.background_tasks import BackgroundTasks

_log = logging.getLogger(__name__)
_DAY = 86_400.0  # seconds


def erase_older_than(days: int, work: BackgroundTasks, store: ConversationStore, now: float | None = None) -> None:
    """Erase for good all conversations in which nothing has happened for so many days, in the bin and out of it."""
    limit = (time.time() if now is None else now) - days * _DAY

    def erase() -> int:
        known = [*store.conversations(), *(each for each, _ in store.binned_conversations())]
        old = [each.id for each in known if each.updated_at < limit]
        for each in old:
            store.delete_for_good(each)
        return len(old)

    work.run_on_store(erase, _note_erased, _note_failed)


def _note_erased(count: int) -> None:
    if count:
        _log.info("%d conversations were older than the policy keeps them", count)


def _note_failed(error: Exception) -> None:
    _log.warning("old conversations could not be erased", exc_info=error)
