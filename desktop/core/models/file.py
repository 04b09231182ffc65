"""A model file before an engine has loaded it: its pieces and its faults.

The sentences on these faults are in `ui/failures/engine.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

# How llama.cpp names the pieces of a model that is spread over several files, before the ending.
PIECE = re.compile(r"-(\d{5})-of-(\d{5})$")
_ENDING = ".gguf"


class FileFault(StrEnum):
    """Reason why a file cannot be talked to, as the `reason` of an `EngineFailed`."""

    GONE = "file_gone"
    NOT_LISTED = "file_not_listed"  # removed from the list of those that were opened, wherever it is now
    UNREADABLE = "file_unreadable"
    NOT_ORDINARY = "file_not_ordinary"  # a folder, a pipe, a device
    EMPTY = "file_empty"
    NOT_GGUF = "file_not_gguf"
    VERSION = "file_version"
    CUT_OFF = "file_cut_off"
    DAMAGED = "file_damaged"
    NO_WEIGHTS = "file_no_weights"
    LATER_PIECE = "file_later_piece"
    CANNOT_CHAT = "file_cannot_chat"


def first_piece(path: Path) -> Path:
    """Return the file that a model in pieces is opened by; the file itself where it is no later piece."""
    stem = path.name.removesuffix(_ENDING)
    piece = PIECE.search(stem)
    if piece is None or int(piece[1]) <= 1:
        return path
    return path.with_name(f"{stem[: piece.start()]}-00001-of-{piece[2]}{path.name[len(stem) :]}")


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """Model file that was opened once and is offered since; `is_there` as far as is known."""

    path: str
    is_there: bool = True
