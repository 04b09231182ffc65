"""The built-in engine as a backend: loads the model's file, then talks to the engine as to any llama-server.

It owns neither the engine's process (`engine/`, behind `core.engine.Engine`) nor the protocol (`openai_compat`): it
joins the two, and explains a reply that broke because the engine died.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.core.bounds import ENGINE_SILENCE, ENGINE_STUCK
from desktop.core.context.window import larger_window
from desktop.core.engine import Engine, EngineAddress
from desktop.core.errors import (
    BackendError,
    EngineFailed,
    ProtocolError,
    RequestRejected,
    StreamBroken,
    Unreachable,
)
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
from desktop.core.request import ChatRequest, outgoing_text

# What a reply breaks with when the server on the other end has died.
_SIGNS_OF_DEATH = (StreamBroken, Unreachable, ProtocolError)


class BuiltInBackend:
    """A backend on the engine of this program; an answer ends before the engine gets another model.

    `models` returns the present model files, `describe_file` reads one file's header (`EngineFailed` if bad),
    `make_client` builds the client of a running engine. One backend to an engine.
    """

    def __init__(
        self,
        engine: Engine,
        models: Callable[[], Iterable[Path]],
        describe_file: Callable[[Path], ModelInfo],
        make_client: Callable[[EngineAddress], OpenAICompatBackend],
        silence: float = ENGINE_SILENCE,
        stuck: float = ENGINE_STUCK,
    ) -> None:
        self._engine = engine
        self._models = models
        self._describe_file = describe_file
        self._make_client = make_client
        self._silence, self._stuck = silence, stuck
        self._client: tuple[EngineAddress, OpenAICompatBackend] | None = None
        self._turns = _ModelTurns()
        self._heard = 0.0  # when the engine has last told of its progress, by the loop's clock
        self._was_stopped = False  # the last answer; whether the engine still listens is not known
        self._ahead: _Ahead | None = None
        self._changing_ahead = asyncio.Lock()  # a question waits until what it has no part in is forgotten

    async def list_models(self) -> list[ModelInfo]:
        """Return the model files that are there. One that cannot be read is listed by its name: using it says why."""
        return await asyncio.to_thread(self._described_files)

    async def describe(self, model: str) -> ModelInfo:
        """Return what a model file's header tells. Raises `EngineFailed` with a `FileFault` as reason."""
        return await asyncio.to_thread(lambda: self._describe_file(self._listed(model)))

    async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        """Stream one reply; `request.model` is the path of a model file. A load is `Progress(LOADING)`.

        A file that is not among the model files is not opened, whoever names it: settings, a conversation, a recipe.
        """
        yield Started(request.model)
        loads = self._engine.would_load(Path(request.model), request.params.context_length)
        yield Progress(Phase.LOADING if loads else Phase.READING)
        request = await self._take_up_ahead(request)
        window, has_words = request.params.context_length, False
        while True:
            larger: int | None = None
            async with aclosing(self._events(request, window)) as events:
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

    async def read_ahead(self, request: ChatRequest) -> None:
        """Have the engine read the text of a request, which belongs to no conversation yet."""
        await self._do_ahead(request, loads_only=False)

    async def load_ahead(self, request: ChatRequest) -> None:
        """Have the engine loaded as a request needs it, and read nothing."""
        await self._do_ahead(request, loads_only=True)

    async def forget_ahead(self) -> None:
        """Have the engine forget what it has read ahead, unless a question has taken it up."""
        async with self._changing_ahead:
            await self._forget_ahead()

    async def aclose(self) -> None:
        """Close the connections to the engine, which its owner ends."""
        if self._ahead is not None:
            await self._ahead.end()
        client, self._client = self._client, None
        if client is not None:
            await client[1].aclose()

    async def _events(
        self, request: ChatRequest, window: int | None, ahead: _Ahead | None = None
    ) -> AsyncGenerator[StreamEvent, None]:
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
            try:
                address = await self._engine.ensure(model, window)
                client = await self._client_of(address)
            except BackendError as error:
                yield Failed(error)
                return
            yield Measured(address.window, window, address.load_seconds if has_loaded else None)
            if ahead is not None and not ahead.goes_on_to_read():
                return
            self._was_stopped = True
            async with self._listening_to(client), aclosing(client.stream(request)) as events:
                async for event in events:
                    self._heard = asyncio.get_running_loop().time()
                    match event:
                        case Started():
                            continue
                        # It is here, and reads before it replies; what it reads it tells as shares.
                        case Progress(Phase.CONNECTING) | Progress(Phase.READING, None):
                            yield Progress(Phase.WAITING if waits and not has_loaded else Phase.READING)
                        case Failed(broken):
                            yield Failed(await self._explained(broken))
                        case _:
                            yield event
            self._was_stopped = False

    @asynccontextmanager
    async def _listening_to(self, client: OpenAICompatBackend) -> AsyncIterator[None]:
        """Have the engine ended if it falls silent and does not answer either when it is asked, or for ever."""
        loop = asyncio.get_running_loop()
        self._heard = loop.time()

        async def listen() -> None:
            asked = self._heard
            while True:
                await asyncio.sleep(max(asked, self._heard) + self._silence - loop.time())
                if loop.time() >= self._heard + self._stuck:
                    await asyncio.shield(self._engine.end_frozen("the engine did not get on with the question"))
                    return
                if loop.time() >= max(asked, self._heard) + self._silence:
                    asked = loop.time()
                    await self._end_if_frozen(client)

        listening = asyncio.create_task(listen())
        try:
            yield
        finally:
            listening.cancel()

    async def _end_if_frozen(self, client: OpenAICompatBackend) -> None:
        """End an engine that listens and never answers, as one that the system holds or that waits for itself."""
        try:
            async with asyncio.timeout(self._silence):
                await client.list_models()
        except TimeoutError:
            # Its stream breaks while it is ended, and with it ends who listens to it.
            await asyncio.shield(self._engine.end_frozen("the engine did not answer any more"))
        except BackendError:
            return  # it has ended, which its stream tells with the cause

    async def _do_ahead(self, request: ChatRequest, *, loads_only: bool) -> None:
        """Load and read ahead of a question, until a question, another text or `forget_ahead` ends it."""
        async with self._changing_ahead:
            if loads_only and (self._ahead is not None or not self._would_load(request)):
                return
            if self._ahead is not None and self._ahead.is_loading_for(request):
                await self._ahead.load_only()
            await self._forget_ahead()
            if self._turns.is_taken:
                return
            ahead = self._ahead = _Ahead(request, loads_only)
            ahead.task = asyncio.create_task(self._follow_ahead(ahead))
        await ahead.task

    async def _follow_ahead(self, ahead: _Ahead) -> None:
        params = replace(ahead.request.params, max_tokens=1)
        one = replace(ahead.request, params=params, conversation="")
        try:
            async with aclosing(self._events(one, params.context_length, ahead)) as events:
                async for event in events:
                    ahead.note(event)
        finally:
            if not ahead.was_sent and self._ahead is ahead:
                self._ahead = None  # there is nothing to take up, nor to forget

    async def _forget_ahead(self) -> None:
        ahead = self._ahead
        if ahead is None:
            return
        await ahead.end()
        # Where nothing was sent, the engine has something else in front of it: what it answered last.
        if ahead.was_sent and self._client is not None:
            await self._client[1].forget_prompt()
        self._ahead = None

    async def _take_up_ahead(self, request: ChatRequest) -> ChatRequest:
        """End what is done ahead, and return the request as it goes: from what was read, if that is its own."""
        async with self._changing_ahead:
            ahead = self._ahead
            if ahead is None:
                return request
            if ahead.is_loading_for(request):
                await ahead.load_only()
            if ahead.was_sent and (request.is_for_title or not _begins_with(request, ahead.request)):
                await self._forget_ahead()
                return request
            await ahead.end()
            self._ahead = None
            # Where it shares nothing, neither did what was read ahead; before that, the engine holds another's words.
            return replace(request, fresh=request.fresh and not ahead.is_read)

    def _would_load(self, request: ChatRequest) -> bool:
        return self._engine.would_load(Path(request.model), request.params.context_length)

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

    async def _client_of(self, address: EngineAddress) -> OpenAICompatBackend:
        if self._client is not None:
            if self._client[0] == address:
                return self._client[1]
            await self._client[1].aclose()
        self._client = (address, self._make_client(address))
        return self._client[1]

    async def _explained(self, error: BackendError) -> BackendError:
        if isinstance(error, RequestRejected) and "for this template" in error.detail:
            return EngineFailed(error.detail, reason="template")
        if not isinstance(error, _SIGNS_OF_DEATH):
            return error
        cause = await self._engine.failure()
        return EngineFailed(cause, reason="crashed") if cause else error


