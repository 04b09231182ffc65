"""The statements of a policy, line by line: each header, and each name with its value, which may go over lines.

For telling where something stands, and for explaining the file. What a statement means is the business of `parse.py`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

_HEADER = re.compile(r"\[{1,2}\s*([A-Za-z0-9_.\- ]+?)\s*\]{1,2}\s*(?:#.*)?")
_MOST_LINES = 200  # of one value; an unfinished one would be looked for to the end of the file


@dataclass(frozen=True, slots=True)
class PolicyStatement:
    """Part of a policy. `name` is empty for a header, and both names are for blank lines and comments."""

    line: int
    text: str
    table: str = ""
    name: str = ""
    value: Any = None
    is_broken: bool = False

    @property
    def path(self) -> str:
        """The name with that of its table before it: `network.farthest`."""
        return f"{self.table}.{self.name}" if self.table and self.name else self.table or self.name


def statements_of(text: str) -> list[PolicyStatement]:
    """Return the statements of a file, in order; what cannot be read is marked as broken, a line at a time."""
    lines = text.splitlines()
    found: list[PolicyStatement] = []
    table, at = "", 0
    while at < len(lines):
        line = lines[at].strip()
        if not line or line.startswith("#"):
            found.append(PolicyStatement(at + 1, lines[at]))
            at += 1
        elif line.startswith("[") and (header := _HEADER.fullmatch(line)):
            table = header[1].replace(" ", "")
            found.append(PolicyStatement(at + 1, lines[at], table))
            at += 1
        else:
            statement, length = _value(lines, at, table)
            found.append(statement)
            at += length
    return found


def _value(lines: list[str], at: int, table: str) -> tuple[PolicyStatement, int]:
    for length in range(1, min(_MOST_LINES, len(lines) - at) + 1):
        chunk = "\n".join(lines[at : at + length])
        try:
            parsed = tomllib.loads(chunk)
        except (tomllib.TOMLDecodeError, RecursionError):
            continue
        if len(parsed) == 1 and not lines[at].lstrip().startswith("["):
            ((name, value),) = parsed.items()
            while isinstance(value, dict) and len(value) == 1:  # a dotted name, or a table in braces
                ((inner, value),) = value.items()
                name = f"{name}.{inner}"
            return PolicyStatement(at + 1, chunk, table, name, value), length
        break
    return PolicyStatement(at + 1, lines[at], table, is_broken=True), 1
