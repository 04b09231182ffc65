"""What could deceive is shown, what a script needs is left alone; and letters are counted as Python and Qt do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.rendering.text.invisible import has_stacked_marks, show_controls, show_invisible
from desktop.rendering.text.utf16 import Units

SHOWN = {
    "a\u202eb": "a‹U+202E›b",
    "\u2066a\u2069": "‹U+2066›a‹U+2069›",
    "a\u200bb": "a‹U+200B›b",
    "pay\u00adpal": "pay‹U+00AD›pal",
    "\u200e\u200f\u061c": "‹U+200E›‹U+200F›‹U+061C›",
    "\ufeff\u2060\u180e": "‹U+FEFF›‹U+2060›‹U+180E›",
    "a\u3164\uffa0\u115f": "a‹U+3164›‹U+FFA0›‹U+115F›",
    "\U000e0041\U000e0001": "‹U+E0041›‹U+E0001›",
    "😀\ufe0f\U000e0110\U000e0120": "😀\ufe0f‹U+E0110›‹U+E0120›",
    "a\U000e0100": "a‹U+E0100›",
}

LEFT_ALONE = [
    "plain",
    "👨‍👩‍👧‍👦 👍🏽 🇩🇪 ❤️",
    "می‌خواهم",
    "שלום עולם",
    "葛\U000e0100城",  # a form of an ideograph that is chosen by a selector
    "e\u0301",
    "\t",
]


@pytest.mark.parametrize(("text", "shown"), SHOWN.items())
def test_shown(text, shown):
    assert show_invisible(text) == shown


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text):
    assert show_invisible(text) == text


def test_controls_become_signs_one_for_one():
    assert show_controls("a\x1b[1m\x00\tb\x7f\x85\u2028") == "a\ufffd[1m\ufffd\tb\ufffd\ufffd↵"


@given(st.text())
def test_offsets_stay_with_controls(text):
    assert len(show_controls(text)) == len(text)


def test_stacked_marks():
    assert has_stacked_marks("z\u0301\u0301\u0301\u0301")
    assert not has_stacked_marks("Việt Nam e\u0323\u0302 \u0e01\u0e35\u0e48 שָׁלוֹם")


@given(st.text(st.sampled_from("a é你😀👩\u200d🇩")))
def test_there_and_back(text):
    units = Units(text)
    for offset in range(len(text) + 1):
        unit = len(text[:offset].encode("utf-16-le")) // 2
        assert units.to_qt(offset) == unit
        assert units.to_python(unit) == offset


def test_the_middle_of_a_pair_belongs_to_its_character():
    assert Units("a😀b").to_python(2) == 1
