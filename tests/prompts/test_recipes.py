"""Recipes as files: what is written is read again, a broken one is named, changes noticed, nothing is overwritten."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import StoreError
from desktop.core.prompts.prompt import Example, Material, PromptDraft
from desktop.core.recipes.recipe import (
    Blank,
    BlankKind,
    FileProblem,
    RecipeChanged,
    RecipeTooLarge,
    TextFault,
    recipe_of,
)
from desktop.prompts.kept_comments import with_comments
from desktop.prompts.recipe_folder import RecipeFolder
from desktop.prompts.recipes import DEFAULTS, parse_recipe, recipe_to_toml
from desktop.store.disk import disk_failures, write_or_refuse

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


def folder_at(path, *, is_shared=False):
    return RecipeFolder(path, write_or_refuse, disk_failures, is_shared=is_shared)


def recipe(name, task="Write to {{recipient}}."):
    return recipe_of(name, PromptDraft(framework="main", texts={"task": task}))


@pytest.fixture
def own(tmp_path):
    return folder_at(tmp_path / "recipes")


def test_the_first_recipe_makes_the_folder(own):
    assert own.read().recipes == ()
    added = own.add_recipe(recipe("Reply"))
    assert added.file == own.path / "Reply.toml"
    assert own.read().recipes == (added,)
    assert not list(own.path.glob(".*"))


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("投诉回信", "投诉回信.toml"),
        ("a/b\\c: what?", "a b c what.toml"),
        ("NUL", "NUL_.toml"),
        ("com1.txt", "com1_.txt.toml"),
        ("falcon", "falcon.toml"),
        ("../../etc", "etc.toml"),
        (" .. ", "recipe.toml"),
        ("x" * 300, "x" * 120 + ".toml"),
        ("信" * 300, "信" * 40 + ".toml"),
        ("a\u202eb\nc", "a b c.toml"),
    ],
)
def test_names_of_files_suit_every_system(own, name, file):
    added = own.add_recipe(recipe(name))
    assert added.file.name == file
    assert own.read().recipes == (added,)


def test_two_recipes_of_one_name_are_two_files(own):
    files = [own.add_recipe(recipe("Reply", task)).file.name for task in ("one", "two")]
    assert files == ["Reply.toml", "Reply 2.toml"]
    assert [each.recipe.draft.text("task") for each in own.read().recipes] == ["two", "one"]


def test_a_broken_file_is_named_and_the_others_load(own):
    for name in ("b", "A"):
        own.add_recipe(recipe(name))
    (own.path / "bad.toml").write_text('name = "A"\ncolour = 1', encoding="utf-8")
    (own.path / "notes.txt").write_text("no recipe", encoding="utf-8")
    (own.path / "._b.toml").write_bytes(b"\0\5\x16\7")
    (own.path / "folder.toml").mkdir()
    content = own.read()
    assert [each.recipe.name for each in content.recipes] == ["A", "b"]
    assert [(each.file.name, each.line) for each in content.problems] == [("bad.toml", 2), ("folder.toml", 0)]


def test_only_what_has_changed_is_read_again(own):
    own.add_recipe(recipe("A"))
    own.add_recipe(recipe("B"))
    [a, b] = own.read().recipes
    write_or_refuse(b.file, recipe_to_toml(recipe("B", "Something else")).encode())
    again = own.read().recipes
    assert again[0] is a
    assert again[1].recipe.draft.text("task") == "Something else"
    a.file.unlink()
    assert own.read().recipes == again[1:]


def test_what_another_program_has_written_is_not_overwritten_unasked(own):
    entry = own.add_recipe(recipe("Reply"))
    theirs = recipe_to_toml(recipe("Reply", "Theirs"))
    write_or_refuse(entry.file, theirs.encode())
    with pytest.raises(RecipeChanged):
        own.save(entry, recipe("Reply", "Mine"))
    assert own.read().recipes[0].recipe.draft.text("task") == "Theirs"
    [found] = own.read().recipes
    assert own.save(found, recipe("Reply", "Mine, too")) == own.read().recipes[0]


BY_HAND = """\
# Ours. Ask Mary before you change it.
framework = "main"   # not answer_mail
name = "Reply"

# who gets it
[[blanks]]
kind = "choice"
choices = ["near", "far"]  # as in the handbook
name = "how"

[[blanks]]   # comes by mail
name = "letter"

[texts]
# keep it short
task = "Answer {{letter}}, {{how}}"  # really
tone = \"""
Warm\"""

[[examples]]
input = "1"  # the first
output = "2"
[[examples]]
input = "3"  # the second
output = "4"
"""


