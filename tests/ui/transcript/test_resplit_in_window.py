"""A wrong split, undone in the window: it stays so after a restart, and the model's next reply is read rightly."""

from __future__ import annotations

import json

import pytest

from desktop.ui.message_actions import Ask
from tests.support.in_process import open_program
from tests.support.scripted_server import running_server
from tests.support.scripts import MODEL, openai_chunks, openai_script, sse

pytestmark = pytest.mark.window

# A closing tag within a sentence: it might be a quotation, and is taken for one.
REPLY = "So it must be 42, I think </think> It is 42."
# What a parser on a server makes of an answer without tags.
SWALLOWED = sse(openai_chunks("", "It is 42."))


def view_of(opened):
    return max(opened.window.transcript.live_views(), key=lambda each: each[0])[1]


def trace(opened):
    return view_of(opened).thinking.trace


def sides(opened, message):
    """(thinking, answer) of the last reply, in the window and in memory alike."""
    shown = trace(opened), view_of(opened).answer.source
    assert shown == (message.reasoning, message.text)
    return shown


@pytest.mark.parametrize(
    ("script", "wrong", "thinking", "right", "remembered"),
    [
        (
            openai_script(sse(openai_chunks(REPLY))),
            ("", REPLY),
            True,
            ("So it must be 42, I think", "It is 42."),
            "inside",
        ),
        (openai_script(SWALLOWED), ("It is 42.", ""), False, ("", "It is 42."), "outside"),
    ],
    ids=["this was thinking", "this was the answer"],
)
def test_it_lasts_and_the_next_reply_is_right(
    qapp,
    candor_home,
    monkeypatch,
    script,
    wrong,
    thinking,
    right,
    remembered,
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(candor_home / "empty"))
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:1")
    with running_server(script) as server:
        saved = {"id": "ours", "kind": "openai_compat", "name": "ours", "address": server.url}
        choice = {"connection_id": "ours", "model": MODEL}
        settings = candor_home / "settings.json"
        settings.write_text(json.dumps({"connections": [saved], "default_choice": choice}))
        with open_program(qapp, candor_home) as opened:
            opened.wait_for_models()
            reply = opened.ask("What is 17 + 25?")
            assert sides(opened, reply) == wrong
            view_of(opened).ask(Ask.RESPLIT, thinking)
            opened.wait_until(lambda: view_of(opened).answer.source == right[1])
            assert sides(opened, opened.path[-1]) == right
            conversation = opened.program.chat.current.id
        assert json.loads(settings.read_text())["splits"] == [[choice, remembered]]
        with open_program(qapp, candor_home) as opened:
            opened.wait_for_models()
            opened.program.chat.open(conversation)
            opened.wait_until(lambda: opened.path)
            assert sides(opened, opened.path[-1]) == right
            following = opened.ask("And again?")
            assert (following.reasoning.strip(), following.text) == right
