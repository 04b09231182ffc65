"""Idle threads, which have the engine's computing threads wait with less patience while other programs need a core."""

from __future__ import annotations

import subprocess
import sys

from tests.support.missing import on_linux

_PLAY = """
import os, time
from desktop.engine.patience import Throttle
os.sched_getaffinity = lambda process: range(8)
try:
    Throttle(8)
except OSError:
    print("not loaded")
import xllamacpp
before = len(os.listdir("/proc/self/task"))
for computing, steps in (
    (8, ((0.1, 0), (0.3, 0), (1.0, 2), (0.9, 2), (0.3, 2), (0.1, 0), (2.0, 2), (0.0, 0))),
    (6, ((0.1, 0), (1.0, 0), (2.2, 0), (2.5, 4), (2.3, 4), (2.1, 0))),  # two cores are free for others
):
    throttle = Throttle(computing)
    for taken, expected in steps:
        throttle.follow(taken)
        while len(os.listdir("/proc/self/task")) != before + expected:
            time.sleep(0.005)
        print(taken)
"""


@on_linux
def test_idle_threads_are_there_while_others_take_a_core_that_is_computed_on() -> None:
    done = subprocess.run([sys.executable, "-c", _PLAY], capture_output=True, text=True, timeout=60, check=True)
    one_core_each, two_spare = "0.1 0.3 1.0 0.9 0.3 0.1 2.0 0.0", "0.1 1.0 2.2 2.5 2.3 2.1"
    assert done.stdout.split() == ["not", "loaded", *one_core_each.split(), *two_spare.split()]
