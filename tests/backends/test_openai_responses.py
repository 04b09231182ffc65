"""OpenAI's Responses API: what is asked, what its events become, what refusals teach, and which models are asked so."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from desktop.backends.openai.responses import responses_body
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.errors import ContentFiltered, RequestRejected
from desktop.core.events import FinishReason
from desktop.core.message import Message, ReasoningPart, Role, TextPart, user_message
from desktop.core.reply import ReplyBuilder, ReplyPhase, has_hidden_thinking
from desktop.core.request import ChatRequest, GenerationParams, Thinking, ThinkingMode
from tests.backends.outcome import AT_ONCE, asked_of, asking, replies
from tests.support.scripted_server import json_reply
from tests.support.scripts import (
    openai_chunks,
    openai_script,
    response_object,
    responses_event,
    responses_events,
    responses_script,
    sse,
)

PRESET = load_presets()["openai"]
AUTO, OFF, ON = ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON
LOW, MEDIUM, HIGH = ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH
SUMMARIES = ("**Adding numbers**\n\nTwo and two.", "**Checking**\n\nIt is 4.")
TRACE = "\n\n".join(SUMMARIES)


def streamed(events, **options):
    return sse(events, done=False, **options)


WHOLE = streamed(responses_events("Four.", SUMMARIES))


def played(script, *requests):
    got, server = replies(partial(OpenAICompatBackend, api_key="", preset=PRESET, retries=AT_ONCE), script, *requests)
    return got, server.chats


def one(*answers, request=None):
    return played(responses_script(*answers), *([request] if request else []))[0][0]


def refusal(message, param="", code="unsupported_value", status=400):
    error = {"message": message, "type": "invalid_request_error", "param": param or None, "code": code}
    return json_reply({"error": error}, status)


# --- What is asked -----------------------------------------------------------------------------------------------

# model: {mode: the field `reasoning`}
TABLE = {
    "gpt-5.2": {
        AUTO: {"summary": "auto"},
        OFF: {"effort": "none"},
        ON: {"effort": "medium", "summary": "auto"},
        LOW: {"effort": "low", "summary": "auto"},
        MEDIUM: {"effort": "medium", "summary": "auto"},
        HIGH: {"effort": "high", "summary": "auto"},
    },
    "gpt-5-mini": {OFF: {"effort": "minimal", "summary": "auto"}, HIGH: {"effort": "high", "summary": "auto"}},
    "o4-mini": {OFF: {"effort": "low", "summary": "auto"}, AUTO: {"summary": "auto"}},
}


@pytest.mark.parametrize(("model", "mode"), [(model, mode) for model, modes in TABLE.items() for mode in modes])
def test_thinking(model, mode):
    request = ChatRequest(model, (user_message("Hi"),), thinking=Thinking(mode))
    body = responses_body(PRESET.for_model(model), request)
    assert body.pop("reasoning") == TABLE[model][mode]
    assert body == {"model": model, "input": [said("user", "Hi")], "stream": True, "store": False}


def said(role, content):
    """A message as it is sent: by its type, a llama-server knows what it is."""
    return {"type": "message", "role": role, "content": content}


def test_the_conversation_goes_out_as_words_alone():
    reply = Message(role=Role.ASSISTANT, parts=(ReasoningPart("secret thoughts"), TextPart("Hello")))
    params = GenerationParams(temperature=0.5, top_p=0.9, top_k=4, seed=7, stop=("x",), max_tokens=5)
    messages = (user_message("Hi"), reply, user_message("And\0?"))
    body = responses_body(PRESET, ChatRequest("o3", messages, "Be kind.", params))
    assert body["input"] == [said("user", "Hi"), said("assistant", "Hello"), said("user", "And\ufffd?")]
    assert body["instructions"] == "Be kind."
    assert body["store"] is False
    assert (body["temperature"], body["top_p"]) == (0.5, 0.9)
    assert not {"previous_response_id", "include", "seed", "stop", "top_k", "stream_options"} & body.keys()
    assert "thoughts" not in str(body)


def test_the_limit_leaves_room_for_the_thinking_and_is_never_smaller_than_the_api_takes():
    def limit(mode, tokens):
        body = responses_body(PRESET, asking(mode=mode, params=GenerationParams(max_tokens=tokens)))
        return int(body["max_output_tokens"])

    assert limit(OFF, 5) == 16
    assert limit(OFF, 500) == 500
    assert limit(AUTO, 500) > 5000


# --- What comes of it --------------------------------------------------------------------------------------------


def test_thinking_that_is_not_shown_is_still_thinking():
    builder = ReplyBuilder()
    phases = []
    for event in one(streamed(responses_events("Four."))).events:
        builder.apply(event)
        phases.append(builder.phase)
    assert ReplyPhase.THINKING in phases
    assert builder.message.reasoning == ""
    assert has_hidden_thinking(builder.message)


def _delta(kind, text, **place):
    return responses_event(f"response.{kind}.delta", delta=text, **place)


COMPLETED = responses_event("response.completed", response={"status": "completed", "output": []})
HELLO = _delta("output_text", "Hello", output_index=1, content_index=0)

# name: (reply, thinking, answer)
SHAPES = {
    "a trace itself": (streamed([_delta("reasoning_text", "Hm"), HELLO, COMPLETED]), "Hm", "Hello"),
    "a trace and its summary": (
        streamed([_delta("reasoning_text", "Hm"), _delta("reasoning_summary_text", "Thinks"), HELLO, COMPLETED]),
        "Hm",
        "Hello",
    ),
    "the older summary": (streamed([_delta("reasoning_summary", {"text": "Hm"}), HELLO, COMPLETED]), "Hm", "Hello"),
    "two messages": (
        streamed([HELLO, _delta("output_text", "there", output_index=2, content_index=0), COMPLETED]),
        "",
        "Hello\n\nthere",
    ),
    "a refusal": (streamed([_delta("refusal", "I will not."), COMPLETED]), "", "I will not."),
    "no deltas": (
        streamed([responses_event("response.completed", response=response_object("Four.", SUMMARIES))]),
        TRACE,
        "Four.",
    ),
    "not streamed": (json_reply(response_object("Four.", SUMMARIES)), TRACE, "Four."),
    "unknown events": (
        streamed(
            [
                responses_event("response.web_search_call.searching", item_id="x"),
                responses_event("response.thing.of.the.future", error=None, code=None, message=None, delta="no"),
                'data: {"type": 7}\n\n',
                "data: [1]\n\n",
                HELLO,
                responses_event("response.output_text.annotation.added", annotation={}),
                COMPLETED,
                "data: [DONE]\n\n",
            ]
        ),
        "",
        "Hello",
    ),
    "nulls": (
        streamed(
            [
                _delta("output_text", None),
                _delta("reasoning_summary_text", None),
                HELLO,
                responses_event("response.completed", response=None),
            ]
        ),
        "",
        "Hello",
    ),
    "tags of an open model": (streamed([_delta("output_text", "<think>Hm</think>Hello"), COMPLETED]), "Hm", "Hello"),
}


@pytest.mark.parametrize("case", SHAPES)
def test_shapes(case):
    reply, reasoning, text = SHAPES[case]
    got = one(reply)
    assert (got.reasoning, got.text, got.finish.reason) == (reasoning, text, FinishReason.STOP)


@pytest.mark.parametrize(
    ("reason", "finish", "status"),
    [
        ("max_output_tokens", FinishReason.LENGTH, "cut_off"),
        ("content_filter", FinishReason.CONTENT_FILTER, "failed"),
        ("something_new", FinishReason.LENGTH, "cut_off"),
    ],
)
def test_incomplete(reason, finish, status):
    got = one(streamed(responses_events("Fo", SUMMARIES, "incomplete", reason)))
    assert (got.reasoning, got.text, got.finish.reason, got.finish.raw) == (TRACE, "Fo", finish, reason)
    assert got.status == status
    before = one(streamed(responses_events("", (), "incomplete", "content_filter")))
    assert isinstance(before.error, ContentFiltered)
    no_room = one(streamed(responses_events("", SUMMARIES, "incomplete", "max_output_tokens")))
    assert (no_room.reasoning, no_room.text, no_room.status) == (TRACE, "", "cut_off")


# --- What refusals teach -----------------------------------------------------------------------------------------

UNVERIFIED = refusal(
    "Your organization must be verified to generate reasoning summaries. Please go to: https://platform.openai.com/ …",
    "reasoning.summary",
)

# name: (refusal, request, how the second body differs)
LESSONS = {
    "an organisation that is not verified": (UNVERIFIED, asking(mode=HIGH), {"reasoning": {"effort": "high"}}),
    "and nothing chosen": (UNVERIFIED, asking(), {"reasoning": None}),
    "a model without summaries": (
        refusal("Unsupported parameter: 'reasoning.summary' is not supported.", "reasoning.summary"),
        asking(),
        {"reasoning": None},
    ),
    "no way to switch it off": (
        refusal(
            "Unsupported value: 'none' is not supported with the 'x' model. Supported values are: 'minimal', 'low', "
            "'medium', and 'high'.",
            "reasoning.effort",
        ),
        asking(mode=OFF),
        {"reasoning": {"effort": "minimal", "summary": "auto"}},
    ),
    "a model that does not think": (
        refusal("Unsupported parameter: 'reasoning.effort' is not supported with this model.", "reasoning.effort"),
        asking(mode=LOW),
        {"reasoning": None},
    ),
    "temperature": (
        refusal("Unsupported parameter: 'temperature' is not supported with this model.", "temperature"),
        asking(params=GenerationParams(temperature=0.2)),
        {"temperature": None},
    ),
    "streaming": (
        refusal("Your organization must be verified to stream this model.", "stream"),
        asking(),
        {"stream": None},
    ),
}


@pytest.mark.parametrize("case", LESSONS)
def test_a_refusal_is_learnt_from_once(case):
    refused, request, changes = LESSONS[case]
    got, sent = played(responses_script(refused, WHOLE), request, request)
    assert [each.text for each in got] == ["Four.", "Four."]
    first, second, third = (each.json for each in sent)
    assert {name: second.get(name) for name in changes} == changes  # type: ignore[attr-defined]
    assert first != second == third


def test_instructions_that_are_refused_go_out_as_the_first_message():
    refused = refusal("Unsupported parameter: 'instructions'.", "instructions")
    request = replace(asking(), system="Speak Latin.")
    got, sent = played(responses_script(refused, WHOLE), request, request, asking())
    assert [each.text for each in got] == ["Four."] * 3
    question = said("user", "Hello?")
    assert [each.json["input"] for each in sent[1:3]] == [[said("system", "Speak Latin."), question]] * 2
    assert sent[3].json["input"] == [question]
    assert all("instructions" not in each.json for each in sent[1:])


def test_a_server_that_will_not_be_told_to_keep_nothing_is_not_asked():
    got, sent = played(responses_script(refusal("Unknown parameter: 'store'.", "store"), WHOLE))
    assert isinstance(got[0].error, RequestRejected)
    assert "store" in got[0].error.detail
    assert [each.json["store"] for each in sent] == [False]


# --- Which protocol ----------------------------------------------------------------------------------------------

CHAT = sse(openai_chunks("By chat."))


def both(responses, chat):
    return {**openai_script(chat), "POST /v1/responses": [responses]}


@pytest.mark.parametrize(
    ("model", "text"), [("gpt-4o", "By chat."), ("gpt-5", "Four."), ("o3", "Four."), ("gpt-5-chat-latest", "By chat.")]
)
def test_models_that_think_are_asked_by_responses(model, text):
    (got,), (sent,) = played(both(WHOLE, CHAT), asking(model=model, mode=LOW))
    assert got.text == text
    assert "reasoning_effort" not in sent.json
    assert ("reasoning" in sent.json) == (text == "Four.")


@pytest.mark.parametrize(
    "answer",
    [
        refusal("The requested model is only supported in v1/chat/completions.", "model", "", 400),
        refusal("This model cannot be used with the Responses API.", "model", "", 400),
        json_reply({"detail": "Not Found"}, 404),
    ],
)
def test_where_there_is_no_such_route_chat_is_used_from_then_on(answer):
    got, sent = played(both(answer, CHAT), asking(), asking())
    assert [each.text for each in got] == ["By chat."] * 2
    assert [each.path.rpartition("v1")[2] for each in sent] == ["/responses", "/chat/completions", "/chat/completions"]


def test_a_route_that_was_missing_for_a_while_is_found_again():
    missing = json_reply({"detail": "Not Found"}, 404)
    got, _ = played(responses_script(missing, WHOLE), asking(), asking(), asking())
    assert [each.text for each in got] == ["", "Four.", "Four."]


def test_a_route_that_was_learnt_and_went_away_is_left_within_the_same_reply():
    missing = json_reply({"detail": "Not Found"}, 404)
    script = {"POST /v1/responses": [missing, WHOLE], "POST /v1/chat/completions": [CHAT, missing]}
    got, _ = played(script, asking(), asking(), asking())
    assert [each.text for each in got] == ["By chat.", "Four.", "Four."]


def test_models_are_listed_with_what_is_known_of_them():
    names = ["gpt-4o", "gpt-5.2", "gpt-5", "o3"]
    make = partial(OpenAICompatBackend, api_key="", preset=PRESET)
    models = asked_of(make, responses_script(WHOLE, models=names), lambda backend: backend.list_models())
    assert [model.thinking_modes for model in models] == [
        (OFF,),
        (AUTO, OFF, LOW, MEDIUM, HIGH),
        (AUTO, LOW, MEDIUM, HIGH),
        (AUTO, LOW, MEDIUM, HIGH),
    ]
