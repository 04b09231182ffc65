"""The start of a reader's process on each system: its command line and its environment."""

from __future__ import annotations

from desktop.core.documents.reading import READER_SWITCH
from desktop.core.processes import child


def command() -> list[str]:
    """Return the command line of a reader's process."""
    return child.command(READER_SWITCH, "desktop.readers")


def environment() -> dict[str, str]:
    """Return the environment of a reader's process."""
    return child.environment() | {"PYTHONIOENCODING": "utf-8"}
