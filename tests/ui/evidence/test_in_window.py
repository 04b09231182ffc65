"""What of an answer stands in the files is said below it, in the whole window."""

from __future__ import annotations

import pytest

from desktop.ui.evidence.summary import EvidenceSummary
from tests.support.in_process import OpenOver, OpenProgram
from tests.support.scripts import ndjson, ollama_lines, ollama_script

pytestmark = pytest.mark.window

CONTRACT = "Clause 4 Rent\n\nThe rent is 4,150 a month.\n\nClause 7 Deposit\n\nThe tenant pays a deposit of 12,500."
ASKED = f'What is the rent? We are 17 people.\n\n"""\n{CONTRACT}\n"""'
ANSWER = "Rent: 12,500 for 17 people; the deposit is 12,500, and interest is 8 % a year."


def summary_of(opened: OpenProgram) -> EvidenceSummary | None:
    views = opened.window.transcript.live_views()
    return views[-1][1].evidence.summary if views else None


def said(opened: OpenProgram) -> list[str]:
    summary = summary_of(opened)
    return [line.words.replace("\u00a0", " ") for line in summary.lines] if summary is not None else []


def test_what_was_found_is_said_below_the_answer(open_over: OpenOver) -> None:
    with open_over(ollama_script(ndjson(ollama_lines(ANSWER)))) as (opened, _):
        opened.wait_for_model()
        opened.ask(ASKED)
        opened.wait_until(lambda: said(opened))
        assert said(opened) == [
            "1 of 4 figures found in the text you gave · 1 from your question",
            "1 not found · 1 stand there as something else",  # the plural, where no language is loaded
        ]


def test_without_files_or_material_nothing_is_said(open_over: OpenOver) -> None:
    with open_over(ollama_script(ndjson(ollama_lines(ANSWER)))) as (opened, _):
        opened.wait_for_model()
        opened.ask("What is the rent?")
        opened.ask("And the deposit?")
        assert said(opened) == []
