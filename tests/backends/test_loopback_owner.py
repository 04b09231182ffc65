"""On a shared computer, a server of another user is told from one's own."""

from __future__ import annotations

import os

import pytest

from desktop.backends.discovery import foreign_owner

pwd = pytest.importorskip("pwd")
HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
OTHER = next((each for each in pwd.getpwall() if each.pw_uid >= 1000 and each.pw_uid != os.getuid()), None)


def line(port, uid, state="0A"):
    queues = "00000000:00000000 00:00000000 00000000"
    return f"   0: 0100007F:{port:04X} 00000000:0000 {state} {queues}  {uid}  0 4711 1 0 100\n"


@pytest.mark.parametrize(
    ("lines", "owner"),
    [
        (line(11434, 54321), "54321"),
        (line(11434, 54321, state="01"), ""),  # a connection
        (line(11435, 54321), ""),
        (line(11434, 998), ""),  # a service
        (line(11434, os.getuid()), ""),
        (line(11434, 54321) + line(11434, os.getuid()), ""),  # at another of its addresses
        ("nonsense\n", ""),
    ],
)
def test_whose_a_port_is(tmp_path, lines, owner):
    table = tmp_path / "tcp"
    table.write_text(HEAD + lines)
    assert foreign_owner(11434, (table, tmp_path / "none")) == owner


@pytest.mark.skipif(OTHER is None, reason="there is no other user")
def test_it_is_told_by_name(tmp_path):
    table = tmp_path / "tcp"
    table.write_text(HEAD + line(8000, OTHER.pw_uid))
    assert foreign_owner(8000, (table,)) == OTHER.pw_name
