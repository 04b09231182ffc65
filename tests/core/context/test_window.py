"""Who says how much a model holds, and what its server may be asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.context.window import Window, WindowRange, WindowSource, step_for, steps, window_of, window_range
from desktop.core.model import CacheShape, Measures, ModelInfo

TOLD = ModelInfo("m", context_length=40_960, served_context=32_768, loaded_context=4_096)


def test_what_the_server_has_in_memory_counts_first() -> None:
    assert window_of(TOLD, 16_384) == Window(4_096, WindowSource.LOADED)


def test_then_what_is_asked_for_then_what_the_server_takes() -> None:
    cold = replace(TOLD, loaded_context=None)
    assert window_of(cold, 16_384) == Window(16_384, WindowSource.ASKED)
    assert window_of(cold) == Window(32_768, WindowSource.SERVED)


def test_the_trained_length_counts_only_where_nothing_else_is_known_and_is_called_that() -> None:
    assert window_of(ModelInfo("m", context_length=40_960)) == Window(40_960, WindowSource.TRAINED)


def test_nothing_known_is_no_number() -> None:
    assert window_of(ModelInfo("m")) == window_of(None) == Window(None, WindowSource.UNKNOWN)


GIB = 1 << 30
QWEN = ModelInfo("qwen3:8b", context_length=40_960, size_on_disk=5 * GIB, cache=CacheShape(147_456))


def test_the_steps_double_and_end_with_the_trained_length() -> None:
    assert list(steps(40_960)) == [4_096, 8_192, 16_384, 32_768, 40_960]
    assert list(steps(2_048)) == [2_048]
    assert [step_for(tokens, 40_960) for tokens in (0, 4_096, 4_097, 33_000, 99_000)] == [
        4_096, 4_096, 8_192, 40_960, 40_960,
    ]  # fmt: skip


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
def test_the_window_that_is_asked_for(loaded: int | None, asked: int | None, tokens: int, window: int | None) -> None:
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
def test_memory_limits_it(loaded: int | None, free: int | None, unasked: int, most: int) -> None:
    found = window_range(replace(QWEN, loaded_context=loaded), Measures(), free)
    assert (found.unasked, found.most) == (unasked, most)


def test_a_load_that_one_waits_for_is_not_begun_without_being_asked_for() -> None:
    slow = Measures(load_seconds=40.0)
    assert window_range(replace(QWEN, loaded_context=8_192), slow, 32 * GIB) == WindowRange(8_192, None, 8_192, 40_960)
    assert window_range(QWEN, slow, 32 * GIB).unasked == 40_960
