"""Who says how much a model holds."""

from __future__ import annotations

from dataclasses import replace

from desktop.core.context.window import Window, WindowSource, window_of
from desktop.core.model import ModelInfo

TOLD = ModelInfo("m", context_length=40_960, served_context=32_768, loaded_context=4_096)


def test_what_the_server_has_in_memory_counts_first_and_the_newest_word_of_it_most() -> None:
    assert window_of(TOLD, 8_192, 16_384) == Window(8_192, WindowSource.LOADED)
    assert window_of(TOLD, asked=16_384) == Window(4_096, WindowSource.LOADED)


def test_then_what_is_asked_for_then_what_the_server_takes() -> None:
    cold = replace(TOLD, loaded_context=None)
    assert window_of(cold, asked=16_384) == Window(16_384, WindowSource.ASKED)
    assert window_of(cold) == Window(32_768, WindowSource.SERVED)


def test_the_trained_length_counts_only_where_nothing_else_is_known_and_is_called_that() -> None:
    assert window_of(ModelInfo("m", context_length=40_960)) == Window(40_960, WindowSource.TRAINED)


def test_nothing_known_is_no_number() -> None:
    assert window_of(ModelInfo("m")) == window_of(None) == Window(None, WindowSource.UNKNOWN)
