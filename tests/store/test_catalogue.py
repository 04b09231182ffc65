"""The catalogue's two files: what comes of them where one is not there, broken, or of a later version."""

from __future__ import annotations

import pytest

from desktop.core.models.catalogue import CatalogueFault
from desktop.store.catalogue import load_catalogue


@pytest.fixture
def second(tmp_path):
    return tmp_path / "models.toml"


def test_the_one_inside_is_enough(second):
    found = load_catalogue(second=second)
    assert len(found.catalogue.rows) >= 50
    assert found.problems == ()


def test_an_administrators_file_hides(second):
    second.write_text('form = 1\nhide = ["gpt-oss:20b"]', encoding="utf-8-sig")
    found = load_catalogue(second=second)
    assert found.catalogue.find_row("gpt-oss:20b") is None
    assert found.problems == ()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"form = 2", CatalogueFault.NEWER),
        (b"\xff\xfe", CatalogueFault.BROKEN),
        (b"form = [", CatalogueFault.BROKEN),
        (b"#" * (5 << 20), CatalogueFault.BROKEN),
    ],
)
def test_a_file_that_cannot_be_used_is_told_of_and_the_other_one_is_used(second, content, fault):
    second.write_bytes(content)
    found = load_catalogue(second=second)
    assert len(found.catalogue.rows) >= 50
    (problem,) = found.problems
    assert (problem.fault, problem.file) == (fault, str(second))
    assert problem.where


def test_a_folder_in_its_place_is_no_crash(second):
    second.mkdir()
    assert load_catalogue(second=second).problems[0].fault is CatalogueFault.BROKEN


def test_without_the_one_inside_the_other_one_stands_alone(tmp_path, second):
    shipped = tmp_path / "catalogue.toml"
    shipped.write_text("form = 1\nmodels = 1")
    second.write_text('form = 1\nhide = ["x"]')
    found = load_catalogue(shipped, second)
    assert found.catalogue.rows == ()
    assert [each.file for each in found.problems] == [str(shipped)]
