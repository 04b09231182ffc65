"""Connections: addresses of servers and logins, where words go, and what a key is bound to."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.connection import Connection, ConnectionKind, SshLogin, SshProof, origin_of
from desktop.core.connections import (
    AddressError,
    CheckStep,
    ConnectionCheck,
    LoginGate,
    SshLine,
    SshLineError,
    StepState,
    api_address,
    connectable,
    is_host,
    line_of,
    normalise_ollama_host,
    ssh_line,
)
from desktop.core.errors import AuthRejected, Unreachable
from desktop.core.message import Failure
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind, place_of_host, place_of_url
from tests.core.tables import table

# --- What people type and paste becomes one base address -----------------------------------------------------------

CASES = table("connections/addresses.toml")

READ, OLLAMA = CASES["api"], CASES["ollama"]


@pytest.mark.parametrize("typed", READ)
def test_addresses(typed):
    assert api_address(typed) == READ[typed]
    assert api_address(api_address(typed)) == READ[typed]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [*CASES["refused"], (f"https://x.test/{'a' * 3000}", "letters")],
)
def test_what_is_no_address(typed, reason):
    with pytest.raises(AddressError, match=f"^{reason}$"):
        api_address(typed)


@given(st.text(max_size=60) | st.text(alphabet="ａ１．：／。，、（[]:/.@%-_xn ", max_size=30))
def test_anything_that_is_typed_is_an_address_or_is_refused(typed):
    try:
        address = api_address(typed)
    except AddressError:
        return
    assert api_address(address) == address
    assert place_of_url(address).kind in PlaceKind
    assert is_host(urlsplit(address).hostname or "")


@pytest.mark.parametrize("value", OLLAMA)
def test_form_becomes_a_base_url(value):
    assert normalise_ollama_host(value) == OLLAMA[value]
    assert normalise_ollama_host(OLLAMA[value]) == OLLAMA[value]


@pytest.mark.parametrize(("host", "expected"), CASES["wildcards"])
def test_wildcards_become_loopback(host, expected):
    assert connectable(host) == expected


@given(st.text(max_size=40))
def test_nothing_is_refused(value):
    url = normalise_ollama_host(value)
    assert url.startswith(("http://", "https://"))
    assert not url.endswith("/")


# --- Tests for what the steps of a test say ------------------------------------------------------------------------

RENTED = Connection(
    kind=ConnectionKind.OPENAI_COMPAT,
    name="Rented",
    address="http://localhost:8000",
    ssh=SshLogin(host="gpu.example", user="root"),
)


@pytest.mark.parametrize(
    ("reason", "asked"),
    [("ssh_no_password", False), ("ssh_no_agent", False), ("ssh_key_file", False), ("ssh_password", True)],
)
def test_a_login_without_what_it_needs_has_asked_nobody(reason, asked):
    check = ConnectionCheck(connection=RENTED, failure=Failure(kind="auth_rejected", reason=reason))
    assert check.state_of(CheckStep.LOGIN) is StepState.FAILED
    for step in (CheckStep.NAME, CheckStep.ANSWER, CheckStep.FINGERPRINT):
        assert check.state_of(step) is (StepState.PASSED if asked else StepState.NOT_REACHED)


# --- What a provider's line for signing in says, and what is refused by name ---------------------------------------

SSH_LINES = table("connections/ssh_line.toml")


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
    SSH_LINES["what_is_refused"],
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


# --- When a login may be tried, and the names under which what belongs to a rented computer is kept ----------------

LOGIN = SshLogin(host="h.example", user="Root", port=2222)


def test_a_refused_secret_is_not_tried_again_by_itself():
    gate = LoginGate()
    gate.note_refused(LOGIN, "wrong", "ssh_password")
    assert "wrong" not in repr(vars(gate)), "a password is nothing to keep"
    refusals = []
    for login in (LOGIN, replace(LOGIN, has_secret=True)):
        with pytest.raises(AuthRejected) as caught:
            gate.check(login, "wrong")
        refusals.append(caught.value)
    assert [(each.host, each.reason) for each in refusals] == [("h.example", "ssh_password")] * 2
    assert refusals[0] is not refusals[1]  # one that is raised again would hold all that was at work each time
    gate.check(LOGIN, "another")
    gate.check(replace(LOGIN, proof=SshProof.KEY_FILE, key_file="k"), "wrong")
    gate.check(SshLogin(host="h.example", user="root", port=2222), "wrong")
    gate.forget(LOGIN)
    gate.check(LOGIN, "wrong")


def test_a_computer_that_hung_up_is_left_alone_for_half_a_minute():
    now = 100.0
    gate = LoginGate(lambda: now)
    gate.note_cut_off(LOGIN)
    gate.forget(LOGIN)
    now = 129.0
    with pytest.raises(Unreachable) as caught:
        gate.check(SshLogin(host="h.example", user="another", port=2222), "")
    assert caught.value.reason == "ssh_wait"
    gate.check(SshLogin(host="h.example", user="Root", port=22), "")
    now = 131.0
    gate.check(LOGIN, "")


def test_a_passphrase_is_not_kept_as_the_password():
    logins = [LOGIN, *(replace(LOGIN, proof=SshProof.KEY_FILE, key_file=each) for each in ("/k", "/K", "C:\\k#?"))]
    names = [each.secret_origin for each in logins]
    assert names[0] == LOGIN.origin
    assert len(set(names)) == len(names)
    assert [origin_of(each) for each in names] == names


def test_what_is_kept_belongs_to_a_user_at_a_computer():
    assert LOGIN.origin == "ssh://Root@h.example:2222"
    assert SshLogin(host="2001:db8::1", user="me").origin == "ssh://me@[2001:db8::1]:22"
    assert origin_of(LOGIN.origin) == LOGIN.origin
    address = "http://localhost:6006/v1"
    here = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="", address=address)
    there = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="", address=address, ssh=LOGIN)
    assert there.origin == "ssh://Root@h.example:2222/localhost:6006"
    assert origin_of(there.origin) == there.origin
    assert here.server_place.is_local
    assert (there.server_place.kind, there.server_place.host) == (PlaceKind.INTERNET, "h.example")


PLACES = table("places.toml")

PRIVATE, INTERNET = PlaceKind.PRIVATE_NETWORK, PlaceKind.INTERNET


@pytest.mark.parametrize("host", PLACES["hosts"])
def test_host(host):
    assert place_of_host(host).kind == PLACES["hosts"][host]


@pytest.mark.parametrize("url", PLACES["urls"])
def test_url(url):
    assert place_of_url(url).kind == PLACES["urls"][url]


def test_built_in_engine_is_on_this_computer():
    built_in = Connection(kind=ConnectionKind.BUILT_IN, name="Starter", address="/models/starter.gguf")
    server = Connection(kind=ConnectionKind.OLLAMA, name="Ours", address="http://gpu-server:11434")
    assert built_in.server_place == THIS_COMPUTER
    assert server.server_place == Place(PRIVATE, "gpu-server")
    assert server.origin == "http://gpu-server:11434"


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_public_addresses_are_never_taken_for_private_ones(address):
    place = place_of_host(str(address))
    if getattr(address, "is_global", False) and getattr(address, "ipv4_mapped", None) is None:
        assert place.kind is INTERNET


@pytest.mark.parametrize("url", PLACES["origins"])
def test_a_key_is_bound_to_an_origin(url):
    origin = PLACES["origins"][url]
    assert origin_of(url) == origin_of(origin) == origin


def test_scheme_and_port_and_host_part_origins():
    urls = ["http://a", "https://a", "http://a:81", "http://b", "b:81", "c:81"]
    assert len({origin_of(url) for url in urls}) == len(urls)


def test_a_login_with_a_password_is_a_secret_to_ask_for():
    login = SshLogin(host="gpu.example", user="root", has_secret=True)
    rented = Connection(kind=ConnectionKind.OLLAMA, name="Rented", address="http://localhost:11434", ssh=login)
    assert rented.has_secrets
    assert not replace(rented, ssh=replace(login, has_secret=False)).has_secrets
