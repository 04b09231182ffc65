"""What the disk has yet to take, when the program ends."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop.core.repository import StoreError
from desktop.runtime.background import BackgroundTasks, LoopThread
from desktop.runtime.keeping.unsaved import Unsaved


def test_nothing_is_written_again_once_the_store_is_closed(qtbot: QtBot) -> None:
    """The timer may come between the store's end and the window's."""
    loop = LoopThread()
    loop.start()
    work, writes = BackgroundTasks(loop), []
    unsaved = Unsaved(work)

    def refuse() -> None:
        writes.append("tried")
        raise StoreError("full")

    with qtbot.waitSignal(unsaved.refused):
        unsaved.save(("draft", "a"), refuse, text="words")
    loop.stop()
    work.close_store(lambda: None)
    unsaved.save_again_quietly()
    assert writes == ["tried"]
    assert unsaved.latest(("draft", "a"), "") == "words"
