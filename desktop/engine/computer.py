"""What this computer has, and the context length and the number of threads that the engine takes on it.

The look asks the programs and files of the system, with time limits; it may take seconds, so not on the window's
thread. What does not answer counts as not there. The rest are rules on plain values. What follows for models is
`core.models.fit`'s business.
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
from typing import assert_never

import psutil

from desktop.core.bounds import ENGINE_ROOM_BYTES
from desktop.core.engine import EngineContext, EngineNeeds, EnginePace
from desktop.core.errors import EngineFailed
from desktop.core.model import CacheShape
from desktop.core.models.file import GgufHeader
from desktop.core.models.fit import CardKind, Computer, GraphicsCard
from desktop.core.models.window import step_for, steps
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
# Enough for a long document and its discussion: taken wherever its cache fits.
USUAL_CONTEXT = 8192
# More is taken where memory is plentiful, up to this; beyond, where somebody has a use for it.
_LARGEST_UNASKED = 32_768
_SHARE_UNASKED = 0.25  # of the memory that is free beside the weights
_SMALLEST_CONTEXT = 2048
# What the user can wish for in words: a page and its answer, a long document, all that fits.
_PAGE, _DOCUMENT, _MOST = 2_048, 32_768, 1 << 24
_MOST_FOR_OTHERS, _LEAST_FOR_OTHERS = 1 << 30, 64 << 20
_LEFT_FOR_OTHERS = 1 << 30  # bytes that the rest of the computer keeps
_LOAD_SECONDS = 120.0
_SLOWEST_DRIVE = 5 << 20  # bytes a second: half of a network of 100 megabits
_TOO_LITTLE = 384 << 20  # bytes; with fewer, this computer is about to push programs out of memory
# Tokens of a prompt that are read in one go. Between two goes progress is told and a closed connection is noticed, so
# that a stopped question does not keep the next one waiting. A longer go is read a little quicker by a model whose
# weights take little time (of the starter model's 64, 128, 256 and 512 tokens: 0.89, 0.93, 0.94 and 1), and a large one
# gains nothing by it: so a go is what a core reads in about half a second, or the least that is worth one.
_BATCHES = (64, 128, 256, 512)
_BYTES_A_GO = 25 << 28  # of weights, that a core multiplies with tokens in that time: 64 tokens of the starter model's
# What is taken beside weights and cache: the program itself, and numbers of 32 bits for each token of a go.
_PROGRAM = 32 << 20
_WIDTHS_AT_WORK = 8
_GO_IN_MEMORY = 128  # tokens; a longer go takes no more until one is read, by what is seen
_USUAL_WIDTH, _USUAL_VOCABULARY = 4_096, 152_000


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


def context_for(header: GgufHeader, file_size: int, available_memory: int, wished: int | None = None) -> int:
    """Return the tokens of context, at most the trained length: the usual, halved until its cache fits, or more.

    More where that takes a small part of the memory, or is `wished` for and fits. `available_memory` in bytes. The
    weights count in full, although they are mapped from the file: a model whose weights are pushed out of memory by its
    own cache crawls.
    """
    trained = header.context_length or USUAL_CONTEXT
    cache = header.cache or CacheShape(0)
    room = available_memory - file_size - _LEFT_FOR_OTHERS
    context = min(trained, USUAL_CONTEXT)
    while context > _SMALLEST_CONTEXT and cache.bytes_for(context) > room:
        context //= 2
    if header.cache is not None:
        unasked = steps(min(trained, _LARGEST_UNASKED))
        context = max([context, *(step for step in unasked if cache.bytes_for(step) <= room * _SHARE_UNASKED)])
    wanted = step_for(wished or 0, trained)
    fitting = [step for step in steps(wanted) if cache.bytes_for(step) <= room]
    return max([context, *fitting]) if wished is not None else context


def batch_for(file_size: int, threads: int) -> int:
    """Return the tokens of a prompt that are read in one go with a model on a processor."""
    tokens = _BYTES_A_GO * threads // max(1, file_size)
    return max([_BATCHES[0], *(batch for batch in _BATCHES if batch <= tokens)])


def memory_for(header: GgufHeader, file_size: int, window: int) -> int | None:
    """Return the bytes that the engine's process takes with a model and a window; None where its shape is not known.

    Its weights, its cache, and what it works in: a program, and one go of a prompt for each word that there is. Within
    a tenth of what is seen, with the starter model.
    """
    cache = header.cache
    if cache is None:
        return None
    width = header.of_architecture("embedding_length") or _USUAL_WIDTH
    vocabulary = header.of_architecture("vocab_size") or _USUAL_VOCABULARY
    work = _GO_IN_MEMORY * (vocabulary + _WIDTHS_AT_WORK * width) * 4
    return file_size + cache.bytes_for(window) + _PROGRAM + work


def memory_for_others(header: GgufHeader, file_size: int, window: int, available_memory: int) -> int:
    """Return the bytes in which the engine may keep what it has read of conversations other than the one in front.

    A quarter of what is free beside the model, and at most as much as some long conversations take; nothing where that
    is little.
    """
    needed = memory_for(header, file_size, window)
    room = available_memory - (needed if needed is not None else file_size) - _LEFT_FOR_OTHERS
    share = min(int(room * _SHARE_UNASKED), _MOST_FOR_OTHERS)
    return share if share >= _LEAST_FOR_OTHERS else 0


def memory_ceiling(header: GgufHeader, file_size: int, window: int, for_others: int) -> int:
    """Return the bytes that the engine's process may take at most: no honest model comes near them."""
    needed = memory_for(header, file_size, window)
    return 2 * (needed if needed is not None else file_size) + for_others + ENGINE_ROOM_BYTES


