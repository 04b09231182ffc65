"""The care for the file while the program runs: when nobody waits for the disk, and what it tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.runtime.background import BackgroundTasks, LoopThread
from desktop.runtime.keeping.store_care import StoreCare
from desktop.store.care import FileCare
from desktop.store.database import SqliteStore
from tests.store.messages import turn
from tests.support.waiting import PATIENCE


class Bench:
    """A store with a conversation, and the care for it."""

    def __init__(self, file: Path) -> None:
        self.loop = LoopThread()
        self.work = BackgroundTasks(self.loop)
        self.store = SqliteStore(file)
        self.is_idle = True
        self.care = StoreCare(self.work, FileCare(self.store), lambda: self.is_idle)
        self.run(lambda: self.store.begin_reply(*_whole("x" * 40_000)))

    def run(self, work: object) -> None:
        self.work.run_on_store(work).result(timeout=PATIENCE)  # type: ignore[arg-type]

    def close(self) -> None:
        self.care.end()
        self.work.close_store(self.store.close)


def _whole(answer: str):  # type: ignore[no-untyped-def]
    conversation, asked, reply = turn("a question", answer)
    return conversation, [asked, reply]


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(tmp_path / "candor.db")
    yield made
    made.close()


def test_the_first_look_checks_and_backs_up(bench: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    bench.care.look()
    qtbot.waitUntil(lambda: len(list((tmp_path / "backups").glob("*.gz"))) == 1, timeout=10_000)
    assert (tmp_path / "backups" / "checked").exists()


def test_nothing_is_read_while_a_reply_is_written(bench: Bench, tmp_path: Path) -> None:
    bench.is_idle = False
    bench.care.look()
    bench.run(lambda: None)
    assert not (tmp_path / "backups").exists()


def test_damage_is_told(bench: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    bench.run(bench.store.close)
    file = tmp_path / "candor.db"
    content = file.read_bytes()
    file.write_bytes(content[:-8192] + bytes(8192))
    with qtbot.waitSignal(bench.care.damage_found, timeout=10_000) as told:
        bench.care.look()
    assert told.args is not None
    assert told.args[0].reason == "damaged"


def test_a_backup_is_restored_and_told(bench: Bench, qtbot: QtBot) -> None:
    bench.care.look()
    found: list[object] = []
    failed: list[Exception] = []
    qtbot.waitUntil(lambda: bool(found) or bool(bench.care.list_backups(found.extend, failed.append)), timeout=10_000)
    bench.run(lambda: bench.store.begin_reply(*_whole("later")))
    with qtbot.waitSignal(bench.care.replaced, timeout=10_000):
        bench.care.restore(found[0], failed.append)  # type: ignore[arg-type]
    held: list[int] = []
    bench.run(lambda: held.append(len(bench.store.conversations())))
    assert (held, failed) == ([1], [])
