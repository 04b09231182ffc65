"""Tasks are recognised in the first line of a request, in both languages, and nothing else is taken for one."""

from __future__ import annotations

import time
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from desktop.core.tasks.frames import framework_for
from desktop.core.tasks.guide import GENERAL
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.tasks.office import guide_for, recognised_task
from desktop.core.tasks.weights import BUCKETS, TaskWeights, bucket_of, packed
from tests.core.tasks.phrases import PHRASES, SILENT
from tests.support.frameworks import bundled_frameworks


def test_each_task_is_recognised_in_both_languages() -> None:
    wrong = [(text, task, recognised_task(text)) for task, text in PHRASES if recognised_task(text) is not task]
    assert wrong == []
    for task in OfficeTask:
        texts = [text for of, text in PHRASES if of is task]
        assert {text.isascii() for text in texts} == {True, False}, task


def test_what_asks_for_no_task_stays_silent() -> None:
    assert [(text, recognised_task(text)) for text in SILENT if recognised_task(text)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_others_wrote_is_recognised(language: str) -> None:
    """By 3,400 lines of four who knew nothing of each other, learned since with those beside the training."""
    lines = [each for each in _phrases_of_others() if each["language"] == language]
    said = [(each, recognised_task(each["text"])) for each in lines]
    asked = [(each, task) for each, task in said if each["task"] != "none"]
    right = [each for each, task in asked if task in (each["task"], *each.get("also", ()))]
    named = [task for _, task in said if task is not None]
    assert len(right) / len(asked) > 0.95
    assert len(right) / len(named) > 0.97


def test_other_languages_stay_silent() -> None:
    lines = [each["text"] for each in _phrases_of_others() if each["language"] not in ("en", "zh")]
    assert [line for line in lines if recognised_task(line)] == []


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("张伟：预算批了，20万\n李娜：下周三前联系好场地\n整理成会议纪要", OfficeTask.MINUTES),
        ("市场部 王芳 86\n研发部 赵敏 553\n做成表格", OfficeTask.MAKE_TABLE),
        ("甲方应在30日内付款。\n翻译成中文", OfficeTask.TRANSLATE),
        ("客户发来的，先帮我翻成中文，再替我写个英文回复。", OfficeTask.ANSWER_MAIL),
        ("我们公司今天搬家了大家都很开心。\n帮我润色一下", OfficeTask.REWRITE),
        ("你是客服主管。\n请回复下面的投诉", OfficeTask.ANSWER_COMPLAINT),
        ("# 任务\n翻译下面的合同", OfficeTask.TRANSLATE),
        ("We have moved and are happy to see you.\nplease proofread", OfficeTask.PROOFREAD),
        ("You are an HR manager.\nWrite a job ad for an accountant", OfficeTask.JOB_ADVERT),
        (
            "Translate the following into French, keep product names: The AquaPro 300 ships on Monday.",
            OfficeTask.TRANSLATE,
        ),
        # An opening verb asks, whatever the sentence ends in.
        ("回复客户投诉：客户说设备坏了", OfficeTask.ANSWER_COMPLAINT),
        ("回复客户投诉，客户说货到晚了", OfficeTask.ANSWER_COMPLAINT),
        # What somebody else is asked for at the end of a mail is no order.
        ("Dear Sirs,\nwe have waited.\nPlease reply by Friday.", None),
        ("尊敬的客户，您好：\n请尽快回复。", None),
        # Where a line says too much, its first sentence that asks is enough.
        (
            "Hello, I need to write to all the Year 9 parents about the trip. It was going to be on 12 June but the "
            "coach company has let us down and so it is on 17 June. Parents get their £18.50 back. No blaming anyone.",
            OfficeTask.WRITE_MAIL,
        ),
        (
            "Dear Sirs,\nplease pay.\nD. Marlow\n\n--\ncan you answer this for me. 6 of the oak boards came warped and "
            "we sent photos to their rep on 11 sept, he said a credit note was coming and it never did. we pay",
            OfficeTask.ANSWER_MAIL,
        ),
        (
            "hi could you do a letter to parents about the yr 4 trip to the museum, thurs 20 nov. coach leaves 8.45 "
            "back about 3.20 so normal pick up. cost is 14.50 payable by fri. packed lunch no nuts",
            OfficeTask.WRITE_MAIL,
        ),
        ("I need to know what to charge per child, I keep getting different answers!!", OfficeTask.CHECK_FIGURES),
        # The thing that is answered decides, not what it is called as a paper.
        ("回复这封投诉：台灯晚到三周，而且坏了。", OfficeTask.ANSWER_COMPLAINT),
        ("回这封客人的投诉邮件", OfficeTask.ANSWER_COMPLAINT),
        ("回复这封来信：他们问周四能不能到货。", OfficeTask.ANSWER_MAIL),
        # What is to be done decides, not the kind of the text.
        (
            "Hi, this shall hang at the door, please check\n\nDear patients! Our practise is close until Monday.\n\n"
            "only mistakes, dont make it another text",
            OfficeTask.PROOFREAD,
        ),
        ("Please check this invitation to the summer party for mistakes", OfficeTask.PROOFREAD),
        ("这个停电通知要贴出去，只改错别字", OfficeTask.PROOFREAD),
        (
            "committee 19/11\nfair - sat 13 dec, hall booked\n\nmake proper minutes out of this please, one page, "
            "with a list at the end who has to do what until when",
            OfficeTask.MINUTES,
        ),
        (
            "A client does not understand the following clause in her lease. Could you put it into plain English?",
            OfficeTask.EXPLAIN,
        ),
        ("Write a long story about a lighthouse keeper, in twelve paragraphs.", None),
        ("unsent draft", None),
        # Neither advice on how to say something nor a word of the trade is a mail or a rule to be explained.
        ("怎么跟老板提加薪", None),
        ("解释一下增值税专用发票", OfficeTask.EXPLAIN),
    ],
)
def test_the_order_is_found_where_it_stands(text: str, task: OfficeTask | None) -> None:
    assert recognised_task(text) is task


