"""The estimate of tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.text.tokens import estimate_tokens, whole_tokens


def test_estimate_is_near_what_tokenisers_count():
    english = "The quick brown fox jumps over the lazy dog near the bank of the river. "
    chinese = "今天天气很好，我们一起去公园散步吧。"
    assert 14 <= estimate_tokens(english) <= 20  # 17 in the vocabularies of Qwen and Llama
    assert 9 <= estimate_tokens(chinese) <= 14
    assert estimate_tokens("") == 0


@given(st.lists(st.text(st.characters() | st.sampled_from("a好가")), max_size=10))
def test_pieces_add_up(pieces):
    assert sum(map(estimate_tokens, pieces)) == pytest.approx(estimate_tokens("".join(pieces)))


@pytest.mark.parametrize(("estimate", "whole"), [(0, 0), (0.25, 1), (0.5, 1), (1.4, 1), (1.6, 2), (430.7, 431)])
def test_no_text_is_counted_as_nothing(estimate, whole):
    assert whole_tokens(estimate) == whole
