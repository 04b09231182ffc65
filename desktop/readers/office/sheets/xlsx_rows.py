"""The rows of a sheet of Excel's, as its XML has them, told by the parser's own calls.

A sheet has a dozen elements to each row, and a file a hundred thousand rows: objects for them would take twice as long.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from xml.parsers import expat


class StoredCell(NamedTuple):
    """Cell as it is stored: its address, its kind, the number of its style; None for what it does not have."""

    address: str
    kind: str
    style: str
    value: str | None
    formula: str | None
    inline: str | None


class StoredRow(NamedTuple):
    """Row with its attributes and cells."""

    attributes: dict[str, str]
    cells: list[StoredCell]


class SheetRows:
    """The rows that a parser has come by. `parser` is to be fed; `last` is the address in the sheet's dimension."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start_sheet
        self.hidden_columns: list[tuple[str, str]] = []  # the first and the last of each range, as they are written
        self.last = ""
        self._rows: list[StoredRow] = []

    def taken(self) -> list[StoredRow]:
        """Return the rows that have come since this was last asked."""
        rows = self._rows[:]
        self._rows.clear()
        return rows

    def _start_sheet(self, name: str, _: dict[str, str]) -> None:
        """Take note of the prefix of the names of elements: some programs write one."""
        prefix = name[: name.rfind(":") + 1]
        self.parser.StartElementHandler, self.parser.EndElementHandler, self.parser.CharacterDataHandler = _handlers(
            prefix, self._rows, self._note
        )

    def _note(self, name: str, attributes: dict[str, str]) -> None:
        """Take note of what stands beside the rows."""
        if name == "dimension":
            self.last = attributes.get("ref", "").rpartition(":")[2]
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            self.hidden_columns.append((attributes.get("min", ""), attributes.get("max", "")))


def _handlers(prefix: str, rows: list[StoredRow], note: Any) -> tuple[Any, Any, Any]:
    """Return what a parser calls for a sheet's elements: variables of one function are the fastest that there is."""
    c, v, f, t, row, beside = (f"{prefix}{each}" for each in ("c", "v", "f", "t", "row", "is"))
    texts = frozenset((v, f, t))
    text: list[str] = []
    cells: list[StoredCell] = []
    of_row: dict[str, str] = {}
    of_cell: dict[str, str] = {}
    value: str | None = None
    formula: str | None = None
    inline: str | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal of_cell, of_row, value, formula, inline, cells
        if name == c:
            of_cell = attributes
            value = formula = inline = None
        elif name in texts:
            text.clear()
        elif name == row:
            of_row, cells = attributes, []
        elif name == beside:
            inline = ""
        else:
            note(name.removeprefix(prefix), attributes)

    def end(name: str) -> None:
        nonlocal value, formula, inline
        if name == v:
            value = "".join(text)
        elif name == c:
            get = of_cell.get
            cells.append(StoredCell(get("r", ""), get("t", "n"), get("s", ""), value, formula, inline))
        elif name == f:
            formula = "".join(text)
        elif name == t:
            inline = (inline or "") + "".join(text)
        elif name == row:
            rows.append(StoredRow(of_row, cells))

    return start, end, text.append
