"""The names of tasks of the office, in the user's language."""

from __future__ import annotations

from desktop.core.tasks.kinds import OfficeTask
from desktop.ui.words import say_each


def task_name(task: OfficeTask) -> str:
    """Return the name of a task, as it stands in a sentence."""
    return say_each("composer.task", task)
