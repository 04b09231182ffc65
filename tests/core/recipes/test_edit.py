"""Making a recipe of a draft: blanks are put in, renamed and taken out without touching what only looks like one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.prompts.prompt import Material, PromptDraft, at_home
from desktop.core.recipes.edit import (
    RecipeFault,
    faults,
    free_blank_name,
    guessed_kind,
    made_recipe,
    names_in,
    renamed,
    with_words_for,
)
from desktop.core.recipes.recipe import Blank, BlankKind, blank_names
from desktop.prompts.texts import load_frameworks

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
