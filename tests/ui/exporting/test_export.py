"""Exporting a conversation from the sidebar: the file, with or without thinking, and folders that take none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog

from desktop.ui.exporting.question import users_documents
from tests.support.in_process import OpenOver, OpenProgram
from tests.support.scripts import ndjson, ollama_lines, ollama_script

pytestmark = pytest.mark.window

SCRIPT = ollama_script(ndjson(ollama_lines("It is **four**.", "Two and two.")))


def export(opened: OpenProgram, monkeypatch: pytest.MonkeyPatch, file: Path, which: int) -> Path:
    """Choose this file, and one of the offered kinds, as the user does. Returns the file that was suggested."""
    offered: list[str] = []

    def choose(_parent: object, _caption: str, name: str, kinds: str) -> tuple[str, str]:
        offered.append(name)
        return str(file), kinds.split(";;")[which]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    opened.window.sidebar.export_requested.emit(opened.program.chat.current.id)
    assert offered[0].endswith(".md")
    return Path(offered[0])


KINDS = {"md": (0, 1), "txt": (2, 3)}  # of each ending: without and with the thinking


@pytest.mark.parametrize("ending", KINDS)
@pytest.mark.parametrize("with_thinking", [False, True])
def test_a_conversation_becomes_a_file(
    open_over: OpenOver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ending: str, with_thinking: bool
) -> None:
    file = tmp_path / f"talk 对话.{ending}"
    with open_over(SCRIPT) as (opened, _):
        opened.wait_for_model()
        opened.ask("What is 2+2?")
        export(opened, monkeypatch, tmp_path / "talk 对话", KINDS[ending][with_thinking])
        opened.wait_until(lambda: str(file) in opened.notice)
    text = file.read_text(encoding="utf-8")
    assert "What is 2+2?" in text
    assert "It is **four**." in text
    assert ("Two and two." in text) is with_thinking


def test_the_chosen_kind_decides_and_no_file_is_written_over(
    open_over: OpenOver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The name that the dialog began with ends as another kind does; it asked nothing about the name that is made."""
    (tmp_path / "talk.txt").write_text("of another day")
    with open_over(SCRIPT) as (opened, _):
        opened.wait_for_model()
        opened.ask("What is 2+2?")
        export(opened, monkeypatch, tmp_path / "talk.md", KINDS["txt"][0])
        opened.wait_until(lambda: "talk 2.txt" in opened.notice)
    assert (tmp_path / "talk.txt").read_text() == "of another day"
    assert "It is **four**." in (tmp_path / "talk 2.txt").read_text(encoding="utf-8")
    assert not (tmp_path / "talk.md").exists()


def test_the_question_begins_with_the_users_documents_then_where_the_last_file_went(
    open_over: OpenOver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (documents := tmp_path / "Documents").mkdir()
    with open_over(SCRIPT) as (opened, _):
        opened.wait_for_model()
        opened.ask("What is 2+2?")
        monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(documents))
        assert export(opened, monkeypatch, tmp_path / "one.md", 0).parent == documents
        opened.wait_until(lambda: "one.md" in opened.notice)
        assert export(opened, monkeypatch, tmp_path / "two.md", 0).parent == tmp_path
        opened.wait_until(lambda: "two.md" in opened.notice)


def test_who_has_no_folder_of_documents_begins_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path / "Documents"))
    assert users_documents() == Path.home()


def test_what_cannot_be_written_is_said(open_over: OpenOver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.write_text("not a folder")
    with open_over(SCRIPT) as (opened, _):
        opened.wait_for_model()
        opened.ask("What is 2+2?")
        export(opened, monkeypatch, file / "talk.md", 0)
        opened.wait_until(lambda: os.fspath(file) in opened.notice)
        assert opened.notice.startswith("The conversation was not exported")
