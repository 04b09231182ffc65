"""Every shape in which servers refuse leads to the right class and to their words."""

from __future__ import annotations

import json
from email.utils import formatdate

import pytest

from desktop.backends.wire.error_bodies import (
    MAX_DETAIL,
    ServerSaid,
    error_for,
    retry_after_in,
    said_in,
    said_in_body,
    shortened,
)
from desktop.core.errors import (
    AuthRejected,
    ContentFiltered,
    ContextTooLong,
    ModelMissing,
    OutOfCredit,
    Overloaded,
    ProtocolError,
    RateLimited,
    RequestRejected,
    Unreachable,
)

_NESTED = json.dumps(
    {
        "error": {
            "code": 400,
            "message": "request (3009 tokens) exceeds the available context size (1024 tokens), try increasing it",
            "type": "exceed_context_size_error",
            "n_prompt_tokens": 3009,
            "n_ctx": 1024,
        }
    }
)
_HTML = "<!doctype html><html><head><title>502 Bad\n Gateway</title></head><body>secret proxy words</body></html>"

# name: (status, body, class, reason, part of the detail)
SHAPES = {
    "nested text": (400, {"error": _NESTED}, ContextTooLong, "", "exceeds the available context"),
    "flat of old vLLM": (400, {"object": "error", "message": "bad", "code": 400}, RequestRejected, "", "bad"),
    "detail list": (422, {"detail": [{"loc": ["body", "x"], "msg": "too big"}]}, RequestRejected, "", "too big"),
    "llama-server without a projector": (
        500,
        {"error": {"code": 500, "message": "image input is not supported - hint: provide the mmproj"}},
        RequestRejected,
        "pictures",
        "mmproj",
    ),
    "broker blind": (
        404,
        {"error": {"message": "No endpoints found that support image input"}},
        RequestRejected,
        "pictures",
        "No endpoints",
    ),
    "picture of another kind": (
        400,
        {"error": {"message": "You uploaded an unsupported image. Use png or jpeg."}},
        RequestRejected,
        "",
        "unsupported",
    ),
    "list": (400, [{"error": {"message": "first"}}], RequestRejected, "", "first"),
    "bare JSON text": (401, "Invalid token", AuthRejected, "", "Invalid token"),
    "broker": (
        502,
        {"error": {"code": 502, "message": "Provider returned error", "metadata": {"raw": '{"error":"boiler"}'}}},
        Overloaded,
        "",
        "boiler",
    ),
    "cloud sign-in": (401, {"error": "unauthorized", "signin_url": "https://x.test/in"}, AuthRejected, "", "x.test/in"),
    "vLLM 404": (404, {"error": {"message": "The model `x` does not exist.", "code": 404}}, ModelMissing, "", "`x`"),
    "old Ollama 404": (404, {"error": 'model "x" not found, try pulling it first'}, ModelMissing, "", "pulling"),
    "Ark 404": (404, {"error": {"code": "ModelNotOpen", "message": "not activated"}}, ModelMissing, "", "activated"),
    "unpaid": (400, {"error": {"message": "x", "code": "Arrearage"}}, OutOfCredit, "", "x"),
    "balance": (402, {"error": {"message": "Insufficient Balance"}}, OutOfCredit, "", "Balance"),
    "memory": (
        500,
        {"error": "model requires more system memory (5.6 GiB) than is available (3.1 GiB)"},
        RequestRejected,
        "out_of_memory",
        "5.6 GiB",
    ),
    "too large": (413, "", ContextTooLong, "", ""),
    "key in the body of a 400": (400, {"error": {"message": "Incorrect API key provided"}}, AuthRejected, "", "key"),
    "code inside a 200": (200, {"error": {"code": 429, "message": "x"}}, RateLimited, "", "x"),
    "filter": (400, {"error": {"message": "x", "code": "data_inspection_failed"}}, ContentFiltered, "", "x"),
    "busy": (200, {"error": "server busy, please try again.  maximum pending"}, Overloaded, "", "busy"),
    "null parts": (500, {"error": {"message": None, "type": None, "code": None}}, RequestRejected, "", ""),
    "number": (500, {"error": 7}, RequestRejected, "", "7"),
}


