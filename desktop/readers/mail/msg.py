"""Mails as Outlook saves them (.msg): fields, body, attached files and mails.

Numbers of properties are those of Microsoft's [MS-OXPROPS]. A body may be HTML, plain, or rich text that is compressed
as [MS-OXRTFCP] says: pieces that repeat point back into a window of 4 kB.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import olefile

from desktop.core.documents.document import Block, Opened, ReadingEvent
from desktop.readers.mail.eml import AttachedFile, Letter, sections
from desktop.readers.office.rtf import RichText
from desktop.readers.source import BROKEN, Source, ole_damage
from desktop.readers.text.blocks import clean
from desktop.readers.text.html import WebPage, decode_html
from desktop.readers.text.plain import decode, paragraphs

MEDIA_TYPE = "application/vnd.ms-outlook"
_SUBJECT, _BODY, _RICH, _HTML = 0x0037, 0x1000, 0x1009, 0x1013
_SENDER, _SENDER_ADDRESS, _SENDER_SMTP, _TO, _CC = 0x0C1A, 0x0C1F, 0x5D01, 0x0E04, 0x0E03
_SENT, _DELIVERED, _PAGE_OF_BODY, _PAGE_OF_STRINGS = 0x0039, 0x0E06, 0x3FDE, 0x3FFD
_CONTENT, _LONG_NAME, _NAME, _DISPLAY_NAME, _TYPE = 0x3701, 0x3707, 0x3704, 0x3001, 0x370E
_TIME, _LONG, _UNICODE, _STRING, _BINARY, _STORAGE = 0x0040, 0x0003, 0x001F, 0x001E, 0x0102, 0x000D
_PROPERTIES = "__properties_version1.0"
_HEAD_OF_MAIL, _HEAD_OF_MAIL_INSIDE = 32, 24  # bytes before the properties

Path = tuple[str, ...]


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield a mail and what is attached to it. Raises `ReadingError`."""
    letter = letter_of_file(source)
    yield Opened(MEDIA_TYPE)
    yield from sections(letter, source)


def letter_of_file(source: Source) -> Letter:
    """Return the mail in a file."""
    with ole_damage():
        return _Storage(olefile.OleFileIO(source.content()), ()).letter()


