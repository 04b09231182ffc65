"""The files that are kept, by their content: `files/ab/abcd…`, each written once and never changed.

Knows no database: which files are used is asked by whoever sweeps.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from desktop.core.documents.attachment import LARGEST_FILE, CopyCancelled, KeptFile
from desktop.core.documents.document import ReadingError, ReadingProblem
from desktop.store.disk import make_private_folder, open_regular, sync_folder

_PIECE = 1 << 20  # bytes copied at once, between two looks at whether to go on
_INCOMING = "incoming"  # the folder of copies that are not complete
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


class FileStore:
    """Files by their content, in a folder that is made with the first. Any thread may use it, and waits for the disk.

    A claim keeps a file that no message and no draft has yet. Keeping one claims it.
    """

    def __init__(self, folder: Path, largest: int = LARGEST_FILE) -> None:
        self._folder = folder
        self._largest = largest
        self._lock = threading.Lock()  # between a file's claim and its place in the folder, and its removal
        self._claims: Counter[str] = Counter()
        self._incoming: set[str] = set()
        self.newly_kept: set[str] = set()  # digests of what was kept since this was made

    def keep_file(self, source: Path, go_on: Callable[[int, int], bool]) -> KeptFile:
        """Copy a file, and return what is kept.

        `go_on` is given the bytes copied and how many there are; if it returns False, `CopyCancelled` is raised. Raises
        `ReadingError` for all that is no readable file, that changes while it is copied, and for a disk that is full.
        """
        with _source_failures():
            if not stat.S_ISREG(source.stat().st_mode):  # to open some devices does something
                raise ReadingError(ReadingProblem.NOT_A_FILE)
        with _source_failures(), open_regular(source) as file:
            before = os.fstat(file.fileno())
            if before.st_size > self._largest:
                raise ReadingError(ReadingProblem.TOO_LARGE)

            def pieces() -> Iterator[bytes]:
                copied = 0
                while piece := file.read(_PIECE):
                    copied += len(piece)
                    if copied > before.st_size:  # somebody writes to it, maybe for ever
                        raise ReadingError(ReadingProblem.CHANGED)
                    if not go_on(copied, before.st_size):
                        raise CopyCancelled
                    yield piece
                after = os.fstat(file.fileno())
                if (after.st_size, after.st_mtime_ns) != (copied, before.st_mtime_ns):
                    raise ReadingError(ReadingProblem.CHANGED)

            return self._keep(pieces())

    def keep_bytes(self, content: bytes) -> KeptFile:
        if len(content) > self._largest:
            raise ReadingError(ReadingProblem.TOO_LARGE)
        return self._keep(iter((content,)))

    def path_of(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def read_bytes(self, digest: str) -> bytes:
        """Return the content of a kept file. Raises `ReadingError` if it is gone or not what it was."""
        try:
            content = self.path_of(digest).read_bytes()
        except OSError as error:
            raise ReadingError(ReadingProblem.GONE, str(error)) from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise ReadingError(ReadingProblem.DAMAGED)
        return content

    def claim(self, digest: str) -> None:
        with self._lock:
            self._claims[digest] += 1

    def release(self, digest: str) -> None:
        """Release a claim. The file stays until it is swept or discarded."""
        with self._lock:
            self._release(digest)

    def discard(self, digest: str) -> None:
        """Delete a file, unless it is claimed. Raises OSError."""
        with self._lock:
            if self._claims[digest] <= 0:
                self.path_of(digest).unlink(missing_ok=True)

    def sweep(self, used: set[str], since: float) -> int:
        """Delete the files kept after `since` that are neither used nor claimed, and copies that were never completed.

        Return how many. Raises OSError.
        """
        swept = 0
        for path in self._kept():
            with self._lock:
                if path.name not in used and self._claims[path.name] <= 0 and path.stat().st_mtime >= since:
                    path.unlink(missing_ok=True)
                    swept += 1
        with self._lock:
            for path in _entries(self._folder / _INCOMING):
                if path.name not in self._incoming:
                    path.unlink(missing_ok=True)
                    swept += 1
        return swept

    def _kept(self) -> Iterator[Path]:
        for folder in _entries(self._folder):
            if len(folder.name) == 2:
                yield from _entries(folder)

    def _keep(self, pieces: Iterator[bytes]) -> KeptFile:
        """Write pieces to a file of their own, and give it its name once they are all on the disk."""
        incoming = self._folder / _INCOMING
        with _own_failures():
            make_private_folder(self._folder)
            make_private_folder(incoming)
            with self._lock:  # so that no sweep finds it before it is known
                descriptor, name = tempfile.mkstemp(dir=incoming)  # mode 0600
                self._incoming.add(Path(name).name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                kept = self._write(file, pieces)
            if not kept.size:
                raise ReadingError(ReadingProblem.EMPTY)
            with _own_failures():
                self._name(Path(name), kept.digest)
        finally:
            with contextlib.suppress(OSError):
                os.unlink(name)
            with self._lock:
                self._incoming.discard(Path(name).name)
        return kept

    def _write(self, file: BinaryIO, pieces: Iterator[bytes]) -> KeptFile:
        digest, size = hashlib.sha256(), 0
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            with _own_failures():
                file.write(piece)
        with _own_failures():
            file.flush()
            os.fsync(file.fileno())
        return KeptFile(digest.hexdigest(), size)

    def _name(self, written: Path, digest: str) -> None:
        target = self.path_of(digest)
        make_private_folder(target.parent)
        with self._lock:
            self.newly_kept.add(digest)
            self._claims[digest] += 1
            try:
                os.replace(written, target)
            except BaseException as error:
                # Where the same file is being read, Windows does not replace it; it holds the same.
                if not (isinstance(error, PermissionError) and target.is_file()):
                    self._release(digest)
                    raise
        sync_folder(target.parent)
        sync_folder(self._folder)

    def _release(self, digest: str) -> None:
        self._claims[digest] -= 1
        if self._claims[digest] <= 0:
            del self._claims[digest]


@contextlib.contextmanager
def _source_failures() -> Iterator[None]:
    """Turn failures of the file that is copied into `ReadingError`."""
    try:
        yield
    except (PermissionError, IsADirectoryError) as error:
        raise ReadingError(ReadingProblem.FORBIDDEN, str(error)) from error
    except (OSError, ValueError) as error:  # a name with a NUL is a ValueError
        raise ReadingError(ReadingProblem.GONE, str(error)) from error


@contextlib.contextmanager
def _own_failures() -> Iterator[None]:
    """Turn failures of the folder that files are kept in into `ReadingError`."""
    try:
        yield
    except OSError as error:
        problem = ReadingProblem.DISK_FULL if error.errno in _FULL else ReadingProblem.NOT_KEPT
        raise ReadingError(problem, str(error)) from error


def _entries(folder: Path) -> list[Path]:
    """Return what lies in a folder; nothing if there is none."""
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
