"""What `dev.py build` understands, and what it writes beside a file."""

from __future__ import annotations

import hashlib
import importlib
import json
import platform
import sys
from types import ModuleType

import installers
import locking
import pytest
from installers import parse
from order import Edition, Order
from telling import SetupError

from desktop import __version__


def test_an_order_names_the_edition_the_version_and_the_folder(tmp_path):
    kind, order, twice = parse(["program", "--edition", "small", "--into", str(tmp_path)])
    assert (kind, order, twice) == ("program", Order(Edition.SMALL, __version__, tmp_path), False)
    assert parse(["program"])[1].edition is Edition.FULL


@pytest.mark.parametrize("named", [["floppy"], []])
def test_without_a_kind_that_there_is_those_are_named_that_there_are(named):
    with pytest.raises(SetupError) as refused:
        parse(named)
    lines = str(refused.value).splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(installers.RECIPES)


@pytest.mark.parametrize("kind", installers.RECIPES)
def test_a_kind_has_its_recipe_and_its_list_of_packages(kind):
    _, module, function = installers.RECIPES[kind]
    assert callable(getattr(importlib.import_module(module), function))
    listed = installers.packages_of(kind)
    assert listed in locking.SYSTEMS or listed == f"macos-{platform.machine()}"


@pytest.fixture
def recipe(monkeypatch, tmp_path_factory):
    """A kind whose recipe writes these texts, one at each build, of a program that tells of itself alone."""
    texts: list[str] = []
    told = tmp_path_factory.mktemp("program") / "licences.json"
    program = {"name": "Candor", "version": "", "licence": "Apache-2.0", "copyright": "", "texts": []}
    told.write_text(json.dumps({"parts": [program], "texts": {}}))
    monkeypatch.setattr(installers, "_told", lambda kind, edition: told)

    def make(order):
        made = order.folder / "candor.test"
        made.write_text(texts.pop(0))
        return [made]

    module = ModuleType("recipe_of_a_test")
    module.build = make  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(installers, "RECIPES", {"test": ("a test", module.__name__, "build")})
    yield texts
    assert not texts


def test_two_builds_that_are_the_same_leave_one_file(recipe, tmp_path):
    recipe += ["same", "same"]
    assert installers.main(["test", "--twice", "--into", str(tmp_path)]) == 0
    names = ["candor.test", "candor.test.cdx.json", "candor.test.sha256"]
    assert sorted(each.name for each in tmp_path.iterdir()) == names
    assert (tmp_path / names[2]).read_text() == f"{hashlib.sha256(b'same').hexdigest()}  candor.test\n"


def test_two_builds_that_differ_are_kept_to_be_compared(recipe, tmp_path):
    recipe += ["at noon", "at night"]
    with pytest.raises(SetupError, match=r"candor\.test"):
        installers.main(["test", "--twice", "--into", str(tmp_path)])
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {
        "candor.test.first": "at noon",
        "candor.test": "at night",
    }
