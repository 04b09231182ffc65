"""This computer, and others, as models see them: memory, cards, cores, a processor that the engine cannot run on."""

from __future__ import annotations

import asyncio
import os

import psutil
import pytest

from desktop.core.errors import EngineFailed
from desktop.core.models.fit import CardKind
from desktop.engine import hardware
from desktop.engine.hardware import amd_cards, avx2_of, data_sheet, look_at_computer, nvidia_cards
from desktop.engine.process import EngineProcess

GIB = 1 << 30
SKYLAKE = "processor\t: 0\nflags\t\t: fpu sse4_2 avx avx2 fma\nprocessor\t: 1\nflags\t\t: fpu avx2\n"
NEHALEM = "processor\t: 0\nmodel name\t: Intel(R) Xeon(R) E5520\nflags\t\t: fpu sse sse2 ssse3 sse4_1 sse4_2 popcnt\n"
ARM = "processor\t: 0\nFeatures\t: fp asimd evtstrm\n"


@pytest.mark.parametrize(
    ("cpuinfo", "machine", "has"),
    [
        (SKYLAKE, "x86_64", True),
        (NEHALEM, "x86_64", False),
        (NEHALEM.replace("popcnt", "avx2x"), "x86_64", False),
        (ARM, "aarch64", None),
        ("", "AMD64", None),
    ],
)
def test_what_the_processor_has(tmp_path, cpuinfo, machine, has):
    (tmp_path / "cpuinfo").write_text(cpuinfo)
    assert avx2_of(machine, "linux", tmp_path / "cpuinfo") is has
    assert avx2_of(machine, "linux", tmp_path / "nothing") is None, "it is not held against it"


def test_an_old_processor_is_told_of_before_anything_is_loaded(monkeypatch, tmp_path):
    monkeypatch.setattr("desktop.engine.process.has_avx2", lambda: False)
    monkeypatch.setattr("desktop.engine.process.command", lambda: pytest.fail("a process was started"))

    async def load():
        await EngineProcess().ensure(tmp_path / "model.gguf")

    with pytest.raises(EngineFailed) as raised:
        asyncio.run(load())
    assert raised.value.reason == "processor"


def test_cards_of_nvidia():
    told = "NVIDIA GeForce RTX 4060 Laptop GPU, 8188, 7701\nTesla, with a comma, 16384, [N/A]\nno devices were found\n"
    laptop, other = nvidia_cards(told)
    assert (laptop.name, laptop.total, laptop.free) == ("NVIDIA GeForce RTX 4060 Laptop GPU", 8188 << 20, 7701 << 20)
    assert (laptop.kind, laptop.data_sheet) == (CardKind.NVIDIA, 256e9)
    assert (other.name, other.free, other.data_sheet) == ("Tesla, with a comma", None, None)


def test_cards_of_amd_and_no_integrated_part(tmp_path):
    for at, (vendor, total, used, name) in enumerate(
        [
            ("0x1002", 20 * GIB, 2 * GIB, "AMD Radeon RX 7900 XT"),
            ("0x1002", GIB // 2, 1, ""),
            ("0x8086", 8 * GIB, 1, ""),
        ]
    ):
        device = tmp_path / f"card{at}" / "device"
        device.mkdir(parents=True)
        (device / "vendor").write_text(vendor + "\n")
        (device / "mem_info_vram_total").write_text(f"{total}\n")
        (device / "mem_info_vram_used").write_text(f"{used}\n")
        (device / "product_name").write_text(name)
    (tmp_path / "card9").mkdir()
    (card,) = amd_cards(tmp_path)
    assert (card.kind, card.total, card.free, card.data_sheet) == (CardKind.AMD, 20 * GIB, 18 * GIB, 800e9)
    assert amd_cards(tmp_path / "nothing") == ()


@pytest.mark.parametrize(
    ("name", "speed"),
    [
        ("NVIDIA GeForce RTX 4090 Laptop GPU", 576e9),
        ("Apple M4 Pro", 273e9),
        ("Apple M5 Max", 614e9),
        ("Some card of 2031", None),
    ],
)
def test_a_card_by_its_data_sheet(name, speed):
    assert data_sheet(name) == speed


def test_this_computer():
    computer = look_at_computer()
    assert computer.memory == psutil.virtual_memory().total
    assert 0 < (computer.free or 0) <= computer.memory
    assert computer.room_at_best is not None


def write(folder, files):
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n")


def test_the_cores_that_save_power_do_not_count(tmp_path):
    assert hardware.quick_cores("linux", tmp_path) is None
    siblings = {0: "0-1", 1: "0-1", 2: "2-3", 3: "2-3", 8: "8", 9: "9"}
    intel = {f"system/cpu/cpu{at}/topology/thread_siblings_list": each for at, each in siblings.items()}
    write(tmp_path / "intel", {"cpu_core/cpus": "0-3", "cpu_atom/cpus": "8-9", **intel})
    assert hardware.quick_cores("linux", tmp_path / "intel") == 2
    capacities = (1024, 1024, 870, 870, 400, 400, 400, 400)
    write(tmp_path / "arm", {f"system/cpu/cpu{at}/cpu_capacity": str(each) for at, each in enumerate(capacities)})
    assert hardware.quick_cores("linux", tmp_path / "arm") == 4
    write(tmp_path / "odd", {"cpu_core/cpus": "none"})
    assert hardware.quick_cores("linux", tmp_path / "odd") is None
    assert hardware.quick_cores("win32", tmp_path / "intel") is None


@pytest.mark.parametrize(("physical", "logical", "allowed", "expected"), [(4, 8, 8, 4), (8, 8, 3, 3), (None, 8, 8, 8)])
def test_no_more_than_this_process_may_use(physical, logical, allowed, expected, monkeypatch):
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: logical_count if logical else physical)
    logical_count = logical
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(allowed)), raising=False)
    monkeypatch.setattr(hardware, "quick_cores", lambda system: None)
    assert hardware.computing_cores() == expected
