"""A test that lacks something is failed where it could have it, and skipped everywhere else."""

from __future__ import annotations

import sys

import pytest

from tests.support.missing import EVERYWHERE, ON_LINUX, do_without, must_be_here


@pytest.mark.parametrize("platform", sorted(EVERYWHERE))
@pytest.mark.parametrize("environment", [{}, {"CI": ""}, {"CI": "false"}])
def test_a_person_need_not_have_it(environment: dict[str, str], platform: str) -> None:
    assert not must_be_here(EVERYWHERE, environment, platform)


@pytest.mark.parametrize(
    ("platform", "of_linux", "of_all"), [("linux", True, True), ("win32", False, True), ("darwin", False, True)]
)
def test_ci_must_have_what_its_system_can_have(platform: str, of_linux: bool, of_all: bool) -> None:
    assert must_be_here(ON_LINUX, {"CI": "true"}, platform) is of_linux
    assert must_be_here(EVERYWHERE, {"CI": "true"}, platform) is of_all


@pytest.mark.parametrize(
    ("ci", "platform", "outcome"),
    [
        ("true", "linux", pytest.fail.Exception),
        ("true", "win32", pytest.skip.Exception),
        ("true", "darwin", pytest.skip.Exception),
        ("", "linux", pytest.skip.Exception),
    ],
)
def test_the_test_ends_with_the_reason(
    ci: str, platform: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(outcome, match="needs a display"):
        do_without("needs a display")
