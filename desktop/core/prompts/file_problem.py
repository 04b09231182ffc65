"""The fault of a file that the user has written by hand, described so that they find the place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class TextFault(StrEnum):
    """Fault of a file of texts, in English, with `%1` and so on for what it is about."""

    NO_FILE = "it is no file"
    UNREADABLE = "it cannot be read: %1"
    TOO_LARGE = "it is larger than %1 KB"
    TOO_MANY_FILES = "only the first %1 of %2 files were read"
    NOT_UTF8 = "it is not written in UTF-8"
    LONG_NAME = "a name in it has too many parts"
    TOO_DEEP = "it is nested too deeply"
    LONG_NUMBER = "a number in it is too long"
    WRONG_SIGN = "a sign stands here that does not belong there; a text has quotes around it"
    NOT_CLOSED = "a text, list or table is not closed"
    SAID_BEFORE = "this name stands there twice"
    NO_VALUE = "this is no value; a text has quotes around it"
    NO_EQUALS = "between name and value there must be ="
    TOO_MUCH_IN_LINE = "something stands behind the value"
    NO_NAME = "this line does not begin with a name"
    BACKSLASH = "a backslash in a text must be written twice"
    NO_TOML = "this is not TOML: %1"
    MISSING = "%1 is missing"
    UNKNOWN_NAME = "unknown name %1; known are %2"
    KIND = "kind must be one of %1"
    TRUE_OR_FALSE = "%1 must be true or false"
    AS_TABLES = "%1 must be written as [[%1]]"
    LIST_OF_TEXTS = "%1 must be a list of texts"
    TABLE_OF_TEXTS = "texts must be a table of texts"
    NO_TEXT = "%1 must be a text"
    TOO_LONG = "%1 is longer than %2 characters"
    TOO_MANY = "more than %1 %2"
    BLANK_TWICE = "the blank %1 stands there twice"
    BLANK_NAME = "name must be of letters, digits, blanks, and . ' - inside"
    FILE_DEFAULT = "a file has no default"
    CHOICES = "choices belong to the kind choice, and to no other"

    def of(self, *values: object) -> FileReason:
        """Return the fault with what it is about."""
        return FileReason(self, tuple(map(str, values)))


@dataclass(frozen=True, slots=True)
class FileReason:
    """Fault with what it is about; as a text it is English."""

    fault: TextFault
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        return re.sub(r"%([1-3])", lambda found: self.values[int(found[1]) - 1], self.fault.value)


class FileProblem(Exception):
    """Fault of a file, which makes it useless. `line` is 0 where no line is to blame."""

    def __init__(self, file: Path, line: int, reason: FileReason) -> None:
        super().__init__(f"{file.name}, line {line}: {reason}" if line else f"{file.name}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason
