"""The beginnings of lines in Markdown, and what they mean: heading, fence, rule, list marker, table.

Pure functions on one line, without its container markers and the white space before it. From the CommonMark
specification 0.31 and, for tables, GitHub's. What they do to the open blocks is `block_parser`'s business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ATX = re.compile(r"(#{1,6})(?:[ \t]+|$)")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_SETEXT = re.compile(r"(=+|-+)[ \t]*")
_ORDERED = re.compile(r"([0-9]{1,9})([.)])(?=[ \t]|$)")
_BULLET = re.compile(r"[-+*](?=[ \t]|$)")
_TASK = re.compile(r"\[([ xX])\][ \t]")
_DELIMITER_ROW = re.compile(r"[|:][-:| \t]+|-[-:|][-:| \t]*")
_DELIMITER = re.compile(r":?-+:?")
_PIPE = re.compile(r"(?<!\\)\|")

# What may stand before the text of a line, and what may then still become several things: "11" an item, "-" an item, a
# rule or the underline of a heading, "[ ]" a task.
_MARKERS = re.compile(r"(?:[ \t>]+|[-+*][ \t]|[0-9]{1,9}[.)][ \t]|\[[ xX]\][ \t]|\[\^[^\]\s]{1,40}\]:[ \t])*")
_UNDECIDED = re.compile(
    r"[-+*_=:| \t]*|#{1,6}|`{1,2}|~{1,2}|[0-9]{1,9}[.)]?|\[[ xX]?\]?|\[\^[^\]\s]{0,40}\]?:?"
    r"|\$|\\(?:\[[^\\^_=+<>]{0,30})?"
)

# A table may be widened by at most so many empty cells, so that a few kilobytes cannot become gigabytes.
MOST_EMPTY_CELLS = 0x10000

_SPACE = " \t"


@dataclass(frozen=True, slots=True)
class CodeFence:
    """Opening of a code block: which character, how many, and the words after it."""

    character: str
    length: int
    words: str

    def is_closed_by(self, text: str) -> bool:
        """Return True if this line, indented by at most three columns, ends the block."""
        bare = text.rstrip(_SPACE)
        return len(bare) >= self.length and bare == self.character * len(bare)

    def may_be_closed_by(self, text: str) -> bool:
        """Return True if a line is nothing yet but some of the characters that end the block."""
        bare = text.rstrip(_SPACE)
        return len(bare) < self.length and bare == self.character * len(bare)


@dataclass(frozen=True, slots=True)
class ListMarker:
    """Marker of a list item.

    `kind` is what items of one list share: "-", "+", "*", "." or ")"; `number` is 0 for bullets.
    """

    kind: str
    number: int
    length: int

    @property
    def is_ordered(self) -> bool:
        return self.kind in ".)"


def atx_heading(text: str) -> tuple[int, str] | None:
    """Return level and inline text of a heading that begins with `#`."""
    found = _ATX.match(text)
    if found is None:
        return None
    content = text[found.end() :].rstrip(_SPACE)
    bare = content.rstrip("#")
    if not bare or (bare != content and bare[-1] in _SPACE):
        content = bare.rstrip(_SPACE)
    return len(found.group(1)), content


def opening_fence(text: str) -> CodeFence | None:
    found = _FENCE.match(text)
    if found is None:
        return None
    words = text[found.end() :]
    character = text[0]
    if character == "`" and "`" in words:
        return None
    return CodeFence(character, found.end(), _unescaped(words.strip()))


def _unescaped(words: str) -> str:
    """Return words without the backslashes of escapes, and with the characters that references (`&ouml;`) stand for."""
    if "\\" not in words and "&" not in words:
        return words
    from markdown_it.common.utils import unescapeAll

    return unescapeAll(words)


def setext_level(text: str) -> int:
    """Return 1 or 2 if the line underlines the paragraph before it, else 0."""
    if not _SETEXT.fullmatch(text):
        return 0
    return 1 if text[0] == "=" else 2


def is_thematic_break(text: str) -> bool:
    if text[:1] not in ("*", "-", "_"):
        return False
    bare = text.replace(" ", "").replace("\t", "")
    return len(bare) >= 3 and bare == text[0] * len(bare)


def list_marker(text: str, interrupts_paragraph: bool) -> ListMarker | None:
    """Return the marker of an item.

    A paragraph is interrupted only by an item with text, and by a list that begins with 1.
    """
    if found := _BULLET.match(text):
        marker = ListMarker(text[0], 0, 1)
    elif found := _ORDERED.match(text):
        marker = ListMarker(found.group(2), int(found.group(1)), found.end())
    else:
        return None
    if interrupts_paragraph:
        is_empty = not text[found.end() :].strip(_SPACE)
        if is_empty or (marker.is_ordered and marker.number != 1):
            return None
    return marker


def is_undecided(partial: str) -> bool:
    """Return True if a line that begins like this had better not be shown before more of it is there."""
    markers = _MARKERS.match(partial)
    return markers is not None and _UNDECIDED.fullmatch(partial, markers.end()) is not None


def task_state(text: str) -> bool | None:
    """Return True if an item that begins with this text is a task that is done, False if it is to do.

    None for no task.
    """
    found = _TASK.match(text)
    return None if found is None else found.group(1) != " "


def table_aligns(header: str, delimiters: str) -> tuple[str, ...] | None:
    """Return the alignment of each column, if these two lines begin a table."""
    if "|" not in header or not _DELIMITER_ROW.fullmatch(delimiters):
        return None
    columns = [column.strip(_SPACE) for column in delimiters.split("|")]
    if columns and not columns[0]:
        columns.pop(0)
    if columns and not columns[-1]:
        columns.pop()
    if not columns or not all(_DELIMITER.fullmatch(column) for column in columns):
        return None
    if len(columns) != len(split_row(header)):
        return None
    return tuple(_align(column) for column in columns)


def split_row(line: str) -> list[str]:
    """Return the Markdown of each cell of a table's row."""
    cells = _PIPE.split(line.strip(_SPACE))
    if cells and not cells[0]:
        cells.pop(0)
    if cells and not cells[-1]:
        cells.pop()
    return [cell.replace("\\|", "|").strip(_SPACE) for cell in cells]


def _align(column: str) -> str:
    match column[0] == ":", column[-1] == ":":
        case True, True:
            return "center"
        case True, False:
            return "left"
        case False, True:
            return "right"
        case _:
            return ""
