"""What a file is that the program was started with, told by its name alone: nothing here waits for a disk."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath


class GivenFile(StrEnum):
    """What can be done with a file that the system hands over."""

    MODEL = "model"
    RECIPE = "recipe"
    OTHER = "other"


_KINDS = {".gguf": GivenFile.MODEL, ".toml": GivenFile.RECIPE}


def given_file(path: str) -> GivenFile:
    """What a file's ending says that it is."""
    return _KINDS.get(PurePath(path).suffix.lower(), GivenFile.OTHER)
