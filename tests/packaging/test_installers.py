"""What `dev.py build` understands, and what it writes beside a file."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import installers
import locking
import pytest
from environment import ROOT
from installers import parse
from order import Edition, Order, write_sum
from telling import SetupError

from desktop import __version__


def test_an_order_names_the_edition_the_version_and_the_folder(tmp_path: Path) -> None:
    kind, order, twice = parse(["program", "--edition", "small", "--into", str(tmp_path)])
    assert not twice
    assert (kind, order.edition, order.version, order.folder) == ("program", Edition.SMALL, __version__, tmp_path)


def test_the_full_edition_is_made_when_none_is_named() -> None:
    assert parse(["program"])[1].edition is Edition.FULL


def test_a_kind_without_a_recipe_is_told_with_those_that_there_are() -> None:
    with pytest.raises(SetupError, match="floppy") as refused:
        parse(["floppy"])
    assert all(kind in str(refused.value) for kind in installers.RECIPES)


@pytest.fixture
def recipe(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """A kind whose recipe writes these texts, one at each build, of a program that tells of itself alone."""
    texts: list[str] = []
    told = tmp_path_factory.mktemp("program") / "licences.json"
    program = {"name": "Candor", "version": "", "licence": "Apache-2.0", "copyright": "", "texts": []}
    told.write_text(json.dumps({"parts": [program], "texts": {}}))
    monkeypatch.setattr(installers, "_told", lambda kind, edition: told)

    def make(order: Order) -> list[Path]:
        made = order.folder / "candor.test"
        made.write_text(texts.pop(0))
        return [made]

    module = ModuleType("recipe_of_a_test")
    module.build = make  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(installers, "RECIPES", {"test": ("a test", module.__name__, "build")})
    yield texts
    assert not texts


def test_two_builds_that_are_the_same_leave_one_file(recipe: list[str], tmp_path: Path) -> None:
    recipe += ["same", "same"]
    assert installers.main(["test", "--twice", "--into", str(tmp_path)]) == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "candor.test",
        "candor.test.cdx.json",
        "candor.test.sha256",
    ]


def test_two_builds_that_differ_are_kept_to_be_compared(recipe: list[str], tmp_path: Path) -> None:
    recipe += ["at noon", "at night"]
    with pytest.raises(SetupError, match=r"candor\.test"):
        installers.main(["test", "--twice", "--into", str(tmp_path)])
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {
        "candor.test.first": "at noon",
        "candor.test": "at night",
    }


def test_no_recipe_knows_the_table_that_it_stands_in() -> None:
    files = [each for folder in ("linux", "windows", "macos") for each in (ROOT / "packaging" / folder).glob("*.py")]
    assert files
    assert not [each.name for each in files if re.search(r"^\s*(?:import|from) installers\b", each.read_text(), re.M)]


@pytest.mark.parametrize("kind", installers.RECIPES)
def test_what_a_kind_brings_is_listed(kind: str) -> None:
    listed = installers.packages_of(kind)
    assert listed in locking.SYSTEMS or listed == f"macos-{platform.machine()}"


def test_the_sum_is_what_sha256sum_reads(tmp_path: Path) -> None:
    file = tmp_path / "candor.deb"
    file.write_bytes(b"content")
    beside = write_sum(file)
    assert beside.name == "candor.deb.sha256"
    assert beside.read_text() == f"{hashlib.sha256(b'content').hexdigest()}  candor.deb\n"


def test_a_build_of_no_kind_names_the_kinds_in_columns() -> None:
    with pytest.raises(SetupError, match="which kind") as told:
        parse([])
    lines = str(told.value).splitlines()[1:]
    assert len(lines) == len(installers.RECIPES)
    assert all("  the " in line[2:] for line in lines)
