"""Finding in the help, in both languages."""

from __future__ import annotations

import pytest

from desktop.core.teaching import HelpTerm, KeyHelp, Lesson, find_help
from tests.core.tables import table
from tests.ui.page_scenes import the_help

CASES = table("teaching/finding.toml")


KEYS = [KeyHelp("新建对话", "New conversation", "Ctrl+N"), KeyHelp("重新开始", "Start fresh", "Ctrl+Shift+N")]


def names(text):
    found = find_help(text, the_help(), KEYS)
    return [each.key if isinstance(each, Lesson | HelpTerm) else each.keys for each in found]


@pytest.mark.parametrize(
    ("text", "first"),
    CASES["the_best_hit_stands_first_in_either_language"],
)
def test_the_best_hit_stands_first_in_either_language(text, first):
    assert names(text)[0] == first


def test_all_words_are_wanted_and_none_finds_nothing():
    assert "places" in names("ollama vllm")
    assert names("ollama zebra") == []
    assert names("  ") == []
