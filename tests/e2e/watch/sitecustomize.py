"""Loaded by Python itself at the start of a watched program: writes down where its sockets connect to.

Names that are looked up count too, since a question to a name server leaves the computer.
"""

import json
import os
import sys

_PATH = os.environ.get("CANDOR_TEST_ADDRESSES")


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
