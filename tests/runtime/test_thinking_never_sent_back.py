"""Ten turns with each provider, as a real server gets them: no thinking of an earlier reply is in any request.

Among the turns are one that is answered early, which may send its own thinking and no other, one that is stopped while
it thinks, and one whose thinking comes in tags.
"""

from __future__ import annotations

import re

import pytest

from desktop.core.message import MessageStatus
from desktop.core.model import ModelChoice
from desktop.core.reply import ReplyPhase
from tests.support.every_backend import EVERY_BACKEND, Answers, chat_of, chat_script
from tests.support.scripted_server import Hold, json_reply, running_server
from tests.support.scripts import (
    MODEL,
    delta,
    ndjson,
    ollama_line,
    ollama_lines,
    openai_chunks,
    sse,
)

TURNS = 10
EARLY, STOPPED, IN_TAGS = 3, 5, 7  # the turns that are not like the others
_SECRET = re.compile(r"secret-(\d+)")


def secret(generation):
    return f"secret-{generation} thought"


def generation_of(request):
    """Which question the request ends with."""
    return int(re.findall(r"question-(\d+)", request.body.decode())[-1])


def is_answer_wanted(request):
    """Whether it brings a reply's own thinking along, to have it answered."""
    return str(generation_of(request)) in _SECRET.findall(request.body.decode())


def openai_reply(request):
    generation = generation_of(request)
    if is_answer_wanted(request):
        return sse(openai_chunks(f"answer-{generation}"))
    if generation in (EARLY, STOPPED):
        return sse([delta(reasoning_content=secret(generation))], done=False, then=[Hold()])
    if generation == IN_TAGS:
        return sse(openai_chunks(f"<think>{secret(generation)}</think>\n\nanswer-{generation}"))
    return sse(openai_chunks(f"answer-{generation}", reasoning=secret(generation)))


def ollama_reply(request):
    generation = generation_of(request)
    if is_answer_wanted(request):
        return ndjson(ollama_lines(f"answer-{generation}"))
    if generation in (EARLY, STOPPED):
        return ndjson([ollama_line(thinking=secret(generation))], then=[Hold()])
    if generation == IN_TAGS:
        return ndjson(ollama_lines(f"<think>{secret(generation)}</think>\n\nanswer-{generation}"))
    return ndjson(ollama_lines(f"answer-{generation}", secret(generation)))


def responses_reply(request):
    generation = generation_of(request)
    events = []
    if not is_answer_wanted(request):
        events.append(
            {"type": "response.reasoning_summary_text.delta", "delta": secret(generation), "summary_index": 0}
        )
        if generation in (EARLY, STOPPED):
            return sse(events, done=False, then=[Hold()])
    events.append({"type": "response.output_text.delta", "delta": f"answer-{generation}"})
    events.append({"type": "response.completed", "response": {"status": "completed", "output": []}})
    return sse(events, done=False)


class DeepSeek:
    """One of the service's generations, which differ in what they demand of earlier replies."""

    def __init__(self, demands):
        self._demands = demands

    def __call__(self, request):
        earlier = [each for each in request.json["messages"] if each["role"] == "assistant" and "prefix" not in each]
        has_field = [each for each in earlier if "reasoning_content" in each]
        if self._demands is False and has_field:
            return refusal("The reasoning_content is not allowed in the messages of earlier rounds")
        if self._demands and len(has_field) < len(earlier):
            return refusal("The `reasoning_content` in the thinking mode must be passed back to the API.")
        return openai_reply(request)


def refusal(words):
    return json_reply({"error": {"message": words, "type": "invalid_request_error"}}, 400)


ANSWERS = Answers(openai_reply, responses_reply, ollama_reply)
SERVERS = {
    **{name: (served.script(ANSWERS), served.backend, served.model) for name, served in EVERY_BACKEND.items()},
    "deepseek, of R1's time": (chat_script(DeepSeek(False)), chat_of("deepseek"), MODEL),
    "deepseek V4, insisting": (chat_script(DeepSeek(True)), chat_of("deepseek"), MODEL),
}


def one_generation(bench, generation):
    assert bench.chat.send(f"question-{generation}")
    running = bench.running
    if generation in (EARLY, STOPPED):
        bench.wait(lambda: running.builder.phase is ReplyPhase.THINKING)
        assert bench.chat.answer_now() if generation == EARLY else True
    if generation == STOPPED:
        bench.chat.stop()
    bench.wait(lambda: bench.chat.generation is None)
    bench.drain()


@pytest.mark.parametrize("case", SERVERS)
def test_ten_turns(case, make_bench):
    script, backend_of, model = SERVERS[case]
    with running_server(script) as server:
        bench = make_bench(backend_of(server.url))
        bench.chat.choose_model(ModelChoice("here", model))
        for generation in range(1, TURNS + 1):
            one_generation(bench, generation)
        sent = [each for each in server.requests if each.method == "POST" and b"question-" in each.body]
        replies = [message for message in bench.path if message.role == "assistant"]
    assert [reply.text for reply in replies] == [
        "" if generation == STOPPED else f"answer-{generation}" for generation in range(1, TURNS + 1)
    ]
    assert all(
        secret(generation) in reply.reasoning
        for generation, reply in enumerate(replies, 1)
        if case != "openai, responses"
    )
    assert [
        generation for generation, reply in enumerate(replies, 1) if reply.status is not MessageStatus.COMPLETE
    ] == [STOPPED]
    for request in sent:
        found = {int(number) for number in _SECRET.findall(request.body.decode())}
        assert found <= ({EARLY} if generation_of(request) == EARLY else set()), request.body
    assert any(_SECRET.search(each.body.decode()) for each in sent), "its own thinking goes along where it is wanted"
    last = sent[-1].body.decode()
    assert all(f"question-{generation}" in last for generation in range(1, TURNS + 1))
    assert all(f"answer-{generation}" in last for generation in range(1, TURNS) if generation != STOPPED)
    assert "<think>" not in last
    if case == "deepseek V4, insisting":
        assert {each.get("reasoning_content") for each in sent[-1].json["messages"] if each["role"] == "assistant"} == {
            ""
        }
