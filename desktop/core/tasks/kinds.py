"""The tasks of the office that the program knows, by their keys.

A window shows them at its first paint; how one is recognised is `office.py`, which is read later.
"""

from __future__ import annotations

from enum import StrEnum


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
