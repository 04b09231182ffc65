"""What vLLM 0.32 and LiteLLM 1.108 really send when something is wrong, and what the user is told of it.

The bytes are those of real servers; two of LiteLLM's, of its keys in a database, are from its source.
"""

from __future__ import annotations

from functools import partial

import pytest

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.request import GenerationParams
from desktop.ui.errors import describe
from tests.backends.outcome import AT_ONCE, asking, outcome, played
from tests.support.scripted_server import json_reply, text_reply
from tests.support.scripts import MODEL, delta, openai_chunks, openai_script, sse

KEY = "sk-1234567890abcdef"
HELLO = sse(openai_chunks("Hello"))


def _gateway(status, message, kind):
    error = {"message": message, "type": kind, "param": None, "code": str(status)}
    return json_reply({"error": error}, status)


def _behind(words):
    return f"{words}\n\nLiteLLM: model group 'smol' failed with the error above. No fallback was attempted."


# fault: what the server sends, the kind and the reason of the failure, its title, and its details
REFUSALS = {
    "a wrong key, without a database": (
        _gateway(400, "No connected db.", "no_db_connection"),
        "auth_rejected", "", "The key was not accepted", "No connected db.",
    ),
    "a wrong key": (
        _gateway(401, "Authentication Error, Invalid proxy server token passed.", "token_not_found_in_db"),
        "auth_rejected", "", "The key was not accepted", "Authentication Error, Invalid proxy server token passed.",
    ),
    "an unknown model": (
        _gateway(
            400, f"/chat/completions: Invalid model name passed in model={MODEL}. Call `/v1/models` to view available"
            " models for your key.", "invalid_request_error",
        ),
        "model_missing", "", "The model is not there",
        f"/chat/completions: Invalid model name passed in model={MODEL}. Call `/v1/models` to view available models for"
        " your key.",
    ),
    "a model that is not allowed": (
        _gateway(
            403, "The requested model 'smol' is not available for this API key, or the model name is invalid. Check the"
            " models available to you and try again.", "key_model_access_denied",
        ),
        "auth_rejected", "model", "Your key may not use this model",
        "The requested model 'smol' is not available for this API key, or the model name is invalid. Check the models"
        " available to you and try again.",
    ),
    "a budget that is used up": (
        _gateway(422, "Budget has been exceeded! Current cost: 11.0, Max budget: 10.0", "budget_exceeded"),
        "out_of_credit", "budget", "Your budget is used up",
        "Budget has been exceeded! Current cost: 11.0, Max budget: 10.0",
    ),
    "the gateway's own key": (
        _gateway(
            401, _behind("litellm.AuthenticationError: AuthenticationError: OpenAIException - Invalid API Key"),
            "authentication_error",
        ),
        "auth_rejected", "gateway", "The server's own key was refused", "Invalid API Key",
    ),
    "nothing behind the gateway": (
        _gateway(
            500, _behind("litellm.InternalServerError: InternalServerError: OpenAIException - Connection error."),
            "internal_server_error",
        ),
        "overloaded", "gateway", "The model behind the server is out of reach", "Connection error.",
    ),
    "nothing behind the gateway, vLLM": (
        _gateway(
            500, _behind(
                "litellm.InternalServerError: InternalServerError: Hosted_vllmException - Cannot connect to host"
                " REDACTED:9 ssl:<ssl.SSLContext object at 0x7f8cd76f74a0> [Connect call failed ('REDACTED', 9)]"
            ), "internal_server_error",
        ),
        "overloaded", "gateway", "The model behind the server is out of reach",
        "Cannot connect to host REDACTED:9 ssl:<ssl.SSLContext object at 0x7f8cd76f74a0> [Connect call failed"
        " ('REDACTED', 9)]",
    ),
    "too long behind the gateway": (
        _gateway(
            400, "litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError:"
            " Hosted_vllmException - This model's maximum context length is 2048 tokens. However, you requested 0"
            " output tokens and your prompt contains at least 2049 input tokens", "None",
        ),
        "context_too_long", "", "Too long for this model",
        "This model's maximum context length is 2048 tokens. However, you requested 0 output tokens and your prompt"
        " contains at least 2049 input tokens",
    ),
    "an engine that has crashed": (
        json_reply(
            {"error": {"message": "EngineCore encountered an issue. See stack trace (above) for the root cause.",
                       "type": "InternalServerError", "param": None, "code": 500}}, 500,
        ),
        "request_rejected", "engine_dead", "The model server has broken down",
        "EngineCore encountered an issue. See stack trace (above) for the root cause.",
    ),
}  # fmt: skip

