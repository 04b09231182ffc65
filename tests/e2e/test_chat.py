"""The main road through the real window: type, read, stop, start over, come back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.model import ModelChoice
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.store.database import open_store
from tests.e2e.conftest import Launch
from tests.e2e.program import RunningProgram, StoredMessage
from tests.support.scripted_server import Hold, running_server
from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script, openai_chunks, openai_script, sse
from tests.support.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.window

ANSWER = "It is **four**.\n\n```python\nprint(2 + 2)\n```\n"
HALF = "Half an answer"


def half_an_answer(thinking: str = "") -> list[object]:
    return [ollama_line(thinking=thinking)] * bool(thinking) + [ollama_line(HALF)]


def test_a_question_is_answered_by_ollama(launch: Launch) -> None:
    with running_server(ollama_script(ndjson(ollama_lines(ANSWER)))) as server:
        program = launch(server.url)
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
        assert program.quit() == 0


def test_a_question_is_answered_by_an_openai_compatible_server(launch: Launch, candor_home: Path) -> None:
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
def test_a_question_is_answered_by_the_built_in_engine(launch: Launch, candor_home: Path, starter_model: Path) -> None:
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

    def has_ended() -> bool:
        return program.messages()[1].status != "streaming"

    wait_until(has_ended, seconds=100)  # an engine that shares its processors is slow
    messages = program.messages()
    assert messages[1].status == "complete", program.log
    assert messages[0].text == "Say hello."
    assert messages[1].text.startswith("Hello")
    assert program.quit() == 0


def test_thinking_is_stored_apart_and_never_sent(launch: Launch) -> None:
    with running_server(ollama_script(ndjson(ollama_lines("Four.", thinking="a secret thought")))) as server:
        program = launch(server.url)
        program.ask("first?", server)
        reply = program.wait_for_reply()[-1]
        assert (reply.text, reply.reasoning) == ("Four.", "a secret thought")
        request = program.ask("second?", server)
        assert [each["content"] for each in request.json["messages"]] == ["first?", "Four.", "second?"]
        assert b"secret" not in request.body
        program.wait_for_reply(count=2)


@pytest.mark.parametrize("thinking", ["", "hm"], ids=["answering", "thinking first"])
def test_escape_stops_while_the_server_is_silent(
    launch: Launch, thinking: str, record_property: Callable[[str, object], None]
) -> None:
    steps = ndjson(half_an_answer(thinking), then=[Hold()])
    with running_server(ollama_script(steps)) as server:
        program = launch(server.url)
        request = program.ask("Tell me a story", server)
        wait_until(program.logged)
        pressed_at = time.monotonic()
        program.press("Escape")
        assert request.closed.wait(PATIENCE)
        assert request.closed_at is not None
        record_property("milliseconds_from_key_to_server", round(1000 * (request.closed_at - pressed_at)))
        reply = program.wait_for_reply("stopped")[-1]
        assert (reply.text, reply.reasoning) == (HALF, thinking)


def test_escape_stops_before_a_byte_has_come(launch: Launch) -> None:
    with running_server(ollama_script(ndjson([], before_head=[Hold()]))) as server:
        program = launch(server.url)
        request = program.ask("Tell me a story", server)
        program.press("Escape")
        assert request.closed.wait(PATIENCE)
        assert program.wait_for_reply("stopped")[-1].text == ""


def test_a_new_conversation_knows_nothing_of_the_old_one(launch: Launch) -> None:
    with running_server(ollama_script(ndjson(ollama_lines("Understood.")))) as server:
        program = launch(server.url)
        program.ask("my old secret", server)
        program.wait_for_reply()
        program.press("ctrl+n")
        wait_until(lambda: program.title == "Candor")
        request = program.ask("something new", server)
        assert [each["content"] for each in request.json["messages"]] == ["something new"]
        assert b"secret" not in request.body
        program.wait_for_reply(count=2)


def test_conversations_are_there_after_a_restart(launch: Launch) -> None:
    with running_server(ollama_script(ndjson(ollama_lines("Understood.")))) as server:
        program = launch(server.url)
        program.ask("the older one", server)
        program.wait_for_reply()
        program.press("ctrl+n")
        program.ask("the newer one", server)
        program.wait_for_reply(count=2)
        assert program.quit() == 0

        again = launch(server.url)
        assert [each.title for each in again.messages()] == ["the older one"] * 2 + ["the newer one"] * 2
        open_by_search(again, "the older one")
        request = again.ask("and now?", server)
        assert [each["content"] for each in request.json["messages"]] == ["the older one", "Understood.", "and now?"]
        again.wait_for_reply(count=3)


def test_what_had_arrived_survives_a_crash(launch: Launch) -> None:
    with running_server(ollama_script(ndjson(half_an_answer("so far"), then=[Hold()]))) as server:
        program = launch(server.url)
        program.ask("Tell me a story", server)
        wait_until(program.logged)
        program.kill()
        again = launch(server.url)
        reply = again.wait_for_reply("interrupted")[-1]
        assert (reply.text, reply.reasoning) == (HALF, "so far")
        server.script["POST /api/chat"] = [ndjson(ollama_lines("Once upon a time."))]
        open_by_search(again, "Tell me a story")
        request = again.ask("go on", server)
        assert [each["content"] for each in request.json["messages"]] == ["Tell me a story", HALF, "go on"]
        again.wait_for_reply()


def test_a_proxy_in_the_environment_does_not_disturb_loopback(launch: Launch, free_port: int) -> None:
    nowhere = f"http://127.0.0.1:{free_port}"
    with running_server(ollama_script(ndjson(ollama_lines("Four.")))) as server:
        program = launch(
            server.url, HTTP_PROXY=nowhere, HTTPS_PROXY=nowhere, ALL_PROXY=f"socks5://127.0.0.1:{free_port}"
        )
        program.ask("What is two and two?", server)
        assert program.wait_for_reply()[-1].text == "Four."


def open_by_search(program: RunningProgram, title: str) -> None:
    """Find it by its title (Ctrl+K), and press Enter, as one does without a mouse."""

    def is_open() -> bool:
        if program.title == f"{title} — Candor":
            return True
        program.press("Return")
        return False

    program.press("ctrl+k")
    program.type(title)
    wait_until(is_open)
    program.press("ctrl+l")
