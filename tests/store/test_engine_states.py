"""Tests for the files of what the engine had read: one that is foreign, old or damaged is never given to an engine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop.store.database import open_store
from desktop.store.engine_states import KeptStates
from tests.store.messages import turn

ONE, OTHER = "1" * 32, "2" * 32


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"weights")
    return file


@pytest.fixture
def states(tmp_path: Path) -> KeptStates:
    return KeptStates(tmp_path / "engine", limit=1000)


def keep(states: KeptStates, model: Path, conversation: str = ONE, content: bytes = b"numbers") -> None:
    part = states.part_for(conversation, len(content))
    assert part is not None
    (states.folder / part).write_bytes(content)
    assert states.keep(conversation, model, len(content))


def test_a_state_is_found_again_and_closed_to_others(states: KeptStates, model: Path) -> None:
    keep(states, model)
    name = states.usable(ONE, model)
    assert name is not None
    assert (states.folder / name).read_bytes() == b"numbers"
    assert states.usable(OTHER, model) is None
    if os.name != "nt":
        assert {oct(file.stat().st_mode & 0o777) for file in states.folder.iterdir()} == {"0o600"}
        assert states.folder.stat().st_mode & 0o777 == 0o700


def cut_short(states: KeptStates, model: Path) -> None:
    (states.folder / f"{ONE}.state").write_bytes(b"numb")


def empty(states: KeptStates, model: Path) -> None:
    (states.folder / f"{ONE}.state").write_bytes(b"")


def turned(states: KeptStates, model: Path) -> None:
    (states.folder / f"{ONE}.state").write_bytes(b"numbErs")


def without_note(states: KeptStates, model: Path) -> None:
    (states.folder / f"{ONE}.json").unlink()


def note_broken(states: KeptStates, model: Path) -> None:
    (states.folder / f"{ONE}.json").write_bytes(b'{"model":')


def note_of_another_kind(states: KeptStates, model: Path) -> None:
    (states.folder / f"{ONE}.json").write_bytes(b"[]")


def of_another_engine(states: KeptStates, model: Path) -> None:
    note = states.folder / f"{ONE}.json"
    note.write_bytes(note.read_bytes().replace(b'"engine": "', b'"engine": "0.'))


def model_changed(states: KeptStates, model: Path) -> None:
    model.write_bytes(b"other weights")


def model_gone(states: KeptStates, model: Path) -> None:
    model.unlink()


@pytest.mark.parametrize(
    "harm",
    [
        *(cut_short, empty, turned, without_note, note_broken, note_of_another_kind),
        *(of_another_engine, model_changed, model_gone),
    ],
)
def test_what_cannot_be_trusted_is_thrown_away(
    states: KeptStates, model: Path, harm: Callable[[KeptStates, Path], None]
) -> None:
    keep(states, model)
    harm(states, model)
    assert states.usable(ONE, model) is None
    assert states.conversations() == set()


def test_the_oldest_goes_when_there_is_too_much(states: KeptStates, model: Path) -> None:
    keep(states, model, ONE, b"n" * 600)
    os.utime(states.folder / f"{ONE}.state", (1, 1))
    keep(states, model, OTHER, b"n" * 600)
    assert states.conversations() == {OTHER}
    os.utime(states.folder / f"{OTHER}.state", (1 << 33, 1 << 33))
    keep(states, model, ONE, b"n" * 600)
    assert states.conversations() == {ONE}, "also where the clock was set back since"
    part = states.part_for(OTHER, 600)
    assert part is not None
    (states.folder / part).write_bytes(b"n" * 600)
    keep(states, model, "3" * 32, b"n" * 400)
    assert not states.is_kept(ONE), "what is half written takes room, too"
    states.erase_part(OTHER)
    assert states.conversations() == {"3" * 32}


def test_nothing_is_begun_that_cannot_be_kept(states: KeptStates, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert states.part_for(ONE, 2000) is None  # beyond the limit
    assert states.part_for("../settings", 1) is None
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=1 << 20))
        assert states.part_for(ONE, 10) is None
    with monkeypatch.context() as read_only:
        read_only.setattr(Path, "mkdir", lambda *_, **__: (_ for _ in ()).throw(PermissionError(13, "denied")))
        assert states.part_for(ONE, 10) is None


def test_a_part_that_a_full_disk_cut_short_is_not_kept(states: KeptStates, model: Path) -> None:
    part = states.part_for(ONE, 10)
    assert part is not None
    for content in (b"numb", b""):
        (states.folder / part).write_bytes(content)
        assert not states.keep(ONE, model, 10 if content else 0)
        assert not list(states.folder.iterdir())


def test_a_crash_before_the_renaming_leaves_nothing_for_long(states: KeptStates, model: Path) -> None:
    keep(states, model)
    (states.folder / f"{ONE}.state").rename(states.folder / f"{ONE}.part")
    assert states.usable(ONE, model) is None
    states.erase_parts()
    assert not list(states.folder.iterdir())


def test_a_part_that_was_never_written_keeps_nothing(states: KeptStates, model: Path) -> None:
    keep(states, model)
    states.part_for(ONE, 10)
    assert not states.keep(ONE, model, 10)
    assert states.conversations() == set()


def test_a_state_goes_with_its_conversation(tmp_path: Path, model: Path) -> None:
    store = open_store(tmp_path / "candor.db")
    try:
        conversation, asked, reply = turn("a question", "an answer")
        store.begin_reply(conversation, [asked, reply])
        for each in (conversation.id, OTHER):  # the other one is known to nobody
            keep(store.engine_states, model, each)
        store.engine_states.part_for(conversation.id, 1)
        (store.engine_states.folder / f"{conversation.id}.part").write_bytes(b"a crash left it")
        store.sweep_files()
        assert sorted(file.suffix for file in store.engine_states.folder.iterdir()) == [".json", ".state"]
        store.delete_conversation(conversation.id)
        assert store.engine_states.conversations() == {conversation.id}
        store.delete_for_good(conversation.id)
        assert store.engine_states.conversations() == set()
        assert store.engine_states.part_for(conversation.id, 1) is None  # also what the engine still holds of it
    finally:
        store.close()
