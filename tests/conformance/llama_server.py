"""A llama-server tried with what Candor does with one: that of the engine's package, with the starter model."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager

from desktop.engine.process import EngineProcess
from tests.conformance.conformance import Subject, clients


def llama_server(model_file):
    """Return what starts the server of the engine's package."""

    @asynccontextmanager
    async def start():
        import xllamacpp

        engine = EngineProcess(context_length=2_048)

        async def end(by):
            if engine.pid is not None:
                os.kill(engine.pid, by)

        try:
            address = await engine.ensure(model_file)
            async with clients(address.base_url, address.key, "llama-server") as (backend, stranger):
                yield Subject(
                    version=f"xllamacpp {xllamacpp.__version__}", url=address.base_url, key=address.key,
                    model=str(model_file), backend=backend, stranger=stranger, end=end,
                    looks_at_names=False,
                )  # fmt: skip
        finally:
            await engine.aclose()

    return start
