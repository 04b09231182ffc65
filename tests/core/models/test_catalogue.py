"""The catalogue that ships inside, the second one of an administrator, and files that are neither."""

from __future__ import annotations

import contextlib
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.models.catalogue import CatalogueError, CatalogueFault, parse_catalogue
from desktop.core.models.facts import Reasoning, Scale, Use
from desktop.core.resources import resource_path
from tests.core.tables import table

CASES = table("models/names.toml")

TEXT = resource_path("models", "catalogue.toml").read_text(encoding="utf-8")
CATALOGUE = parse_catalogue(TEXT)
ROW = TEXT[TEXT.index("[[models]]") : TEXT.index("[[models]]", TEXT.index("[[models]]") + 1)]


def test_it_is_dated_and_has_what_one_expects():
    assert CATALOGUE.as_of is not None
    assert CATALOGUE.as_of >= date(2026, 11, 1)
    assert len(CATALOGUE.rows) >= 50
    names = {row.name for row in CATALOGUE.rows}
    assert {"qwen3.5:4b", "gpt-oss:20b", "deepseek-r1:7b", "deepseek-r1:671b", "gemma4:26b"} <= names


@pytest.mark.parametrize("row", CATALOGUE.rows, ids=lambda row: row.name)
def test_every_row_is_plausible(row):
    assert set(row.about) == {"en", "zh"}
    assert len(row.about["en"].split()) <= 25
    assert len(row.about["zh"]) <= 40
    assert re.search("[一-鿿]", row.about["zh"])
    assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?", row.since)
    assert all(re.fullmatch("[a-z]{2}", each) for each in row.languages)
    assert 0 < row.read <= row.size
    assert row.active is None or row.active < row.parameters
    # A file has from a third to two bytes for each weight; what sees has a part more.
    assert 0.3 < row.size / row.parameters < 2.1
    assert row.cache is not None or not row.is_sure
    assert (row.scale is Scale.DATA_CENTRE) == (row.size > 150e9)
    assert row.good_for


def test_storage_from_coarse_to_fine_with_the_one_that_is_pulled():
    row = CATALOGUE.find_row("qwen3:235b")
    assert [step.bits for step in row.steps] == [2, 3, 4, 6, 8, 16]
    assert [step.size for step in row.steps if step.is_default] == [142_000_000_000]
    sizes = [step.size for step in row.steps]
    assert sizes == sorted(sizes)
    assert [step.size for step in CATALOGUE.find_row("qwen3.5:2b").steps if step.is_default] == [2_700_000_000]


@pytest.mark.parametrize(("name", "found"), CASES["rows"])
def test_a_row_by_a_servers_name(name, found):
    row = CATALOGUE.find_row(name)
    assert (row.name if row else "") == found


def second(text):
    return CATALOGUE.merged_with(parse_catalogue("form = 1\n" + text))


def test_an_administrator_adds_rows_changes_some_and_hides_others():
    own = ROW.replace("qwen3.5:0.8b", "house:7b") + ROW.replace("qwen3.5:0.8b", "qwen3:8b").replace(
        "rank = 8", "rank = 99"
    )
    merged = second('hide = ["deepseek-r1:1.5b", "nothing"]\n' + own)
    assert merged.find_row("house:7b") is not None
    assert merged.find_row("qwen3:8b").rank == 99
    assert merged.find_row("deepseek-r1:1.5b") is None
    assert len(merged.rows) == len(CATALOGUE.rows) + 1 - 1
    assert merged.as_of == CATALOGUE.as_of


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("form = 2\nanything = 1", CatalogueFault.NEWER),
        ("", CatalogueFault.BROKEN),
        ("form = ", CatalogueFault.BROKEN),
        ("form = 1\nmodels = 3", CatalogueFault.BROKEN),
        ("form = 1\nmodels = [3]", CatalogueFault.BROKEN),
        ("form = 1\nhide = 'x'", CatalogueFault.BROKEN),
        ("form = 1\n" + ROW + ROW, CatalogueFault.BROKEN),
        ("form = 1\n" + ROW.replace("rank = 8", "rank = 800"), CatalogueFault.BROKEN),
        ("form = 1\n" + ROW.replace("sees = true", "sees = 1"), CatalogueFault.BROKEN),
        ("form = 1\n" + ROW.replace('"switched"', '"sometimes"'), CatalogueFault.BROKEN),
        ("form = 1\n" + ROW.replace("cache.fixed", "cache.other"), CatalogueFault.BROKEN),
        ("form = 1\n" + ROW.replace("sees = true", "sees = true\ncolour = 1"), CatalogueFault.BROKEN),
        ("form = 1\n" + ROW.replace("bytes = 1_000", "bytes = -1_000"), CatalogueFault.BROKEN),
    ],
)
def test_a_file_that_cannot_be_used_says_so(text, fault):
    with pytest.raises(CatalogueError) as raised:
        parse_catalogue(text)
    assert raised.value.fault is fault
    assert str(raised.value)


@given(st.text(max_size=200))
def test_any_text_is_a_catalogue_or_a_fault(text):
    with contextlib.suppress(CatalogueError):
        parse_catalogue("form = 1\n" + text)


def test_words_of_uses_and_kinds_are_the_ones_of_the_program():
    assert {use for row in CATALOGUE.rows for use in row.good_for} <= set(Use)
    assert {row.reasoning for row in CATALOGUE.rows} == set(Reasoning)
