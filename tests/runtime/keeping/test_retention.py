"""What is older than a policy keeps it is erased for good, in the bin and out of it."""

from __future__ import annotations

from pathlib import Path

from desktop.core.conversation import Conversation
from desktop.runtime.keeping.retention import erase_older_than
from desktop.store.database import open_store

DAY = 86_400.0


class AtOnce:
    """The store's thread, which does all at once."""

    def run_on_store(self, task, done=None, failed=None) -> None:
        done(task())


def test_old_conversations_are_erased(tmp_path: Path) -> None:
    store = open_store(tmp_path / "candor.db")
    for name, age in (("old", 91), ("binned", 95), ("pinned", 300), ("young", 89)):
        moment = 1e9 - age * DAY
        store.save_conversation(
            Conversation(id=name, title=name, created_at=moment, updated_at=moment, pinned=name == "pinned")
        )
    store.delete_conversation("binned")
    erase_older_than(90, AtOnce(), store, now=1e9)
    assert [each.id for each in store.conversations()] == ["young"]
    assert store.binned_conversations() == []
    store.close()
