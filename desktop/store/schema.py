"""The tables of the database, its version, and what is looked at before a file is opened at all.

There is one schema. What stands in a file of version 8 is copied into a new one; earlier ones, which no release made,
are refused. The index for searching is not here: it can be made again at any time, and is kept in a file of its own.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from desktop.core.conversation import edit_key
from desktop.core.errors import StoreError
from desktop.store.disk import connect, connect_leaving_no_trace, has_content, is_damage, transaction, value_of

APPLICATION_ID = 0x43414E44  # "CAND", so that `file` and we can tell this database from any other
VERSION = 9
OLDEST = 8  # that is brought along

_STATEMENTS = (
    """
    CREATE TABLE conversations (
        id TEXT NOT NULL PRIMARY KEY,
        title TEXT NOT NULL DEFAULT '',
        head_id TEXT,
        origin TEXT,
        settings TEXT NOT NULL DEFAULT '{}',
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL,
        pinned INTEGER NOT NULL DEFAULT 0,
        deleted_at REAL
    )
    """,
    # `key` is the row's lasting number, which the index for searching refers to. The long texts stand last, so that the
    # columns before them are read without passing through them.
    """
    CREATE TABLE messages (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        parent_id TEXT,
        role TEXT NOT NULL,
        status TEXT NOT NULL,
        created_at REAL NOT NULL,
        model TEXT NOT NULL DEFAULT '',
        place_kind TEXT,
        place_host TEXT,
        usage TEXT,
        timings TEXT,
        failure TEXT,
        early TEXT,
        signs TEXT,
        attachment_names TEXT NOT NULL DEFAULT '',
        text TEXT NOT NULL DEFAULT '',
        reasoning TEXT NOT NULL DEFAULT '',
        parts TEXT
    )
    """,
    # Tells the shape of a conversation without its words, and how long each text is, in characters and in lines.
    """
    CREATE INDEX messages_of_conversation ON messages (
        conversation_id, parent_id, key, id, role,
        length(text), length(text) - length(replace(text, char(10), ''))
    )
    """,
    "CREATE INDEX running_replies ON messages (status) WHERE status = 'streaming'",
    # Apart from `messages`, so that adding to a long reply costs the same as adding to a short one.
    """
    CREATE TABLE reply_log (
        message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (message_id, seq)
    ) WITHOUT ROWID
    """,
    # The conversation of a draft, of a text that waits and of their files need not exist.
    "CREATE TABLE drafts (conversation_id TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL, updated_at REAL NOT NULL)",
    """
    CREATE TABLE queued (
        conversation_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        text TEXT NOT NULL,
        parts TEXT,
        PRIMARY KEY (conversation_id, seq)
    ) WITHOUT ROWID
    """,
    # Of the prompt builder, and those that messages were sent from; `message_id` is empty for the current one.
    """
    CREATE TABLE prompt_drafts (
        conversation_id TEXT NOT NULL,
        message_id TEXT NOT NULL,
        draft TEXT NOT NULL,
        updated_at REAL NOT NULL,
        PRIMARY KEY (conversation_id, message_id)
    ) WITHOUT ROWID
    """,
    # A kept file is named by its digest, and deleted once no row of these three names it.
    """
    CREATE TABLE message_files (
        message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        digest TEXT NOT NULL,
        PRIMARY KEY (message_id, digest)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX messages_of_file ON message_files (digest)",
    """
    CREATE TABLE draft_files (
        conversation_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        digest TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (conversation_id, seq)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE queued_files (
        conversation_id TEXT NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (conversation_id, digest)
    ) WITHOUT ROWID
    """,
    # Files kept before belong to another database, such as one that was put aside, and are not swept.
    "CREATE TABLE files_known (since REAL NOT NULL)",
    "INSERT INTO files_known VALUES (CAST(strftime('%s', 'now') AS REAL))",
    # What the index for searching has to read again: only numbers of rows, never words, a few bytes for each reply.
    # What is said for the first time it finds by itself. So saving a message does nothing but save it.
    "CREATE TABLE search_changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, key INTEGER NOT NULL)",
    # By which an index is known to belong to this file.
    "CREATE TABLE search_identity (identity TEXT NOT NULL)",
    "INSERT INTO search_identity VALUES (lower(hex(randomblob(16))))",
    """
    CREATE TRIGGER search_update
    AFTER UPDATE OF status, text, reasoning, parts ON messages
    WHEN old.status = 'streaming' OR old.text IS NOT new.text OR old.reasoning IS NOT new.reasoning
        OR old.parts IS NOT new.parts
    BEGIN INSERT INTO search_changes (key) VALUES (old.key); END
    """,
    """
    CREATE TRIGGER search_delete
    AFTER DELETE ON messages BEGIN INSERT INTO search_changes (key) VALUES (old.key); END
    """,
    """
    CREATE INDEX messages_by_model ON messages (model, place_kind, conversation_id)
    WHERE place_kind IS NOT NULL
    """,
    "CREATE INDEX messages_with_files ON messages (conversation_id) WHERE attachment_names <> ''",
)
# Came later: a file without it is given it when it is opened. `seq` is -1 for the run itself, else that of a file.
_EACH_FILE = """
    CREATE TABLE IF NOT EXISTS each_file (
        run TEXT NOT NULL,
        seq INTEGER NOT NULL,
        conversation_id TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (run, seq)
    ) WITHOUT ROWID
    """
