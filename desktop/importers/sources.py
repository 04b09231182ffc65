"""The places that conversations are brought from: one file, an archive, or a folder of another program.

Gives the values of JSON that stand there, one after another. Which program wrote them is told by the values themselves.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from desktop.core.exporting import (
    MOST_BYTES,
    MOST_WHOLE_BYTES,
    BrokenConversation,
    ImportFault,
    ImportFaultError,
)
from desktop.importers.json_stream import values as json_values

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
    for value in json_values(cast(BinaryIO, file)):
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
