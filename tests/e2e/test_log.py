"""`--log`: the running program tells what it does, and of requests only what was asked for."""

from __future__ import annotations

import pytest

from tests.support.scripted_server import running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script

pytestmark = pytest.mark.window


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
