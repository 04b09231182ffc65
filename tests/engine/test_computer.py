"""This computer as models see it: memory, cards, and a processor that the engine cannot run on."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from desktop.core.errors import EngineFailed
from desktop.core.models.computer import CardKind
from desktop.engine import processor
from desktop.engine.computer import look_at_computer
from desktop.engine.cores import physical_cores
from desktop.engine.graphics import amd_cards, data_sheet, nvidia_cards
from desktop.engine.memory import Memory, memory_now
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
        (ARM, "x86_64", None),
        ("", "AMD64", None),
    ],
)
def test_what_the_processor_has(tmp_path: Path, cpuinfo: str, machine: str, has: bool | None) -> None:
    (tmp_path / "cpuinfo").write_text(cpuinfo)
    assert processor.lookup(machine, "linux", tmp_path / "cpuinfo") is has


def test_what_cannot_be_found_out_is_not_held_against_it(tmp_path: Path) -> None:
    assert processor.lookup("x86_64", "linux", tmp_path / "nothing") is None


def test_an_old_processor_is_told_of_before_anything_is_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("desktop.engine.process.has_avx2", lambda: False)
    monkeypatch.setattr("desktop.engine.process.command", lambda: pytest.fail("a process was started"))

    async def load() -> None:
        await EngineProcess().ensure(tmp_path / "model.gguf")

    with pytest.raises(EngineFailed) as raised:
        asyncio.run(load())
    assert raised.value.reason == "processor"


@pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("qemu-x86_64") is None, reason="needs qemu-user, which imitates processors"
)
@pytest.mark.parametrize(("model", "has"), [("Nehalem", False), ("IvyBridge", False), ("Haswell", True)])
def test_an_imitated_processor_is_seen_as_what_it_is(model: str, has: bool) -> None:
    line = "from desktop.engine.processor import has_avx2; print(has_avx2())"
    qemu = shutil.which("qemu-x86_64")
    assert qemu is not None
    done = subprocess.run(
        [qemu, "-cpu", model, str(Path(sys.executable).resolve()), "-c", line],
        capture_output=True, text=True, timeout=170, check=False, env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    if "requested" in done.stderr and not done.stdout:
        pytest.skip("this processor cannot be imitated here")
    assert done.stdout.strip() == str(has), done.stderr


def test_cards_of_nvidia() -> None:
    told = "NVIDIA GeForce RTX 4060 Laptop GPU, 8188, 7701\nTesla, with a comma, 16384, [N/A]\nno devices were found\n"
    laptop, other = nvidia_cards(told)
    assert (laptop.name, laptop.total, laptop.free) == ("NVIDIA GeForce RTX 4060 Laptop GPU", 8188 << 20, 7701 << 20)
    assert (laptop.kind, laptop.data_sheet) == (CardKind.NVIDIA, 256e9)
    assert (other.name, other.free, other.data_sheet) == ("Tesla, with a comma", None, None)


def test_cards_of_amd_and_no_integrated_part(tmp_path: Path) -> None:
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
        ("NVIDIA GeForce RTX 4090", 1008e9),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", 576e9),
        ("Apple M4", 120e9),
        ("Apple M4 Pro", 273e9),
        ("Apple M5 Max", 614e9),
        ("NVIDIA GeForce GTX 1050 Ti", 112e9),
        ("Some card of 2031", None),
    ],
)
def test_a_card_by_its_data_sheet(name: str, speed: float | None) -> None:
    assert data_sheet(name) == speed


def test_this_computer() -> None:
    computer = look_at_computer()
    assert computer.memory is not None
    assert computer.free is not None
    assert 0 < computer.free <= computer.memory
    assert computer.room_at_best is not None


def test_memory_and_cores_are_as_others_tell_them(tmp_path: Path) -> None:
    told = tmp_path / "meminfo"
    told.write_text("MemTotal:       24683520 kB\nMemFree: 1 kB\nMemAvailable: 24000000 kB\n")
    assert memory_now(told) == Memory(24683520 * 1024, 24000000 * 1024)

    for nothing in (tmp_path / "nothing", tmp_path):  # another system
        assert memory_now(nothing).total == psutil.virtual_memory().total
        assert physical_cores(nothing) == psutil.cpu_count(logical=False)
    assert memory_now().total == psutil.virtual_memory().total
    siblings = {0: "0-1", 1: "0-1", 2: "2-3", 3: "2-3"}
    for at, each in siblings.items():
        file = tmp_path / f"system/cpu/cpu{at}/topology/thread_siblings_list"
        file.parent.mkdir(parents=True)
        file.write_text(f"{each}\n")
    assert physical_cores(tmp_path) == 2
