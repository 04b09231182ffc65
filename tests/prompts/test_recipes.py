"""Recipes as files: what is written is read again, and a broken file is named while the others load."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.prompts.file_problem import FileProblem
from desktop.core.prompts.prompt import Example, Material, PromptDraft
from desktop.core.recipes.recipe import Blank, BlankKind, Recipe, recipe_of
from desktop.prompts.kept_comments import with_comments
from desktop.prompts.recipes import DEFAULTS, parse_recipe, recipe_to_toml

RECIPE = recipe_of(
    "Reply to a complaint",
    PromptDraft(
        framework="answer_mail",
        texts={"task": "Answer {{mail}}\nfor {{recipient}}.", "tone": "Warm"},
        materials=(Material("task", "Our rules:\n'no refunds' {{x}}\n"),),
        examples=(Example("Late", "Dear …"),),
        chain_of_thought=True,
    ),
    (
        Blank(name="mail", label="The mail", kind=BlankKind.LONG_TEXT),
        Blank(name="how", kind=BlankKind.CHOICE, choices=("short", "long"), default="short", required=False),
    ),
    "For the service desk.",
)
WRITTEN = """# A recipe for Candor's prompt builder.
name = "Reply to a complaint"
about = "For the service desk."
framework = "answer_mail"
chain_of_thought = true
examples_as_turns = false

[texts]
task = '''
Answer {{mail}}
for {{recipient}}.'''
tone = "Warm"

[[blanks]]
name = "mail"
label = "The mail"
kind = "long_text"
required = true

[[blanks]]
name = "how"
kind = "choice"
default = "short"
required = false
choices = ["short", "long"]

[[blanks]]
name = "recipient"
kind = "text"
required = true

[[materials]]
field = "task"
text = '''
Our rules:
'no refunds' {{x}}
'''

[[examples]]
input = "Late"
output = "Dear …"
"""


def test_a_recipe_is_one_readable_file():
    assert recipe_to_toml(RECIPE) == WRITTEN
    assert parse_recipe(Path("reply.toml"), WRITTEN.encode()) == RECIPE


TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["'''", '"""', "a\n'", "\r\n", "\r", "\\", "{{a}}", "\x7f\n", "\0", "#", "\n"]),
)


@given(
    name=TEXTS.filter(str.strip),
    texts=st.dictionaries(TEXTS, TEXTS.filter(bool), max_size=3),
    pasted=st.lists(TEXTS, max_size=3),
    choices=st.lists(TEXTS.map(str.strip).filter(bool), min_size=1, max_size=3),
)
def test_what_is_written_is_read_again(name, texts, pasted, choices):
    draft = PromptDraft(
        framework="main",
        texts=texts,
        materials=tuple(Material("task", each) for each in pasted),
        examples=tuple(Example(each, each) for each in pasted),
    )
    recipe = recipe_of(name, draft, (Blank(name="c", kind=BlankKind.CHOICE, choices=tuple(choices)),))
    assert parse_recipe(Path("x.toml"), recipe_to_toml(recipe).encode()) == recipe


PARTS = st.lists(TEXTS, max_size=4)


def _of_parts(texts, pasted, names):
    draft = PromptDraft(
        framework="main",
        texts=texts,
        materials=tuple(Material("task", each) for each in pasted),
        examples=tuple(Example(each, "") for each in reversed(pasted)),
        chain_of_thought=bool(pasted),
    )
    return recipe_of("A", draft, tuple(Blank(name=each, label=each * at) for at, each in enumerate(names)))


_FIELDS = st.dictionaries(TEXTS, TEXTS.filter(bool), max_size=3)
_NAMES = st.lists(st.sampled_from("abcd"), max_size=4, unique=True)


@given(_FIELDS, PARTS, _NAMES, _FIELDS, PARTS, _NAMES)
def test_any_file_can_be_made_to_say_what_another_says(texts, pasted, names, new_texts, new_pasted, new_names):
    before = recipe_to_toml(_of_parts(texts, pasted, names)).replace("\nframework", " # why\nframework", 1)
    wanted = _of_parts(new_texts, new_pasted, new_names)
    kept = with_comments(before, recipe_to_toml(wanted), DEFAULTS)
    assert parse_recipe(Path("x.toml"), kept.encode()) == wanted
    assert " # why\n" in kept


HEAD = 'name = "A"\nframework = "main"\n'
CHOICE = '[[blanks]]\nname = "a"\nkind = "choice"\n'
BROKEN = {
    "no TOML": ("name = ", 1, "this is no value"),
    "no name": ('framework = "main"', 0, "name is missing"),
    "no framework": ('name = "A"', 0, "framework is missing"),
    "unknown name": (HEAD + "colour = 1", 3, "unknown name colour; known are about, blanks"),
    "texts": (HEAD + "[texts]\ntask = 1", 3, "texts must be a table of texts"),
    "flag": (HEAD + "chain_of_thought = 1", 3, "chain_of_thought must be true or false"),
    "no tables": (HEAD + "blanks = 3", 3, "blanks must be written as [[blanks]]"),
    "name of a blank": (HEAD + '[[blanks]]\nname = "{{a}}"', 4, "name must be of letters"),
    "no name of a blank": (HEAD + '[[blanks]]\nname = "a"\n[[blanks]]\nlabel = "b"', 5, "name is missing"),
    "kind": (HEAD + '[[blanks]]\nname = "a"\nkind = "verb"', 5, "kind must be one of text, long_text"),
    "twice": (HEAD + '[[blanks]]\nname = "a"\n[[blanks]]\nname = "a"', 6, "the blank a stands there twice"),
    "no choices": (HEAD + '[[blanks]]\nname = "a"\nkind = "choice"', 3, "choices belong to the kind choice"),
    "choices": (HEAD + '[[blanks]]\nname = "a"\nchoices = [1]', 5, "choices must be a list of texts"),
    "example": (HEAD + "[[examples]]\ninput = 1", 4, "input must be a text"),
    "a number without end": (HEAD + "[texts]\ntask = " + "1" * 5_000, 0, "a number in it is too long"),
    "a name without end": (HEAD + "a." * 50_000 + "b = 1", 3, "a name in it has too many parts"),
    "a quoted name without end": (HEAD + "[" + "\"a\" . 'b'." * 50_000 + "b]", 3, "a name in it has too many parts"),
    "depth without end": (HEAD + "about = " + "[" * 100_000, 0, "it is nested too deeply"),
    "long name": ('framework = "main"\nname = "' + "x" * 501 + '"', 2, "name is longer than 500 characters"),
    "long label": (HEAD + '[[blanks]]\nname = "a"\nlabel = "' + "x" * 301 + '"', 5, "label is longer than 300"),
    "many blanks": (HEAD + "".join(f'[[blanks]]\nname = "a{at}"\n' for at in range(3_000)), 103, "more than 50 "),
    "many in a text": (HEAD + '[texts]\ntask = "' + "".join(f"{{{{a{at}}}}}" for at in range(101)) + '"', 3, "more"),
    "many choices": (HEAD + CHOICE + 'choices = ["a"' + ', "a"' * 500 + "]", 6, "more than 500 choices"),
    "many materials": (HEAD + '[[materials]]\ntext = "a"\n' * 101, 203, "more than 100 materials"),
    "material": (HEAD + "[[materials]]\nsize = 1", 4, "unknown name size; known are field, text"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_wrong_is_said_with_its_line(case):
    content, line, reason = BROKEN[case]
    with pytest.raises(FileProblem) as found:
        parse_recipe(Path("bad.toml"), content.encode())
    assert (found.value.file.name, found.value.line) == ("bad.toml", line)
    assert str(found.value.reason).startswith(reason)


def test_a_text_that_looks_like_a_long_name_is_none():
    text = "a.b.c " * 200 + "." * 500 + "1. 2. 3. 4." + "x" * 1_000
    recipe = recipe_of("A", PromptDraft(framework="main", texts={"task": text}))
    assert parse_recipe(Path("x.toml"), recipe_to_toml(recipe).encode()) == recipe


def test_the_simplest_file():
    content = HEAD + '[texts]\ntask = "Write to {{recipient}}."'
    draft = PromptDraft(framework="main", texts={"task": "Write to {{recipient}}."})
    assert parse_recipe(Path("x.toml"), content.encode()) == Recipe(
        name="A", draft=draft, blanks=(Blank(name="recipient"),)
    )
