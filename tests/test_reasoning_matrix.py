"""Every model family over every protocol, through the whole program: from a server's bytes to the panel in the window.

The cells are data in `backends/reasoning_matrix.py`. Of each it is seen that the thinking is in the panel, the answer
in the answer, nothing of the marks anywhere, the words of the state right, and the request as the provider wants it.
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.connection import Connection, Secrets
from desktop.core.message import MessageStatus, ReasoningPart, TextPart, new_id
from desktop.core.model import ModelChoice
from desktop.core.reply import ReplyPhase, phase_of
from desktop.core.request import Thinking, ThinkingMode
from tests.backends.reasoning_matrix import CELLS, PROTOCOLS, script_of, stream
from tests.support.in_process import open_program
from tests.support.scripted_server import running_server
from tests.support.scripts import openai_script
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.window

_MARKS = ("think>", "[THINK]", "[/THINK]", "<|", "|>", "◁", "seed:", "<answer>", "my thought process", "my response:")


class Seen:
    """What a user has in front of them."""

    def __init__(self, opened):
        self._opened = opened

    @property
    def view(self):
        """Of the last reply."""
        return max(self._opened.window.transcript.live_views(), key=lambda each: each[0])[1]

    @property
    def panel(self):
        return self.view.thinking if self.view.thinking.header is not None else None

    @property
    def trace(self):
        return self.panel.trace.strip() if self.panel else ""

    @property
    def words(self):
        """The line over the thinking."""
        return self.panel.header.words if self.panel else ""

    @property
    def answer(self):
        return self.view.answer.source.strip()


@pytest.fixture(scope="module")
def opened(qapp, tmp_path_factory):
    """One program for all cells, with a connection so that it opens with a conversation."""
    home = tmp_path_factory.mktemp("matrix")
    with running_server(openai_script(models=["first"])) as server, contextlib.ExitStack() as stack:
        saved = {"kind": "openai_compat", "name": "first", "address": server.url, "id": "first"}
        choice = {"connection_id": "first", "model": "first"}
        (home / "settings.json").write_text(json.dumps({"connections": [saved], "default_choice": choice}))
        with pytest.MonkeyPatch.context() as patch:
            _find_nothing_else(patch, home)
            made = stack.enter_context(open_program(qapp, home))
            made.wait_for_models()
        yield made


def _find_nothing_else(patch, home):
    """Let the program find neither a starter model nor an Ollama."""
    patch.setenv("XDG_CACHE_HOME", str(home / "empty"))
    patch.setenv("OLLAMA_HOST", "127.0.0.1:1")


@contextlib.contextmanager
def _talking_to(opened, server, cell):
    """A new conversation with the cell's model, whose server has a connection of its own meanwhile."""
    program, protocol = opened.program, PROTOCOLS[cell.protocol]
    choice = ModelChoice(new_id(), cell.model)
    connection = Connection(
        kind=protocol.kind, name="ours", address=server.url, id=choice.connection_id, preset=protocol.preset
    )
    program.services.connections.save(connection, Secrets())
    opened.wait_until(lambda: program.services.models.find(choice) is not None)
    program.chat.choose_model(choice)
    program.chat.new()
    program.chat.set_thinking(Thinking(cell.mode))
    try:
        yield
    finally:
        program.chat.stop()
        program.services.connections.remove(choice.connection_id)


