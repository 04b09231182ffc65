"""What a question needs of a file that is too long, by the task that it asks for."""

from __future__ import annotations

from desktop.core.context.choices import Need
from desktop.core.documents.passages import terms_of
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.tasks.office import recognised_task

_NEEDS = {
    OfficeTask.SUMMARISE: Need.GIST,
    OfficeTask.MINUTES: Need.GIST,
    OfficeTask.SLIDES: Need.GIST,
    OfficeTask.CHECK_CONTRACT: Need.GIST,
    OfficeTask.CHECK_FIGURES: Need.GIST,
    OfficeTask.TRANSLATE: Need.WORDING,
    OfficeTask.PROOFREAD: Need.WORDING,
    OfficeTask.REWRITE: Need.WORDING,
}


def need_of(question: str) -> Need:
    """Return what the answer to a question needs; a question without a word to look for needs all of the file."""
    task = recognised_task(question)
    if task in _NEEDS:
        return _NEEDS[task]
    return Need.PASSAGES if terms_of(question) else Need.GIST
