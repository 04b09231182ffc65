"""Finding in the help, in both languages."""

from __future__ import annotations

import pytest

from desktop.core.teaching.finding import KeyHelp, find_help
from desktop.core.teaching.lesson import HelpTerm, Lesson
from tests.ui.teaching.scenes import the_help

KEYS = [KeyHelp("新建对话", "New conversation", "Ctrl+N"), KeyHelp("重新开始", "Start fresh", "Ctrl+Shift+N")]


def names(text: str) -> list[str]:
    found = find_help(text, the_help(), KEYS)
    return [each.key if isinstance(each, Lesson | HelpTerm) else each.keys for each in found]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("distilled", "distilled"),
        ("蒸馏", "distilled"),
        ("hallucination", "inventing"),
        ("幻觉", "inventing"),
        ("词元", "token"),
        ("MoE", "experts"),
        ("A35B", "sizes"),
        ("推理模型", "thinking-models"),
        ("MLA", "distilled"),
        ("ctrl+n", "Ctrl+N"),
        ("new conversation", "Ctrl+N"),
        ("新建对话", "Ctrl+N"),
    ],
)
def test_the_best_hit_stands_first_in_either_language(text: str, first: str) -> None:
    assert names(text)[0] == first


def test_all_words_are_wanted_and_none_finds_nothing() -> None:
    assert "places" in names("ollama vllm")
    assert names("ollama zebra") == []
    assert names("  ") == []
