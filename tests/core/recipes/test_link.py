"""Links to recipes: what is one, what it names, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.recipes.given_file import read_given
from desktop.core.recipes.link import MOST_BYTES, LinkFault, RecipeLink, is_link, link_to, name_in_link, read_link
from desktop.core.recipes.recipe import LONGEST_NAME
from tests.core.tables import table

CASES = table("recipes/links.toml")

names = st.text(max_size=LONGEST_NAME)


@pytest.mark.parametrize(("link", "name"), CASES["names"])
def test_a_link_names_a_recipe(link, name):
    assert read_link(link) == RecipeLink(name)
    assert read_given(link) == RecipeLink(name)


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("candor:", LinkFault.NAMELESS),
        ("CANDOR:", LinkFault.NAMELESS),
        ("candor:///", LinkFault.NAMELESS),
        ("candor:recipe", LinkFault.NAMELESS),
        ("candor:recipe/", LinkFault.NAMELESS),
        ("candor:recipe/%20%C2%A0", LinkFault.NAMELESS),
        ("candor:send/Hello", LinkFault.UNKNOWN),
        ("candor:recipes/Reply", LinkFault.UNKNOWN),
        ("candor:Reply", LinkFault.UNKNOWN),
        ("candor:////recipe/Reply", LinkFault.UNKNOWN),
        ("candor://recipe:80/Reply", LinkFault.UNKNOWN),
        ("candor://li@recipe/Reply", LinkFault.UNKNOWN),
        ("candor://company.example/recipe/Reply", LinkFault.UNKNOWN),
        ("candor:%72ecipe/Reply", LinkFault.UNKNOWN),
        ("candor:recipe/Reply?mail=Hello", LinkFault.UNKNOWN),  # what a prompt would be filled with
        ("candor:recipe/Reply#top", LinkFault.UNKNOWN),
        ("candor:../../notes.gguf", LinkFault.UNKNOWN),  # a file of that name must be written with its folder
        ("candor:models/a.gguf", LinkFault.UNKNOWN),
        ("candor:recipe/%", LinkFault.UNREADABLE),
        ("candor:recipe/%4", LinkFault.UNREADABLE),
        ("candor:recipe/%zz", LinkFault.UNREADABLE),
        ("candor:recipe/%u56DE", LinkFault.UNREADABLE),
        ("candor:recipe/%FF%FE", LinkFault.UNREADABLE),  # no UTF-8
        ("candor:recipe/%BB%D8%B8%B4", LinkFault.UNREADABLE),  # GB18030
        ("candor:recipe/%C0%AF", LinkFault.UNREADABLE),  # a slash in more bytes than it needs
        ("candor:recipe/%ED%A0%80", LinkFault.UNREADABLE),  # half of a pair
        ("candor:recipe/\ud800", LinkFault.UNREADABLE),
        ("candor:recipe/a\0b", LinkFault.UNREADABLE),
        ("candor:recipe/a%00b", LinkFault.UNREADABLE),
        ("candor:recipe/a%0Ab", LinkFault.UNREADABLE),
        ("candor:recipe/a\nb", LinkFault.UNREADABLE),
        ("candor:recipe/a%1B%5B31mb", LinkFault.UNREADABLE),
        ("candor:recipe/a%E2%80%AEb", LinkFault.UNREADABLE),  # turns the direction
        ("candor:recipe/a\u202eb", LinkFault.UNREADABLE),
        ("candor:recipe/a\u2066b", LinkFault.UNREADABLE),
        ("candor:recipe/a%E2%80%8Bb", LinkFault.UNREADABLE),  # has no width
        ("candor:recipe/a%F3%A0%81%81b", LinkFault.UNREADABLE),  # a tag letter
        ("\u202ecandor:recipe/Reply", None),
        ("candor:recipe/" + "a" * MOST_BYTES, LinkFault.TOO_LONG),
        ("candor:recipe/" + "回" * (MOST_BYTES // 3), LinkFault.TOO_LONG),
        ("candor:" + "/" * 100_000, LinkFault.TOO_LONG),
    ],
)
def test_what_no_link_of_ours_is(link, fault):
    if fault is None:
        assert not is_link(link)
    else:
        assert read_given(link) is fault


@pytest.mark.parametrize("path", ["/home/li/candor:recipe/x.toml", "./candor:notes.toml", "candor", "candor.gguf", ""])
def test_a_path_is_no_link(path):
    assert not is_link(path)


@given(names)
def test_a_name_comes_back_as_it_is_seen(name):
    link = link_to(name)
    if link:
        assert link.isascii()
        assert read_link(link) == RecipeLink(name_in_link(name))
    else:
        assert not name_in_link(name) or len(name_in_link(name)) > LONGEST_NAME


@given(st.text(max_size=60).map(lambda rest: f"candor:{rest}") | st.from_regex(r"(?i)candor:/{0,4}recipe/[^\n]*"))
def test_any_text_is_a_name_or_has_a_fault(text):
    found = read_link(text)
    if isinstance(found, RecipeLink):
        assert found.name == name_in_link(found.name) != ""
        assert read_link(link_to(found.name)) == found
    else:
        assert found in LinkFault


def test_the_longest_name_fits():
    link = link_to("\U0002070e" * LONGEST_NAME)
    assert len(link) > 12 * LONGEST_NAME
    assert read_link(link.replace(":", ":///", 1)) == RecipeLink("\U0002070e" * LONGEST_NAME)
