"""A look-up of the newest version at one fixed address. Sends nothing about the user, and downloads nothing."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from desktop.core.errors import ProtocolError, Unreachable
from desktop.core.resources import resource_path
from desktop.core.trust.ledger import Errand, Purpose
from desktop.core.updates import Release, is_newer, release_in

if TYPE_CHECKING:
    from desktop.backends.wire.http import HttpClient, HttpSettings

MOST_BYTES = 16_384  # the note has some hundred
_PATIENCE = 20.0  # seconds for all of it, so that a server cannot keep it open by a byte now and then


def update_address() -> str:
    """Return the address where this build looks; empty for none."""
    return str(tomllib.loads(resource_path("updates.toml").read_text(encoding="utf-8"))["address"])


async def newer_release(
    address: str, running: str, settings: HttpSettings, *, patience: float = _PATIENCE
) -> Release | None:
    """Return the release that is out and newer than the running one, or None. Raises `BackendError`."""
    import asyncio  # the address is read where the window would wait for these

    from desktop.backends.wire.http import HttpClient

    client = HttpClient(address, settings=settings, purpose=Purpose(errand=Errand.UPDATE))
    # On this computer nobody is in between.
    if not address.startswith("https://") and not client.place.is_local:
        raise Unreachable("not over https", host=client.host, reason="not_tls")
    try:
        async with asyncio.timeout(patience):
            note = await _note(client, address)
    except TimeoutError:
        raise Unreachable(host=client.host, reason="timeout") from None
    finally:
        await client.aclose()
    try:
        release = release_in(note)
    except ValueError as error:
        raise ProtocolError(str(error), host=client.host, reason="garbled") from None
    return release if is_newer(release.version, running) else None


async def _note(client: HttpClient, address: str) -> object:
    reply = await client.open("GET", address)
    try:
        if reply.status != 200:
            raise ProtocolError(host=client.host, status=reply.status, reason="not_found")
        return client.parsed(await reply.read(MOST_BYTES), reply.status)
    finally:
        await reply.aclose()
