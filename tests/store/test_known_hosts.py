"""The keys of rented computers: each host and port for itself, one key of each kind, in a file for the user alone."""

from __future__ import annotations

import stat
from pathlib import Path

from desktop.store.known_hosts import KnownHosts
from tests.store.messages import refused
from tests.support.missing import on_unix

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
