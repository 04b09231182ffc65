"""The names of tasks of the office, in the user's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.core.tasks.kinds import OfficeTask

translate = QCoreApplication.translate


def task_name(task: OfficeTask) -> str:
    """Return the name of a task, as it stands in a sentence."""
    return _names()[task]


def _names() -> dict[OfficeTask, str]:
    return {
        OfficeTask.ANSWER_COMPLAINT: translate("tasks", "answer a complaint"),
        OfficeTask.ANSWER_MAIL: translate("tasks", "answer a mail"),
        OfficeTask.MINUTES: translate("tasks", "minutes of a meeting"),
        OfficeTask.TRANSLATE: translate("tasks", "a translation"),
        OfficeTask.PROOFREAD: translate("tasks", "correct a text"),
        OfficeTask.CHECK_CONTRACT: translate("tasks", "check a contract"),
        OfficeTask.CHECK_FIGURES: translate("tasks", "check or add up figures"),
        OfficeTask.CHECK_FACTS: translate("tasks", "check statements"),
        OfficeTask.COMPARE: translate("tasks", "compare"),
        OfficeTask.MAKE_TABLE: translate("tasks", "put into a table"),
        OfficeTask.SUMMARISE: translate("tasks", "a summary"),
        OfficeTask.EXPLAIN_POLICY: translate("tasks", "explain rules"),
        OfficeTask.ASK_DOCUMENT: translate("tasks", "ask a document"),
        OfficeTask.REWRITE: translate("tasks", "rewrite a text"),
        OfficeTask.WEEKLY_REPORT: translate("tasks", "a report on work"),
        OfficeTask.YEARLY_REVIEW: translate("tasks", "a review of the year"),
        OfficeTask.SLIDES: translate("tasks", "slides"),
        OfficeTask.NOTICE: translate("tasks", "a notice"),
        OfficeTask.INVITATION: translate("tasks", "an invitation"),
        OfficeTask.SPEECH: translate("tasks", "a speech"),
        OfficeTask.JOB_ADVERT: translate("tasks", "a job advertisement"),
        OfficeTask.PRODUCT_TEXT: translate("tasks", "a text about a product"),
        OfficeTask.CONTRACT_CLAUSE: translate("tasks", "wording of a contract"),
        OfficeTask.FORMULA: translate("tasks", "a formula"),
        OfficeTask.QUESTIONS: translate("tasks", "a list of questions"),
        OfficeTask.NAMES: translate("tasks", "names or titles"),
        OfficeTask.IDEAS: translate("tasks", "ideas"),
        OfficeTask.PLAN: translate("tasks", "a plan"),
        OfficeTask.WRITE_MAIL: translate("tasks", "write a mail"),
        OfficeTask.EXPLAIN: translate("tasks", "an explanation"),
    }
