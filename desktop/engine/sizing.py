"""The context length and the number of threads that the engine takes on this computer.

Rules on plain values; no I/O.
"""

from __future__ import annotations

from typing import assert_never

from desktop.core.bounds import ENGINE_ROOM_BYTES
from desktop.core.engine import EngineContext, EngineNeeds, EnginePace
from desktop.core.errors import EngineFailed
from desktop.core.model import CacheShape
from desktop.core.models.file import GgufHeader
from desktop.core.models.window import step_for, steps

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
