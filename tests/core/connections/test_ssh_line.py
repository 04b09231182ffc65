"""What a provider's line for signing in says, and what is refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.connection import SshLogin
from desktop.core.connections.ssh_line import SshLine, SshLineError, line_of, ssh_line
from tests.core.tables import table

CASES = table("connections/ssh_line.toml")


def line(host="h", user="root", port=22, **more):
    return SshLine(host=host, user=user, port=port, **more)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ssh -p 12345 root@region-1.example.com", line("region-1.example.com", port=12345)),
        ("ssh root@h -p 12345", line(port=12345)),
        ("ssh -p12345 root@h", line(port=12345)),
        ("ssh -oPort=99 root@h", line(port=99)),
        ("ssh -o Port=99 -l me h", line(user="me", port=99)),
        ('ssh -o "User me" h', line(user="me")),
        ("ssh -o HostName=192.0.2.7 gpu", line("192.0.2.7")),
        ("ssh -i ~/.ssh/id_ed25519 root@h", line(key_file="~/.ssh/id_ed25519")),
        ('ssh -i "C:\\my keys\\id" root@h -p 5', line(port=5, key_file="C:\\my keys\\id")),
        ("ssh -o IdentityFile=k root@h", line(key_file="k")),
        ("ssh -CNg -L 6006:127.0.0.1:6006 root@h -p 9", line(port=9, far_port=6006)),
        ("ssh -L 127.0.0.1:7000:[::1]:8000 root@h", line(far_port=8000)),
        ("ssh -L 8000:10.0.0.5:8001 root@h", line(far_host="10.0.0.5", far_port=8001)),
        ("ssh -o LocalForward='7000 localhost:8000' root@h", line(far_port=8000)),
        ("ssh://me@H:2222/", line(user="me", port=2222)),
        ("root@h:2222", line(port=2222)),
        ("h 12345", line(port=12345)),
        ("h", line()),
        ("[2001:db8::1]:2222", line("2001:db8::1", port=2222)),
        ("root@2001:db8::1", line("2001:db8::1")),
        ("$ ssh -p 1 root@h", line(port=1)),
        ("root@gpu:~$ ssh -p 1 root@h", line(port=1)),
        ("PS C:\\Users\\me> ssh.exe -p 1 root@h", line(port=1)),
        ("/usr/bin/ssh root@h", line()),
        ("ssh –p 12345 root＠region－1.example.com。", line("region-1.example.com", port=12345)),
        ("`ssh -p 1 root@h`", line(port=1)),
        ("ssh -o StrictHostKeyChecking=no root@h", line(ignored=("-o StrictHostKeyChecking=no",))),
        ("ssh -A -D 1080 root@h", line(ignored=("-A", "-D 1080"))),
        ("ssh -L /tmp/a:/tmp/b root@h", line(ignored=("-L /tmp/a:/tmp/b",))),
        ("ssh -p 12345 root@h\npa;$w&rd\n", line(port=12345, password="pa;$w&rd")),
    ],
)
def test_what_a_line_says(text, said):
    assert ssh_line(text) == said


@pytest.mark.parametrize(
    ("text", "fault"),
    CASES["what_is_refused"],
)
def test_what_is_refused(text, fault):
    with pytest.raises(SshLineError) as caught:
        ssh_line(text)
    assert str(caught.value) == fault


@given(st.text(max_size=60) | st.from_regex(r"ssh( -[a-zA-Z]+ ?[a-z0-9@:=.]*){0,4} [a-z@.:0-9-]+", fullmatch=True))
def test_no_line_does_anything_but_be_read(text):
    try:
        said = ssh_line(text)
    except SshLineError:
        return
    assert said.host
    assert not said.host.startswith("-")
    assert 0 < said.port <= 65535
    login = SshLogin(host=said.host, user=said.user, port=said.port)
    assert ssh_line(line_of(login)) == SshLine(host=said.host, user=said.user, port=said.port)
