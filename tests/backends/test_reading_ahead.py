"""A file that is read ahead costs no other conversation anything: what is loaded, sent and erased, in order.

The engine and its client stand at their seams and write down what they are told; then the real engine.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.backends.built_in import BuiltInBackend
from desktop.core.engine import EngineAddress
from desktop.core.events import Finished, FinishReason, Phase, Progress, TextDelta, UsageReported
from desktop.core.message import Usage
from desktop.core.model import ModelInfo
from desktop.runtime.models.measurements import ObservedBackend
from tests.backends.test_built_in import CONTRACT, Bench, asked

MODEL = Path("one.gguf")
FILE = "The whole text of a file."
ABOUT = replace(asked(MODEL, f"{FILE} What does it say?"), conversation="new", fresh=True)
AHEAD = replace(asked(MODEL, FILE), conversation="new", fresh=True)
OLD = replace(asked(MODEL, "A long question."), conversation="old")
OTHER = replace(OLD, conversation="other")


class Gate:
    """A step that is waited for; open unless it is closed."""

    def __init__(self):
        self.open = asyncio.Event()
        self.open.set()
        self.reached = asyncio.Event()

    async def pass_through(self):
        self.reached.set()
        await self.open.wait()


class Engine:
    """The engine with its client: both write to one log."""

    def __init__(self):
        self.log = []
        self.loaded = None
        self.loading, self.reading, self.erasing = Gate(), Gate(), Gate()
        self.backend = BuiltInBackend(self, lambda: [MODEL], ModelInfo, lambda _: self)  # type: ignore[arg-type, return-value]
        self.read, self.load, self.forget = self.backend.read_ahead, self.backend.load_ahead, self.backend.forget_ahead

    def would_load(self, model, window=None):
        return self.loaded != model

    async def ensure(self, model, window=None):
        if self.loaded != model:
            self.log.append("load")
            await self.loading.pass_through()
            self.loaded = model
        return EngineAddress("http://127.0.0.1:9", "key", 4096)

    async def end_frozen(self, cause):
        raise AssertionError(cause)

    async def list_models(self):
        return []

    async def failure(self):
        return ""

    async def stream(self, request):
        who = request.conversation or "ahead"
        self.log.append(f"{who} shares nothing" if request.fresh else who)
        if who == "ahead":
            await self.reading.pass_through()
        yield Progress(Phase.READING, 0.5)
        yield TextDelta("Hi.")
        yield UsageReported(Usage(500, 3))
        yield Finished(FinishReason.STOP)

    async def forget_prompt(self):
        await self.erasing.pass_through()
        self.log.append("erase")

    async def aclose(self):
        return

    async def ask(self, request):
        async for _ in self.backend.stream(request):
            pass

    async def begin(self, gate, work):
        """Return a task that stands before a closed gate."""
        gate.open.clear()
        gate.reached.clear()
        task = asyncio.create_task(work)
        await gate.reached.wait()
        return task

    async def meanwhile(self, gate, first, then):
        """Begin with one, and with another while that stands before a gate, which then opens."""
        begun = await self.begin(gate, first)
        second = asyncio.create_task(then)
        for _ in range(10):
            await asyncio.sleep(0)
        gate.open.set()
        await asyncio.wait([begun, second])


async def loaded_while_it_is_typed(engine):
    await engine.load(OLD)
    await engine.load(OLD)
    await engine.ask(OLD)


async def asked_while_it_is_loaded(engine):
    await engine.meanwhile(engine.loading, engine.load(OLD), engine.ask(OTHER))


async def a_file_is_added_while_it_is_loaded(engine):
    await engine.meanwhile(engine.loading, engine.load(replace(AHEAD, messages=())), engine.read(AHEAD))
    await engine.load(ABOUT)
    await engine.ask(ABOUT)


async def another_file_is_given_while_its_model_is_loaded(engine):
    other = replace(AHEAD, messages=OLD.messages)
    await engine.meanwhile(engine.loading, engine.read(other), engine.read(AHEAD))
    await engine.ask(ABOUT)


async def typed_on_while_the_file_is_read(engine):
    await engine.meanwhile(engine.reading, engine.read(AHEAD), engine.load(ABOUT))
    await engine.ask(ABOUT)


async def once_it_was_read(engine):
    await engine.ask(OLD)
    await engine.read(AHEAD)
    await engine.ask(ABOUT)


async def sent_and_not_begun(engine):
    await engine.ask(OLD)
    await engine.begin(engine.reading, engine.read(AHEAD))
    await engine.ask(ABOUT)


async def while_its_model_was_loaded(engine):
    await engine.meanwhile(engine.loading, engine.read(AHEAD), engine.ask(ABOUT))


async def taken_away_while_another_is_asked(engine):
    await engine.read(AHEAD)
    await engine.meanwhile(engine.erasing, engine.forget(), engine.ask(OLD))


async def given_up_with_its_connection(engine):
    draining = ObservedBackend(engine.backend, lambda *_: None)
    await draining.read_ahead(AHEAD)
    await draining.retire()
    await draining.read_ahead(AHEAD)
    await draining.forget_ahead()


async def stopped_while_it_is_erased(engine):
    await engine.read(AHEAD)
    stopped = await engine.begin(engine.erasing, engine.ask(OLD))
    stopped.cancel()
    engine.erasing.open.set()
    await asyncio.wait([stopped])
    await engine.forget()


async def stopped_while_it_waits_for_the_load(engine):
    for ahead in (engine.load, engine.read):
        reading = await engine.begin(engine.loading, ahead(AHEAD))
        asking = asyncio.create_task(engine.ask(ABOUT))
        for _ in range(10):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking, reading])
        assert reading.cancelled()
        assert engine.loaded is None


@pytest.mark.parametrize(
    ("work", "log"),
    [
        (loaded_while_it_is_typed, ["old"]),
        (asked_while_it_is_loaded, ["other"]),
        (a_file_is_added_while_it_is_loaded, ["ahead shares nothing", "new"]),
        (another_file_is_given_while_its_model_is_loaded, ["ahead shares nothing", "new"]),
        (typed_on_while_the_file_is_read, ["ahead shares nothing", "new"]),
        (once_it_was_read, ["old", "ahead shares nothing", "new"]),
        (sent_and_not_begun, ["old", "ahead shares nothing", "new shares nothing"]),
        (while_its_model_was_loaded, ["new shares nothing"]),
        (taken_away_while_another_is_asked, ["ahead shares nothing", "erase", "old"]),
        (given_up_with_its_connection, ["ahead shares nothing", "erase"]),
        (stopped_while_it_is_erased, ["ahead shares nothing", "erase"]),
        (stopped_while_it_waits_for_the_load, ["load"]),
    ],
)
def test_a_file_read_ahead_takes_nothing_from_others(work, log):
    async def play():
        engine = Engine()
        await asyncio.wait_for(work(engine), 60)
        await engine.backend.aclose()
        return engine.log

    assert asyncio.run(play()) == ["load", *log]


@pytest.mark.long
@pytest.mark.engine
def test_the_engine_reads_a_file_ahead_for_its_own_question_alone(starter_model):
    """By the engine's own count of the tokens that it did not have to read again."""
    garden, shed, pond = (f"The {thing} is behind the house. " * 15 for thing in ("garden", "old shed", "deep pond"))

    async def read_and_ask_at_once():
        reading = asyncio.create_task(bench.backend.read_ahead(asked(starter_model, pond)))
        await asyncio.sleep(0)
        await bench.reply(pond)
        return reading.done()

    with Bench(starter_model) as bench:
        bench.run(bench.backend.read_ahead(asked(starter_model, CONTRACT)))
        about = f"{CONTRACT}\n\nWhat does flat 7 cost?"
        assert bench.cached(about, fresh=True) > 150, "also where it shares nothing with another conversation"
        bench.run(bench.backend.read_ahead(asked(starter_model, garden)))
        bench.run(bench.backend.forget_ahead())
        assert bench.cached(garden) < 40, "the file was taken away"
        bench.run(bench.backend.read_ahead(asked(starter_model, shed)))
        bench.cached("Is it open today?")
        assert bench.cached(shed) < 40, "another question came"
        assert bench.run(read_and_ask_at_once()), "its own question ends it"
