"""A look at this computer: memory, processor and cores, graphics cards.

Asks the programs and files of the system, with time limits; may take seconds, so not on the window's thread. What does
not answer counts as not there. What follows for models is `core.models.fit`'s business.
"""

from __future__ import annotations

import ctypes
import os
import platform
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import psutil

from desktop.core.models.fit import CardKind, Computer, GraphicsCard
from desktop.core.processes import process_options
from desktop.core.resources import resource_path

_CPUINFO = Path("/proc/cpuinfo")
_DEVICES = Path("/sys/devices")
_DRM = Path("/sys/class/drm")
_X86 = frozenset({"x86_64", "amd64", "i686", "i386"})
_WINDOWS_FEATURE = 40  # PF_AVX2_INSTRUCTIONS_AVAILABLE, <winnt.h>
_QUICK = 0.6  # of the quickest core's capacity: of two kinds of quick cores both count
_SECONDS = 4.0
_MIB = 1 << 20
_AMD = "0x1002"
# An integrated part has a piece of main memory cut off for it, mostly half a gigabyte, and is left out by Ollama.
_LEAST_OWN_MEMORY = 3 << 30
_CLASS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"  # display adapters


def look_at_computer() -> Computer:
    """Return what this computer has, and how much of it is free now."""
    memory = psutil.virtual_memory()
    return Computer(
        memory=memory.total,
        free=memory.available,
        # Not `platform.processor`, which starts a program to be told of one.
        processor=platform.machine(),
        cores=psutil.cpu_count(logical=False),
        has_avx2=has_avx2(),
        cards=graphics_cards(),
    )


@cache
def has_avx2() -> bool | None:
    """Return False if this processor lacks what the engine is built for; None where it is of a family without that.

    llama.cpp is built for processors with AVX2; an older one ends the process at the first token, with no word on why.
    """
    return avx2_of(platform.machine(), sys.platform)


def avx2_of(machine: str, system: str, cpuinfo: Path = _CPUINFO) -> bool | None:
    """Return `has_avx2` of a computer; None also where it cannot be found out, since most have it."""
    if machine.lower() not in _X86:
        return None
    if system == "darwin":
        told = sysctl("hw.optional.avx2_0")
        return told == "1" if told else None
    try:
        if system == "win32":
            kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - it is there on Windows alone
            return bool(kernel.IsProcessorFeaturePresent(_WINDOWS_FEATURE))
        flags = re.search(r"(?m)^flags\s*:(.*)$", cpuinfo.read_text(encoding="utf-8", errors="replace"))
        return "avx2" in flags[1].split() if flags else None
    except (OSError, AttributeError):
        return None


def computing_cores() -> int:
    """Return the number of physical cores of the quick kind that this process may use.

    A matrix product is as slow as its slowest thread: a second one on the same core, or one on a core made to save
    power, holds up the others.
    """
    logical = psutil.cpu_count() or 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else logical
    counts = (psutil.cpu_count(logical=False), quick_cores(sys.platform), allowed)
    return max(1, min(each for each in counts if each))


def quick_cores(system: str, folder: Path = _DEVICES) -> int | None:
    """Return the number of cores that are not made to save power; None where all are alike, or it is not told."""
    if system == "darwin":
        told = sysctl("hw.perflevel0.physicalcpu")
        return int(told) if told.isdecimal() else None
    if system != "linux":
        return None
    try:
        told_by_intel = folder / "cpu_core" / "cpus"
        if told_by_intel.exists():
            return _physical(_numbers(told_by_intel.read_text()), folder)
        capacities = [int(file.read_text()) for file in folder.glob("system/cpu/cpu[0-9]*/cpu_capacity")]
    except (OSError, ValueError):
        return None
    return sum(each >= max(capacities) * _QUICK for each in capacities) or None if capacities else None


def is_on_battery() -> bool:
    """Return True for a laptop that is not plugged in; False where that cannot be told."""
    try:
        battery = psutil.sensors_battery()
    except (AttributeError, OSError):  # not on every system; not in every container
        return False
    return battery is not None and battery.power_plugged is False


def _physical(logical: list[int], folder: Path) -> int:
    files = (folder / "system" / "cpu" / f"cpu{each}" / "topology" / "thread_siblings_list" for each in logical)
    return len({file.read_text().strip() for file in files})


