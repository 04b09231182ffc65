"""The ledger as a file for others: CSV for a table, JSON for a program. Titles are those of today; no other word."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from desktop.core.trust.ledger import Entry

_RISKY = ("=", "+", "-", "@", "\t", "\r")  # a table takes what begins so for a formula


def as_json(entries: Sequence[Entry], titles: Mapping[str, str]) -> str:
    """Return the entries as a list of objects."""
    return json.dumps([_record(each, titles) for each in entries], ensure_ascii=False, indent=2) + "\n"


def as_csv(entries: Sequence[Entry], titles: Mapping[str, str]) -> str:
    """Return the entries as a table whose first line names the columns."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    for entry in entries:
        writer.writerow(map(_cell, _record(entry, titles).values()))
    return written.getvalue()


_COLUMNS = (
    *("time", "what", "conversation", "title", "model", "messages", "files", "host", "place", "place_host"),
    *("address", "port", "through_proxy", "certificate_sha256", "issuer", "bytes_sent", "bytes_received", "seconds"),
    *("end", "id", "words", "earlier_words", "instruction_words", "asked"),
)


def _record(entry: Entry, titles: Mapping[str, str]) -> dict[str, Any]:
    purpose, peer = entry.purpose, entry.peer
    values = (
        _moment(entry.at),
        *(purpose.errand.value, purpose.conversation, titles.get(purpose.conversation, ""), purpose.model),
        *(purpose.messages, purpose.files, entry.host, entry.place.kind.value, entry.place.host),
        *(peer.address, peer.port, entry.is_through_proxy, peer.certificate, peer.issuer),
        *(entry.sent, entry.received, round(entry.seconds, 3), entry.ending.value, entry.id),
        *(purpose.words, purpose.earlier_words, purpose.instruction_words),
        _moment(purpose.asked_at) if purpose.asked_at else "",
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value
