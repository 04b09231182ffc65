"""Keys go to the keyring when it proves to hold them, else to memory, and never anywhere else."""

from __future__ import annotations

import json
import logging
import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError

from desktop.store.keys import SERVICE, KeyRing, KeyStorage, KnownHosts
from tests.store.conftest import ROOT, refused
from tests.support.missing import do_without, on_unix

ORIGIN = "https://api.example.org:443"
KEY = "sk-CANARY"


class Working(KeyringBackend):
    """A keyring that does what it should, in memory."""

    priority = 0.1  # type: ignore[assignment]

    def __init__(self):
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service, username):
        return self.held.get((service, username))

    def set_password(self, service, username, password):
        self.held[service, username] = password

    def delete_password(self, service, username):
        if self.held.pop((service, username), None) is None:
            raise PasswordDeleteError("No such password!")


class Slow(Working):
    """A keyring that answers only when it is told to."""

    def __init__(self):
        super().__init__()
        self.asked = threading.Event()
        self.may_answer = threading.Event()
        self.was_deleted = False

    def set_password(self, service, username, password):
        self.asked.set()
        self.may_answer.wait()
        super().set_password(service, username, password)

    def delete_password(self, service, username):
        super().delete_password(service, username)
        self.was_deleted = True


class Raising(Working):
    """A keyring that answers everything with one error."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def get_password(self, service, username):
        raise self.error

    def set_password(self, service, username, password):
        raise self.error

    def delete_password(self, service, username):
        raise self.error


class Truncating(Working):
    """A keyring that keeps a part of what it is given."""

    def set_password(self, service, username, password):
        super().set_password(service, username, password[:4])


def _ring(backend, patience=30.0):
    return KeyRing(find_backend=lambda: backend, patience=patience)


def test_a_key_is_kept_under_its_origin_alone():
    backend = Working()
    ring = _ring(backend)
    with pytest.raises(ValueError, match="empty"):
        ring.set(ORIGIN, "")
    assert ring.set("https://API.example.org/v1", KEY) is KeyStorage.KEYRING
    assert repr(ring) == "<KeyRing, 0 in memory>"
    assert KEY not in repr({name: value for name, value in vars(ring).items() if name != "_backend"})
    assert backend.held == {(SERVICE, ORIGIN): KEY}
    assert _ring(backend).get(ORIGIN) == KEY
    for other in ("http://api.example.org", "https://api.example.org:8443", "https://api.example.org.evil.net"):
        assert ring.get(other) is None
    assert ring.set(ORIGIN, "second") is KeyStorage.KEYRING
    assert ring.get(ORIGIN) == "second"
    for _ in range(2):
        ring.delete(ORIGIN)
        assert ring.get(ORIGIN) is None
    assert backend.held == {}


@pytest.mark.parametrize(
    "backend",
    [
        None,
        keyring.backends.fail.Keyring(),
        keyring.backends.null.Keyring(),
        Truncating(),
        Raising(InitError("Prompt dismissed")),
        Raising(KeyringLocked("locked")),
        Raising(UnicodeEncodeError("utf-8", KEY, 0, 1, "no")),
        Raising(ConnectionError(KEY)),
    ],
)
def test_without_a_keyring_the_key_lives_in_memory(backend, caplog):
    caplog.set_level(logging.DEBUG)
    ring = _ring(backend)
    assert ring.set(ORIGIN, KEY) is KeyStorage.SESSION
    assert ring.get(ORIGIN) == KEY
    assert ring.get("https://other.example.org") is None
    assert _ring(backend).get(ORIGIN) != KEY
    ring.delete(ORIGIN)
    assert ring.get(ORIGIN) != KEY
    assert KEY not in caplog.text + repr(ring)


def test_a_slow_keyring_does_not_hold_the_key_up():
    backend = Slow()
    ring = _ring(backend, patience=0.01)
    assert ring.set(ORIGIN, KEY) is KeyStorage.SESSION
    assert ring.get(ORIGIN) == KEY
    ring.delete(ORIGIN)
    assert ring.get(ORIGIN) is None
    # The late answers come in the order of the questions: the key is written, and then deleted.
    backend.may_answer.set()
    while not backend.was_deleted:
        assert ring.get(ORIGIN) is None
    assert backend.held == {}


def _on_a_bus(tmp_path, prelude, **environment):
    """What `keyring_program` saw, after `prelude` was run on the same new bus."""
    if missing := [tool for tool in ("dbus-run-session", "gnome-keyring-daemon") if not shutil.which(tool)]:
        do_without(f"needs {' and '.join(missing)}")
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    clean = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
    clean |= {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(runtime), "XDG_DATA_HOME": str(tmp_path / "share")}
    clean |= {"XDG_CONFIG_HOME": str(tmp_path / "config")} | environment
    command = ["dbus-run-session", "--", "sh", "-c", f'{prelude} exec "$@"', "sh"]
    command += [sys.executable, "-m", "tests.store.keyring_program"]
    done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "CANARY" not in done.stdout + done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


@pytest.fixture
def foreign_keyring_settings(tmp_path):
    """A configuration and an environment that would make `keyring` use a keyring that forgets everything."""
    for folder in ("config/python_keyring", "share/python_keyring"):
        (tmp_path / folder).mkdir(parents=True)
        file = tmp_path / folder / "keyringrc.cfg"
        file.write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring\n")
    return {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}


def test_the_systems_keyring(tmp_path, foreign_keyring_settings):
    unlock = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1;"
    assert _on_a_bus(tmp_path, unlock, **foreign_keyring_settings) == {
        "set": "keyring",
        "get": True,
        "fresh": True,
        "other": None,
        "replaced": "second",
        "gone": None,
    }


def test_a_bus_without_an_unlocked_keyring(tmp_path):
    seen = _on_a_bus(tmp_path, "")
    assert (seen["set"], seen["get"], seen["fresh"]) == ("session", True, False)
    assert seen["gone"] is None


# Keys that a policy has printed


HERE = "https://gpu.example.com"
_COUNT = "import pathlib, sys; f = pathlib.Path(sys.argv[1]); f.write_text(f.read_text() + 'x'); print(sys.argv[2])"


def test_the_first_line_is_the_key_and_asked_for_once(tmp_path):
    times = tmp_path / "times"
    times.write_text("")
    backend = Working()
    command = [sys.executable, "-c", _COUNT, str(times), "sk-CANARY\nmore"]
    keys = KeyRing({HERE: command}, lambda: backend)
    assert keys.get(HERE) == "sk-CANARY"
    assert keys.get(f"{HERE}:443/v1") == "sk-CANARY"
    assert times.read_text() == "x"
    assert keys.set(HERE, "other") == "session"
    assert keys.get(HERE) == "sk-CANARY"
    assert (backend.held, "CANARY" in repr(keys)) == ({}, False)
    assert keys.set("https://other.example", "sk-other") == "keyring"
    keys.delete("https://other.example")
    assert backend.held == {}


@pytest.mark.parametrize(
    "command",
    [
        ["/nowhere/at/all"],
        [sys.executable, "-c", "import sys; print('sk-CANARY'); sys.exit(3)"],
        [sys.executable, "-c", "import sys; print('sk-CANARY', file=sys.stderr)"],
        [sys.executable, "-c", "import time; print('sk-CANARY', flush=True); time.sleep(60)"],
    ],
)
def test_a_program_that_fails_gives_no_key_and_no_word_to_the_log(command, caplog):
    caplog.set_level(logging.DEBUG)
    keys = KeyRing({HERE: command}, Working, command_patience=0.5)
    assert not keys.get(HERE)
    assert "CANARY" not in caplog.text


# The keys of rented computers: each host and port for itself, one key of each kind, in a file for the user alone.


OLD, NEW, RSA = "ssh-ed25519 AAAAold", "ssh-ed25519 AAAAnew", "ssh-rsa AAAArsa"


def test_keys_are_kept_by_host_port_and_kind(tmp_path):
    hosts = KnownHosts(tmp_path / "known_hosts")
    assert hosts.known("h", 22) == []
    hosts.remember("H", 22, OLD)
    hosts.remember("h", 2222, NEW)
    hosts.remember("h", 22, RSA)
    hosts.remember("h", 22, NEW)
    assert hosts.known("h", 22) == [RSA, NEW]
    assert KnownHosts(tmp_path / "known_hosts").known("h", 2222) == [NEW]
    hosts.forget("h", 22)
    assert hosts.known("h", 22) == []
    assert hosts.known("h", 2222) == [NEW]


def test_what_was_written_by_hand_stays_and_harms_nobody(tmp_path):
    path = tmp_path / "known_hosts"
    path.write_bytes(b"# mine\n\n* ssh-rsa AAAA\n[h]:22\n\xff\n")
    hosts = KnownHosts(path)
    assert hosts.known("h", 22) == [""]
    hosts.remember("h", 22, NEW)
    assert "# mine" in path.read_text(errors="replace")
    assert NEW in hosts.known("h", 22)


def test_what_cannot_be_read_is_not_written_over(tmp_path, monkeypatch):
    path = tmp_path / "known_hosts"
    hosts = KnownHosts(path)
    hosts.remember("h", 22, OLD)
    monkeypatch.setattr(Path, "read_text", lambda *given, **named: (_ for _ in ()).throw(PermissionError("locked")))
    assert hosts.known("h", 22) == []
    for change in (lambda: hosts.remember("other", 22, NEW), lambda: hosts.forget("other", 22)):
        with refused("other"):
            change()
    monkeypatch.undo()
    assert hosts.known("h", 22) == [OLD]


@on_unix
def test_the_file_is_the_users_alone_and_a_folder_in_its_place_is_refused(tmp_path):
    path = tmp_path / "known_hosts"
    hosts = KnownHosts(path)
    hosts.remember("h", 22, NEW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.unlink()
    path.mkdir()
    assert hosts.known("h", 22) == []
    with refused("other"):
        hosts.remember("h", 22, NEW)
