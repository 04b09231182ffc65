"""The rows of the list of conversations: sections with a name and conversations, and the steps of a change.

Plain values, no Qt. A change of one conversation is found, made and told of without a look at the others, so that a
hundred thousand of them cost it no more than ten.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from operator import neg

from desktop.core.conversation import Conversation, is_temporary
from desktop.core.keeping import list_order, place_in

Row = str | Conversation
_Key = tuple[int, str, str]  # the rank of a section, and for folders the name as it is sorted and as it is
_FOLDER_RANK = 2
_MOST_PAIRS = 64  # more conversations that differ are shown anew: rows one by one would take longer


class FolderName(str):
    """Name of a folder as a row, which is none of the other groups even if it is called as one of them."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class GroupNames:
    """Names of the groups that are not folders, the newest days first.

    Behind the week come months; `month_of_year` has the month for %1 and the year for %2.
    """

    temporary: str
    pinned: str
    today: str
    yesterday: str
    week: str
    months: tuple[str, ...]
    month_of_year: str


@dataclass(frozen=True, slots=True)
class RowMove:
    """Step in which one row goes elsewhere: from an index, to one among the rows without it."""

    start: int
    to: int


@dataclass(frozen=True, slots=True)
class RowsInserted:
    """Step in which rows come before the one with an index."""

    start: int
    count: int


@dataclass(frozen=True, slots=True)
class RowsRemoved:
    """Step in which rows from an index on go."""

    start: int
    count: int


@dataclass(frozen=True, slots=True)
class RowPainted:
    """Step in which a row stays where it is and may say something else."""

    row: int


@dataclass(frozen=True, slots=True)
class RowStep:
    """Step from one state of the rows to the next, which they take when `make` is called."""

    change: RowMove | RowsInserted | RowsRemoved | RowPainted
    make: Callable[[], None]


@dataclass(slots=True)
class _Section:
    key: _Key
    name: str
    conversations: list[Conversation] = field(default_factory=list)
    is_closed: bool = False

    @property
    def rows(self) -> int:
        return 1 if self.is_closed else 1 + len(self.conversations)


