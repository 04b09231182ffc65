"""What is older than a policy keeps it is erased for good, in the bin and out of it, at a start and as days go by."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop.core.conversation import Conversation
from desktop.runtime.keeping.retention import Retention
from desktop.store.database import open_store

DAY = 86_400.0


class AtOnce:
    """The store's thread, which does all at once."""

    def run_on_store(self, task, done=None, failed=None) -> None:
        done(task())


def test_old_conversations_are_erased(qapp: QCoreApplication, tmp_path: Path) -> None:
    store = open_store(tmp_path / "candor.db")
    for name, age in (("old", 91), ("open", 92), ("binned", 95), ("pinned", 300), ("young", 89)):
        moment = 1e9 - age * DAY
        store.save_conversation(
            Conversation(id=name, title=name, created_at=moment, updated_at=moment, pinned=name == "pinned")
        )
    store.delete_conversation("binned")
    now, in_use, erased = [1e9], {"open"}, []
    retention = Retention(AtOnce(), store, lambda: in_use, clock=lambda: now[0])
    retention.erased.connect(erased.append)
    retention.keep_days(90)
    assert {each.id for each in store.conversations()} == {"young", "open"}
    assert store.binned_conversations() == []
    assert set(erased.pop()) == {"old", "binned", "pinned"}

    now[0] += 2 * DAY
    in_use.clear()
    retention.look()
    assert store.conversations() == []
    retention.keep_days(0)
    store.close()
