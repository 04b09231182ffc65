"""Copies of model files are whole or not at all, and of two catalogues the one that can be used is."""

from __future__ import annotations

import asyncio
import errno
import io
import os
import threading
from contextlib import aclosing
from pathlib import Path

import pytest

from desktop.core.errors import ModelMissing, PullFailed
from desktop.core.models.choosing import CatalogueFault
from desktop.core.models.keeping import KeepingPhase, KeepingProgress, PullFault
from desktop.store.models import ModelCopies, load_catalogue
from tests.support.missing import on_unix


@pytest.fixture
def copies(tmp_path):
    return ModelCopies(tmp_path / "candor" / "models")


@pytest.fixture
def stick(tmp_path):
    """A model in two pieces."""
    files = [tmp_path / f"big-{number:05}-of-00002.gguf" for number in (1, 2)]
    for number, each in enumerate(files, 1):
        each.write_bytes(b"GGUF" + bytes(number * 3_000_000))
    return files


def copy(copies, name, file, stop_after=0):
    """The steps of copying a file, or the first of them."""

    async def run():
        seen: list[KeepingProgress] = []
        async with aclosing(copies.import_file(str(name), file)) as steps:
            async for step in steps:
                seen.append(step)
                if len(seen) == stop_after:
                    break
        return seen

    return asyncio.run(run())


def test_all_pieces_are_copied_and_deleted_and_nothing_stays_of_a_copy_that_was_cancelled(copies, stick):
    target = copies.place_for(stick[0])
    copy(copies, target, stick[0], stop_after=1)
    assert list(target.parent.iterdir()) == []
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


@pytest.mark.parametrize(
    ("call", "fails", "fault"),
    [
        ("write", OSError(errno.ENOSPC, "No space left on device"), PullFault.NO_ROOM),
        ("write", OSError(errno.EACCES, "Permission denied"), PullFault.NOT_WRITTEN),
        ("read", OSError(errno.EIO, "Input/output error"), PullFault.UNREADABLE),
        ("read", None, PullFault.UNREADABLE),  # as of a drive that was taken out
        ("stat", None, PullFault.UNREADABLE),
    ],
)
def test_faults(copies, stick, monkeypatch, call, fails, fault):
    class Failing(io.FileIO):
        def fail(self, *_):
            if fails is not None:
                raise fails
            return b""

        read = readall = readinto = fail if call == "read" else io.FileIO.read
        write = fail if call == "write" else io.FileIO.write

    target = copies.place_for(stick[0])
    if call == "stat":
        stick[1].unlink()
    else:
        monkeypatch.setattr(Path, "open", lambda path, mode: Failing(path, mode))
    with pytest.raises(PullFailed) as failed:
        copy(copies, target, stick[0])
    assert failed.value.reason == fault
    monkeypatch.undo()
    assert not target.parent.exists() or list(target.parent.iterdir()) == []


@on_unix
def test_a_drive_that_hangs_holds_up_nothing_else(copies, tmp_path):
    """A pipe lets whoever opens it wait until somebody writes into it."""
    stick = tmp_path / "a.gguf"
    os.mkfifo(stick)
    is_free = threading.Event()

    def write_at_last():
        was_free = is_free.wait(10)
        stick.write_bytes(b"")
        return was_free

    async def run():
        writing = asyncio.create_task(asyncio.to_thread(write_at_last))
        async with aclosing(copies.import_file(str(copies.place_for(stick)), stick)) as steps:
            copying = asyncio.ensure_future(anext(steps))
            await asyncio.sleep(0)
            is_free.set()  # it would not come to this
            await copying
        return await writing

    assert asyncio.run(run())


# The catalogue


@pytest.fixture
def second(tmp_path):
    return tmp_path / "models.toml"


def test_an_administrators_file_hides(second):
    second.write_text('form = 1\nhide = ["gpt-oss:20b"]', encoding="utf-8-sig")
    found = load_catalogue(second=second)
    assert found.catalogue.find_row("gpt-oss:20b") is None
    assert found.problems == ()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"form = 2", CatalogueFault.NEWER),
        (b"\xff\xfe", CatalogueFault.BROKEN),
        (b"form = [", CatalogueFault.BROKEN),
        (b"#" * (5 << 20), CatalogueFault.BROKEN),
    ],
)
def test_a_file_that_cannot_be_used_is_told_of_and_the_other_one_is_used(second, content, fault):
    second.write_bytes(content)
    found = load_catalogue(second=second)
    assert len(found.catalogue.rows) >= 50
    (problem,) = found.problems
    assert (problem.fault, problem.file) == (fault, str(second))
    assert problem.where