class ConversationRows:
    """The rows: temporary conversations, pinned ones, folders by their names, then all others by days and months."""

    def __init__(self, names: GroupNames, today: date, closed: Collection[str] = ()) -> None:
        self._names = names
        self._today = today
        self._midnights = tuple(_midnight(today - timedelta(days=days)) for days in (0, 1, 7))
        self._closed = set(closed)
        self._sections: list[_Section] = []
        self._starts: list[int] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: int) -> Row:
        at = bisect_right(self._starts, row) - 1
        section, within = self._sections[at], row - self._starts[at]
        return section.name if within == 0 else section.conversations[within - 1]

    @property
    def folders(self) -> list[str]:
        """The names of all folders, in their order."""
        return [str(each.name) for each in self._sections if each.key[0] == _FOLDER_RANK]

    @property
    def closed(self) -> frozenset[str]:
        """The folders whose conversations are not listed."""
        return frozenset(self._closed)

    def state_of(self, conversation_id: str) -> Conversation | None:
        """Return a conversation in the state in which it is listed; None if it is not.

        They are looked through: a table by ids would take megabytes to save a millisecond now and then.
        """
        every = (each for section in self._sections for each in section.conversations)
        return next((each for each in every if each.id == conversation_id), None) if conversation_id else None

    def row_of(self, conversation: Conversation) -> int:
        """Return the row of a conversation in the state in which it is listed; -1 in a folder that is closed."""
        at = self._section_at(self._key_of(conversation))
        section = self._sections[at]
        return -1 if section.is_closed else self._starts[at] + 1 + place_in(section.conversations, conversation)

    def additions(self, conversations: Sequence[Conversation]) -> Iterator[RowStep]:
        """Yield the steps by which many come that are not listed yet, in the order of the list.

        Each must be made before the next is asked for. Those that come after all others cost the others nothing.
        """
        for key, group in self._parted(conversations).items():
            at = self._section_at(key)
            is_new = at == len(self._sections) or self._sections[at].key != key
            if is_new:
                start = self._starts[at] if at < len(self._starts) else self._count
                count = 1 if self._is_closed(key) else 1 + len(group)
            else:
                start = self._starts[at] + self._sections[at].rows
                count = 0 if self._sections[at].is_closed else len(group)
            change = RowsInserted(start, count) if count else RowPainted(self._starts[at])
            yield RowStep(change, partial(self._add, key, group))

    def steps(self, before: Conversation | None, after: Conversation | None) -> Iterator[RowStep]:
        """Yield the steps by which a conversation comes (`before` is None), goes (`after`), or changes its state.

        Each must be made before the next is asked for.
        """
        if before is not None and after is not None:
            yield from self._steps_between(before, after)
        elif before is not None:
            yield self._removal(before)
        elif after is not None:
            yield self._insertion(after)

    def toggle(self, name: FolderName) -> Iterator[RowStep]:
        """Yield the step that lists the conversations of a folder, or only its name."""
        at = self._section_at((_FOLDER_RANK, name.casefold(), str(name)))
        section, start = self._sections[at], self._starts[at] + 1
        count = len(section.conversations)
        yield RowStep(
            RowsInserted(start, count) if section.is_closed else RowsRemoved(start, count),
            partial(self._turn, section),
        )

    def _steps_between(self, before: Conversation, after: Conversation) -> Iterator[RowStep]:
        old_key, new_key = self._key_of(before), self._key_of(after)
        at, to = self._section_at(old_key), self._section_at(new_key)
        old = self._sections[at]
        if old_key == new_key:
            place, new_place = place_in(old.conversations, before), place_in(old.conversations, after)
            new_place -= new_place > place
            start = self._starts[at] + 1
            if not old.is_closed and place != new_place:
                yield RowStep(RowMove(start + place, start + new_place), partial(self._exchange, before, after))
            elif old.is_closed:
                self._exchange(before, after)
            else:
                yield RowStep(RowPainted(start + place), partial(self._exchange, before, after))
                return
        else:
            is_there = to < len(self._sections) and self._sections[to].key == new_key
            are_open = is_there and not old.is_closed and not self._sections[to].is_closed
            if are_open and len(old.conversations) > 1:
                start = self._starts[at] + 1 + place_in(old.conversations, before)
                target = self._starts[to] + 1 + place_in(self._sections[to].conversations, after)
                change = RowMove(start, target - (target > start))
                yield RowStep(change, partial(self._exchange, before, after))
            else:
                yield self._removal(before)
                yield self._insertion(after)
        row = self.row_of(after)
        if row >= 0:
            yield RowStep(RowPainted(row), lambda: None)

    def _removal(self, conversation: Conversation) -> RowStep:
        at = self._section_at(self._key_of(conversation))
        section, start = self._sections[at], self._starts[at]
        make = partial(self._remove, conversation)
        if len(section.conversations) == 1:
            return RowStep(RowsRemoved(start, section.rows), make)
        if section.is_closed:
            return RowStep(RowPainted(start), make)
        return RowStep(RowsRemoved(start + 1 + place_in(section.conversations, conversation), 1), make)

    def _insertion(self, conversation: Conversation) -> RowStep:
        key = self._key_of(conversation)
        at = self._section_at(key)
        make = partial(self._insert, conversation)
        if at == len(self._sections) or self._sections[at].key != key:
            start = self._starts[at] if at < len(self._starts) else self._count
            return RowStep(RowsInserted(start, 1 if self._is_closed(key) else 2), make)
        section, start = self._sections[at], self._starts[at]
        if section.is_closed:
            return RowStep(RowPainted(start), make)
        return RowStep(RowsInserted(start + 1 + place_in(section.conversations, conversation), 1), make)

    def _turn(self, section: _Section) -> None:
        section.is_closed = not section.is_closed
        self._closed ^= {str(section.name)}
        self._count_rows()

    def _exchange(self, before: Conversation, after: Conversation) -> None:
        self._remove(before)
        self._insert(after)

    def _remove(self, conversation: Conversation) -> None:
        at = self._section_at(self._key_of(conversation))
        listed = self._sections[at].conversations
        del listed[place_in(listed, conversation)]
        if not listed:
            del self._sections[at]
        self._count_rows()

    def _insert(self, conversation: Conversation) -> None:
        key = self._key_of(conversation)
        at = self._section_at(key)
        if at == len(self._sections) or self._sections[at].key != key:
            self._sections.insert(at, self._new_section(key))
        insort(self._sections[at].conversations, conversation, key=list_order)
        self._count_rows()

    def _add(self, key: _Key, group: Sequence[Conversation]) -> None:
        at = self._section_at(key)
        if at == len(self._sections) or self._sections[at].key != key:
            self._sections.insert(at, self._new_section(key))
        self._sections[at].conversations.extend(group)
        self._sections[at].conversations.sort(key=list_order)
        self._count_rows()

    def _parted(self, conversations: Sequence[Conversation]) -> dict[_Key, list[Conversation]]:
        """Return the conversations by the sections that they belong to; most are parted by their days alone."""
        by_day = [each for each in conversations if not (each.pinned or each.settings.folder or is_temporary(each.id))]
        parted: dict[_Key, list[Conversation]] = {}
        if len(by_day) < len(conversations):
            for each in conversations:
                if (key := self._key_of(each))[0] <= _FOLDER_RANK:
                    parted.setdefault(key, []).append(each)
        start = 0
        while start < len(by_day):
            key = self._key_of(by_day[start])
            end = bisect_right(by_day, key, start, key=self._key_of)
            parted[key] = by_day[start:end]
            start = end
        return parted

    def _new_section(self, key: _Key) -> _Section:
        name = FolderName(key[2]) if key[0] == _FOLDER_RANK else self._name_of(key[0])
        return _Section(key, name, is_closed=self._is_closed(key))

    def _name_of(self, rank: int) -> str:
        names = self._names
        days = (names.temporary, names.pinned, "", names.today, names.yesterday, names.week)
        if rank < len(days):
            return days[rank]
        year, month = divmod(_months_until(self._today) - (rank - len(days)), 12)
        name = names.months[month]
        return name if year == self._today.year else names.month_of_year.replace("%1", name).replace("%2", str(year))

    def _is_closed(self, key: _Key) -> bool:
        return key[0] == _FOLDER_RANK and key[2] in self._closed

    def _section_at(self, key: _Key) -> int:
        """Return where the section with a key stands, or would stand."""
        return next((at for at, each in enumerate(self._sections) if each.key >= key), len(self._sections))

    def _count_rows(self) -> None:
        self._starts = []
        self._count = 0
        for each in self._sections:
            self._starts.append(self._count)
            self._count += each.rows

    def _key_of(self, conversation: Conversation) -> _Key:
        if is_temporary(conversation.id):
            return 0, "", ""
        if conversation.pinned:
            return 1, "", ""
        if folder := conversation.settings.folder:
            return _FOLDER_RANK, folder.casefold(), folder
        rank = bisect_left(self._midnights, -conversation.updated_at, key=neg)
        if rank == len(self._midnights):
            day = date.fromtimestamp(max(conversation.updated_at, 0.0))
            rank += _months_until(self._today) - _months_until(day)
        return _FOLDER_RANK + 1 + rank, "", ""


