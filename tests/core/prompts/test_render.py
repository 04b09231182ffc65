"""The exact text of a prompt, and that it can always be taken apart again."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.core.message import Role
from desktop.core.prompts import marks
from desktop.core.prompts.parse import parse, reopened
from desktop.core.prompts.prompt import (
    Example,
    Language,
    Material,
    PromptDraft,
    PromptFile,
    PromptFramework,
    draft_from_json,
    draft_to_json,
    missing_fields,
    tidied,
)
from desktop.core.prompts.render import SpanKind, language_of, render, tokens_by_field
from desktop.core.text.tokens import estimate_tokens
from tests.core.prompts.frameworks import MAIN, PLAIN

EMPTY = PromptDraft(framework="main")

FULL = PromptDraft(
    framework="main",
    texts={
        "task": "Write a reply to this complaint.",
        "context": "We sell garden furniture.",
        "persona": "You are a clerk in customer service.",
        "format": "A mail of at most 120 words.",
        "tone": "Warm, without excuses.",
    },
    materials=(Material("task", "My chair broke."), Material("context", 'Our rule: """no refunds""".')),
    examples=(Example("Table came late.", "Dear Ms Li, …"), Example("", "Dear Mr Berg, …")),
    chain_of_thought=True,
)
FULL_TEXT = '''# Task
Write a reply to this complaint.

Text:
"""
My chair broke.
"""

# Context
We sell garden furniture.

Text:
""""
Our rule: """no refunds""".
""""

# Examples
Input 1:
"""
Table came late.
"""

Output 1:
"""
Dear Ms Li, …
"""

Output 2:
"""
Dear Mr Berg, …
"""

# Persona
You are a clerk in customer service.

# Format
A mail of at most 120 words.

# Tone
Warm, without excuses.

Think step by step before you answer, then give the final answer.'''


def test_a_full_prompt() -> None:
    assert render(FULL, MAIN).text == FULL_TEXT


def test_a_full_prompt_in_chinese() -> None:
    draft = PromptDraft(
        framework="main",
        texts={"task": "把下面两段话合并成一段。", "tone": "正式"},
        materials=(Material("task", "甲"), Material("task", "乙")),
        examples=(Example("丙", "丁"),),
        chain_of_thought=True,
    )
    assert render(draft, MAIN).text == (
        '# 任务\n把下面两段话合并成一段。\n\n文本 1：\n"""\n甲\n"""\n\n文本 2：\n"""\n乙\n"""\n\n'
        '# 示例\n输入 1：\n"""\n丙\n"""\n\n输出 1：\n"""\n丁\n"""\n\n'
        "# 语气\n正式\n\n请先一步一步地思考，然后再给出最后的答案。"
    )


def test_a_task_alone_has_no_heading() -> None:
    draft = EMPTY.with_text("task", " Fix the spelling. \n")
    assert render(draft, MAIN).text == "Fix the spelling."
    assert render(draft.with_material("task", "Teh"), MAIN).text == 'Fix the spelling.\n\nText:\n"""\nTeh\n"""'
    assert render(EMPTY.with_material("task", "Teh"), MAIN).text == '"""\nTeh\n"""'


def test_a_single_material_below_its_heading_needs_no_label() -> None:
    draft = PromptDraft(framework="plain", texts={"task": "Sum up."}, materials=(Material("document", "Long."),))
    assert render(draft, PLAIN).text == '# Task\nSum up.\n\n# Document\n"""\nLong.\n"""'


def test_the_steps_of_an_example_are_sent_where_the_model_is_asked_to_think() -> None:
    example = Example("12 × 340", "4,080", "12 × 340 = 3,600 + 480")
    draft = PromptDraft(framework="main", texts={"task": "Add up."}, examples=(example,), chain_of_thought=True)
    text = render(draft, MAIN).text
    assert 'Input 1:\n"""\n12 × 340\n"""\n\nReasoning 1:\n"""\n12 × 340 = 3,600 + 480\n"""\n\nOutput 1:' in text
    assert parse(text, MAIN) == draft
    assert "Reasoning" not in render(replace(draft, chain_of_thought=False), MAIN).text
    turns = render(replace(draft, examples_as_turns=True), MAIN).turns
    assert turns[1] == (Role.ASSISTANT, "12 × 340 = 3,600 + 480\n\n4,080")


def test_examples_find_a_place_in_a_framework_without_one() -> None:
    draft = PromptDraft(framework="plain", texts={"task": "Sum up."}, examples=(Example("a", "b"),))
    text = render(draft, PLAIN).text
    assert text.endswith('# Examples\nInput 1:\n"""\na\n"""\n\nOutput 1:\n"""\nb\n"""')
    assert text.startswith("# Task\n")


def test_examples_as_turns_are_said_before() -> None:
    draft = PromptDraft(
        framework="main",
        texts={"task": "Sum up."},
        examples=(Example("only input", ""), Example("a", "b"), Example("c", "d")),
        examples_as_turns=True,
    )
    prompt = render(draft, MAIN)
    assert prompt.turns == ((Role.USER, "a"), (Role.ASSISTANT, "b"), (Role.USER, "c"), (Role.ASSISTANT, "d"))
    assert prompt.text == '# Task\nSum up.\n\n# Examples\nInput 1:\n"""\nonly input\n"""'


def test_an_empty_draft_is_an_empty_prompt() -> None:
    prompt = render(EMPTY, MAIN)
    assert (prompt.text, prompt.spans, prompt.turns) == ("", (), ())
    assert tokens_by_field(prompt) == {}


@pytest.mark.parametrize(
    ("material", "opening", "closing"),
    [
        ("plain", '"""', '"""'),
        ('"quoted"', '"""', '"""'),
        ('a """ b', '""""', '""""'),
        ('a """"" b', '""""""', '""""""'),
        ('a """""" b', "<text>", "</text>"),
        ('""""""""""""', "<text>", "</text>"),
        ('"""""" <text>', "<text-2>", "</text-2>"),
        ('"""""" </text> </text-2> <text-4>', "<text-3>", "</text-3>"),
        ('"""""" <text-2>', "<text>", "</text>"),
    ],
)
def test_a_fence_is_not_in_its_material(material: str, opening: str, closing: str) -> None:
    fence = marks.fence_for(material)
    assert (fence.opening, fence.closing) == (opening, closing)


