"""What the program is made of: lists agree with pyproject.toml, parts have licences, the bill names them all."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import bill_of_materials
import licences
import locking
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((locking.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WANTED = [Requirement(each) for each in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["builtin"])]


@pytest.mark.parametrize("system", locking.SYSTEMS)
def test_a_list_holds_what_the_project_asks_for(system: str) -> None:
    found = {each.name: each for each in locking.pinned(system)}
    for each in WANTED:
        pinned = found[canonicalize_name(each.name)]
        assert each.specifier.contains(pinned.version), f"run dev.py lock: {each}, but {pinned.version}"
    assert all(each.sums for each in found.values())


def test_systems_bring_the_keyring_of_theirs() -> None:
    names = {system: {each.name for each in locking.pinned(system)} for system in locking.SYSTEMS}
    assert "secretstorage" in names["linux"]
    assert "pywin32-ctypes" in names["windows"]
    assert not {"secretstorage", "pywin32-ctypes"} & (names["macos-arm64"] | names["macos-x86_64"])


def test_no_list_names_where_packages_come_from() -> None:
    assert not [each.name for each in locking.FOLDER.iterdir() if "://" in each.read_text(encoding="utf-8")]


def test_every_part_has_its_licence() -> None:
    told = json.loads(licences.FILE.read_text(encoding="utf-8"))
    versions = {each.name: each.version for system in reversed(locking.SYSTEMS) for each in locking.pinned(system)}
    found = {each["name"]: each["version"] for each in told["parts"]}
    assert versions.items() <= found.items(), "run dev.py lock"
    for part in told["parts"]:
        assert part["licence"]
        assert part["version"] or part["name"] == "Candor"  # About says which one this is
        assert part["texts"]
        assert all(told["texts"][key].strip() for key in part["texts"])
    assert {key for part in told["parts"] for key in part["texts"]} == set(told["texts"])


def test_licences_that_the_package_for_debian_leads_to_are_shown() -> None:
    shown = {each["licence"] for each in json.loads(licences.FILE.read_text(encoding="utf-8"))["parts"]}
    told = (locking.ROOT / "packaging" / "linux" / "share" / "copyright").read_text(encoding="utf-8")
    led_to = re.findall(r"^License: (\S+)\n The text is among the licences that the program shows", told, re.MULTILINE)
    names = {"Python-2.0": "PSF-2.0"}  # as Debian calls it
    assert led_to
    assert {names.get(each, each) for each in led_to} <= shown


def test_the_bill_names_what_an_installer_brings(tmp_path: Path) -> None:
    whole = bill_of_materials.bill_of("windows", "1.2.3", has_engine=True)
    small = bill_of_materials.bill_of("windows", "1.2.3", has_engine=False)
    names = {each["name"] for each in whole["components"]}
    assert names - {each["name"] for each in small["components"]} == {"xllamacpp", "SmolLM2-135M-Instruct.Q4_1.gguf"}
    assert {each.name for each in locking.pinned("windows")} <= names
    refs = [each["bom-ref"] for each in whole["components"]]
    assert len(set(refs)) == len(refs)
    assert whole["dependencies"] == [{"ref": "candor", "dependsOn": refs}]
    assert (whole["bomFormat"], whole["specVersion"]) == ("CycloneDX", "1.6")
    assert all(each["licenses"][0]["expression"] for each in whole["components"])


def test_the_same_content_gives_the_same_bill(tmp_path: Path) -> None:
    written = [
        bill_of_materials.write(tmp_path / name, "linux", "1.2.3", has_engine=True) for name in ("a.deb", "b.deb")
    ]
    assert [each.name for each in written] == ["a.deb.cdx.json", "b.deb.cdx.json"]
    assert written[0].read_bytes() == written[1].read_bytes()
