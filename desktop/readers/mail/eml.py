"""Mails as they travel (.eml), and web pages that a browser saved as one file (.mhtml).

Whatever a mail says of its encodings is followed where there is such an encoding, else the letters are recognised.
"""

from __future__ import annotations

import email
import email.errors
import email.header
import email.policy
import re
from collections.abc import Iterator
from email.message import Message

from desktop.core.documents.document import Opened, ReadingError, ReadingEvent, ReadingProblem
from desktop.readers.mail.letter import AttachedFile, Letter, sections
from desktop.readers.source import Source
from desktop.readers.text.blocks import chapters, clean, left_out
from desktop.readers.text.html import WebPage, decode_html
from desktop.readers.text.plain import decode, paragraphs, successor

MEDIA_TYPE = "message/rfc822"
_MOST_DEPTH = 40  # of parts within parts
_FIELDS = ("From", "To", "Cc", "Date", "Subject")
_LOCKED = frozenset(("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"))
_SIGNATURES = frozenset(("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"))
_PAGES = (".mht", ".mhtml")
_FOLDED = re.compile(r"[\r\n]+[ \t]*")
_WORDS = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]*\?=)[ \t\r\n]+(?==\?)")
_UNNAMED = {"text/plain": "text.txt", "text/html": "page.html", "text/calendar": "invitation.ics"}


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