def test_words_that_look_like_a_mark_are_fenced() -> None:
    draft = EMPTY.with_text("task", "Explain this:\n# Context\nWhat is meant?")
    assert render(draft, MAIN).text == "<words>\nExplain this:\n# Context\nWhat is meant?\n</words>"
    assert tidied(parse(render(draft, MAIN).text, MAIN), MAIN) == draft


@pytest.mark.parametrize(
    ("draft", "language"),
    [
        (EMPTY, Language.CHINESE),
        (EMPTY.with_text("task", "Translate into Chinese: 你好世界你好世界"), Language.CHINESE),
        (EMPTY.with_text("task", "Translate this greeting into Chinese: 你好"), Language.ENGLISH),
        (EMPTY.with_text("task", "把这个翻译成英文").with_material("task", "Long English text " * 9), Language.CHINESE),
        (EMPTY.with_text("tone", "warm").with_material("task", "你好世界"), Language.ENGLISH),
        (EMPTY.with_material("task", "Hello"), Language.ENGLISH),
        (EMPTY.with_examples(Example("Hello", "")), Language.ENGLISH),
        (EMPTY.with_text("task", "123"), Language.CHINESE),
    ],
)
def test_the_language_is_that_of_the_task(draft: PromptDraft, language: Language) -> None:
    assert language_of(draft, MAIN, default=Language.CHINESE) is language


def test_spans_tell_what_is_what() -> None:
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


