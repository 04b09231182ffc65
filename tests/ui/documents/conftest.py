"""A window over a scripted server and a scripted reader, and a file to give to it."""

from __future__ import annotations

import pytest

from tests.support.scripted_reader import ScriptedReader


@pytest.fixture
def reader(monkeypatch):
    made = ScriptedReader()
    monkeypatch.setattr("desktop.app.ReaderProcess", lambda: made)
    return made


@pytest.fixture
def opened(open_it, reader):
    with open_it() as program:
        yield program


@pytest.fixture
def contract(tmp_path):
    file = tmp_path / "contract.txt"
    file.write_text("The rent is 4,150.\fThe deposit is 12,500.", encoding="utf-8")
    return file
