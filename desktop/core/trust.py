"""The ledger of what left the program: when, to which address, how much, and what for. Never a word of it.

Exported, it is a table for a spreadsheet. An entry is made where the bytes pass, in `backends/wire`; it is kept by
`store/ledger.py`, and shown by `ui/trust`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from desktop.core.message import AttachmentPart, ImagePart, new_id
from desktop.core.place import Place
from desktop.core.request import ChatRequest, Errand
from desktop.core.text.scripts import count_words

# What carries words of the user's.
WITH_WORDS = (Errand.QUESTION, Errand.FILE, Errand.TITLE, Errand.OTHER_WORDS, Errand.COUNT)


class Ending(StrEnum):
    """End of an exchange."""

    OPEN = "open"  # it has not ended, or the program ended first
    DONE = "done"
    BROKEN = "broken"  # off, by either side or in between
    LOCKED = "locked"  # nothing was sent: the offline lock is on
    FORBIDDEN = "forbidden"  # nothing was sent: the policy of this computer does not allow it
    ELSEWHERE = "elsewhere"  # nothing was sent: the name leads further away than it was said to


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Purpose of a request, as far as it is recorded: what for, in which conversation, and how much goes along.

    `words` are those of the question, `earlier_words` of the messages before it, `instruction_words` of what stands
    before all messages; how many, and none of them; 0 of what is only sent to be counted. `asked_at`, in seconds since
    1970: the user was asked then if words may go to this place, and agreed; 0: nobody was asked, or nobody knows any
    more. `place` is the one that the user was told, where it is not that of the server: one that passes on what it is
    sent.
    """

    errand: Errand = Errand.MODELS
    conversation: str = ""  # its id
    run: str = ""  # the id of the questions to each file that it belongs to
    model: str = ""
    messages: int = 0
    files: int = 0
    words: int = 0
    earlier_words: int = 0
    instruction_words: int = 0
    asked_at: float = 0.0
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Other end of a connection, as the system names it.

    `certificate` is the SHA-256 of the server's own in hexadecimal digits, `issuer` who has signed it; both are empty
    where the connection is not encrypted, and `issuer` where the system does not tell.
    """

    address: str = ""
    port: int = 0
    certificate: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Exchange with a server: a request and its reply.

    `at` in seconds since 1970. `host` is the one of the address that was asked for, `place` the one that the user was
    shown for it. `is_through_proxy`: the peer is a proxy. `sent` and `received` in bytes, as they were inside
    encryption. `requests`: so many are told as one, with the sum of what was sent, the time and the end of the newest.
    """

    at: float
    purpose: Purpose
    host: str
    place: Place
    peer: Peer = field(default_factory=Peer)
    is_through_proxy: bool = False
    sent: int = 0
    received: int = 0
    seconds: float = 0.0
    ending: Ending = Ending.OPEN
    requests: int = 1
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Choice of entries: of a conversation, since a time, of a kind of place, with a text in host, model or address.

    `titled` are conversations that have the text in their titles. `with_lists`: also what carried no words of the
    user's, such as lists of models and tests of a connection.
    """

    conversation: str = ""
    since: float = 0.0
    place: str = ""  # a `PlaceKind`
    text: str = ""
    titled: tuple[str, ...] = ()
    with_lists: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """Times that words went to a kind of place, and to how many hosts of it; and what went there without any."""

    place: str  # a `PlaceKind`
    times: int
    hosts: int
    downloads: int = 0  # of models
    others: int = 0  # such as lists of models and tests


def purpose_of(request: ChatRequest) -> Purpose:
    """Return the purpose of a request for a reply: how many messages and files go along, none of their words."""
    parts = [part for message in request.messages for part in message.parts]
    files = sum(isinstance(part, AttachmentPart | ImagePart) for part in parts)
    errand = Errand.FILE if request.errand is Errand.QUESTION and files else request.errand
    purpose = Purpose(
        errand=errand,
        conversation=request.conversation,
        run=request.run,
        model=request.model,
        messages=len(request.messages),
        files=files,
        place=request.place,
    )
    # A count is asked for again and again, of words that are looked through when they are sent.
    if errand in (Errand.COUNT, Errand.TEST):
        return purpose
    *earlier, last = (count_words(each.text) for each in request.messages) if request.messages else (0,)
    if errand is Errand.TITLE:
        last = 0  # the request for it has no word of the user's
    return replace(purpose, words=last, earlier_words=sum(earlier), instruction_words=count_words(request.system))


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
    *("end", "id", "words", "earlier_words", "instruction_words", "asked", "run"),
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
        purpose.run,
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value
