"""A llama-server tried with what Candor does with one: that of the engine's package, with the starter model."""

from __future__ import annotations

from pathlib import Path

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.engine.process import EngineProcess
from tests.conformance import steps
from tests.conformance.steps import Outcome, tried


async def try_llama_server(model_file: Path) -> list[Outcome]:
    """Start the server of the engine's package and try it."""
    import xllamacpp

    engine = EngineProcess(context_length=2_048)
    preset = load_presets()["llama-server"]
    try:
        address = await engine.ensure(model_file)
        backend = OpenAICompatBackend(address.base_url, address.key, preset)
        stranger = OpenAICompatBackend(address.base_url, "wrong", preset)

        async def listed() -> str:
            return ", ".join(Path(each.name).name for each in await backend.list_models())

        async def with_a_wrong_key() -> None:
            await steps.streams(stranger, name)

        name = str(model_file)
        try:
            return [
                Outcome("version", True, f"xllamacpp {xllamacpp.__version__}", 0.0),
                await tried("list", listed),
                await tried("stream", lambda: steps.streams(backend, name)),
                await tried("asked to think, cannot", lambda: steps.thinking_is_asked_for(backend, name)),
                await tried("stop", lambda: steps.is_stopped(backend, name)),
                await tried("two at once", lambda: steps.two_at_once(backend, name)),
                await tried("too long", lambda: steps.too_long_is_refused(backend, name)),
                await tried(
                    "wrong key", lambda: steps.is_refused(lambda: steps.streams(stranger, name), "auth_rejected")
                ),
            ]
        finally:
            await stranger.aclose()
            await backend.aclose()
    finally:
        await engine.aclose()
