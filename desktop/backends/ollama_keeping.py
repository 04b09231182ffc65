"""Ollama as a keeper of models: `/api/pull`, `/api/blobs` and `/api/create`, `/api/delete`.

Implements `core.models.keeping.ModelKeeper`. Its streams are lines of progress; errors come in them, with status 200.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from desktop.backends.ollama_models import shared_fields, version_of
from desktop.backends.wire.bodies import FileBody, record_in
from desktop.backends.wire.error_bodies import said_in, shortened
from desktop.backends.wire.exchange import HttpReply
from desktop.backends.wire.http import HttpClient, HttpSettings
from desktop.core.connections import normalise_ollama_host
from desktop.core.converting import Within
from desktop.core.errors import BackendError, ProtocolError, PullFailed, StreamBroken, Unreachable
from desktop.core.models.file import PIECE
from desktop.core.models.keeping import KeepingPhase, KeepingProgress, PullFault, off_the_loop, registry_of
from desktop.core.place import place_of_host
from desktop.core.request import Errand
from desktop.core.trust import Purpose

# Seconds without a byte; a part that brings nothing for 30 is begun again by the server itself.
_STALL_AFTER = 45.0
_PIECE = 1 << 22
# The first that fits: a full disk may be told behind "max retries exceeded", an old server as a status.
_FAULTS = (
    (r"no space left|not enough space|disk quota", PullFault.DISK_FULL),
    (r"newer version of ollama|\b412\b", PullFault.TOO_OLD),
    (r"file does not exist|manifest unknown|\b404\b", PullFault.UNKNOWN_NAME),
    (r"invalid model name|invalid name|name is required", PullFault.INVALID_NAME),
    (r"digest mismatch", PullFault.DAMAGED),
    (r"not in gguf format|unknown type|invalid file magic|unsupported (?:model|content)", PullFault.NOT_A_MODEL),
    (r"requires mlx|mlx runtime", PullFault.NOT_HERE),
    (r"unauthorized|access denied|\b401\b|\b403\b", PullFault.SIGN_IN),
    (r"proxyconnect|\b407\b", PullFault.PROXY),
    (r"x509|certificate|tls:", PullFault.CERTIFICATE),
    (r"\b429\b|too many requests|\b50[0234]\b", PullFault.BUSY),
    (r"unexpected status code|maximum redirects|context deadline|invalid character '<'", PullFault.IN_THE_WAY),
    (
        r"no such host|connection refused|connection reset|i/o timeout|network is (?:unreachable|down)|no route to host"
        r"|dial tcp|max retries exceeded|unexpected eof|server misbehaving",
        PullFault.NO_NETWORK,
    ),
)
_NEEDED = re.compile(r"version (\d+\.\d+(?:\.\d+)?)")
_CHECKING = "verifying"
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
        try:
            self._http.check_place(registry, purpose, is_encrypted=not is_bare)
        except Unreachable as error:
            if error.reason != "offline":
                raise
            raise PullFailed(host=registry.host, reason=PullFault.LOCKED) from None
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
        for path in (file, projector) if projector is not None else (file,):
            hashed, size = hashlib.sha256(), 0
            async with aclosing(off_the_loop(_hashing(path, hashed.update))) as steps:
                async for progress in steps:
                    size = progress.done
                    yield progress
            digests[path.name] = f"sha256:{hashed.hexdigest()}"
            async with aclosing(self._given(path, digests[path.name], size)) as steps:
                async for progress in steps:
                    yield progress
        yield KeepingProgress(KeepingPhase.WRITING)
        async with aclosing(self._lines("/api/create", {"model": name, "files": digests})) as lines:
            async for line in lines:
                if line.status == "success":
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
        deleting = self._http.open("DELETE", "/api/delete", {"model": name}, limit=60.0)
        async with aclosing(await deleting) as reply:
            if reply.status >= 400:
                raise (await reply.refusal()).error
            await reply.read()

    async def aclose(self) -> None:
        """Close connections; safe to call twice."""
        await self._http.aclose()

    async def _accepted(self, path: str, body: Any, purpose: Purpose | None = None) -> HttpReply:
        """Return the reply to what is posted. Raises `PullFailed` for a refusal."""
        reply = await self._http.open("POST", path, body, accept="application/x-ndjson", purpose=purpose)
        if reply.status < 400:
            return reply
        async with aclosing(reply):
            refused = await reply.refusal()
        raise self._refusal(refused.said.message, refused.error, reply.status)

    async def _lines(
        self, path: str, body: Mapping[str, Any], purpose: Purpose | None = None
    ) -> AsyncGenerator[_Line, None]:
        """Yield the lines of a stream of progress. Raises `PullFailed` for a refusal, whatever form it comes in."""
        coming = await self._accepted(path, body, purpose)
        try:
            async with aclosing(coming) as reply, aclosing(reply.values()) as batches:
                async for batch in batches:
                    for value in batch:
                        yield self._line(value)
        except BackendError as error:
            if not isinstance(error, StreamBroken) and error.reason != "empty":
                raise
            raise PullFailed(error.detail, host=self._http.host, reason=PullFault.BROKE_OFF) from None

    def _line(self, value: Any) -> _Line:
        if isinstance(value, ProtocolError):
            raise value
        if (said := said_in(value)) is not None:
            raise self._refusal(said.message, self._http.error(said), None)
        return record_in(_Line, value)

    def _refusal(self, words: str, error: BackendError, status: int | None) -> BackendError:
        """Return the error for a server's words, which are its detail; of an old server the version that is needed.

        One that says nothing of models stays what it is for any request.
        """
        fault = next((fault for pattern, fault in _FAULTS if re.search(pattern, words.lower())), None)
        if fault is None and status in (401, 403, 404, 405):
            return error
        if fault is PullFault.TOO_OLD and (needed := _NEEDED.search(words)):
            words = needed[1]
        detail = shortened(self._http.without_key(words))
        return PullFailed(detail, host=self._http.host, status=status, reason=fault or "")

    async def _given(self, file: Path, digest: str, size: int) -> AsyncGenerator[KeepingProgress, None]:
        """Have the server hold a file's bytes under their digest."""
        if await self._holds(digest):  # to send what is there would be answered early, and the connection reset
            return
        told: asyncio.Queue[int | None] = asyncio.Queue()
        sending = asyncio.create_task(self._post(FileBody(file, size, told.put_nowait), digest))
        sending.add_done_callback(lambda _: told.put_nowait(None))
        try:
            while (done := await told.get()) is not None:
                yield KeepingProgress(KeepingPhase.SENDING, done, size)
            await sending
        finally:
            sending.cancel()
            await asyncio.wait([sending])

    async def _holds(self, digest: str) -> bool:
        async with aclosing(await self._http.open("HEAD", f"/api/blobs/{digest}", limit=30.0)) as reply:
            return reply.status == 200

    async def _post(self, body: FileBody, digest: str) -> None:
        try:
            await (await self._accepted(f"/api/blobs/{digest}", body)).aclose()
        except BackendError:
            if not await self._holds(digest):  # or another program was faster
                raise


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a stream of progress; with a `digest` it is about one part. `completed` and `total` in bytes."""

    status: str = ""
    digest: str = ""
    completed: Annotated[int, Within(0, 1e18)] = 0
    total: Annotated[int, Within(0, 1e18)] = 0


class _Pulled:
    """What has come of a pull: its parts one after the other, each with its own count."""

    def __init__(self, stall_after: float, clock: Callable[[], float]) -> None:
        self._stall_after = stall_after
        self._clock = clock
        self._parts: dict[str, _Line] = {}
        self._told = KeepingProgress(KeepingPhase.ASKING)
        self._moved_at = clock()

    def progress_after(self, line: _Line | None) -> KeepingProgress | None:
        """Return the progress after a line, or after silence (None); None where nothing has changed."""
        before, now = self._told, self._clock()
        after = replace(before, is_stalled=False) if line is None else self._after(line)
        if after != replace(before, is_stalled=False):
            self._moved_at = now
        may_stall = after.phase in (KeepingPhase.ASKING, KeepingPhase.FETCHING)
        self._told = replace(after, is_stalled=may_stall and now - self._moved_at >= self._stall_after)
        return self._told if self._told != before else None

    def _after(self, line: _Line) -> KeepingProgress:
        phase = self._told.phase
        if line.digest:
            phase = KeepingPhase.FETCHING
            before = self._parts.get(line.digest)
            self._parts[line.digest] = line if line.total or before is None else replace(line, total=before.total)
        elif line.status == "success":
            phase = KeepingPhase.DONE
        elif line.status.startswith(_CHECKING):
            phase = KeepingPhase.CHECKING
        elif line.status.startswith(_WRITING):
            phase = KeepingPhase.WRITING
        parts = self._parts.values()
        return KeepingProgress(phase, sum(each.completed for each in parts), sum(each.total for each in parts) or None)


async def _or_silence(lines: AsyncGenerator[_Line, None], seconds: float) -> AsyncGenerator[_Line | None, None]:
    """Yield what comes, and None whenever nothing has come for so long; reading goes on meanwhile."""
    coming: asyncio.Future[_Line | None] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(lines, None))
            await asyncio.wait({coming}, timeout=seconds)
            if not coming.done():
                yield None
                continue
            if (line := coming.result()) is None:
                return
            coming = None
            yield line
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.wait({coming})


def _hashing(file: Path, update: Callable[[bytes], object]) -> Generator[KeepingProgress, None, None]:
    """Yield the progress of reading a file, whose bytes go to `update`. Raises `PullFailed` (unreadable)."""
    try:
        size, done = file.stat().st_size, 0
        with file.open("rb") as stream:
            while piece := stream.read(_PIECE):
                update(piece)
                done += len(piece)
                yield KeepingProgress(KeepingPhase.CHECKING, done, size)
    except OSError as error:
        raise PullFailed(error.strerror or "", reason=PullFault.UNREADABLE) from error
