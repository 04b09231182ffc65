"""Limits, refusals and examples that stand within a request go to the parts that they belong to."""

from __future__ import annotations

import pytest

from desktop.core.prompts.framing import reframed, with_opening
from desktop.core.prompts.freeform_parser import take_apart
from desktop.core.prompts.prompt import Language, PromptDraft
from tests.core.prompts.frameworks import MAIN
from tests.support.frameworks import bundled_frameworks

# What is written → the texts of its parts, and the outputs of its examples.
CASES: dict[str, tuple[dict[str, str], list[str]]] = {
    'Reply to the complaint. Use at most five sentences. Do not use jargon. For example: "We are sorry."': (
        {"task": "Reply to the complaint.", "format": "Use at most five sentences. Do not use jargon."},
        ['"We are sorry."'],
    ),
    'Write a notice about the lift, at most five sentences, do not use jargon, for example "Lift closed".': (
        {"task": "Write a notice about the lift", "format": "at most five sentences, do not use jargon"},
        ['"Lift closed".'],
    ),
    "Summarise the report in at most five sentences and do not use abbreviations.": (
        {"task": "Summarise the report", "format": "in at most five sentences, and do not use abbreviations."},
        [],
    ),
    "帮我写一封催款邮件，客户是老客户，不超过150字，不要用感叹号，例如“请于本周五前付款”，语气客气；周五前要发出。": (
        {
            "task": "帮我写一封催款邮件，周五前要发出。",
            "context": "客户是老客户",
            "format": "不超过150字，不要用感叹号",
            "tone": "语气客气",
        },
        ["“请于本周五前付款”"],
    ),
    "写个通知，最多五句话，别用术语；比如：电梯停用。": (
        {"task": "写个通知", "format": "最多五句话，别用术语"},
        ["电梯停用。"],
    ),
    # An example that is to be found, and none that is shown.
    "Explain VAT, for example with a hotel bill": ({"task": "Explain VAT, for example with a hotel bill"}, []),
    "解释增值税，比如用酒店账单": ({"task": "解释增值税，比如用酒店账单"}, []),
}


@pytest.mark.parametrize("said", CASES)
def test_wishes_leave_the_task(said: str) -> None:
    texts, examples = CASES[said]
    draft = take_apart(said, MAIN)
    assert dict(draft.texts) == texts
    assert [each.output for each in draft.examples] == examples


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Answer the complaint below of the hotel in Leeds, we deliver the chairs on 7 May", Language.ENGLISH),
        ("请针对下面的投诉给莱比锡酒店写封回信，说明椅子5月7日送到，费用由我们承担", Language.CHINESE),
    ],
)
def test_a_form_does_not_say_again_what_lies_below(said: str, language: Language) -> None:
    form = next(each for each in bundled_frameworks() if each.key == "complaint")
    draft = reframed(PromptDraft(framework="main", texts={"task": said}), MAIN, form, language)
    words = "\n".join(draft.texts.values())
    assert words.count("below" if language is Language.ENGLISH else "下面") == 1
    opening = form.task.start.of(language)
    assert opening[-12:] in words
    assert with_opening(draft, form, language) == draft


def test_a_form_sorts_chinese_clause_by_clause() -> None:
    form = next(each for each in bundled_frameworks() if each.key == "complaint")
    draft = take_apart("帮我回复下面的投诉，不超过150字；语气诚恳", form)
    assert dict(draft.texts) == {"task": "帮我回复下面的投诉", "format": "不超过150字", "tone": "语气诚恳"}
