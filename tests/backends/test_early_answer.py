"""The answer to thinking that is not at its end: what each server is asked, what comes of it, and how soon."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.openai_responses import OpenAIResponsesBackend
from desktop.backends.presets import load_presets
from desktop.core.backend import Backend
from desktop.core.events import AnsweredEarly, ReasoningDelta, StreamEvent, TextDelta, ThinkingCanEnd
from desktop.core.message import (
    AnswerWay,
    EarlyAnswer,
    Message,
    MessageStatus,
    ReasoningPart,
    Role,
    TextPart,
    user_message,
)
from desktop.core.outgoing.early_answer import asking_to_answer
from desktop.core.outgoing.messages import outgoing
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest, PartialReply, Thinking, ThinkingMode
from tests.backends.outcome import AT_ONCE, built, played, run
from tests.support.scripted_server import Hold, Recorded, Reply, Script, ScriptedServer, json_reply, text_reply
from tests.support.scripts import (
    MODEL,
    delta,
    ndjson,
    ollama_lines,
    ollama_script,
    openai_chunks,
    openai_script,
    sse,
)

PRESETS = load_presets()
CONTINUED, ASKED = AnswerWay.CONTINUED, AnswerWay.ASKED
QUESTION = "Which animal is it?"
TRACE = "It has a red coat.\n\nA fox, then"
CLOSED = f"<think>\n{TRACE}\n</think>\n\n"
NOTES = asking_to_answer(QUESTION, TRACE)
ANSWER = sse(openai_chunks("A fox."))
AT_CLICK = Message(role=Role.ASSISTANT, parts=(ReasoningPart(TRACE),), status=MessageStatus.STREAMING)

HISTORY = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Hello!"},
    {"role": "assistant", "content": "Hello."},
    {"role": "user", "content": QUESTION},
]
NOTED = [*HISTORY[:3], {"role": "user", "content": f"{QUESTION}\n\n{NOTES}"}]
COMMON = {"model": MODEL, "stream": True, "stream_options": {"include_usage": True}}
OF_OLLAMA = {"stream": True, "truncate": False, "shift": False}
FINAL = {"add_generation_prompt": False}
THINKING_OFF = {"chat_template_kwargs": {"enable_thinking": False, "thinking": False}}


@dataclass(frozen=True)
class Played:
    message: Message
    chats: list[Recorded]
    events: list[StreamEvent]

    @property
    def bodies(self) -> list[Any]:
        return [chat.json for chat in self.chats]


def early_request(
    thinking: ThinkingMode = ThinkingMode.AUTO, ways: tuple[AnswerWay, ...] = (CONTINUED, ASKED), trace: str = TRACE
) -> ChatRequest:
    earlier = Message(role=Role.ASSISTANT, parts=(ReasoningPart("an old secret"), TextPart("Hello.")))
    path = (user_message("Hello!"), earlier, user_message(QUESTION))
    partial_reply = PartialReply("", trace, answer_by=ways)
    return ChatRequest(MODEL, outgoing(path), "Be brief.", thinking=Thinking(thinking), partial_reply=partial_reply)


def play(backend_of: Any, script: Script, *requests: ChatRequest) -> Played:
    """The requests one after the other; the last reply, and all chats that came to the server."""
    events: list[StreamEvent] = []

    async def ask(backend: Backend) -> Message:
        for request in requests or (early_request(),):
            events.clear()
            message = (await built(backend, request, AT_CLICK, events)).message
        return message

    message, server = played(backend_of, script, ask)
    return Played(message, server.chats, events)


def openai(preset: str) -> Any:
    return lambda url: OpenAICompatBackend(url, "", PRESETS[preset], retries=AT_ONCE)


def ollama(url: str) -> Backend:
    return OllamaBackend(url, retries=AT_ONCE, poll_interval=0.02)


def refusal(message: str, status: int = 400) -> Reply:
    return json_reply({"error": {"message": message, "type": "invalid_request_error", "code": status}}, status)


# preset: what is sent, where, and which way that is
BODIES: dict[str, tuple[dict[str, Any], str, AnswerWay]] = {
    "llama-server": (
        {
            "messages": [*HISTORY, {"role": "assistant", "content": "", "reasoning_content": TRACE}],
            "continue_final_message": "content",
            "return_progress": True,
        }
        | FINAL,
        "/v1",
        CONTINUED,
    ),
    "vllm": (
        {"messages": [*HISTORY, {"role": "assistant", "content": CLOSED}], "continue_final_message": True}
        | FINAL
        | THINKING_OFF,
        "/v1",
        CONTINUED,
    ),
    "deepseek": (
        {
            "messages": [
                *HISTORY,
                {"role": "assistant", "content": "\n\n", "reasoning_content": TRACE, "prefix": True},
            ]
        },
        "/beta",
        CONTINUED,
    ),
    "dashscope": ({"messages": NOTED, "enable_thinking": False}, "/v1", ASKED),
    "siliconflow": ({"messages": NOTED, "enable_thinking": False}, "/v1", ASKED),
    "openrouter": ({"messages": NOTED, "reasoning": {"enabled": False}}, "/v1", ASKED),
    "volcengine-ark": ({"messages": NOTED, "thinking": {"type": "disabled"}}, "/v1", ASKED),
    "lm-studio": ({"messages": NOTED, "reasoning_effort": "none"}, "/v1", ASKED),
    "openai": ({"messages": NOTED}, "/v1", ASKED),
    "litellm": ({"messages": NOTED}, "/v1", ASKED),
    "custom": ({"messages": NOTED}, "/v1", ASKED),
}


def test_the_table_knows_every_provider() -> None:
    assert BODIES.keys() == PRESETS.keys()


@pytest.mark.parametrize("preset", BODIES)
def test_what_is_sent_and_what_is_read(preset: str) -> None:
    wanted, base, way = BODIES[preset]
    script = {**openai_script(ANSWER), "POST /beta/chat/completions": [ANSWER]}
    played = play(openai(preset), script)
    (body,) = played.bodies
    assert {name: body.get(name) for name in COMMON | wanted} == COMMON | wanted
    assert played.chats[0].path == f"{base}/chat/completions"
    assert (played.message.text, played.message.reasoning) == ("A fox.", TRACE)
    assert (played.message.status, played.message.early) == (MessageStatus.COMPLETE, EarlyAnswer(way))
    assert "old secret" not in played.chats[0].body.decode()


def test_the_responses_api_is_asked_without_thinking() -> None:
    """Its thinking is never shown but in summaries, and cannot be gone on with."""
    done = {"type": "response.completed", "response": {"status": "completed", "output": []}}
    events = [{"type": "response.output_text.delta", "delta": "A fox."}, done]
    script = {**openai_script(ANSWER), "POST /v1/responses": [sse(events, done=False)]}
    request = replace(early_request(), model="gpt-5")

    async def work() -> tuple[Message, list[Recorded]]:
        async with ScriptedServer(script) as server:
            backend = OpenAIResponsesBackend(server.url, "", PRESETS["openai"], retries=AT_ONCE)
            builder = ReplyBuilder(AT_CLICK)
            async for event in backend.stream(request):
                builder.apply(event)
            await backend.aclose()
            return builder.message, [each for each in server.requests if each.path == "/v1/responses"]

    message, (sent,) = run(work())
    assert (message.text, message.reasoning, message.early) == ("A fox.", TRACE, EarlyAnswer(ASKED))
    assert sent.json["input"][-1]["content"] == f"{QUESTION}\n\n{NOTES}"


TEMPLATE = "{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}"


def with_template(script: Script, template: str) -> Script:
    shown = {"details": {"family": "qwen3"}, "capabilities": ["completion", "thinking"], "template": template}
    return {**script, "POST /api/show": [json_reply(shown)]}


def test_ollama_goes_on_behind_the_closed_thinking_where_the_template_knows_the_tag() -> None:
    script = with_template(ollama_script(ndjson(ollama_lines("A fox."))), TEMPLATE)
    played = play(ollama, script)
    (body,) = played.bodies
    last = {"role": "assistant", "content": CLOSED}
    assert body == {"model": MODEL, "messages": [*HISTORY, last], **OF_OLLAMA, "think": False}
    assert (played.message.text, played.message.reasoning) == ("A fox.", TRACE)
    assert played.message.early == EarlyAnswer(CONTINUED)


@pytest.mark.parametrize("template", ["{{ .Prompt }}", "<|channel|>analysis<|message|>"])
def test_ollama_asks_where_it_does_not(template: str) -> None:
    played = play(ollama, with_template(ollama_script(ndjson(ollama_lines("A fox."))), template))
    (body,) = played.bodies
    assert body == {"model": MODEL, "messages": NOTED, **OF_OLLAMA, "think": False}
    assert played.message.early == EarlyAnswer(ASKED)


def test_ollama_asks_where_the_server_refuses_and_remembers_it() -> None:
    refused = json_reply({"error": '{"error":{"code":400,"message":"the last message must be of role user"}}'}, 400)
    script = with_template(ollama_script(refused, ndjson(ollama_lines("A fox."))), TEMPLATE)
    played = play(ollama, script, early_request(), early_request())
    continued = [*HISTORY, {"role": "assistant", "content": CLOSED}]
    assert [body["messages"] for body in played.bodies] == [continued, NOTED, NOTED]
    assert played.message.early == EarlyAnswer(ASKED)


def test_ollama_is_not_held_to_a_bad_moment() -> None:
    failed = json_reply({"error": "an error was encountered while running the model"}, 500)
    script = with_template(ollama_script(failed, ndjson(ollama_lines("A fox."))), TEMPLATE)
    played = play(ollama, script, early_request(), early_request())
    assert played.bodies[1]["messages"] == NOTED
    assert played.bodies[2]["messages"][-1] == {"role": "assistant", "content": CLOSED}
    assert played.message.early == EarlyAnswer(CONTINUED)


REFUSALS = {
    "the template drops it": ("vllm", refusal("continue_final_message is set but the final message does not appear")),
    "not these fields": ("vllm", refusal("Extra inputs are not permitted: 'continue_final_message'")),
    "no such address": ("deepseek", text_reply("404 page not found", 404)),
    "not for this model": ("deepseek", refusal("The reasoning_content is not allowed in messages")),
    "an old build": ("llama-server", refusal("Assistant response prefill is incompatible with enable_thinking.")),
    "a word it does not know": (
        "llama-server",
        refusal('Invalid continue_final_message: expected a boolean, "content"'),
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_server_that_refuses_is_asked_and_that_is_remembered(case: str) -> None:
    preset, refused = REFUSALS[case]
    script = {**openai_script(refused, ANSWER), "POST /beta/chat/completions": [refused]}
    if preset == "deepseek":
        script["POST /v1/chat/completions"] = [ANSWER]
    played = play(openai(preset), script, early_request(), early_request())
    assert [body["messages"] for body in played.bodies[1:]] == [NOTED, NOTED]
    assert not played.bodies[1].keys() & {"continue_final_message", "add_generation_prompt"}
    assert (played.message.text, played.message.early) == ("A fox.", EarlyAnswer(ASKED))


@pytest.mark.parametrize(
    "failed", [refusal("Internal error", 500), text_reply("<html>Bad gateway</html>", 502, "text/html")]
)
def test_a_server_that_fails_for_a_moment_is_asked_this_once(failed: Reply) -> None:
    played = play(openai("vllm"), openai_script(failed, ANSWER), early_request(), early_request())
    assert played.bodies[1]["messages"] == NOTED
    assert "continue_final_message" in played.bodies[2]
    assert played.message.early == EarlyAnswer(CONTINUED)


def test_a_server_that_brings_no_word_is_asked_this_once() -> None:
    empty = sse([delta(role="assistant", content=""), delta(finish="stop")])
    played = play(openai("vllm"), openai_script(empty, ANSWER), early_request(), early_request())
    assert played.bodies[1]["messages"] == NOTED
    assert "continue_final_message" in played.bodies[2]
    played = play(openai("vllm"), openai_script(empty, ANSWER))
    assert (played.message.text, played.message.early) == ("A fox.", EarlyAnswer(ASKED))


def test_ollama_that_brings_no_word_is_asked() -> None:
    script = with_template(ollama_script(ndjson(ollama_lines("")), ndjson(ollama_lines("A fox."))), TEMPLATE)
    played = play(ollama, script)
    assert [body["messages"] for body in played.bodies][1:] == [NOTED]
    assert (played.message.text, played.message.early) == ("A fox.", EarlyAnswer(ASKED))


def test_a_refusal_of_closed_thinking_does_not_keep_a_text_from_being_continued() -> None:
    refused = refusal("continue_final_message is set but the final message does not appear")
    cut = replace(early_request(), partial_reply=PartialReply("The quick"))
    played = play(openai("vllm"), openai_script(refused, ANSWER), early_request(), cut)
    assert played.bodies[-1]["messages"][-1] == {"role": "assistant", "content": "The quick"}


def test_when_it_has_helped_once_already_the_model_is_asked() -> None:
    played = play(openai("vllm"), openai_script(ANSWER), early_request(ways=(ASKED,)))
    assert played.bodies[0]["messages"] == NOTED


def test_an_answer_that_had_begun_goes_on_without_thinking() -> None:
    partial_reply = PartialReply("The quick", TRACE, answer_by=(CONTINUED, ASKED))
    played = play(openai("vllm"), openai_script(ANSWER), replace(early_request(), partial_reply=partial_reply))
    assert played.bodies[0]["messages"][-1] == {"role": "assistant", "content": "The quick"}
    assert played.bodies[0]["chat_template_kwargs"] == THINKING_OFF["chat_template_kwargs"]
    assert AnsweredEarly(CONTINUED) in played.events


def test_thinking_that_may_not_be_shown_to_the_model_is_not_in_the_notes() -> None:
    partial_reply = PartialReply("", withholds_thinking=True, answer_by=(CONTINUED, ASKED))
    played = play(openai("llama-server"), openai_script(ANSWER), replace(early_request(), partial_reply=partial_reply))
    assert played.bodies[0]["messages"] == HISTORY
    assert played.bodies[0]["chat_template_kwargs"] == THINKING_OFF["chat_template_kwargs"]
    assert played.message.early == EarlyAnswer(AnswerWay.ASKED_AFRESH)


def test_a_model_that_cannot_but_think_keeps_its_thoughts_apart() -> None:
    played = play(openai("custom"), openai_script(sse(openai_chunks("A fox.", reasoning="Once more."))))
    assert (played.message.reasoning, played.message.text) == (f"{TRACE}\n\nOnce more.", "A fox.")


# --- Live control ------------------------------------------------------------------------------------------------

CONTROL = "POST /v1/chat/completions/control"
THINKS = [delta(role="assistant", content=None), delta(reasoning_content="It has "), delta(reasoning_content="a red")]
ANSWERS = [delta(content="A "), delta(content="fox."), delta(finish="stop")]


def controlled(answer: Reply, *, then_goes_on: bool = True) -> tuple[list[StreamEvent], list[Recorded], list[bool]]:
    """A reply that thinks until the control has been asked to end it."""
    reply = sse([*THINKS], done=False, then=[Hold(), *(sse(ANSWERS).steps if then_goes_on else ())])
    script = {**openai_script(reply), CONTROL: [answer]}

    async def work() -> tuple[list[StreamEvent], list[Recorded], list[bool]]:
        async with ScriptedServer(script) as server:
            backend = OpenAICompatBackend(server.url, "", PRESETS["llama-server"], retries=AT_ONCE)
            events: list[StreamEvent] = []
            agreed: list[bool] = []
            can_end: ThinkingCanEnd | None = None
            request = replace(early_request(), partial_reply=None)
            async for event in backend.stream(request):
                events.append(event)
                if isinstance(event, ThinkingCanEnd):
                    can_end = event
                if isinstance(event, ReasoningDelta) and "red" in event.text:
                    assert can_end is not None
                    agreed.append(await can_end.end())
                    server.release()
            await backend.aclose()
            return events, server.requests, agreed

    return run(work())


def test_llama_server_is_told_to_end_it() -> None:
    events, requests, agreed = controlled(json_reply({"success": True}))
    (chat,) = [each for each in requests if each.path == "/v1/chat/completions"]
    (control,) = [each for each in requests if each.path.endswith("/control")]
    assert chat.json["reasoning_control"] is True
    assert control.json == {"id": "chatcmpl-1", "action": "reasoning_end"}
    assert agreed == [True]
    assert "".join(each.text for each in events if isinstance(each, TextDelta)) == "A fox."
    assert [type(each) for each in events].count(ThinkingCanEnd) == 1


def test_a_server_that_does_not_agree_says_so() -> None:
    answer = {"success": False, "message": "reasoning control not enabled for this completion"}
    assert controlled(json_reply(answer))[2] == [False]


@pytest.mark.parametrize("preset", sorted(PRESETS.keys() - {"llama-server"}))
def test_no_other_server_is_told(preset: str) -> None:
    played = play(openai(preset), openai_script(ANSWER), replace(early_request(), partial_reply=None))
    assert "reasoning_control" not in played.bodies[0]
    assert not [event for event in played.events if isinstance(event, ThinkingCanEnd)]


# --- How soon ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", ["vllm", "deepseek", "custom"])
def test_the_answer_is_there_as_soon_as_the_server_sends_it(preset: str) -> None:
    """Where a server answers at once, so do we, also by a second request after a refusal."""
    script = {**openai_script(ANSWER), "POST /beta/chat/completions": [refusal("no"), ANSWER]}

    async def work() -> float:
        async with ScriptedServer(script) as server:
            backend = OpenAICompatBackend(server.url, "", PRESETS[preset], retries=AT_ONCE)
            began = time.monotonic()
            async for event in backend.stream(early_request()):
                if isinstance(event, TextDelta):
                    break
            spent = time.monotonic() - began
            await backend.aclose()
            return spent

    assert run(work()) < 10.0  # a busy computer may take seconds for what takes milliseconds
