"""A conversation in the whole program: asked, stopped, found again after a restart or a crash."""

from __future__ import annotations

import json
import time

import pytest

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.model import ModelChoice
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.store.database import open_store
from tests.e2e.program import StoredMessage, is_here
from tests.support.scripted_server import Hold, running_server
from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script, openai_chunks, openai_script, sse
from tests.support.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.window

ANSWER = "It is **four**: https://example.com/a.png ![](https://b.example/c)\n\n```python\nprint(2 + 2)\n```\n"
HALF = "Half an answer"


def half_an_answer(thinking=""):
    return [ollama_line(thinking=thinking)] * bool(thinking) + [ollama_line(HALF)]


def test_a_question_is_answered_by_ollama_and_stopped_by_escape_and_nobody_else_is_asked(
    launch, free_port, record_property
):
    nowhere = f"http://127.0.0.1:{free_port}"  # a proxy in the environment does not disturb loopback
    proxies = {"HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere, "ALL_PROXY": f"socks5://127.0.0.1:{free_port}"}
    with running_server(ollama_script(ndjson(ollama_lines(ANSWER)))) as server:
        program = launch(server.url, **proxies)
        request = program.ask("What is two and two?", server)
        assert [(each["role"], each["content"]) for each in request.json["messages"]] == [
            ("user", "What is two and two?")
        ]
        title = "What is two and two?"
        assert program.wait_for_reply() == [
            StoredMessage("user", "complete", "What is two and two?", "", title),
            StoredMessage("assistant", "complete", ANSWER, "", title),
        ]
        assert program.title == f"{title} — Candor"
        # Before a byte has come, while the server is silent, and while it thinks.
        answers = [("", ""), (HALF, ""), (HALF, "hm")]
        replies = [ndjson([], before_head=[Hold()])]
        replies += [ndjson(half_an_answer(thinking), then=[Hold()]) for _, thinking in answers[1:]]
        server.script["POST /api/chat"] = replies
        for count, (text, thinking) in enumerate(answers, start=1):
            begin_another(program)
            request = program.ask("Tell me a story", server)
            if text:
                wait_until(program.logged)
            pressed_at = time.monotonic()
            program.press("Escape")
            assert request.closed.wait(PATIENCE)
            record_property("milliseconds_from_key_to_server", round(1000 * (request.closed_at - pressed_at)))
            reply = program.wait_for_reply("stopped", count)[-1]
            assert (reply.text, reply.reasoning) == (text, thinking)
            assert not program.logged()
        assert program.quit() == 0
    assert all(is_here(address) for address in program.addresses)


def test_a_question_is_answered_by_an_openai_compatible_server(launch, candor_home):
    with running_server(openai_script(sse(openai_chunks(ANSWER, "two and two")))) as server:
        connection = {"kind": "openai_compat", "name": "ours", "address": f"{server.url}/v1", "id": "ours"}
        (candor_home / "settings.json").write_text(json.dumps({"connections": [connection]}))
        program = launch()
        request = program.ask("What is two and two?", server)
        assert [(each["role"], each["content"]) for each in request.json["messages"]] == [
            ("user", "What is two and two?")
        ]
        reply = program.wait_for_reply()[-1]
        assert (reply.text, reply.reasoning) == (ANSWER, "two and two")


@pytest.mark.engine
def test_a_question_is_answered_by_the_built_in_engine(launch, candor_home, starter_model):
    # By itself so small a model draws its words by lot, and talks on for minutes now and then; like this they are the
    # likeliest ones at each run.
    settings = ConversationSettings(choice=ModelChoice(BUILT_IN_ID, str(starter_model)), temperature=0.0)
    store = open_store(candor_home / "candor.db")
    store.save_conversation(Conversation(title="Calm", settings=settings))
    store.close()
    program = launch()
    open_by_search(program, "Calm")
    program.type("Say hello.")
    program.press_until(lambda: bool(program.messages()))

    def has_ended():
        return program.messages()[1].status != "streaming"

    wait_until(has_ended, seconds=100)  # an engine that shares its processors is slow
    messages = program.messages()
    assert messages[1].status == "complete", program.log
    assert messages[0].text == "Say hello."
    assert messages[1].text.startswith("Hello")
    assert program.quit() == 0


def test_conversations_know_nothing_of_each_other_and_are_there_after_a_restart(launch):
    with running_server(ollama_script(ndjson(ollama_lines("Understood.", thinking="a hidden thought")))) as server:
        program = launch(server.url)
        program.ask("my old secret", server)
        reply = program.wait_for_reply()[-1]
        assert (reply.text, reply.reasoning) == ("Understood.", "a hidden thought")
        request = program.ask("and more?", server)
        assert [each["content"] for each in request.json["messages"]] == ["my old secret", "Understood.", "and more?"]
        assert b"hidden" not in request.body
        program.wait_for_reply(count=2)
        begin_another(program)
        request = program.ask("something new", server)
        assert [each["content"] for each in request.json["messages"]] == ["something new"]
        assert b"secret" not in request.body
        program.wait_for_reply(count=3)
        assert program.quit() == 0

        again = launch(server.url)
        assert [each.title for each in again.messages()] == ["my old secret"] * 4 + ["something new"] * 2
        wait_until(lambda: again.title == "something new — Candor")  # which was the last one
        open_by_search(again, "my old secret")
        request = again.ask("and now?", server)
        said = ["my old secret", "Understood.", "and more?", "Understood.", "and now?"]
        assert [each["content"] for each in request.json["messages"]] == said
        again.wait_for_reply(count=4)


def test_what_had_arrived_survives_a_crash(launch):
    with running_server(ollama_script(ndjson(half_an_answer("so far"), then=[Hold()]))) as server:
        program = launch(server.url)
        program.ask("Tell me a story", server)
        wait_until(program.logged)
        settings = program.home / "settings.json"
        wait_until(lambda: settings.exists() and '"last_conversation"' in settings.read_text())
        program.kill()
        again = launch(server.url)
        reply = again.wait_for_reply("interrupted")[-1]
        assert (reply.text, reply.reasoning) == (HALF, "so far")
        server.script["POST /api/chat"] = [ndjson(ollama_lines("Once upon a time."))]
        wait_until(lambda: again.title == "Tell me a story — Candor")  # which was the last one
        again.press("ctrl+l")
        request = again.ask("go on", server)
        assert [each["content"] for each in request.json["messages"]] == ["Tell me a story", HALF, "go on"]
        again.wait_for_reply()


def begin_another(program):
    program.press("ctrl+n")
    wait_until(lambda: program.title == "Candor")


def open_by_search(program, title):
    """Find it by its title (Ctrl+K), and press Enter, as one does without a mouse."""

    def is_open():
        if program.title == f"{title} — Candor":
            return True
        program.press("Return")
        return False

    program.press("ctrl+k")
    program.type(title)
    wait_until(is_open)
    program.press("ctrl+l")
