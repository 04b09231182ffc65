"""One question to a server, by the client below all protocols, and what is kept of it."""

from __future__ import annotations

import socket
from contextlib import aclosing

from desktop.backends.wire.http import HttpClient, HttpSettings
from desktop.core.errors import BackendError
from desktop.core.trust import Entry
from tests.backends.outcome import run
from tests.support.scripted_server import ScriptedServer

STRANGER = "8.8.4.4"


class Names:
    """A resolver that says what it is told to, and keeps what it was asked."""

    def __init__(self, *addresses):
        self.addresses = addresses
        self.asked = []

    async def __call__(self, host, port):
        self.asked.append(host)
        return self.addresses


class Kept(list[Entry]):
    """What was recorded: the last word on each exchange, in the order in which they began."""

    def __call__(self, entry):
        known = [at for at, each in enumerate(self) if each.id == entry.id]
        if known:
            self[known[0]] = entry
        else:
            self.append(entry)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def answer(url, key="", **settings):
    """What a server says of its models; the error where it says nothing."""
    async with aclosing(HttpClient(url, key, HttpSettings(**settings))) as client:
        try:
            return await client.json("GET", "/v1/models")
        except BackendError as error:
            return error


def asked(script, *, tls=None, host="127.0.0.1", **settings):
    """The same of a server that plays a script, under the name of `host`; with the server, which has noted all."""

    async def work():
        async with ScriptedServer(script, tls=tls) as server:
            return await answer(server.url.replace("127.0.0.1", host), **settings), server

    return run(work())


async def error_at(url, **settings):
    """Why a server does not answer."""
    error = await answer(url, **settings)
    assert isinstance(error, BackendError), error
    return error
