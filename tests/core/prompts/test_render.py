"""The exact text of a prompt, and that it can always be taken apart again."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.core.prompts import marks
from desktop.core.prompts.parse import parse, reopened
from desktop.core.prompts.prompt import (
    Example,
    Language,
    Material,
    PromptDraft,
    draft_from_json,
    draft_to_json,
    missing_fields,
    tidied,
)
from desktop.core.prompts.render import SpanKind, language_of, render, tokens_by_field
from desktop.core.text.tokens import estimate_tokens
from tests.core.prompts.frameworks import MAIN, PLAIN
from tests.core.tables import draft, table

CASES = table("prompts/render.toml")
FULL = draft(CASES["full"]["draft"])
DRAFTS = [name for name, case in CASES.items() if "draft" in case]


@pytest.mark.parametrize("name", DRAFTS)
def test_a_prompt_is_sent_and_opened_again(name):
    case, of = CASES[name], draft(CASES[name]["draft"])
    prompt = render(of, MAIN if of.framework == "main" else PLAIN)
    assert prompt.text == case.get("text", prompt.text)
    assert [list(turn) for turn in prompt.turns] == case.get("turns", [])
    files = [span.field for span in prompt.spans if span.kind is SpanKind.FILE]
    assert files == [file.field for file in of.files]
    assert draft_from_json(draft_to_json(of)) == of
    if "opens" in case:
        assert reopened(prompt.text, [MAIN, PLAIN]) == reopened(prompt.text, [PLAIN, MAIN]) == of


@pytest.mark.parametrize("text", [*CASES["no_prompts"], f"{CASES['full']['text']}\nAnd more."])
def test_other_texts_are_not_taken_for_a_sent_prompt(text):
    assert reopened(text, [MAIN, PLAIN]) is None


def test_a_file_in_a_required_part_is_enough():
    assert missing_fields(draft(CASES["a_file_alone"]["draft"]), MAIN) == ()


def test_a_fence_is_not_in_its_material():
    for material, *fence in CASES["fences"]:
        assert [marks.fence_for(material).opening, marks.fence_for(material).closing] == fence


def test_the_language_is_that_of_the_task():
    for of, language in CASES["languages"]:
        assert language_of(draft(of), MAIN, default=Language.CHINESE) == language


def test_spans_tell_what_is_what():
    prompt = render(FULL, MAIN)
    of_task = [(each.kind, prompt.text[each.start : each.end]) for each in prompt.spans if each.field == "task"]
    assert of_task == [
        (SpanKind.HEADING, "# Task"),
        (SpanKind.WORDS, "Write a reply to this complaint."),
        (SpanKind.LABEL, "Text:"),
        (SpanKind.MATERIAL, '"""\nMy chair broke.\n"""'),
    ]
    assert list(dict.fromkeys(each.field for each in prompt.spans)) == [
        "task", "context", "example", "persona", "format", "tone", marks.CHAIN_OF_THOUGHT_KEY,
    ]  # fmt: skip


def test_tokens_are_counted_for_each_part_and_for_turns():
    prompt = render(FULL, MAIN)
    assert sum(tokens_by_field(prompt).values()) == pytest.approx(estimate_tokens(prompt.text), rel=0.1)
    as_turns = PromptDraft(framework="main", examples=(Example("abcd" * 10, "x"),), examples_as_turns=True)
    assert tokens_by_field(render(as_turns, MAIN)) == {"example": pytest.approx(10.25)}
    assert tokens_by_field(render(draft({}), MAIN)) == {}


# Lines that imitate the marks of a prompt, and what else has tripped parsers.
MARKS = [
    "# Task", "# Context", "# 任务", "# Examples", "# 示例", "# Example", "# Document",
    '"""', '""""', '""""""', '"' * 9, "<text>", "</text>", "<text-2>", "<words>", "</words>", "<words-2>", "</words-2>",
    "Text:", "Text 1:", "文本：", "Input 1:", "Output 1:", "输入 2：", "Output:", marks.THINK_STEP_BY_STEP.en,
    marks.THINK_STEP_BY_STEP.zh, "{{name}}", "{{", "}}", "\r", "\r\n", "\u2028", "\x85", "\x0b", "\x1c",
    "\u202eאבג", "مرحبا", " ", "", "\n", "\t", "你好", "word", "\ufeff", "\0",
]  # fmt: skip
PIECES = st.one_of(st.sampled_from(MARKS), st.text(max_size=8))
GLUE = st.sampled_from(["\n", "\n", "\n\n", "", "\r\n"])
TEXTS = st.builds(str.join, GLUE, st.lists(PIECES, max_size=6))


@st.composite
def drafts(draw, framework):
    keys = st.sampled_from([each.key for each in framework.fields])
    return PromptDraft(
        framework=framework.key,
        texts=draw(st.dictionaries(keys, TEXTS)),
        materials=draw(st.lists(st.builds(Material, keys, TEXTS), max_size=4).map(tuple)),
        examples=draw(st.lists(st.builds(Example, TEXTS, TEXTS, TEXTS), max_size=4).map(tuple)),
        chain_of_thought=draw(st.booleans()),
        examples_as_turns=draw(st.booleans()),
    )


@example(draft({"task": '"""\n# Task\n"""', "materials": [["task", "Text:\n"], ["task", '"']]}))
@example(FULL)
@given(drafts(MAIN) | drafts(PLAIN))
def test_a_prompt_can_always_be_taken_apart_again(of):
    framework = next(each for each in (MAIN, PLAIN) if each.key == of.framework)
    prompt = render(of, framework)
    assert parse(prompt.text, framework, prompt.turns) == tidied(of, framework)
    ends = [0, *(at for each in prompt.spans for at in (each.start, each.end)), len(prompt.text)]
    assert ends == sorted(ends)
    for before, after in pairwise(prompt.spans):
        assert prompt.text[before.end : after.start] in ("\n", "\n\n")
