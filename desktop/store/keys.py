"""API keys, in the operating system's keyring or, failing that, in memory until the program ends. Never in a file.

A key belongs to an origin (`scheme://host:port`), so that no change of an address carries it elsewhere. The choice of
keyring depends on the platform alone: keyring's configuration file and environment variable could name any module.
The keys of connections that a policy sets up are printed by a program of the administrator's, and kept in memory only.
The keys by which rented computers are known are in a file of our own, in the form of OpenSSH's known_hosts.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from desktop.core.connection import origin_of
from desktop.core.errors import StoreError
from desktop.store.disk import write_or_refuse

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend


_log = logging.getLogger(__name__)

SERVICE = "candor"
# Long enough for a keyring that starts, or for the user to type the password that unlocks it.
PATIENCE = 60.0  # seconds
_COMMAND_PATIENCE = 30.0  # seconds for a program that may ask a server
_MOST_BYTES = 16 << 10  # that such a program may print

_Answer = TypeVar("_Answer")


class KeyStorage(StrEnum):
    """The place of a key; `SESSION` means that it is gone when the program ends, which the window must say."""

    KEYRING = "keyring"
    SESSION = "session"


class KeyRing:
    """The keys by origin. Every method may take up to `patience` seconds: call it on a thread that can wait.

    Safe to use from several threads. The keyring is looked for at the first use, which takes some 50 ms.
    """

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]] | None = None,
        find_backend: Callable[[], KeyringBackend | None] | None = None,
        *,
        patience: float = PATIENCE,
        command_patience: float = _COMMAND_PATIENCE,
    ) -> None:
        """Keep the dependencies. `commands`: by origin, the program that prints the key, with its arguments."""
        self._find_backend = find_backend or platform_backend
        self._patience = patience
        self._command_patience = command_patience
        self._backend: KeyringBackend | None = None
        self._lock = threading.Lock()
        self._session: dict[str, str] = {}
        self._printing = threading.Lock()
        self._printed: dict[str, str] = {}  # by commands
        self._tasks: queue.SimpleQueue[Callable[[], None]] | None = None
        self.set_commands(commands or {})

    def set_commands(self, commands: Mapping[str, Sequence[str]]) -> None:
        """Have the programs of another policy print the keys from now on."""
        self._commands = {origin_of(origin): tuple(command) for origin, command in commands.items()}
        self._printed = {}

    def __repr__(self) -> str:
        return f"<KeyRing, {len(self._session)} in memory>"

    def set(self, origin: str, key: str) -> KeyStorage:
        """Store `key` for `origin`, replacing an earlier one; return where it went.

        One that a command prints is not replaced. Raises ValueError for an empty key: that is `delete`.
        """
        if not key:
            raise ValueError("empty key")
        user = origin_of(origin)
        if user in self._commands:
            return KeyStorage.SESSION
        with self._lock:
            # Until the keyring has proved that it holds the key, memory does.
            self._session[user] = key
            if not self._ask(lambda backend: _write_and_read_back(backend, user, key)):
                return KeyStorage.SESSION
            del self._session[user]
            return KeyStorage.KEYRING

    def get(self, origin: str) -> str | None:
        """Return the key of `origin`; None if the keyring, or the program for it, gives none."""
        user = origin_of(origin)
        if (command := self._commands.get(user)) is not None:
            with self._printing:  # of its own: other keys do not wait for a slow program
                if user not in self._printed and (printed := _printed_by(command, self._command_patience)):
                    self._printed[user] = printed
                return self._printed.get(user)
        # Before the lock: what is in memory must not wait for a slow keyring.
        if key := self._session.get(user):
            return key
        with self._lock:
            return self._ask(lambda backend: backend.get_password(SERVICE, user))

    def delete(self, origin: str) -> None:
        """Delete the key of `origin`, as far as the keyring can be reached."""
        user = origin_of(origin)

        def delete(backend: KeyringBackend) -> None:
            if backend.get_password(SERVICE, user) is not None:
                backend.delete_password(SERVICE, user)

        with self._lock:
            self._session.pop(user, None)
            self._ask(delete)

    def _ask(self, question: Callable[[KeyringBackend], _Answer]) -> _Answer | None:
        """Return the result of a call on the keyring's own thread; None if it fails, or takes too long.

        One thread for all: a late result of an earlier call is then over before a later call begins.
        """
        answers: queue.SimpleQueue[_Answer | None] = queue.SimpleQueue()

        def task() -> None:
            answer = None
            # Backends raise what their systems do. The error itself is dropped: its text may hold the key.
            with suppress(Exception):
                self._backend = self._backend or self._find_backend()
                answer = question(self._backend) if self._backend is not None else None
            answers.put(answer)

        if self._tasks is None:
            self._tasks = queue.SimpleQueue()
            # A daemon: a keyring that never answers must not keep the program from ending.
            threading.Thread(target=_work, args=(self._tasks,), name="keyring", daemon=True).start()
        self._tasks.put(task)
        with suppress(queue.Empty):
            return answers.get(timeout=self._patience)
        return None


def platform_backend() -> KeyringBackend | None:
    """Return the keyring of this operating system, None if there is none. Imports `keyring`; may be slow."""
    candidates: list[type[KeyringBackend]] = []
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        candidates.append(WinVaultKeyring)
    elif sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as MacKeyring

        candidates.append(MacKeyring)
    else:
        from keyring.backends.kwallet import DBusKeyring
        from keyring.backends.SecretService import Keyring as SecretServiceKeyring

        candidates += [SecretServiceKeyring, DBusKeyring]
    for candidate in candidates:
        if candidate.viable:
            return candidate()
    return None


def _write_and_read_back(backend: KeyringBackend, user: str, key: str) -> bool:
    backend.set_password(SERVICE, user, key)
    return backend.get_password(SERVICE, user) == key


def _work(tasks: queue.SimpleQueue[Callable[[], None]]) -> None:
    while True:
        tasks.get()()


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
