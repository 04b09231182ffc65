"""Changing one's mind in the real window, by keyboard: edit, ask again, walk versions, queue, continue."""

from __future__ import annotations

import pytest

from tests.support.scripted_server import Hold, running_server
from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script
from tests.support.waiting import wait_until

pytestmark = pytest.mark.window


def said(program, role):
    """What is stored of one side, the oldest first."""
    return [each.text for each in program.messages() if each.role == role]


def asked(server, index):
    """The conversation as it was sent with a request."""
    return [each["content"] for each in server.chats[index].json["messages"]]


def wait_for_request(server, count):
    """Until so many requests have come; the conversation that the last of them held."""
    wait_until(lambda: len(server.chats) >= count)
    return asked(server, count - 1)


def answers(server, text, reason="stop"):
    server.script["POST /api/chat"] = [ndjson(ollama_lines(text, reason=reason))]


def wait_for_the_last_one(program, title):
    """Until the conversation that was shown last is shown again, then go to the box."""
    wait_until(lambda: program.title == f"{title} — Candor")
    program.press("ctrl+l")


def test_a_conversation_that_is_changed_again_and_again(launch):
    with running_server(ollama_script(ndjson(ollama_lines("Four.")))) as server:
        program = launch(server.url)
        program.ask("two and two", server)
        program.wait_for_reply(count=1)

        answers(server, "It is four.")
        program.press(*["shift+Tab"] * 3, "space")  # Try again, before Start fresh and More
        assert wait_for_request(server, 2) == ["two and two"]
        program.wait_for_reply(count=2)

        program.press("shift+Tab", "space")  # the earlier version, beside the number
        wait_until(lambda: program.heads() == ["Four."])
        program.press("ctrl+l")
        program.type("sure")
        program.press("Return")
        assert wait_for_request(server, 3) == ["two and two", "Four.", "sure"]
        program.wait_for_reply(count=3)

        program.press("Up")  # the last message into the empty box
        program.type("?")
        program.press("Return")
        assert wait_for_request(server, 4) == ["two and two", "Four.", "sure?"]
        program.wait_for_reply(count=4)
        assert said(program, "user") == ["two and two", "sure", "sure?"]

        program.type("three")
        server.script["POST /api/chat"] = [
            ndjson([ollama_line("So far")], then=[Hold(), *ndjson(ollama_lines("")).steps]),
            ndjson(ollama_lines("It is ", reason="length")),
        ]
        program.press("Return")
        wait_until(lambda: "So far" in program.logged())
        program.type("four")
        program.press("Return")
        assert len(server.chats) == 5
        server.release()
        assert wait_for_request(server, 6)[-2:] == ["So far", "four"]
        program.wait_for_reply("cut_off")

        answers(server, "nine.")
        program.press(*["shift+Tab"] * 3, "space")  # Continue, before Try again and More
        wait_for_request(server, 7)
        wait_until(lambda: "It is nine." in said(program, "assistant"))
        assert program.quit() == 0


def test_an_edit_keeps_the_draft_over_a_restart(launch):
    with running_server(ollama_script(ndjson(ollama_lines("Four.")))) as server:
        program = launch(server.url)
        program.ask("two and two", server)
        program.wait_for_reply()
        program.type("half a thought")
        program.press(*["shift+Tab"] * 6, "space")  # Edit
        program.type(" and two")
        assert program.quit() == 0
        program = launch(server.url)
        wait_for_the_last_one(program, "two and two")
        program.wait_until_quiet()
        program.press("Escape")  # the change goes on where it was left
        program.type(", whole")
        program.send(server)
        assert asked(server, 1) == ["two and two", "Four.", "half a thought, whole"]
