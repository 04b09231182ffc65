"""The user whose program listens at a port of this computer: on a shared one, it may be somebody else's server."""

from __future__ import annotations

import os
from pathlib import Path

_LISTENS = "0A"  # the state, as the kernel writes it
_FIRST_OF_PEOPLE = 1000  # below are the users of services, such as Ollama's own
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))


def foreign_owner(port: int, tables: tuple[Path, ...] = _TABLES) -> str:
    """Return the login name of another user whose program listens at a port; empty where it is nobody's, or not told.

    Only Linux tells.
    """
    own = getattr(os, "getuid", lambda: -1)()
    owners = {uid for table in tables for uid in _owners(table, port)}
    others = sorted(uid for uid in owners if uid >= _FIRST_OF_PEOPLE and uid != own)
    return _login(others[0]) if others and own not in owners else ""


def _owners(table: Path, port: int) -> list[int]:
    try:
        lines = table.read_text(encoding="ascii").splitlines()[1:]
    except (OSError, ValueError):
        return []
    found = []
    for line in lines:
        fields = line.split()
        if len(fields) > 7 and fields[3] == _LISTENS and fields[1].endswith(f":{port:04X}") and fields[7].isdigit():
            found.append(int(fields[7]))
    return found


def _login(uid: int) -> str:
    try:
        import pwd

        return pwd.getpwuid(uid).pw_name
    except (ImportError, KeyError):
        return str(uid)
