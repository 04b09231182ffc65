"""The mail in a file, whatever kind of mail it is: so that one of Outlook is read that is attached to another kind."""

from __future__ import annotations

import importlib
from typing import cast

from desktop.core.documents.reading import ReadingError
from desktop.readers import formats
from desktop.readers.mail.letter import Letter
from desktop.readers.source import BROKEN, Source

_ROOM = "desktop.readers"


def open_mail(source: Source) -> Letter | None:
    """Return a mail; None for a file of another kind. Raises `ReadingError` for a mail that can't be read."""
    try:
        module = formats.format_of(source).module
    except (ReadingError, OSError, *BROKEN):
        return None
    if not module.startswith("mail."):
        return None
    # By its name, as `formats` does: the readers of mails need this module.
    return cast(Letter, importlib.import_module(f"{_ROOM}.{module}").letter_of_file(source))
