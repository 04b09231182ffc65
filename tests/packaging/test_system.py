"""What is missing on the system: looked for where it lies, named as Debian packages, all in one sentence."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import display
import PySide6
import pytest
import system
from telling import SetupError

from tests.support.missing import on_linux

LOADED = (
    *("PySide6/Qt*.abi3.so", "PySide6/Qt/plugins/platforms/libqxcb.so", "xllamacpp/*.so"),
    "PySide6/Qt/plugins/xcbglintegrations/libqxcb-glx-integration.so",
)
# Below every Python and C++ program, or loaded by what is named.
OF_OTHERS = re.compile(
    r"(?:ld-linux|lib(?:c|m|dl|rt|pthread|resolv|stdc\+\+|gcc_s|z|GLdispatch|Xau|Xdmcp|bz2|cap|bsd|md"
    r"|com_err|expat|k5crypto|keyutils|krb5\w*|pcre2-8|pcre|systemd|gcrypt|gpg-error|lz4|lzma))[.-]"
)


@pytest.fixture
def as_a_user(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


@on_linux
def test_whoever_may_not_install_is_told_of_all_at_once(as_a_user, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    needed = {"libnew.so.7": "libnew7", "/no/ensurepip": "python3.11-venv", "candor-xvfb": "xvfb", "libc.so.6": "libc6"}
    useful = {"candor-strace": "strace"}
    with pytest.raises(SetupError) as told:
        system.ensure(needed, useful)
    assert str(told.value) == (
        "These are missing: libnew.so.7, /no/ensurepip, candor-xvfb. "
        "On Debian or Ubuntu: sudo apt install libnew7 python3.11-venv strace xvfb"
    )
    system.ensure({"libc.so.6": "libc6"}, useful)
    assert capsys.readouterr().err == (
        "These are missing, and what needs them is left out: candor-strace. "
        "On Debian or Ubuntu: sudo apt install strace\n"
    )


@on_linux
def test_root_has_all_installed_at_once(monkeypatch, tmp_path):
    installed: list[list[str]] = []

    def install(packages):
        installed.append(packages)
        (tmp_path / "a").touch()

    monkeypatch.setattr(system, "can_install", lambda: True)
    monkeypatch.setattr(system, "install", install)
    system.ensure({str(tmp_path / "a"): "a"}, {str(tmp_path / "b"): "b"})
    assert installed == [["a", "b"]]
    with pytest.raises(SetupError, match="/c"):
        system.ensure({str(tmp_path / "c"): "c"})


@on_linux
def test_every_library_that_qt_and_the_engine_load_is_looked_for():
    folder = Path(PySide6.__file__).parents[1]
    files = [str(file) for pattern in LOADED for file in folder.glob(pattern)]
    assert len(files) > len(LOADED)
    listing = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False).stdout
    found = re.findall(r"^\s*(\S+) => (\S+)", listing, re.MULTILINE)
    foreign = {name for name, place in found if not place.startswith(str(folder)) and not OF_OTHERS.match(name)}
    assert foreign - system.LIBRARIES.keys() - system.ON_WAYLAND.keys() == set()


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
def test_a_missing_display_is_told(environment, starts):
    sentence = display.why_none(environment)
    assert sentence.startswith(starts)
    assert bool(sentence) is bool(starts)


@pytest.mark.window
def test_a_display_that_answers_is_taken():
    assert display.why_none({"DISPLAY": os.environ["DISPLAY"]}) == ""


@on_linux
def test_a_display_that_does_not_come_up_is_told(tmp_path, monkeypatch):
    (tmp_path / "Xvfb").write_text("#!/bin/sh\necho no memory for a screen >&2; exit 1\n")
    (tmp_path / "Xvfb").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(SetupError, match="no memory for a screen"), display.virtual("800x600"):
        pass
