"""A folder of recipes on disk: what is broken is named, what others have changed is noticed, nothing is overwritten."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from desktop.core.errors import StoreError
from desktop.core.prompts.file_problem import TextFault
from desktop.core.prompts.prompt import Example, PromptDraft
from desktop.core.recipes.recipe import Blank, RecipeChanged, RecipeTooLarge, recipe_of
from desktop.prompts.recipe_folder import RecipeFolder
from desktop.prompts.recipes import recipe_to_toml
from desktop.store.disk import disk_failures, write_or_refuse


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
