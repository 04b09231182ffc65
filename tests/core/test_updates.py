"""What a note about a newer version may say, and when it is time to look."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.core.updates import Release, is_due, is_newer, release_in

PAGE = "https://candor.example/0.3"
DAY = 86_400.0


def test_a_note_as_agreed_is_taken() -> None:
    assert release_in({"version": "0.3", "page": PAGE, "more": 1}) == Release("0.3", PAGE)
    assert release_in({"version": "0.3", "page": PAGE, "sha256": "0a" * 32}) == Release("0.3", PAGE)


@pytest.mark.parametrize(
    "note",
    [
        None,
        [],
        {"version": "0.3"},
        {"version": 3, "page": PAGE},
        *(
            {"version": each, "page": PAGE}
            for each in ("", "3", "0.3\n", "<b>9.9</b>", "9.9; rm -rf /", "٩.٩", "9" * 5)
        ),
        *(
            {"version": "0.3", "page": each}
            for each in (
                "",
                "http://candor.example/",
                "javascript:alert(1)",
                "https://",
                "https://bank@evil.example/",
                "https://a.example/\u202e",
                "https://a.example/ b",
                "https://[a/",
                f"https://a.example/{'x' * 600}",
            )
        ),
        {"version": "0.3", "page": PAGE, "sha256": "abc"},
        {"version": "0.3", "page": PAGE, "sha256": None},
    ],
)
def test_anything_else_is_refused(note: Any) -> None:
    with pytest.raises(ValueError, match=r"no |Invalid"):
        release_in(note)


@pytest.mark.parametrize(
    ("version", "running", "newer"),
    [
        ("0.3", "0.2.9", True),
        ("0.10", "0.9", True),
        ("1.0.0.1", "1.0", True),
        ("0.3", "0.3.0", False),
        ("0.3.0", "0.3", False),
        ("0.2", "0.3", False),
        ("0.3", "0.3rc1", True),
        ("0.3", "0.3.0.dev4", True),
        ("0.3", "0.4rc1", False),
        ("0.1", "", True),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, running: str, newer: bool) -> None:
    assert is_newer(version, running) is newer


@pytest.mark.parametrize(
    ("looked_at", "now", "due"),
    [(0.0, 1e9, True), (1e9, 1e9, False), (1e9, 1e9 + DAY - 1, False), (1e9, 1e9 + DAY, True), (1e9, 1e9 - 5, True)],
)
def test_it_is_time_once_a_day_and_after_the_clock_was_set_back(looked_at: float, now: float, due: bool) -> None:
    assert is_due(looked_at, now) is due
