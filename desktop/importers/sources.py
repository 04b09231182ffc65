"""The places that conversations are brought from: one file of any size, an archive, or a folder of another program.

Gives the values of JSON that stand there, one after another. Which program wrote them is told by the values themselves.
"""

from __future__ import annotations

import codecs
import gzip
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from desktop.core.exporting import MOST_BYTES, MOST_WHOLE_BYTES, BrokenConversation, ImportFault, ImportFaultError

_STEP = 1 << 20  # bytes that are read at once
_LONGEST_NUMBER = 400  # digits: no float has more, and Python refuses to make a number of some thousands
_CUT = 32  # letters before the end of the window within which a word, a number or an escape may be cut in two
_SPLIT = "conversations"  # the name of the list that is given element by element
_SPACE = re.compile(r"[ \t\r\n]*")
_NEXT_OBJECT = re.compile(r"[,\[]\s*(?=\{)")


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else float("inf")


class _Reader:
    """A reader of JSON values one after another, of which no more than one is in memory: a window of text over a file.

    A list gives its elements; an object gives itself, or, if it has a list of conversations, itself once for each of
    them, with that one alone in the list. Behind what is damaged, reading goes on at the next value that is whole.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._is_whole = False  # all that the file has is in the window
        self._letters = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._decoder = json.JSONDecoder(parse_int=_whole_number)

    def values(self) -> Iterator[Any]:
        """Yield the values of the file; `ImportFault.BROKEN` for a stretch that is damaged or missing.

        Raises `ImportFaultError` for a value that is too large.
        """
        match self._next_letter():
            case "[":
                self._at += 1
                yield from self._elements()
            case "{":
                yield from self._object()
            case _:
                yield ImportFault.BROKEN

    def _object(self) -> Iterator[Any]:
        head: dict[str, Any] = {}
        self._at += 1
        while (letter := self._next_letter()) == '"':
            name = self._value()
            if not isinstance(name, str) or self._next_letter() != ":":
                yield ImportFault.BROKEN
                return
            self._at += 1
            if self._next_letter() == "[" and name == _SPLIT:
                self._at += 1
                yield from self._split(head)
                return
            head[name] = self._value()
            if head[name] is ImportFault.BROKEN:
                yield ImportFault.BROKEN
                return
            if self._next_letter() == ",":
                self._at += 1
        yield head if letter == "}" else ImportFault.BROKEN

    def _split(self, head: dict[str, Any]) -> Iterator[Any]:
        element = None
        for element in self._elements():
            yield element if element is ImportFault.BROKEN else {**head, _SPLIT: [element]}
        if element is None:
            yield {**head, _SPLIT: []}

    def _elements(self) -> Iterator[Any]:
        is_lost = False  # behind damage, nobody knows to which list a bracket belongs
        while (letter := self._next_letter()) != "]" or is_lost:
            if letter == ",":
                self._at += 1
                continue
            if is_lost and letter != "{":
                if not self._find_next_object():
                    return
                continue
            found = self._value() if letter else ImportFault.BROKEN
            yield found
            if found is ImportFault.BROKEN:
                is_lost = True
                if not self._find_next_object():
                    return

    def _value(self) -> Any:
        """Return the value that begins here, and stand behind it; `ImportFault.BROKEN` if none is whole."""
        while True:
            try:
                found, self._at = self._decoder.raw_decode(self._text, self._at)
            except RecursionError:
                self._at = len(self._text)
                return ImportFault.BROKEN
            except ValueError as error:
                if not self._may_be_cut(error) or not self._read_on():
                    return ImportFault.BROKEN
            else:
                return found

    def _may_be_cut(self, error: ValueError) -> bool:
        """Return True if what cannot be read may be the end of the window, and not a fault of the file."""
        if not isinstance(error, json.JSONDecodeError):
            return False
        return error.msg.startswith("Unterminated") or error.pos > len(self._text) - _CUT

    def _find_next_object(self) -> bool:
        """Stand at an object of the list behind what is damaged; return False if there is none."""
        while True:
            found = _NEXT_OBJECT.search(self._text, self._at)
            if found is not None:
                self._at = found.end()
                return True
            self._at = max(self._at, len(self._text) - 1)
            if not self._read_on():
                return False

    def _next_letter(self) -> str:
        """Return the letter that follows the white space here; empty at the end of the file."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found is not None else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read_on():
                return ""

    def _read_on(self) -> bool:
        """Lengthen the window, the more the longer it is; return False at the end of the file."""
        if self._is_whole:
            return False
        self._text, self._at = self._text[self._at :], 0
        if len(self._text) > MOST_BYTES:
            raise ImportFaultError(ImportFault.TOO_LARGE)
        content = self._file.read(max(_STEP, len(self._text)))
        self._is_whole = not content
        self._text += self._letters.decode(content, final=self._is_whole)
        return True


Report = Callable[[float], None]
"""Told the share that has been read; raises what ends the reading when the user cancels it."""

