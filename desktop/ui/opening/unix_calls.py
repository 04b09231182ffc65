"""Calls from one start of the program to another, over a socket in the file system.

Qt's own would do the same; its library of networks takes two megabytes, of which nothing else here has need.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

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