def test_a_file_that_was_written_by_hand_keeps_its_comments_and_its_order(own):
    own.path.mkdir(parents=True)
    file = own.path / "Reply.toml"
    file.write_text(BY_HAND, encoding="utf-8")
    [entry] = own.read().recipes
    entry = own.save(entry, entry.recipe)
    assert file.read_text(encoding="utf-8") == BY_HAND
    how, letter = entry.recipe.blanks
    changed = replace(
        entry.recipe,
        draft=replace(
            entry.recipe.draft,
            texts={"task": "Answer {{letter}}\nto {{who}}, {{how}}"},
            examples=(entry.recipe.draft.examples[1], Example("5", "6")),
        ),
        blanks=(letter, replace(how, label="How?"), Blank(name="who")),
        about="For the desk",
    )
    assert own.save(entry, changed) == own.read().recipes[0]
    assert own.read().recipes[0].recipe == changed
    assert (
        file.read_text(encoding="utf-8")
        == """\
# Ours. Ask Mary before you change it.
framework = "main"   # not answer_mail
name = "Reply"

# who gets it
about = "For the desk"
[[blanks]]   # comes by mail
name = "letter"

[[blanks]]
kind = "choice"
choices = ["near", "far"]  # as in the handbook
name = "how"
label = "How?"

[[blanks]]
name = "who"
kind = "text"
required = true

[texts]
# keep it short
task = '''
Answer {{letter}}
to {{who}}, {{how}}'''  # really

[[examples]]
input = "3"  # the second
output = "4"
[[examples]]
input = "5"
output = "6"
"""
    )


def test_windows_line_ends_stay(own):
    own.path.mkdir(parents=True)
    file = own.path / "Reply.toml"
    file.write_bytes(BY_HAND.replace("\n", "\r\n").encode("utf-8-sig"))
    [entry] = own.read().recipes
    own.save(entry, replace(entry.recipe, about="For the desk"))
    written = file.read_bytes().decode()
    assert written == BY_HAND.replace("\n[[blanks]]", '\nabout = "For the desk"\n[[blanks]]', 1).replace("\n", "\r\n")


def test_a_file_that_has_gone_is_made_again(own):
    entry = own.add_recipe(recipe("Reply"))
    entry.file.unlink()
    assert own.save(entry, recipe("Reply", "Mine")) == own.read().recipes[0]


def test_what_is_deleted_can_be_brought_back(own):
    entry = own.add_recipe(recipe("Reply"))
    deleted = own.delete(entry)
    assert own.read().recipes == ()
    own.add_recipe(recipe("Reply", "Another one"))
    assert own.restore(deleted).name == "Reply 2.toml"
    assert len(own.read().recipes) == 2
    with pytest.raises(StoreError):
        own.restore(deleted)


def test_a_file_that_may_not_be_written_is_marked(own):
    entry = own.add_recipe(recipe("Reply"))
    entry.file.chmod(0o444)
    assert [each.is_writable for each in own.read().recipes] == [False]


def test_recipes_of_others_are_read_only(own):
    own.add_recipe(recipe("Reply"))
    [entry] = folder_at(own.path, is_shared=True).read().recipes
    assert (entry.key, entry.is_writable) == ("shared/Reply.toml", False)
    with pytest.raises(FileNotFoundError):
        folder_at(own.path / "gone", is_shared=True).read()


def test_a_folder_of_others_that_goes_while_it_is_read_has_not_lost_its_files(own, monkeypatch):
    own.add_recipe(recipe("Letter"))
    shared, scandir = folder_at(own.path, is_shared=True), os.scandir

    def scanned_and_gone(path):
        entries = scandir(path)
        own.path.rename(own.path.with_name("gone"))
        return entries

    monkeypatch.setattr(os, "scandir", scanned_and_gone)
    with pytest.raises(FileNotFoundError):
        shared.read()


def test_what_nobody_could_read_again_is_not_written(own):
    entry = own.add_recipe(recipe("Reply"))
    long = recipe("Long", "x" * 5_000_000)
    with pytest.raises(RecipeTooLarge):
        own.add_recipe(long)
    with pytest.raises(RecipeTooLarge):
        own.save(entry, long)
    assert own.read().recipes == (entry,)


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes among files")
def test_a_pipe_among_the_files_holds_up_nothing(own):
    own.path.mkdir()
    os.mkfifo(own.path / "pipe.toml")
    assert [each.reason.fault for each in own.read().problems] == [TextFault.NO_FILE]


@pytest.mark.skipif(os.name == "nt", reason="makes a link")
def test_a_file_that_may_not_be_looked_at_concerns_no_other(own):
    added = own.add_recipe(recipe("A"))
    (own.path / "loop.toml").symlink_to("loop.toml")
    content = own.read()
    assert content.recipes == (added,)
    assert [each.file.name for each in content.problems] == ["loop.toml"]
    assert own.read() == content


def test_one_file_goes_out_and_comes_in(own, tmp_path):
    entry = own.add_recipe(recipe("Reply", '"""{{recipient}}""" and \\{{text}}'))
    own.write_file(tmp_path / "mail.toml", entry.recipe)
    assert own.read_file(tmp_path / "mail.toml") == entry.recipe
