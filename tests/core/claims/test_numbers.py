"""Numbers are read for what they are, however they are written: in digits, in words, in English and in Chinese."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.claims.numbers import numbers_in

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_SMALL = [*_ONES, *_TEENS.split()]
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ENGLISH_SCALES = ("", " thousand", " million", " billion", " trillion")
_DIGITS = "零一二三四五六七八九"
_CHINESE_SCALES = ("", "万", "亿", "万亿")

numbers = st.one_of(st.integers(2, 120), st.integers(2, 10**6), st.integers(2, 10**12 - 1))


def english(number, *, ands=True, hyphens=True):
    groups = []
    for scale in _ENGLISH_SCALES:
        number, part = divmod(number, 1000)
        if part:
            groups.append(english_below_thousand(part, ands=ands, hyphens=hyphens) + scale)
    return " ".join(reversed(groups))


def english_below_thousand(number, *, ands, hyphens):
    hundreds, rest = divmod(number, 100)
    words = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if rest:
        tens, ones = divmod(rest, 10)
        joined = "-" if hyphens else " "
        below = _SMALL[rest] if rest < 20 else joined.join([_TENS[tens], *([_SMALL[ones]] if ones else [])])
        words += ["and", below] if hundreds and ands else [below]
    return " ".join(words)


def chinese(number):
    """Return the number as 一万零二十: with a 零 wherever digits are left out."""
    written, is_gap = "", False
    for at in (2, 1, 0):
        group = number // 10 ** (4 * at) % 10**4
        if not group:
            is_gap = bool(written)
            continue
        zero = "零" if written and (is_gap or group < 1000) else ""
        written += zero + chinese_below_ten_thousand(group) + ("", "万", "亿")[at]
        is_gap = False
    return written.removeprefix("一") if written.startswith("一十") else written


def chinese_below_ten_thousand(number):
    written = ""
    for place, scale in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            written += _DIGITS[digit] + scale
        elif written and not written.endswith("零") and number % place:
            written += "零"
    return written


def values(text):
    return [claim.value for claim in numbers_in(text)]


@given(numbers, st.booleans(), st.booleans())
def test_a_number_in_english_words(number, ands, hyphens):
    assert values(f"It has {english(number, ands=ands, hyphens=hyphens)} seats.") == [str(number)]


@given(numbers)
def test_a_number_in_chinese_signs(number):
    assert values(f"共有{chinese(number)}元。") == [str(number)]


@given(numbers)
def test_a_number_in_groups_of_digits(number):
    for text in (f"{number:,}", f"{number:,}".replace(",", "\u202f"), f"{number:,}".replace(",", "'")):
        (claim,) = numbers_in(f"It has {text} seats.")
        assert str(number) in claim.values


@given(st.integers(1, 99), st.integers(1, 9), st.sampled_from([("万", 10**4), ("亿", 10**8)]))
def test_a_digit_behind_a_scale_is_a_tenth_of_it(large, small, scale):
    assert values(f"参加人数：{large}{scale[0]}{small}") == [str(large * scale[1] + small * scale[1] // 10)]


@given(st.integers(1, 9999), st.integers(1000, 9999), st.sampled_from(["", "元", "人"]))
def test_digits_behind_a_scale_are_added(large, small, unit):
    assert values(f"共{large}万{small}{unit}") == [str(large * 10**4 + small)]


@given(st.integers(1, 999), st.integers(1, 9), st.sampled_from(_CHINESE_SCALES[1:]))
def test_decimals_are_the_same_in_digits_and_in_signs(whole, tenth, scale):
    written = f"{chinese(whole)}点{_DIGITS[tenth]}{scale}元"
    assert values(written) == values(f"{whole}.{tenth}{scale}元")


@given(st.integers(1, 999), st.integers(0, 999))
def test_both_readings_of_a_form_that_leaves_it_open(head, tail):
    for sign in ".,":
        (claim,) = numbers_in(f"It is {head}{sign}{tail:03} wide.")
        assert {Decimal(value) for value in claim.values} == {head * 1000 + tail, Decimal(f"{head}.{tail:03}")}
        (settled,) = numbers_in(f"It is {head}{sign}{tail:03} wide.", decimal=sign)
        assert [Decimal(value) for value in settled.values] == [Decimal(f"{head}.{tail:03}")]


WRITTEN = {
    "forty-two": ["42"],
    "thirteen": ["13"],
    "nineteen ninety-eight and twenty twenty-six": ["1998", "2026"],
    "two three, between two and three": ["2", "3", "2", "3"],
    "one hundred and two hundred": ["100", "200"],
    "one thousand two million": ["1000", "2000000"],
    "five hundred thousand million": ["500000000000"],
    "2½ hours, 1.5.2½": ["2.5", "1.5.2"],
    "the twenty-first": [],
    "a stone, someone": [],
    "half a million, two and a half million, three and a half": ["500000", "2500000", "3.5"],
    "12 trillion": ["12000000000000"],
    "3 hundred": ["300"],
    ".5 kg, and then...5": ["0.5", "5"],
    "EUR 3.5m, 3.5m EUR, $3.5m, 3.5 m": ["3500000", "3500000", "3500000", "3.5"],
    "one month, and one more": ["1"],
    "3万5": ["35000"],
    "３万５": ["35000"],
    "2亿3500万5千元": ["235005000"],
    "3万2,500": ["32500"],
    "3个亿，3千亿": ["300000000", "300000000000"],
    "百分之十二点五，百分之12.5": ["12.5", "12.5"],
    "三成半，三成五，3成5": ["35", "35", "35"],
    "三年半，三个半月，3个半月，一个半小时": ["3.5", "3.5", "3.5", "1.5"],
    "三四十人，七八百人，十三四个": [],
    "十天，十个，百万元，一年": ["10", "10", "1000000", "1"],
    "十分好，万一个人，统一管理": [],
    "意见三点一致": ["3"],
}


@pytest.mark.parametrize("text", WRITTEN)
def test_what_is_written(text):
    assert values(text) == WRITTEN[text]


@given(st.text(alphabet="0123456789½.,'-− 一二三十百千万亿点半个成月百分之两零年元mkEURandone hundred$", max_size=60))
def test_nothing_that_is_written_stops_it(text):
    for claim in numbers_in(text):
        assert text[claim.start : claim.end] == claim.text
        assert claim.value
