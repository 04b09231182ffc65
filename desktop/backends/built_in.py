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
from desktop.core.engine import Engine, EngineAddress
from desktop.core.errors import BackendError, EngineFailed, ProtocolError, RequestRejected, StreamBroken, Unreachable
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
from desktop.core.models.window import larger_window
from desktop.core.request import ChatRequest, Errand, outgoing_text

# What a reply breaks with when the server on the other end has died.
_SIGNS_OF_DEATH = (StreamBroken, Unreachable, ProtocolError)


@dataclass(eq=False)
class BuiltInBackend:
    """A backend on the engine of this program; an answer ends before the engine gets another model.

    `models` returns the present model files, `describe_file` reads one file's header (`EngineFailed` if bad),
    `make_client` builds the client of a running engine. One backend to an engine.
    """

    engine: Engine
    models: Callable[[], Iterable[Path]]
    describe_file: Callable[[Path], ModelInfo]
    make_client: Callable[[EngineAddress], OpenAICompatBackend]
    silence: float = ENGINE_SILENCE
    stuck: float = ENGINE_STUCK

    def __post_init__(self) -> None:
        self._line: _Line | None = None  # to the engine that ran last
        self._answering = 0  # requests that have the engine as it is
        self._free = asyncio.Event()  # set when the last of them ends
        self._ahead: _Ahead | None = None
        self._changing_ahead = asyncio.Lock()  # a question waits until what it has no part in is forgotten

    async def list_models(self) -> list[ModelInfo]:
        """Return the model files that are there. One that cannot be read is listed by its name: using it says why."""
        return await asyncio.to_thread(self._described_files)

    async def describe(self, model: str) -> ModelInfo:
        """Return what a model file's header tells. Raises `EngineFailed` with a `FileFault` as reason."""
        return await asyncio.to_thread(lambda: self.describe_file(self._listed(model)))

    async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        """Stream one reply; `request.model` is the path of a model file. A load is `Progress(LOADING)`.

        A file that is not among the model files is not opened, whoever names it: settings, a conversation, a recipe.
        """
        yield Started(request.model)
        yield Progress(Phase.LOADING if self._would_load(request) else Phase.READING)
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

    async def read_ahead(self, request: ChatRequest) -> None:
        """Have the engine read the text of a request, which belongs to no conversation yet."""
        await self._do_ahead(_Ahead(request))

    async def load_ahead(self, request: ChatRequest) -> None:
        """Have the engine loaded as a request needs it, and read nothing."""
        await self._do_ahead(_Ahead(request, loads_only=True))

    async def forget_ahead(self) -> None:
        """Have the engine forget what it has read ahead, unless a question has taken it up."""
        async with self._changing_ahead:
            await self._forget_ahead()

    async def aclose(self) -> None:
        """Close the connections to the engine, which its owner ends."""
        if self._ahead is not None:
            await self._ahead.end()
        line, self._line = self._line, None
        if line is not None:
            await line.client.aclose()

    # --- One request ---------------------------------------------------------------------------------------------

    async def _events(self, request: ChatRequest, window: int | None) -> AsyncGenerator[StreamEvent, None]:
        """Yield the events of one request to an engine that holds `window` tokens, as far as there is memory."""
        waits = self._answering > 0
        try:
            model = self._listed(request.model)
            if waits:
                yield Progress(Phase.WAITING)
            async with self._turn(model, window):
                line = self._line
                if line is not None and line.was_left and not self.engine.would_load(model, window):
                    await line.end_if_frozen()
                loads = self.engine.would_load(model, window)
                if loads:
                    yield Progress(Phase.LOADING)
                address = await self.engine.ensure(model, window)
                line = await self._line_to(address)
                yield Measured(address.window, window, address.load_seconds if loads else None)
                async with aclosing(line.stream(request)) as events:
                    async for event in events:
                        match event:
                            case Started():
                                continue
                            # It is here, and reads before it replies; what it reads it tells as shares.
                            case Progress(Phase.CONNECTING) | Progress(Phase.READING, None):
                                yield Progress(Phase.WAITING if waits and not loads else Phase.READING)
                            case Failed(broken):
                                yield Failed(await self._explained(broken))
                            case _:
                                yield event
        except BackendError as error:
            yield Failed(error)

    @asynccontextmanager
    async def _turn(self, model: Path, window: int | None) -> AsyncIterator[None]:
        """Hold the engine as a request needs it; one that needs another load waits until all others have ended."""
        while self._answering and self.engine.would_load(model, window):
            await self._free.wait()
        self._answering += 1
        self._free.clear()
        try:
            yield
        finally:
            self._answering -= 1
            if not self._answering:
                self._free.set()

    async def _line_to(self, address: EngineAddress) -> _Line:
        if self._line is not None and self._line.address == address:
            return self._line
        if self._line is not None:
            await self._line.client.aclose()
        self._line = _Line(address, self.make_client(address), self.engine, self.silence, self.stuck)
        return self._line

    async def _explained(self, error: BackendError) -> BackendError:
        if isinstance(error, RequestRejected) and "for this template" in error.detail:
            return EngineFailed(error.detail, reason="template")
        if not isinstance(error, _SIGNS_OF_DEATH):
            return error
        cause = await self.engine.failure()
        return EngineFailed(cause, reason="crashed") if cause else error

    def _would_load(self, request: ChatRequest) -> bool:
        return self.engine.would_load(Path(request.model), request.params.context_length)

    def _listed(self, model: str) -> Path:
        """Return the model file of that name. Raises `EngineFailed` if it is not one of the model files."""
        path = Path(model)
        if path not in self.models():
            raise EngineFailed(reason=FileFault.NOT_LISTED)
        return path

    def _described_files(self) -> list[ModelInfo]:
        described = []
        for path in self.models():
            try:
                described.append(self.describe_file(path))
            except EngineFailed as error:
                if error.reason != FileFault.GONE:
                    described.append(ModelInfo(name=str(path), label=path.stem))
        return described

    # --- Ahead of a question -------------------------------------------------------------------------------------

    async def _do_ahead(self, ahead: _Ahead) -> None:
        """Load and read ahead of a question, until a question, another text or `forget_ahead` ends it."""
        async with self._changing_ahead:
            if ahead.loads_only and (self._ahead is not None or not self._would_load(ahead.request)):
                return
            await self._leave_loading_for(ahead.request)
            await self._forget_ahead()
            if self._answering:
                return
            self._ahead = ahead
            params = replace(ahead.request.params, max_tokens=1)
            one = replace(ahead.request, params=params, conversation="")
            ahead.task = asyncio.create_task(ahead.follow(self._events(one, params.context_length)))
        try:
            await ahead.task
        finally:
            if self._ahead is ahead and not ahead.is_sent:
                self._ahead = None  # there is nothing to take up, nor to forget

    async def _take_up_ahead(self, request: ChatRequest) -> ChatRequest:
        """End what is done ahead, and return the request as it goes: from what was read, if that is its own."""
        async with self._changing_ahead:
            await self._leave_loading_for(request)
            ahead = self._ahead
            if ahead is None:
                return request
            if ahead.is_sent and (request.errand is Errand.TITLE or not _begins_with(request, ahead.request)):
                await self._forget_ahead()
                return request
            await ahead.end()
            self._ahead = None
            # Where it shares nothing, neither did what was read ahead; before that, the engine holds another's words.
            return replace(request, fresh=request.fresh and not ahead.is_read)

    async def _leave_loading_for(self, request: ChatRequest) -> None:
        """Wait until what a request needs too is loaded, and have nothing read; who gives that up ends the load."""
        ahead = self._ahead
        if ahead is None or not ahead.is_loading_for(request):
            return
        ahead.loads_only = True
        try:
            await asyncio.wait([ahead.task])
        except asyncio.CancelledError:
            ahead.task.cancel()
            raise

    async def _forget_ahead(self) -> None:
        ahead = self._ahead
        if ahead is None:
            return
        await ahead.end()
        # Where nothing was sent, the engine has something else in front of it: what it answered last.
        if ahead.is_sent and self._line is not None:
            await self._line.client.forget_prompt()
        self._ahead = None


