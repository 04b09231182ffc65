"""Waiting for something outside of this process, which sends no signal when it happens."""

from __future__ import annotations

import asyncio
import time

import psutil

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


def is_over(process):
    """Return True for a process that has ended, also while nobody has asked for it."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def running_children():
    """Return the children of this process that run."""
    return {each for each in psutil.Process().children() if not is_over(each)}
