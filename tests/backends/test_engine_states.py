"""What the built-in engine has read outlives another conversation and its own end: real engine, starter model.

All is told by the engine's own count of the tokens that it did not have to read again.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from desktop.backends import built_in
from desktop.backends.built_in import BuiltInBackend
from desktop.backends.engine.states import EngineStates
from desktop.backends.wire.http import HttpClient
from desktop.core.events import Phase, Progress, TextDelta
from desktop.engine.model_file import describe_model_file
from desktop.engine.process import EngineProcess
from desktop.store.engine_states import KeptStates
from tests.backends.test_built_in import asked, client, whole
from tests.support.waiting import until

CONTRACT = " ".join(f"Flat {number} costs {number * 37} pounds a month." for number in range(1, 15))  # 200 tokens
GARDEN, SHED, POND = (f"The {thing} is behind the house. " * 30 for thing in ("garden", "old shed", "deep pond"))
INSTRUCTIONS = "Answer from the text in short sentences, and say so where it does not tell. " * 4  # 70 tokens
ONE, OTHER, THREE = "1" * 32, "2" * 32, "3" * 32


class Session:
    """A run of the program, as far as its engine goes; several share a folder."""

    def __init__(self, model: Path, folder: Path, bytes_a_token: int = 40_000) -> None:
        self._model = model
        self.free = 4 << 30
        self.states = KeptStates(folder)
        self.engine = EngineProcess(context_length=2048, threads=1, states=folder, free_memory=lambda: self.free)
        kept = EngineStates(
            self.states,
            lambda address: HttpClient(address.base_url, address.key),
            lambda _, tokens: tokens * bytes_a_token,
        )
        self.backend = BuiltInBackend(self.engine, lambda: [model], describe_model_file, client, kept)

    async def cached(self, *texts: str, conversation: str = ONE, fresh: bool = False, system: str = "") -> int:
        """Return how many tokens of a question the engine had read already."""
        request = asked(self._model, *texts, max_tokens=2 if conversation != OTHER else 16, system=system)
        _, message = await whole(self.backend.stream(replace(request, conversation=conversation, fresh=fresh)))
        assert message.usage is not None
        assert message.usage.cached_tokens is not None
        return message.usage.cached_tokens

    async def answer(self, text: str, *, fresh: bool) -> tuple[str, int]:
        """Return the words of an answer, and how many tokens of its question the engine had read already."""
        request = replace(asked(self._model, text, max_tokens=12), conversation=ONE, fresh=fresh)
        _, message = await whole(self.backend.stream(request))
        assert message.usage is not None
        return message.text, message.usage.cached_tokens or 0

    async def stop(self, text: str, conversation: str, *, is_read: bool = True) -> None:
        """Ask, and stop the answer at its first word, or in the middle of reading the question."""
        request = replace(asked(self._model, text, max_tokens=1000), conversation=conversation)
        async with aclosing(self.backend.stream(request)) as events:  # type: ignore[type-var]
            async for event in events:
                match event:
                    case TextDelta():
                        return
                    case Progress(Phase.READING, fraction) if fraction and not is_read:
                        return
                    case _:
                        continue

    def limit(self, kind: str, limit: int) -> None:
        """Limit what the engine may have: "FSIZE", bytes of a file, as on a full disk, or "AS", bytes of memory."""
        psutil.Process(self.engine.pid).rlimit(getattr(psutil, f"RLIMIT_{kind}"), (limit, psutil.RLIM_INFINITY))

    def run(self, work: Callable[[], Awaitable[None]]) -> None:
        async def bounded() -> None:
            try:
                await asyncio.wait_for(work(), 120)
            finally:
                await self.backend.aclose()
                await self.engine.aclose()

        asyncio.run(bounded())


@pytest.mark.long
@pytest.mark.engine
def test_a_long_text_is_read_once(starter_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "engine"
    first = Session(starter_model, folder)

    async def before() -> None:
        assert await first.cached(CONTRACT) == 0
        opening = await first.cached("Is it open today?", conversation=OTHER)
        assert await first.cached(CONTRACT) > 150, "back after another conversation"
        assert await first.cached(CONTRACT, fresh=True) == 0, "a fresh one shares nothing"
        assert await first.cached("Is it open today? And tomorrow?", conversation=OTHER) <= opening + 8
        assert await first.cached(CONTRACT) > 150

        await first.cached(CONTRACT, system=INSTRUCTIONS)
        assert 60 < await first.cached("Is it open today?", conversation=OTHER, system=INSTRUCTIONS) < 100
        assert await first.cached(CONTRACT, system=INSTRUCTIONS) > 220, "also behind instructions that both begin with"
        pid, first.free = first.engine.pid, 100 << 20
        assert await first.cached(CONTRACT, system=INSTRUCTIONS) > 220, "what is in front outlives a lack of memory"
        assert first.engine.pid != pid, "what was kept of others is given back"
        first.free = 4 << 30

    first.run(before)
    assert first.states.conversations() == {ONE}

    second = Session(starter_model, folder)

    async def after() -> None:
        await second.backend.load_ahead(replace(asked(starter_model, "", max_tokens=2), conversation=ONE))
        pid = second.engine.pid
        assert pid is not None, "it is loaded before anything is asked"
        assert await second.cached(CONTRACT, system=INSTRUCTIONS) > 220, "back after the end of the program"
        assert second.engine.pid == pid
        running = asyncio.create_task(second.cached(CONTRACT, conversation=""))  # a temporary one is the last
        waiting = asyncio.create_task(second.cached("Is it open today?", conversation=OTHER))
        await asyncio.sleep(0)
        waiting.cancel()  # behind it: what the engine holds is not of this conversation
        await asyncio.gather(running, waiting, return_exceptions=True)

    second.run(after)
    assert second.states.conversations() == {ONE}
    kept = folder / f"{ONE}.state"
    words = kept.read_bytes()
    kept.write_bytes(words[: len(words) // 2])  # an engine that were given this would end by SIGABRT
    third = Session(starter_model, folder)

    async def damaged() -> None:
        assert await third.cached(CONTRACT, system=INSTRUCTIONS) == 0, (
            "a damaged one is thrown away, and the text read again"
        )
        assert not kept.exists()
        await third.stop(GARDEN * 4, conversation=OTHER, is_read=False)
        words, cached = await third.answer(GARDEN * 4, fresh=False)
        assert 0 < cached < 800, "what was read before it was stopped"
        assert (words, 0) == await third.answer(GARDEN * 4, fresh=True)
        await third.stop(POND, conversation=THREE)

    third.run(damaged)
    assert third.states.conversations() == {THREE}, "what was read for an answer that was stopped is kept, too"


@pytest.mark.long
@pytest.mark.engine
def test_a_file_is_read_ahead_for_its_own_question_alone(
    starter_model: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    session = Session(starter_model, tmp_path / "engine")
    about = f"{CONTRACT}\n\nWhat does flat 7 cost?"

    async def work() -> None:
        ahead = asked(starter_model, CONTRACT, max_tokens=40)
        await session.backend.read_ahead(replace(ahead, conversation=ONE))
        assert session.states.conversations() == set()
        assert await session.cached(about, fresh=True) > 150, "also where it shares nothing with another conversation"
        if sys.platform == "linux":
            session.limit("FSIZE", 1 << 10)
            await session.backend.read_ahead(asked(starter_model, GARDEN))
            assert session.states.conversations() == set(), "a disk that is full cuts a state short"
            assert "the engine could not save what it has read" in caplog.text
            session.limit("FSIZE", psutil.RLIM_INFINITY)
            await session.cached(about)
        await session.backend.read_ahead(asked(starter_model, GARDEN))
        assert session.states.conversations() == {ONE}, "what is in front makes way, and is put away"
        await session.backend.forget_ahead()
        assert await session.cached(GARDEN, conversation="") < 40, "the file was taken away"
        await session.backend.read_ahead(asked(starter_model, SHED))
        await session.cached("Is it open today?", conversation="")
        assert await session.cached(SHED, conversation="") < 40, "another question came"
        reading = asyncio.create_task(session.backend.read_ahead(asked(starter_model, POND)))
        await asyncio.sleep(0)
        await session.cached(POND, conversation="")
        assert reading.cancelled() or reading.done(), "its own question ends it"

    session.run(work)


@pytest.mark.engine
def test_a_large_state_is_put_away_in_a_quiet_minute_and_never_at_the_end(
    starter_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried = Session(starter_model, tmp_path / "hurried", bytes_a_token=4 << 20)

    async def ask() -> None:
        await hurried.cached(CONTRACT)

    hurried.run(ask)
    assert hurried.states.conversations() == set()
    monkeypatch.setattr(built_in, "_QUIET_SECONDS", 0.0)
    quiet = Session(starter_model, tmp_path / "quiet", bytes_a_token=4 << 20)

    async def wait() -> None:
        await quiet.cached(CONTRACT)
        await until(lambda: quiet.states.usable(ONE, starter_model))
        await quiet.stop(CONTRACT, OTHER)
        await until(lambda: quiet.states.usable(OTHER, starter_model))

    quiet.run(wait)
