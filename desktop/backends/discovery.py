"""Discovery of model servers that run on this computer. Asks loopback only, in small harmless requests.

A server is recognised by what it says, not by its port: other programs listen on these ports, too.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from desktop.backends.openai.models import models_listed
from desktop.backends.wire.bodies import parse_json
from desktop.backends.wire.error_bodies import said_in
from desktop.backends.wire.http import HttpClient, HttpSettings, load_way
from desktop.core.connection import Connection, ConnectionKind
from desktop.core.connections import FAR_PORTS, normalise_ollama_host
from desktop.core.errors import BackendError, Unreachable
from desktop.core.place import THIS_COMPUTER, place_of_url
from desktop.core.request import Errand
from desktop.core.trust import Purpose

# A server on this computer answers in milliseconds, and where there is none, the refusal comes as fast. The rest is for
# a computer that is busy starting us and others: a server that is missed means a smaller model, or none.
PROBE_SECONDS = 2.0
NAMED_SECONDS = 10.0  # at the address that the user has named: there is a server, however busy
FAR_SECONDS = 10.0  # behind a rented computer
PORTS = (1234, 8080, 8000)  # of LM Studio, llama-server and vLLM; each is recognised on each of them
_MAX_ANSWER = 1024 * 1024
_LISTENERS = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTENS = "0A"  # the state, as the kernel writes it
_FIRST_OF_PEOPLE = 1000  # below are the users of services, such as Ollama's own
_LOOK = Purpose(errand=Errand.LOOK)


async def probe_loopback(
    environ: Mapping[str, str],
    ports: Sequence[int] = PORTS,
    seconds: float = PROBE_SECONDS,
    settings: HttpSettings | None = None,
) -> list[Connection]:
    """Return connections to the servers on this computer that answer within `seconds`, Ollama first.

    `OLLAMA_HOST` says where Ollama is when it names this computer, and that gives it more time; another host is not
    contacted (see `offered_ollama`), and its default port is asked instead. Raises nothing.
    """
    # Loaded before the clock runs: on a busy computer that takes as long as a server is given to answer.
    load_way()

    named = environ.get("OLLAMA_HOST", "").strip()
    ollama = normalise_ollama_host(named)
    if not place_of_url(ollama).is_local:
        named, ollama = "", normalise_ollama_host("")
    limits = dict.fromkeys([ollama, *(f"http://127.0.0.1:{port}" for port in ports)], seconds)
    if named:
        limits[ollama] = max(seconds, NAMED_SECONDS)
    settings = settings or HttpSettings()
    found = await asyncio.gather(*(_probe(address, limit, settings) for address, limit in limits.items()))
    return [connection for connection in found if connection is not None]


async def found_through(settings: HttpSettings, ports: Sequence[int] = FAR_PORTS) -> list[Connection]:
    """Return connections to the servers at the other end of a tunnel, the `dial` of the settings, and close that.

    No command is run over there: each port is tried. Raises `Unreachable` (ssh_no_server, where no port has one that
    is known), and what the login raises.
    """
    assert settings.dial is not None
    place = settings.behind or THIS_COMPUTER
    tunnel = settings.dial
    found: list[Connection] = []
    if settings.reach.refusal(place) is not None:
        raise Unreachable(host=place.host, reason="policy")
    if not settings.allow_host(place):
        raise Unreachable(host=place.host, reason="offline")
    try:
        for port in ports:
            try:
                stream = await tunnel("localhost", port, place, FAR_SECONDS)
            except Unreachable as error:
                if error.reason != "ssh_port":
                    raise
                continue
            await stream.aclose()
            inside = replace(settings, close_dial=None)
            async with aclosing(HttpClient(f"http://localhost:{port}", settings=inside, purpose=_LOOK)) as client:
                with suppress(TimeoutError, BackendError):  # something else listens there
                    async with asyncio.timeout(FAR_SECONDS):
                        if (server := await _recognised(client)) is not None:
                            found.append(server)
    finally:
        if settings.close_dial is not None:
            await settings.close_dial()
    if not found:
        raise Unreachable(host=place.host, reason="ssh_no_server")
    return found


def offered_ollama(environ: Mapping[str, str]) -> Connection | None:
    """Return the connection that `OLLAMA_HOST` names if it is on another computer, or None.

    It has not been contacted: the user decides whether it is.
    """
    value = environ.get("OLLAMA_HOST", "").strip()
    if not value:
        return None
    address = normalise_ollama_host(value)
    if place_of_url(address).is_local:
        return None
    return Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address=address)


async def _probe(address: str, seconds: float, settings: HttpSettings) -> Connection | None:
    """Return the server at the address, or None. Asks `127.0.0.1`, and `::1` if nothing listens there."""
    candidates = [address]
    if "//127.0.0.1:" in address:
        candidates.append(address.replace("//127.0.0.1:", "//[::1]:"))
    try:
        async with asyncio.timeout(seconds):
            for candidate in candidates:
                soon = replace(settings, connect_timeout=seconds)
                async with aclosing(HttpClient(candidate, settings=soon, purpose=_LOOK)) as client:
                    try:
                        found = await _recognised(client)
                        owner = foreign_owner(urlsplit(found.address).port or 0) if found is not None else ""
                        return replace(found, name=f"{found.name} ({owner})") if found is not None and owner else found
                    except Unreachable as error:
                        if error.reason != "refused":
                            return None
    except (TimeoutError, BackendError):
        return None  # something else listens there, or too slowly: not a server to offer
    return None


def foreign_owner(port: int, tables: tuple[Path, ...] = _LISTENERS) -> str:
    """Return the login name of another user whose program listens at a port; empty where it is nobody's, or not told.

    On a shared computer it may be somebody else's server. Only Linux tells.
    """
    own, owners = getattr(os, "getuid", lambda: -1)(), set()
    for table in tables:
        with suppress(OSError, ValueError):
            for fields in map(str.split, table.read_text(encoding="ascii").splitlines()[1:]):
                if len(fields) > 7 and fields[3] == _LISTENS and fields[1].endswith(f":{port:04X}"):
                    owners.add(int(fields[7]))
    others = sorted(uid for uid in owners if uid >= _FIRST_OF_PEOPLE and uid != own)
    if not others or own in owners:
        return ""
    try:
        import pwd

        return pwd.getpwuid(others[0]).pw_name
    except (ImportError, KeyError):
        return str(others[0])


async def _recognised(client: HttpClient) -> Connection | None:
    """Return the server behind the client, or None. Four requests at most; the first tells most of them apart."""
    text, root = await _answer(client, "/")
    words = text.lower()
    if "ollama is running" in words:
        return Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address=client.base_url)
    _, listed = await _answer(client, "/v1/models")
    entries = models_listed(listed)
    owners = {entry.owned_by for entry in entries or ()}
    if _is_loading(root) or _is_loading(listed) or "llamacpp" in owners:
        found = "llama-server"
    elif entries is None:
        return None
    elif "unexpected endpoint or method" in words or "organization_owner" in owners:
        found = "LM Studio"
    elif "vllm" in owners:
        found = "vLLM"
    else:
        found = await _by_its_own_route(client)
    if not found:
        return None
    preset = found.lower().replace(" ", "-")
    address = f"{client.base_url}/v1"
    return Connection(kind=ConnectionKind.OPENAI_COMPAT, name=found, address=address, preset=preset)


async def _by_its_own_route(client: HttpClient) -> str:
    """Return a server recognised by a route that only it has: one without a model, or with a renamed model."""
    _, props = await _answer(client, "/props")
    if isinstance(props, Mapping) and "default_generation_settings" in props:
        return "llama-server"
    _, version = await _answer(client, "/version")
    return "vLLM" if isinstance(version, Mapping) and isinstance(version.get("version"), str) else ""


async def _answer(client: HttpClient, path: str) -> tuple[str, Any]:
    """Return the text of any reply, and its JSON value if it has one. Reads no more than `_MAX_ANSWER` bytes."""
    async with aclosing(await client.open("GET", path)) as reply:
        body = await reply.read(_MAX_ANSWER)
    text = body.decode("utf-8-sig", errors="replace")
    try:
        return text, parse_json(text)
    except ValueError:
        return text, None


def _is_loading(answer: Any) -> bool:
    said = said_in(answer)
    return said is not None and "loading model" in said.message.lower()
