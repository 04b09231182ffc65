"""The ledger in a file of its own beside the database: where words went, when and how many, and never which.

Nothing here is ever in the way of a message: no message waits for it, and a file that is damaged is put aside.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from desktop.core.place import Place, PlaceKind
from desktop.core.trust.ledger import WITH_WORDS, Count, Ending, Entry, EntryFilter, Errand, Peer, Purpose
from desktop.store.disk import disk_failures, make_private_file, make_private_folder

_log = logging.getLogger(__name__)

KEPT_DAYS = 90
_FORMAT = 2
_DAY = 86_400.0
_BUSY_TIMEOUT = 5.0
_COLUMNS = (
    "id, at, errand, conversation_id, model, messages, files, host, place_kind, place_host, peer_address, peer_port,"
    " certificate, issuer, is_through_proxy, sent, received, seconds, ending, words, earlier_words, instruction_words,"
    " asked_at"
)
# What the second format has beside the first, for which it reads as nothing.
_ADDED = (
    "words INTEGER NOT NULL DEFAULT 0",
    "earlier_words INTEGER NOT NULL DEFAULT 0",
    "instruction_words INTEGER NOT NULL DEFAULT 0",
    "asked_at REAL NOT NULL DEFAULT 0",
)
_TABLES = (
    f"""
    CREATE TABLE IF NOT EXISTS entries (
        id TEXT NOT NULL PRIMARY KEY,
        at REAL NOT NULL,
        errand TEXT NOT NULL,
        conversation_id TEXT NOT NULL,
        model TEXT NOT NULL,
        messages INTEGER NOT NULL,
        files INTEGER NOT NULL,
        host TEXT NOT NULL,
        place_kind TEXT NOT NULL,
        place_host TEXT NOT NULL,
        peer_address TEXT NOT NULL,
        peer_port INTEGER NOT NULL,
        certificate TEXT NOT NULL,
        issuer TEXT NOT NULL,
        is_through_proxy INTEGER NOT NULL,
        sent INTEGER NOT NULL,
        received INTEGER NOT NULL,
        seconds REAL NOT NULL,
        ending TEXT NOT NULL,
        {", ".join(_ADDED)}
    )
    """,
    "CREATE INDEX IF NOT EXISTS entries_at ON entries (at)",
    "CREATE INDEX IF NOT EXISTS entries_conversation ON entries (conversation_id, at)",
)
_PUT = f"INSERT OR REPLACE INTO entries ({_COLUMNS}) VALUES ({', '.join('?' * 23)})"
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class SqliteLedger:
    """A `core.trust.ledger.Ledger`. The file is opened at the first use, on the thread that uses it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: sqlite3.Connection | None = None

    def write(self, entries: Sequence[Entry]) -> None:
        """Keep these, all in one commit; what is older than `KEPT_DAYS` goes when the file is opened."""
        with disk_failures(self._path.parent):
            connection = self._connection()
            with _all_or_nothing(connection):
                connection.executemany(_PUT, map(_row, entries))

    def find(self, narrowing: EntryFilter, most: int) -> list[Entry]:
        where, values = _condition(narrowing)
        query = f"SELECT {_COLUMNS} FROM entries WHERE {where} ORDER BY at DESC, id DESC LIMIT ?"
        with disk_failures(self._path.parent):
            rows = self._connection().execute(query, (*values, most)).fetchall()
        entries = []
        for row in rows:
            with suppress(ValueError):  # of a kind that a newer version has added
                entries.append(_entry(row))
        return entries

    def counts(self, narrowing: EntryFilter) -> list[Count]:
        where, values = _condition(narrowing)
        # What was held back went nowhere: its rows say so, and no place counts them.
        has_words = f"errand IN ({', '.join('?' * len(WITH_WORDS))})"
        query = (
            f"SELECT place_kind, sum({has_words}), count(DISTINCT CASE WHEN {has_words} THEN host END),"
            f" sum(errand = ?), count(*) FROM entries WHERE {where}"
            " AND ending NOT IN ('locked', 'forbidden', 'elsewhere') GROUP BY place_kind"
        )
        with disk_failures(self._path.parent):
            rows = self._connection().execute(query, (*WITH_WORDS, *WITH_WORDS, Errand.PULL, *values)).fetchall()
        return [Count(kind, times, hosts, pulls, every - times - pulls) for kind, times, hosts, pulls, every in rows]

    def clear(self) -> None:
        with disk_failures(self._path.parent):
            connection = self._connection()
            connection.execute("DELETE FROM entries")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            make_private_folder(self._path.parent)
            make_private_file(self._path)
            try:
                self._opened = _prepared(self._path)
            except sqlite3.DatabaseError as error:
                if (getattr(error, "sqlite_errorcode", 0) & 0xFF) not in (
                    sqlite3.SQLITE_CORRUPT,
                    sqlite3.SQLITE_NOTADB,
                ):
                    raise
                _log.warning("the ledger is damaged, and is begun anew: %s", error)
                self._put_aside()
                make_private_file(self._path)
                self._opened = _prepared(self._path)
        return self._opened

    def _put_aside(self) -> None:
        self._path.replace(self._path.with_name(f"{self._path.stem}.damaged{self._path.suffix}"))
        for ending in ("-wal", "-shm"):  # or they would be taken for those of the new file
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)


