"""Opening what the system or a second start hands over, Qt's application of this program, and its resting cursor.

Who is first is decided by the lock in `store/paths.py`; a second start sends the first one's window a message of one
line, a JSON object, over a socket in the file system, and ends. Qt's own would do the same; its library of networks
takes two megabytes, of which nothing else here has need.
macOS names files and links by events to the application, never as arguments, and sends them as soon as the event loop
runs: they wait until the window can take them. The cursor of its fields blinks only while somebody writes.
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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from desktop.core.recipes.link import GivenFile, LinkFault, LocalPath, RecipeLink, given_file, read_given, whole
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.widgets.keys import ComposedLines, EnterKey

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket

    from desktop.ui.window.main_window import MainWindow

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
    return UnixCalls if os.name == "posix" else PipeCalls


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


class PipeCalls(QObject):
    """The same over Qt's local sockets, named pipes on Windows. Only there is Qt's library of networks loaded."""

    said = Signal(object)  # the bytes of a line

    def __init__(self, name: str, most: int, wait_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._most, self._wait_ms = most, wait_ms
        from PySide6.QtNetwork import QLocalServer

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_call)
        QLocalServer.removeServer(name)  # the lock says that nobody else is there: it was left by a crash
        self._server.listen(name)

    @staticmethod
    def call(name: str, message: bytes, wait_ms: int) -> bool:
        """Say something to the program that listens; returns True once it has heard it and hung up."""
        from PySide6.QtNetwork import QLocalSocket

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


class Application(QApplication):
    """The application: it emits what the system hands over, and minds Enter on buttons and what is composed in lines.

    By its own method and not by an event filter, which would see every event of every widget.
    """

    handed_over = Signal(object)  # a path or an address

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))
        EnterKey(self)
        ComposedLines(self)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.handed_over.emit(_text_of(event))
            return True
        return super().event(event)


class HandedOver(QObject):
    """A queue, which is kept while nobody takes from it, also from one window to the next."""

    def __init__(self, first: str = "", arguments: Sequence[str] = (), parent: QObject | None = None) -> None:
        """Build the queue. `first` is handed over by the command line, whose words are `arguments`."""
        super().__init__(parent)
        self._waiting = [whole(first)] if first else []
        # Cocoa hands over once more what it takes for files on the command line.
        self._said_already = {said for each in arguments for said in (each, whole(each))}
        self._take: Callable[[str], None] | None = None

    def hand_on(self, text: str) -> None:
        """Hand it on, now or when somebody takes it."""
        if self._take is not None:
            self._take(text)
        elif text and text not in self._waiting and text not in self._said_already:
            self._waiting.append(text)

    def hand_on_to(self, take: Callable[[str], None]) -> None:
        """Hand on all that is waiting, and from now on what comes."""
        self._take = take
        self._said_already.clear()
        while self._waiting and self._take is not None:
            self._take(self._waiting.pop(0))

    def pause(self) -> None:
        """Keep what comes for who begins next."""
        self._take = None


def _text_of(event: QFileOpenEvent) -> str:
    """Return what the event names: a path, or an address as it was written, also of a file on another computer."""
    url = event.url()
    is_far = url.isLocalFile() and bool(url.host())
    return event.file() if event.file() and not is_far else url.toString(url.ComponentFormattingOption.FullyEncoded)


_BLINKS_MS = 10_000  # as GNOME has it


class RestingCursor(QObject):
    """A watch over the cursor of the whole program: it stands still until the user writes or moves it again."""

    def __init__(self, app: QApplication, parent: QObject | None = None, *, blinks_ms: int = _BLINKS_MS) -> None:
        super().__init__(parent)
        self._app = app
        self._flash = app.cursorFlashTime()  # 0 where the user wants none that blinks
        self._timer = QTimer(self, singleShot=True, interval=blinks_ms)
        self._timer.timeout.connect(self._rest)
        if self._flash > 0:
            app.inputMethod().cursorRectangleChanged.connect(self._wake)
            app.focusObjectChanged.connect(self._wake)
            self._timer.start()

    def end(self) -> None:
        """Watch no more, and have the cursor blink as it did: what is watched next begins with that."""
        self._timer.stop()
        if self._flash > 0:
            self._app.inputMethod().cursorRectangleChanged.disconnect(self._wake)
            self._app.focusObjectChanged.disconnect(self._wake)
            self._app.setCursorFlashTime(self._flash)

    def _rest(self) -> None:
        self._app.setCursorFlashTime(0)

    def _wake(self) -> None:
        if not self._timer.isActive():
            self._app.setCursorFlashTime(self._flash)
        self._timer.start()


class Opening(QObject):
    """An opener for files and links.

    `folder` is that of the program's data: second starts with the same one are heard.
    """

    model_given = Signal(str)  # the path of a model file

    def __init__(self, window: MainWindow, handed_over: HandedOver, folder: Path, parent: QObject | None) -> None:
        super().__init__(parent)
        self._window = window
        self._handed_over = handed_over
        self.first_instance = FirstInstance(folder, self)
        self.first_instance.called.connect(self._on_second_start)
        self.first_instance.called_at_length.connect(self._on_too_much)

    def open_waiting(self) -> None:
        """Open what has been waiting for the window, and from now on what comes."""
        self._handed_over.hand_on_to(self._on_second_start)

    def end(self) -> None:
        """Stop listening; what the system hands over waits for the next window."""
        self.first_instance.close()
        self._handed_over.pause()

    def _on_second_start(self, given: str) -> None:
        self._come_in_front()
        if given:
            self._open(given)

    def _on_too_much(self) -> None:
        self._come_in_front()
        self._window.links.refuse(LinkFault.TOO_LONG)

    def _open(self, given: str) -> None:
        match read_given(given):
            case LocalPath(path):
                self._open_file(path)
            case RecipeLink(name):
                self._window.links.follow(name)
            case LinkFault() as fault:
                self._window.links.refuse(fault)

    def _open_file(self, path: str) -> None:
        match given_file(path):
            case GivenFile.MODEL:
                self.model_given.emit(path)
            case GivenFile.RECIPE:
                self._window.look_at_recipe(Path(path))
            case GivenFile.OTHER:
                self._window.give_to_model(GivenFiles((Path(path),)))

    def _come_in_front(self) -> None:
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
