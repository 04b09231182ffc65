"""The start of the engine's process on each system: its command line and its environment."""

from __future__ import annotations

from desktop.core.engine import ENGINE_SWITCH
from desktop.core.processes import child

_PASSED_PREFIXES = ("GGML_", "CUDA_", "HIP_", "ROCR_", "VK_", "OMP_", "GOMP_")  # choices of graphics card and threads
# Looks of a computing thread for the others before it sleeps; libgomp takes 300,000 by itself. Tokens a second of the
# starter model on two cores, both free and with one busy: 100 looks 92 to 109 and 82, 200 looks 145 and 69, 10,000
# looks 155 and 15 to 32.
_LOOKS = "200"


def command() -> list[str]:
    """Return the command line of the engine's process."""
    return child.command(ENGINE_SWITCH, "desktop.engine")


def environment() -> dict[str, str]:
    """Return the environment of the engine's process."""
    passed = child.environment(_PASSED_PREFIXES)
    passed.setdefault("GOMP_SPINCOUNT", _LOOKS)
    return passed