def _ask(opened, server, cell, seen):
    """Ask; look at the window in the middle of the thinking where the server waits; the reply and its phases."""
    ended: list[object] = []
    phases: list[ReplyPhase] = []
    opened.program.chat.generation_ended.connect(ended.append)
    opened.write("What is 17 + 25?")
    opened.press_enter()
    generation = opened.program.chat.generation
    assert generation is not None
    generation.phase_changed.connect(lambda: phases.append(generation.builder.phase))
    if cell.thinks:
        opened.wait_until(lambda: seen.words.startswith("Thinking"))
        assert generation.builder.phase is ReplyPhase.THINKING
        assert seen.answer == ""
    server.release()
    opened.wait_until(lambda: ended)
    opened.program.chat.generation_ended.disconnect(ended.append)
    return opened.path[-1], phases


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.id)
def test_thinking_is_in_the_panel_and_the_answer_in_the_answer(opened, candor_home, monkeypatch, cell):
    _find_nothing_else(monkeypatch, candor_home)
    replies = [stream(cell, pauses=cell.thinks)]
    if cell.opening_is_missing:
        replies.insert(0, stream(cell))
    with running_server(script_of(cell, *replies)) as server, _talking_to(opened, server, cell):
        seen = Seen(opened)
        if cell.opening_is_missing:
            first = opened.ask("What is 17 + 25?")
            assert (first.reasoning.strip(), first.text.strip()) == (cell.trace, cell.answer)
            opened.wait_until(lambda: seen.words.startswith("Thought for"))
            assert (seen.trace, seen.answer) == (cell.trace, cell.answer)
        reply, phases = _ask(opened, server, cell, seen)
        opened.wait_until(lambda: seen.answer == cell.answer)
        assert seen.trace == cell.trace
        assert (reply.reasoning.strip(), reply.text.strip()) == (cell.trace, cell.answer)
        assert (reply.status, phase_of(reply)) == (MessageStatus.COMPLETE, ReplyPhase.DONE)
        leaked = [mark for mark in _MARKS if mark in seen.trace + seen.answer and mark not in cell.answer]
        assert leaked == []
        if cell.thinks:
            opened.wait_until(lambda: seen.words.startswith("Thought for"))
            assert ReplyPhase.THINKING in phases
        else:
            assert seen.panel is None
        sent = server.chats[-1].json
        assert {name: sent.get(name) for name in cell.sent} == cell.sent
        assert cell.trace == "" or cell.trace not in json.dumps(sent)
        opened.drain_store()
        stored = opened.path[-1]
        assert [type(part) for part in stored.parts] == ([ReasoningPart] if cell.trace else []) + [TextPart]


@pytest.mark.engine
def test_a_real_llama_server_thinks_in_the_panel_and_answers_when_it_shall_not_think(
    qapp, candor_home, monkeypatch, starter_model
):
    """The starter model behind a template that opens the thinking, which it never ends by itself."""
    _find_nothing_else(monkeypatch, candor_home)
    command = [sys.executable, "-m", "tests.support.thinking_server", str(starter_model), "opens"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        saved = {"id": "ours", "kind": "openai_compat", "name": "ours", "address": address, "preset": "llama-server"}
        (candor_home / "settings.json").write_text(json.dumps({"connections": [saved]}))
        with open_program(qapp, candor_home) as opened:
            opened.wait_for_model()
            chat, seen = opened.program.chat, Seen(opened)
            chat.set_thinking(Thinking(ThinkingMode.AUTO))
            opened.write("What is the sea?")
            opened.press_enter()
            opened.wait_until(lambda: len(seen.trace) > 40)
            assert (seen.words[:8], seen.answer) == ("Thinking", "")
            chat.stop()
            opened.wait_until(lambda: chat.generation is None)
            chat.set_thinking(Thinking(ThinkingMode.OFF))
            opened.write("And what is it now?")
            opened.press_enter()
            opened.wait_until(lambda: len(seen.answer) > 20)
            assert seen.panel is None
            chat.stop()
            opened.wait_until(lambda: chat.generation is None)
        server.communicate(timeout=PATIENCE)


def test_the_documentation_has_a_row_for_each():
    written = (Path(__file__).parent.parent / "docs" / "thinking.md").read_text(encoding="utf-8")
    rows = ", ".join(re.findall(r"^\| ([^|]+) \|", written, re.MULTILINE)).split(", ")
    assert [each for each in PROTOCOLS if re.sub(" (?:before|without) .*", "", each) not in rows] == []
