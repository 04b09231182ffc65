"""What is written of a state, and when: an engine that writes a file, and stands at the seam of the client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.backends.engine.states import EngineStates
from desktop.core.engine import EngineAddress
from desktop.store.engine_states import KeptStates

ONE, OTHER = "1" * 32, "2" * 32
LARGE = 9000  # tokens


class Engine:
    """Writes a state, and answers at once or never; it writes on where nobody waits for it any more."""

    def __init__(self, folder: Path) -> None:
        self.files = KeptStates(folder / "engine")
        self.is_slow = False
        self.writes: list[str] = []
        self.began = asyncio.Event()
        self.models = [folder / name for name in ("one.gguf", "two.gguf")]
        for model in self.models:
            model.write_bytes(b"weights")
        size_of = lambda _, tokens: tokens << 16  # noqa: E731
        self.states = EngineStates(self.files, lambda _: self, size_of)  # type: ignore[arg-type, return-value]

    async def json(self, method: str, path: str, body: dict[str, str], *, limit: float) -> dict[str, Any]:
        self.writes.append(body["filename"])
        self.write()
        self.began.set()
        if self.is_slow:
            await asyncio.Event().wait()
        return {"n_written": 7}

    def write(self) -> None:
        (self.files.folder / self.writes[-1]).write_bytes(b"numbers")

    async def aclose(self) -> None:
        return

    async def put_away(self, tokens: int = LARGE, conversation: str = ONE, model: int = 0) -> bool:
        address = EngineAddress("http://127.0.0.1:9", "key")
        is_large = tokens >= LARGE
        return await self.states.put_away(address, self.models[model], conversation, tokens, in_peace=is_large)

    @property
    def found(self) -> set[str]:
        """The endings of the files."""
        return {file.suffix for file in self.files.folder.iterdir()}


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Callable[[Engine], Awaitable[None]]], None]:
    def run(work: Callable[[Engine], Awaitable[None]]) -> None:
        async def whole() -> None:
            await asyncio.wait_for(work(Engine(tmp_path)), 60)

        asyncio.run(whole())

    return run


Play = Callable[[Callable[[Engine], Awaitable[None]]], None]


def test_a_save_that_is_interrupted_leaves_nothing(play: Play) -> None:
    async def work(engine: Engine) -> None:
        assert await engine.put_away()
        engine.is_slow = True
        engine.began.clear()
        saving = asyncio.create_task(engine.put_away(2 * LARGE))
        await engine.began.wait()
        saving.cancel()
        await asyncio.wait([saving])
        assert engine.found == {".state", ".json"}, "what was whole before stays"
        engine.write()
        await engine.states.tidy()
        assert engine.found == {".state", ".json"}, "also of what the engine wrote after that"

    play(work)


def test_a_large_state_is_written_again_where_much_came_or_it_is_not_there(play: Play) -> None:
    async def work(engine: Engine) -> None:
        assert await engine.put_away()
        assert not await engine.put_away(LARGE + 1000), "little came"
        assert await engine.put_away(LARGE * 2)
        engine.files.erase([ONE])
        assert await engine.put_away(LARGE * 2), "it was erased"
        assert await engine.put_away(LARGE * 2, model=1), "another model has made its own of it"
        assert await engine.put_away(LARGE * 2), "and the first again"
        assert await engine.put_away(1000, model=1)
        assert await engine.put_away(LARGE * 2), "a small one has taken its place"
        assert await engine.put_away(LARGE * 2, OTHER)
        assert len(engine.writes) == 8

    play(work)
