"""Mails as they travel (.eml), web pages that a browser saved as one file (.mhtml), and what any mail is told as.

Whatever a mail says of its encodings is followed where there is such an encoding, else the letters are recognised. What
is attached to a mail is read by the formats of its own.
"""

from __future__ import annotations

import email
import email.errors
import email.header
import email.policy
import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from typing import cast

from desktop.core.bounds import ATTACHED_BYTES, ATTACHED_DEPTH, ATTACHED_FILES
from desktop.core.documents.document import (
    Block,
    Opened,
    ReadingError,
    ReadingEvent,
    ReadingProblem,
    Remark,
    RemarkKind,
    Run,
    Section,
    SectionKind,
)
from desktop.readers import formats
from desktop.readers.source import BROKEN, Source, failure_of
from desktop.readers.text.blocks import Runs, chapters, clean, left_out
from desktop.readers.text.html import WebPage, decode_html
from desktop.readers.text.plain import decode, paragraphs, successor

_NAMES_TOLD = 20
MEDIA_TYPE = "message/rfc822"
_MOST_DEPTH = 40  # of parts within parts
_FIELDS = ("From", "To", "Cc", "Date", "Subject")
_LOCKED = frozenset(("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"))
_SIGNATURES = frozenset(("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"))
_PAGES = (".mht", ".mhtml")
_FOLDED = re.compile(r"[\r\n]+[ \t]*")
_WORDS = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]*\?=)[ \t\r\n]+(?==\?)")
_UNNAMED = {"text/plain": "text.txt", "text/html": "page.html", "text/calendar": "invitation.ics"}