def test_a_text_below_the_order_does_not_count() -> None:
    assert recognised_task("translate this\n\nDear Sirs, please write a report") is OfficeTask.TRANSLATE
    assert recognised_task("\n\n  写周报\n本周完成了翻译") is OfficeTask.WEEKLY_REPORT
    assert recognised_task("Dear Sirs,\nwe have waited for three weeks. Please translate.") is None


@pytest.mark.parametrize(
    ("text", "guide"),
    [
        ("translate this into German", "translate"),
        ("Can you please turn this into a letter to parents? One side of A4, and with a slip.", GENERAL),
        ("My landlord sent me a new agreement, I just want to know if the rent went up and by how much", GENERAL),
        ("Thank you note to a retiring colleague, 31 years in the post room, everybody loved him", GENERAL),
        ("同事做人事做了八年，人特别好，大家都舍不得，写几句话吧，要真诚", GENERAL),
        *(
            (text, "")
            for text in ("hello there, how are you?", "谢谢，明天见", "Écrivez une lettre au client, s'il vous plaît")
        ),
        ("def total(rows):\n    return sum(each.price for each in rows) if rows else None", ""),
    ],
)
def test_there_is_a_guide_for_every_request_of_some_length(text: str, guide: str) -> None:
    assert guide_for(text) == guide


def test_no_text_makes_it_slow() -> None:
    hostile = ("a" * 5_000_000, "把" * 100_000, "write " * 50_000, "写" * 50_000, "，给" * 50_000, "\n" * 100_000)
    for text in hostile:
        began = time.thread_time()
        recognised_task(text)
        assert time.thread_time() - began < 0.2, text[:8]  # of the processor; usual is 0.2 ms


def test_weights_are_rounded_to_a_step_and_found_again() -> None:
    rows = [[0.0] * 3 for _ in range(BUCKETS)]
    rows[bucket_of("a")] = [4.0, -2.0, 0.1]
    weights = TaskWeights.from_bytes(packed(rows))
    assert weights.of(["a"], 3) == pytest.approx([3.2, -2.0, 0.12])
    assert weights.of([], 3) == [0.0, 0.0, 0.0]


@cache
def _phrases_of_others() -> list[dict[str, Any]]:
    text = Path(__file__).with_name("phrases_of_others.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["phrase"])


def test_each_framework_that_is_named_for_a_task_is_there() -> None:
    keys = {each.key for each in bundled_frameworks() if each.is_ready_made}
    assert keys == {framework_for(task) for task in OfficeTask} - {""}
