"""A lock that keeps two programs from writing to the same folder.

It is the operating system's own, so it ends with its holder however that ends; the number in the file is for human
readers. Telling the first program to show its window is not done here.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

from desktop.store.disk import OWNER_ONLY_FILE, disk_failures, make_private_folder

# Answers of file systems that know no locks. Starting twice is then possible; not starting at all would be worse.
_NO_LOCKS_HERE = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}


class InstanceLock:
    """A lock on the file at `path`, held from `acquire` until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock without waiting. Return False if another process holds it. Raises `StoreError`."""
        if self._descriptor is not None:
            return True
        with disk_failures(self._path.parent):
            make_private_folder(self._path.parent)
            descriptor = _open(self._path)
            try:
                if not _lock(descriptor):
                    os.close(descriptor)
                    return False
                # The lock is what counts: a full disk that cannot take the number is no reason not to start.
                with contextlib.suppress(OSError):
                    os.ftruncate(descriptor, 0)
                    os.write(descriptor, f"{os.getpid()}\n".encode())
            except BaseException:
                with contextlib.suppress(OSError):
                    os.close(descriptor)
                raise
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Release the lock; safe to call twice. The file stays, since removing it would race with the next start."""
        if self._descriptor is not None:
            # Closing alone is not enough: a child that is just being started still has a copy of the descriptor.
            _unlock(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None


def _open(path: Path) -> int:
    """Return a descriptor of the file, made if need be. A link in its place is removed: its target is not ours."""
    flags = os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)
    if path.is_symlink():  # said by itself where the system has no such flag
        path.unlink()
    try:
        return os.open(path, flags, OWNER_ONLY_FILE)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        path.unlink()  # put there since it was looked for
        return os.open(path, flags, OWNER_ONLY_FILE)


if sys.platform == "win32":
    import msvcrt

    # Windows locks keep others from reading the locked bytes, so a byte is taken that is never written.
    _LOCKED_BYTE = 1 << 20

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EDEADLK):
                return False
            raise
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

    def _unlock(descriptor: int) -> None:
        with contextlib.suppress(OSError):
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _NO_LOCKS_HERE:
                return True
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return False
            raise
        return True

    def _unlock(descriptor: int) -> None:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
