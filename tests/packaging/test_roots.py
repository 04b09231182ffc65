"""Where the systems in folders come from."""

from __future__ import annotations

import pytest
from roots import MIRROR, sources

_WITH_UPDATES = [
    "deb http://mirror.test/debian trixie main",
    "deb http://mirror.test/debian trixie-updates main",
    "deb http://mirror.test/debian-security trixie-security main",
]


@pytest.mark.parametrize(
    "text",
    [
        "deb http://mirror.test/debian bookworm main\n",
        "# deb http://old.test/debian bookworm main\ndeb [signed-by=/k.gpg] http://mirror.test/debian bookworm main\n",
        "Types: deb\nURIs: http://mirror.test/debian\nSuites: trixie\n",
        "deb http://mirror.test/debian-security trixie-security main\ndeb http://mirror.test/debian trixie main\n",
        "Types: deb\nURIs: file:/a/folder\nSuites: ./\n\nTypes: deb\nURIs: http://mirror.test/debian\n",
    ],
)
def test_the_mirror_is_the_one_of_this_computer(text, monkeypatch):
    monkeypatch.delenv(MIRROR, raising=False)
    assert sources("trixie", [text]) == _WITH_UPDATES


def test_a_mirror_that_is_named_goes_first_and_none_is_no_address(monkeypatch):
    monkeypatch.setenv(MIRROR, "http://mirror.test/debian/")
    found = sources("trixie", ["deb http://other.test/ubuntu noble main\n"])
    assert [each.replace("debian/ ", "debian ") for each in found] == _WITH_UPDATES
    monkeypatch.delenv(MIRROR)
    assert sources("trixie", ["", "Types: deb\nURIs: file:/a/folder\n"]) == []
