"""A reader of TOML files that can name the line of what is wrong. Knows nothing of what the values mean."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.core.recipes.recipe import FileProblem, FileReason, TextFault

MOST_BYTES = 1_000_000  # a file of hand-written texts has a few kilobytes

_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_TABLE = re.compile(r"\s*\[\[?\s*([\w-]+)\s*\]?\]")
_NAME = re.compile(r"\s*([\w-]+)\s*[.=]")
# A name of a hundred parts; the reader takes the square of their number, and hours for as many as fit into a file.
_LONG_NAME = re.compile(r"""(?:(?:(?<![\w-])[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){99}""")

# How Python's reader of TOML begins its complaints, and what they come to for whoever wrote the file.
_COMPLAINTS = (
    ("Illegal character", TextFault.WRONG_SIGN),
    ('Unterminated string|Expected "|Expected \'"|Unclosed|Found invalid character in.*string', TextFault.NOT_CLOSED),
    ("Cannot|Duplicate|Can't", TextFault.SAID_BEFORE),
    ("Invalid initial character|Invalid statement", TextFault.NO_NAME),
    ("Expected '=' after a key", TextFault.NO_EQUALS),
    ("Expected newline", TextFault.TOO_MUCH_IN_LINE),
    ("Unescaped|Invalid hex|Escaped", TextFault.BACKSLASH),
    ("Invalid", TextFault.NO_VALUE),
)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """The values of a file, and its lines."""

    file: Path
    values: dict[str, Any]
    lines: tuple[str, ...]

    def problem(self, reason: FileReason, *path: str | int) -> FileProblem:
        """Return the problem with the value at `path`.

        That is a name, or a table's name, which of these tables, and a name.
        """
        match path:
            case (str(table), int(at), *names):
                line = self._line_in_table(table, at, str(names[0]) if names else "")
            case (str(name),):
                line = self._line_at_top(name)
            case _:
                line = 0
        return FileProblem(self.file, line, reason)

    def _line_at_top(self, name: str) -> int:
        """Return the line of a value of the file itself, or of the first table of this name; 0 if it is absent."""
        at_top = True
        for number, line in enumerate(self.lines, start=1):
            opened = _TABLE.match(line)
            at_top = at_top and not opened
            found = opened or (_NAME.match(line) if at_top else None)
            if found and found[1] == name:
                return number
        return 0

    def _line_in_table(self, table: str, at: int, name: str) -> int:
        """Return the line of a value in one of several tables; if it is absent, the line of the table."""
        seen, start = -1, 0
        for number, line in enumerate(self.lines, start=1):
            if opened := _TABLE.match(line):
                seen += opened[1] == table
                if start:
                    break
                if opened[1] == table and seen == at:
                    start = number
            elif start and name and (said := _NAME.match(line)) and said[1] == name:
                return number
        return start


def read_content(file: Path) -> bytes:
    """Return the bytes of a file of texts. Raises `FileProblem`."""
    try:
        if not file.is_file():
            raise FileProblem(file, 0, TextFault.NO_FILE.of())
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise FileProblem(file, 0, TextFault.UNREADABLE.of(error.strerror or error)) from error
    if len(content) > MOST_BYTES:
        raise FileProblem(file, 0, TextFault.TOO_LARGE.of(MOST_BYTES // 1_000))
    return content


def parse_toml(file: Path, content: bytes) -> TomlFile:
    """Return the values of a file's content. Raises `FileProblem`."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileProblem(file, line, TextFault.NOT_UTF8.of()) from error
    if found := _LONG_NAME.search(text):
        raise FileProblem(file, text.count("\n", 0, found.start()) + 1, TextFault.LONG_NAME.of())
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = _AT_LINE.search(str(error))
        line = int(said[1]) if said and said[1] else text.count("\n") + 1
        raise FileProblem(file, line, _reason(_AT_LINE.sub("", str(error)))) from error
    except RecursionError as error:
        raise FileProblem(file, 0, TextFault.TOO_DEEP.of()) from error
    except ValueError as error:  # with more digits than Python reads
        raise FileProblem(file, 0, TextFault.LONG_NUMBER.of()) from error
    return TomlFile(file, values, tuple(text.split("\n")))


def _reason(complaint: str) -> FileReason:
    """Return what a complaint of Python's reader comes to."""
    for beginning, fault in _COMPLAINTS:
        if re.match(beginning, complaint):
            return fault.of()
    return TextFault.NO_TOML.of(complaint)
