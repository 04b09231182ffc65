"""What is wrong with a file that was written by hand, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from desktop.core.prompts.file_problem import FileProblem, TextFault
from desktop.prompts.recipes import parse_recipe
from desktop.ui.recipes.words import file_problem, reason_words
from tests.prompts import test_recipes
from tests.ui.languages import speaking

# What may stand in a Chinese reason: names in the file and in the format.
_NAMES = {
    "own",
    "toml",
    "utf",
    "key",
    "kind",
    "name",
    "choice",
    "choices",
    "task",
    "examples",
    "texts",
    "true",
    "false",
}


def test_every_fault_has_its_words_in_both_languages(qapp):
    for fault in TextFault:
        assert reason_words(fault.of("1", "2")) == str(fault.of("1", "2"))
    with speaking(qapp, "zh_CN"):
        for fault in TextFault:
            said = reason_words(fault.of("1", "2", "3"))
            assert re.search("[一-鿿]", said), said
            assert {each.casefold() for each in re.findall("[A-Za-z]{3,}", said)} <= _NAMES, said


def test_a_recipe_that_python_cannot_read_is_told_of_in_chinese(qapp):
    told = {}
    for content in (
        'name = "a\n',
        "name = ",
        'name = "a"\nname = "b"',
        "name",
        '= "a"',
        'name = "a" b',
        'a = "\\q"',
        "a = [1",
    ):
        try:
            parse_recipe(Path("坏.toml"), content.encode())
        except FileProblem as problem:
            with speaking(qapp, "zh_CN"):
                told[content] = file_problem(problem)
    assert told['name = "a\n'].startswith("坏.toml，第 1 行：")
    assert len(told) == 8
    assert not [each for each in told.values() if "TOML 格式" in each]
    assert test_recipes.BROKEN