@dataclass(slots=True)
class Letter:
    """Mail. `fields` are (name, words) of those that a reader sees; `files` are attached to it."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    files: list[AttachedFile] = field(default_factory=list)
    pictures: int = 0

    @property
    def subject(self) -> str:
        """Its subject; empty for none."""
        return next((" ".join(words.split()) for name, words in self.fields if name == "Subject"), "")


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """File or mail that is attached. `content` is asked for when it is read; `letter` instead for a mail in a mail."""

    name: str
    content: Callable[[], bytes] | None = None
    letter: Callable[[], Letter] | None = None


def sections(letter: Letter, source: Source) -> Iterator[ReadingEvent]:
    """Yield a mail and what is attached to it, then what was not read."""
    yield from _Reading(source).sections(letter, 1)


def _mail_in(source: Source) -> Letter | None:
    """Return the mail in a file, whatever kind of mail it is; None for a file of another kind."""
    try:
        module = formats.format_of(source).module
    except (ReadingError, OSError, *BROKEN):
        return None
    if not module.startswith("mail."):
        return None
    # By its name, as `formats` does: the readers of mails need this module.
    return cast(Letter, importlib.import_module(f"desktop.readers.{module}").letter_of_file(source))


class _Reading:
    """Reading of a mail with all that hangs on it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._number = 0
        self._files = 0
        self._bytes = 0
        self._pictures = 0
        self._not_read: list[str] = []
        self._remarks: list[Remark] = []

    def sections(self, letter: Letter, depth: int) -> Iterator[ReadingEvent]:
        yield from self._letter(letter, depth)
        yield from self._remarks
        yield from left_out(self._pictures)
        if self._not_read:
            told = ", ".join(self._not_read[:_NAMES_TOLD])
            yield Remark(RemarkKind.FILES_INSIDE, len(self._not_read), told)

    def _letter(self, letter: Letter, depth: int) -> Iterator[Section]:
        self._number += 1
        self._pictures += letter.pictures
        head = "\n".join(f"{name}: {' '.join(words.split())}" for name, words in letter.fields if words.strip())
        top = [Block(Runs(head).runs(), "head")] if head else []
        yield Section(
            SectionKind.MAIL, self._number, letter.subject, (*top, *(each for each in letter.blocks if each.runs))
        )
        for each in letter.files:
            self._files += 1
            if self._files > ATTACHED_FILES or self._bytes > ATTACHED_BYTES:
                self._not_read.append(each.name)
            else:
                yield from self._attached(each, depth)

    def _attached(self, file: AttachedFile, depth: int) -> Iterator[Section]:
        try:
            if file.letter is not None:
                inner = file.letter() if depth < ATTACHED_DEPTH else None
            else:
                content = file.content() if file.content is not None else b""
                self._bytes += len(content)
                inside = replace(self._source, name=file.name, inside=content, encoding="")
                inner = _mail_in(inside)
                if inner is None:
                    yield from self._file(inside)
                    return
                inner = inner if depth < ATTACHED_DEPTH else None
        except Exception as error:
            if failure_of(error).detail.startswith("image/"):
                self._pictures += 1
            else:
                self._not_read.append(file.name)
            return
        if inner is None:
            self._not_read.append(file.name)
        else:
            yield from self._letter(inner, depth + 1)

    def _file(self, source: Source) -> Iterator[Section]:
        """Yield a file as one section; the titles of its own sections stand in it like headings."""
        blocks: list[Block] = []
        found = 0
        for event in formats.read(source):
            match event:
                case Section():
                    found += 1
                    has_title = event.title and event.kind in {SectionKind.SHEET, SectionKind.FILE, SectionKind.MAIL}
                    if has_title and not event.is_empty:
                        blocks.append(Block((Run(event.title),), f"{event.number}:", 1))
                    blocks.extend(replace(each, place=f"{event.number}:{each.place}") for each in event.blocks)
                case Remark() if event.kind is RemarkKind.PICTURES:
                    self._pictures += event.count
                case Remark() if event.kind is not RemarkKind.ENCODING:
                    self._remarks.append(event)
        if not any(block.text.strip() for block in blocks):
            raise ReadingError(ReadingProblem.EMPTY)
        self._number += 1
        yield Section(SectionKind.FILE, self._number, source.name, tuple(blocks))


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield a mail and what is attached to it. Raises `ReadingError`."""
    letter = letter_of_file(source)
    yield Opened(MEDIA_TYPE)
    if source.ending in _PAGES:
        yield from chapters(letter.blocks)
        yield from left_out(letter.pictures)
    else:
        yield from sections(letter, source)


def letter_of_file(source: Source) -> Letter:
    """Return the mail in a file. Raises `ReadingError`."""
    with source.open() as file:
        message = email.message_from_binary_file(file, policy=email.policy.compat32)
    return _letter(message, source.encoding)


def _letter(message: Message, encoding: str) -> Letter:
    letter = Letter([(name, words) for name in _FIELDS if (words := _field(message, name))])
    is_locked = message.get_content_type() in _LOCKED and message.get_param("smime-type") != "signed-data"
    if is_locked:
        raise ReadingError(ReadingProblem.PROTECTED)
    _take_in(message, letter, encoding, 0)
    return letter


def _take_in(part: Message, letter: Letter, encoding: str, depth: int) -> None:
    """Take in a part of a mail: the body, a choice of bodies, parts that follow each other, a file."""
    kind = part.get_content_type()
    if depth > _MOST_DEPTH:
        letter.files.append(AttachedFile(kind))
        return
    if kind == "message/rfc822" and part.is_multipart():
        inner = part.get_payload(0)
        assert isinstance(inner, Message)
        letter.files.append(
            AttachedFile(_name(part) or _field(inner, "Subject") or kind, letter=lambda: _letter(inner, ""))
        )
    elif part.is_multipart():
        parts = [each for each in part.get_payload() if isinstance(each, Message)]
        if kind == "multipart/alternative":
            _take_in_best(parts, letter, encoding, depth)
            return
        for each in parts:
            _take_in(each, letter, encoding, depth + 1)
    elif part.get_content_maintype() == "image":
        letter.pictures += 1
    elif kind in {"text/plain", "text/html"} and part.get_content_disposition() != "attachment" and not _name(part):
        _take_in_text(part, letter, encoding)
    elif kind not in _SIGNATURES:
        name = _name(part) or _UNNAMED.get(kind, kind.replace("/", "."))
        letter.files.append(AttachedFile(name, content=lambda: _content(part)))


def _take_in_best(parts: list[Message], letter: Letter, encoding: str, depth: int) -> None:
    """Take in one of several renderings of a body: the last, richest one that has words."""
    for index in range(len(parts) - 1, -1, -1):
        candidate = Letter()
        _take_in(parts[index], candidate, encoding, depth + 1)
        if candidate.blocks or index == 0:
            letter.blocks.extend(candidate.blocks)
            letter.files.extend(candidate.files)
            letter.pictures += candidate.pictures
            return
        # Such as an invitation, which has no words of its own here.
        letter.files.extend(candidate.files)


def _take_in_text(part: Message, letter: Letter, encoding: str) -> None:
    told = encoding or successor(str(part.get_param("charset", "")).lower())
    content = _content(part)
    if part.get_content_type() == "text/html":
        page = WebPage(decode_html(content, told).text)
        letter.blocks.extend(page.blocks())
        letter.pictures += page.pictures if not letter.pictures else 0
    else:
        letter.blocks.extend(paragraphs([line.rstrip() for line in clean(decode(content, told).text).split("\n")]))


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _name(part: Message) -> str:
    """Return the file name of a part without the folders that it may pretend to be in; empty for none."""
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError):
        name = ""
    return clean(_decoded(name)).replace("\\", "/").rpartition("/")[2].strip()


def _field(message: Message, name: str) -> str:
    value = message.get(name)
    return "" if value is None else clean(_decoded(str(value))).strip()


def _decoded(value: str) -> str:
    """Return a field with its encoded words in letters, whatever is wrong with them."""
    if not value.isascii():
        value = decode(value.encode("utf-8", "surrogateescape")).text
    value = _WORDS.sub(r"\1", _FOLDED.sub(" ", value))
    try:
        pieces = email.header.decode_header(value)
    except (ValueError, email.errors.HeaderParseError):
        return value
    said = ""
    for piece, charset in pieces:
        if isinstance(piece, str):
            said += piece
        else:
            said += decode(piece, successor((charset or "").lower())).text
    return said
