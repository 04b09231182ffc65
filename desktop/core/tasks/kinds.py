"""The tasks of the office that the program knows, by their keys, and the prompt framework that is made for each.

How a task is recognised is `office.py`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class OfficeTask(StrEnum):
    """Task of the office, by its key."""

    ANSWER_COMPLAINT = "answer_complaint"
    ANSWER_MAIL = "answer_mail"
    MINUTES = "minutes"
    TRANSLATE = "translate"
    PROOFREAD = "proofread"
    CHECK_CONTRACT = "check_contract"
    CHECK_FIGURES = "check_figures"
    CHECK_FACTS = "check_facts"
    COMPARE = "compare"
    MAKE_TABLE = "make_table"
    SUMMARISE = "summarise"
    EXPLAIN_POLICY = "explain_policy"
    ASK_DOCUMENT = "ask_document"
    REWRITE = "rewrite"
    WEEKLY_REPORT = "weekly_report"
    YEARLY_REVIEW = "yearly_review"
    SLIDES = "slides"
    NOTICE = "notice"
    INVITATION = "invitation"
    SPEECH = "speech"
    JOB_ADVERT = "job_advert"
    PRODUCT_TEXT = "product_text"
    CONTRACT_CLAUSE = "contract_clause"
    FORMULA = "formula"
    QUESTIONS = "questions"
    NAMES = "names"
    IDEAS = "ideas"
    PLAN = "plan"
    WRITE_MAIL = "write_mail"
    EXPLAIN = "explain"


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
