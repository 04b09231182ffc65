"""The folders the program writes to, the place of the starter model, and the lock of a folder.

`CANDOR_HOME`, when set, is the one folder for everything the program writes; the starter model is the exception: it
comes with the installed program, or is fetched into the user's cache whatever `CANDOR_HOME` is. What is kept inside
these folders is the business of the other files of `store/`. The lock keeps two programs from writing to the same one;
it is the operating system's own, so it ends with its holder however that ends.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

import platformdirs

from desktop.core.resources import resource_path
from desktop.store.disk import OWNER_ONLY_FILE, disk_failures, has_content, make_private_folder
from desktop.store.schema import is_current, is_of_an_earlier_state

_APP_NAME = "candor"
DATABASE = "candor.db"
LEDGER = "candor-ledger.db"
KNOWN_HOSTS = "known_hosts"  # the keys of rented computers
STARTER_MODEL_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


def data_path() -> Path:
    """Return the folder for conversations and settings. It may not exist.

    Where an earlier state of the program made it, that is the new one that was begun beside it, if there is one; and
    so it stays, whatever becomes of the earlier one, until that has a database that this program reads.
    """
    home = os.environ.get("CANDOR_HOME")
    folder = Path(home).expanduser().absolute() if home else platformdirs.user_data_path(_APP_NAME, appauthor=False)
    new = _beside(folder)
    if has_content(new / DATABASE):
        return folder if is_current(folder / DATABASE) else new
    return new if new.is_dir() and is_of_an_earlier_state(folder / DATABASE) else folder


def begin_beside(folder: Path) -> Path:
    """Make a new folder beside one of an earlier state, which stays as it is. Raises `StoreError`."""
    with disk_failures(folder.parent):
        return make_private_folder(_beside(folder))


def _beside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-new")


def data_dir() -> Path:
    """Return the folder for conversations and settings, created if missing (mode 0700).

    Raises OSError if it cannot be.
    """
    return make_private_folder(data_path())


def models_dir() -> Path:
    """Return the folder of fetched model files, in the user's cache whatever `CANDOR_HOME` is. It may not exist."""
    return platformdirs.user_cache_path(_APP_NAME, appauthor=False) / "models"


def administrators_catalogue() -> Path:
    """Return the file in which an administrator adds to the catalogue of models; mostly there is none."""
    return platformdirs.site_config_path(_APP_NAME, appauthor=False) / "models.toml"


def starter_model(*, may_be_fetched: bool = True) -> Path | None:
    """Return the starter model's file if it came with the program or has been fetched, else None.

    What was fetched lies in the user's cache, where any file may have its name.
    """
    files = [resource_path("models", STARTER_MODEL_FILE)]
    if may_be_fetched:
        files.append(models_dir() / STARTER_MODEL_FILE)
    return next((file for file in files if file.is_file()), None)


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
