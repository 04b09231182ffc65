"""A second start of the program, which shows the first one's window and ends.

Who is first is decided by the lock in `store/instance_lock.py`; here is only the message between the two: one line, a
JSON object, which is ignored unless it has come whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import tempfile
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desktop.core.recipes.given_file import whole

# The longest path that Linux has, or the longest link, and its wrapping; more than this comes from somebody else.
_MOST_BYTES = 8192
_WAIT_MS = 1500
_LONGEST_PATH = 90  # bytes; systems have room for 104 or 108, and Qt makes a folder beside it for a moment


class FirstInstance(QObject):
    """A listener for second starts."""

    # A path or an address to open, or "". A text of Qt's would lose the bytes of a name that are no letters.
    called = Signal(object)
    called_at_length = Signal()  # by what is too long to be told

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connected)
        name = _socket_name(folder)
        QLocalServer.removeServer(name)  # the lock says that nobody else is there: it was left by a crash
        self._server.listen(name)

    def close(self) -> None:
        """Stop listening: the program is ending, and the next start is to become the first."""
        self._server.close()

    def _on_connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            came = bytearray()
            socket.readyRead.connect(lambda socket=socket, came=came: self._on_bytes(socket, came))
            socket.disconnected.connect(socket.deleteLater)
            # Who says only half of it is not waited for.
            QTimer.singleShot(_WAIT_MS, socket, socket.abort)

    def _on_bytes(self, socket: QLocalSocket, came: bytearray) -> None:
        """Take in what has come, and hang up when that is a whole line, or more than a message can be."""
        came += socket.read(_MOST_BYTES + 1 - len(came)).data()
        line, end, _ = bytes(came).partition(b"\n")
        if end:
            socket.disconnectFromServer()
            self._obey(line)
        elif len(came) > _MOST_BYTES:
            socket.abort()

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
    socket = QLocalSocket()
    socket.connectToServer(_socket_name(folder))
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(_message(whole(file) if file else ""))
    socket.flush()
    # Hanging up is its answer: a program that is just ending takes the message and never reads it.
    return socket.state() is QLocalSocket.LocalSocketState.UnconnectedState or socket.waitForDisconnected(_WAIT_MS)


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
