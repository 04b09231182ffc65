"""A framework that is chosen late: what was written is sorted, the opening sentence stays, no word goes."""

from __future__ import annotations

import re

import pytest

from desktop.core.prompts.framing import reframed, with_opening
from desktop.core.prompts.freeform_parser import take_apart
from desktop.core.prompts.prompt import Example, Language, Material, PromptDraft, PromptFile, new_draft
from tests.core.prompts.frameworks import MAIN
from tests.support.frameworks import bundled_frameworks

ZH, EN = Language.CHINESE, Language.ENGLISH


def frame(key):
    return next(each for each in bundled_frameworks() if each.key == key)


def test_what_was_written_is_sorted_below_the_opening():
    main, complaint = frame("main"), frame("complaint")
    draft = PromptDraft(
        framework="main",
        texts={"task": "帮我回复客户投诉，态度好一点，不超过150字，客户是合作三年的老客户"},
        materials=(Material("task", "我的椅子坏了。"),),
        files=(PromptFile("context", "单据.pdf"), PromptFile("task", "照片.pdf")),
    )
    made = reframed(draft, main, complaint, ZH)
    assert dict(made.texts) == {
        "task": f"{complaint.task.start.zh}\n帮我回复客户投诉，客户是合作三年的老客户",
        "tone": "态度好一点",
        "format": "不超过150字",
    }
    assert made.materials == (Material("complaint", "我的椅子坏了。"),)
    assert [each.field for each in made.files] == ["remedy", "complaint"]


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


def test_a_framework_without_an_opening_leaves_the_words_alone():
    draft = PromptDraft(framework="main", texts={"task": "Do it"})
    assert with_opening(draft, MAIN, EN) == draft


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
        for draft in (*made, *(reframed(typed, main, each, language) for language in (EN, ZH))):
            texts = [*draft.texts.values(), *(material.text for material in draft.materials)]
            texts += [f"{shown.input} {shown.output}" for shown in draft.examples]
            assert wanted <= {*WORD.findall(" ".join(texts).casefold())}, each.key
