"""Bodies: requests are sent as meant, lines and events however cut, and each shape of refusal has its class."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.backends.ollama_keeping import OllamaKeeper
from desktop.backends.wire.bodies import FileBody, JsonBody, StreamMark, TextMender, ValueDecoder, parse_json
from desktop.backends.wire.error_bodies import (
    MAX_DETAIL,
    ServerSaid,
    error_for,
    retry_after_in,
    said_in_body,
    shortened,
)
from desktop.backends.wire.http import HttpClient
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
from tests.support.missing import on_unix
from tests.support.scripted_server import ScriptedServer, json_reply

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def _sent(body):
    async def read():
        return [piece async for piece in body]

    return asyncio.run(read())


def _whole(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@given(_VALUES)
def test_it_is_the_json_that_the_standard_library_writes(value):
    body = asyncio.run(JsonBody.of(value))
    assert b"".join(_sent(body)) == _whole(value)
    assert body.size == len(_whole(value))


def test_others_have_their_turn_while_a_long_body_is_written():
    async def count_turns():
        turns = 0
        writing = asyncio.ensure_future(JsonBody.of(["word " * 200] * 5000))
        while not writing.done():
            turns += 1
            await asyncio.sleep(0)
        return turns

    assert asyncio.run(count_turns()) > 50


@on_unix
@pytest.mark.parametrize("step", ["read", "sent"])
def test_a_disk_that_does_not_answer_holds_back_no_reply(step, tmp_path):
    """As that of a network which hangs: a pipe cannot be opened for reading until somebody writes into it."""
    far = tmp_path / "model.gguf"
    os.mkfifo(far)
    answered, is_late = threading.Event(), threading.Event()

    def write_at_last():
        if not answered.wait(10):
            is_late.set()
        far.write_bytes(b"1234")

    async def give(url):
        if step == "sent":
            client = HttpClient(url)
            await client.open("POST", "/api/blobs/1", FileBody(far, 4, lambda sent: None))
            await client.aclose()
        else:
            async for _ in OllamaKeeper(url).import_file("far", far):
                return

    async def work():
        async with ScriptedServer({"GET /": [json_reply({})], "POST /api/blobs/1": [json_reply({})]}) as server:
            giving = asyncio.create_task(give(server.url))
            await asyncio.sleep(0)
            client = HttpClient(server.url)
            found = await client.json("GET", "/")
            answered.set()
            await client.aclose()
            await giving
            return found

    writing = threading.Thread(target=write_at_last)
    writing.start()
    assert asyncio.run(work()) == {}
    writing.join()
    assert not is_late.is_set()


DONE, ALIVE = StreamMark.DONE, StreamMark.ALIVE


def values_in(content, size=None):
    """The values of a body that comes in pieces of a size; of what is no JSON, its words."""
    decoder, found = ValueDecoder(), []
    size = size or max(1, len(content))
    for start in range(0, len(content), size):
        found += decoder.feed(content[start : start + size])
    found += decoder.close()
    return [each.detail if isinstance(each, ProtocolError) else each for each in found]


A, B = {"a": 1}, {"b": 2}
CASES = {
    "plain": (b'data: {"a":1}\n\ndata: {"b":2}\n\n', [A, B]),
    "crlf": (b'data: {"a":1}\r\n\r\ndata: {"b":2}\r\n\r\n', [A, B]),
    "bom": (b'\xef\xbb\xbfdata: {"a":1}\n\n', [A]),
    "several data lines": (b'data: {"a":\ndata: 1}\n\n', [A]),
    "an error by its name": (b"event: error\ndata: no\n\ndata: no\n\n", [{"error": "no"}]),
    "an error in JSON": (b'event: error\ndata: {"a":1}\n\n', [A]),
    "id and retry": (b'id: 1\nretry: 5\ndata: {"a":1}\n\nid: 2\n\n', [A]),
    "comment": (b': keep-alive\n\ndata: {"a":1}\n\n', [ALIVE, A]),
    "comment inside an event": (b'data: {"a":\n: x\ndata: 1}\n\n', [ALIVE, A]),
    "no blank line at the end": (b'data: {"a":1}\n\ndata: {"b":2}\n', [A, B]),
    "no line break at the end": (b'data: {"a":1}\n\ndata: {"b":2}', [A, B]),
    "the mark at the end": (b'data: {"a":1}\n\ndata: [DONE]\n\n', [A, DONE]),
    "old error field": (b'error: {"code":500}\n\n', [{"code": 500}]),
    "bare JSON in a stream": (b'data: {"a":1}\n{"error":"x"}\n', [A, {"error": "x"}]),
    "separators of Unicode": ('data: {"a":"b\u2028c\u2029d\u0085e"}\n\n'.encode(), [{"a": "b\u2028c\u2029d\u0085e"}]),
    "broken UTF-8": (b'data: {"a":"\xff\xfeb"}\n\n', [{"a": "\ufffd\ufffdb"}]),
    "many bytes": ('data: {"a":"汉字 🙂"}\n\n'.encode(), [{"a": "汉字 🙂"}]),
    "data that is no JSON": (b'data: ping\n\ndata: 7\n\ndata:\n\ndata: {"a":1}\n\n', [7, A]),
    "broken JSON": (b'data: {"a":1}\n\ndata: {"b\n\n', [A, '{"b']),
    "unknown field": (b"hello\nfoo: bar\n\n", []),
    "empty": (b"", []),
    "lines": (b'\xef\xbb\xbf{"a":1}\r\n\r\n\n{"b":2}', [A, B]),
    "a broken line": (b'{"a":1}\n{"b', [A, '{"b']),
    "one value": (b'\n {"a":1}', [A, DONE]),
    "one value on several lines": (b'{\n  "a":\n\n  1\n}\n', [A, DONE]),
    "one value that is broken": (b'{\n  "a":', ['{\n"a":', DONE]),
    "a list": (b'[{"a":1}]', [[A], DONE]),
    "words": (b'"no such model"', [{"error": "no such model"}, DONE]),
    "a page": (b"<html>\n{}\n</html>", []),
}


@pytest.mark.parametrize("case", CASES)
def test_values_come_out_the_same_however_the_bytes_are_cut(case):
    content, expected = CASES[case]
    for size in (None, 1, 2, 3, 7):
        assert values_in(content, size) == expected, size


@pytest.mark.parametrize("piece", [b"xxxxxxxxxx", b"data: xxxxxxxxxx\n", b"<xxxxxxxxxxxxx>\n"])
def test_what_never_ends_is_refused(piece):
    decoder = ValueDecoder(limit=100)
    with pytest.raises(ProtocolError, match="more than 100 bytes"):
        decoder.feed(piece * 11)


def test_a_long_line_in_small_pieces_costs_linear_time():
    decoder = ValueDecoder()
    decoder.feed(b'data: {"a":"')
    for _ in range(50_000):
        decoder.feed(b"0123456789")
    assert len(decoder.feed(b'"}\n\n')[0]["a"]) == 500_000


@pytest.mark.parametrize("text", ["[" * 100_000, "{", "", "nope", "1" * 10_000])
def test_json_that_is_none_gives_one_kind_of_error_but_for_numbers_that_are_none(text):
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)
    assert parse_json('{"a": NaN}').keys() == {"a"}


def test_pairs_that_were_cut_are_joined():
    mender = TextMender()
    assert mender.feed("a\ud83d") == "a"
    assert mender.feed("\ude42b") == "🙂b"
    assert mender.feed("\udc00\0") == "\ufffd\ufffd"
    assert mender.feed("\ud83d") == ""
    assert mender.close() == "\ufffd"
    assert mender.close() == ""


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
