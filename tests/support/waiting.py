"""Waiting for something outside of this process, which sends no signal when it happens."""

from __future__ import annotations

import asyncio
import time

PATIENCE = 60.0  # seconds: a computer that does much else besides is slow, not broken
_LOOK_AGAIN = 0.01  # seconds


def wait_until(condition, seconds=PATIENCE):
    """Look until `condition` holds; returns the seconds that took. Fails after `seconds`."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not come about in time"
        time.sleep(_LOOK_AGAIN)
    return time.monotonic() - began


async def until(condition, seconds=PATIENCE):
    """The same on an asyncio loop."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not come about in time"
        await asyncio.sleep(_LOOK_AGAIN)
