"""What `dev.py build` understands, and what it writes beside a file."""

from __future__ import annotations

import hashlib
import platform
from pathlib import Path

import build
import locking
import pytest
import sums
from build import Edition, parse
from telling import SetupError

from desktop import __version__


def test_an_order_names_the_edition_the_version_and_the_folder(tmp_path: Path) -> None:
    kind, order = parse(["program", "--edition", "small", "--into", str(tmp_path)])
    assert (kind, order.edition, order.version, order.folder) == ("program", Edition.SMALL, __version__, tmp_path)


def test_the_full_edition_is_made_when_none_is_named() -> None:
    assert parse(["program"])[1].edition is Edition.FULL


def test_a_kind_without_a_recipe_is_told_with_those_that_there_are() -> None:
    with pytest.raises(SetupError, match="floppy") as refused:
        parse(["floppy"])
    assert all(kind in str(refused.value) for kind in build.RECIPES)


@pytest.mark.parametrize("kind", build.RECIPES)
def test_what_a_kind_brings_is_listed(kind: str) -> None:
    listed = build.packages_of(kind)
    assert listed in locking.SYSTEMS or listed == f"macos-{platform.machine()}"


def test_the_sum_is_what_sha256sum_reads(tmp_path: Path) -> None:
    file = tmp_path / "candor.deb"
    file.write_bytes(b"content")
    beside = sums.write(file)
    assert beside.name == "candor.deb.sha256"
    assert beside.read_text() == f"{hashlib.sha256(b'content').hexdigest()}  candor.deb\n"
