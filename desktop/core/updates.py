"""A note about the newest version, and when it is time to look for one. It only leads to a page.

The note comes from a network: what is not exactly as agreed is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from desktop.core.text.late_regex import late_regex

_A_DAY = 24 * 3600.0
_LONGEST_ADDRESS = 500  # characters; the user is shown it whole
_VERSION = late_regex(r"[0-9]{1,4}(?:\.[0-9]{1,4}){1,3}")
_SUM = late_regex(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Release:
    """Version that is out, and the page that tells of it."""

    version: str
    page: str


def release_in(note: Any) -> Release:
    """Return the version that a note tells of. Raises `ValueError` for anything that is not as agreed."""
    match note:
        case {"version": str(version), "page": str(page)}:
            pass
        case _:
            raise ValueError("no version and page")
    if not _VERSION.fullmatch(version):
        raise ValueError("no version")
    if not _is_page(page):
        raise ValueError("no page")
    if "sha256" in note and not (isinstance(note["sha256"], str) and _SUM.fullmatch(note["sha256"])):
        raise ValueError("no sum")
    return Release(version, page)


def is_newer(version: str, running: str) -> bool:
    """Return True if a version comes after the one that runs; "0.3" is "0.3.0", and comes after "0.3.0rc2"."""
    return _order(version) > _order(running)


def is_due(looked_at: float, now: float) -> bool:
    """Return True if a day has gone by, in seconds of the clock on the wall; also after that has been set back."""
    return not 0 <= now - looked_at < _A_DAY


def _order(version: str) -> tuple[list[int], bool]:
    """Return the numbers that a version begins with, without zeros at their end; and False for a trial of it."""
    begins = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    numbers = [int(each) for each in begins[0].split(".")] if begins else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers, re.search(r"[0-9]\.?(?:a|b|rc|dev)[0-9]", version) is None


def _is_page(address: str) -> bool:
    if len(address) > _LONGEST_ADDRESS or not re.fullmatch(r"[!-~]+", address):
        return False
    parts = urlsplit(address)  # raises ValueError for a bracket without its partner
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
