"""The window of a model: how many tokens it holds now, and who says so; and the length at which its answers end.

The one owner of that number; whoever compares a text with what a model can read asks here. Rules on what the servers
told and on what was asked of them; they ask nobody. Left alone, a very small model may talk on until its window is
full. A server is told the limit where nothing but an answer can come; in any other reply the generation counts what is
certain to be answer, so that thinking never uses up the answer's room.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.errors import BackendError, ContextTooLong
from desktop.core.model import CacheShape, Measures, ModelInfo
from desktop.core.place import Place
from desktop.core.request import ChatRequest

_LEFT_FOR_OTHERS = 1 << 30  # bytes that the rest of the computer keeps
# The cache where nothing is told: that of a model of eight billion parameters.
_USUAL_CACHE = CacheShape(147_456)
# What is taken without asking: a quarter of the memory that is free, and no load that one would wait for.
_UNASKED_SHARE = 0.25
_LONGEST_UNASKED_LOAD = 10.0  # seconds
_LARGEST_UNTOLD = 32_768  # tokens, of a model whose length nobody tells

# Room for the answer once the server has counted exactly, in tokens; less in a window that cannot grow.
_ROOM_AFTER_COUNT = 1_024

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


def window_of(model: ModelInfo | None, asked: int | None = None) -> Window:
    """Return how much a model holds now. `asked`: what is asked for with each request, where a server can be asked."""
    if model is None:
        return Window()
    sizes = {
        WindowSource.LOADED: model.loaded_context,
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


@dataclass(frozen=True, slots=True)
class WindowRange:
    """Windows that the server of a model can be asked for.

    `loaded` is the present one, None where it is not known or nothing is loaded. `asked`: the one that was asked for
    last. `unasked`: the largest that is taken without the user's word; `most`: the largest that there is memory for.
    """

    loaded: int | None
    asked: int | None
    unasked: int
    most: int

    def window_for(self, tokens: float) -> int | None:
        """Return the window to ask for so that it holds so many tokens; None to leave it to the server.

        Never a smaller one than it holds or was asked for before: that would only have it load the model again.
        """
        if self.asked is None and tokens <= (self.loaded or SMALLEST_STEP):
            return None
        wanted = max(step_for(round(tokens), self.unasked), min(self.asked or 0, self.most))
        return max(wanted, self.loaded or 0)


def window_in_reach(window: Window, windows: WindowRange | None, tokens: float) -> Window:
    """Return what a model will hold when it is sent so many tokens: as now, or what is asked for with them.

    `windows` is None for a server that cannot be asked.
    """
    if windows is None:
        return window
    asked = windows.window_for(tokens)
    if asked is not None:
        return window if asked == window.tokens else Window(asked, WindowSource.ASKED)
    if window.source is WindowSource.LOADED:
        return window
    return Window(min(SMALLEST_STEP, windows.most), WindowSource.ASKED)  # every server holds so much


def window_range(model: ModelInfo, measures: Measures, free_memory: int | None) -> WindowRange:
    """Return the windows that a model's server can be asked for; `free_memory` in bytes, None where it is not known."""
    loaded = model.loaded_context
    trained = model.context_length or model.served_context or max(_LARGEST_UNTOLD, loaded or 0)
    most = _affordable(model, trained, free_memory, 1.0)
    unasked = _affordable(model, trained, free_memory, _UNASKED_SHARE)
    if loaded is not None and (measures.load_seconds or 0.0) > _LONGEST_UNASKED_LOAD:
        unasked = loaded
    return WindowRange(loaded, measures.window, unasked, max(most, unasked))


def _affordable(model: ModelInfo, trained: int, free_memory: int | None, share: float) -> int:
    """Return the largest window that takes no more than this share of the free memory, at least the smallest step.

    A model that stands in memory has its weights and its present window there already.
    """
    loaded = model.loaded_context or 0
    least = min(trained, max(SMALLEST_STEP, loaded))
    if free_memory is None:
        return max(least, trained if share == 1.0 else min(trained, _LARGEST_UNTOLD))
    room = free_memory - _LEFT_FOR_OTHERS - (0 if loaded else model.size_on_disk or 0)
    cache = model.cache or _USUAL_CACHE
    most = cache.bytes_for(loaded) + max(0, room) * share
    return max([least, *(step for step in steps(trained) if cache.bytes_for(step) <= most)])


def larger_window(error: BackendError, most: int | None) -> int | None:
    """Return the window that holds a request which was counted and found too long; None where that is of no use.

    `most`: the largest that may be asked for.
    """
    if not isinstance(error, ContextTooLong) or error.needed is None or error.available is None:
        return None
    step = step_for(error.needed + _ROOM_AFTER_COUNT, most or 0)
    return step if step > max(error.needed, error.available) else None


# Parameters. The smallest class of models; a "1B", of which Gemma's has 999,885,952, belongs to the next.
_VERY_SMALL = 950_000_000
# Tokens: about a page. Of 35 answers of the starter model to office questions, the longest that was of any use had 280;
# a letter of one page has about 450. At the 15 tokens a second of a busy laptop it is half a minute.
ANSWER_TOKENS = 500


def answer_limit(model: ModelInfo | None, place: Place) -> int | None:
    """Return the tokens at which answers of a model end; None where it is large enough, or not on this computer.

    Only a known number of parameters counts: the size of a file may be that of its first piece.
    """
    if model is None or not place.is_local or model.parameters is None or model.parameters >= _VERY_SMALL:
        return None
    return ANSWER_TOKENS


def limit_to_send(request: ChatRequest, limit: int | None) -> int | None:
    """Return the `max_tokens` for a request that may have none of its own."""
    return request.params.max_tokens or (limit if request.cannot_reason else None)


@dataclass(frozen=True, slots=True)
class AnswerLimit:
    """Limit in force for one request: `is_sent`, and so kept by the server, or else to be kept by the generation.

    `is_for_answer`: any text is answer. Otherwise a text without thinking before it may yet turn out to be thinking.
    """

    tokens: int
    is_sent: bool
    is_for_answer: bool

    def is_reached(self, answer_tokens: float, *, has_thought: bool) -> bool:
        """Return True if the generation is to end the reply, whose request has brought so many tokens of answer."""
        return not self.is_sent and answer_tokens >= self.tokens and (has_thought or self.is_for_answer)

    def was_reached(self, completion_tokens: int | None) -> bool:
        """Return True if it was this limit that a server ended a reply at, and not the end of its context."""
        return self.is_sent and (completion_tokens is None or completion_tokens >= self.tokens)


def limit_in_force(request: ChatRequest, limit: int | None) -> AnswerLimit | None:
    """Return the limit for the reply to a request; None where there is none, or where another one was asked for."""
    asked = request.params.max_tokens
    if limit is None or asked not in (None, limit):
        return None
    return AnswerLimit(limit, asked is not None, request.is_for_answer)