def error_of(status, body):
    return error_for(said_in_body(body), status=status, host="h.test")


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes(shape):
    status, body, kind, reason, words = SHAPES[shape]
    error = error_of(status, json.dumps(body).encode())
    assert (type(error), error.reason) == (kind, reason)
    assert words in error.detail
    assert error.host == "h.test"


def test_plain_text_and_nothing():
    assert error_of(404, b"404 page not found").reason == "not_found"
    assert error_of(404, b"404 page not found").detail == "404 page not found"
    assert isinstance(error_of(403, b""), AuthRejected)


def test_a_page_is_shown_by_its_title():
    error = error_of(502, _HTML.encode())
    assert (type(error), error.reason, error.detail) == (ProtocolError, "html", "502 Bad Gateway")
    assert error.retryable


def test_plain_http_to_an_https_port_is_named():
    for words in (
        b"Client sent an HTTP request to an HTTPS server.\n",
        b"<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>",
    ):
        error = error_of(400, words)
        assert (type(error), error.reason) == (Unreachable, "not_tls")


@pytest.mark.parametrize(
    ("words", "needed", "available"),
    [
        ("request (3009 tokens) exceeds the available context size (1024 tokens), try increasing it", 3009, 1024),
        (
            "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (3000 in the "
            "messages, 2000 in the completion).",
            5000,
            4096,
        ),
        (
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
            9001,
            8192,
        ),
        (
            "This model's maximum context length is 4096 tokens. However, you requested 512 output tokens and your "
            "prompt contains 4000 input tokens",
            4512,
            4096,
        ),
        (
            "This model's maximum context length is 2048 tokens. However, your prompt contains at least 2049 input "
            "tokens, which exceeds this limit even without any output tokens. (parameter=input_tokens, value=2049)",
            None,
            2048,
        ),
        (
            "This model's maximum context length is 2048 tokens. However, your prompt contains 960050 characters (more "
            "than 165888 characters, which is the upper bound for 2048 input tokens). (parameter=input_text)",
            None,
            2048,
        ),
        ("Range of input length should be [1, 30720]", None, 30720),
        ("the prompt is longer than the context length currently available to the model; shorten it", None, None),
        ("the input length exceeds the context length", None, None),
    ],
)
def test_context_errors_tell_their_numbers(words, needed, available):
    error = error_for(ServerSaid(message=words), status=400)
    assert isinstance(error, ContextTooLong)
    assert (error.needed, error.available) == (needed, available)


@pytest.mark.parametrize(
    "value",
    [
        {"choices": [], "usage": None},
        {"choices": [{"delta": {"content": "error"}}], "code": 1, "message": "x"},
        {"message": {"role": "assistant", "content": "error"}, "done": False},
        {"done": True},
        {"error": None, "choices": []},
        {"data": []},
        [],
        None,
        "text",
    ],
)
def test_what_is_no_error(value):
    assert said_in(value) is None


def test_who_is_asked_again():
    passing = [error_for(ServerSaid(), status=status) for status in (408, 429, 500, 502, 503, 504)]
    assert all(error.retryable for error in passing)
    lasting = [error_for(ServerSaid(), status=status) for status in (400, 401, 402, 403, 404, 413, 422)]
    assert not any(error.retryable for error in lasting)
    assert not error_for(ServerSaid(code="insufficient_quota"), status=429).retryable
    assert not error_for(ServerSaid(), status=500, local=True).retryable


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after": formatdate(1060, usegmt=True)}, 60.0),
        ({"retry-after": formatdate(900, usegmt=True)}, 0.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers, seconds):
    assert retry_after_in(headers, now=1000.0) == seconds


def test_details_are_short():
    assert len(shortened("word " * 10_000)) <= MAX_DETAIL
