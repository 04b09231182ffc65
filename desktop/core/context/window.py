"""The window of a model: how many tokens it holds now, and who says so.

The one owner of that number; whoever compares a text with what a model can read asks here. A rule on what the servers
told and on what was asked of them; asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.model import ModelInfo

# Ollama's own where there is little graphics memory, and the smallest that is worth asking for.
SMALLEST_STEP = 4_096


class WindowSource(StrEnum):
    """Source of a window's size, the most trustworthy first."""

    LOADED = "loaded"  # told by the server that has the model in memory
    ASKED = "asked"  # the size that Candor asks its server for with each request
    SERVED = "served"  # the limit that a server has for this model, loaded or not
    TRAINED = "trained"  # the model's own length alone: its server may hold far less
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens that a model holds at once: all that it is sent, what it thinks, and its answer. None: not known."""

    tokens: int | None = None
    source: WindowSource = WindowSource.UNKNOWN


def window_of(model: ModelInfo | None, loaded: int | None = None, asked: int | None = None) -> Window:
    """Return how much a model holds now.

    `loaded`: what its server last told, newer than the model's description. `asked`: what is asked for with each
    request, where a server can be asked.
    """
    if model is None:
        return Window()
    sizes = {
        WindowSource.LOADED: loaded or model.loaded_context,
        WindowSource.ASKED: asked,
        WindowSource.SERVED: model.served_context,
        WindowSource.TRAINED: model.context_length,
    }
    return next((Window(tokens, source) for source, tokens in sizes.items() if tokens), Window())


def steps(most: int) -> Iterator[int]:
    """Yield the windows worth asking for, the smallest first, up to `most`, which is the last of them.

    Few, so that a conversation that grows has its model loaded again a few times and not with every message.
    """
    step = SMALLEST_STEP
    while step < most:
        yield step
        step *= 2
    yield most


def step_for(tokens: int, most: int) -> int:
    """Return the smallest window that holds so many tokens; `most` where none does."""
    return next((step for step in steps(most) if step >= tokens), most)
