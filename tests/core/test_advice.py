"""Which advice is given, and which kind of task a text is taken for."""

from __future__ import annotations

import time

import pytest

from desktop.core.advice import (
    RULES,
    AdviceKey,
    HintKind,
    PromptSetting,
    Subject,
    TaskKind,
    advise,
    hint_after,
    hint_before,
    kind_of_task,
)
from desktop.core.message import Message, ReasoningPart, Role, TextPart, Timings
from desktop.core.model import ModelInfo
from desktop.core.models.facts import Distilled, ModelFacts, Reasoning
from desktop.core.personal_data import find_personal
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.prompts.prompt import tidied
from desktop.core.prompts.render import language_of
from desktop.core.request import ThinkingMode
from tests.core.tables import MAIN, draft, learned, table, whole

# --- Advice on drafts ----------------------------------------------------------------------------------------------

CASES = table("advice/cases.toml")
INTERNET = PromptSetting(place=Place(PlaceKind.INTERNET, "api.example.com"))
NONE = PromptSetting()
PLAIN = ModelInfo("llama3", capabilities=frozenset({"completion"}))
QWEN = ModelInfo("qwen3", capabilities=frozenset({"completion", "thinking"}), thinking_modes=(ThinkingMode.OFF,))
SWITCHED = ModelInfo("qwen3", thinking_modes=(ThinkingMode.ON, ThinkingMode.OFF))
R1 = ModelInfo("deepseek-r1:7b", capabilities=frozenset({"completion", "thinking"}))
SETTINGS = {
    "": NONE,
    "internet": INTERNET,
    "here": PromptSetting(place=THIS_COMPUTER),
    "later": PromptSetting(is_first=False),
    "plain": PromptSetting(model=PLAIN, window=4_096),
    "ruled": PromptSetting(model=PLAIN, window=4_096, system="rule " * 2_000),
    "qwen": PromptSetting(model=QWEN),
    "r1": PromptSetting(model=R1),
    "switched": PromptSetting(model=SWITCHED),
    "off": PromptSetting(model=SWITCHED, thinking_off=True),
}


def case(row):
    """The draft of a row and where it would go."""
    texts = dict(row) if isinstance(row, dict) else {"task": row}
    setting, material = texts.pop("setting", ""), whole(texts.pop("material", ""), CASES["texts"])
    return draft({**texts, "materials": [["task", material]] if material else []}), SETTINGS[setting]


def task(words):
    return draft({"task": words})


def cases(which):
    for key in AdviceKey:
        for row in CASES[which][key]:
            yield (key, *case(row))


def said(key, of, setting):
    return RULES[key](Subject(tidied(of, MAIN), MAIN, language_of(of, MAIN), setting))


@pytest.mark.parametrize(("key", "of", "setting"), list(cases("given")))
def test_advice_is_given_and_its_fix_mends_it(key, of, setting):
    advice = said(key, of, setting)
    assert advice is not None
    assert advice.key is key
    assert not advice.field or MAIN.field(advice.field)
    if advice.fix:
        mended = advice.fix(of)
        assert mended != of
        assert said(key, mended, setting) is None


@pytest.mark.parametrize(("key", "of", "setting"), list(cases("not_given")))
def test_advice_is_not_given(key, of, setting):
    assert said(key, of, setting) is None


def test_what_is_dismissed_is_not_said_again():
    of = task("write the meeting minutes in short and in detail").dismissing("r1_examples")  # of an older version
    assert [each.key for each in advise(of, MAIN, NONE)] == [AdviceKey.TEXT_MISSING, AdviceKey.CONTRADICTION]
    assert [each.key for each in advise(of.dismissing("text_missing"), MAIN, NONE)] == [AdviceKey.CONTRADICTION]
    of, setting = case({"task": "", "material": "{long} Ask anna@example.com.", "setting": "internet"})
    assert advise(of, MAIN, setting)[0].key is AdviceKey.PERSONAL_DATA


@pytest.mark.parametrize("row", CASES["nothing"])
def test_a_good_prompt_gets_no_advice(row):
    of, setting = case(row)
    assert advise(of, MAIN, setting) == []


def test_values_name_what_was_found():
    of = task("Write to anna@example.com and bob@example.com.")
    advice = said(AdviceKey.PERSONAL_DATA, of, INTERNET)
    assert advice is not None
    assert advice.values == {"found": "anna@example.com", "count": 2, "host": "api.example.com"}


def test_personal_data_is_masked_alike_everywhere():
    pair = ["Ms Berg asks", "Dear Ms Berg"]
    mails = ["task", "From: anna@example.com\nTo: bob@example.com"]
    of = draft({"task": "Write to Ms Berg (anna@example.com).", "materials": [mails], "examples": [pair]})
    advice = said(AdviceKey.PERSONAL_DATA, of, INTERNET)
    assert advice is not None
    assert advice.fix is not None
    masked = ["task", "From: MAIL-1\nTo: MAIL-2"]
    texts = {"task": "Write to PERSON-1 (MAIL-1).", "examples": [["PERSON-1 asks", "Dear PERSON-1"]]}
    assert advice.fix(of) == draft({**texts, "materials": [masked]})


@pytest.mark.parametrize(("text", "found"), CASES["personal"])
def test_what_counts_as_personal(text, found):
    assert [each.text for each in find_personal(text)] == found


