"""Numbers as spreadsheets show them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.readers.office.sheets.number_format import number_format, shown_as


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("0.0%", 0.153, "15.3%"),
        ("0%", 0.5, "50%"),
        ("#,##0.00", 1234567.891, "1,234,567.89"),
        ("0.00", -0.125, "-0.13"),
        ("0.00", 1.005, "1.01"),
        ("0.00", -0.001, "0.00"),
        ("#,##0;(#,##0)", -1234, "(1,234)"),
        ('"$"#,##0_);[Red]("$"#,##0)', -5, "($5)"),
        ("[$€-407] #,##0.00", 5.5, "€ 5.50"),
        ('#,##0.0,,"M"', 12345678, "12.3M"),
        ("000-00-0000", 123456789, "123-45-6789"),
        ("00000", 7, "00007"),
        ("#.##", 5, "5."),
        ("0.###", 2.5, "2.5"),
        ("0.00E+00", 12345, "1.23E+04"),
        ("# ?/?", 1.5, "1.5"),
        ("[h]:mm", 1.25, "30:00"),
        ("mm:ss", 0.0038, "05:28"),
        ("yyyy-mm-dd", 45000, "2023-03-15"),
        ("mmm yyyy", 45000, "2023-03-15"),
        ("yyyy年m月d日", 45000, "2023-03-15"),
        ("m/d/yy h:mm", 45000.5, "2023-03-15 12:00"),
        ("h:mm AM/PM", 0.75, "18:00"),
        ("dd.mm.yyyy hh:mm:ss.000", 45000.123456, "2023-03-15 02:57:46.598"),
        ("d", 1, "1900-01-01"),
        ("d", -1, "-1"),
        ("General", 1 / 3, "0.333333333"),
        ("General", 0.1 + 0.2, "0.3"),
        ("General", 1e-7, "1E-07"),
        ("General", 1234567890.12, "1234567890.12"),
        ('General" kg"', 3.5, "3.5 kg"),
        ('0;-0;"none"', 0, "none"),
        ('[>100]"big";0.0', 200, "big"),
        ('[>100]"big";0.0', -2, "-2.0"),
        ("@", 5, "5"),
        ('"yes"', 1, "yes"),
    ],
)
def test_a_number_in_a_format(code: str, value: float, shown: str) -> None:
    assert number_format(code)(value) == shown


def test_what_is_no_number_stays_as_it_is() -> None:
    assert shown_as("0.0%", "North") == "North"
    assert shown_as("0.0%", "0.5") == "50.0%"
    assert shown_as("", "") == ""


@given(st.text(alphabet='0#?.,%/E+-;[]"\\_*@ymdhs>< aG', max_size=14) | st.text(max_size=10), st.floats())
def test_any_code_shows_any_number(code: str, value: float) -> None:
    assert isinstance(number_format(code)(value), str)
