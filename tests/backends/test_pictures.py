"""Pictures reach every kind of server in the form that it takes, and a model that can't see is called that."""

from __future__ import annotations

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.wire.messages import sent_messages
from desktop.core.errors import RequestRejected
from desktop.core.message import ImagePart, Message, Role, TextPart
from desktop.core.request import ChatRequest
from tests.backends.outcome import Outcome, outcome, run
from tests.support.every_backend import EVERY_BACKEND, Answers
from tests.support.scripted_server import Recorded, Script, ScriptedServer
from tests.support.scripts import ollama_script
from tests.support.seeing import BLIND, SEEING, pictures_in, png

PICTURE = png()
DIGEST = "ab" * 32


def question(model: str, *pictures: ImagePart, text: str = "What is it?") -> ChatRequest:
    message = Message(role=Role.USER, parts=(TextPart(text), *pictures))
    return ChatRequest(model, (message,), pictures={DIGEST: PICTURE})


def script_of(case: str, answers: Answers) -> Script:
    if case == "ollama":
        return ollama_script(answers.ollama, capabilities=("completion", "vision"))
    return EVERY_BACKEND[case].script(answers)


def ask(case: str, answers: Answers, *pictures: ImagePart, text: str = "What is it?") -> tuple[Outcome, list[Recorded]]:
    served = EVERY_BACKEND[case]

    async def work() -> tuple[Outcome, list[Recorded]]:
        async with ScriptedServer(script_of(case, answers)) as server:
            backend = served.backend(server.url)
            got = await outcome(backend, question(served.model, *pictures, text=text))
            await backend.aclose()
            return got, [request for request in server.requests if b"What is it?" in request.body or not text]

    return run(work())


@pytest.mark.parametrize("case", EVERY_BACKEND)
def test_a_picture_arrives_with_its_question(case: str) -> None:
    got, requests = ask(case, SEEING, ImagePart("a.png", "image/png", DIGEST))
    assert got.text == "I see 1."
    assert pictures_in(requests[-1]) == [("What is it?", PICTURE)]


@pytest.mark.parametrize("case", ["openai", "openai, responses", "ollama"])
def test_a_picture_needs_no_words(case: str) -> None:
    got, _ = ask(case, SEEING, ImagePart("a.png", "image/png", DIGEST), text="")
    assert got.text == "I see 1."


@pytest.mark.parametrize("case", EVERY_BACKEND)
def test_what_servers_do_not_take_is_not_sent(case: str) -> None:
    others = [ImagePart("a.webp", "image/webp", DIGEST), ImagePart("gone.png", "image/png", "cd" * 32)]
    got, requests = ask(case, SEEING, *others)
    assert got.text == "I see 0."
    assert requests[-1].json.get("messages", requests[-1].json.get("input"))[-1]["content"] == "What is it?"


@pytest.mark.parametrize("case", EVERY_BACKEND)
def test_a_model_that_cannot_see_is_called_that(case: str) -> None:
    got, _ = ask(case, BLIND, ImagePart("a.png", "image/png", DIGEST))
    assert (got.error.kind, got.error.reason) == ("request_rejected", "pictures")


def test_ollama_is_not_asked_where_it_says_that_a_model_cannot_see() -> None:
    """Some of its versions leave the pictures out, and the model answers as if there were none."""

    async def work() -> tuple[Outcome, list[str]]:
        async with ScriptedServer(ollama_script(SEEING.ollama, capabilities=("completion",))) as server:
            backend = OllamaBackend(server.url)
            got = await outcome(backend, question("scripted:latest", ImagePart("a.png", "image/png", DIGEST)))
            await backend.aclose()
            return got, [request.path for request in server.requests]

    got, paths = run(work())
    assert got.error.reason == "pictures"
    assert "/api/chat" not in paths


def test_a_protocol_without_pictures_says_so() -> None:
    with pytest.raises(RequestRejected) as refused:
        sent_messages(question("m", ImagePart("a.png", "image/png", DIGEST)))
    assert refused.value.reason == "pictures"
