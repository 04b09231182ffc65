"""Bodies of requests: what is sent is what was meant, and nobody waits while it is written or read."""

from __future__ import annotations

import asyncio
import json
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.backends.ollama_keeping import OllamaKeeper
from desktop.backends.wire.bodies import FileBody, JsonBody
from desktop.backends.wire.http import HttpClient
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


def test_many_messages_come_in_small_pieces():
    value = {"messages": [{"content": 'a "word"\n' * 250}] * 500 + [{"content": "一二三\n\u2028\\😀" * 10_000}]}
    body = asyncio.run(JsonBody.of(value))
    pieces = _sent(body)
    assert b"".join(pieces) == _whole(value)
    assert max(map(len, pieces)) < 1 << 20
    assert _sent(body) == pieces  # once more, after a connection that had just been closed
    body.release()
    assert _sent(body) == []


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