_HAS_OLD_INDEX = "SELECT 1 FROM sqlite_master WHERE name = 'message_index'"
# What has words, in an order in which the rows that others refer to come first.
TABLES = (
    *("conversations", "messages", "reply_log", "drafts", "queued", "prompt_drafts"),
    *("message_files", "draft_files", "queued_files", "each_file"),
)


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables in a new file, in one transaction. Raises `StoreError` newer_version or earlier_state."""
    version = version_of(connection)
    if problem := _problem_of(version):
        raise problem
    if version == VERSION:
        connection.execute(_EACH_FILE)
        return
    with transaction(connection):
        if version_of(connection) == version:  # else another process was faster
            for statement in (*_STATEMENTS, _EACH_FILE):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
    # The version must stand in the file itself, where `header_problem` of another program looks for it.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def is_to_be_copied(connection: sqlite3.Connection) -> bool:
    """Return True for a file of version 8, or one that still has its index for searching, which holds words."""
    return 0 < version_of(connection) < VERSION or value_of(connection, _HAS_OLD_INDEX) is not None


def copy_rows(source: Path, target: Path, without: Sequence[str] = ()) -> None:
    """Write all that stands in a closed database into an empty file, but for these conversations.

    The log of the source is folded into it, so that another file can take its place. Raises `StoreError` damaged and
    locked, and sqlite3.Error.
    """
    try:
        with contextlib.closing(connect(target, "foreign_keys = ON", "secure_delete = ON")) as made:
            make_tables(made)
            made.execute("ATTACH ? AS source", (str(source),))
            with transaction(made):
                has_runs = value_of(made, "SELECT 1 FROM source.sqlite_master WHERE name = 'each_file'")
                for table in TABLES if has_runs else TABLES[:-1]:
                    names = ", ".join(row[1] for row in made.execute(f"PRAGMA main.table_info({table})"))
                    made.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM source.{table}")
                made.execute("UPDATE main.files_known SET since = (SELECT max(since) FROM source.files_known)")
                for identity in without:
                    erase(made, identity)
    except sqlite3.DatabaseError as error:
        if is_damage(error) or isinstance(error, sqlite3.IntegrityError):
            raise StoreError("damaged", str(error)) from error
        raise
    if has_content(Path(f"{source}-wal")):  # left by the last one that closes it: another program is in it
        raise StoreError("locked", "in use by another program")


def erase(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Delete a conversation with all that it has, also what is not sent yet."""
    keys = conversation_id, edit_key(conversation_id)
    for table in ("drafts", "prompt_drafts", "queued", "draft_files", "queued_files", "each_file"):
        connection.execute(f"DELETE FROM main.{table} WHERE conversation_id IN (?, ?)", keys)
    connection.execute("DELETE FROM main.conversations WHERE id = ?", (conversation_id,))


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version that stands in an open file; 0 for a new one."""
    return int(value_of(connection, "PRAGMA user_version"))


def _problem_of(version: int) -> StoreError | None:
    if version > VERSION:
        return StoreError("newer_version", f"{version} > {VERSION}")
    return StoreError("earlier_state", f"{version} < {OLDEST}") if 0 < version < OLDEST else None


def is_of_an_earlier_state(path: Path) -> bool:
    """Return True for a database that an earlier state of the program made, and this one does not read.

    One without any conversation is what is left of a first start that was killed.
    """
    with contextlib.suppress(OSError):
        problem = header_problem(path)
        return problem is not None and problem.reason == "earlier_state" and _may_hold_conversations(path)
    return False


def is_current(path: Path) -> bool:
    """Return True for a database that this program reads, as far as its first bytes tell."""
    with contextlib.suppress(OSError):
        return has_content(path) and header_problem(path) is None
    return False


def _may_hold_conversations(path: Path) -> bool:
    try:
        with contextlib.closing(connect_leaving_no_trace(path)) as connection:
            return value_of(connection, "SELECT 1 FROM conversations LIMIT 1") is not None
    except sqlite3.Error as error:
        return "no such table" not in str(error)


def header_problem(path: Path) -> StoreError | None:
    """Return the reason in a database's first bytes not to open it, or None.

    Reads without SQLite, which might touch the file. The offsets are those of the SQLite file format, section 1.3.
    Raises OSError.
    """
    with path.open("rb") as file:
        header = file.read(100)
    if not header:
        return None
    if len(header) < 100 or not header.startswith(b"SQLite format 3\x00"):
        return StoreError("damaged", "not a database")
    if problem := _problem_of(int.from_bytes(header[60:64], "big")):
        return problem
    page_size = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    size_is_valid = header[24:28] == header[92:96]
    # A write-ahead log left by a crash may hold the pages that the file still lacks.
    if size_is_valid and not has_content(Path(f"{path}-wal")):
        expected = pages * (65536 if page_size == 1 else page_size)
        if path.stat().st_size < expected:
            return StoreError("damaged", "truncated")
    return None


def refuse_foreign_file(connection: sqlite3.Connection) -> None:
    """Raise `StoreError` damaged for a database of another program, and for what is none at all."""
    # In one transaction, since another process may just be making the tables.
    connection.execute("BEGIN")
    application_id = value_of(connection, "PRAGMA application_id")
    has_tables = value_of(connection, "SELECT 1 FROM sqlite_master LIMIT 1") is not None
    connection.execute("ROLLBACK")
    if application_id != APPLICATION_ID and (application_id != 0 or has_tables):
        raise StoreError("damaged", "a database of another program")
