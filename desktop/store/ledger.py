"""The ledger in a file of its own beside the database: where words went, when and how many, and never which.

Nothing here is ever in the way of a message: no message waits for it, and a file that is damaged is put aside.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from operator import attrgetter
from pathlib import Path
from typing import Any

from desktop.core.converting import UnusableError, converted
from desktop.core.request import Errand
from desktop.core.trust import WITH_WORDS, Count, Entry, EntryFilter
from desktop.store.disk import (
    OpenedAtUse,
    connect,
    delete_database,
    disk_failures,
    is_damage,
    make_private_file,
    make_private_folder,
    transaction,
    use_log,
)

_log = logging.getLogger(__name__)

KEPT_DAYS = 90
_DAY = 86_400.0
# The columns with their types, and where an entry has the value of each.
_COLUMNS = {
    "id TEXT PRIMARY KEY": "id",
    "at REAL": "at",
    "errand TEXT": "purpose.errand",
    "conversation_id TEXT": "purpose.conversation",
    "model TEXT": "purpose.model",
    "messages INTEGER": "purpose.messages",
    "files INTEGER": "purpose.files",
    "host TEXT": "host",
    "place_kind TEXT": "place.kind",
    "place_host TEXT": "place.host",
    "peer_address TEXT": "peer.address",
    "peer_port INTEGER": "peer.port",
    "certificate TEXT": "peer.certificate",
    "issuer TEXT": "peer.issuer",
    "is_through_proxy INTEGER": "is_through_proxy",
    "sent INTEGER": "sent",
    "received INTEGER": "received",
    "seconds REAL": "seconds",
    "ending TEXT": "ending",
    # These were not in the first files; there they read as nothing.
    "words INTEGER NOT NULL DEFAULT 0": "purpose.words",
    "earlier_words INTEGER NOT NULL DEFAULT 0": "purpose.earlier_words",
    "instruction_words INTEGER NOT NULL DEFAULT 0": "purpose.instruction_words",
    "asked_at REAL NOT NULL DEFAULT 0": "purpose.asked_at",
    "run TEXT NOT NULL DEFAULT ''": "purpose.run",
}
_NAMES = ", ".join(column.split()[0] for column in _COLUMNS)
_SUMMED = ("files", "sent", "received", "seconds", "words", "earlier_words", "instruction_words")
# Of the requests of one run. SQLite takes the other columns from the row that has the greatest time.
_OF_ALL = {"at": "max(at)"} | {each: f"sum({each})" for each in _SUMMED}
_OF_RUN = ", ".join(_OF_ALL.get(each, each) for each in _NAMES.split(", "))
_TABLES = (
    f"CREATE TABLE IF NOT EXISTS entries ({', '.join(_COLUMNS)})",
    "CREATE INDEX IF NOT EXISTS entries_at ON entries (at)",
    "CREATE INDEX IF NOT EXISTS entries_conversation ON entries (conversation_id, at)",
)
_HELD_BACK = "(ending IN ('locked', 'forbidden', 'elsewhere'))"
_PUT = f"INSERT OR REPLACE INTO entries ({_NAMES}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_row = attrgetter(*_COLUMNS.values())


class Ledger(OpenedAtUse):
    """Keeper of entries. The file is opened at the first use, on the thread that uses it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, entries: Sequence[Entry]) -> None:
        """Keep these, all in one commit; what is older than `KEPT_DAYS` goes when the file is opened."""
        with disk_failures(self._path.parent):
            connection = self._connection()
            with transaction(connection):
                connection.executemany(_PUT, map(_row, entries))

    def find(self, narrowing: EntryFilter, most: int, *, by_run: bool = False) -> list[Entry]:
        """Return the newest entries that fit, the newest first; `by_run`: one for each run of *Ask each file*."""
        where, values = _condition(narrowing)
        names = f"{_NAMES}, 1"
        if by_run:
            names = f"{_OF_RUN}, count(*)"
            where += f" GROUP BY CASE run WHEN '' THEN id ELSE run END, host, {_HELD_BACK}"
        query = f"SELECT {names} FROM entries WHERE {where} ORDER BY at DESC, id DESC LIMIT ?"
        with disk_failures(self._path.parent):
            rows = self._connection().execute(query, (*values, most)).fetchall()
        entries = []
        for row in rows:
            with suppress(UnusableError):  # of a kind that a newer version has added
                entries.append(_entry(row))
        return entries

    def counts(self, narrowing: EntryFilter) -> list[Count]:
        """Return how often words of the user's went to each kind of place, and how often something else did."""
        where, values = _condition(narrowing)
        # What was held back went nowhere: its rows say so, and no place counts them.
        has_words = f"errand IN ({', '.join('?' * len(WITH_WORDS))})"
        query = (
            f"SELECT place_kind, sum({has_words}), count(DISTINCT CASE WHEN {has_words} THEN host END),"
            f" sum(errand = ?), count(*) FROM entries WHERE {where}"
            f" AND NOT {_HELD_BACK} GROUP BY place_kind"
        )
        with disk_failures(self._path.parent):
            rows = self._connection().execute(query, (*WITH_WORDS, *WITH_WORDS, Errand.PULL, *values)).fetchall()
        return [Count(kind, times, hosts, pulls, every - times - pulls) for kind, times, hosts, pulls, every in rows]

    def clear(self) -> None:
        with disk_failures(self._path.parent):
            connection = self._connection()
            connection.execute("DELETE FROM entries")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            make_private_folder(self._path.parent)
            make_private_file(self._path)
            try:
                self._opened = _prepared(self._path)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                _log.warning("the ledger is damaged, and is begun anew: %s", error)
                self._path.replace(self._path.with_name(f"{self._path.stem}.damaged{self._path.suffix}"))
                delete_database(self._path)  # or its log would be taken for that of the new file
                make_private_file(self._path)
                self._opened = _prepared(self._path)
        return self._opened


