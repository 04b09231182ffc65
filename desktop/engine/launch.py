"""The start of the engine's process on each system: its command line and its environment."""

from __future__ import annotations

from desktop.core.engine import ENGINE_SWITCH
from desktop.core.processes import child

_PASSED_PREFIXES = ("GGML_", "CUDA_", "HIP_", "ROCR_", "VK_", "OMP_", "GOMP_")  # choices of graphics card and threads
# How often a computing thread looks for the others before it sleeps. The usual 300,000 looks burn a core as soon as
# another program (our own window, too) takes one away: measured on two cores, one of them busy, 5 tokens a second
# against 40; with both free it is 80 against 50 (starter model; a larger one works longer between two looks).
_SPIN_COUNT = "100"


def command() -> list[str]:
    """Return the command line of the engine's process."""
    return child.command(ENGINE_SWITCH, "desktop.engine")


def environment() -> dict[str, str]:
    """Return the environment of the engine's process."""
    passed = child.environment(_PASSED_PREFIXES)
    passed.setdefault("GOMP_SPINCOUNT", _SPIN_COUNT)
    return passed
