"""An Ollama tried with what Candor does with one: from listing and answering to pulling, importing and deleting.

Models that it makes there are called `candor-try…`, and deleted in the end.
"""

from __future__ import annotations

from desktop.backends.ollama import OllamaBackend
from desktop.backends.ollama_keeping import OllamaKeeper
from desktop.core.errors import ModelMissing
from desktop.core.models.keeping import KeepingPhase
from tests.conformance import conformance
from tests.conformance.conformance import Outcome, Unexpected, tried

MADE = "candor-try:latest"


async def try_ollama(address, model_file, pulled):
    """Try the server at an address with a model file; `pulled` is the name of a model that it can fetch."""
    backend, keeper = OllamaBackend(address), OllamaKeeper(address)

    async def names():
        return [each.name for each in await backend.list_models()]

    async def listed():
        return f"{len(await names())} models"

    async def imported():
        last = [each async for each in keeper.import_file(MADE, model_file)][-1]
        if last.phase is not KeepingPhase.DONE or MADE not in await names():
            raise Unexpected(f"{last.phase}, and not listed")
        return f"{model_file.stat().st_size} bytes"

    async def described():
        info = await backend.describe(MADE)
        return f"context {info.context_length}, family {info.family or 'not told'}"

    async def fetched():
        seen = [each async for each in keeper.pull(pulled)]
        return f"{len(seen)} steps, {seen[-1].done} bytes"

    async def fetch_unknown():
        unknown = f"{pulled.rpartition('/')[0]}/candor-try-nothing".lstrip("/")
        _ = [each async for each in keeper.pull(unknown)]

    async def unloaded():
        await keeper.unload(MADE)
        return "done"

    async def deleted():
        gone = [name for name in await names() if "candor-try" in name]
        for name in gone:
            await keeper.delete(name)
        if any("candor-try" in name for name in await names()):
            raise Unexpected("still listed")
        return f"{len(gone)} deleted"

    try:
        return [
            Outcome("version", True, await keeper.version() or "not told", 0.0),
            await tried("list", listed),
            await tried("import a file", imported),
            await tried("the same again", imported),
            await tried("describe", described),
            await tried("stream", lambda: conformance.streams(backend, MADE)),
            await tried("a file, and a second question", lambda: conformance.reads_once(backend, MADE)),
            await tried("limits", lambda: conformance.keeps_limits(backend, MADE)),
            await tried("asked to think", lambda: conformance.thinking_is_asked_for(backend, MADE)),
            await tried("stop", lambda: conformance.is_stopped(backend, MADE)),
            await tried("continue", lambda: conformance.goes_on(backend, MADE)),
            await tried("answer now", lambda: conformance.answers_now(backend, MADE)),
            await tried("two at once", lambda: conformance.two_at_once(backend, MADE)),
            await tried("too long", lambda: conformance.too_long_is_refused(backend, MADE)),
            await tried("pull", fetched),
            await tried("pull an unknown name", lambda: conformance.is_refused(fetch_unknown, "unknown_name")),
            await tried("unload", unloaded),
            await tried("delete", deleted),
            await tried(
                "delete once more", lambda: conformance.is_refused(lambda: keeper.delete(MADE), ModelMissing.kind)
            ),
        ]
    finally:
        await keeper.aclose()
        await backend.aclose()
