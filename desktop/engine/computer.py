"""A look at this computer: memory, processor, graphics cards. Takes up to some seconds, so not on the window's thread.

What follows from it for models is `core.models.computer`'s business.
"""

from __future__ import annotations

import platform

from desktop.core.models.computer import Computer
from desktop.engine.cores import physical_cores
from desktop.engine.graphics import graphics_cards
from desktop.engine.memory import memory_now
from desktop.engine.processor import has_avx2


def look_at_computer() -> Computer:
    """Return what this computer has, and how much of it is free now."""
    memory = memory_now()
    return Computer(
        memory=memory.total,
        free=memory.available,
        # Not `platform.processor`, which starts a program to be told of one.
        processor=platform.machine(),
        cores=physical_cores(),
        has_avx2=has_avx2(),
        cards=graphics_cards(),
    )
