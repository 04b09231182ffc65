"""The kind of task that a text asks for, in two languages, and texts of which nothing can be told."""

from __future__ import annotations

import pytest

from desktop.core.advice.task_kind import TaskKind, kind_of_task


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("What is 17% of 2,340?", TaskKind.SUMS),
        ("Calculate the total cost of 12 chairs at 45 each", TaskKind.SUMS),
        ("3 + 4 * 5 is?", TaskKind.SUMS),
        ("帮我算一下总共多少钱", TaskKind.SUMS),
        ("How many hours are there in three weeks?", TaskKind.SUMS),
        ("When can we end this agreement, and how much notice do we have to give?", None),
        ("How much is the deposit?", None),
        ("Prove that the sum of two even numbers is even", TaskKind.LOGIC),
        ("Which offer is cheaper over three years?", TaskKind.LOGIC),
        ("排班：五个人，每天三班", TaskKind.LOGIC),
        ("写个 Python 脚本合并表格", TaskKind.CODE),
        ("Refactor this function", TaskKind.CODE),
        ("Translate this: how much is it?", TaskKind.TRANSLATION),
        ("把下面这段翻译成英文：\n你好", TaskKind.TRANSLATION),
        ("Summarise the minutes of Tuesday", TaskKind.SUMMARY),
        ("请总结这份合同的要点", TaskKind.SUMMARY),
        ("Write an email asking how many people will come", TaskKind.LETTER),
        ("请写一封邮件催款", TaskKind.LETTER),
        ("Hello", None),
        ("Meeting on 12/03/2026 at 10", None),
        ("Explain in plain words what a framework contract is", None),
        ("你觉得今天怎么样", None),
        ("🙂🙂🙂🙂🙂🙂🙂", None),
        ("", None),
        ("Hello\n" + "calculate the total\n" * 50 + "Bye", None),
        ("x" * 1_000_000, None),
    ],
)
def test_kinds(text: str, kind: TaskKind | None) -> None:
    assert kind_of_task(text) is kind
