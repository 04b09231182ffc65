"""Every system is told what Candor opens: its endings of files, documents that others open, and its links."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from documents import DOCUMENTS
from linux import tree
from windows import msi, setup

from desktop.core.recipes.link import ENDINGS, SCHEME, GivenFile, is_link, link_to
from tests.packaging.test_macos import information
from tests.support.missing import do_without

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