def test_tokens_are_counted_for_each_part_and_for_turns() -> None:
    prompt = render(FULL, MAIN)
    counts = tokens_by_field(prompt)
    assert sum(counts.values()) == pytest.approx(estimate_tokens(prompt.text), rel=0.1)
    turned = render(EMPTY.with_text("task", "Go").with_examples(Example("abcd" * 10, "abcd" * 10)), MAIN)
    assert turned.text
    as_turns = PromptDraft(framework="main", examples=(Example("abcd" * 10, "x"),), examples_as_turns=True)
    assert tokens_by_field(render(as_turns, MAIN)) == {"example": pytest.approx(10.25)}


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
def drafts(draw: st.DrawFn, framework: PromptFramework) -> PromptDraft:
    keys = st.sampled_from([each.key for each in framework.fields])
    return PromptDraft(
        framework=framework.key,
        texts=draw(st.dictionaries(keys, TEXTS)),
        materials=draw(st.lists(st.builds(Material, keys, TEXTS), max_size=4).map(tuple)),
        examples=draw(st.lists(st.builds(Example, TEXTS, TEXTS, TEXTS), max_size=4).map(tuple)),
        chain_of_thought=draw(st.booleans()),
        examples_as_turns=draw(st.booleans()),
    )


@example(EMPTY.with_text("task", '"""\n# Task\n"""').with_material("task", "Text:\n").with_material("task", '"'))
@example(FULL)
@given(drafts(MAIN) | drafts(PLAIN))
def test_a_prompt_can_always_be_taken_apart_again(draft: PromptDraft) -> None:
    framework = next(each for each in (MAIN, PLAIN) if each.key == draft.framework)
    prompt = render(draft, framework)
    assert parse(prompt.text, framework, prompt.turns) == tidied(draft, framework)
    ends = [0, *(at for each in prompt.spans for at in (each.start, each.end)), len(prompt.text)]
    assert ends == sorted(ends)
    for before, after in pairwise(prompt.spans):
        assert prompt.text[before.end : after.start] in ("\n", "\n\n")


def test_a_sent_prompt_is_reopened_in_the_framework_that_it_came_from() -> None:
    draft = PromptDraft(framework="plain", texts={"task": "Sum up.", "audience": "The board"})
    assert reopened(render(draft, PLAIN).text, [MAIN, PLAIN]) == draft
    assert reopened(FULL_TEXT, [PLAIN, MAIN]) == FULL


@pytest.mark.parametrize(
    "text", ["", "Hello", "# Task\n", "# Task\nDo\n", FULL_TEXT + "\nAnd more.", "Do.\n\n# Context\nx"]
)
def test_other_texts_are_not_taken_for_a_sent_prompt(text: str) -> None:
    assert reopened(text, [MAIN, PLAIN]) is None


@pytest.mark.parametrize("language", list(Language))
def test_files_are_referred_to_and_found_again(language: Language) -> None:
    framework = MAIN
    words = "请比较这两份文件。" if language is Language.CHINESE else "Compare the two."
    files = (PromptFile("context", 'a "b".txt'), PromptFile("context", "价目表.xlsx"))
    draft = PromptDraft(framework="main", texts={"task": words, "context": "Mine."}, files=files)
    prompt = render(draft, framework)
    assert reopened(prompt.text, [framework]) == draft
    assert [span.field for span in prompt.spans if span.kind is SpanKind.FILE] == ["context", "context"]


def test_words_that_look_like_a_reference_stay_words() -> None:
    framework = MAIN
    draft = PromptDraft(framework="main", texts={"task": 'See the file "x.txt".', "context": "Here."})
    assert reopened(render(draft, framework).text, [framework]) == draft


def test_a_file_in_a_required_part_is_enough() -> None:
    framework = MAIN
    draft = PromptDraft(framework="main", files=(PromptFile("task", "list.txt"),))
    assert missing_fields(draft, framework) == ()
    assert render(draft, framework).text == 'See the file "list.txt".'
    assert draft_from_json(draft_to_json(draft)) == draft
