"""The processor, as far as the built-in engine needs to know it before it loads anything.

llama.cpp is built for processors with AVX2; an older one ends the process at the first token, with no word on why.
"""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from desktop.core.text.late_regex import late_regex

_X86 = frozenset({"x86_64", "amd64", "i686", "i386"})
_WINDOWS_FEATURE = 40  # PF_AVX2_INSTRUCTIONS_AVAILABLE, <winnt.h>
_CPUINFO = Path("/proc/cpuinfo")
_FLAGS = late_regex(r"^flags\s*:(.*)$", re.MULTILINE)
_LEAF_7, _EBX, _AVX2 = 1, 1, 1 << 5  # <sys/platform/x86.h>: the leaf's number, and the bit in what the system allows


@cache
def has_avx2() -> bool | None:
    """Return False if this processor lacks what the engine is built for; None where it is of a family without that."""
    return lookup(platform.machine(), sys.platform)


def lookup(machine: str, system: str, cpuinfo: Path = _CPUINFO) -> bool | None:
    """Return `has_avx2` of a computer; None also where it cannot be found out, since most have it."""
    if machine.lower() not in _X86:
        return None
    ways: dict[str, Callable[[], bool | None]] = {"win32": _told_by_windows, "darwin": _told_by_macos}
    try:
        if system in ways:
            return ways[system]()
        # The list of flags is that of the computer; glibc asks the processor itself, also one that is imitated.
        told = _told_by_glibc() if cpuinfo is _CPUINFO else None
        return told if told is not None else _told_by_kernel(cpuinfo)
    except (OSError, AttributeError, ValueError):
        return None


def _told_by_kernel(cpuinfo: Path) -> bool | None:
    flags = _FLAGS.search(cpuinfo.read_text(encoding="utf-8", errors="replace"))
    return "avx2" in flags[1].split() if flags else None


def _told_by_glibc() -> bool | None:
    import ctypes

    ask = getattr(ctypes.CDLL(None), "__x86_get_cpuid_feature_leaf", None)  # since 2.33
    if ask is None:
        return None
    ask.argtypes, ask.restype = [ctypes.c_uint], ctypes.POINTER(ctypes.c_uint32 * 8)
    leaf = ask(_LEAF_7)
    return bool(leaf.contents[4 + _EBX] & _AVX2) if leaf else None


def _told_by_windows() -> bool | None:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - it is there on Windows alone
    return bool(kernel.IsProcessorFeaturePresent(_WINDOWS_FEATURE))


def _told_by_macos() -> bool | None:
    from desktop.engine.graphics import sysctl

    told = sysctl("hw.optional.avx2_0")
    return None if not told else told == "1"
