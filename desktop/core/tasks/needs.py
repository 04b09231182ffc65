"""What a question needs of a file that is too long, by the task that it asks for."""

from __future__ import annotations

from desktop.core.context.choices import FileNeed
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.tasks.office import recognised_task
from desktop.core.text.terms import content_of

_NEEDS = {
    OfficeTask.SUMMARISE: FileNeed.GIST,
    OfficeTask.MINUTES: FileNeed.GIST,
    OfficeTask.SLIDES: FileNeed.GIST,
    OfficeTask.CHECK_CONTRACT: FileNeed.GIST,
    OfficeTask.CHECK_FIGURES: FileNeed.GIST,
    OfficeTask.TRANSLATE: FileNeed.WORDING,
    OfficeTask.PROOFREAD: FileNeed.WORDING,
    OfficeTask.REWRITE: FileNeed.WORDING,
}


def need_of(question: str) -> FileNeed:
    """Return what the answer to a question needs; a question without a word to look for needs all of the file."""
    task = recognised_task(question)
    if task in _NEEDS:
        return _NEEDS[task]
    return FileNeed.PASSAGES if content_of(question) else FileNeed.GIST
