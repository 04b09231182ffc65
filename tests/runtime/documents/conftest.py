"""A chat that takes files, and files to give to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.documents.attachment import Attachment
from desktop.runtime.documents.files import Attachments
from tests.runtime.conftest import MS, Bench, MakeBench, answer
from tests.support.scripted_backend import ScriptedBackend

Given = Callable[..., Path]


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    return make_bench(ScriptedBackend(answer("Yes.")))


@pytest.fixture
def files(bench: Bench) -> Attachments:
    return bench.chat.attachments


@pytest.fixture
def given(tmp_path: Path) -> Given:
    def write(name: str, content: bytes | str = "one\fsecond page") -> Path:
        path = tmp_path / "given" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def add(files: Attachments, qtbot: QtBot, *paths: Path) -> list[Attachment]:
    """Give files, and wait until all are read."""
    files.add_files(paths)
    qtbot.waitUntil(lambda: not files.is_reading, timeout=MS)
    return files.items


def kept(bench: Bench) -> list[str]:
    """The names of all files in the folder for them."""
    return sorted(path.name for path in (bench.database.parent / "files").rglob("*") if path.is_file())
