"""Recipes: how they are read, changed, shared as a link, and filled with a file."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.prompts.prompt import Material, PromptDraft, at_home
from desktop.core.recipes.link import (
    MOST_BYTES,
    GivenFile,
    LinkFault,
    LocalPath,
    RecipeLink,
    given_file,
    is_link,
    link_to,
    name_in_link,
    read_given,
    read_link,
    whole,
)
from desktop.core.recipes.recipe import (
    LONGEST_NAME,
    Blank,
    BlankKind,
    RecipeFault,
    blank_names,
    check,
    escaped,
    faults,
    files_in,
    fill,
    free_blank_name,
    guessed_kind,
    is_blank_name,
    made_recipe,
    names_in,
    recipe_of,
    renamed,
    with_words_for,
)
from desktop.prompts.texts import load_frameworks
from tests.core.tables import draft, table

# --- Making a recipe of a draft ------------------------------------------------------------------------------------

TEXTS = {"task": "Write to {{ who }}, \\{{who}} and \\\\{{who}}; {{day}}", "tone": '"""{{who}}"""'}


def test_a_blank_gets_another_name_everywhere_and_text_stays_text():
    assert renamed(TEXTS, "who", "recipient") == {
        "task": "Write to {{recipient}}, \\{{who}} and \\\\{{recipient}}; {{day}}",
        "tone": '"""{{recipient}}"""',
    }
    with pytest.raises(ValueError, match="no name"):
        renamed(TEXTS, "who", "{{a}}")


def test_a_blank_becomes_text():
    assert with_words_for({"a": "To {{who}}, {{day}}"}, "who", "{{Ms}} Li") == {"a": "To \\{{Ms}} Li, {{day}}"}
    assert names_in(TEXTS) == ["who", "day"]
    assert names_in(with_words_for(TEXTS, "who")) == ["day"]
    assert blank_names(with_words_for({"a": "\\\\{{x}}"}, "x")["a"]) == []


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Ms Li", BlankKind.TEXT),
        ("", BlankKind.TEXT),
        ("12.50", BlankKind.NUMBER),
        ("2026-05-03", BlankKind.DATE),
        ("one\ntwo", BlankKind.LONG_TEXT),
        ("x" * 300, BlankKind.LONG_TEXT),
    ],
)
def test_words_say_what_kind_of_blank_they_would_stand_in(words, kind):
    assert guessed_kind(words) is kind


def test_a_name_that_is_taken_gets_a_number():
    assert free_blank_name("mail", ["mail", "mail 2"]) == "mail 3"


def test_only_blanks_that_stand_in_a_text_are_kept_in_their_order():
    draft = PromptDraft(framework="main", texts={"task": "{{b}} {{a}}"})
    made = made_recipe("  My\n recipe ", "", draft, [Blank(name="a", label="A"), Blank(name="gone")])
    assert made.name == "My recipe"
    assert made.blanks == (Blank(name="b"), Blank(name="a", label="A"))


def test_what_a_recipe_lacks_is_found():
    draft = PromptDraft(framework="main", texts={"task": "{{a}} {{b}} {{c}}"})
    blanks = (
        Blank(name="a", kind=BlankKind.CHOICE),
        Blank(name="b", kind=BlankKind.NUMBER, default="many"),
        Blank(name="c", kind=BlankKind.CHOICE, choices=("x",), default="x"),
    )
    assert faults(made_recipe("", "", draft, blanks)) == {
        "": RecipeFault.NO_NAME,
        "a": RecipeFault.NO_CHOICES,
        "b": RecipeFault.BAD_DEFAULT,
    }
    assert faults(made_recipe("x", "", draft, blanks[2:])) == {}


def test_what_could_not_be_read_again_is_not_made():
    draft = PromptDraft(framework="main", texts={"task": "{{a}}"})
    many = tuple(Material("task", "x") for _ in range(101))
    assert faults(made_recipe("x", "", replace(draft, materials=many), ())) == {"": RecipeFault.TOO_MUCH}
    blank = Blank(name="a", kind=BlankKind.CHOICE, choices=tuple(map(str, range(501))))
    assert faults(made_recipe("x", "", draft, (blank,))) == {"a": RecipeFault.TOO_MUCH}


def test_a_draft_of_an_unknown_framework_loses_no_words():
    main = next(each for each in load_frameworks() if each.key == "main")
    draft = PromptDraft(
        framework="gone", texts={"task": "Write", "colour": "blue"}, materials=(Material("palette", "red"),)
    )
    home = at_home(draft, main)
    assert (home.framework, home.texts, home.materials) == (
        "main",
        {"task": "Write\n\nblue"},
        (Material("task", "red"),),
    )
    assert at_home(home, main) == home


# --- What was handed over ------------------------------------------------------------------------------------------

on_unix = pytest.mark.skipif(sys.platform == "win32", reason="paths of Unix")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/models/a b.gguf", GivenFile.MODEL),
        ("C:\\models\\A.GGUF", GivenFile.MODEL),
        ("reply.candor.toml", GivenFile.RECIPE),
        ("reply.TOML", GivenFile.RECIPE),
        ("notes.pdf", GivenFile.OTHER),
        ("/tmp", GivenFile.OTHER),
        (".gguf", GivenFile.OTHER),
        ("", GivenFile.OTHER),
    ],
)
def test_the_ending_says_what_it_is(path, kind):
    assert given_file(path) is kind


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/models/a b.gguf", LocalPath("/models/a b.gguf")),
        ("a%20b.gguf", LocalPath("a%20b.gguf")),  # a path is no address: nothing in it is decoded
        ("C:\\models\\A.GGUF", LocalPath("C:\\models\\A.GGUF")),
        ("c://models/a.gguf", LocalPath("c://models/a.gguf")),
        ("./candor:notes.toml", LocalPath("./candor:notes.toml")),
        ("a\0b", LinkFault.NO_FILE),
        ("https://company.example/reply.candor.toml", LinkFault.ELSEWHERE),
        ("smb://files/recipes/reply.candor.toml", LinkFault.ELSEWHERE),
        ("file://files/recipes/reply.candor.toml", LinkFault.ELSEWHERE),
        ("file:////files/recipes/reply.candor.toml", LinkFault.ELSEWHERE),
        ("file:///%5C%5Cfiles%5Creply.candor.toml", LinkFault.ELSEWHERE),
        ("file:///%2Ffiles/reply.candor.toml", LinkFault.ELSEWHERE),
        ("file:", LinkFault.NO_FILE),
        ("file:reply.toml", LinkFault.NO_FILE),  # from which folder?
        ("file:///a%zz.toml", LinkFault.NO_FILE),
        ("file:///a%00.toml", LinkFault.NO_FILE),
        ("candor:recipe/Reply", RecipeLink("Reply")),
    ],
)
def test_what_a_text_leads_to(text, found):
    assert read_given(text) == found


@on_unix
@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("file:///home/li/%E5%9B%9E%E5%A4%8D%20a.candor.toml", "/home/li/回复 a.candor.toml"),
        ("file:///home/li/回复.candor.toml", "/home/li/回复.candor.toml"),
        ("FILE://LocalHost/home/li/a.gguf", "/home/li/a.gguf"),
        ("file:/home/li/a.gguf", "/home/li/a.gguf"),
        ("file:///home/li/100%25%23%3F%0A.gguf", "/home/li/100%#?\n.gguf"),
        ("file:///home/li/%FF.gguf", os.fsdecode(b"/home/li/\xff.gguf")),
        ("file:///C:/a.gguf", "/C:/a.gguf"),
    ],
)
def test_an_address_of_a_file_is_its_path(address, path):
    assert read_given(address) == LocalPath(path)


@on_unix
@given(st.binary(min_size=1, max_size=80).filter(lambda name: not {0, 0x2F} & set(name)))
def test_any_name_on_a_disk_comes_back_from_its_address(name):
    path = b"/home/" + name
    assert read_given(f"file://{quote(path)}") == LocalPath(os.fsdecode(path))


@given(st.text(max_size=60) | st.from_regex(r"(?i)file:/{0,4}[^\n]*"))
def test_any_text_is_read(text):
    assert isinstance(read_given(text), LocalPath | RecipeLink | LinkFault)


@pytest.mark.parametrize("text", ["candor:recipe/Reply", "CANDOR:x", "file:///a%20b", "FILE:/a", "smb://files/a"])
def test_an_address_is_handed_on_as_it_is(text):
    assert whole(text) == text


def test_a_path_is_handed_on_from_the_root_on():
    assert whole("a.gguf") == str(Path.cwd() / "a.gguf")


# --- Links to recipes ----------------------------------------------------------------------------------------------

LINKS = table("recipes/links.toml")

names = st.text(max_size=LONGEST_NAME)


@pytest.mark.parametrize(("link", "name"), LINKS["names"])
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


# --- Recipes -------------------------------------------------------------------------------------------------------

RECIPES = table("recipes/recipe.toml")


def recipe(texts, *blanks):
    made = [
        Blank(**{**each, "kind": BlankKind(each.get("kind", "text")), "choices": tuple(each.get("choices", ()))})
        for each in blanks
    ]
    return recipe_of("A reply", draft(texts), made)


@pytest.mark.parametrize(("text", "names"), RECIPES["names"])
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


@pytest.mark.parametrize("name", RECIPES["filled"])
def test_each_kind_is_filled_in_its_way(name):
    case = RECIPES["filled"][name]
    made, values = recipe(case["draft"], *case.get("blanks", ())), case.get("values", {})
    assert check(made, values) == {}
    assert fill(made, values) == draft(case["to"])
    assert files_in(made, values) == case.get("goes_along", [])


@pytest.mark.parametrize(("blank", "value", "problem"), RECIPES["values"])
def test_values_are_checked(blank, value, problem):
    made, values = recipe({"task": f"{{{{{blank['name']}}}}}"}, blank), {blank["name"]: value}
    assert check(made, values) == ({blank["name"]: problem} if problem else {})
    if problem:
        with pytest.raises(ValueError, match="cannot be filled"):
            fill(made, values)