@dataclass(eq=False, slots=True)
class _Ahead:
    """A request whose model is loaded and whose text is read before its question is asked."""

    request: ChatRequest
    loads_only: bool
    task: asyncio.Task[None] = field(init=False)
    is_loaded: bool = False
    was_sent: bool = False
    is_read: bool = False  # at least in part: the engine holds its words, and none of another conversation

    def goes_on_to_read(self) -> bool:
        """Note that the model is loaded. Return True if the text is to be read, too."""
        self.is_loaded, self.was_sent = True, not self.loads_only
        return self.was_sent

    def note(self, event: StreamEvent) -> None:
        match event:
            case Progress(Phase.READING, fraction) if fraction is not None:
                self.is_read = True
            case TextDelta() | ReasoningDelta() | UsageReported():
                self.is_read = True

    def is_loading_for(self, request: ChatRequest) -> bool:
        """Return True if the model of another request is being loaded, with a window that is large enough for it."""
        window, loaded = request.params.context_length, self.request.params.context_length
        is_enough = window is None or window <= (loaded or 0)
        return not self.is_loaded and self.request.model == request.model and is_enough

    async def load_only(self) -> None:
        """Wait until the model is loaded, and read nothing; who gives the waiting up ends the load."""
        self.loads_only = True
        try:
            await asyncio.wait([self.task])
        except asyncio.CancelledError:
            self.task.cancel()
            raise

    async def end(self) -> None:
        """Stop, and wait until the engine has been told so."""
        self.task.cancel()
        await asyncio.wait([self.task])


def _begins_with(request: ChatRequest, ahead: ChatRequest) -> bool:
    """Return True if a question is about the files that were read ahead, and nothing else stands before them."""
    *before, asked = request.messages
    *read_before, read = ahead.messages
    is_same = (request.model, request.system, before) == (ahead.model, ahead.system, read_before)
    return is_same and outgoing_text(asked).startswith(outgoing_text(read))


class _ModelTurns:
    """A lock shared by replies of the same model; those that need another load wait until all have ended."""

    def __init__(self) -> None:
        self._free = asyncio.Event()
        self._model = ""
        self._running = 0

    @property
    def is_taken(self) -> bool:
        """True while something is answered."""
        return self._running > 0

    @asynccontextmanager
    async def answering_with(self, model: str, would_load: Callable[[], bool]) -> AsyncIterator[None]:
        """Wait for the turn of a model, and hold it. `would_load`: the model has to be loaded, or loaded again."""
        while self._running and (self._model != model or would_load()):
            await self._free.wait()
        self._model = model
        self._running += 1
        self._free.clear()
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._free.set()
