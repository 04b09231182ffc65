"""A second start of the program, which shows the first one's window and ends.

Who is first is decided by the lock in `store/paths.py`; here is only the message between the two: one line, a JSON
object, over a socket in the file system. Qt's own would do the same; its library of networks takes two megabytes, of
which nothing else here has need.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import socket
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

from desktop.core.recipes.link import whole

if TYPE_CHECKING:
    from desktop.ui.opening.pipe_calls import PipeCalls


_log = logging.getLogger(__name__)


class UnixCalls(QObject):
    """A listener for calls; whoever says half a line, or more than `most` bytes, is hung up on."""

    said = Signal(object)  # the bytes of a line

    def __init__(self, path: str, most: int, wait_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._path, self._most, self._wait_ms = path, most, wait_ms
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.setblocking(False)
        with contextlib.suppress(OSError):
            os.unlink(path)  # the lock says that nobody else is there: it was left by a crash
        try:
            self._socket.bind(path)
            os.chmod(path, 0o600)  # before anybody can call
            self._socket.listen()
        except OSError as error:
            _log.warning("second starts are not heard: %s", error)
            self._socket.close()
            return
        self._notifier = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_call)

    @staticmethod
    def call(path: str, message: bytes, wait_ms: int) -> bool:
        """Say something to the program that listens; returns True once it has heard it and hung up."""
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(wait_ms / 1000)
            try:
                caller.connect(path)
                caller.sendall(message)
                # A program that is just ending takes the message and never reads it, and the connection is reset.
                return caller.recv(1) == b""
            except OSError:
                return False

    def close(self) -> None:
        """Listen no more."""
        if self._socket.fileno() < 0:
            return
        self._notifier.setEnabled(False)
        self._socket.close()
        with contextlib.suppress(OSError):
            os.unlink(self._path)

    def _on_call(self) -> None:
        try:
            caller, _ = self._socket.accept()
        except OSError:  # gone already
            return
        caller.setblocking(False)
        call = _Call(caller, self._most, self)
        call.said.connect(self.said)
        QTimer.singleShot(self._wait_ms, call, call.hang_up)  # who says only half of it is not waited for


class _Call(QObject):
    """What one caller says, until a line has come whole."""

    said = Signal(object)

    def __init__(self, caller: socket.socket, most: int, parent: QObject) -> None:
        super().__init__(parent)
        self._caller, self._most = caller, most
        self._came = bytearray()
        self._notifier = QSocketNotifier(caller.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_bytes)

    def hang_up(self) -> None:
        """End the call; that is also its answer."""
        if self._caller.fileno() >= 0:
            self._notifier.setEnabled(False)
            self._caller.close()
            self.deleteLater()

    def _on_bytes(self) -> None:
        try:
            came = self._caller.recv(self._most + 1 - len(self._came))
        except BlockingIOError:
            return
        except OSError:
            came = b""
        self._came += came
        line, end, _ = bytes(self._came).partition(b"\n")
        if end or not came or len(self._came) > self._most:
            self.hang_up()
        if end:
            self.said.emit(line)


# The longest path that Linux has, or the longest link, and its wrapping; more than this comes from somebody else.
_MOST_BYTES = 8192
_WAIT_MS = 1500
_LONGEST_PATH = 90  # bytes; systems have room for 104 or 108


class FirstInstance(QObject):
    """A listener for second starts."""

    # A path or an address to open, or "". A text of Qt's would lose the bytes of a name that are no letters.
    called = Signal(object)
    called_at_length = Signal()  # by what is too long to be told

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls = _calls()(_socket_name(folder), _MOST_BYTES, _WAIT_MS, self)
        self._calls.said.connect(self._obey)

    def close(self) -> None:
        """Stop listening: the program is ending, and the next start is to become the first."""
        self._calls.close()

    def _obey(self, line: bytes) -> None:
        try:
            message = json.loads(line)
            file = message["file"] if isinstance(message, dict) else ""
        except (ValueError, KeyError, RecursionError):
            return
        if file is None:
            self.called_at_length.emit()
        else:
            self.called.emit(file if isinstance(file, str) else "")


def call_first_instance(folder: Path, file: str | None) -> bool:
    """Have the first instance show its window (and open a file or a link).

    Return False if it does not answer (yet).
    """
    name, message = _socket_name(folder), _message(whole(file) if file else "")
    return _calls().call(name, message, _WAIT_MS)


def _calls() -> type[UnixCalls | PipeCalls]:
    """Return the way of calls on this system."""
    if os.name == "posix":
        return UnixCalls
    from desktop.ui.opening.pipe_calls import PipeCalls  # with Qt's library of networks

    return PipeCalls


def _message(file: str) -> bytes:
    """Return the message for a path or an address: all of it, or that it is too long."""
    # A letter takes the bytes that it has on the disk: escaped, a path of Chinese letters would not fit.
    said = json.dumps({"file": file}, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
    return said if len(said) <= _MOST_BYTES else b'{"file": null}\n'


def _socket_name(folder: Path) -> str:
    """Return a path that only this user can reach; one for each data folder."""
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if os.name == "posix" and runtime and Path(runtime).is_dir():
        return str(Path(runtime) / f"candor-{mark}")
    if os.name != "posix":
        return f"candor-{mark}"
    path = str(folder / "call")
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        return path
    own = _own_folder()
    return str(own / mark) if own is not None else path


def _own_folder() -> Path | None:
    """Return a folder with a short path that only this user can reach; None if somebody else has taken its name."""
    folder = Path(tempfile.gettempdir(), f"candor-{os.getuid()}")
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700)
    try:
        found = folder.lstat()
    except OSError:
        return None
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
    return folder if is_ours else None
