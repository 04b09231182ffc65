"""Servers that fall silent: those that are still there are waited for, those that were shut down are noticed."""

from __future__ import annotations

import asyncio

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.wire.http import HttpSettings
from desktop.backends.wire.way import Way
from desktop.core.errors import StreamBroken, Unreachable
from desktop.core.place import THIS_COMPUTER
from tests.backends.outcome import AT_ONCE, asking, outcome, run
from tests.support.scripted_server import Hold, Pause, ScriptedServer
from tests.support.scripts import ndjson, ollama_lines, ollama_script, openai_chunks, openai_script, sse

SOON = HttpSettings(silence=0.05)
both = pytest.mark.parametrize("kind", [OllamaBackend, OpenAICompatBackend])


def played(kind, *, cut=None, before=(), is_stopped=True):
    """One reply of a server that stops listening when it has been asked, or is there all the time."""
    then = [Hold()] if cut else []
    if kind is OllamaBackend:
        script = ollama_script(ndjson(ollama_lines("Hello there")[:cut], then=then, before_head=before))
    else:
        lines = openai_chunks("Hello there")[:cut]
        script = openai_script(sse(lines, done=cut is None, then=then, before_head=before))

    async def work():
        async with ScriptedServer(script) as server:
            backend = kind(server.url, settings=SOON, retries=AT_ONCE)

            async def stop():
                await server.requested()
                if is_stopped:
                    server.stop_listening()

            got, _ = await asyncio.gather(outcome(backend, asking()), stop())
            await backend.aclose()
            assert is_stopped or server.connections > 2  # it was looked if it is there
            return got

    return run(work())


@both
def test_a_server_that_is_shut_down_in_mid_reply_and_keeps_the_connection_is_noticed(kind):
    got = played(kind, cut=-2)
    assert (type(got.error), got.error.reason, got.status) == (StreamBroken, "stopped", "interrupted")
    assert got.text


@both
def test_a_server_that_is_shut_down_before_it_answers_is_noticed(kind):
    error = played(kind, before=[Hold()]).error
    assert (type(error), error.reason) == (Unreachable, "refused")


@both
def test_a_silent_server_that_is_still_there_is_waited_for(kind):
    assert played(kind, before=[Pause(0.4)], is_stopped=False).text == "Hello there"


@pytest.mark.parametrize(("reason", "is_open"), [("refused", False), ("ssh_port", False), ("timeout", True)])
def test_only_what_says_that_nothing_listens_counts_as_that(reason, is_open):
    async def dial(host, port, told, timeout):
        raise Unreachable(reason=reason)

    assert run(Way("http://gpu:1", "gpu", THIS_COMPUTER, HttpSettings(dial=dial)).is_open()) is is_open
