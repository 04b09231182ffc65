"""Titles of conversations, made from their first message."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.text.titles import TITLE_COLUMNS, distinct, title_from

CASES = {
    "": "",
    "hi": "hi",
    "Hello!": "Hello!",
    "What is a token?": "What is a token?",
    "Write a haiku.": "Write a haiku",
    "\n\n  Write a haiku  \n\nabout rain": "Write a haiku",
    "Hello! Can you explain how rain forms? I am ten.": "Explain how rain forms?",
    "Hi there,\n\nplease check this letter.": "Check this letter",
    "Good morning. Check this.": "Check this",
    "Highlight the errors": "Highlight the errors",
    "Help. I have lost all my files today": "Help. I have lost all my files today",
    "Explain recursion, e.g. Fibonacci. Keep it short.": "Explain recursion, e.g. Fibonacci",
    "Ask Dr. Miller about the report. It is late.": "Ask Dr. Miller about the report",
    "Update to version 3.11.7 of Python": "Update to version 3.11.7 of Python",
    "# Budget 2026\n\nPlease check": "Budget 2026",
    "## Task\nSummarise the report for the board": "Summarise the report for the board",
    "Task: Summarise the report": "Summarise the report",
    "**Task:** Summarise the report": "Summarise the report",
    "Role:\nTask: Translate this": "Translate this",
    "Note: the printer is on fire": "Note: the printer is on fire",
    "<task>\nSummarise the report\n</task>": "Summarise the report",
    '"""\nDear Sir or Madam\n"""\nMake it friendlier': "Make it friendlier",
    '"""\nOnly quoted\n"""': "Only quoted",
    "> only quoted": "only quoted",
    "Could you please help me write a letter?": "Write a letter?",
    "Dear Sir,\n\nI would like you to check this.\n\nThank you": "Check this",
    "Thanks!\nNow shorten it": "Now shorten it",
    "Can you?": "Can you?",
    "Please": "Please",
    "麻烦你帮我把这段话翻译成英文": "把这段话翻译成英文",
    "请教一个问题": "请教一个问题",
    "---\n***\n===\nWhat now?": "What now?",
    "> quoted words\nmy words": "my words",
    "- [ ] buy milk\n- [x] pay": "buy milk",
    "1. First thing": "First thing",
    "a **bold** and *slanted* and `code` and ~~gone~~": "a bold and slanted and code and gone",
    "see [the manual](https://example.com/a_b) please": "see the manual please",
    "![chart](chart.png) What does it show?": "chart What does it show?",
    "rename my_old_file to my_new_file": "rename my_old_file to my_new_file",
    "2 * 3 * 4 = ?": "2 * 3 * 4 = ?",
    "```python\nprint(1)\n```\nWhy does this fail?": "Why does this fail?",
    "```python\n\nprint(1)\n```": "print(1)",
    "```\nunclosed": "unclosed",
    '{\n  "name": "Candor"\n}': '"name": "Candor"',
    "???": "???",
    "```": "```",
    "---": "---",
    " \n\t ": "…",
    "🎉": "🎉",
    "Please summarise the attached report for the management board by Friday": (
        "Summarise the attached report for the…"
    ),
    "Supercalifragilisticexpialidocious" * 2: "SupercalifragilisticexpialidociousSupercalifrag…",
    "https://example.com/a/very/long/path/to/some/document.html": "https://example.com/a/very/long/path/to/some/do…",
    "one two three four five six seven eight nine ten, eleven": "one two three four five six seven eight nine…",
    "你好": "你好",
    "你好！请帮我写一封道歉信。要诚恳。": "写一封道歉信",
    "您好，请问年假有几天？": "年假有几天？",
    "任务：总结这份报告": "总结这份报告",
    "# 任务\n总结这份报告": "总结这份报告",
    "【背景】我们公司今年要搬家。": "【背景】我们公司今年要搬家",
    "请把下面这段话翻译成英文，并且保持原来的语气和格式不变，谢谢": "把下面这段话翻译成英文，并且保持原来的语气和格…",
    "用 Python 写一个程序，读取 Excel 文件并按照部门统计平均工资": "用 Python 写一个程序，读取 Excel 文件并按照部门…",
    "‮evil‬ name": "evil name",
    "x" * 46 + "👩‍👩‍👧👩‍👩‍👧": "x" * 46 + "…",
    "x" * 45 + "👩‍👩‍👧👩‍👩‍👧": "x" * 45 + "👩‍👩‍👧…",
    "x" * 45 + "🇨🇳🇩🇪": "x" * 45 + "🇨🇳…",
}


@pytest.mark.parametrize("text", CASES)
def test_title(text: str) -> None:
    assert title_from(text) == CASES[text]


def columns(text: str) -> int:
    return sum(
        2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
        if unicodedata.category(character)[0] not in "MC"
    )


@given(st.text() | st.text(st.sampled_from('ab好。.!? \n#*_`"[](:：>-1é\u0301👩\u200d🇩你早上'), max_size=150))
def test_title_is_one_short_line_and_never_empty(text: str) -> None:
    title = title_from(text)
    assert bool(title) == bool(text)
    assert "\n" not in title
    assert title == title.strip()


@given(st.text(st.sampled_from("abc 好世界。.,"), max_size=200))
def test_title_keeps_within_its_columns(text: str) -> None:
    assert columns(title_from(text)) <= TITLE_COLUMNS


@pytest.mark.parametrize(
    "text", ["word " * 1_000_000, " " * 5_000_000, "*_`[" * 1_250_000, "好" * 5_000_000, "a\n" * 99]
)
def test_long_message_takes_no_time(text: str) -> None:
    begin = time.process_time()
    assert title_from(text)
    assert time.process_time() - begin < 1


def test_a_title_that_is_taken_gets_a_number() -> None:
    assert distinct("Due date", []) == "Due date"
    assert distinct("Due date", ["Due date", "(2) Due date", "Other"]) == "(3) Due date"
