"""The model to begin with if the user has chosen none: a rule on what the lists say; nothing is tried out."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.core.model import ModelInfo

# Weights are not all: the context and its buffers take about a fifth more, and the rest of the computer wants its part.
_WITH_CONTEXT = 1.2
_LEFT_FOR_OTHERS = 2 << 30  # bytes


def best_to_begin_with(models: Iterable[ModelInfo], memory: int | None) -> ModelInfo | None:
    """Return the largest model that is known to run in so much memory; None where there is none to talk to.

    `memory` in bytes, of the computer that the models run on; None where that is not known: then all of them run. Where
    no size is known the order of the list decides, and where all are too large, the smallest is the best there is.
    """
    ranked = [(_rank(model, memory), model) for model in models if model.can_chat]
    return min(ranked, key=lambda each: each[0])[1] if ranked else None


def _rank(model: ModelInfo, memory: int | None) -> tuple[int, int]:
    """Return the rank of a model: the lower, the better.

    `min` takes the first of equals, and so keeps the order of the list.
    """
    size = model.size_on_disk
    if size is None:
        return 1, 0
    if memory is None or size * _WITH_CONTEXT + _LEFT_FOR_OTHERS <= memory:
        return 0, -size
    return 2, size
