"""The MSI: one product in one folder, the newest; the same content gives the same package, to the byte."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import commands
import icons
import pytest
from order import Edition
from windows import msi, setup, work

NAMES = ("Candor.exe", "app/candor.py", "app/deep/er/a & b.txt", "lib/x.py")
HERE = Path(setup.__file__).parent


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A folder with some files, and a picture beside it; for tests that make a package of it."""
    if sentence := msi.too_old(work.run(["wixl", "--version"])):
        pytest.skip(sentence)  # under CI, too: Debian 12 has no newer one
    folder = tmp_path_factory.mktemp("msi") / "one" / "Candor"
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    (folder.parent / "candor.ico").write_bytes(icons.ico({16: icons.bitmap(16)}))
    return folder


@pytest.fixture(scope="module")
def package(program):
    """The package made of it."""
    return packed(program).rename(program.parent / "first.msi")


def packed(program, version="1.2.3", edition=Edition.SMALL):
    output = program.parent / "candor.msi"
    msi.compile_description(program, output, version, edition, program.parent / "candor.ico", program.parent)
    return output


def table(package, name):
    """The rows of a table, without its three lines of description."""
    done = subprocess.run(["msiinfo", "export", package, name], capture_output=True, text=True, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()[3:]]


def codes(package):
    """The product's and the package's."""
    summary = subprocess.run(["msiinfo", "suminfo", package], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\{[-0-9A-F]+\}", summary)
    return dict(map(tuple, table(package, "Property")))["ProductCode"], found[0]


def test_a_wixl_that_is_too_old_is_told_in_a_sentence_before_anything_is_made(tmp_path, monkeypatch, capsys):
    (tmp_path / "wixl").write_text("#!/bin/sh\necho 0.101\n")
    (tmp_path / "wixl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    into = tmp_path / "dist"
    assert commands.main(["build", "windows-msi", "--into", str(into)]) == commands.MISSING
    told = capsys.readouterr()
    assert told.err == "An MSI is made with wixl 0.106 or newer, which Debian 13 has; this computer's is 0.101.\n"
    assert told.out == ""
    assert list(into.iterdir()) == []


def test_what_is_installed_gives_way_whatever_its_edition_unless_it_is_newer(package):
    rows = {row[-1]: row[1:5] for row in table(package, "Upgrade")}
    only_detect, with_lowest, with_highest = 2, 256, 512
    assert rows["WIX_UPGRADE_DETECTED"][:2] == ["", "1.2.3"]
    assert rows["WIX_SAME_VERSION_UPGRADE_DETECTED"][:2] == ["1.2.3", "1.2.3"]
    both = with_lowest | with_highest
    assert int(rows["WIX_SAME_VERSION_UPGRADE_DETECTED"][3]) & both == both
    assert rows["WIX_DOWNGRADE_DETECTED"][:2] == ["1.2.3", ""]
    assert int(rows["WIX_DOWNGRADE_DETECTED"][3]) & (only_detect | with_lowest) == only_detect
    [(condition, sentence)] = table(package, "LaunchCondition")
    assert condition == "NOT WIX_DOWNGRADE_DETECTED"
    assert sentence == "A newer version of Candor is installed. 已安装更新版本的 Candor。"


def test_what_gives_way_comes_back_when_the_new_one_fails_and_no_file_is_left_out(package):
    order = {row[0]: int(row[2]) for row in table(package, "InstallExecuteSequence")}
    # Inside the transaction, and before anything is copied.
    steps = ("InstallInitialize", "RemoveExistingProducts", "InstallFiles", "InstallFinalize")
    assert sorted(steps, key=lambda step: order[step]) == [*steps]
    for row in (["REINSTALLMODE", "amus"], ["ProductVersion", "1.2.3"]):
        assert row in table(package, "Property")
    names = sorted(row[2].rpartition("|")[2] for row in table(package, "File"))
    assert names == ["Candor.exe", "a & b.txt", "candor.py", "x.py"]


def test_the_same_content_gives_the_same_package_wherever_it_is_built(program, package):
    elsewhere = program.parents[1] / "other" / "Candor"
    shutil.copytree(program.parent, elsewhere.parent)
    assert packed(elsewhere).read_bytes() == package.read_bytes()


def test_another_content_version_or_edition_is_another_product(program, package):
    found = [codes(package), codes(packed(program, version="1.2.4")), codes(packed(program, edition=Edition.FULL))]
    changed = program.parents[1] / "changed" / "Candor"
    shutil.copytree(program.parent, changed.parent)
    (changed / "lib" / "x.py").write_bytes(b"y")
    found.append(codes(packed(changed)))
    assert len({code for pair in found for code in pair}) == 8


def test_links_are_left_to_another_program_that_has_them_before_or_since(package):
    local_machine, value_in_64_bits = "2", "18"
    [[search, *place, kind]] = table(package, "RegLocator")
    assert place == [local_machine, "Software\\Classes\\candor\\shell\\open\\command", ""]
    assert kind == value_in_64_bits
    assert table(package, "AppSearch") == [["LINKCOMMAND", search]]
    by_another = 'LINKCOMMAND AND NOT (LINKCOMMAND ~>< "\\Candor.exe")'
    [component] = [row for row in table(package, "Component") if row[4]]
    assert component[4] == f"REMOVE OR NOT ({by_another})"
    # What stands in its registry values under a key of its own is looked for anew when it is removed.
    written = {row[2] for row in table(package, "Registry") if row[5] == component[0]}
    assert all("[LINKCLASS]" in key for key in written - {"Software\\Candor"})
    assert not [row for row in table(package, "Registry") if "Classes\\candor" in row[2]]
    order = {row[0]: row[1:] for row in table(package, "InstallExecuteSequence")}
    assert order["LeaveLinks"][0] == by_another
    assert int(order["AppSearch"][1]) < int(order["LeaveLinks"][1]) < int(order["CostInitialize"][1])
    assert "AppSearch" not in {row[0] for row in table(package, "InstallUISequence")}


def test_identities_of_components_stay_from_version_to_version(tmp_path):
    def identities(version):
        text = msi.description(tmp_path, ["Candor.exe", "lib/x.py"], version, tmp_path / "candor.ico")
        return re.findall(r'(?:Guid|UpgradeCode)="([^"]+)"', text)

    assert identities("1.0.0") == identities("2.0.0")
    assert len(set(identities("1.0.0"))) == len(identities("1.0.0"))


def test_the_launcher_has_the_words_that_windows_shows_in_both_languages():
    resources = (HERE / "launcher" / "candor.rc").read_text(encoding="utf-8")
    script = (HERE / "setup.nsi").read_text(encoding="utf-8")
    texts = (HERE / "texts.nsh").read_text(encoding="utf-8")
    package = msi.description(Path(), ["Candor.exe"], "1.0.0", Path("candor.ico"))
    english, chinese = (part.split("END")[0] for part in resources.split("STRINGTABLE")[1:])
    for number, name in (("101", "ModelFile"), ("102", "RecipeFile"), ("103", "DocumentFile")):
        words = re.findall(rf'LangString {name} \S+ ("[^"]+")', texts)
        assert f"{number} {words[0]}" in english
        assert f"{number} {words[1]}" in chinese
        assert f"Candor.exe,-{number}" in script
        assert f"Candor.exe,-{number}" in package
