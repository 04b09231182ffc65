"""The policy is read from the first place that has one, and obeyed only where nobody but an administrator can write."""

from __future__ import annotations

import os
import plistlib
import sys

import pytest

from desktop.core.policy.fixed import NO_REACH, Policy, PolicyFault
from desktop.store import policy_file
from desktop.store.policy_file import MOST_BYTES, PolicyPlace, file_place, find_policy, policy_places

GOOD = "version = 1\n[features]\nexport = false\n[end]\n"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no owners and modes of this kind")


@pytest.fixture
def file(tmp_path):
    folder = tmp_path / "candor"
    folder.mkdir(mode=0o755)
    path = folder / "policy.toml"
    path.write_text(GOOD)
    path.chmod(0o644)
    return path


def found(path):
    """The policy at a path whose folders may belong to whoever runs this."""
    return find_policy([file_place(path, owner=os.getuid())])


def test_a_policy_is_read(file):
    policy = found(file)
    assert policy.problems == ()
    assert policy.source == str(file)
    assert policy.features_off


@pytest.mark.parametrize("mode", [0o666, 0o646, 0o777])
def test_a_file_that_others_can_write_or_put_another_in_its_place_is_not_obeyed(file, mode):
    for each in (file, file.parent):
        before = each.stat().st_mode
        each.chmod(mode | 0o111 if each.is_dir() else mode)  # whoever is not root can only search such a folder
        policy = found(file)
        assert [each.fault for each in policy.problems] == [PolicyFault.UNSAFE]
        assert str(each) in policy.problems[0].detail
        assert policy.reach == NO_REACH
        assert not policy.instructions
        each.chmod(before)
    assert found(file).problems == ()


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize(("owner", "group", "mode"), [(65534, -1, 0o644), (0, 65534, 0o664)])
def test_a_file_of_another_owner_is_not_obeyed(file, owner, group, mode):
    os.chown(file, owner, group)
    file.chmod(mode)
    assert [each.fault for each in found(file).problems] == [PolicyFault.UNSAFE]


def test_where_a_link_leads_counts(file, tmp_path):
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    assert found(link).problems == ()
    file.parent.chmod(0o777)
    assert [each.fault for each in found(link).problems] == [PolicyFault.UNSAFE]


@pytest.mark.parametrize(
    ("put", "fault"),
    [
        (lambda file: file.write_bytes(b"\xff\xfe version"), PolicyFault.NOT_TOML),
        (lambda file: file.write_bytes(b"#" * (MOST_BYTES + 1)), PolicyFault.UNREADABLE),
        (lambda file: (file.unlink(), os.mkfifo(file, 0o644)), PolicyFault.UNREADABLE),
        (lambda file: (file.unlink(), file.mkdir()), PolicyFault.UNREADABLE),
    ],
    ids=["not UTF-8", "too large", "a pipe", "a folder"],
)
def test_what_is_no_policy_closes_the_network(file, put, fault):
    put(file)
    assert [each.fault for each in found(file).problems] == [fault]
    assert found(file).reach == NO_REACH


def test_a_byte_order_mark_and_lines_of_windows_are_no_fault(file):
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert found(file).problems == ()


def test_a_place_that_fails_closes_the_network():
    def refuse():
        raise PermissionError(13, "Permission denied")

    policy = find_policy([PolicyPlace("registry", refuse)])
    assert (policy.source, policy.problems[0].detail) == ("registry", "Permission denied")
    assert policy.reach == NO_REACH


def test_the_profile_of_a_mac_holds_the_text(tmp_path):
    profile = tmp_path / "localhost.candor.program.plist"

    def read():
        return find_policy([PolicyPlace("profile", lambda: policy_file._from_profile(profile, os.getuid()))])

    assert read() == Policy()
    profile.write_bytes(plistlib.dumps({"NSWindow": "1 2"}))
    assert read() == Policy()
    profile.write_bytes(plistlib.dumps({"policy": GOOD}))
    assert read().features_off
    for broken in (plistlib.dumps({"policy": 3}), b"<plist", b""):
        profile.write_bytes(broken)
        assert read().reach == NO_REACH


def test_no_place_is_the_users_or_the_environments(monkeypatch):
    before = [each.name for each in policy_places()]
    for name in ("CANDOR_HOME", "XDG_CONFIG_DIRS", "XDG_CONFIG_HOME", "HOME", "ProgramFiles", "CANDOR_POLICY"):
        monkeypatch.setenv(name, "/tmp/mine")
    assert [each.name for each in policy_places()] == before
