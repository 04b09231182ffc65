"""Where the systems in folders come from."""

from __future__ import annotations

import pytest
from roots import MIRROR, mirror


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
def test_the_mirror_is_the_one_of_this_computer(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MIRROR, raising=False)
    assert mirror([text]) == "http://mirror.test/debian"


def test_a_mirror_that_is_named_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MIRROR, "http://named.test/debian")
    assert mirror(["deb http://mirror.test/ubuntu noble main\n"]) == "http://named.test/debian"


def test_no_mirror_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MIRROR, raising=False)
    assert mirror(["", "Types: deb\nURIs: file:/a/folder\n"]) == ""
