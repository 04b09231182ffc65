"""Colours in the middle of a long block come at once, and are those of the whole where that can be known."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.rendering.code.colours import CodeColours
from tests.rendering.code.whole_code import highlight_lines
from tests.support.examples import examples

FOREVER = float("inf")
AT_ONCE = 0.0

PYTHON = [
    line
    for number in range(400)
    for line in ("", f"def f{number}(x: int) -> int:  # note", f"    return x * {number}", f"    y = 'a{number}'")
]


def whole(lines: list[str]) -> list[object]:
    return list(highlight_lines("\n".join(lines), "python"))


@cache
def whole_python() -> list[object]:
    """The colours of all of `PYTHON`, which take as long to find as all that is compared with them."""
    return whole(PYTHON)


def test_the_middle_needs_no_more_than_what_is_around_it() -> None:
    colours = CodeColours("python")
    assert colours.find(PYTHON, 1_000, 1_040, FOREVER)
    assert sum(len(each.colours) for each in colours._stretches) < 120
    expected = whole_python()
    assert [colours.of(number) for number in range(1_000, 1_040)] == expected[1_000:1_040]
    assert colours.of(0) is None
    assert colours.of(1_100) is None


def test_each_call_does_a_little() -> None:
    colours = CodeColours("python")
    calls = 1
    while not colours.find(PYTHON, 0, 200, AT_ONCE):
        calls += 1
    assert calls > 5
    assert [colours.of(number) for number in range(200)] == whole_python()[:200]


def test_reading_from_the_top_mends_what_was_guessed_wrong() -> None:
    lines = ["x = '''", *[f"word {number} def" for number in range(300)], "'''", "y = 1"]
    colours = CodeColours("python")
    colours.find(lines, 200, 220, FOREVER)
    assert colours.of(210) != whole(lines)[210]  # taken for code
    for first in range(0, len(lines), 20):
        colours.find(lines, first, min(len(lines), first + 20), FOREVER)
    assert [colours.of(number) for number in range(len(lines))] == whole(lines)


def test_the_colours_of_a_line_stay_the_same_object() -> None:
    colours = CodeColours("python")
    colours.find(PYTHON, 0, 50, FOREVER)
    before = colours.of(10)
    colours.find(PYTHON, 0, 400, FOREVER)
    assert colours.of(10) is before


def test_cut_lines_are_found_anew() -> None:
    colours = CodeColours("python")
    colours.find(PYTHON, 0, 60, FOREVER)
    colours.cut(50)
    assert colours.of(50) is None
    colours.find(PYTHON, 0, 60, FOREVER)
    assert [colours.of(number) for number in range(60)] == whole_python()[:60]


@settings(max_examples=examples(30))
@given(st.lists(st.integers(0, len(PYTHON) - 41), max_size=12), st.booleans())
def test_wherever_one_looks_first_the_colours_are_right(places: list[int], in_steps: bool) -> None:
    """In code with no construct over many lines."""
    colours, expected = CodeColours("python"), whole_python()
    for place in places:
        while not colours.find(PYTHON, place, place + 40, AT_ONCE if in_steps else FOREVER):
            pass
        assert [colours.of(number) for number in range(place, place + 40)] == expected[place : place + 40]


def test_an_unknown_language_is_plain_everywhere() -> None:
    colours = CodeColours("no-such-language")
    assert colours.find(PYTHON, 500, 540, FOREVER)
    assert colours.of(520) == []
