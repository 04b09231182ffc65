"""Each fault of each protocol: never an exception, the text that came is kept, and the right class of error."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from functools import partial
from itertools import takewhile

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.errors import (
    AuthRejected,
    OutOfCredit,
    Overloaded,
    ProtocolError,
    RequestRejected,
    StreamBroken,
    Unreachable,
)
from desktop.core.events import FinishReason
from tests.backends.outcome import AT_ONCE, replies
from tests.support.scripted_server import Cut, Hold, Pause, Raw, Reply, Reset, json_reply, text_reply
from tests.support.scripts import (
    delta,
    ndjson,
    ollama_end,
    ollama_line,
    ollama_lines,
    ollama_script,
    openai_chunks,
    openai_script,
    response_object,
    responses_event,
    responses_events,
    responses_script,
    sse,
    usage_chunk,
)

TEXT = "Grüße 🙂 汉字 a\u2028b\u2029c\u0085d\x0b\x0ce done."
THOUGHT = "Hm, \u2028 let me see."


def from_ollama(*answers):
    return replies(partial(OllamaBackend, retries=AT_ONCE), ollama_script(*answers))[0][0]


def from_openai(*answers):
    make = partial(OpenAICompatBackend, retries=AT_ONCE, finish_grace=0.2)
    return replies(make, openai_script(*answers))[0][0]


def from_responses(*answers):
    make = partial(OpenAICompatBackend, api_key="", preset=load_presets()["openai"], retries=AT_ONCE)
    return replies(make, responses_script(*answers))[0][0]


# --- Careless, but whole -----------------------------------------------------------------------------------------

FRAMINGS = {
    "as it should be": {},
    "one byte at a time, with all that may be odd": {"one_byte": True, "bom": True, "newline": "\r\n"},
    "no line break at the end": {"last_newline": False},
    "a silence before the head": {"before_head": [Pause(0.3)]},
    "the connection breaks behind the end": {"then": [Pause(0.01), Reset()]},
    "the connection stays open behind the end": {"then": [Hold()]},
}


@pytest.mark.parametrize(
    ("protocol", "options"),
    [
        *(("ollama", each) for each in FRAMINGS.values()),
        *(("chat", each) for each in (*FRAMINGS.values(), {"comments": True}, {"done": False, "last_newline": False})),
        *(("responses", {"done": False, **each}) for each in FRAMINGS.values()),
    ],
)
def test_framings(protocol, options):
    got = {
        "ollama": lambda: from_ollama(ndjson(ollama_lines(TEXT, THOUGHT), **options)),
        "chat": lambda: from_openai(sse(openai_chunks(TEXT, THOUGHT), **options)),
        "responses": lambda: from_responses(sse(responses_events(TEXT, [THOUGHT]), **options)),
    }[protocol]()
    assert (got.text, got.reasoning) == (TEXT, THOUGHT)
    assert got.finish.reason is FinishReason.STOP


def _raw(fields):
    """A chunk with a delta that Python would not write."""
    return f'data: {{"choices":[{{"delta":{fields}}}]}}\n\n'


def _split(*deltas):
    return [delta(**fields) for fields in deltas]


_MESSAGE = {
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello there"}, "finish_reason": "stop"}]
}

# name: (chunks or a reply, thinking, text)
CARELESS = {
    "nulls everywhere": (
        [
            {"choices": None, "usage": None},
            {"choices": []},
            {"choices": [None]},
            {"choices": [{"delta": None, "finish_reason": None}]},
            {"choices": [{"finish_reason": ""}]},
            *_split({"content": None, "reasoning_content": None}, {}, {"content": "Hello there"}),
            delta(finish="stop"),
            {"usage": None, "choices": []},
        ],
        "",
        "Hello there",
    ),
    "tags after a thinking field are text": (openai_chunks("<think>a</think>", "Hm"), "Hm", "<think>a</think>"),
    "content behind the finish": (
        [delta(content="Hello"), delta(finish="stop"), delta(content=" there")],
        "",
        "Hello there",
    ),
    "whole message at the end": ([*_split({"content": "Hello"}, {"content": " there"}), _MESSAGE], "", "Hello there"),
    "text twice": (
        [
            *_split({"content": "Hello there, "}, {"content": "my dear friend."}),
            delta("stop", content="Hello there, my dear friend."),
        ],
        "",
        "Hello there, my dear friend.",
    ),
    "a repetition that is meant": ([*_split({"content": "ha"}, {"content": "ha"}), delta("stop")], "", "haha"),
    "done without a finish": ([delta(content="Hello there")], "", "Hello there"),
    "refusal": ([*_split({"refusal": "I will not."}), delta("stop")], "", "I will not."),
    "half a surrogate pair": (
        [_raw('{"content":"a\\ud83d"}'), _raw('{"content":"\\ude42\\ud800"}')],
        "",
        "a🙂\ufffd",
    ),
    "not streamed": (json_reply(_MESSAGE), "", "Hello there"),
}  # fmt: skip


OLLAMA_CARELESS = {
    "content on the last line": ([ollama_line("Hello"), ollama_end(content=" there")], "", "Hello there"),
    "nulls": (
        [{"message": None}, {"message": {"content": None, "thinking": None}}, ollama_line("Hello"), ollama_end()],
        "",
        "Hello",
    ),
    "no reason": ([ollama_line("Hello"), {"done": True}], "", "Hello"),
    "tags after the field are text": (ollama_lines("<think>a</think>", "Hm"), "Hm", "<think>a</think>"),
    "one object": ([ollama_end(content="Hello there")], "", "Hello there"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("play", "made", "chunks", "reasoning", "text"),
    [*((from_openai, sse, *case) for case in CARELESS.values()),
     *((from_ollama, ndjson, *case) for case in OLLAMA_CARELESS.values())],
    ids=[*CARELESS, *(f"Ollama: {case}" for case in OLLAMA_CARELESS)],
)  # fmt: skip
def test_careless_replies(play, made, chunks, reasoning, text):
    got = play(chunks if isinstance(chunks, Reply) else made(chunks))
    assert (got.reasoning, got.text) == (reasoning, text)
    assert got.finish.reason is FinishReason.STOP


# --- Refused before the first token ------------------------------------------------------------------------------

_HTML = "<!doctype html><html><head><title>Bad Gateway</title></head><body>x</body></html>"

_BOMB = gzip.compress(b"a" * 64_000_000)

# name: (reply, class, reason)
REFUSALS = {
    "page with status 200": (text_reply(_HTML, 200, "text/html"), ProtocolError, "html"),
    "error with status 200": (json_reply({"error": {"message": "no credit", "code": 402}}), OutOfCredit, ""),
    "LM's unknown path": (json_reply({"error": "Unexpected endpoint or method. (X)"}), ProtocolError, "not_found"),
    "wrong key": (json_reply({"error": "Unauthorized"}, 401), AuthRejected, ""),
    "empty": (text_reply("", 500), RequestRejected, ""),
    "broken JSON": (text_reply('{"error": "ba', 500), RequestRejected, ""),
    "reset before the head": (Reply(before_head=[Reset()]), Unreachable, "reset"),
    "closed before the head": (Reply(before_head=[Cut()]), Unreachable, "reset"),
    "not HTTP": (Reply(before_head=[Raw(b"220 mail.test ESMTP\r\n\r\n"), Cut()]), ProtocolError, "garbled"),
    "reset after the head": (Reply([Pause(0.02), Reset()]), StreamBroken, "reset"),
    "compressed": (Reply([_BOMB], headers={"Content-Encoding": "gzip"}), ProtocolError, "encoded"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
@pytest.mark.parametrize("play", [from_ollama, from_openai, from_responses])
def test_refusals(play, case):
    reply, kind, reason = REFUSALS[case]
    got = play(reply)
    assert (type(got.error), got.error.reason) == (kind, reason)
    assert got.text == ""
    assert got.error.host == "127.0.0.1"


def test_an_empty_403_of_ollama_is_no_matter_of_keys():
    error = from_ollama(text_reply("", 403)).error
    assert (type(error), error.reason) == (RequestRejected, "host_check")


# --- Broken in the middle ----------------------------------------------------------------------------------------

_BROKEN_LINES = {
    "object": ({"error": {"message": "bad", "type": "server_error", "code": 500}}, RequestRejected, ""),
    "text": ({"error": "an error was encountered while running the model"}, RequestRejected, ""),
    "flat": ({"code": 50505, "message": "Model service overloaded."}, Overloaded, ""),
    "broken JSON": ('{"choices": [{"del', ProtocolError, "garbled"),
}


_PLACE = {"output_index": 0, "content_index": 0}
_BAD = '{"error":{"code":500,"message":"bad"}}'


def _sse(begun, *then, **more):
    return sse([*begun, *then], done=False, **more)


# protocol: how a reply is had, how its pieces are put together, its beginning, and what is around a line in its middle
_SPOKEN = {
    "ollama": (
        from_ollama,
        lambda begun, *then, **more: ndjson([*begun, *then], **more),
        [ollama_line(thinking="Hm"), ollama_line("Hel"), ollama_line("lo")],
        *("", ""),
    ),
    "chat": (
        from_openai,
        _sse,
        [delta(reasoning_content="Hm"), delta(content="Hel"), delta(content="lo")],
        *("data: ", "\n\ndata: [DONE]\n\n"),  # as vLLM does
    ),
    "responses": (
        from_responses,
        _sse,
        [
            responses_event("response.reasoning_summary_text.delta", delta="Hm", **_PLACE),
            *(responses_event("response.output_text.delta", delta=text, **_PLACE) for text in ("Hel", "lo")),
        ],
        *("event: error\ndata: ", "\n\n"),
    ),
}
_ENDS = {"cut": [Cut()], "reset": [Pause(0.05), Reset()], "end": []}
_FAILED = {"status": "failed", "error": {"code": "invalid_prompt", "message": "bad"}}
_OTHER_FAULTS = {
    "chat": {
        "error event": f"event: error\ndata: {_BAD}\n\n",
        "old error field": f"error: {_BAD}\n\n",
        "bare JSON": _BAD + "\n",
    },
    "responses": {
        "failed": responses_event("response.failed", response=_FAILED),
        "failed with half an answer": responses_event(
            "response.failed", response=response_object("Hello", ["Hm"]) | _FAILED
        ),
    },
}


@pytest.mark.parametrize(
    ("protocol", "case"),
    [
        *((protocol, case) for protocol in _SPOKEN for case in (*_BROKEN_LINES, *_ENDS)),
        *((protocol, case) for protocol, cases in _OTHER_FAULTS.items() for case in cases),
    ],
)
def test_a_reply_breaks_in_the_middle_and_its_words_are_kept(protocol, case):
    ask, made, begun, before, behind = _SPOKEN[protocol]
    kind, reason = RequestRejected, ""
    if case in _ENDS:
        kind, reason = StreamBroken, "eof" if case == "end" else "reset"
        reply = made(begun, then=_ENDS[case])
    elif case in _BROKEN_LINES:
        line, kind, reason = _BROKEN_LINES[case]
        text = line if isinstance(line, str) else json.dumps(line)
        reply = made(begun, f"{before}{text}{behind or chr(10)}")
    else:
        reply = made(begun, _OTHER_FAULTS[protocol][case])
    steps = [*takewhile(lambda step: isinstance(step, str | bytes), reply.steps)]
    at_once = "".join(step if isinstance(step, str) else step.decode() for step in steps)
    for each in (reply, replace(reply, steps=[at_once, *reply.steps[len(steps) :]])):
        got = ask(each)
        assert (got.reasoning, got.text) == ("Hm", "Hello")
        assert (type(got.error), got.error.reason) == (kind, reason)
        assert got.status == ("interrupted" if kind is StreamBroken else "failed")


def test_text_that_was_held_back_is_not_lost_when_the_stream_breaks():
    assert from_openai(sse([delta(content="a <thi")], done=False)).text == "a <thi"
    assert from_ollama(ndjson([ollama_line("<think>Hm</th")])).reasoning == "Hm</th"


# --- Ends that are no success ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finish", "expected"),
    [
        ("stop", FinishReason.STOP),
        ("length", FinishReason.LENGTH),
        ("content_filter", FinishReason.CONTENT_FILTER),
        ("tool_calls", FinishReason.STOP),
        ("something_new", FinishReason.STOP),
    ],
)
def test_finish_reasons(finish, expected):
    got = from_openai(sse(openai_chunks("Hello", finish=finish)))
    assert (got.finish.reason, got.finish.raw, got.text) == (expected, finish, "Hello")
    if expected is not FinishReason.CONTENT_FILTER:
        assert from_ollama(ndjson(ollama_lines("Hello", reason=finish))).finish.reason is expected


@pytest.mark.parametrize("finish", ["tool_calls", "stop"])
def test_a_call_of_a_tool_alone_is_no_answer(finish):
    got = from_openai(sse([delta(tool_calls=[{"index": 0, "function": {"name": "f"}}]), delta(finish)]))
    assert (type(got.error), got.error.reason, got.text) == (ProtocolError, "tool", "")


@pytest.mark.parametrize(
    ("finish", "kind"), [("insufficient_system_resource", Overloaded), ("error", StreamBroken), ("abort", StreamBroken)]
)
def test_openai_finish_reasons_that_are_failures(finish, kind):
    got = from_openai(sse(openai_chunks("Hello", finish=finish)))
    assert isinstance(got.error, kind)
    assert got.text == "Hello"


_NOTHING = Reply(content_type="text/event-stream")
_EMPTY = {
    "a stop": (from_openai, sse([delta(role="assistant", content=""), delta(finish="stop"), usage_chunk()])),
    "only DONE": (from_openai, sse([])),
    "white space": (from_openai, sse([delta(content=" \n"), delta(finish="stop")])),
    "no body": (from_openai, _NOTHING),
    "whole": (from_openai, json_reply({"choices": [{"message": {"content": ""}, "finish_reason": "stop"}]})),
    "Ollama's": (from_ollama, ndjson([ollama_end()])),
    "a response": (from_responses, sse(responses_events(""), done=False)),
    "a response of white space": (from_responses, sse(responses_events(" \n"), done=False)),
    "no body of a response": (from_responses, _NOTHING),
    "a whole response": (from_responses, json_reply(response_object(""))),
}


@pytest.mark.parametrize("case", _EMPTY)
def test_an_empty_reply_is_said(case):
    ask, reply = _EMPTY[case]
    error = ask(reply).error
    assert (type(error), error.reason) == (ProtocolError, "empty")


def test_something_else_than_a_model_answers():
    for body in (text_reply("hello"), json_reply({"hello": 1}), json_reply([1, 2]), json_reply(None)):
        assert from_openai(body).error.reason in ("garbled", "empty")
        assert from_ollama(body).error.reason == "garbled"
