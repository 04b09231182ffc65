"""The rows of the list of conversations, and the least that changes from one state of them to the next.

Plain values, no Qt: the list with ten thousand rows is gone through at each change, so each step here is a cheap one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import is_

from desktop.core.conversation import Conversation, is_temporary

Row = str | Conversation


class FolderName(str):
    """Name of a folder as a row, which is none of the other groups even if it is called as one of them."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class GroupNames:
    """Names of the groups that are not folders, the newest days first."""

    temporary: str
    pinned: str
    today: str
    yesterday: str
    week: str
    older: str


@dataclass(frozen=True, slots=True)
class RowMove:
    """Change in which one row goes elsewhere: from an index, to one among the rows without it."""

    start: int
    to: int


@dataclass(frozen=True, slots=True)
class RowExchange:
    """Change in which `removed` rows from an index on give way to `inserted` ones."""

    start: int
    removed: int
    inserted: int


def rows_of(
    conversations: Sequence[Conversation], names: GroupNames, today: date, closed: Collection[str]
) -> list[Row]:
    """Return the rows: temporary conversations, pinned ones, folders by their names, then all others as given."""
    temporary: list[Row] = []
    pinned: list[Row] = []
    folders: dict[str, list[Row]] = {}
    others: list[Row] = []
    today_at, yesterday_at, week_at = (_midnight(today - timedelta(days=days)) for days in (0, 1, 7))
    last = ""
    for each in conversations:
        if is_temporary(each.id):
            temporary.append(each)
        elif each.pinned:
            pinned.append(each)
        elif folder := each.settings.folder:
            folders.setdefault(folder, []).append(each)
        else:
            at = each.updated_at
            if at < week_at:
                name = names.older
            elif at < yesterday_at:
                name = names.week
            else:
                name = names.yesterday if at < today_at else names.today
            if name != last:
                others.append(name)
                last = name
            others.append(each)
    rows: list[Row] = []
    for name, group in ((names.temporary, temporary), (names.pinned, pinned)):
        rows += [name, *group] if group else []
    for name in sorted(folders, key=str.casefold):
        rows.append(FolderName(name))
        if name not in closed:
            rows += folders[name]
    return [*rows, *others]


def changed(before: Sequence[Row], change: RowMove | RowExchange, after: Sequence[Row]) -> list[Row]:
    """Return the rows after a change on the way to `after`; of those that are in both, the states before it."""
    rows = list(before)
    match change:
        case RowMove(start, to):
            rows.insert(to, rows.pop(start))
        case RowExchange(start, removed, inserted):
            rows[start : start + removed] = after[start : start + inserted]
    return rows


def change_between(before: Sequence[Row], after: Sequence[Row]) -> RowMove | RowExchange | None:
    """Return how `before` becomes `after`; None where the same rows stand in the same order."""
    start = _same_at_start(before, after)
    end = min(_same_at_start(before[::-1], after[::-1]), len(before) - start, len(after) - start)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if not old and not new:
        return None
    if len(old) == len(new) > 1:
        if _are_same(old[:-1], new[1:]) and _is_same(old[-1], new[0]):
            return RowMove(start + len(old) - 1, start)
        if _are_same(old[1:], new[:-1]) and _is_same(old[0], new[-1]):
            return RowMove(start, start + len(old) - 1)
    return RowExchange(start, len(old), len(new))


def _midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day).timestamp()


def _same_at_start(left: Sequence[Row], right: Sequence[Row]) -> int:
    """Return how many first rows are the same."""
    are_one = list(map(is_, left, right))  # nearly all; only the others are looked at
    at = -1
    while True:
        try:
            at = are_one.index(False, at + 1)
        except ValueError:
            return len(are_one)
        if not _is_same(left[at], right[at]):
            return at


def _are_same(left: Sequence[Row], right: Sequence[Row]) -> bool:
    return all(map(_is_same, left, right))


def _is_same(left: Row, right: Row) -> bool:
    """Return True for two states of one row; a name never is a conversation."""
    if left is right:
        return True
    if isinstance(left, Conversation) and isinstance(right, Conversation):
        return left.id == right.id
    return type(left) is type(right) and left == right
