"""The window that Ollama is asked for: what is learnt from its refusals, and what it tells in the end.

Pure but for what is remembered of each model. The window that a request begins with is chosen by who makes the request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from desktop.backends.ollama_models import count_of
from desktop.core.context.window import SMALLEST_STEP, larger_window
from desktop.core.errors import BackendError
from desktop.core.events import Measured
from desktop.core.model import ENOUGH_WRITTEN
from desktop.core.request import ChatRequest

_NANOSECONDS = 1e9
_ENOUGH_READ = 64  # tokens; fewer tell nothing of the speed


class WindowLessons:
    """The windows of one server's models, as far as its refusals tell."""

    def __init__(self) -> None:
        self._most: dict[str, int] = {}  # beyond which a model does not fit into the server's memory

    def options_after(self, error: BackendError, way: ChatRequest, options: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the options for asking once more with another window; None where that is of no use.

        A request that was counted and found too long is asked with the step that holds it, if the user's memory allows
        that. One for which the server had no memory, with half of it.
        """
        asked = count_of(options.get("num_ctx"))
        if error.reason == "out_of_memory" and asked is not None and asked > SMALLEST_STEP:
            self._most[way.model] = asked // 2
            return {**options, "num_ctx": asked // 2}
        if asked is not None and error.available is not None and error.available < asked:
            return None  # the server cuts what it is asked for, and says so only here
        most = way.params.largest_context or 0
        window = larger_window(error, min(most, self._most.get(way.model, most)))
        return {**options, "num_ctx": window} if window is not None else None


def measured(end: Mapping[str, Any]) -> Measured:
    """Return what the last line of a reply tells of the model's speed.

    That of reading only where all was read, since the tokens of the whole prompt are counted, read before or not.
    """
    load, read = count_of(end.get("load_duration")), count_of(end.get("prompt_eval_duration"))
    tokens = count_of(end.get("prompt_eval_count"))
    write, written = count_of(end.get("eval_duration")), count_of(end.get("eval_count"))
    is_enough = written is not None and written >= ENOUGH_WRITTEN
    told = Measured(
        load_seconds=load / _NANOSECONDS if load is not None else None,
        read_seconds=read / _NANOSECONDS if read is not None else None,
    )
    is_whole = told.has_loaded and tokens is not None and tokens >= _ENOUGH_READ
    return replace(
        told,
        read_per_second=tokens * _NANOSECONDS / read if tokens and read and is_whole else None,
        written_per_second=written * _NANOSECONDS / write if written and write and is_enough else None,
    )