_MOST_FILES = 200_000  # in a folder or an archive
_KNOWN = re.compile(r"(^|/)(conversations(-\d+)?|data|thread)\.json$|\.conversation\.json$", re.IGNORECASE)
_THREAD, _MESSAGES = "thread.json", "messages.jsonl"
_SEALED = re.compile(r"(^|/)IndexedDB/", re.IGNORECASE)  # of a browser; no file of JSON is with it
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A file of a folder or an archive, or the one that was given; `name` has its folders, set apart by "/"."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


class _Counted:
    """A file that is read, and reports how far that has come."""

    def __init__(self, file: BinaryIO, count: Callable[[int], None]) -> None:
        self._file = file
        self._count = count
        self._left = MOST_WHOLE_BYTES

    def read(self, size: int) -> bytes:
        """Return the next bytes. Raises `ImportFaultError` for an archive that never ends."""
        content = self._file.read(size)
        self._left -= len(content)
        if self._left < 0:
            raise ImportFaultError(ImportFault.TOO_LARGE)
        self._count(len(content))
        return content


def values(path: Path, report: Report) -> Iterator[Any]:
    """Yield the values of all files of JSON at a path; a `BrokenConversation` for what cannot be read of them.

    A folder of Jan's is one value for each thread: `thread`, and its `messages`. Raises `ImportFaultError` for a path
    that holds none, and `OSError`.
    """
    if path.is_dir():
        yield from _all_of(_in_folder(path), report)
    elif zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as archive:
                yield from _all_of(_in_archive(archive), report)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
            yield BrokenConversation("", ImportFault.BROKEN)
    else:
        yield from _all_of([_Piece(path.name, path.stat().st_size, lambda: _opened(path))], report)


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        is_packed = file.read(2) == _GZIP
    return cast(BinaryIO, gzip.open(path)) if is_packed else path.open("rb")


def _in_folder(folder: Path) -> list[_Piece]:
    found: list[_Piece] = []
    seen = 0
    for at, folders, files in os.walk(folder):  # does not follow links to other folders
        folders.sort()
        seen += len(files)
        if seen > _MOST_FILES:
            raise ImportFaultError(ImportFault.TOO_LARGE)
        for file in map(Path(at).joinpath, sorted(files)):
            if file.suffix in (".json", ".jsonl") and file.is_file():
                name = file.relative_to(folder).as_posix()
                found.append(_Piece(name, file.stat().st_size, lambda file=file: file.open("rb")))  # type: ignore[misc]
    return found


def _in_archive(archive: zipfile.ZipFile) -> list[_Piece]:
    listed = sorted(archive.infolist(), key=lambda each: each.filename)
    if len(listed) > _MOST_FILES:
        raise ImportFaultError(ImportFault.TOO_LARGE)
    found = [
        _Piece(each.filename, each.file_size, lambda each=each: cast(BinaryIO, archive.open(each)))  # type: ignore[misc]
        for each in listed
        if each.filename.endswith((".json", ".jsonl"))
    ]
    if not any(_KNOWN.search(piece.name) for piece in found) and any(_SEALED.search(each.filename) for each in listed):
        raise ImportFaultError(ImportFault.SEALED)
    return found


def _all_of(pieces: Sequence[_Piece], report: Report) -> Iterator[Any]:
    """Yield the values of files; where some have names that exports are known to have, of those alone."""
    by_name = {piece.name: piece for piece in pieces}
    known = [piece for piece in pieces if _KNOWN.search(piece.name)]
    chosen = known or [piece for piece in pieces if len(pieces) == 1 or piece.name.endswith(".json")]
    whole, done = sum(piece.size for piece in chosen) or 1, 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        report(min(1.0, done / whole))

    for piece in chosen:
        try:
            with piece.open() as opened:
                yield from _of_piece(piece, _Counted(opened, count), by_name)
        except ImportFaultError as error:
            yield BrokenConversation(piece.name if len(chosen) > 1 else "", error.fault)
        except (OSError, EOFError) as error:
            is_system = not isinstance(error, EOFError | gzip.BadGzipFile)
            fault = ImportFault.UNREADABLE if is_system else ImportFault.BROKEN
            yield BrokenConversation(piece.name if len(chosen) > 1 else "", fault)


def _of_piece(piece: _Piece, file: _Counted, by_name: dict[str, _Piece]) -> Iterator[Any]:
    folder, _, name = piece.name.rpartition("/")
    beside = by_name.get(f"{folder}/{_MESSAGES}" if folder else _MESSAGES)
    for value in _Reader(cast(BinaryIO, file)).values():
        if value is ImportFault.BROKEN:
            yield BrokenConversation(piece.name if len(by_name) > 1 else "", ImportFault.BROKEN)
        elif name == _THREAD and beside is not None:
            yield {"thread": value, "messages": _lines(beside)}
        else:
            yield value


def _lines(piece: _Piece) -> list[Any]:
    """Return the values of a file with one on each line; lines that are none are passed over."""
    with piece.open() as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ImportFaultError(ImportFault.TOO_LARGE)
    found = []
    for line in content.decode("utf-8-sig", "replace").splitlines():
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError):
            continue
    return found
