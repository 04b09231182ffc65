"""Started by a command: one question asked and printed, the log of what happens, and words of Qt in each language."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from PySide6.QtGui import QImage

from tests.support.scripted_server import running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script

pytestmark = pytest.mark.window


_PATIENCE = 150  # seconds; an engine that shares its processors is slow
_QUESTION = "Name three colours."


def ends_with(program, status):
    """Return what it printed."""
    assert program.process.wait(_PATIENCE) == status, program.log
    return program.log


@pytest.mark.engine
def test_the_answer_is_printed_and_the_window_is_kept_as_a_picture(launch, candor_home, tmp_path):
    picture = tmp_path / "window.png"
    settings = candor_home / "settings.json"
    usual = {"connection_id": "work", "model": "a model of the company"}
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"default_choice": usual}), encoding="utf-8")
    program = launch(arguments=("--ask", _QUESTION, "--picture", str(picture)), waits=False)
    said = ends_with(program, 0)
    assert json.loads(settings.read_text(encoding="utf-8"))["default_choice"] == usual
    asked, answer = program.messages()
    assert (asked.text, answer.status) == (_QUESTION, "complete")
    assert said.index(f"Asked:   {_QUESTION}") < said.index(f"Answer:  {answer.text.strip()}")
    assert f"Picture: {picture}" in said
    assert QImage(str(picture)).width() > 400


def test_without_the_starter_model_it_says_so_and_fails(launch, tmp_path):
    program = launch(arguments=("--ask", _QUESTION), waits=False, XDG_CACHE_HOME=str(tmp_path))
    assert "candor: the starter model is not on this computer." in ends_with(program, 1)


def test_beside_another_window_nothing_is_asked(launch):
    first = launch()
    second = launch(arguments=("--ask", _QUESTION), waits=False)
    assert "Candor is open already" in ends_with(second, 1)
    assert first.process.poll() is None
    assert first.messages() == []


def test_a_window_that_is_closed_early_is_no_success(launch, tmp_path):
    program = launch(arguments=("--ask", _QUESTION), XDG_CACHE_HOME=str(tmp_path))
    program.process.terminate()
    assert "candor: the" in ends_with(program, 1)


def test_what_happens_is_told_without_a_word_of_the_conversation(launch, tmp_path):
    file = tmp_path / "candor.log"
    with running_server(ollama_script(ndjson(ollama_lines("Forty-two.")))) as server:
        program = launch(server.url, arguments=("--log", "debug", "--log-http", "heads", "--log-file", str(file)))
        program.ask("What do we owe Mr Smith?", server)
        program.wait_for_reply()
        assert program.quit() == 0
    told = file.read_text(encoding="utf-8")
    assert "INFO desktop.start: Candor " in told
    assert f"POST {server.url}/api/chat" in told
    assert "reply " in told
    assert "ended: done" in told
    assert "Smith" not in told
    assert "Forty" not in told
    assert program.log == ""


def test_a_file_that_cannot_be_written_is_named(launch, tmp_path):
    program = launch(arguments=("--log-file", str(tmp_path / "none" / "candor.log")), waits=False)
    assert program.process.wait(60) == 1
    assert f"{tmp_path}/none/candor.log could not be written: " in program.log


_PRINT = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit
from desktop import start
app = QApplication(["candor"])
start._translate(app, sys.argv[1])
field = QLineEdit("words")
menu = field.createStandardContextMenu()
print(menu.actions()[0].text().encode("ascii", "backslashreplace").decode())
"""


@pytest.mark.parametrize(("language", "undo"), [("zh_CN", "\u64a4\u6d88"), ("en", "Undo")])
def test_the_menu_of_a_field_speaks_the_language(language, undo):
    done = subprocess.run(
        [sys.executable, "-c", _PRINT, language],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said = done.stdout.encode().decode("unicode_escape").replace("&", "")
    assert undo in said
