"""The prompt framework that is made for a task of the office."""

from __future__ import annotations

from typing import Final

from desktop.core.tasks.kinds import OfficeTask

# The framework made for a task; none for those that the general one suits as well.
_FRAMEWORKS: Final = {
    OfficeTask.ANSWER_COMPLAINT: "complaint",
    OfficeTask.ANSWER_MAIL: "answer_mail",
    OfficeTask.MINUTES: "minutes",
    OfficeTask.TRANSLATE: "translate",
    OfficeTask.PROOFREAD: "proofread",
    OfficeTask.REWRITE: "proofread",
    OfficeTask.CHECK_FACTS: "check_facts",
    OfficeTask.CHECK_FIGURES: "check_sums",
    OfficeTask.CHECK_CONTRACT: "ask_document",
    OfficeTask.CONTRACT_CLAUSE: "contract_clauses",
    OfficeTask.COMPARE: "compare_texts",
    OfficeTask.MAKE_TABLE: "make_table",
    OfficeTask.SUMMARISE: "summarise",
    OfficeTask.EXPLAIN_POLICY: "policy",
    OfficeTask.ASK_DOCUMENT: "ask_document",
    OfficeTask.WEEKLY_REPORT: "weekly_report",
    OfficeTask.SLIDES: "slides",
    OfficeTask.NOTICE: "notice",
    OfficeTask.NAMES: "brainstorm",
    OfficeTask.IDEAS: "brainstorm",
    OfficeTask.PLAN: "plan",
    OfficeTask.EXPLAIN: "explain",
}


def framework_for(task: OfficeTask) -> str:
    """Return the key of the framework that asks for what a task needs; empty where none is made for it."""
    return _FRAMEWORKS.get(task, "")
