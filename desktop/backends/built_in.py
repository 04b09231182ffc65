"""The built-in engine as a backend: loads the model's file, then talks to the engine as to any llama-server.

It owns neither the engine's process (`engine/`, behind `core.engine.Engine`) nor the protocol (`openai_compat`): it
joins the two, and explains a reply that broke because the engine died.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.backends.engine.ahead import Ahead, begins_with, fits_in_window_of
from desktop.backends.engine.states import EngineStates
from desktop.backends.engine.turns import ModelTurns
from desktop.core.backend import Backend
from desktop.core.bounds import ENGINE_SILENCE
from desktop.core.context.counting import USUAL, letters_of_request
from desktop.core.context.window import larger_window
from desktop.core.engine import Engine, EngineAddress
from desktop.core.errors import BackendError, EngineFailed, ProtocolError, StreamBroken, Unreachable
from desktop.core.events import (
    Failed,
    Measured,
    Phase,
    Progress,
    ReasoningDelta,
    Started,
    StreamEvent,
    TextDelta,
    UsageReported,
)
from desktop.core.model import ModelInfo
from desktop.core.models.file import FileFault
from desktop.core.request import ChatRequest
from desktop.core.text.tokens import whole_tokens

_QUIET_SECONDS = 60.0
_NOTED_EACH = 64  # pieces of an answer
# What a reply breaks with when the server on the other end has died.
_SIGNS_OF_DEATH = (StreamBroken, Unreachable, ProtocolError)


class BuiltInBackend:
    """A backend on the engine of this program; an answer ends before the engine gets another model.

    `models` returns the present model files, `describe_file` reads one file's header (`EngineFailed` if bad),
    `make_backend` builds the client of a running engine, `states` keeps what it has read beyond its end. One backend to
    an engine.
    """

    def __init__(
        self,
        engine: Engine,
        models: Callable[[], Iterable[Path]],
        describe_file: Callable[[Path], ModelInfo],
        make_backend: Callable[[EngineAddress], Backend],
        states: EngineStates | None = None,
        silence: float = ENGINE_SILENCE,
    ) -> None:
        self._engine = engine
        self._models = models
        self._describe_file = describe_file
        self._make_backend = make_backend
        self._states = states
        self._silence = silence
        self._heard = 0.0  # when the engine has last told of its progress, by the loop's clock
        self._was_stopped = False  # the last answer; whether the engine still listens is not known
        self._read: _Read | None = None
        self._begun = 0  # questions, so far
        self._quiet: asyncio.Task[None] | None = None  # waits until nobody asks anything
        self._ahead: Ahead | None = None
        self._loaded_for: str | None = None  # the conversation that it was loaded for, as long as nothing was asked
        self._changing_ahead = asyncio.Lock()  # a question waits until what it has no part in is forgotten
        self._client: tuple[EngineAddress, Backend] | None = None
        self._turns = ModelTurns()

    async def list_models(self) -> list[ModelInfo]:
        """Return the model files that are there. One that cannot be read is listed by its name: using it says why."""
        return await asyncio.to_thread(self._described_files)

    async def describe(self, model: str) -> ModelInfo:
        """Return what a model file's header tells. Raises `EngineFailed` with a `FileFault` as reason."""
        return await asyncio.to_thread(lambda: self._describe_file(self._listed(model)))

    async def count_prompt(self, request: ChatRequest) -> int | None:
        """Return the engine's own count if the model is loaded."""
        model = Path(request.model)
        if self._client is None or self._engine.would_load(model):
            return None
        return await self._client[1].count_prompt(request)

    async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        """Stream one reply; `request.model` is the path of a model file. A load is `Progress(LOADING)`.

        A file that is not among the model files is not opened, whoever names it: settings, a conversation, a recipe.
        """
        yield Started(request.model)
        loads = self._engine.would_load(Path(request.model), request.params.context_length)
        yield Progress(Phase.LOADING if loads else Phase.READING)
        async with self._changing_ahead:
            request = await self._after_reading_ahead(request)
        window, has_words = request.params.context_length, False
        while True:
            larger: int | None = None
            async with _closing(self._events(request, window)) as events:
                async for event in events:
                    has_words = has_words or isinstance(event, TextDelta | ReasoningDelta)
                    if isinstance(event, Failed) and not has_words:
                        larger = larger_window(event.error, request.params.largest_context)
                    if larger is None:
                        yield event
            if larger is None:
                return
            window = larger
            yield Progress(Phase.LOADING)

    async def _events(self, request: ChatRequest, window: int | None) -> AsyncIterator[StreamEvent]:
        """Yield the events of one request to an engine that holds `window` tokens, as far as there is memory."""
        try:
            model = self._listed(request.model)
        except EngineFailed as error:
            yield Failed(error)
            return
        waits = self._turns.is_taken
        if waits:
            yield Progress(Phase.WAITING)
        async with self._turns.answering_with(request.model, lambda: self._engine.would_load(model, window)):
            if self._was_stopped and self._client is not None and not self._engine.would_load(model, window):
                await self._end_if_frozen(self._client[1])
                if self._engine.would_load(model, window):
                    yield Progress(Phase.LOADING)
            has_loaded = self._engine.would_load(model, window)
            if has_loaded and waits:
                yield Progress(Phase.LOADING)
            if has_loaded:
                await self._put_away()
            is_other = self._loaded_for is not None and self._loaded_for != request.conversation
            looking = self._kept_of(request, is_wanted=has_loaded or is_other)
            try:
                address, kept = await asyncio.gather(self._engine.ensure(model, window), looking)
                client = await self._client_of(address)
            except BackendError as error:
                yield Failed(error)
                return
            if self._states is not None and kept is not None:
                await self._states.bring_back(address, request.conversation, kept)
            self._loaded_for = request.conversation if has_loaded else None
            yield Measured(address.window, window, address.load_seconds if has_loaded else None)
            self._end_quiet()
            self._loaded_for = None
            self._read = None  # until it is known what the engine has in front of it
            self._begun += 1
            mine, asked, written = self._begun, 0, 0
            self._was_stopped = True
            async with self._quiet_after(mine), self._listening_to(client), _closing(client.stream(request)) as events:
                async for event in events:
                    self._heard = asyncio.get_running_loop().time()
                    match event:
                        case Started():
                            continue
                        # It is here, and reads before it replies; what it reads it tells as shares.
                        case Progress(Phase.CONNECTING) | Progress(Phase.READING, None):
                            yield Progress(Phase.WAITING if waits and not has_loaded else Phase.READING)
                        case TextDelta() | ReasoningDelta():
                            if written % _NOTED_EACH == 0:  # it may be stopped, and has been read all the same
                                asked = asked or _estimated_tokens(request)
                                self._note_read(mine, request, address, asked + written)
                            written += 1  # a token, mostly
                            yield event
                        case UsageReported(usage):
                            tokens = (usage.prompt_tokens or 0) + (usage.completion_tokens or 0)
                            self._note_read(mine, request, address, tokens)
                            yield event
                        case Failed(broken):
                            self._read = None
                            yield Failed(await self._explained(broken))
                        case _:
                            yield event
            self._was_stopped = False
            if self._states is not None:
                await self._states.tidy()

    @asynccontextmanager
    async def _listening_to(self, client: Backend) -> AsyncIterator[None]:
        """Have the engine ended if it falls silent and does not answer either when it is asked."""
        loop = asyncio.get_running_loop()
        self._heard = loop.time()

        async def listen() -> None:
            while True:
                await asyncio.sleep(self._heard + self._silence - loop.time())
                if loop.time() >= self._heard + self._silence:
                    self._heard = loop.time()
                    await self._end_if_frozen(client)

        listening = asyncio.create_task(listen())
        try:
            yield
        finally:
            listening.cancel()

    async def _end_if_frozen(self, client: Backend) -> None:
        """End an engine that listens and never answers, as one that the system holds or that waits for itself."""
        try:
            async with asyncio.timeout(self._silence):
                await client.list_models()
        except TimeoutError:
            # Its stream breaks while it is ended, and with it ends who listens to it.
            await asyncio.shield(self._engine.end_frozen("the engine did not answer any more"))
        except BackendError:
            return  # it has ended, which its stream tells with the cause

    async def _kept_of(self, request: ChatRequest, *, is_wanted: bool) -> str | None:
        """Return the name of what is kept of the conversation of a request, if it may go on from that."""
        if self._states is None or not is_wanted or request.fresh or not request.conversation:
            return None
        return await self._states.usable(Path(request.model), request.conversation)

    def _note_read(self, begun: int, request: ChatRequest, address: EngineAddress, tokens: int) -> None:
        """Note what the engine has in front of it.

        Not where another question has `begun` since, which waits: it is the one that the engine reads next.
        """
        if begun == self._begun and request.conversation:
            self._read = _Read(address, Path(request.model), request.conversation, tokens)

    @asynccontextmanager
    async def _quiet_after(self, begun: int) -> AsyncIterator[None]:
        """Have what the engine has in front of it put away once nobody asks anything, counted from an answer's end.

        Also from that of one that is stopped, which ends without a word.
        """
        try:
            yield
        finally:
            if begun == self._begun and self._read is not None:
                self._end_quiet()
                self._quiet = asyncio.create_task(self._put_away_in_peace(self._read))

    async def read_ahead(self, request: ChatRequest) -> None:
        """Have the engine read the text of a request, which belongs to no conversation yet."""
        async with self._changing_ahead:
            if self._ahead is not None and self._ahead.is_load_alone and self._ahead.request.model == request.model:
                await self._ahead.load()
            await self._forget_ahead()
            ahead = self._begin_ahead(request)
        if ahead is not None:
            await self._read_on(ahead)

    async def load_ahead(self, request: ChatRequest) -> None:
        """Have the engine loaded as a request needs it, with what was kept of its conversation; read nothing."""
        async with self._changing_ahead:
            if self._ahead is not None or not self._engine.would_load(
                Path(request.model), request.params.context_length
            ):
                return
            ahead = self._begin_ahead(request, is_load_alone=True)
        if ahead is not None:
            await self._read_on(ahead)

    def _begin_ahead(self, request: ChatRequest, *, is_load_alone: bool = False) -> Ahead | None:
        """Return what this task is to do ahead of a question; None where it may do nothing."""
        task = asyncio.current_task()
        if self._states is None or not self._states.are_wanted or self._turns.is_taken or task is None:
            return None
        self._ahead = Ahead(request, task, is_load_alone, is_over=is_load_alone)
        return self._ahead

    async def _read_on(self, ahead: Ahead) -> None:
        try:
            await self._send_ahead(ahead)
        finally:
            ahead.has_ended = True
            if ahead.is_load_alone and self._ahead is ahead:
                self._ahead = None

    async def _send_ahead(self, ahead: Ahead) -> None:
        await self._put_away()
        one = asked = ahead.request
        if not ahead.is_load_alone:
            one = replace(asked, params=replace(asked.params, max_tokens=1), conversation="")
        async with _closing(self._events(one, asked.params.context_length)) as events:
            ahead.is_loading = True
            async for event in events:
                ahead.follow(event)
                if ahead.is_over:
                    return

    async def forget_ahead(self) -> None:
        """Have the engine forget what it has read ahead, unless a question has taken it up."""
        async with self._changing_ahead:
            await self._forget_ahead()

    async def _forget_ahead(self) -> None:
        ahead = self._ahead
        if ahead is None:
            return
        await ahead.end()
        # Where nothing was sent, the engine has something else in front of it: what it answered last.
        if ahead.was_sent and self._states is not None and self._client is not None:
            await self._states.forget(self._client[0])
        if self._ahead is ahead:
            self._ahead = None

    async def _after_reading_ahead(self, request: ChatRequest) -> ChatRequest:
        """End what is being read ahead, and return the request as it goes: from what was read, if that is its own."""
        ahead = self._ahead
        if ahead is None:
            return request
        if ahead.is_load_alone:
            await (ahead.load() if request.model == ahead.request.model else ahead.end())
            return request
        if request.is_for_title or not begins_with(request, ahead.request):
            await self._forget_ahead()
            return request
        if ahead.is_loading and fits_in_window_of(request, ahead.request):
            await ahead.load()
        else:
            await ahead.end()
        self._ahead = None
        # Where it is to share nothing, neither has what was read ahead; before that, the engine holds another's words.
        return replace(request, fresh=request.fresh and not ahead.is_read)

    async def aclose(self) -> None:
        """Close the connections to the engine, which its owner ends; what it has read last is put away first."""
        quiet = self._quiet
        self._end_quiet()
        if quiet is not None:
            await asyncio.wait([quiet])  # what it has begun to write is erased
        if self._ahead is not None:
            await self._ahead.end()
        await self._put_away()
        client, self._client = self._client, None
        if client is not None:
            await client[1].aclose()

    async def _put_away(self) -> None:
        """Keep what the running engine has read of the conversation that it answered last, if that may be kept."""
        read, self._read = self._read, None
        if self._states is None or read is None:
            return
        try:
            await self._states.put_away(read.address, read.model, read.conversation, read.tokens)
        except asyncio.CancelledError:
            self._read = self._read or read  # the engine still has it
            raise

    async def _put_away_in_peace(self, read: _Read) -> None:
        """Keep what is too large to be written while somebody waits, once a minute has gone by without a question."""
        await asyncio.sleep(_QUIET_SECONDS)
        if self._states is not None and self._read is read and not self._turns.is_taken:
            await self._states.put_away(read.address, read.model, read.conversation, read.tokens, in_peace=True)

    def _end_quiet(self) -> None:
        if self._quiet is not None:
            self._quiet.cancel()
            self._quiet = None

    def _listed(self, model: str) -> Path:
        """Return the model file of that name. Raises `EngineFailed` if it is not one of the model files."""
        path = Path(model)
        if path not in self._models():
            raise EngineFailed(reason=FileFault.NOT_LISTED)
        return path

    def _described_files(self) -> list[ModelInfo]:
        described = []
        for path in self._models():
            try:
                described.append(self._describe_file(path))
            except EngineFailed as error:
                if error.reason != FileFault.GONE:
                    described.append(ModelInfo(name=str(path), label=path.stem))
        return described

    async def _client_of(self, address: EngineAddress) -> Backend:
        if self._client is not None:
            if self._client[0] == address:
                return self._client[1]
            await self._client[1].aclose()
        self._client = (address, self._make_backend(address))
        return self._client[1]

    async def _explained(self, error: BackendError) -> BackendError:
        if not isinstance(error, _SIGNS_OF_DEATH):
            return error
        cause = await self._engine.failure()
        return EngineFailed(cause, reason="crashed") if cause else error


@dataclass(frozen=True, slots=True)
class _Read:
    """What the engine has in front of it: a conversation that is no temporary one, and how many tokens of it."""

    address: EngineAddress
    model: Path
    conversation: str
    tokens: int


def _estimated_tokens(request: ChatRequest) -> int:
    return whole_tokens(USUAL.prompt_tokens(*letters_of_request(request)))


@asynccontextmanager
async def _closing(events: AsyncIterator[StreamEvent]) -> AsyncIterator[AsyncIterator[StreamEvent]]:
    """Close the inner stream together with the outer one, and with it the connection."""
    try:
        yield events
    finally:
        if isinstance(events, AsyncGenerator):
            await events.aclose()
