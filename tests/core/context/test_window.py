"""Who says how much a model holds, and what its server may be asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.context.window import Window, WindowRange, WindowSource, window_of, window_range
from desktop.core.model import CacheShape, Measures, ModelInfo

TOLD = ModelInfo("m", context_length=40_960, served_context=32_768, loaded_context=4_096)


def test_what_counts_is_the_memory_then_the_wish_then_the_server_and_last_the_training():
    cold = replace(TOLD, loaded_context=None)
    assert window_of(TOLD, 16_384) == Window(4_096, WindowSource.LOADED)
    assert window_of(cold, 16_384) == Window(16_384, WindowSource.ASKED)
    assert window_of(cold) == Window(32_768, WindowSource.SERVED)
    assert window_of(ModelInfo("m", context_length=40_960)) == Window(40_960, WindowSource.TRAINED)
    assert window_of(ModelInfo("m")) == window_of(None) == Window(None, WindowSource.UNKNOWN)


GIB = 1 << 30
QWEN = ModelInfo("qwen3:8b", context_length=40_960, size_on_disk=5 * GIB, cache=CacheShape(147_456))


@pytest.mark.parametrize(
    ("loaded", "asked", "tokens", "window"),
    [
        (None, None, 3_000, None),  # what every server holds is left to it
        (None, None, 9_000, 16_384),
        (32_768, None, 9_000, None),  # it holds enough by itself
        (8_192, 8_192, 3_000, 8_192),  # a smaller one would load it again
        (4_096, 8_192, 3_000, 8_192),  # another program had it loaded with less
        (16_384, 8_192, 3_000, 16_384),  # or with more
        (8_192, 8_192, 9_000, 16_384),
        (None, 65_536, 3_000, 65_536),  # the user wanted so much
        (None, 999_999, 3_000, 131_072),  # and the memory has become less
        (None, None, 99_000, 32_768),  # no more by itself
    ],
)
def test_the_window_that_is_asked_for(loaded, asked, tokens, window):
    assert WindowRange(loaded, asked, 32_768, 131_072).window_for(tokens) == window


@pytest.mark.parametrize(
    ("loaded", "free", "unasked", "most"),
    [
        (None, 16 * GIB, 16_384, 40_960),  # 10 GiB beside the weights: 1.1 GiB for 8,192 tokens
        (None, 8 * GIB, 4_096, 8_192),
        (None, 5 * GIB, 4_096, 4_096),  # a server is asked for no less than it takes by itself
        (8_192, 9 * GIB, 16_384, 40_960),  # the weights and the present window are there already
        (32_768, 1 * GIB, 32_768, 32_768),
        (None, None, 32_768, 40_960),  # the memory of another computer is not known
    ],
)
def test_memory_limits_it(loaded, free, unasked, most):
    found = window_range(replace(QWEN, loaded_context=loaded), Measures(), free)
    assert (found.unasked, found.most) == (unasked, most)


def test_a_load_that_one_waits_for_is_not_begun_without_being_asked_for():
    slow = Measures(load_seconds=40.0)
    assert window_range(replace(QWEN, loaded_context=8_192), slow, 32 * GIB) == WindowRange(8_192, None, 8_192, 40_960)
    assert window_range(QWEN, slow, 32 * GIB).unasked == 40_960
