"""Writes what came of the office tasks as a section of a page in Markdown. Opens no file, drives no window."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.core.text.tokens import estimate_tokens
from tests.e2e.office_work import OfficeTask

MARK = "<!-- Below: written by `python -m tests.e2e.office_tasks`. -->"
# Of an answer; what a weak model goes on with says nothing more.
_SHOWN_LINES = 12
_SHOWN_CHARACTERS = 600

Asked = tuple[tuple[str, str], ...]
"""The messages of one request, as they went out: role and words."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A request and what came of it."""

    asked: Asked
    answer: str
    was_stopped: bool = False

    @property
    def tokens(self) -> int:
        """Of the request, as the panel estimates them: a stopped answer brings no count."""
        return round(sum(estimate_tokens(words) for _, words in self.asked))


def written(page: str, tasks: Sequence[OfficeTask], pairs: Sequence[tuple[Outcome, Outcome]]) -> str:
    """The page with the tasks below its mark, in the place of what stood there."""
    above, mark, _ = page.partition(MARK)
    if not mark:
        raise ValueError(f"the page has no line {MARK}")
    sections = [_section(number, task, pair) for number, (task, pair) in enumerate(zip(tasks, pairs, strict=True), 1)]
    return "\n\n".join([above + mark, *sections]) + "\n"


def _section(number: int, task: OfficeTask, pair: tuple[Outcome, Outcome]) -> str:
    naive, built = pair
    rows = [(f"`{each.part}`", each.changes) for each in task.parts]
    if task.thinks:
        rows.append(("step by step", task.thinks))
    return "\n\n".join(
        [
            f"### {number} {task.title}",
            f"Framework `{task.framework}`. About {naive.tokens} tokens naive, {built.tokens} with the panel.",
            _table(("part", "what it changed"), rows),
            "Naive:",
            _request(naive.asked),
            "With the panel:",
            _request(built.asked),
            "The starter model to the naive request:",
            _quoted(naive),
            "and to the built one:",
            _quoted(built),
        ]
    )


def _table(head: tuple[str, str], rows: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"| {left} | {right} |" for left, right in (head, ("---", "---"), *rows))


def _request(asked: Asked) -> str:
    """Each message below its role; a role is not shown where the request is one message of the user."""
    words = [text if len(asked) == 1 else f"[{role}]\n{text}" for role, text in asked]
    return _fenced("\n\n".join(words))


def _quoted(outcome: Outcome) -> str:
    answer = outcome.answer.strip()
    shown = "\n".join(answer.splitlines()[:_SHOWN_LINES])[:_SHOWN_CHARACTERS]
    if shown != answer:
        shown = f"{shown} […]"
    if outcome.was_stopped:
        shown = f"{shown}\n[stopped]"
    return _fenced(shown or "[nothing]")


def _fenced(text: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"
