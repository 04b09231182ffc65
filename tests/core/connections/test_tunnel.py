"""When a login may be tried, and the names under which what belongs to a rented computer is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.connection import Connection, ConnectionKind, SshLogin, SshProof, origin_of
from desktop.core.connections.tunnel import LoginGate
from desktop.core.errors import AuthRejected, Unreachable
from desktop.core.place import PlaceKind

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
