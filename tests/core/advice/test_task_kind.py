"""The kind of task that a text asks for, in two languages, and texts of which nothing can be told."""

from __future__ import annotations

import pytest

from desktop.core.advice.task_kind import kind_of_task
from tests.core.tables import table

CASES = table("advice/task_kinds.toml")


@pytest.mark.parametrize(("text", "kind"), CASES["kinds"])
def test_kinds(text, kind):
    assert (kind_of_task(text) or "") == kind


def test_only_the_ends_of_a_text_count_however_long_it_is():
    assert kind_of_task("Hello\n" + "calculate the total\n" * 50 + "Bye") is None
    assert kind_of_task("x" * 1_000_000) is None
