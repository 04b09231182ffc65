"""Advice on drafts: each rule speaks where it should and is silent elsewhere, and its fix mends what it names."""

from __future__ import annotations

import time

import pytest

from desktop.core.advice.personal_data import find_personal
from desktop.core.advice.piece import Advice, AdviceKey, PromptSetting, Subject
from desktop.core.advice.rules import RULES, advise
from desktop.core.model import ModelInfo
from desktop.core.place import Place, PlaceKind
from desktop.core.prompts.prompt import Example, Material, PromptDraft, tidied
from desktop.core.prompts.render import language_of
from tests.core.advice.cases import CASES, INTERNET, LONG, NONE, R1, cases, draft
from tests.core.prompts.frameworks import MAIN
from tests.core.tables import table


def said(key: AdviceKey, of: PromptDraft, setting: PromptSetting) -> Advice | None:
    return RULES[key](Subject(tidied(of, MAIN), MAIN, language_of(of, MAIN), setting))


@pytest.mark.parametrize(("key", "of", "setting"), list(cases("given")))
def test_advice_is_given_and_its_fix_mends_it(key: AdviceKey, of: PromptDraft, setting: PromptSetting) -> None:
    advice = said(key, of, setting)
    assert advice is not None
    assert advice.key is key
    assert not advice.field or MAIN.field(advice.field)
    if advice.fix:
        mended = advice.fix(of)
        assert mended != of
        assert said(key, mended, setting) is None


@pytest.mark.parametrize(("key", "of", "setting"), list(cases("not_given")))
def test_advice_is_not_given(key: AdviceKey, of: PromptDraft, setting: PromptSetting) -> None:
    assert said(key, of, setting) is None


def test_every_rule_has_its_cases_in_both_languages() -> None:
    assert list(RULES) == list(AdviceKey)
    for which in ("given", "not_given"):
        languages = {(key, language_of(of, MAIN).value) for key, of, _ in cases(which)}
        assert languages == {(key, language) for key in AdviceKey for language in ("en", "zh")}


def test_what_is_dismissed_is_not_said_again() -> None:
    of = draft("Fix this text")
    keys = [each.key for each in advise(of, MAIN, NONE)]
    assert keys[0] is AdviceKey.TEXT_MISSING
    assert [each.key for each in advise(of.dismissing(keys[0]), MAIN, NONE)] == keys[1:]


def test_what_an_older_version_let_dismiss_is_passed_over() -> None:
    of = draft("Fix this text").dismissing("r1_examples")
    assert advise(of, MAIN, NONE)[0].key is AdviceKey.TEXT_MISSING


def test_nothing_is_said_of_an_empty_draft() -> None:
    setting = PromptSetting(model=R1, place=Place(PlaceKind.INTERNET, "x.test"), system="Be kind.")
    assert advise(PromptDraft(framework="main"), MAIN, setting) == []
    assert advise(draft(" \n"), MAIN, setting) == []


def test_the_most_useful_stands_first_and_one_thing_is_not_said_twice() -> None:
    of = draft("write the meeting minutes in short and in detail")
    assert [each.key for each in advise(of, MAIN, NONE)] == [AdviceKey.TEXT_MISSING, AdviceKey.CONTRADICTION]
    worse = draft("", f"{LONG} Ask anna@example.com.")
    assert advise(worse, MAIN, INTERNET)[0].key is AdviceKey.PERSONAL_DATA


def test_a_good_prompt_gets_no_advice() -> None:
    of = draft(
        "Write a reply to the complaint. Offer a new delivery date and apologise once, without excuses.",
        "We have waited for our chairs for three weeks.",
        context="We sell garden furniture; the supplier is a week late. The hotel has been a customer for ten years.",
        persona="You lead customer service and promise only what you can keep.",
        format="A mail of at most 120 words with a subject line.",
        tone="Warm and factual.",
    )
    assert advise(of, MAIN, INTERNET) == []
    chinese = draft(
        "给下面的投诉写一封回信：给出新的送货日期，只道歉一次。",
        "我们的椅子已经等了三周。",
        context="我们卖户外家具，供应商晚一周交货。对方是合作十年的老客户。",
        format="一封不超过 150 字的邮件，带主题。",
        tone="亲切、实在",
    )
    assert advise(chinese, MAIN, INTERNET) == []


def test_values_name_what_was_found() -> None:
    of = draft("Write to anna@example.com and bob@example.com.")
    advice = said(AdviceKey.PERSONAL_DATA, of, INTERNET)
    assert advice is not None
    assert advice.values == {"found": "anna@example.com", "count": 2, "host": "api.example.com"}


