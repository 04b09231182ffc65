"""The keys by which rented computers are known: a file of its own, in the form of OpenSSH's known_hosts.

The user's own file of that name is neither read nor written.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from pathlib import Path

from desktop.core.errors import StoreError
from desktop.store.disk import write_or_refuse

_LARGEST = 1 << 20  # bytes


class KnownHosts:
    """The keys of computers, by host and port, one of each kind. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Read nothing yet. The file need not exist."""
        self._path = path
        self._lock = threading.Lock()

    def known(self, host: str, port: int) -> Sequence[str]:
        """Return the keys of a computer, each as its kind and its base64; none where the file cannot be read.

        Then the user is asked once more, which is the careful answer.
        """
        name = _name(host, port)
        with contextlib.suppress(StoreError):
            return [line.removeprefix(name).strip() for line in self._lines() if line.split()[:1] == [name]]
        return []

    def remember(self, host: str, port: int, key: str) -> None:
        """Keep a key in place of one of the same kind. Raises `StoreError`."""
        name, kind = _name(host, port), key.split()[0]
        with self._lock:
            kept = [line for line in self._lines() if line.split()[:2] != [name, kind]]
            self._write([*kept, f"{name} {key}"])

    def forget(self, host: str, port: int) -> None:
        """Delete all keys of a computer. Raises `StoreError`."""
        name = _name(host, port)
        with self._lock:
            self._write([line for line in self._lines() if line.split()[:1] != [name]])

    def _lines(self) -> list[str]:
        """Return what is in the file. Raises `StoreError`, so that nothing is written in place of what is not known."""
        try:
            if self._path.stat().st_size > _LARGEST:
                raise StoreError("other", f"{self._path.name} is too large")
            content = self._path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError("other", str(error)) from error
        return [line.strip() for line in content.splitlines() if line.strip()]

    def _write(self, lines: list[str]) -> None:
        write_or_refuse(self._path, "".join(f"{line}\n" for line in lines).encode())


def _name(host: str, port: int) -> str:
    return f"[{host.lower()}]:{port}"
