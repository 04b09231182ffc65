"""Counting characters as Python does and units as Qt does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.rendering.text.utf16 import Units


@given(st.text(st.sampled_from("a é你😀👩\u200d🇩")))
def test_there_and_back(text: str) -> None:
    units = Units(text)
    for offset in range(len(text) + 1):
        unit = len(text[:offset].encode("utf-16-le")) // 2
        assert units.to_qt(offset) == unit
        assert units.to_python(unit) == offset


def test_the_middle_of_a_pair_belongs_to_its_character() -> None:
    assert Units("a😀b").to_python(2) == 1
