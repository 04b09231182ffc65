"""The memory that the engine takes: forecast, compared with the process itself, and too much before anything loads."""

from __future__ import annotations

import io
import sys

import psutil
import pytest

from desktop.core.errors import EngineFailed
from desktop.core.models.gguf import GgufHeader, parse_header
from desktop.engine.model_file import read_header
from desktop.engine.process import EngineProcess
from desktop.engine.sizing import check_memory, memory_for
from desktop.runtime.threads.loop_thread import LoopThread
from desktop.store.paths import starter_model
from tests.engine.test_sizing import eight_billion
from tests.support.gguf_file import gguf_bytes
from tests.support.waiting import PATIENCE

GIB = 1 << 30


@pytest.mark.engine
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pages of a mapped file are counted otherwise")
@pytest.mark.parametrize("window", [2_048, 4_096, 8_192])
def test_the_forecast_is_within_a_tenth_of_what_the_process_takes(loop: LoopThread, window: int) -> None:
    model = starter_model()
    assert model is not None
    header, size = read_header(model)
    forecast = memory_for(header, size, window)
    engine = EngineProcess(context_length=window, threads=1)
    loop.submit(engine.ensure(model)).result(PATIENCE)
    try:
        taken = psutil.Process(engine.pid).memory_info().rss
    finally:
        loop.submit(engine.aclose()).result(PATIENCE)
    assert forecast == pytest.approx(taken, rel=0.1)


def test_what_all_the_memory_does_not_hold_is_refused_before_it_is_loaded() -> None:
    header = eight_billion(40_960)
    check_memory(header, 5 * GIB, 8_192, 8 * GIB)
    with pytest.raises(EngineFailed) as raised:
        check_memory(header, 5 * GIB, 8_192, 6 * GIB)
    assert raised.value.reason == "out_of_memory"


def test_of_an_unknown_shape_the_weights_alone_count() -> None:
    content = gguf_bytes()
    header: GgufHeader = parse_header(io.BytesIO(content), len(content))
    assert memory_for(header, 5 * GIB, 8_192) is None
    check_memory(header, 5 * GIB, 8_192, 6 * GIB)
    with pytest.raises(EngineFailed):
        check_memory(header, 7 * GIB, 8_192, 6 * GIB)
