"""One engine with the starter model for all tests of this folder: it is loaded once."""

from __future__ import annotations

import pytest

from desktop.engine.process import EngineProcess
from desktop.runtime.background import LoopThread
from desktop.store.paths import starter_model as starter_model_file
from tests.support.waiting import PATIENCE


@pytest.fixture(scope="session")
def loop():
    thread = LoopThread()
    thread.start()
    yield thread
    thread.stop()


@pytest.fixture(scope="session")
def running_engine(loop):
    """A loaded engine that no test may end."""
    model = starter_model_file()
    assert model is not None
    engine = EngineProcess(context_length=1024, threads=1)
    yield engine, loop.submit(engine.ensure(model)).result(PATIENCE), model
    loop.submit(engine.aclose()).result(PATIENCE)