def test_personal_data_is_masked_alike_everywhere() -> None:
    of = PromptDraft(
        framework="main",
        texts={"task": "Write to Ms Berg (anna@example.com)."},
        materials=(Material("task", "From: anna@example.com\nTo: bob@example.com"),),
        examples=(Example("Ms Berg asks", "Dear Ms Berg"),),
    )
    advice = said(AdviceKey.PERSONAL_DATA, of, INTERNET)
    assert advice is not None
    assert advice.fix is not None
    masked = advice.fix(of)
    assert masked.text("task") == "Write to PERSON-1 (MAIL-1)."
    assert masked.materials[0].text == "From: MAIL-1\nTo: MAIL-2"
    assert masked.examples == (Example("PERSON-1 asks", "Dear PERSON-1"),)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@b.de, a@b.de", ["a@b.de", "a@b.de"]),
        ("Card 4111 1111 1111 1111, not 4111 1111 1111 1112", ["4111 1111 1111 1111"]),
        ("(212) 555-0199 or 212-555-0199", ["(212) 555-0199", "212-555-0199"]),
        ("030 / 123 456 78 and 0171-1234567", ["0171-1234567"]),
        ("03-05-2024, 3.5.2024, 1000000", []),
        ("GB82 WEST 1234 5698 7654 32", ["GB82 WEST 1234 5698 7654 32"]),
        ("Prof. Dr. Weber-Kunz and Mrs. O'Neil", ["Prof. Dr. Weber-Kunz", "Mrs. O'Neil"]),
        ("李明先生、张女士和项目经理", ["李明先生", "张女士"]),
        ("手机13812345678，订单 138123456789", ["13812345678"]),
    ],
)
def test_what_counts_as_personal(text: str, found: list[str]) -> None:
    assert [each.text for each in find_personal(text)] == found


HOSTILE = [
    "a" * 20_000,
    "把" * 20_000,
    "把 " * 10_000,
    "1 " * 10_000,
    "+1" * 10_000,
    "Text:\n" * 3_000,
    "not " * 5_000,
    "a.b@" * 5_000,
    "[" * 20_000,
    "{{" * 10_000,
    "，给" * 10_000,
    "and then " * 2_500,
    "\n" * 20_000,
    "、" * 20_000,
    "先再" * 10_000,
    ("把a" * 12 + "，") * 600,
    "for example: " * 1_500,
    "Mr A" * 5_000,
    " " * 19_000 + "x",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
@pytest.mark.parametrize("place", ["task", "context", "format"])
def test_no_text_makes_advice_slow(text: str, place: str) -> None:
    setting = PromptSetting(model=ModelInfo("r1"), window=100, place=INTERNET.place, system="x")
    began = time.thread_time()
    advise(draft("Write it.", text).with_text(place, f"x{text}x"), MAIN, setting)
    assert time.thread_time() - began < 0.25  # usual is 5 ms


def test_advice_on_a_usual_draft_of_20_kb_comes_within_a_frame() -> None:
    of = draft("Summarise the reports for the board.", LONG * 18, context=LONG[:800], format="Five points.")
    setting = PromptSetting(model=R1, place=INTERNET.place)
    advise(of, MAIN, setting)
    began = time.thread_time()
    for _ in range(5):
        advise(of, MAIN, setting)
    assert (time.thread_time() - began) / 5 < 0.03  # measured: 3 to 5 ms


def test_what_a_task_speaks_of_and_is_not_there_is_said_first() -> None:
    for phrase in CASES["missing"]:
        found = advise(draft(phrase), MAIN, NONE)
        assert found, phrase
        assert found[0].key is AdviceKey.TEXT_MISSING, phrase
    for phrase in CASES["not_missing"]:
        assert said(AdviceKey.TEXT_MISSING, draft(phrase), NONE) is None, phrase


@pytest.mark.parametrize(
    "task",
    [
        "Make this politer please I told you twice that the sheets are short and if not we go elsewhere",
        "帮我翻成英文你好上次的样品已经收到颜色偏深请重新打样周五前给我们谢谢语气客气点",
    ],
)
def test_text_that_runs_on_from_its_order_is_not_asked_for(task: str) -> None:
    assert advise(draft(task), MAIN, NONE) == []


_KINDS = {
    AdviceKey.TEXT_MISSING: "material",
    AdviceKey.MATERIAL_WITHOUT_TASK: "task",
    AdviceKey.NO_CONTEXT: "context",
    AdviceKey.VAGUE_WORD: "vague",
}


def test_what_others_wrote_gets_no_false_advice() -> None:
    """By 610 requests of four who did not know the rules, each with what a teacher says and never says."""
    model = ModelInfo("qwen2.5:7b", family="qwen2", capabilities=frozenset({"completion"}))
    setting = PromptSetting(model=model)
    requests = table("advice/phrases_of_others.toml")["prompt"]
    wrong, noticed, said_in_all = [], 0, 0
    for request in requests:
        found = [_KINDS.get(each.key, each.key) for each in advise(draft(request["text"]), MAIN, setting)]
        wrong += [(kind, request["text"]) for kind in found if kind in request["wrong"]]
        noticed += request["best"] == "material" == (found or ["none"])[0]
        said_in_all += len(found)
    assert len(wrong) / said_in_all < 0.01, wrong
    assert noticed / sum(each["best"] == "material" for each in requests) > 0.8
