"""Calls from one start of the program to another, over Qt's local sockets: named pipes, on Windows."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket


class PipeCalls(QObject):
    """A listener for calls; whoever says half a line, or more than `most` bytes, is hung up on."""

    said = Signal(object)  # the bytes of a line

    def __init__(self, name: str, most: int, wait_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._most, self._wait_ms = most, wait_ms
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_call)
        QLocalServer.removeServer(name)  # the lock says that nobody else is there: it was left by a crash
        self._server.listen(name)

    @staticmethod
    def call(name: str, message: bytes, wait_ms: int) -> bool:
        """Say something to the program that listens; returns True once it has heard it and hung up."""
        socket = QLocalSocket()
        socket.connectToServer(name)
        if not socket.waitForConnected(wait_ms):
            return False
        socket.write(message)
        socket.flush()
        # Hanging up is its answer: a program that is just ending takes the message and never reads it.
        return socket.state() is QLocalSocket.LocalSocketState.UnconnectedState or socket.waitForDisconnected(wait_ms)

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _on_call(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            came = bytearray()
            socket.readyRead.connect(lambda socket=socket, came=came: self._on_bytes(socket, came))
            socket.disconnected.connect(socket.deleteLater)
            # Who says only half of it is not waited for.
            QTimer.singleShot(self._wait_ms, socket, socket.abort)

    def _on_bytes(self, socket: QLocalSocket, came: bytearray) -> None:
        """Take in what has come, and hang up when that is a whole line, or more than a message can be."""
        came += socket.read(self._most + 1 - len(came)).data()
        line, end, _ = bytes(came).partition(b"\n")
        if end:
            socket.disconnectFromServer()
            self.said.emit(line)
        elif len(came) > self._most:
            socket.abort()
