"""What is missing on the system: found in what the loader says, named as Debian packages, told in a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import PySide6
import pytest
import system
from system import display_sentence, library_sentence, missing_libraries, packages_of

from tests.support.missing import on_linux

LISTING = """\
/venv/PySide6/QtGui.abi3.so:
\tlinux-vdso.so.1 (0x00007ffd)
\tlibEGL.so.1 => not found
\tlibQt6Gui.so.6 => /venv/PySide6/Qt/lib/libQt6Gui.so.6 (0x00007f)
\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f)
/venv/PySide6/Qt/plugins/platforms/libqxcb.so:
\tlibxcb-cursor.so.0 => not found
\tlibEGL.so.1 => not found
"""


def test_missing_libraries_are_read_from_the_loader() -> None:
    assert missing_libraries(LISTING) == ["libEGL.so.1", "libxcb-cursor.so.0"]
    assert missing_libraries("") == []


def test_libraries_are_named_as_packages() -> None:
    libraries = ["libxcb-cursor.so.0", "libglib-2.0.so.0", "libgthread-2.0.so.0", "libnew.so.7"]
    assert packages_of(libraries) == (["libglib2.0-0", "libxcb-cursor0"], ["libnew.so.7"])


def test_the_sentence_says_what_is_missing_and_what_to_do() -> None:
    assert library_sentence(["libxcb-cursor.so.0", "libEGL.so.1"]) == (
        "Candor needs system libraries that are not here: libEGL.so.1, libxcb-cursor.so.0. "
        "On Debian or Ubuntu: sudo apt install libegl1 libxcb-cursor0"
    )
    assert "libnew.so.7" in library_sentence(["libnew.so.7"])
    assert "apt" not in library_sentence(["libnew.so.7"])


@on_linux
@pytest.mark.parametrize(
    ("environment", "starts"),
    [
        ({}, "There is no display"),
        ({"DISPLAY": ""}, "There is no display"),
        ({"QT_QPA_PLATFORM": "xcb"}, "There is no display"),
        ({"QT_QPA_PLATFORM": "offscreen"}, ""),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ""),
        ({"DISPLAY": ":64999"}, "The display :64999"),
        ({"DISPLAY": "elsewhere:0"}, ""),
    ],
)
def test_a_missing_display_is_told(environment: dict[str, str], starts: str) -> None:
    sentence = display_sentence(environment)
    assert sentence.startswith(starts)
    assert bool(sentence) is bool(starts)


@pytest.mark.window
def test_a_display_that_answers_is_taken() -> None:
    assert display_sentence({"DISPLAY": os.environ["DISPLAY"]}) == ""


@on_linux
def test_only_root_installs_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert not system.can_install()


@on_linux
def test_what_is_loaded_is_where_it_is_looked_for() -> None:
    # A file that an update of Qt has renamed would be silently left out.
    folder = Path(PySide6.__file__).parents[1]
    for pattern in (*system.LOADED, *system.LOADED_ON_WAYLAND):
        if pattern.startswith("PySide6"):
            assert list(folder.glob(pattern)), pattern