class _Storage:
    """Folder of a file that holds a mail: the whole, or one that is attached."""

    def __init__(self, container: olefile.OleFileIO, path: Path) -> None:
        self._container = container
        self._path = path
        self._numbers = self._fixed_properties()
        page = self._numbers.get((_PAGE_OF_STRINGS, _LONG), 0) or self._numbers.get((_PAGE_OF_BODY, _LONG), 0)
        self._encoding = _encoding(page)

    def letter(self) -> Letter:
        """Return the mail."""
        sender, address = self._text(_SENDER), self._text(_SENDER_SMTP) or self._text(_SENDER_ADDRESS)
        is_shown = "@" in address and address not in sender
        fields = [
            ("From", f"{sender} <{address}>".strip() if is_shown else sender or address),
            ("To", self._text(_TO)),
            ("Cc", self._text(_CC)),
            ("Date", self._date()),
            ("Subject", self._text(_SUBJECT)),
        ]
        letter = Letter([each for each in fields if each[1]])
        letter.blocks.extend(self._body(letter))
        for folder in self._attachments():
            with suppress(*BROKEN), ole_damage():
                letter.files.append(self._attached(folder))
        return letter

    def _body(self, letter: Letter) -> list[Block]:
        page = self._binary(_HTML) or self._text(_HTML).encode("utf-8", "replace")
        if page:
            told = "" if b"charset" in page[:4096].lower() else _encoding(self._numbers.get((_PAGE_OF_BODY, _LONG), 0))
            opened = WebPage(decode_html(page, told).text)
            if blocks := list(opened.blocks()):
                letter.pictures += opened.pictures
                return blocks
        if text := self._text(_BODY):
            return list(paragraphs([line.rstrip() for line in text.split("\n")]))
        rich = decompressed(self._binary(_RICH))
        return list(RichText(rich).blocks()) if rich else []

    def _attachments(self) -> list[Path]:
        depth = len(self._path)
        found = {
            tuple(each[: depth + 1])
            for each in self._container.listdir(streams=True, storages=True)
            if tuple(each[:depth]) == self._path
            and len(each) > depth
            and each[depth].startswith("__attach_version1.0_")
        }
        return sorted(found)

    def _attached(self, folder: Path) -> AttachedFile:
        inner = _Storage(self._container, folder)
        name = inner._text(_LONG_NAME) or inner._text(_NAME) or inner._text(_DISPLAY_NAME)
        name = name.replace("\\", "/").rpartition("/")[2] or inner._text(_TYPE).replace("/", ".") or "file"
        mail = (*folder, _stream(_CONTENT, _STORAGE))
        if self._container.exists("/".join((*mail, _PROPERTIES))):
            return AttachedFile(name, letter=lambda: _Storage(self._container, mail).letter())
        return AttachedFile(name, content=lambda: inner._binary(_CONTENT))

    def _text(self, number: int) -> str:
        data = self._read(_stream(number, _UNICODE))
        if data:
            return clean(data.decode("utf-16-le", "replace")).strip()
        data = self._read(_stream(number, _STRING))
        return clean(decode(data, self._encoding).text).strip() if data else ""

    def _binary(self, number: int) -> bytes:
        return self._read(_stream(number, _BINARY))

    def _read(self, name: str) -> bytes:
        path = "/".join((*self._path, name))
        return bytes(self._container.openstream(path).read()) if self._container.exists(path) else b""

    def _date(self) -> str:
        ticks = self._numbers.get((_SENT, _TIME)) or self._numbers.get((_DELIVERED, _TIME), 0)
        if not ticks:
            return ""
        try:
            moment = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
        except OverflowError:
            return ""
        return f"{moment:%Y-%m-%d %H:%M} UTC"

    def _fixed_properties(self) -> dict[tuple[int, int], int]:
        """Return the numbers and times of the mail by (number of the property, its kind)."""
        data = self._read(_PROPERTIES)
        is_attachment = bool(self._path) and self._path[-1].startswith("__attach")
        position = 8 if is_attachment else _HEAD_OF_MAIL_INSIDE if self._path else _HEAD_OF_MAIL
        found: dict[tuple[int, int], int] = {}
        while position + 16 <= len(data):
            kind, number, _, value = struct.unpack_from("<HHIQ", data, position)
            found[number, kind] = value & 0xFFFFFFFF if kind == _LONG else value
            position += 16
        return found


def _stream(number: int, kind: int) -> str:
    return f"__substg1.0_{number:04X}{kind:04X}"


def _encoding(page: int) -> str:
    return {0: "", 936: "gb18030", 65001: "utf-8", 20127: "", 28591: "cp1252", 1200: "utf-16-le"}.get(page, f"cp{page}")


_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_WINDOW = 4096
_MOST_BYTES = 64 << 20
_BEGINNING = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def decompressed(data: bytes) -> bytes:
    """Return the rich text; as much of it as can be read."""
    if len(data) < 16:
        return b""
    size, raw_size, kind = struct.unpack_from("<III", data)
    content = data[16 : size + 4]
    if kind == _PLAIN:
        return content[:raw_size]
    if kind != _COMPRESSED or raw_size > _MOST_BYTES:
        return b""
    window = bytearray(_BEGINNING.ljust(_WINDOW, b"\0"))
    at, written = len(_BEGINNING), bytearray()
    position = 0
    while position < len(content) and len(written) < raw_size:
        flags = content[position]
        position += 1
        for bit in range(8):
            if flags >> bit & 1:
                if position + 2 > len(content):
                    return bytes(written)
                token = content[position] << 8 | content[position + 1]
                position += 2
                start, length = token >> 4, (token & 15) + 2
                if start == at:  # the end is marked by what points to itself
                    return bytes(written)
                for index in range(length):
                    letter = window[(start + index) % _WINDOW]
                    window[at] = letter
                    at = (at + 1) % _WINDOW
                    written.append(letter)
            elif position < len(content):
                window[at] = content[position]
                at = (at + 1) % _WINDOW
                written.append(content[position])
                position += 1
    return bytes(written[:raw_size])
