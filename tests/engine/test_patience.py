"""Idle threads, which have the engine's computing threads wait with less patience while other programs need a core."""

from __future__ import annotations

import subprocess
import sys

from tests.support.missing import on_linux

_PLAY = """
import os, time
from desktop.engine.patience import Throttle
try:
    Throttle()
except OSError:
    print("not loaded")
import xllamacpp
throttle = Throttle()
before = len(os.listdir("/proc/self/task"))
more = len(os.sched_getaffinity(0)) + 1
for taken, expected in ((0.1, 0), (0.3, 0), (1.0, more), (0.9, more), (0.3, more), (0.1, 0), (2.0, more)):
    throttle.follow(taken)
    while len(os.listdir("/proc/self/task")) != before + expected:
        time.sleep(0.005)
    print(taken)
"""


@on_linux
def test_idle_threads_are_there_while_others_take_a_core() -> None:
    done = subprocess.run([sys.executable, "-c", _PLAY], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["not loaded", "0.1", "0.3", "1.0", "0.9", "0.3", "0.1", "2.0"]
