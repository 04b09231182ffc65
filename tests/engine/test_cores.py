"""The cores that computing threads are worth, of computers that this one is not."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from desktop.engine import cores


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n")


def test_the_cores_that_save_power_do_not_count(tmp_path: Path) -> None:
    assert cores.quick_cores("linux", tmp_path) is None
    siblings = {0: "0-1", 1: "0-1", 2: "2-3", 3: "2-3", 8: "8", 9: "9"}
    intel = {f"system/cpu/cpu{at}/topology/thread_siblings_list": each for at, each in siblings.items()}
    write(tmp_path / "intel", {"cpu_core/cpus": "0-3", "cpu_atom/cpus": "8-9", **intel})
    assert cores.quick_cores("linux", tmp_path / "intel") == 2
    capacities = (1024, 1024, 870, 870, 400, 400, 400, 400)
    write(tmp_path / "arm", {f"system/cpu/cpu{at}/cpu_capacity": str(each) for at, each in enumerate(capacities)})
    assert cores.quick_cores("linux", tmp_path / "arm") == 4
    write(tmp_path / "odd", {"cpu_core/cpus": "none"})
    assert cores.quick_cores("linux", tmp_path / "odd") is None
    assert cores.quick_cores("win32", tmp_path / "intel") is None


@pytest.mark.parametrize(
    ("physical", "logical", "allowed", "expected"), [(2, 2, 2, 2), (4, 8, 8, 4), (8, 8, 3, 3), (None, 8, 8, 8)]
)
def test_no_more_than_this_process_may_use(
    physical: int | None, logical: int, allowed: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: logical_count if logical else physical)
    logical_count = logical
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(allowed)), raising=False)
    monkeypatch.setattr(cores, "quick_cores", lambda system: None)
    assert cores.computing_cores() == expected
