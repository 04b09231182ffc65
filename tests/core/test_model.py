"""Models: which choice of thinking is in force."""

from __future__ import annotations

import pytest

from desktop.core.model import ModelInfo
from desktop.core.request import Thinking, ThinkingMode

AUTO, OFF, ON, LOW = ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON, ThinkingMode.LOW


@pytest.mark.parametrize(
    ("modes", "chosen", "in_force"),
    [
        ((AUTO, OFF, ON), OFF, OFF),
        ((AUTO, LOW), OFF, AUTO),  # one that cannot be kept from thinking
        ((AUTO,), OFF, AUTO),
        ((OFF,), LOW, OFF),  # one that does not think
        ((), LOW, LOW),  # nothing is known
    ],
)
def test_a_choice_that_a_model_does_not_have_gives_way_to_its_first(modes, chosen, in_force):
    info = ModelInfo("m", thinking_modes=modes)
    assert info.in_force(Thinking(chosen, budget=9)) == Thinking(in_force, budget=9)
