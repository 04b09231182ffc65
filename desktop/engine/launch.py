"""The start of the engine's process on each system: its command line and its environment."""

from __future__ import annotations

from desktop.core.engine import ENGINE_SWITCH
from desktop.core.processes import child
from desktop.engine.patience import usual_looks

_PASSED_PREFIXES = ("GGML_", "CUDA_", "HIP_", "ROCR_", "VK_", "OMP_", "GOMP_")  # choices of graphics card and threads


def command() -> list[str]:
    """Return the command line of the engine's process."""
    return child.command(ENGINE_SWITCH, "desktop.engine")


def environment() -> dict[str, str]:
    """Return the environment of the engine's process."""
    passed = child.environment(_PASSED_PREFIXES)
    passed.setdefault("GOMP_SPINCOUNT", str(usual_looks()))
    return passed
