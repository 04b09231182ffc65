"""A test that lacks something is failed where it could have it, and skipped everywhere else."""

from __future__ import annotations

import sys

import pytest

from tests.support.missing import EVERYWHERE, ON_LINUX, do_without


@pytest.mark.parametrize(
    ("ci", "platform", "systems", "outcome"),
    [
        ("true", "linux", ON_LINUX, pytest.fail.Exception),
        ("true", "win32", ON_LINUX, pytest.skip.Exception),
        ("true", "darwin", EVERYWHERE, pytest.fail.Exception),
        ("", "linux", EVERYWHERE, pytest.skip.Exception),
        ("false", "linux", EVERYWHERE, pytest.skip.Exception),
    ],
)
def test_the_test_ends_with_the_reason(
    ci: str, platform: str, systems: frozenset[str], outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(outcome, match="needs a display"):
        do_without("needs a display", systems)