def _prepared(path: Path) -> sqlite3.Connection:
    # A power cut may take the last seconds of the ledger; waiting for the disk would take time from messages.
    connection = connect(path, "synchronous = NORMAL", "secure_delete = ON", check_same_thread=False)
    try:
        use_log(connection)
        with transaction(connection):
            for statement in _TABLES:
                connection.execute(statement)
            there = {row[1] for row in connection.execute("PRAGMA table_info(entries)")}
            for column in _COLUMNS:
                if column.split()[0] not in there:
                    connection.execute(f"ALTER TABLE entries ADD COLUMN {column}")
        connection.execute("DELETE FROM entries WHERE at < ?", (time.time() - KEPT_DAYS * _DAY,))
    except BaseException:
        connection.close()
        raise
    return connection


def _condition(narrowing: EntryFilter) -> tuple[str, list[object]]:
    """Return what a row has to fulfil, as SQL, and the values of its question marks."""
    parts = ["at >= ?"]
    found: list[object] = [narrowing.since]
    if narrowing.conversation:
        parts.append("conversation_id = ?")
        found.append(narrowing.conversation)
    if narrowing.place:
        parts.append("place_kind = ?")
        found.append(narrowing.place)
    if not narrowing.with_lists:
        parts.append(f"errand IN ({', '.join('?' * len(WITH_WORDS))})")
        found.extend(WITH_WORDS)
    if narrowing.text:
        pattern = "%" + "".join(f"\\{each}" if each in "\\%_" else each for each in narrowing.text) + "%"
        fields = ("host", "place_host", "peer_address", "model", "issuer")
        either = [f"{field} LIKE ? ESCAPE '\\'" for field in fields]
        found.extend([pattern] * len(fields))
        if narrowing.titled:
            either.append(f"conversation_id IN ({', '.join('?' * len(narrowing.titled))})")
            found.extend(narrowing.titled)
        parts.append(f"({' OR '.join(either)})")
    return " AND ".join(parts), found


def _entry(row: Sequence[Any]) -> Entry:
    record: dict[str, Any] = {"purpose": {}, "place": {}, "peer": {}}
    for path, value in zip((*_COLUMNS.values(), "requests"), row, strict=True):
        outer, _, name = path.rpartition(".")
        (record[outer] if outer else record)[name] = value
    record["is_through_proxy"] = bool(record["is_through_proxy"])
    return converted(Entry, record, whole=True)
