"""Tasks are recognised in the first line of a request, in both languages, and nothing else is taken for one."""

from __future__ import annotations

import time

import pytest

from desktop.core.tasks.frames import framework_for
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.tasks.office import guide_for, recognised_task
from desktop.core.tasks.weights import BUCKETS, TaskWeights, bucket_of, packed
from tests.core.tables import table
from tests.core.tasks.phrases import PHRASES, SILENT
from tests.support.frameworks import bundled_frameworks

CASES = table("tasks/orders.toml")
OTHERS = table("tasks/phrases_of_others.toml")["lines"]


def test_each_task_is_recognised_in_both_languages():
    wrong = [(text, task, recognised_task(text)) for task, text in PHRASES if recognised_task(text) is not task]
    assert wrong == []
    for task in OfficeTask:
        texts = [text for of, text in PHRASES if of is task]
        assert {text.isascii() for text in texts} == {True, False}, task


def test_what_asks_for_no_task_stays_silent():
    assert [(text, recognised_task(text)) for text in SILENT if recognised_task(text)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_others_wrote_is_recognised(language):
    """By 3,400 lines of four who knew nothing of each other, learned since with those beside the training."""
    lines = [(each, text) for each in OTHERS if each["language"] == language for text in each["texts"]]
    said = [(each, recognised_task(text.partition("\t")[0])) for each, text in lines]
    asked = [(each, task) for each, task in said if each["task"] != "none"]
    right = [each for each, task in asked if task in (each["task"], *each.get("also", ()))]
    named = [task for _, task in said if task is not None]
    assert len(right) / len(asked) > 0.95
    assert len(right) / len(named) > 0.97


def test_other_languages_stay_silent():
    lines = [text for each in OTHERS if each["language"] not in ("en", "zh") for text in each["texts"]]
    assert [line for line in lines if recognised_task(line)] == []


@pytest.mark.parametrize(("text", "task"), CASES["tasks"])
def test_the_order_is_found_where_it_stands(text, task):
    assert (recognised_task(text) or "") == task


def test_a_text_below_the_order_does_not_count():
    assert recognised_task("translate this\n\nDear Sirs, please write a report") is OfficeTask.TRANSLATE
    assert recognised_task("\n\n  写周报\n本周完成了翻译") is OfficeTask.WEEKLY_REPORT
    assert recognised_task("Dear Sirs,\nwe have waited for three weeks. Please translate.") is None


@pytest.mark.parametrize(("text", "guide"), CASES["guides"])
def test_there_is_a_guide_for_every_request_of_some_length(text, guide):
    assert guide_for(text) == guide


def test_no_text_makes_it_slow():
    hostile = ("a" * 5_000_000, "把" * 100_000, "write " * 50_000, "写" * 50_000, "，给" * 50_000, "\n" * 100_000)
    for text in hostile:
        began = time.thread_time()
        recognised_task(text)
        assert time.thread_time() - began < 0.2, text[:8]  # of the processor; usual is 0.2 ms


def test_weights_are_rounded_to_a_step_and_found_again():
    rows = [[0.0] * 3 for _ in range(BUCKETS)]
    rows[bucket_of("a")] = [4.0, -2.0, 0.1]
    weights = TaskWeights.from_bytes(packed(rows))
    assert weights.of(["a"], 3) == pytest.approx([3.2, -2.0, 0.12])
    assert weights.of([], 3) == [0.0, 0.0, 0.0]


def test_each_framework_that_is_named_for_a_task_is_there():
    keys = {each.key for each in bundled_frameworks() if each.is_ready_made}
    assert keys == {framework_for(task) for task in OfficeTask} - {""}
