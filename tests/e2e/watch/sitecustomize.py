"""Loaded by Python itself at the start of a watched program: writes down where its sockets connect to.

Names that are looked up count too, since a question to a name server leaves the computer. And, where that is wanted,
what the window's thread imports, in this order.
"""

import atexit
import json
import os
import sys
import threading

_PATH = os.environ.get("CANDOR_TEST_ADDRESSES")
_IMPORTS = os.environ.get("CANDOR_TEST_IMPORTS")


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    match event, arguments:
        case ("socket.connect" | "socket.sendto", (_, address)):
            _note(address[0] if isinstance(address, tuple) else "unix")
        case ("socket.getaddrinfo" | "socket.gethostbyname", (host, *_)):
            _note(host)


def _note(address: object) -> None:
    line = json.dumps(address.decode() if isinstance(address, bytes) else address)
    file = os.open(str(_PATH), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(file, line.encode() + b"\n")
    os.close(file)


if _PATH:
    sys.addaudithook(_watch)


class _ImportWatch:
    """A finder that finds nothing."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def find_spec(self, name: str, *_: object) -> None:
        if threading.current_thread() is threading.main_thread():
            self._names.append(name)

    def write(self) -> None:
        with open(str(_IMPORTS), "w", encoding="utf-8") as file:
            file.write("\n".join(self._names))


if _IMPORTS:
    _watch_of_imports = _ImportWatch()
    sys.meta_path.insert(0, _watch_of_imports)  # type: ignore[arg-type]
    atexit.register(_watch_of_imports.write)