@dataclass
class _Line:
    """The line to a running engine, which is ended where it says nothing and does not answer when it is asked.

    Such is one that the system holds or that waits for itself. One that answers, and does not get on with a question
    either, is ended after a longer time.
    """

    address: EngineAddress
    client: OpenAICompatBackend
    engine: Engine
    silence: float
    stuck: float
    was_left: bool = False  # in the middle of a reply; whether it still listens is not known
    _heard: float = 0.0  # when it last told of its progress with any question, by the loop's clock

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        clock = asyncio.get_running_loop().time
        self._heard, self.was_left = clock(), True
        listening = asyncio.create_task(self._listen())
        try:
            async with aclosing(self.client.stream(request)) as events:
                async for event in events:
                    self._heard = clock()
                    yield event
            self.was_left = False
        finally:
            listening.cancel()

    async def _listen(self) -> None:
        clock = asyncio.get_running_loop().time
        while clock() < self._heard + self.stuck:
            await asyncio.sleep(self.silence)
            if clock() >= self._heard + self.silence:
                await self.end_if_frozen()
        await asyncio.shield(self.engine.end_frozen("the engine did not get on with the question"))

    async def end_if_frozen(self) -> None:
        """Have an engine ended that does not answer when it is asked what it serves."""
        try:
            async with asyncio.timeout(self.silence):
                await self.client.list_models()
        except TimeoutError:
            # Its stream breaks while it is ended, and with it ends who listens to it.
            await asyncio.shield(self.engine.end_frozen("the engine did not answer any more"))
        except BackendError:
            return  # it has ended, which its stream tells with the cause


@dataclass(eq=False, slots=True)
class _Ahead:
    """A request whose model is loaded and whose text is read before its question is asked."""

    request: ChatRequest
    loads_only: bool = False
    task: asyncio.Task[None] = field(init=False)
    is_sent: bool = False  # the model is loaded, and the text was given to it
    is_read: bool = False  # at least in part: the engine holds its words, and none of another conversation

    async def follow(self, steps: AsyncGenerator[StreamEvent, None]) -> None:
        async with aclosing(steps) as events:
            async for event in events:
                match event:
                    case Measured():
                        if self.loads_only:
                            return
                        self.is_sent = True
                    case Progress(Phase.READING, float()) | TextDelta() | ReasoningDelta() | UsageReported():
                        self.is_read = True

    def is_loading_for(self, request: ChatRequest) -> bool:
        """Return True if the model of another request is being loaded, with a window that is large enough for it."""
        window, loaded = request.params.context_length, self.request.params.context_length
        is_enough = window is None or window <= (loaded or 0)
        return not self.is_sent and self.request.model == request.model and is_enough

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
