"""The context length and the number of threads that the engine takes on this computer.

Rules on plain values; no I/O.
"""

from __future__ import annotations

from desktop.core.models.gguf import GgufHeader

# Enough for a long document and its discussion; more costs memory that an office laptop does not have.
USUAL_CONTEXT = 8192
_SMALLEST_CONTEXT = 2048
_LEFT_FOR_OTHERS = 1 << 30  # bytes that the rest of the computer keeps


def context_for(header: GgufHeader, file_size: int, available_memory: int) -> int:
    """Return the tokens of context: the trained length, at most `USUAL_CONTEXT`, halved until its cache fits.

    `available_memory` in bytes. The weights count in full, although they are mapped from the file: a model whose
    weights are pushed out of memory by its own cache crawls.
    """
    context = min(header.context_length or USUAL_CONTEXT, USUAL_CONTEXT)
    per_token = header.cache_bytes_per_token or 0
    room = available_memory - file_size - _LEFT_FOR_OTHERS
    while context > _SMALLEST_CONTEXT and context * per_token > room:
        context //= 2
    return context


def threads_for(physical: int | None, logical: int | None) -> int:
    """Return the number of computing threads: one a physical core.

    A second one on the same core slows matrix products down.
    """
    return max(1, physical or logical or 1)
