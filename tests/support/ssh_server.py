"""A real OpenSSH server on a loopback port, with settings, keys and users of its own; the computer stays as it is.

As root it runs in a mount namespace where the files of users are copies with one user more, so that passwords are real
ones, too. Without that right it takes the keys of the user who runs the tests, and `has_passwords` is False.
"""

from __future__ import annotations

import getpass
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import asyncssh
import psutil

from tests.support.missing import do_without
from tests.support.waiting import PATIENCE, wait_until

RENTER, PASSWORD = "renter", "pass word-ü密"
PASSPHRASE = "a phrase"
_IN_NAMESPACE = """
mount -t tmpfs tmpfs /run && mkdir /run/sshd
mount --bind "$1/passwd" /etc/passwd && mount --bind "$1/shadow" /etc/shadow
shift; exec "$@"
"""


@lru_cache(maxsize=1)
def _program():
    found = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        do_without("needs sshd")
    return found


@lru_cache(maxsize=1)
def _has_penalties():
    """Return True for a server that cuts off who tries too often (OpenSSH 9.8 and later)."""
    said = subprocess.run([_program(), "-V"], capture_output=True, text=True, check=False).stderr
    version = re.search(r"OpenSSH_(\d+)\.(\d+)", said)
    return version is not None and (int(version[1]), int(version[2])) >= (9, 8)


@lru_cache(maxsize=1)
def _can_have_users():
    if not (sys.platform == "linux" and os.geteuid() == 0 and shutil.which("unshare")):
        return False
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "x", "/run"], capture_output=True, check=False)
    return tried.returncode == 0


class OpenSsh:
    """A server; use it as a context. `settings` are lines of sshd_config that come first, and so count."""

    def __init__(self, *settings, cuts_off=False, key_kind="ssh-ed25519"):
        self._settings = list(settings)
        if _has_penalties() and not cuts_off:
            self._settings.append("PerSourcePenalties no")
        self._key_kind = key_kind
        self.has_passwords = _can_have_users()
        self.user = RENTER if self.has_passwords else getpass.getuser()
        self.port = 0
        self.log = []

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="candor-sshd-"))
        self.folder.chmod(0o755)
        self.own_key = self._key("own")
        self._authorized = self.folder / "authorized"
        self._authorized.write_bytes(Path(f"{self.own_key}.pub").read_bytes())
        self._authorized.chmod(0o644)
        self.renew_key()
        return self

    def __exit__(self, *error):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sealed_key(self):
        """Return a new key with a passphrase that the server takes."""
        path = self._key("sealed", PASSPHRASE)
        with self._authorized.open("ab") as keys:
            keys.write(Path(f"{path}.pub").read_bytes())
        return path

    def renew_key(self):
        """Start with a new key, at the port of before if there was one: another computer, as far as one can see."""
        self.stop()
        self.host_key = self._key("host", kind=self._key_kind)
        self.start()

    def start(self):
        config = self.folder / "config"
        command = [_program(), "-D", "-e", "-f", str(config)]
        if self.has_passwords:
            self._write_users()
            command = ["unshare", "-m", "sh", "-ec", _IN_NAMESPACE, "sh", str(self.folder), *command]
        for _ in range(20):
            port = self.port or _free_port()
            config.write_text("\n".join([*self._settings, *self._usual(port)]) + "\n")
            self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
            reading = threading.Thread(target=self._read, args=(self._process,), daemon=True)
            listens = f"Server listening on 127.0.0.1 port {port}."
            began = len(self.log)
            reading.start()
            self._wait(reading, began, listens)
            if self._process.poll() is None:
                self.port = port
                return
        raise AssertionError("\n".join(self.log))

    def _wait(self, reading, began, words):
        wait_until(lambda: any(words in each for each in self.log[began:]) or not reading.is_alive())

    def stop(self):
        if self.port and self._process.poll() is None:
            self.wake()
            for each in self._all():
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            self._process.wait(PATIENCE)

    def freeze(self):
        """Have all of it stand still, without a word to anybody."""
        for each in self._all():
            each.send_signal(signal.SIGSTOP)

    def wake(self):
        for each in self._all():
            with suppress(psutil.NoSuchProcess):  # a session that has just ended
                each.send_signal(signal.SIGCONT)

    def end_sessions(self):
        """Kill those who talk to clients; new ones can come."""
        for each in psutil.Process(self._process.pid).children(recursive=True):
            each.kill()

    def count(self, words):
        """Return how often it said so in its log."""
        return sum(words in line for line in self.log)

    def _all(self):
        own = psutil.Process(self._process.pid)
        return [*own.children(recursive=True), own]

    def _read(self, process):
        assert process.stderr is not None
        with process.stderr as lines:
            for line in lines:
                self.log.append(line)

    def _key(self, name, passphrase=None, kind="ssh-ed25519"):
        path = self.folder / name
        key = asyncssh.generate_private_key(kind, **({"key_size": 2048} if kind == "ssh-rsa" else {}))
        with warnings.catch_warnings(action="ignore"):  # fewer rounds than would be safe
            path.write_bytes(key.export_private_key(passphrase=passphrase, rounds=4))
        path.chmod(0o600)
        key.write_public_key(f"{path}.pub")
        return path

    def _usual(self, port):
        return [
            f"Port {port}",
            "ListenAddress 127.0.0.1",
            f"HostKey {self.host_key}",
            f"AuthorizedKeysFile {self._authorized}",
            *("PidFile none", "UsePAM no", "StrictModes no", "LogLevel VERBOSE", "MaxStartups 100"),
            *("PasswordAuthentication yes", "KbdInteractiveAuthentication no"),
        ]

    def _write_users(self):
        sealed = subprocess.run(["openssl", "passwd", "-6", PASSWORD], capture_output=True, text=True, check=True)
        lines = {"passwd": f"{RENTER}:x:4242:4242::/tmp:/bin/sh", "shadow": f"{RENTER}:{sealed.stdout.strip()}:1::::::"}
        for name, line in lines.items():
            path = self.folder / name
            path.write_text(Path(f"/etc/{name}").read_text() + line + "\n")
            path.chmod(0o600 if name == "shadow" else 0o644)


def _free_port():
    import socket

    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])
