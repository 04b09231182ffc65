"""The fault of a file that the user has written by hand, described so that they find the place."""

from __future__ import annotations

from pathlib import Path


class FileProblem(Exception):
    """Fault of a file, which makes it useless.

    `line` is 0 where no line is to blame; `reason` is English, for its writer.
    """

    def __init__(self, file: Path, line: int, reason: str) -> None:
        super().__init__(f"{file.name}, line {line}: {reason}" if line else f"{file.name}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason
