"""A file that is read ahead costs no other conversation anything: what is loaded, sent and erased, in order.

The engine and its client stand at their seams and write down what they are told; then the real engine.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.backends.built_in import BuiltInBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.core.engine import EngineAddress
from desktop.core.events import Finished, FinishReason, Phase, Progress, StreamEvent, TextDelta, UsageReported
from desktop.core.message import Usage
from desktop.core.model import ModelInfo
from desktop.core.request import ChatRequest
from desktop.runtime.models.measurements import ObservedBackend
from tests.backends.test_built_in import CONTRACT, Bench, asked, whole

MODEL = Path("one.gguf")
FILE = "The whole text of a file."
ABOUT = replace(asked(MODEL, f"{FILE} What does it say?"), conversation="new", fresh=True)
AHEAD = replace(asked(MODEL, FILE), conversation="new", fresh=True)
OLD = replace(asked(MODEL, "A long question."), conversation="old")


class Gate:
    """A step that is waited for; open unless it is closed."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.reached = asyncio.Event()

    async def pass_through(self) -> None:
        self.reached.set()
        await self.open.wait()


class Engine:
    """The engine with its client: both write to one log."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.loaded: Path | None = None
        self.loading, self.reading, self.erasing = Gate(), Gate(), Gate()
        self.backend = BuiltInBackend(self, lambda: [MODEL], ModelInfo, self._client)  # type: ignore[arg-type]

    def _client(self, address: EngineAddress) -> OpenAICompatBackend:
        return self  # type: ignore[return-value]

    def would_load(self, model: Path, window: int | None = None) -> bool:
        return self.loaded != model

    async def ensure(self, model: Path, window: int | None = None) -> EngineAddress:
        if self.loaded != model:
            self.log.append("load")
            await self.loading.pass_through()
            self.loaded = model
        return EngineAddress("http://127.0.0.1:9", "key", 4096)

    async def list_models(self) -> list[ModelInfo]:
        return []

    async def end_frozen(self, cause: str) -> None:
        raise AssertionError(cause)

    async def failure(self) -> str:
        return ""

    async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        who = request.conversation or "ahead"
        self.log.append(f"{who} shares nothing" if request.fresh else who)
        if who == "ahead":
            await self.reading.pass_through()
        yield Progress(Phase.READING, 0.5)
        yield TextDelta("Hi.")
        yield UsageReported(Usage(500, 3))
        yield Finished(FinishReason.STOP)

    async def forget_prompt(self) -> None:
        await self.erasing.pass_through()
        self.log.append("erase")

    async def aclose(self) -> None:
        return

    async def ask(self, request: ChatRequest) -> None:
        async for _ in self.backend.stream(request):
            pass

    async def begin(self, gate: Gate, work: Awaitable[None]) -> asyncio.Task[None]:
        """Return a task that stands before a closed gate."""
        gate.open.clear()
        gate.reached.clear()
        task = asyncio.ensure_future(work)
        await gate.reached.wait()
        return task  # type: ignore[return-value]


def play(work: Callable[[Engine], Awaitable[None]]) -> list[str]:
    """Return the log of a play without its first entry, which is the load."""

    async def whole() -> list[str]:
        engine = Engine()
        await asyncio.wait_for(work(engine), 60)
        await engine.backend.aclose()
        assert engine.log[0] == "load"
        return engine.log[1:]

    return asyncio.run(whole())


async def once_it_was_read(engine: Engine) -> None:
    await engine.ask(OLD)
    await engine.backend.read_ahead(AHEAD)
    await engine.ask(ABOUT)


async def sent_and_not_begun(engine: Engine) -> None:
    await engine.ask(OLD)
    await engine.begin(engine.reading, engine.backend.read_ahead(AHEAD))
    await engine.ask(ABOUT)


async def while_its_model_was_loaded(engine: Engine) -> None:
    await engine.begin(engine.loading, engine.backend.read_ahead(AHEAD))
    asking = asyncio.create_task(engine.ask(ABOUT))
    asyncio.get_running_loop().call_soon(engine.loading.open.set)
    await asking


async def taken_away_while_another_is_asked(engine: Engine) -> None:
    await engine.backend.read_ahead(AHEAD)
    forgetting = await engine.begin(engine.erasing, engine.backend.forget_ahead())
    asking = asyncio.create_task(engine.ask(OLD))
    for _ in range(10):
        await asyncio.sleep(0)
    engine.erasing.open.set()
    await asyncio.gather(forgetting, asking)


async def given_up_with_its_connection(engine: Engine) -> None:
    draining = ObservedBackend(engine.backend, lambda *_: None)
    await draining.read_ahead(AHEAD)
    await draining.retire()
    await draining.read_ahead(AHEAD)
    await draining.forget_ahead()


async def forgetting_given_up(engine: Engine) -> None:
    """Stop a question while what it has no part in is being erased."""
    await engine.backend.read_ahead(AHEAD)
    stopped = await engine.begin(engine.erasing, engine.ask(OLD))
    stopped.cancel()
    engine.erasing.open.set()
    await asyncio.wait([stopped])
    await engine.backend.forget_ahead()


async def another_file_is_given_while_its_model_is_loaded(engine: Engine) -> None:
    await engine.begin(engine.loading, engine.backend.read_ahead(replace(AHEAD, messages=OLD.messages)))
    reading = asyncio.create_task(engine.backend.read_ahead(AHEAD))
    asyncio.get_running_loop().call_soon(engine.loading.open.set)
    await reading
    await engine.ask(ABOUT)


async def loaded_while_it_is_typed(engine: Engine) -> None:
    await engine.backend.load_ahead(OLD)
    await engine.backend.load_ahead(OLD)
    await engine.ask(OLD)


async def asked_while_it_is_loaded(engine: Engine) -> None:
    loading = await engine.begin(engine.loading, engine.backend.load_ahead(OLD))
    asking = asyncio.create_task(engine.ask(replace(OLD, conversation="other")))
    asyncio.get_running_loop().call_soon(engine.loading.open.set)
    await asyncio.gather(loading, asking)


async def a_file_is_added_while_it_is_loaded(engine: Engine) -> None:
    await engine.begin(engine.loading, engine.backend.load_ahead(replace(AHEAD, messages=())))
    reading = asyncio.create_task(engine.backend.read_ahead(AHEAD))
    asyncio.get_running_loop().call_soon(engine.loading.open.set)
    await reading
    await engine.backend.load_ahead(ABOUT)
    await engine.ask(ABOUT)


async def loaded_behind_a_file(engine: Engine) -> None:
    """Type on while the file is read: nothing of that is lost."""
    reading = await engine.begin(engine.reading, engine.backend.read_ahead(AHEAD))
    await engine.backend.load_ahead(ABOUT)
    engine.reading.open.set()
    await reading
    await engine.ask(ABOUT)


@pytest.mark.parametrize(
    ("work", "log"),
    [
        (loaded_while_it_is_typed, ["old"]),
        (asked_while_it_is_loaded, ["other"]),
        (a_file_is_added_while_it_is_loaded, ["ahead shares nothing", "new"]),
        (another_file_is_given_while_its_model_is_loaded, ["ahead shares nothing", "new"]),
        (loaded_behind_a_file, ["ahead shares nothing", "new"]),
        (once_it_was_read, ["old", "ahead shares nothing", "new"]),
        (sent_and_not_begun, ["old", "ahead shares nothing", "new shares nothing"]),
        (while_its_model_was_loaded, ["new shares nothing"]),
        (taken_away_while_another_is_asked, ["ahead shares nothing", "erase", "old"]),
        (given_up_with_its_connection, ["ahead shares nothing", "erase"]),
        (forgetting_given_up, ["ahead shares nothing", "erase"]),
    ],
)
def test_a_file_read_ahead_takes_nothing_from_others(work: Callable[[Engine], Awaitable[None]], log: list[str]) -> None:
    assert play(work) == log


@pytest.mark.parametrize("is_load_alone", [False, True])
def test_a_question_that_is_stopped_ends_the_load_it_waits_for(is_load_alone: bool) -> None:
    async def work(engine: Engine) -> None:
        ahead = engine.backend.load_ahead if is_load_alone else engine.backend.read_ahead
        reading = await engine.begin(engine.loading, ahead(AHEAD))
        asking = asyncio.create_task(engine.ask(ABOUT))
        for _ in range(10):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking, reading])
        assert reading.cancelled()
        assert engine.loaded is None

    assert play(work) == []


@pytest.mark.long
@pytest.mark.engine
def test_the_engine_reads_a_file_ahead_for_its_own_question_alone(starter_model: Path) -> None:
    """By the engine's own count of the tokens that it did not have to read again."""
    bench = Bench(starter_model)
    garden, shed, pond = (f"The {thing} is behind the house. " * 30 for thing in ("garden", "old shed", "deep pond"))

    async def cached(text: str, *, fresh: bool = False) -> int:
        _, message = await whole(bench.backend.stream(replace(asked(starter_model, text), fresh=fresh)))
        assert message.usage is not None
        return message.usage.cached_tokens or 0

    async def work() -> None:
        await bench.backend.read_ahead(asked(starter_model, CONTRACT))
        about = f"{CONTRACT}\n\nWhat does flat 7 cost?"
        assert await cached(about, fresh=True) > 150, "also where it shares nothing with another conversation"
        await bench.backend.read_ahead(asked(starter_model, garden))
        await bench.backend.forget_ahead()
        assert await cached(garden) < 40, "the file was taken away"
        await bench.backend.read_ahead(asked(starter_model, shed))
        await cached("Is it open today?")
        assert await cached(shed) < 40, "another question came"
        reading = asyncio.create_task(bench.backend.read_ahead(asked(starter_model, pond)))
        await asyncio.sleep(0)
        await cached(pond)
        assert reading.cancelled() or reading.done(), "its own question ends it"

    bench.run(work)
