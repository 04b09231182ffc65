"""Every system is told what Candor opens: its endings of files, and its links."""

from __future__ import annotations

import configparser
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from linux import tree
from windows import msi, setup

from desktop.core.recipes.given_file import ENDINGS, GivenFile
from desktop.core.recipes.link import SCHEME, is_link, link_to
from tests.packaging.test_macos import information

# What the name of a file ends with that a system can be told; Linux alone knows endings of two parts.
RECIPES = ".candor.toml"


def test_the_link_that_is_copied_is_of_the_scheme_that_systems_are_told() -> None:
    assert link_to("Reply").startswith(f"{SCHEME}:")
    assert is_link(f"{SCHEME}:")


def test_linux_is_told() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read_string((tree.SHARE / "candor.desktop").read_text(encoding="utf-8"))
    types = entry["Desktop Entry"]["MimeType"].strip(";").split(";")
    assert f"x-scheme-handler/{SCHEME}" in types
    described = ET.fromstring((tree.SHARE / "candor.xml").read_text(encoding="utf-8"))  # noqa: S314 - our own file
    globs = {
        glob.attrib["pattern"].removeprefix("*")
        for each in described
        if each.attrib["type"] in types
        for glob in each
        if glob.tag.endswith("}glob")
    }
    assert globs == {RECIPES if kind is GivenFile.RECIPE else ending for ending, kind in ENDINGS.items()}
    assert RECIPES.endswith(tuple(ENDINGS))


def test_macos_is_told() -> None:
    told = information()
    assert [name for each in told["CFBundleURLTypes"] for name in each["CFBundleURLSchemes"]] == [SCHEME]
    described: dict[str, list[Any]] = {
        each["UTTypeIdentifier"]: each["UTTypeTagSpecification"]["public.filename-extension"]
        for each in told["UTImportedTypeDeclarations"]
    }
    found = set()
    for each in told["CFBundleDocumentTypes"]:
        found |= set(each.get("CFBundleTypeExtensions", ()))
        found |= {ending for name in each.get("LSItemContentTypes", ()) for ending in described[name]}
    assert {f".{each}" for each in found} == set(ENDINGS)


@pytest.mark.parametrize("ending", ENDINGS)
def test_windows_is_told(ending: str, tmp_path: Path) -> None:
    script = (Path(setup.__file__).parent / "setup.nsi").read_text(encoding="utf-8")
    package = msi.description(tmp_path, ["Candor.exe"], "1.0.0", tmp_path / "candor.ico")
    for told in (script, package):
        assert f"\\{ending}\\OpenWithProgids" in told


def test_windows_is_told_of_links(tmp_path: Path) -> None:
    script = (Path(setup.__file__).parent / "setup.nsi").read_text(encoding="utf-8")
    package = msi.description(tmp_path, ["Candor.exe"], "1.0.0", tmp_path / "candor.ico")
    for told in (script, package):
        assert f"\\{SCHEME}\\shell\\open\\command" in told.replace("${CLASSES}", "")
        assert "URL Protocol" in told
        assert "Candor.exe&quot; -- &quot;%1" in told or 'Candor.exe" -- "%1"' in told  # the strokes end the switches
