"""Exporting a conversation from the sidebar: the file, with or without thinking, and folders that take none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from tests.support.in_process import OpenOver, OpenProgram
from tests.support.scripts import ndjson, ollama_lines, ollama_script

pytestmark = pytest.mark.window

SCRIPT = ollama_script(ndjson(ollama_lines("It is **four**.", "Two and two.")))


def export(opened: OpenProgram, monkeypatch: pytest.MonkeyPatch, file: Path, which: int) -> None:
    """As if the person had chosen this file, and one of the offered kinds."""
    offered: list[str] = []

    def choose(_parent: object, _caption: str, name: str, kinds: str) -> tuple[str, str]:
        offered.append(name)
        return str(file), kinds.split(";;")[which]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    opened.window.sidebar.export_requested.emit(opened.program.chat.current.id)
    assert offered[0].endswith(".md")


@pytest.mark.parametrize("which", [0, 1])
def test_a_conversation_becomes_a_file(
    open_over: OpenOver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, which: int
) -> None:
    file = tmp_path / "talk 对话.md"
    with open_over(SCRIPT) as (opened, _):
        opened.wait_for_model()
        opened.ask("What is 2+2?")
        export(opened, monkeypatch, tmp_path / "talk 对话", which)
        opened.wait_until(lambda: str(file) in opened.notice)
    text = file.read_text(encoding="utf-8")
    assert "What is 2+2?" in text
    assert "It is **four**." in text
    assert ("> Two and two." in text) is (which == 1)


def test_what_cannot_be_written_is_said(open_over: OpenOver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.write_text("not a folder")
    with open_over(SCRIPT) as (opened, _):
        opened.wait_for_model()
        opened.ask("What is 2+2?")
        export(opened, monkeypatch, file / "talk.md", 0)
        opened.wait_until(lambda: os.fspath(file) in opened.notice)
        assert opened.notice.startswith("The conversation was not exported")
