"""The graphics cards of this computer, as far as models can be run on them.

Asks the programs and files of the system, with time limits, and off the window's thread: a driver that is being set up
may take its time. What does not answer counts as not there.
"""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop.core.models.computer import CardKind, GraphicsCard
from desktop.core.processes.child import process_options

_SECONDS = 4.0
_MIB = 1 << 20
_AMD = "0x1002"
# An integrated part has a piece of main memory cut off for it, mostly half a gigabyte, and is left out by Ollama.
_LEAST_OWN_MEMORY = 3 << 30
_DRM = Path("/sys/class/drm")
_CLASS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"  # display adapters

# Gigabytes a second by data sheet. The longer name stands first.
_DATA_SHEETS: Sequence[tuple[str, int]] = (
    (r"5090", 1792), (r"5080", 960), (r"5070 ti", 896), (r"50[67]0.*laptop", 384), (r"5070", 672), (r"5060", 448),
    (r"4090.*laptop", 576), (r"4090", 1008), (r"4080.*laptop", 432), (r"4080", 717), (r"4070 ti", 504),
    (r"40[67]0.*laptop", 256), (r"4070", 504), (r"4060", 272), (r"40[35]0.*laptop", 192), (r"3090", 936),
    (r"3080", 760), (r"3070.*laptop", 384), (r"3070", 448), (r"3060.*laptop", 336), (r"3060", 360),
    (r"3050.*laptop", 192), (r"3050", 224), (r"2080", 448), (r"2070", 448), (r"2060", 336), (r"1080", 320),
    (r"1070", 256), (r"1060", 192), (r"1050 ti", 112), (r"l40s", 864), (r"a100", 2039), (r"h200", 4800),
    (r"h100", 3350), (r"7900 xtx", 960), (r"7900 xt", 800), (r"7800 xt", 624), (r"7700 xt", 432), (r"7600", 288),
    (r"m[12] ultra", 800), (r"m3 ultra", 819), (r"m[1234] max", 400), (r"m5 max", 614), (r"m[12] pro", 200),
    (r"m3 pro", 150), (r"m4 pro", 273), (r"m5 pro", 307), (r"m1$", 68), (r"m[23]$", 100), (r"m4$", 120), (r"m5$", 153),
)  # fmt: skip


def graphics_cards() -> tuple[GraphicsCard, ...]:
    """Return the cards that models can be run on; none where there are only integrated parts. May take seconds."""
    if sys.platform == "darwin":
        return _apple()
    nvidia = _nvidia()
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
        total, used = (_number(device / f"mem_info_vram_{each}") for each in ("total", "used"))
        if _text(device / "vendor") != _AMD or total is None or total < _LEAST_OWN_MEMORY:
            continue
        name = _text(device / "product_name") or "AMD Radeon"
        free = max(0, total - used) if used is not None else None
        found.append(GraphicsCard(CardKind.AMD, name, total, free, data_sheet(name)))
    return tuple(found)


def data_sheet(name: str) -> float | None:
    """Return the bytes a second at which a card's memory is read by its data sheet; None for one that is not known."""
    plain = " ".join(name.lower().split())
    found = next((speed for pattern, speed in _DATA_SHEETS if re.search(rf"(?<![a-z0-9]){pattern}", plain)), None)
    return None if found is None else found * 1e9


def sysctl(name: str) -> str:
    """Return a value of macOS; empty where there is none."""
    return _printed(("/usr/sbin/sysctl", "-n", name))


def _nvidia() -> tuple[GraphicsCard, ...]:
    fields = "--query-gpu=name,memory.total,memory.free"
    return nvidia_cards(_printed(("nvidia-smi", fields, "--format=csv,noheader,nounits")))


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


def _number(file: Path) -> int | None:
    text = _text(file)
    return int(text) if text.isdigit() else None
