"""What `dev.py build` understands and writes, what is taken by its sum, and what every system is told Candor opens."""

from __future__ import annotations

import ast
import configparser
import hashlib
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType
from typing import Any

import installers
import locking
import pytest
from documents import DOCUMENTS
from environment import ROOT
from linux import program, tree
from telling import SetupError
from windows import msi, setup

from desktop.core.recipes.link import ENDINGS, SCHEME, GivenFile, is_link, link_to
from tests.packaging.test_linux import information
from tests.support.missing import do_without


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


FOLDER = locking.ROOT / "packaging"
LISTS = [*(locking.FOLDER / f"{system}.txt" for system in locking.SYSTEMS), *locking.TOOLS]
# The developer's own environment, and systems to try an installer in: nothing is built of them.
NOT_OF_A_BUILD = {"environment.py", "try_install.py"}


@pytest.mark.parametrize("lock", LISTS, ids=lambda file: file.name)
def test_each_package_of_a_list_has_the_sums_of_its_files(lock):
    lines = [line.strip(" \\") for line in lock.read_text(encoding="utf-8").splitlines()]
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+|--hash=sha256:[0-9a-f]{64}", line) for line in lines)
    found = locking.pinned_in(lock)
    assert found
    assert all(each.sums for each in found)


def functions_that_install():
    """The functions of the recipes that have pip or uv install something, and the words in them."""
    for file in FOLDER.rglob("*.py"):
        if file.name in NOT_OF_A_BUILD:
            continue
        for each in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(each, ast.FunctionDef):
                parts = ast.walk(each)
                words = {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
                if "install" in words and "apt-get" not in words:
                    yield f"{file.name}: {each.name}", words


def test_whatever_is_installed_must_have_its_sum():
    found = dict(functions_that_install())
    assert {"image.py: _environment", "program.py: _bring_packages", "work.py: _program"} <= set(found)
    assert [name for name, words in found.items() if "--require-hashes" not in words] == []


def test_no_package_stands_in_two_lists_of_a_build_in_different_versions():
    for lists in (
        program.LOCKS,
        *((locking.FOLDER / f"macos-{of}.txt", locking.MAC_TOOLS) for of in ("arm64", "x86_64")),
    ):
        found = [each for lock in lists for each in locking.pinned_in(lock)]
        assert len({each.name for each in found}) == len({(each.name, each.version) for each in found})


def test_a_list_without_the_package_stops_the_build(tmp_path):
    (tmp_path / "list.txt").write_text("shiboken6==1.0 \\\n    --hash=sha256:00\n")
    with pytest.raises(SetupError, match="pyside6-essentials"):
        locking.part_of(tmp_path / "list.txt", ["shiboken6", "pyside6-essentials"])


WORKFLOWS_FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(WORKFLOWS_FOLDER.glob("*.yml"))


def test_they_are_well_formed():
    rules = ROOT / ".github" / "yamllint.yml"
    done = subprocess.run(
        ["yamllint", "--strict", "-c", rules, WORKFLOWS_FOLDER], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
    assert done.returncode == 0


def test_a_release_has_each_kind_of_installer():
    called = re.findall(
        r"packaging/dev\.py build (\S+)", (WORKFLOWS_FOLDER / "release.yml").read_text(encoding="utf-8")
    )
    assert set(called) == set(installers.RECIPES) - {"program"}


def steps(workflow):
    """The steps of a workflow's jobs, each as its text."""
    return re.split(r"^ {6}- ", workflow.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


def jobs(workflow):
    """The jobs of a workflow by name, each as its text."""
    parts = re.split(
        r"^ {2}([a-z-]+):$", workflow.read_text(encoding="utf-8").split("\njobs:\n")[1], flags=re.MULTILINE
    )
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_the_steps_of_others_are_pinned_to_what_cannot_be_moved(workflow):
    used = re.findall(r"\buses: (.*)", workflow.read_text(encoding="utf-8"))
    assert used
    for each in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+|\./\.github/workflows/\w+\.yml", each)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_secrets_are_told_to_steps_of_a_tag_only(workflow):
    for step in steps(workflow):
        assert "secrets." not in step or "\n        if: github.ref_type == 'tag'\n" in step


def test_a_release_is_tested_before_anything_is_made_of_it():
    of_release = jobs(WORKFLOWS_FOLDER / "release.yml")
    assert 'test "$GITHUB_REF_NAME" = ' in of_release["version"]
    assert of_release["test"].startswith("\n    needs: version\n    uses: ./.github/workflows/test.yml\n")
    making = [text for text in of_release.values() if "dev.py build" in text]
    assert len(making) == 3
    assert all("    needs: test\n" in text for text in making)
    assert "\n  workflow_call:\n" in (WORKFLOWS_FOLDER / "test.yml").read_text(encoding="utf-8")


# What the name of a file ends with that a system can be told; Linux alone knows endings of two parts.
RECIPES = ".candor.toml"


def test_the_link_that_is_copied_is_of_the_scheme_that_systems_are_told():
    assert link_to("Reply").startswith(f"{SCHEME}:")
    assert is_link(f"{SCHEME}:")


def test_linux_is_told():
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
    documents = configparser.ConfigParser(interpolation=None)
    documents.read_string((tree.SHARE / "zz-candor.desktop").read_text(encoding="utf-8"))
    assert documents["Desktop Entry"]["MimeType"].strip(";").split(";") == list(DOCUMENTS.values())
    assert documents["Desktop Entry"]["NoDisplay"] == "true"
    offered = ET.fromstring((tree.SHARE / "candor.metainfo.xml").read_text(encoding="utf-8"))  # noqa: S314 - ours
    assert [each.text for each in offered.iter("mediatype")] == [*types, *DOCUMENTS.values()]
    assert globs == {RECIPES if kind is GivenFile.RECIPE else ending for ending, kind in ENDINGS.items()}
    assert RECIPES.endswith(tuple(ENDINGS))


@pytest.mark.parametrize("kind", ["application/pdf", "text/plain"])
def test_linux_takes_no_document_from_what_opens_it(kind, tmp_path, monkeypatch):
    """Of two programs between which nobody has chosen, the other opens documents."""
    for tool in ("update-desktop-database", "gio"):
        if shutil.which(tool) is None:
            do_without(f"needs {tool}")
    place = tmp_path / "share/applications"
    place.mkdir(parents=True)
    for name in ("candor.desktop", "zz-candor.desktop"):
        text = (tree.SHARE / name).read_text(encoding="utf-8").replace("Exec=candor", "Exec=true")
        (place / name).write_text(text, encoding="utf-8")
    other = f"[Desktop Entry]\nType=Application\nName=Other\nExec=true %u\nMimeType={kind};\n"
    (place / "org.other.Viewer.desktop").write_text(other, encoding="utf-8")
    subprocess.run(["update-desktop-database", place], check=True)
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("LC_ALL", "C")
    told = subprocess.run(["gio", "mime", kind], check=True, capture_output=True, text=True).stdout
    assert "org.other.Viewer.desktop" in told.splitlines()[0]
    assert "zz-candor.desktop" in told


def test_macos_is_told():
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
    assert {f".{each}" for each in found} == {*ENDINGS, *DOCUMENTS}


def test_windows_is_told_and_takes_no_document_from_what_opens_it(tmp_path):
    script = (Path(setup.__file__).parent / "setup.nsi").read_text(encoding="utf-8")
    lists = setup.lists(tmp_path, [])
    package = msi.description(tmp_path, ["Candor.exe"], "1.0.0", tmp_path / "candor.ico")
    for ending in (*ENDINGS, *DOCUMENTS):
        for told in (script + lists, package):
            assert f"\\{ending}\\OpenWithProgids" in told
    for ending in DOCUMENTS:
        assert f'WriteRegStr HKCU "${{CLASSES}}\\{ending}" ' not in lists
        assert f'Key="Software\\Classes\\{ending}"' not in package
        # What is offered is withdrawn, and a key goes only where nobody else has something in it.
        assert f'DeleteRegValue HKCU "${{CLASSES}}\\{ending}\\OpenWithProgids" "${{DOCUMENT_CLASS}}"' in lists
        assert f'DeleteRegKey /ifempty HKCU "${{CLASSES}}\\{ending}"' in lists
        assert f'DeleteRegKey HKCU "${{CLASSES}}\\{ending}' not in lists
    for told in (script, package):
        assert f"\\{SCHEME}\\shell\\open\\command" in told.replace("${CLASSES}", "")
        assert "URL Protocol" in told
        # Two strokes end the switches, so that none can be hidden in a link.
        assert "Candor.exe&quot; -- &quot;%1" in told or 'Candor.exe" -- "%1"' in told
    assert 'WriteRegStr HKCU "${CLASSES}\\.toml" ""' not in script
    assert 'Key="Software\\Classes\\.toml"' not in package
