"""Ollama as a keeper of models: `/api/pull`, `/api/blobs` and `/api/create`, `/api/delete`.

Implements `core.models.keeping.ModelKeeper`. Its streams are lines of progress; errors come in them, with status 200.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop.backends.ollama_faults import fault_in, pull_failed
from desktop.backends.ollama_loading import version_of
from desktop.backends.ollama_models import count_of
from desktop.backends.ollama_request import shared_fields
from desktop.backends.wire.bodies import FileBody
from desktop.backends.wire.error_bodies import said_in
from desktop.backends.wire.framing import NdjsonDecoder, parse_json
from desktop.backends.wire.http import HttpClient, HttpSettings
from desktop.backends.wire.http_reply import HttpReply
from desktop.core.connections.ollama_host import normalise_ollama_host
from desktop.core.errors import BackendError, ProtocolError, PullFailed, StreamBroken, Unreachable
from desktop.core.models.file import PIECE
from desktop.core.models.keeping import KeepingPhase, KeepingProgress, PullFault, registry_of
from desktop.core.place import place_of_host
from desktop.core.trust.ledger import Ending, Errand, Purpose

# Seconds without a byte; a part that brings nothing for 30 is begun again by the server itself.
_STALL_AFTER = 45.0
_PIECE = 1 << 22
_CHECKING = ("verifying",)
_WRITING = ("writing", "removing", "parsing", "creating", "using", "converting", "quantizing")


class OllamaKeeper:
    """A client of the Ollama server at `base_url`, in any form of `OLLAMA_HOST`, for what concerns its models."""

    def __init__(
        self,
        base_url: str,
        api_key: str = "",
        *,
        settings: HttpSettings | None = None,
        stall_after: float = _STALL_AFTER,
    ) -> None:
        """Keep the address. `stall_after`: seconds without a byte after which a pull is said to stand still."""
        self._http = HttpClient(normalise_ollama_host(base_url), api_key, settings, Purpose(errand=Errand.PULL))
        self._stall_after = stall_after

    async def pull(self, name: str) -> AsyncGenerator[KeepingProgress, None]:
        """Have the server fetch a model; yield its progress whenever that changes, at last DONE.

        Raises `PullFailed`, or what keeps the server itself from being reached. Closing pauses the pull.
        """
        registry = self._http.settings.reach.seen(place_of_host(registry_of(name)))
        purpose = Purpose(errand=Errand.PULL, model=name, place=registry)
        is_bare = name.startswith("http://")  # a registry without encryption, named as one
        if self._http.settings.reach.refusal(registry, is_encrypted=not is_bare) is not None:
            self._http.record_held_back(Ending.FORBIDDEN, purpose)
            raise Unreachable(host=registry.host, reason="policy")
        if not self._http.settings.allow_host(registry):
            self._http.record_held_back(Ending.LOCKED, purpose)
            raise PullFailed(host=registry.host, reason=PullFault.LOCKED)
        pulled = _Pulled(self._stall_after, asyncio.get_running_loop().time)
        yield KeepingProgress(KeepingPhase.ASKING)
        insecure = {"insecure": True} if is_bare else {}
        coming = self._lines("/api/pull", {"model": name, "stream": True, **insecure}, purpose)
        async with aclosing(coming) as lines, aclosing(_or_silence(lines, self._stall_after / 4)) as heard:
            async for line in heard:
                progress = pulled.progress_after(line)
                if progress is not None:
                    yield progress
                if progress is not None and progress.phase is KeepingPhase.DONE:
                    return
        raise PullFailed(host=self._http.host, reason=PullFault.BROKE_OFF)

    async def import_file(
        self, name: str, file: Path, projector: Path | None = None
    ) -> AsyncGenerator[KeepingProgress, None]:
        """Give the server a model file, and the part that sees pictures where it has one; at last DONE.

        Raises `PullFailed`, or what keeps the server itself from being reached.
        """
        if PIECE.search(file.name.removesuffix(".gguf")):
            raise PullFailed(reason=PullFault.IN_PIECES)
        digests: dict[str, str] = {}
        for path in (file, projector):
            if path is None:
                continue
            async with aclosing(self._given(path)) as steps:
                async for step in steps:
                    if isinstance(step, str):
                        digests[path.name] = step
                    else:
                        yield step
        yield KeepingProgress(KeepingPhase.WRITING)
        async with aclosing(self._lines("/api/create", {"model": name, "files": digests})) as lines:
            async for line in lines:
                if line.get("status") == "success":
                    yield KeepingProgress(KeepingPhase.DONE)
                    return
        raise PullFailed(host=self._http.host, reason=PullFault.BROKE_OFF)

    async def version(self) -> str:
        """Return the server's version; empty where it does not tell."""
        return await version_of(self._http)

    async def unload(self, name: str) -> None:
        """Have a model leave the server's memory now. Raises `BackendError`."""
        asked = shared_fields(name, {}, keep_alive=0) | {"messages": [], "stream": False}
        await self._http.json("POST", "/api/chat", asked)

    async def delete(self, name: str) -> None:
        """Delete a model, also one that is loaded. Raises `BackendError`; `ModelMissing` where it is not there."""
        with suppress(BackendError):  # a loaded one would go on until it is idle; that it is not there, delete will say
            await self.unload(name)
        reply = await self._http.open("DELETE", "/api/delete", {"model": name}, limit=60.0)
        try:
            if reply.status >= 400:
                raise await reply.error()
            await reply.read()
        finally:
            await reply.aclose()

    async def aclose(self) -> None:
        """Close connections; safe to call twice."""
        await self._http.aclose()

    async def _lines(
        self, path: str, body: Mapping[str, Any], purpose: Purpose | None = None
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        """Yield the lines of a stream of progress. Raises `PullFailed` for a refusal, whatever form it comes in."""
        reply = await self._http.open("POST", path, body, accept="application/x-ndjson", purpose=purpose)
        try:
            if reply.status >= 400:
                words = await reply.said()
                raise self._refusal(words.message, reply.error_for(words), reply.status)
            async with aclosing(_values(reply)) as values:
                async for value in values:
                    if (said := said_in(value)) is not None:
                        raise self._refusal(said.message, self._http.error(said), None)
                    yield value
        except StreamBroken as error:
            raise PullFailed(error.detail, host=self._http.host, reason=PullFault.BROKE_OFF) from None
        finally:
            await reply.aclose()

    def _refusal(self, words: str, error: BackendError, status: int | None) -> BackendError:
        """Return the error for a server's words; one that says nothing of models stays what it is for any request."""
        if status in (401, 403, 404, 405) and fault_in(words) is None:
            return error
        return pull_failed(self._http.without_key(words), self._http.host, status)

    async def _given(self, file: Path) -> AsyncGenerator[KeepingProgress | str, None]:
        """Have the server hold a file's bytes; yield the progress, at last the digest that it is known by."""
        digest = ""
        async with aclosing(_hashed(file)) as steps:
            async for step in steps:
                if isinstance(step, str):
                    digest = f"sha256:{step}"
                else:
                    yield step
        # To send what is there already would be answered early, and the connection reset.
        if not await self._holds(digest):
            async with aclosing(self._sent(file, digest)) as sent:
                async for progress in sent:
                    yield progress
        yield digest

    async def _holds(self, digest: str) -> bool:
        reply = await self._http.open("HEAD", f"/api/blobs/{digest}", limit=30.0)
        try:
            return reply.status == 200
        finally:
            await reply.aclose()

    async def _sent(self, file: Path, digest: str) -> AsyncGenerator[KeepingProgress, None]:
        size = (await asyncio.to_thread(file.stat)).st_size
        told: asyncio.Queue[int] = asyncio.Queue()
        sending = asyncio.create_task(self._post(FileBody(file, size, told.put_nowait), digest))
        try:
            while not sending.done():
                waiting = asyncio.create_task(told.get())
                await asyncio.wait({waiting, sending}, return_when=asyncio.FIRST_COMPLETED)
                if waiting.done():
                    yield KeepingProgress(KeepingPhase.SENDING, waiting.result(), size)
                else:
                    waiting.cancel()
            await sending
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _post(self, body: FileBody, digest: str) -> None:
        try:
            reply = await self._http.open("POST", f"/api/blobs/{digest}", body)
        except BackendError:
            if await self._holds(digest):  # another program was faster
                return
            raise
        try:
            if reply.status >= 400:
                words = await reply.said()
                raise self._refusal(words.message, reply.error_for(words), reply.status)
        finally:
            await reply.aclose()


@dataclass(slots=True)
class _Layer:
    done: int = 0
    total: int = 0


class _Pulled:
    """What has come of a pull: its parts one after the other, each with its own count."""

    def __init__(self, stall_after: float, clock: Callable[[], float]) -> None:
        self._stall_after = stall_after
        self._clock = clock
        self._layers: dict[str, _Layer] = {}
        self._told = KeepingProgress(KeepingPhase.ASKING)
        self._moved_at = clock()

    def progress_after(self, line: Mapping[str, Any] | None) -> KeepingProgress | None:
        """Return the progress after a line, or after silence (None); None where nothing has changed."""
        before, now = self._told, self._clock()
        after = replace(before, is_stalled=False) if line is None else self._after(line)
        if after != replace(before, is_stalled=False):
            self._moved_at = now
        elif now - self._moved_at >= self._stall_after and after.phase in (KeepingPhase.ASKING, KeepingPhase.FETCHING):
            after = replace(after, is_stalled=True)
        else:
            after = replace(after, is_stalled=before.is_stalled)
        self._told = after
        return after if after != before else None

    def _after(self, line: Mapping[str, Any]) -> KeepingProgress:
        status, digest = line.get("status"), line.get("digest")
        words = status if isinstance(status, str) else ""
        if isinstance(digest, str) and digest:
            layer = self._layers.setdefault(digest, _Layer())
            layer.done, layer.total = count_of(line.get("completed")) or 0, count_of(line.get("total")) or layer.total
        phase = _phase(words, self._told.phase, is_layer=bool(digest))
        done = sum(layer.done for layer in self._layers.values())
        return KeepingProgress(phase, done, sum(layer.total for layer in self._layers.values()) or None)


def _phase(words: str, before: KeepingPhase, *, is_layer: bool) -> KeepingPhase:
    if words == "success":
        return KeepingPhase.DONE
    if is_layer:
        return KeepingPhase.FETCHING
    if words.startswith(_CHECKING):
        return KeepingPhase.CHECKING
    return KeepingPhase.WRITING if words.startswith(_WRITING) else before


async def _values(reply: HttpReply) -> AsyncGenerator[Mapping[str, Any], None]:
    """Yield the objects of a stream of lines. Raises `ProtocolError` (garbled) for anything else."""
    decoder = NdjsonDecoder()
    async with aclosing(reply.chunks()) as chunks:
        async for chunk in chunks:
            for line in decoder.feed(chunk):
                yield _object(line)
    for line in decoder.close():
        yield _object(line)


def _object(line: str) -> Mapping[str, Any]:
    with suppress(ValueError):
        value = parse_json(line)
        if isinstance(value, Mapping):
            return value
    raise ProtocolError(line[:200], reason="garbled")


async def _or_silence(
    lines: AsyncIterator[Mapping[str, Any]], seconds: float
) -> AsyncGenerator[Mapping[str, Any] | None, None]:
    """Yield what comes, and None whenever nothing has come for so long; reading goes on meanwhile."""
    coming: asyncio.Task[Mapping[str, Any]] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(_next(lines))
            done, _ = await asyncio.wait({coming}, timeout=seconds)
            if not done:
                yield None
                continue
            finished, coming = coming, None
            try:
                yield finished.result()
            except StopAsyncIteration:
                return
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


async def _next(lines: AsyncIterator[Mapping[str, Any]]) -> Mapping[str, Any]:
    return await anext(lines)


async def _hashed(file: Path) -> AsyncGenerator[KeepingProgress | str, None]:
    """Yield the progress of reading a file, at last its SHA-256. Raises `PullFailed` (unreadable)."""
    digest = hashlib.sha256()
    try:
        size, done = (await asyncio.to_thread(file.stat)).st_size, 0
        with await asyncio.to_thread(file.open, "rb") as stream:
            while piece := await asyncio.to_thread(stream.read, _PIECE):
                await asyncio.to_thread(digest.update, piece)
                done += len(piece)
                yield KeepingProgress(KeepingPhase.CHECKING, done, size)
    except OSError as error:
        raise PullFailed(error.strerror or "", reason=PullFault.UNREADABLE) from error
    yield digest.hexdigest()
