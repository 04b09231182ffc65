"""Copies of model files: whole or not at all, with all pieces, and which side a fault is on."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import BinaryIO

import pytest

from desktop.core.errors import ModelMissing, PullFailed
from desktop.core.models.keeping import KeepingPhase, KeepingProgress, PullFault
from desktop.store import model_copies
from desktop.store.model_copies import ModelCopies
from tests.support.missing import on_unix


@pytest.fixture
def copies(tmp_path: Path) -> ModelCopies:
    return ModelCopies(tmp_path / "candor" / "models")


@pytest.fixture
def stick(tmp_path: Path) -> list[Path]:
    """A model in two pieces."""
    files = [tmp_path / f"big-{number:05}-of-00002.gguf" for number in (1, 2)]
    for number, each in enumerate(files, 1):
        each.write_bytes(b"GGUF" + bytes(number * 3_000_000))
    return files


def copy(copies: ModelCopies, name: Path, file: Path, stop_after: int = 0) -> list[KeepingProgress]:
    """The steps of copying a file, or the first of them."""

    async def run() -> list[KeepingProgress]:
        seen: list[KeepingProgress] = []
        async with aclosing(copies.import_file(str(name), file)) as steps:
            async for step in steps:
                seen.append(step)
                if len(seen) == stop_after:
                    break
        return seen

    return asyncio.run(run())


def test_all_pieces_are_copied_and_deleted(copies: ModelCopies, stick: list[Path], tmp_path: Path) -> None:
    target = copies.place_for(stick[0])
    seen = copy(copies, target, stick[0])
    size = sum(each.stat().st_size for each in stick)
    assert [(each.phase, each.done, each.total) for each in seen[-2:]] == [
        (KeepingPhase.SENDING, size, size),
        (KeepingPhase.DONE, size, size),
    ]
    assert [each.read_bytes() for each in sorted(target.parent.iterdir())] == [each.read_bytes() for each in stick]
    assert copies.has(str(target))
    assert not copies.has(str(stick[0]))
    again = copies.place_for(stick[0])
    assert again.name == "2-big-00001-of-00002.gguf"
    copy(copies, again, stick[0])
    asyncio.run(copies.delete(str(target)))
    assert len(list(target.parent.iterdir())) == 2
    with pytest.raises(ModelMissing):
        asyncio.run(copies.delete(str(stick[0])))
    assert stick[0].exists()
    assert copies.free is not None


def test_nothing_stays_of_a_copy_that_was_cancelled(copies: ModelCopies, stick: list[Path]) -> None:
    target = copies.place_for(stick[0])
    copy(copies, target, stick[0], stop_after=1)
    assert list(target.parent.iterdir()) == []


def refusing(error: OSError) -> Callable[[BinaryIO, bytes], None]:
    def refuse(file: BinaryIO, piece: bytes) -> None:
        raise model_copies._refused(error)

    return refuse


def taken_out(file: BinaryIO) -> bytes:
    return b""


@pytest.mark.parametrize("case", ["full", "locked", "taken out", "gone"])
def test_faults(copies: ModelCopies, stick: list[Path], monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    match case:
        case "full":
            monkeypatch.setattr(model_copies, "_write", refusing(OSError(errno.ENOSPC, "No space left on device")))
        case "locked":
            monkeypatch.setattr(model_copies, "_write", refusing(OSError(errno.EACCES, "Permission denied")))
        case "taken out":
            monkeypatch.setattr(model_copies, "_read", taken_out)
        case "gone":
            stick[1].unlink()
    target = copies.place_for(stick[0])
    with pytest.raises(PullFailed) as failed:
        copy(copies, target, stick[0])
    expected = {"full": PullFault.NO_ROOM, "locked": PullFault.NOT_WRITTEN}
    assert failed.value.reason == expected.get(case, PullFault.UNREADABLE)
    assert not target.parent.exists() or list(target.parent.iterdir()) == []


def test_nothing_is_fetched(copies: ModelCopies) -> None:
    with pytest.raises(PullFailed):
        copies.pull("qwen3:8b")


@on_unix
def test_a_drive_that_hangs_holds_up_nothing_else(copies: ModelCopies, tmp_path: Path) -> None:
    """A pipe lets whoever opens it wait until somebody writes into it."""
    stick = tmp_path / "a.gguf"
    os.mkfifo(stick)
    is_free = threading.Event()

    def write_at_last() -> bool:
        was_free = is_free.wait(10)
        stick.write_bytes(b"")
        return was_free

    async def run() -> bool:
        writing = asyncio.create_task(asyncio.to_thread(write_at_last))
        async with aclosing(copies.import_file(str(copies.place_for(stick)), stick)) as steps:
            copying = asyncio.ensure_future(anext(steps))
            await asyncio.sleep(0)
            is_free.set()  # it would not come to this
            await copying
        return await writing

    assert asyncio.run(run())
