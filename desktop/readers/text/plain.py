"""Plain text, and code: as it stands, in blocks that blank lines divide; a block's place is the number of its line.

Its encoding is found out first. The lines, and the remarks on how their letters were read, serve all kinds of texts.
"""

from __future__ import annotations

import codecs
import locale
from collections.abc import Iterator
from dataclasses import dataclass

import chardet

from desktop.core.documents.document import Block, Opened, ReadingEvent, Remark, RemarkKind, Run, Section, SectionKind
from desktop.readers.source import Source

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 1 << 20  # bytes are enough to recognise an encoding
_LAST_RESORT = "cp1252"
_SUCCESSORS = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "x-sjis": "cp932"} | dict.fromkeys(
    ("ascii", "us-ascii"), ""
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of some bytes. `is_guess`: neither a mark nor UTF-8 nor the user told the encoding.

    `broken` counts the letters that could not be read, and stand as U+FFFD.
    """

    text: str
    encoding: str
    is_guess: bool = False
    broken: int = 0


def decode(data: bytes, encoding: str = "") -> Decoded:
    """Return the text; `encoding` overrides what would be recognised, if there is one of that name."""
    if encoding and is_known(encoding):
        return _in(data, encoding, is_guess=False)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _in(data, name, is_guess=False)
    # UTF-16 of Latin letters is valid UTF-8 with zero bytes.
    if b"\0" not in data:
        try:
            return Decoded(data.decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            pass
    return _in(data, _recognised(data), is_guess=True)


def successor(encoding: str) -> str:
    """Return the encoding that has all letters of another, and more; empty where that one says nothing."""
    return _SUCCESSORS.get(encoding, encoding)


def _recognised(data: bytes) -> str:
    guess: str | None = chardet.detect(data[:_LOOKED_AT])["encoding"]
    if guess and is_known(guess):
        return successor(guess.lower()) or "utf-8"
    here = locale.getpreferredencoding(False)
    return here.lower() if here.lower() not in {"utf-8", "ascii", "ansi_x3.4-1968"} and is_known(here) else _LAST_RESORT


def _in(data: bytes, encoding: str, *, is_guess: bool) -> Decoded:
    text = data.decode(encoding, "replace")
    shown = "utf-8" if encoding == "utf-8-sig" else encoding
    return Decoded(text, shown, is_guess, text.count("�"))


def is_known(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding)._is_text_encoding
    except (LookupError, ValueError):
        return False


_MOST_LETTERS = 1 << 18  # of a block


def decoded(source: Source) -> Decoded:
    """Return the letters of a file, with one kind of line end."""
    told = decode(source.content(), source.encoding)
    text = told.text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text, told.encoding, told.is_guess, told.broken)


def remarks(told: Decoded) -> Iterator[Remark]:
    """Yield what is to be said of how letters were read."""
    if told.is_guess:
        yield Remark(RemarkKind.ENCODING, detail=told.encoding)
    if told.broken:
        yield Remark(RemarkKind.DAMAGED, told.broken, told.encoding)


def blocks_of(lines: list[str], first: int, level: int = 0) -> Iterator[Block]:
    """Yield lines as one block, the place of which is the number of the first; more if they are very long."""
    waiting: list[str] = []
    start, letters = first, 0
    for number, line in enumerate(lines, first):
        for piece in _pieces(line):
            if waiting and letters + len(piece) > _MOST_LETTERS:
                yield Block((Run("\n".join(waiting)),), str(start), level)
                waiting, start, letters = [], number, 0
            waiting.append(piece)
            letters += len(piece) + 1
    if waiting:
        yield Block((Run("\n".join(waiting)),), str(start), level)


def _pieces(line: str) -> Iterator[str]:
    """Yield a line in pieces, of which almost always there is one; they end between words where there are some."""
    while len(line) > _MOST_LETTERS:
        end = line.rfind(" ", _MOST_LETTERS // 2, _MOST_LETTERS) + 1 or _MOST_LETTERS
        yield line[:end]
        line = line[end:]
    yield line


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the text of a file as one section. Raises `ReadingError`."""
    told = decoded(source)
    yield Opened("text/plain", 1, told.encoding)
    yield from remarks(told)
    yield Section(SectionKind.WHOLE, 1, blocks=tuple(paragraphs(told.text.split("\n"))))


def paragraphs(lines: list[str]) -> Iterator[Block]:
    """Yield what stands between empty lines, each with the number of its first line as its place."""
    begun: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            begun.append(line)
        elif begun:
            yield from blocks_of(begun, number - len(begun))
            begun = []
