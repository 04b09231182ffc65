"""Loaded by Python itself at the start of a watched program: writes down where its sockets connect to.

Names that are looked up count too, since a question to a name server leaves the computer. And, where that is wanted,
what can be read on the screen, to whoever asks at a socket.
"""

import json
import os
import sys
import threading

_PATH = os.environ.get("CANDOR_TEST_ADDRESSES")
_SCREEN = os.environ.pop("CANDOR_TEST_SCREEN", "")  # a socket's path; not for the program's own processes


def _watch(event, arguments):
    match event, arguments:
        case ("socket.connect" | "socket.sendto", (_, address)):
            _note(address[0] if isinstance(address, tuple) else "unix")
        case ("socket.getaddrinfo" | "socket.gethostbyname", (host, *_)):
            _note(host)


def _note(address):
    line = json.dumps(address.decode() if isinstance(address, bytes) else address)
    file = os.open(str(_PATH), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(file, line.encode() + b"\n")
    os.close(file)


if _PATH:
    sys.addaudithook(_watch)


def _show_screen():
    """Tell each who connects what can be read, as [words, x, y] of the screen."""
    import socket

    from PySide6.QtCore import QCoreApplication, QTimer

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(_SCREEN)
        server.listen()
        while True:
            asking, _ = server.accept()
            read, found = threading.Event(), list[object]()
            if (application := QCoreApplication.instance()) is not None:
                QTimer.singleShot(0, application, lambda found=found, read=read: (_look(found), read.set()))
                read.wait(5)
            with asking, asking.makefile("w", encoding="utf-8") as answer:
                json.dump(found, answer)


def _look(found):
    from PySide6.QtGui import QAccessible
    from PySide6.QtWidgets import QApplication

    for window in QApplication.topLevelWidgets():
        spoken = QAccessible.queryAccessibleInterface(window) if window.isVisible() else None
        each = [spoken] if spoken is not None else []
        while each:
            one = each.pop()
            if one is None or one.state().invisible:
                continue
            words, place = one.text(QAccessible.Text.Name), one.rect().center()
            if words:
                found.append([words, place.x(), place.y()])
            each += [one.child(number) for number in range(one.childCount())]


if _SCREEN:
    threading.Thread(target=_show_screen, daemon=True).start()
