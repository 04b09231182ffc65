"""What happens when the program is started twice: the second start shows the first one's window and ends.

Who is first is decided by the lock in `store/instance_lock.py`; here is only the message between the two.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_MOST_BYTES = 8192  # a path and its wrapping; more than this comes from somebody else
_WAIT_MS = 1500


class FirstInstance(QObject):
    """Listens for second starts; `called` carries the path of a file to open, or nothing."""

    called = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connected)
        name = _socket_name(folder)
        QLocalServer.removeServer(name)  # the lock says that nobody else is there: it was left by a crash
        self._server.listen(name)

    def close(self) -> None:
        """Answer no more: the program is ending, and who starts it now shall become the first."""
        self._server.close()

    def _on_connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._on_message(socket))
            socket.disconnected.connect(socket.deleteLater)

    def _on_message(self, socket: QLocalSocket) -> None:
        content = bytes(socket.read(_MOST_BYTES).data())
        socket.disconnectFromServer()
        try:
            message = json.loads(content)
            file = message["file"] if isinstance(message, dict) else ""
        except (ValueError, KeyError, RecursionError):
            return
        self.called.emit(file if isinstance(file, str) else "")


def call_first_instance(folder: Path, file: str | None) -> bool:
    """Have the first instance show its window (and open a file); False when it does not answer (yet)."""
    socket = QLocalSocket()
    socket.connectToServer(_socket_name(folder))
    if not socket.waitForConnected(_WAIT_MS):
        return False
    path = str(Path(file).absolute()) if file else ""
    socket.write(json.dumps({"file": path}).encode())
    socket.flush()
    # Hanging up is its answer: a program that is just ending takes the message and never reads it.
    return socket.state() is QLocalSocket.LocalSocketState.UnconnectedState or socket.waitForDisconnected(_WAIT_MS)


def _socket_name(folder: Path) -> str:
    """A path that only this user can reach; one for each data folder."""
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if os.name == "posix" and runtime and Path(runtime).is_dir():
        return str(Path(runtime) / f"candor-{mark}")
    return str(folder / "call") if os.name == "posix" else f"candor-{mark}"
