"""The control beside the composer, as the server of the chosen model tells: what it offers, and what a choice sends."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.in_process import open_program
from tests.support.scripted_server import Script, running_server
from tests.support.scripts import (
    MODEL,
    llama_server_script,
    ndjson,
    ollama_lines,
    ollama_script,
    openai_chunks,
    openai_script,
    responses_events,
    responses_script,
    sse,
)

pytestmark = pytest.mark.window

CHAT = sse(openai_chunks("Yes."))
RESPONSE = sse(responses_events("Yes."), done=False)
LINES = ndjson(ollama_lines("Yes."))


@dataclass(frozen=True, kw_only=True)
class Case:
    """`offers`: the first words of the menu's choices, none where there is no control; `choose` one, see what goes."""

    script: Script
    preset: str = "custom"
    kind: str = "openai_compat"
    model: str = MODEL
    offers: list[str] = field(default_factory=list)
    choose: str = ""
    sent: dict[str, Any] = field(default_factory=dict)


CASES = {
    "Ollama": Case(
        script=ollama_script(LINES), kind="ollama", offers=["Auto", "Off", "On"], choose="Off", sent={"think": False}
    ),
    "llama-server, R1": Case(
        script=llama_server_script(CHAT, template="<think>\n"), preset="llama-server", offers=["Auto"]
    ),
    "OpenAI, gpt-5.2": Case(
        script=responses_script(RESPONSE, models=["gpt-5.2"]),
        preset="openai",
        model="gpt-5.2",
        offers=["Auto", "Off", "Low", "Medium", "High"],
        choose="Off",
        sent={"reasoning": {"effort": "none"}},
    ),
    "an unknown server": Case(script=openai_script(CHAT)),
}


@pytest.fixture
def opened(qapp, candor_home, monkeypatch, case):
    monkeypatch.setenv("XDG_CACHE_HOME", str(candor_home / "empty"))
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:1")
    with running_server(case.script) as server:
        saved = {"id": "ours", "kind": case.kind, "name": "ours", "address": server.url, "preset": case.preset}
        settings = {"connections": [saved], "default_choice": {"connection_id": "ours", "model": case.model}}
        (candor_home / "settings.json").write_text(json.dumps(settings))
        with open_program(qapp, candor_home) as program:
            program.wait_for_models()
            yield program, server


def menu_of(opened):
    menu = opened.window.header.menu.thinking.menu()
    assert menu is not None
    return menu


def offered(opened):
    if opened.window.header.menu.thinking.isHidden():
        return []
    return [each.text().partition(":")[0] for each in menu_of(opened).actions() if each.isCheckable()]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_the_server_tells_is_offered_and_what_is_chosen_is_sent(opened, case):
    program, server = opened
    program.wait_until(lambda: offered(program) == case.offers)
    if case.choose:
        next(each for each in menu_of(program).actions() if each.text().startswith(f"{case.choose}:")).trigger()
    program.ask("Really?")
    sent = server.chats[-1].json
    assert {name: sent.get(name) for name in case.sent} == case.sent
    if not case.offers:
        assert not {"think", "thinking", "reasoning", "reasoning_effort", "enable_thinking"} & sent.keys()
