"""What the desktops' own checkers say of the files in `packaging/linux/share`."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from linux import tree

from tests.support.missing import do_without

ENTRY = "candor.desktop"  # also the Wayland name of the window: `setDesktopFileName`
METAINFO = "candor.metainfo.xml"
# There is no home page yet, and one of somebody else's would be worse.
ACCEPTED = {"url-homepage-missing"}


def said_by(checker: str, *arguments: str | Path) -> list[str]:
    """The lines that a checker prints."""
    if shutil.which(checker) is None:
        do_without(f"needs {checker}")
    done = subprocess.run([checker, *arguments], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).splitlines()


def test_the_menu_entry_has_no_known_mistake() -> None:
    for name in (ENTRY, "zz-candor.desktop"):
        assert said_by("desktop-file-validate", tree.SHARE / name) == []


def test_the_description_for_shops_lacks_a_home_page_only(tmp_path: Path) -> None:
    # As it lies in an installed system, since its name has to fit what it says.
    for name in (ENTRY, METAINFO):
        file = tmp_path / tree.PLACES[name]
        file.parent.mkdir(parents=True)
        file.write_text(tree.filled(name, "1.0"), encoding="utf-8")
    said = said_by("appstreamcli", "validate-tree", "--no-net", "--no-color", tmp_path)
    assert any("Validation" in line for line in said), said
    found = [match for line in said if (match := re.match(r"\s*[EW]: .*?: ([a-z0-9-]+)", line))]
    assert {match[1] for match in found} <= ACCEPTED, said


def test_the_description_leads_to_the_menu_entry_and_is_named_after_nobody() -> None:
    told = ET.fromstring((tree.SHARE / METAINFO).read_text(encoding="utf-8"))  # noqa: S314 - our own file
    assert told.findtext("launchable") == ENTRY
    name = told.findtext("id") or ""
    assert name.startswith("localhost.candor.")
    assert Path(tree.PLACES[METAINFO]).name == f"{name}.metainfo.xml"


@pytest.mark.parametrize("script", sorted(tree.SHARE.glob("*.sh")), ids=lambda file: file.name)
def test_scripts_have_no_known_mistake(script: Path) -> None:
    assert said_by("shellcheck", script) == []
