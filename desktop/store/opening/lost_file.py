"""An empty or missing database beside what only one that was used leaves: it was lost, and is not begun anew."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Container
from pathlib import Path

from desktop.store.backups import all_backups
from desktop.store.migrations import has_content

# Files beside the database, and rows that only conversations leave.
_ROWS = (
    ("search", "SELECT 1 FROM shards WHERE last_id != ''"),
    ("ledger", "SELECT 1 FROM entries WHERE conversation_id != ''"),
)


def loss_of(path: Path, newly_kept: Container[str] = ()) -> str:
    """Return what tells that an empty or missing database held something; empty for a new or a full one.

    `newly_kept` are the digests of files that were given before a new database was made. Raises OSError.
    """
    if has_content(path):
        return ""
    if all_backups(path):
        return "empty or missing, beside backups"
    for name, query in _ROWS:
        file = path.with_name(f"{path.stem}-{name}{path.suffix}")
        if _has_row(file, query):
            return f"empty or missing, beside {file.name}"
    if any(each.name not in newly_kept for each in (path.parent / "files").glob("[0-9a-f][0-9a-f]/*")):
        return "empty or missing, beside the files of messages"
    return ""


def _has_row(file: Path, query: str) -> bool:
    if not has_content(file):
        return False
    # What was closed properly is opened without making anything beside it.
    options = "mode=ro" if has_content(Path(f"{file}-wal")) else "mode=ro&immutable=1"
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?{options}", uri=True)) as connection,
    ):
        return connection.execute(f"{query} LIMIT 1").fetchone() is not None
    return False