def load_seconds(file_size: int) -> float:
    """Return the seconds that a load may take at most: as long as a slow drive needs, and some for the rest of it."""
    return _LOAD_SECONDS + file_size / _SLOWEST_DRIVE


def is_short_of_memory(available_memory: int) -> bool:
    """Return True where the rest of the computer needs what the engine keeps of other conversations."""
    return available_memory < _TOO_LITTLE


def check_memory(header: GgufHeader, file_size: int, window: int, memory: int) -> None:
    """Raise `EngineFailed` (out_of_memory) for a model that all the memory of this computer does not hold.

    It would load all the same, and read its weights from the disk again for each token.
    """
    needed = memory_for(header, file_size, window)
    if (needed if needed is not None else file_size) > memory:
        raise EngineFailed(reason="out_of_memory")


def threads_for(cores: int, pace: EnginePace = EnginePace.QUICK) -> int:
    """Return the number of computing threads: one a core, or a quarter less, so that others have some."""
    return cores if pace is EnginePace.QUICK else max(1, cores - max(1, cores // 4))


def wished_context(context: EngineContext, window: int | None) -> tuple[int | None, int | None]:
    """Return the context that is taken in any case, and the one that is taken as far as there is memory.

    `window`: the tokens that a text needs.
    """
    match context:
        case EngineContext.OWN:
            return None, window
        case EngineContext.PAGE:
            return max(_PAGE, window or 0), window
        case EngineContext.DOCUMENT:
            return None, max(_DOCUMENT, window or 0)
        case EngineContext.MOST:
            return None, max(_MOST, window or 0)
    assert_never(context)


def needs_of(header: GgufHeader, file_size: int, available_memory: int, cores: int) -> EngineNeeds:
    """Return what each wish would take with a model on this computer, as it is now; `cores` are worth a thread each."""
    contexts = {}
    for each in EngineContext:
        fixed, wished = wished_context(each, None)
        tokens = fixed or context_for(header, file_size, available_memory, wished)
        contexts[each] = (tokens, memory_for(header, file_size, tokens))
    threads = {pace: threads_for(cores, pace) for pace in EnginePace}
    usual, _ = contexts[EngineContext.OWN]
    for_others = memory_for_others(header, file_size, usual, available_memory)
    return EngineNeeds(contexts, available_memory, threads, cores, for_others)