@pytest.mark.parametrize("shape", CASES["hostile"])
@pytest.mark.parametrize("place", ["task", "context", "format"])
def test_no_text_makes_advice_slow(shape, place):
    text = whole(shape)
    setting = PromptSetting(model=ModelInfo("r1"), window=100, place=INTERNET.place, system="x")
    began = time.thread_time()
    advise(task("Write it.").with_material("task", text).with_text(place, f"x{text}x"), MAIN, setting)
    assert time.thread_time() - began < 0.25  # usual is 5 ms


def test_what_a_task_speaks_of_and_is_not_there_is_said_first():
    for phrase in CASES["missing"]:
        found = advise(task(phrase), MAIN, NONE)
        assert found, phrase
        assert found[0].key is AdviceKey.TEXT_MISSING, phrase
    for phrase in CASES["not_missing"]:
        assert said(AdviceKey.TEXT_MISSING, task(phrase), NONE) is None, phrase


_KINDS = {
    AdviceKey.TEXT_MISSING: "material",
    AdviceKey.MATERIAL_WITHOUT_TASK: "task",
    AdviceKey.NO_CONTEXT: "context",
    AdviceKey.VAGUE_WORD: "vague",
}


def test_what_others_wrote_gets_no_false_advice():
    """By 610 requests of four who did not know the rules, each with what a teacher says and never says.

    What they lack is learned from them.
    """
    model = ModelInfo("qwen2.5:7b", family="qwen2", capabilities=frozenset({"completion"}))
    setting = PromptSetting(model=model)
    requests = learned("requests_of_others")["prompt"]
    wrong, noticed, said_in_all = [], 0, 0
    for request in requests:
        found = [_KINDS.get(each.key, each.key) for each in advise(task(request["text"]), MAIN, setting)]
        wrong += [(kind, request["text"]) for kind in found if kind in request["wrong"]]
        noticed += request["best"] == "material" == (found or ["none"])[0]
        said_in_all += len(found)
    assert len(wrong) / said_in_all < 0.01, wrong
    assert noticed / sum(each["best"] == "material" for each in requests) > 0.8


# --- The word on model and task ------------------------------------------------------------------------------------

GENERAL = ModelFacts(title="Qwen", name="qwen", parameters=7_000_000_000)
PUPIL = ModelFacts(
    title="R1 7B", name="r1", parameters=7_000_000_000, reasoning=Reasoning.ALWAYS, distilled=Distilled("Qwen", "R1")
)
LARGE = ModelFacts(title="R1", name="r1", parameters=671_000_000_000, reasoning=Reasoning.ALWAYS)
STARTER = ModelFacts(title="Starter", name="s", parameters=360_000_000)


@pytest.mark.parametrize(
    ("kind", "facts", "mode", "said"),
    [
        (TaskKind.SUMS, GENERAL, ThinkingMode.AUTO, HintKind.THINK_FIRST),
        (TaskKind.LOGIC, GENERAL, ThinkingMode.AUTO, HintKind.THINK_FIRST),
        (TaskKind.CODE, GENERAL, ThinkingMode.AUTO, None),
        (TaskKind.SUMS, GENERAL, ThinkingMode.ON, None),
        (TaskKind.LETTER, GENERAL, ThinkingMode.AUTO, None),
        (TaskKind.SUMS, PUPIL, ThinkingMode.AUTO, HintKind.DISTILLED),
        (TaskKind.SUMS, LARGE, ThinkingMode.AUTO, None),
        (TaskKind.SUMS, STARTER, ThinkingMode.ON, HintKind.TINY),
        (TaskKind.LETTER, STARTER, ThinkingMode.AUTO, None),
    ],
)
def test_while_the_task_is_written(kind, facts, mode, said):
    found = hint_before(kind, facts, mode)
    assert (found.kind if found is not None else None) is said


@pytest.mark.parametrize(
    ("kind", "thought", "seconds", "is_said"),
    [
        (TaskKind.LETTER, "hm " * 400, 42.0, True),
        (TaskKind.TRANSLATION, "hm " * 400, 42.0, True),
        (TaskKind.LETTER, "hm " * 400, 2.0, False),
        (TaskKind.LETTER, "hm", 42.0, False),
        (TaskKind.SUMS, "hm " * 400, 42.0, False),
        (TaskKind.LETTER, "", 0.0, False),
    ],
)
def test_after_an_answer_that_was_mostly_thinking(kind, thought, seconds, is_said):
    parts = (*([ReasoningPart(thought)] if thought else []), TextPart("Dear Ms Berg, your chairs come on Friday. Kind"))
    answer = Message(role=Role.ASSISTANT, parts=parts, timings=Timings(thinking=seconds, answering=8.0))
    found = hint_after(kind, answer)
    assert (found is not None) is is_said
    if found is not None:
        assert (found.kind, found.thinking, found.total) == (HintKind.NO_THINKING, 42.0, 50.0)


# --- The kind of task that a text asks for, in two languages, and texts of which nothing can be told ---------------

KINDS = table("advice/task_kinds.toml")


@pytest.mark.parametrize(("text", "kind"), KINDS["kinds"])
def test_kinds(text, kind):
    assert (kind_of_task(text) or "") == kind


def test_only_the_ends_of_a_text_count_however_long_it_is():
    assert kind_of_task("Hello\n" + "calculate the total\n" * 50 + "Bye") is None
    assert kind_of_task("x" * 1_000_000) is None
