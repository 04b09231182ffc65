"""A window over a scripted server and a scripted reader, and a file to give to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.in_process import OpenIt, OpenProgram
from tests.support.scripted_reader import ScriptedReader


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> ScriptedReader:
    made = ScriptedReader()
    monkeypatch.setattr("desktop.app.ReaderProcess", lambda: made)
    return made


@pytest.fixture
def opened(open_it: OpenIt, reader: ScriptedReader) -> Iterator[OpenProgram]:
    with open_it() as program:
        yield program


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    file = tmp_path / "contract.txt"
    file.write_text("The rent is 4,150.\fThe deposit is 12,500.", encoding="utf-8")
    return file
