"""Replies that go on at an Ollama: what its template makes of them decides how the rest is asked for."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.message import Message, MessageStatus, ReasoningPart, Role, TextPart, user_message
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest, PartialReply
from tests.backends.outcome import AT_ONCE, asked_of, built, played
from tests.backends.test_early_answer import CLOSED, QUESTION, TEMPLATE, early_request, with_template
from tests.support.scripted_server import SHOWS_PROMPT, Reply, json_reply
from tests.support.scripts import (
    MODEL,
    ndjson,
    ollama_end,
    ollama_line,
    ollama_lines,
    ollama_script,
    openai_chunks,
    openai_script,
    sse,
)

TEXT = "Once there was a majestic dragon, and the wind was strong enough for this dragon to bring"
AGAIN = "Once upon a time, in the lands of Elyria, there lived a fox."


def chatml(body: Any) -> str:
    """The prompt of a template that closes every message: what Ollama takes for a model that brings none."""
    said = "".join(f"<|im_start|>{each['role']}\n{each['content']}<|im_end|>\n" for each in body["messages"])
    return f"{said}<|im_start|>assistant\n" + ("<think>\n" if body.get("think") else "")


def left_open(body: Any) -> str:
    """The prompt of a template that leaves a last message of the assistant open."""
    if body["messages"][-1]["role"] != "assistant":
        return chatml(body)
    return f"{chatml(body | {'messages': body['messages'][:-1]})}{body['messages'][-1]['content']}"


def generated(text: str) -> Reply:
    """A reply of `/api/generate`, token by token."""
    lines = [
        {"model": MODEL, "response": each["message"]["content"], "done": False} for each in ollama_lines(text)[:-1]
    ]
    return ndjson([*lines, {"model": MODEL, "response": "", "done": True, "done_reason": "stop", "eval_count": 3}])


def continued(script: Any, *, times: int = 1, request: ChatRequest | None = None) -> tuple[ReplyBuilder, Any]:
    """A reply that is continued, several times by the same client, and the server that it came from."""
    reply = Message(role=Role.ASSISTANT, parts=(TextPart(TEXT),), status=MessageStatus.STREAMING)
    if request is None:
        request = ChatRequest(MODEL, (user_message("A story!"),), partial_reply=PartialReply(TEXT))
    else:
        reply = Message(role=Role.ASSISTANT, parts=(ReasoningPart("Hm."),), status=MessageStatus.STREAMING)

    async def ask(backend: OllamaBackend) -> ReplyBuilder:
        for _ in range(times):
            builder = await built(backend, request, reply)
        return builder

    return played(partial(OllamaBackend, retries=AT_ONCE, poll_interval=0.02), script, ask)


def shown(server: Any) -> int:
    return sum(SHOWS_PROMPT in each.body for each in server.requests)


def test_behind_a_template_that_closes_the_message_the_prompt_itself_is_sent() -> None:
    builder, server = continued(ollama_script(generated(" great loads."), prompt_of=chatml), times=2)
    assert builder.message.text == f"{TEXT} great loads."
    assert not builder.began_again
    first, second = server.chats
    assert first.path == second.path == "/api/generate"
    prompt = f"<|im_start|>user\nA story!<|im_end|>\n<|im_start|>assistant\n{TEXT}"
    assert (first.json["prompt"], first.json["raw"]) == (prompt, True)
    assert first.json == second.json
    assert not {"messages", "think"} & first.json.keys()
    assert shown(server) == 3  # both forms once, and then only the one that is needed


def test_behind_a_template_that_leaves_it_open_the_chat_goes_on() -> None:
    builder, server = continued(ollama_script(ndjson(ollama_lines(" great loads.")), prompt_of=left_open), times=2)
    assert builder.message.text == f"{TEXT} great loads."
    assert [each.path for each in server.chats] == ["/api/chat"] * 2
    assert server.chats[0].json["messages"][-1] == {"role": "assistant", "content": TEXT}
    assert shown(server) == 1


def test_a_server_that_shows_no_prompt_is_asked_once_and_a_new_beginning_is_not_glued_on() -> None:
    builder, server = continued(ollama_script(ndjson(ollama_lines(AGAIN))), times=2)
    assert builder.began_again
    assert builder.message.text == AGAIN
    assert [each.path for each in server.chats] == ["/api/chat"] * 2
    assert shown(server) == 1


def test_a_server_that_cannot_show_it_now_is_asked_the_next_time() -> None:
    script = dict(ollama_script(ndjson(ollama_lines(" great loads.")), prompt_of=chatml))
    (chat,) = script["POST /api/chat"]
    refused = [json_reply({"error": "server busy, please try again."}, 503)]

    def answer(request: Any) -> Reply:
        if SHOWS_PROMPT in request.body and refused:
            return refused.pop()
        found: Any = chat
        return found(request)

    builder, server = continued({**script, "POST /api/chat": [answer]}, times=2)
    assert [each.path for each in server.chats] == ["/api/chat", "/api/generate"]
    assert builder.message.status is MessageStatus.COMPLETE


def test_an_answer_to_thinking_that_was_cut_off_comes_from_the_same_thinking() -> None:
    script = with_template(ollama_script(generated("A fox."), prompt_of=chatml), TEMPLATE)
    builder, server = continued(script, request=early_request())
    (chat,) = server.chats
    assert chat.path == "/api/generate"
    assert chat.json["prompt"].endswith(f"{QUESTION}<|im_end|>\n<|im_start|>assistant\n{CLOSED}")  # opened once
    assert builder.message.text == "A fox."


THOUGHT = "The wind matters here, and so"


def thinking_cut_off(text: str = "") -> ChatRequest:
    return ChatRequest(MODEL, (user_message("A story!"),), partial_reply=PartialReply(text, THOUGHT))


def test_thinking_that_was_cut_off_goes_on_and_is_told_from_the_answer() -> None:
    said = " does the dragon.\n</think>\n\nOnce there was a dragon."
    script = with_template(ollama_script(generated(said), prompt_of=chatml), TEMPLATE)
    builder, server = continued(script, request=thinking_cut_off())
    (chat,) = server.chats
    assert chat.json["prompt"].endswith(f"<|im_start|>assistant\n<think>\n{THOUGHT}")
    assert builder.message.text == "Once there was a dragon."
    assert builder.message.reasoning.strip() == "Hm. does the dragon."  # a space more or less would be another word


def test_an_answer_that_was_cut_off_goes_on_behind_its_own_thinking() -> None:
    script = with_template(ollama_script(generated(" great loads."), prompt_of=left_open), TEMPLATE)
    _, server = continued(script, request=thinking_cut_off(TEXT))
    (chat,) = server.chats
    assert chat.json["prompt"].endswith(f"assistant\n<think>\n{THOUGHT}\n</think>\n\n{TEXT}")


def test_where_no_prompt_is_shown_the_answer_goes_on_without_it() -> None:
    script = with_template(ollama_script(ndjson(ollama_lines(" great loads."))), TEMPLATE)
    _, server = continued(script, request=thinking_cut_off(TEXT))
    (chat,) = server.chats
    assert chat.path == "/api/chat"
    assert chat.json["messages"][-1] == {"role": "assistant", "content": TEXT}
    assert chat.json["think"] is False


@pytest.mark.parametrize("preset", ["vllm", "llama-server", "dashscope", "custom"])
def test_a_new_beginning_is_recognised_on_any_server(preset: str) -> None:
    again = f"{TEXT[:60]}, which had no wings."

    reply = Message(role=Role.ASSISTANT, parts=(TextPart(TEXT),), status=MessageStatus.STREAMING)
    request = ChatRequest(MODEL, (user_message("A story!"),), partial_reply=PartialReply(TEXT))
    builder = asked_of(
        lambda url: OpenAICompatBackend(url, "", load_presets()[preset], retries=AT_ONCE),
        openai_script(sse(openai_chunks(again))),
        lambda backend: built(backend, request, reply),
    )
    assert builder.began_again
    assert builder.message.text == again


def test_what_turns_out_to_be_thinking_was_no_new_beginning() -> None:
    said = ["Okay, let me see what this needs.", "\n</think>\n\n", " great loads."]
    lines = [*map(ollama_line, said), ollama_end()]
    builder, _ = continued(ollama_script(ndjson(lines)))
    assert not builder.began_again
    assert builder.message.text.startswith(TEXT)
    assert builder.message.text.endswith("great loads.")
    assert "let me see" in builder.message.reasoning
