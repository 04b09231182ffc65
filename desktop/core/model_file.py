"""What is known of a model file before an engine has loaded it. The sentences on its faults are in `ui/errors.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FileFault(StrEnum):
    """Why a file cannot be talked to, as the `reason` of an `EngineFailed`."""

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


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A model file that was opened once and is offered since; `is_there` as far as is known."""

    path: str
    is_there: bool = True
