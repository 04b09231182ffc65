"""Tests for how often a reply is shown."""

from __future__ import annotations

from contextvars import copy_context

import pytest

from desktop.core.text.pace import Attention, StreamPace, read_for


@pytest.mark.parametrize(("rate", "least", "most"), [(5, 24, 26), (55, 24, 26), (80, 15, 20), (400, 15, 20)])
def test_a_readable_stream_is_shown_as_it_comes_and_a_quicker_one_in_larger_pieces(rate, least, most):
    pace = StreamPace()
    for _ in range(25):
        pause = pace.pause()
        pace.note(round(rate * pause * 100), pause * 100)
    assert least <= 1 / pace.pause() <= most


def test_one_burst_does_not_change_the_pace():
    pace = StreamPace()
    for _ in range(25):
        pace.note(20, 1.0)
    pace.note(150, 1.0)
    assert pace.pause() == Attention.IN_FRONT.value
    pace.note(0, 0.0)
    assert pace.pause() == Attention.IN_FRONT.value


def test_a_stream_that_gets_less_attention_is_read_less_often_but_never_left_for_longer_than_it_may_be_lost():
    def pauses():
        now = Attention.IN_FRONT
        read_for(lambda: now)
        pace, found = StreamPace(), {}
        for now in Attention:
            found[now] = pace.pause()
        return found

    found = copy_context().run(pauses)
    assert found[Attention.IN_FRONT] < found[Attention.BESIDE] < found[Attention.UNSEEN] <= 0.5
    assert StreamPace().pause() == found[Attention.IN_FRONT]  # whoever reads for nobody in particular
