"""Which model to begin with: the largest that runs, and never simply the first of a list."""

from __future__ import annotations

import pytest

from desktop.core.model import ModelInfo
from desktop.core.models.default import best_to_begin_with

GIB = 1 << 30
SMALL = ModelInfo("small", size_on_disk=1 * GIB)
MIDDLE = ModelInfo("middle", size_on_disk=5 * GIB)
LARGE = ModelInfo("large", size_on_disk=40 * GIB)
UNKNOWN = ModelInfo("unknown")
OTHER = ModelInfo("other")
EMBEDDING = ModelInfo("embed", capabilities=frozenset({"embedding"}), size_on_disk=9 * GIB)


@pytest.mark.parametrize(
    ("models", "memory", "best"),
    [
        ([SMALL, LARGE, MIDDLE], 16 * GIB, MIDDLE),
        ([SMALL, LARGE, MIDDLE], 7 * GIB, SMALL),  # 5 GiB of weights need more than 7
        ([SMALL, LARGE, MIDDLE], 64 * GIB, LARGE),
        ([SMALL, LARGE, MIDDLE], None, LARGE),
        ([LARGE, MIDDLE], 4 * GIB, MIDDLE),  # none runs well; the smallest is the best there is
        ([UNKNOWN, SMALL], 16 * GIB, SMALL),
        ([LARGE, UNKNOWN, OTHER], 16 * GIB, UNKNOWN),
        ([UNKNOWN, OTHER], 16 * GIB, UNKNOWN),
        ([EMBEDDING, SMALL], 16 * GIB, SMALL),
        ([EMBEDDING], 16 * GIB, None),
        ([], None, None),
    ],
)
def test_best(models: list[ModelInfo], memory: int | None, best: ModelInfo | None) -> None:
    assert best_to_begin_with(models, memory) == best
