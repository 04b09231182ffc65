"""Recipes: blanks are found, checked and filled, and nothing that is put into one can pass for an instruction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.recipes.recipe import (
    Blank,
    BlankKind,
    blank_names,
    check,
    escaped,
    files_in,
    fill,
    is_blank_name,
    recipe_of,
)
from tests.core.tables import draft, table

CASES = table("recipes/recipe.toml")


def recipe(texts, *blanks):
    made = [
        Blank(**{**each, "kind": BlankKind(each.get("kind", "text")), "choices": tuple(each.get("choices", ()))})
        for each in blanks
    ]
    return recipe_of("A reply", draft(texts), made)


@pytest.mark.parametrize(("text", "names"), CASES["names"])
def test_blanks_are_found(text, names):
    assert blank_names(text) == names
    assert all(map(is_blank_name, names))


@given(
    st.lists(st.one_of(st.sampled_from(["{{", "}}", "\\", "{{a}}", "{", "a", "\n"]), st.text(max_size=4))).map("".join)
)
def test_escaped_text_stays_text(text):
    assert blank_names(escaped(text)) == []
    assert fill(recipe({"task": escaped(text)}, {"name": "a", "default": "filled"}), {}).text("task") == text


def test_a_long_run_of_backslashes_is_read_in_one_go():
    run = "\\" * 1_000_000  # would take hours, were each of them a beginning
    assert blank_names(f"{run} {run}{{{{a}}}}") == ["a"]
    assert escaped(run) == run


def test_blanks_that_are_not_described_are_lines_of_text():
    found = recipe({"task": "Write to {{recipient}} about {{mail}}."}, {"name": "mail", "kind": "long_text"})
    assert found.blanks == (Blank(name="mail", kind=BlankKind.LONG_TEXT), Blank(name="recipient"))
    assert [Blank(name="a").title, Blank(name="a", label="Who").title] == ["a", "Who"]


@pytest.mark.parametrize("name", CASES["filled"])
def test_each_kind_is_filled_in_its_way(name):
    case = CASES["filled"][name]
    made, values = recipe(case["draft"], *case.get("blanks", ())), case.get("values", {})
    assert check(made, values) == {}
    assert fill(made, values) == draft(case["to"])
    assert files_in(made, values) == case.get("goes_along", [])


@pytest.mark.parametrize(("blank", "value", "problem"), CASES["values"])
def test_values_are_checked(blank, value, problem):
    made, values = recipe({"task": f"{{{{{blank['name']}}}}}"}, blank), {blank["name"]: value}
    assert check(made, values) == ({blank["name"]: problem} if problem else {})
    if problem:
        with pytest.raises(ValueError, match="cannot be filled"):
            fill(made, values)