def _prepared(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
    try:
        _use_wal(connection)
        # A power cut may take the last seconds of the ledger; waiting for the disk would take time from messages.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")
        if _format_of(connection) < _FORMAT:
            with _all_or_nothing(connection):
                _bring_up_to_date(connection)
        connection.execute("DELETE FROM entries WHERE at < ?", (time.time() - KEPT_DAYS * _DAY,))
    except BaseException:
        connection.close()
        raise
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:  # nobody waits for that: another Candor may be about to do the same
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
            raise


def _format_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Make an empty file, or one of an earlier format, one of this format; one that was left half made as well."""
    if _format_of(connection) >= _FORMAT:
        return  # another Candor has done it since
    for statement in _TABLES:
        connection.execute(statement)
    there = {row[1] for row in connection.execute("PRAGMA table_info(entries)")}
    for column in _ADDED:
        if column.split()[0] not in there:
            connection.execute(f"ALTER TABLE entries ADD COLUMN {column}")
    connection.execute(f"PRAGMA user_version = {_FORMAT}")


@contextmanager
def _all_or_nothing(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit all that is done in here at once, or nothing of it; no other Candor writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has undone it already
            connection.execute("ROLLBACK")
        raise


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
        parts.append(f"(place_kind != ? OR errand IN ({', '.join('?' * len(WITH_WORDS))}))")
        found.extend([PlaceKind.THIS_COMPUTER.value, *WITH_WORDS])
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


def _row(entry: Entry) -> tuple[object, ...]:
    purpose, peer, place = entry.purpose, entry.peer, entry.place
    return (
        *(entry.id, entry.at, purpose.errand.value, purpose.conversation, purpose.model, purpose.messages),
        *(purpose.files, entry.host, place.kind.value, place.host, peer.address, peer.port),
        *(peer.certificate, peer.issuer, int(entry.is_through_proxy), entry.sent, entry.received, entry.seconds),
        *(entry.ending.value, purpose.words, purpose.earlier_words, purpose.instruction_words, purpose.asked_at),
    )


def _entry(row: Sequence[Any]) -> Entry:
    identity, at, errand, conversation, model, messages, files, host, kind, place_host, address, port = row[:12]
    certificate, issuer, is_through_proxy, sent, received, seconds, ending = row[12:19]
    words, earlier_words, instruction_words, asked_at = row[19:]
    return Entry(
        id=identity,
        at=at,
        purpose=Purpose(
            errand=Errand(errand),
            conversation=conversation,
            model=model,
            messages=messages,
            files=files,
            words=words,
            earlier_words=earlier_words,
            instruction_words=instruction_words,
            asked_at=asked_at,
        ),
        host=host,
        place=Place(PlaceKind(kind), place_host),
        peer=Peer(address=address, port=port, certificate=certificate, issuer=issuer),
        is_through_proxy=bool(is_through_proxy),
        sent=sent,
        received=received,
        seconds=seconds,
        ending=Ending(ending),
    )
