"""Importing conversations: what a file holds is shown first, what is here already is recognised, and the rest comes."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QFileDialog

from desktop.exporters import candor_file
from desktop.ui.exporting.importing import ImportDialog
from tests.exporters.talk import ANSWER, QUESTION, talk
from tests.support.scripts import ndjson, ollama_lines, ollama_script

pytestmark = pytest.mark.window

SCRIPT = ollama_script(ndjson(ollama_lines("It is **four**.", "Two and two.")))


def look_into(opened, monkeypatch, file):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    opened.program.screens.importing.choose_file()


def preview(opened, monkeypatch, file):
    look_into(opened, monkeypatch, file)
    opened.wait_until(lambda: any(each.isVisible() for each in opened.window.findChildren(ImportDialog)))
    return next(each for each in opened.window.findChildren(ImportDialog) if each.isVisible())


def titles(opened):
    return {each.title for each in opened.program.chat.conversations}


def test_a_conversation_comes_back_and_is_then_known(open_over, monkeypatch, tmp_path):
    file = tmp_path / "talk.json"
    export = talk(QUESTION, ANSWER, title="Terms of payment")
    ahead = replace(export.conversation, updated_at=time.time() + 1e9)  # which no span of keeping would end
    file.write_bytes(candor_file.write(replace(export, conversation=ahead)))
    with open_over(SCRIPT) as (opened, _):
        opened.wait_for_model()
        dialog = preview(opened, monkeypatch, file)
        assert "Terms of payment" in dialog.list.rows[0].title
        assert not titles(opened)
        dialog.take.click()
        opened.wait_until(lambda: "Terms of payment" in titles(opened))
        assert all(each.updated_at <= time.time() for each in opened.program.chat.conversations)
        again = preview(opened, monkeypatch, file)
        assert "here already" in again.list.rows[0].aside
        assert not again.take.isEnabled()
        again.reject()


def test_a_file_that_is_none_is_said(open_over, monkeypatch, tmp_path):
    file = tmp_path / "other.json"
    file.write_text(json.dumps({"recipes": []}))
    with open_over(SCRIPT) as (opened, _):
        opened.wait_for_model()
        look_into(opened, monkeypatch, file)
        opened.wait_until(lambda: "No conversations of a program" in opened.notice)
        look_into(opened, monkeypatch, tmp_path / "nothing.json")
        opened.wait_until(lambda: "could not be read" in opened.notice)
