"""What is wrong with a file that a person has written by hand, said so that they find the place."""

from __future__ import annotations

from pathlib import Path


class FileProblem(Exception):
    """A file cannot be used. `line` is 0 where no line is to blame; `reason` is English, for who wrote the file."""

    def __init__(self, file: Path, line: int, reason: str) -> None:
        super().__init__(f"{file.name}, line {line}: {reason}" if line else f"{file.name}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason
