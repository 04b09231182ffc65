"""What can be said of the recipe for macOS without a Mac: its files are whole, its scripts without known mistakes."""

from __future__ import annotations

import ast
import plistlib
import subprocess
import sys
from pathlib import Path

import build
import pytest
from macos import image
from telling import SetupError

FOLDER = Path(image.__file__).parent


def test_no_exception_from_the_hardened_runtime_is_asked_for():
    assert plistlib.loads((FOLDER / "entitlements.plist").read_bytes()) == {}


@pytest.mark.parametrize("script", ["sign.sh", "notarize.sh"])
def test_scripts_have_no_known_mistake(script):
    done = subprocess.run(["shellcheck", FOLDER / script], capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert (FOLDER / script).stat().st_mode & 0o100


def information():
    """What stands in the program's Info.plist, as macOS reads it."""
    words = ast.walk(ast.parse((FOLDER / "candor.spec").read_text(encoding="utf-8")))
    [said] = [each.value for each in words if isinstance(each, ast.keyword) and each.arg == "info_plist"]
    return plistlib.loads(plistlib.dumps(ast.literal_eval(ast.unparse(said).replace("VERSION", "'1.0'"))))


@pytest.mark.parametrize("file", ["candor.spec", "image_settings.py"])
def test_what_other_tools_run_can_be_read_by_python(file):
    assert ast.parse((FOLDER / file).read_text(encoding="utf-8"))


def test_information_on_the_program_is_what_macos_can_write():
    assert information()["LSMinimumSystemVersion"] == "13.0"


def test_no_file_is_taken_from_what_opens_it_already():
    for each in information()["CFBundleDocumentTypes"]:
        assert (each["LSHandlerRank"], each["CFBundleTypeRole"]) == ("Alternate", "Viewer")
        # A type that is named makes macOS look at no ending.
        assert ("LSItemContentTypes" in each) != ("CFBundleTypeExtensions" in each)


def test_each_type_of_ours_is_described():
    told = information()
    ours = {name for each in told["CFBundleDocumentTypes"] for name in each.get("LSItemContentTypes", ())}
    assert ours == {each["UTTypeIdentifier"] for each in told["UTImportedTypeDeclarations"]}


def test_the_window_of_the_image_shows_both_icons(monkeypatch):
    names: dict[str, object] = {"defines": {"app": "/build/Candor.app"}}
    exec(compile((FOLDER / "image_settings.py").read_text(encoding="utf-8"), "image_settings.py", "exec"), names)
    assert names["files"] == ["/build/Candor.app"]
    assert set(names["icon_locations"]) == {"Candor.app", *names["symlinks"]}


@pytest.mark.skipif(sys.platform == "darwin", reason="there it would be made")
def test_elsewhere_no_image_is_begun(tmp_path):
    with pytest.raises(SetupError, match="only be made on a Mac"):
        image.build(build.Order(build.Edition.SMALL, "1.0", tmp_path))