def _numbers(text: str) -> list[int]:
    """Return the numbers of a list as the kernel writes it: `0-3,8`."""
    found: list[int] = []
    for each in text.strip().split(","):
        first, _, last = each.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return found


def graphics_cards() -> tuple[GraphicsCard, ...]:
    """Return the cards that models can be run on; none where there are only integrated parts. May take seconds."""
    if sys.platform == "darwin":
        return _apple()
    fields = "--query-gpu=name,memory.total,memory.free"
    nvidia = nvidia_cards(_printed(("nvidia-smi", fields, "--format=csv,noheader,nounits")))
    others = _amd_of_windows() if sys.platform == "win32" else amd_cards(_DRM)
    return (*nvidia, *others)


def nvidia_cards(told: str) -> tuple[GraphicsCard, ...]:
    """Return the cards in what `nvidia-smi` prints: name, total and free memory in MiB, a line for each."""
    found = []
    for line in told.splitlines():
        name, *numbers = (each.strip() for each in line.rsplit(",", 2))
        if len(numbers) == 2 and numbers[0].isdigit():
            free = int(numbers[1]) * _MIB if numbers[1].isdigit() else None
            found.append(GraphicsCard(CardKind.NVIDIA, name, int(numbers[0]) * _MIB, free, data_sheet(name)))
    return tuple(found)


def amd_cards(drm: Path) -> tuple[GraphicsCard, ...]:
    """Return the cards that Linux tells of in `drm`."""
    found = []
    for device in sorted(drm.glob("card[0-9]*/device")):
        told_total, told_used = (_text(device / f"mem_info_vram_{each}") for each in ("total", "used"))
        total = int(told_total) if told_total.isdigit() else 0
        if _text(device / "vendor") != _AMD or total < _LEAST_OWN_MEMORY:
            continue
        name = _text(device / "product_name") or "AMD Radeon"
        free = max(0, total - int(told_used)) if told_used.isdigit() else None
        found.append(GraphicsCard(CardKind.AMD, name, total, free, data_sheet(name)))
    return tuple(found)


def data_sheet(name: str) -> float | None:
    """Return the bytes a second at which a card's memory is read by its data sheet; None for one that is not known."""
    words = set(re.findall(r"[a-z0-9]+", name.lower()))
    known = [each for each in _data_sheets() if words.issuperset(each.split())]
    return _data_sheets()[max(known, key=lambda each: len(each.split()))] * 1e9 if known else None


@cache
def _data_sheets() -> dict[str, int]:
    return tomllib.loads(resource_path("cards.toml").read_text(encoding="utf-8"))


def sysctl(name: str) -> str:
    """Return a value of macOS; empty where there is none."""
    return _printed(("/usr/sbin/sysctl", "-n", name))


def _apple() -> tuple[GraphicsCard, ...]:
    total = sysctl("hw.memsize")
    if platform.machine() != "arm64" or not total.isdigit():
        return ()
    name = sysctl("machdep.cpu.brand_string")
    return (GraphicsCard(CardKind.APPLE, name, int(total), None, data_sheet(name)),)


def _amd_of_windows() -> tuple[GraphicsCard, ...]:
    """Return the cards of AMD in the registry, which tells their memory, but not how much of it is free."""
    if sys.platform != "win32":
        return ()
    import winreg

    found = []
    for at in range(16):
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, rf"{_CLASS}\{at:04}") as key:
                name = str(winreg.QueryValueEx(key, "DriverDesc")[0])
                total = int(winreg.QueryValueEx(key, "HardwareInformation.qwMemorySize")[0])
        except (OSError, ValueError, TypeError):
            continue
        if ("radeon" in name.lower() or "amd" in name.lower()) and total >= _LEAST_OWN_MEMORY:
            found.append(GraphicsCard(CardKind.AMD, name, total, None, data_sheet(name)))
    return tuple(found)


def _printed(command: Sequence[str]) -> str:
    """Return what a program prints; empty where it is not there, fails, or takes too long."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=True, **process_options()
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    printed: bytes = done.stdout
    return printed.decode("utf-8", errors="replace").strip()


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
