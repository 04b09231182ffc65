"""Dividing the first import of the test modules among the processes that run them.

Each process collects all modules. Where no byte code of them lies about, as in a fresh clone, each would also write
the assertions of all of them anew, which takes more than half of the collection. So each imports its own part first,
and finds the others' parts written when it collects.
"""

from __future__ import annotations

import contextlib
import importlib


def part_of(modules, worker):
    """Return every n-th module, for a process of pytest-xdist that says which of how many it is."""
    return modules[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]


def modules_in(folder):
    """Return the names of the test modules in a folder, as they are imported."""
    found = sorted(folder.rglob("test_*.py"))
    return [".".join(file.relative_to(folder.parent).with_suffix("").parts) for file in found]


def import_part(folder, worker):
    """Import this process's part of a folder's test modules; one that cannot be is left for the collection to tell."""
    for name in part_of(modules_in(folder), worker):
        with contextlib.suppress(Exception):
            importlib.import_module(name)