# fault: the error in mid-stream, the kind and the reason, its title
BREAKS = {
    "the engine crashes": (
        {"message": "EngineCore encountered an issue. See stack trace (above) for the root cause.", "code": 500},
        ("request_rejected", "engine_dead", "The model server has broken down"),
    ),
    "the server behind the gateway is killed": (
        {"message": "litellm.APIConnectionError: APIConnectionError: Hosted_vllmException - Response payload is not"
                    " completed: <TransferEncodingError: 400, message='Not enough data to satisfy transfer length"
                    " header.'>", "type": None, "param": None, "code": "500"},
        ("stream_broken", "gateway", "The reply broke off behind the server"),
    ),
    "the server behind the gateway falls silent": (
        {"message": "litellm.APIConnectionError: APIConnectionError: Hosted_vllmException - Timeout on reading data"
                    " from socket", "type": None, "param": None, "code": "500"},
        ("stream_broken", "gateway", "The reply broke off behind the server"),
    ),
}  # fmt: skip


def asked(*replies, key=KEY, preset="litellm", **more):
    """One reply, and the bodies of the requests for it; the models are listed first if `entry` is given."""
    entry = {"entry": more.pop("entry")} if "entry" in more else {}

    async def ask(backend):
        if entry:
            await backend.list_models()
        return await outcome(backend, asking(**more))

    made = partial(OpenAICompatBackend, api_key=key, preset=load_presets()[preset], retries=AT_ONCE)
    got, server = played(made, openai_script(*replies, **entry), ask)
    return got, [each.json for each in server.chats]


def told(error):
    return error.kind, error.reason, describe(error.as_failure()).title


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_refusal_is_told_as_what_it_is(fault):
    reply, kind, reason, title, detail = REFUSALS[fault]
    got, chats = asked(reply)
    assert told(got.error) == (kind, reason, title)
    assert got.error.detail == detail
    assert len(chats) == 1  # none of these passes by itself


@pytest.mark.parametrize("fault", BREAKS)
def test_an_end_in_mid_stream_is_told_as_what_it_is(fault):
    error, expected = BREAKS[fault]
    got, _ = asked(sse([delta(content="Hel"), delta(content="lo"), {"error": error}], done=False))
    assert told(got.error) == expected
    assert got.text == "Hello"


def test_a_key_that_is_missing_is_thought_of_where_a_server_says_nothing():
    silent = text_reply("Internal Server Error", 500)
    assert told(asked(silent, key="")[0].error)[1:] == ("no_key", "The server failed without a reason")
    assert told(asked(silent)[0].error)[1:] == ("", "Something failed in the server")


# --- A limit beyond the window ---------------------------------------------------------------------------------------

VLLM_LIMIT = json_reply(
    {"error": {"message": "max_tokens=16444 cannot be greater than max_model_len=2048. Please request fewer output"
               " tokens. (parameter=max_tokens, value=16444)", "type": "BadRequestError", "param": "max_tokens",
               "code": 400}}, 400,
)  # fmt: skip
OLD_LIMIT = json_reply(
    {"error": {"message": "This model's maximum context length is 2048 tokens. However, you requested 16504 tokens (60"
               " in the messages, 16444 in the completion). Please reduce the length of the messages or completion.",
               "type": "BadRequestError", "param": None, "code": 400}}, 400,
)  # fmt: skip
LIMITED = GenerationParams(max_tokens=60)  # and as much again as thinking may take


@pytest.mark.parametrize(
    ("refused", "then"), [(VLLM_LIMIT, 2048), (OLD_LIMIT, 2048 - 60)], ids=["a largest value", "the room that is left"]
)
def test_a_limit_beyond_the_window_is_made_smaller_and_the_reply_comes(refused, then):
    got, chats = asked(refused, HELLO, preset="vllm", params=LIMITED)
    assert got.text == "Hello"
    assert [each["max_tokens"] for each in chats] == [16444, then]


def test_a_limit_that_is_refused_whatever_it_is_is_left_out():
    again = json_reply({"error": {"message": "max_tokens=2048 cannot be greater than max_model_len=1024."}}, 400)
    got, chats = asked(VLLM_LIMIT, again, HELLO, preset="vllm", params=LIMITED)
    assert got.text == "Hello"
    assert [each.get("max_tokens") for each in chats] == [16444, 2048, None]


@pytest.mark.parametrize("window", ["max_model_len", "max_input_tokens"])
def test_no_limit_is_sent_that_is_larger_than_the_window(window):
    got, chats = asked(HELLO, entry={window: 2048}, params=LIMITED)
    assert got.text == "Hello"
    assert ["max_tokens" in each for each in chats] == [False]
    wide = asked(HELLO, entry={window: 32_768}, params=LIMITED)[1]
    assert [each["max_tokens"] for each in wide] == [16444]
