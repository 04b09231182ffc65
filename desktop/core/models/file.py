"""A model file before an engine has loaded it: its pieces and its faults.

The sentences on these faults are in `resources/words/failures.toml`.
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
    PIECE_MISSING = "file_piece_missing"  # its names are the detail
    PROJECTOR = "file_projector"  # the part that sees pictures, without the model that it belongs to
    CANNOT_CHAT = "file_cannot_chat"


def first_piece(path: Path) -> Path:
    """Return the file that a model in pieces is opened by; the file itself where it is no later piece."""
    stem = path.name.removesuffix(_ENDING)
    piece = PIECE.search(stem)
    if piece is None or int(piece[1]) <= 1:
        return path
    return path.with_name(f"{stem[: piece.start()]}-00001-of-{piece[2]}{path.name[len(stem) :]}")


def pieces_of(path: Path) -> tuple[Path, ...]:
    """Return all files that a model is spread over, by the name of its first; the file itself where it is whole."""
    stem = path.name.removesuffix(_ENDING)
    piece = PIECE.search(stem)
    if piece is None:
        return (path,)
    ending = path.name[len(stem) :]
    return tuple(
        path.with_name(f"{stem[: piece.start()]}-{number:05}-of-{piece[2]}{ending}")
        for number in range(1, int(piece[2]) + 1)
    )


@dataclass(frozen=True, slots=True)
class GivenModel:
    """Model file that is to be imported, as it was found on the disk.

    `pieces` are all its files, `size` their bytes; `projector` is the part that sees pictures, where one lies beside.
    """

    pieces: tuple[Path, ...]
    size: int
    label: str
    projector: Path | None = None

    @property
    def file(self) -> Path:
        """The file by which it is opened."""
        return self.pieces[0]


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """Model file that was opened once and is offered since; `is_there` as far as is known."""

    path: str
    is_there: bool = True
