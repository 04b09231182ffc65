"""Files that are kept: those of messages, and those given to a message that is not sent yet.

A kept file is named by its content (SHA-256, in hexadecimal digits), so that the same one is kept once.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.documents.selection import WHOLE, Selection
from desktop.core.message import FilePart

LARGEST_FILE = 1 << 30  # bytes; more is no document, and would be twice on the disk


@dataclass(frozen=True, slots=True)
class KeptFile:
    """File that is kept, and its size in bytes."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class DraftFile:
    """File given to a message that is not sent yet, as it is kept with the draft.

    `part`: what is sent of it, where that can't be made anew from the file: of pictures, and of files that come from a
    message. Of all others, the file is read again. `field`: the part of the prompt builder that it was given to; empty
    for the message box.
    """

    name: str
    digest: str
    size: int = 0
    selection: Selection = WHOLE
    encoding: str = ""  # that the user chose
    part: FilePart | None = None
    field: str = ""


class CopyCancelled(Exception):
    """End of a copy that nobody wants any more."""
