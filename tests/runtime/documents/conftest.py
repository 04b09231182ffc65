"""A chat that takes files, and files to give to it."""

from __future__ import annotations

import pytest

from tests.runtime.conftest import MS, answer
from tests.support.scripted_backend import ScriptedBackend


@pytest.fixture
def bench(make_bench):
    return make_bench(ScriptedBackend(answer("Yes.")))


@pytest.fixture
def files(bench):
    return bench.chat.attachments


@pytest.fixture
def given(tmp_path):
    def write(name, content="one\fsecond page"):
        path = tmp_path / "given" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def add(files, qtbot, *paths):
    """Give files, and wait until all are read."""
    files.add_files(paths)
    qtbot.waitUntil(lambda: not files.is_reading, timeout=MS)
    return files.items


def kept(bench):
    """The names of all files in the folder for them."""
    return sorted(path.name for path in (bench.database.parent / "files").rglob("*") if path.is_file())
