"""The context length and the number of threads that the engine takes on this computer.

Rules on plain values; no I/O.
"""

from __future__ import annotations

from desktop.core.context.window import step_for, steps
from desktop.core.model import CacheShape
from desktop.core.models.gguf import GgufHeader

# Enough for a long document and its discussion: taken wherever its cache fits.
USUAL_CONTEXT = 8192
# More is taken where memory is plentiful, up to this; beyond, where somebody has a use for it.
_LARGEST_UNASKED = 32_768
_SHARE_UNASKED = 0.25  # of the memory that is free beside the weights
_SMALLEST_CONTEXT = 2048
_LEFT_FOR_OTHERS = 1 << 30  # bytes that the rest of the computer keeps


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


def threads_for(physical: int | None, logical: int | None) -> int:
    """Return the number of computing threads: one a physical core.

    A second one on the same core slows matrix products down.
    """
    return max(1, physical or logical or 1)
