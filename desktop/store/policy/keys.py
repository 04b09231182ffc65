"""The keys of connections that a policy sets up: printed by a program of the administrator's, and kept in memory only.

All other keys are those of the ring beneath.
"""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import Protocol

from desktop.core.connection import origin_of

_log = logging.getLogger(__name__)

PATIENCE = 30.0  # seconds for a program that may ask a server
_MOST_BYTES = 16 << 10


class Ring(Protocol):
    """Keys by origin, as `KeyRing` has them."""

    def get(self, origin: str, /) -> str | None: ...
    def set(self, origin: str, key: str, /) -> str: ...
    def delete(self, origin: str, /) -> bool: ...


class KeysUnderPolicy:
    """The keys by origin. Every method may wait: call it on a thread that can."""

    def __init__(self, ring: Ring, commands: Mapping[str, Sequence[str]], *, patience: float = PATIENCE) -> None:
        """Keep the dependencies. `commands`: by origin, the program that prints the key, with its arguments."""
        self._ring = ring
        self._patience = patience
        self._lock = threading.Lock()
        self._printed: dict[str, str] = {}
        self.set_commands(commands)

    def set_commands(self, commands: Mapping[str, Sequence[str]]) -> None:
        """Have the programs of another policy print the keys from now on."""
        self._commands = {origin_of(origin): tuple(command) for origin, command in commands.items()}
        self._printed = {}

    def __repr__(self) -> str:
        return f"<KeysUnderPolicy, {len(self._commands)} by command>"

    def get(self, origin: str) -> str | None:
        """Return the key of `origin`, or None if there is none, or its program does not print one."""
        origin = origin_of(origin)
        command = self._commands.get(origin)
        if command is None:
            return self._ring.get(origin)
        with self._lock:
            if origin not in self._printed and (key := _printed_by(command, self._patience)):
                self._printed[origin] = key
            return self._printed.get(origin)

    def set(self, origin: str, key: str) -> str:
        """Store `key` for `origin`; return where it went. One that a command prints is not replaced."""
        return "session" if origin_of(origin) in self._commands else self._ring.set(origin, key)

    def delete(self, origin: str) -> bool:
        """Delete the key of `origin`. Return False if it may still be there."""
        return self._ring.delete(origin)


def _printed_by(command: Sequence[str], patience: float) -> str:
    """Return the first line that a program prints; empty if it fails. What it says is not logged: it may be the key."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=patience
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        _log.warning("the program for a key could not be run: %s", type(error).__name__)
        return ""
    if done.returncode != 0:
        _log.warning("the program for a key ended with %s", done.returncode)
        return ""
    lines = done.stdout[:_MOST_BYTES].decode("utf-8", "replace").split("\n", 1)
    return lines[0].strip()
