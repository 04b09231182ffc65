"""Prompts: their parts, how they are rendered, read back and varied."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.core.prompts.freeform_parser import reframed, take_apart, with_opening
from desktop.core.prompts.prompt import (
    Example,
    Language,
    Material,
    PromptDraft,
    draft_from_json,
    draft_to_json,
    moved_to,
    new_draft,
    tidied,
)
from desktop.core.prompts.render import (
    CHAIN_OF_THOUGHT_KEY,
    THINK_STEP_BY_STEP,
    SpanKind,
    fence_for,
    parse,
    render,
    reopened,
    tokens_by_field,
    words_of,
)
from desktop.core.prompts.variants import Omission, variants
from desktop.core.text.tokens import estimate_tokens
from tests.core.tables import MAIN, PLAIN, draft, table
from tests.support.frameworks import bundled_frameworks

# --- Drafts --------------------------------------------------------------------------------------------------------

DRAFT = PromptDraft(
    framework="main",
    texts={"task": "Summarise the mail.", "tone": "Friendly"},
    materials=(Material("task", 'He said """no""".\r\n'),),
    examples=(Example("a", "b"), Example("c", "")),
    chain_of_thought=True,
    examples_as_turns=True,
    dismissed=frozenset({"no_format"}),
)
ANY_TEXT = st.text(max_size=40)


@given(
    texts=st.dictionaries(ANY_TEXT, ANY_TEXT),
    materials=st.lists(st.builds(Material, ANY_TEXT, ANY_TEXT)).map(tuple),
    examples=st.lists(st.builds(Example, ANY_TEXT, ANY_TEXT, ANY_TEXT)).map(tuple),
    flags=st.tuples(st.booleans(), st.booleans()),
    dismissed=st.frozensets(ANY_TEXT),
)
def test_what_is_stored_comes_back(
    texts,
    materials,
    examples,
    flags,
    dismissed,
):
    draft = PromptDraft(
        framework="main",
        texts=texts,
        materials=materials,
        examples=examples,
        chain_of_thought=flags[0],
        examples_as_turns=flags[1],
        dismissed=dismissed,
    )
    assert draft_from_json(draft_to_json(draft)) == draft


def test_a_draft_of_a_later_version_is_read_as_far_as_it_is_known():
    stored = json.loads(draft_to_json(DRAFT)) | {"colour": "blue"}
    assert draft_from_json(json.dumps(stored)) == DRAFT
    assert draft_from_json('{"framework": "main"}') == PromptDraft(framework="main")


NO_DRAFTS = [
    "",
    "[]",
    "null",
    "{}",
    '{"framework": 1}',
    '{"framework": "m", "texts": []}',
    '{"framework": "m", "texts": {"a": 1}}',
    '{"framework": "m", "materials": [1]}',
    '{"framework": "m", "examples": [{"input": 1}]}',
    "[" * 100_000,
]


@pytest.mark.parametrize("stored", NO_DRAFTS, ids=lambda stored: stored[:40])
def test_what_is_no_draft_is_refused(stored):
    with pytest.raises(ValueError, match=r".*"):
        draft_from_json(stored)


def test_tidied_leaves_what_is_sent():
    draft = replace(
        DRAFT,
        texts={"tone": " Friendly\n", "task": "Do it", "persona": " \n", "gone": "x"},
        materials=(Material("tone", "b"), Material("task", " a\n"), Material("task", "\n"), Material("gone", "x")),
        examples=(Example("c", ""), Example(" ", "\n"), Example("a", "b")),
    )
    assert tidied(draft, MAIN) == PromptDraft(
        framework="main",
        texts={"task": "Do it", "tone": "Friendly"},
        materials=(Material("task", " a\n"), Material("tone", "b")),
        examples=(Example("a", "b"), Example("c", "")),
        chain_of_thought=True,
        examples_as_turns=True,
    )


def test_moving_to_another_framework_loses_no_words():
    draft = (
        PromptDraft(framework="main", chain_of_thought=True)
        .with_text("task", "Do it")
        .with_text("persona", "A clerk")
        .with_text("tone", "Warm")
        .with_material("context", "paste")
    )
    moved = moved_to(draft, MAIN, PLAIN, Language.ENGLISH)
    assert moved.framework == "plain"
    assert dict(moved.texts) == {"task": "Do it\n\nWarm", "role": "A clerk"}
    assert moved.materials == (Material("task", "paste"),)
    assert moved.chain_of_thought


# --- A framework that is chosen late -------------------------------------------------------------------------------

ZH, EN = Language.CHINESE, Language.ENGLISH


def frame(key):
    return next(each for each in bundled_frameworks() if each.key == key)


def test_what_says_more_than_the_opening_stands_below_it_and_comes_back():
    main, minutes = frame("main"), frame("minutes")
    task = "Write the minutes, and name at the end who was late with figures by 12 May"
    draft = PromptDraft(framework="main", texts={"task": task, "tone": "dry"}).with_examples(Example("a", "b"))
    made = reframed(draft, main, minutes, EN)
    assert made.text("task") == f"{minutes.task.start.en}\n{task}"
    assert made.text("format").endswith("dry")
    assert made.examples == (Example("a", "b"),)
    back = reframed(made, minutes, main, EN)
    assert back.text("task") == task
    assert reframed(new_draft(minutes, EN), minutes, main, EN).texts == {}


@pytest.mark.parametrize(
    ("language", "said", "pasted", "opening"),
    [
        (EN, "translate", "The goods are late and it was on the way to the hall.", "into Chinese."),
        (EN, "translate", "货物晚到了一个星期，请尽快处理。", "into English."),
        (EN, "translate into German", "", "into German."),
        (ZH, "翻译一下", "The goods are late and it was on the way to the hall.", "翻译成中文"),
        (ZH, "翻译一下", "货物晚到了一个星期，请尽快处理。", "翻译成英文"),
        (ZH, "帮我翻译成日语", "", "翻译成日语"),
    ],
)
def test_the_opening_names_the_language_that_is_meant(language, said, pasted, opening):
    translate = frame("translate")
    draft = PromptDraft(framework="translate", texts={"task": said})
    made = with_opening(draft.with_material("text", pasted) if pasted else draft, translate, language)
    assert opening in made.text("task")
    assert said not in made.text("task")


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Answer the complaint below of the hotel in Leeds, we deliver the chairs on 7 May", Language.ENGLISH),
        ("请针对下面的投诉给莱比锡酒店写封回信，说明椅子5月7日送到，费用由我们承担", Language.CHINESE),
    ],
)
def test_a_form_does_not_say_again_what_lies_below(said, language):
    form = frame("complaint")
    draft = reframed(PromptDraft(framework="main", texts={"task": said}), MAIN, form, language)
    words = "\n".join(draft.texts.values())
    assert words.count("below" if language is Language.ENGLISH else "下面") == 1
    opening = form.task.start.of(language)
    assert opening[-12:] in words
    assert with_opening(draft, form, language) == draft


# Messages, and the words of each that name a part or only ask, and may go.
SAID = {
    "minutes, short": "",
    "write the minutes of Tuesday": "the",
    "reply to Ann's mail: yes": "",
    "Regex for UK postcode": "",
    "translate 3 pages for Leeds into German": "",
    "Summarise the report. Keep it short. Think step by step about what Ann wants.": "",
    "You are a clerk, write to Tom. Use a friendly tone. Do not mention Hull.": "",
    "Write a notice, at most 5 lines. For example: Lift closed.": "for example",
    "Task: sum up May\nAudience: the board": "task audience",
    "纪要，短一点": "",
    "写周二的会议纪要": "",
    "vba 一键删除空行": "",
    "帮我写一条停电通知，参考上次的：“周五演练。”": "帮我",
    "请逐步分析客户为什么退货": "请",
    "你是资深编辑，给内刊起名，不超过五个字，语气轻松，写给老员工看": "",
}
WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+")


@pytest.mark.parametrize("said", SAID)
def test_no_word_is_lost_in_any_framework(said):
    main = frame("main")
    typed = PromptDraft(framework="main", texts={"task": said})
    wanted = {*WORD.findall(said.casefold())} - {*WORD.findall(SAID[said])}
    for each in bundled_frameworks():
        made = [take_apart(said, each), take_apart(said, each, sorts=False)]
        for found in (*made, *(reframed(typed, main, each, language) for language in (EN, ZH))):
            texts = [*found.texts.values(), *(material.text for material in found.materials)]
            texts += [f"{shown.input} {shown.output}" for shown in found.examples]
            assert wanted <= {*WORD.findall(" ".join(texts).casefold())}, each.key


# --- The exact text of a prompt, and that it can always be taken apart again ---------------------------------------

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


def test_a_fence_is_not_in_its_material():
    for material, *fence in CASES["fences"]:
        assert [fence_for(material).opening, fence_for(material).closing] == fence


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
        "task", "context", "example", "persona", "format", "tone", CHAIN_OF_THOUGHT_KEY,
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
    "Text:", "Text 1:", "文本：", "Input 1:", "Output 1:", "输入 2：", "Output:", THINK_STEP_BY_STEP.en,
    THINK_STEP_BY_STEP.zh, "{{name}}", "{{", "}}", "\r", "\r\n", "\u2028", "\x85", "\x0b", "\x1c",
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


# --- What can be left out of a prompt, to be compared with the whole -----------------------------------------------


def filled(texts):
    return PromptDraft(framework="", texts={"task": "Write.", **texts})


@pytest.mark.parametrize(
    ("key", "draft", "left_out"),
    [
        (
            "answer_mail",
            filled({"points": "Yes.", "tone": "Kind."}).with_material("mail", "When?"),
            ["tone"],
        ),
        ("notice", filled({"facts": "The lift is out of use on 14 June."}), []),
        ("notice", filled({"facts": "The lift is out.", "kind": "A warning."}), ["kind"]),
        ("minutes", filled({"notes": "Ms Lind opens.", "meeting": "The board."}), ["meeting"]),
        ("main", filled({"context": "We sell chairs.", "tone": "Kind."}), ["context", "tone"]),
        ("main", filled({"tone": "Kind."}).with_material("context", "a letter"), ["tone"]),
    ],
)
def test_what_the_task_works_on_is_never_left_out(key, draft, left_out):
    form = next(each for each in bundled_frameworks() if each.key == key)
    found = variants(replace(draft, framework=key), form)
    assert [each.field.key for each in found if each.field] == left_out
    for each in found:
        assert each.left_out <= set(left_out)


@given(drafts(MAIN), st.data())
def test_what_is_left_out_is_named_and_all_else_stays(draft, data):
    found = variants(draft, MAIN)
    if not found:
        return
    variant = data.draw(st.sampled_from(found))
    whole, without = render(draft, MAIN), render(variant.draft, MAIN)
    assert (whole.text, whole.turns) != (without.text, without.turns)
    kept = {span.field for span in without.spans} | ({"example"} if without.turns else set())
    assert not kept & variant.left_out
    assert {span.field for span in whole.spans} - variant.left_out <= kept
    named = {
        Omission.PART: {variant.field.key if variant.field else ""},
        Omission.EXAMPLES: {"example"},
        Omission.CHAIN_OF_THOUGHT: {CHAIN_OF_THOUGHT_KEY, "example"},
    }
    assert variant.left_out <= named.get(variant.omission, variant.left_out - {"task"})


# --- What a user has written of a message, without what a prompt put around it -------------------------------------

WORDS = table("prompts/words_of.toml")


HEADINGS = {"# Task", "# Context", "# 任务", "# 背景"}


@pytest.mark.parametrize(
    ("sent", "written"),
    WORDS["marks_of_a_prompt_are_left_out_and_nothing_else"],
)
def test_marks_of_a_prompt_are_left_out_and_nothing_else(sent, written):
    assert words_of(sent, HEADINGS) == written


def test_a_megabyte_of_lines_is_read_at_once():
    sent = "# Task\n\n" + 'Text:\n"""\nOne.\n"""\n' * 40_000
    assert words_of(sent, HEADINGS).count("One.") == 40_000
