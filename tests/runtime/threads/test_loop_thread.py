"""The loop's thread: what is given up on it is given up in silence."""

from __future__ import annotations

import asyncio
import gc

import anyio
import pytest

from desktop.runtime.background import LoopThread
from tests.support.waiting import PATIENCE


async def give_up_at_once(port: int) -> None:
    """Begin to connect, and cancel that with its attempts before the first of these has taken a step."""
    before = asyncio.all_tasks()
    connecting = asyncio.ensure_future(anyio.connect_tcp("127.0.0.1", port))
    await asyncio.sleep(0)
    begun = asyncio.all_tasks() - before
    assert len(begun) > 1
    for task in begun:
        task.cancel()
    await asyncio.wait([connecting])


def test_a_connection_that_is_given_up_leaves_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    thread = LoopThread()
    thread.start()
    thread.submit(give_up_at_once(9)).result(PATIENCE)
    thread.stop()
    gc.collect()
    # Others may be collected with it, of tests that were before.
    assert [str(each.message) for each in recwarn if "never awaited" in str(each.message)] == []