@dataclass(frozen=True, slots=True)
class ListDifference:
    """ListDifference between two lists of conversations, both in the order of the list.

    `changed`: those in which they differ, each as it was and as it is; None on a side where it is not in that list.
    `added`: further ones, which come after all that the first list has.
    """

    changed: Sequence[tuple[Conversation | None, Conversation | None]] = ()
    added: Sequence[Conversation] = ()


def list_difference(before: Sequence[Conversation], after: Sequence[Conversation]) -> ListDifference | None:
    """Return how two lists differ; None where it is so much that all are better shown anew."""
    start = _same_at_start(before, after)
    old, new = before[start:], after[start:]
    if not old:
        return ListDifference(added=new)
    end = _same_at_start(old[::-1], new[::-1])
    old, new = old[: len(old) - end], new[: len(new) - end]
    if len(old) == len(new) > 1 and old[:-1] == new[1:] and old[-1].id == new[0].id:
        return ListDifference([(old[-1], new[0])])  # what comes to the top, from however far below
    if abs(len(old) - len(new)) > _MOST_PAIRS:
        return None
    was, now = ({each.id: each for each in side} for side in (old, new))
    pairs = [(was.get(key), now.get(key)) for key in {**was, **now} if was.get(key) != now.get(key)]
    return ListDifference(pairs) if len(pairs) <= _MOST_PAIRS else None


def _same_at_start(left: Sequence[Conversation], right: Sequence[Conversation]) -> int:
    """Return how many first conversations are equal; whole pieces are compared at once, which costs next to nothing."""
    at, piece = 0, 4_096
    most = min(len(left), len(right))
    while at < most:
        if left[at : at + piece] == right[at : at + piece]:
            at += piece
        elif piece > 1:
            piece //= 8
        else:
            break
    return min(at, most)


def _months_until(day: date) -> int:
    return 12 * day.year + day.month - 1


def _midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day).timestamp()
