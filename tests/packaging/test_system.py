"""The systems a build needs: what is missing is named at once, where they come from, and the virtual environment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import display
import environment
import PySide6
import pytest
import system
from environment import STAMP, prepare, why_pip_failed
from roots import MIRROR, sources
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


_WITH_UPDATES = [
    "deb http://mirror.test/debian trixie main",
    "deb http://mirror.test/debian trixie-updates main",
    "deb http://mirror.test/debian-security trixie-security main",
]


@pytest.mark.parametrize(
    "text",
    [
        "deb http://mirror.test/debian bookworm main\n",
        "# deb http://old.test/debian bookworm main\ndeb [signed-by=/k.gpg] http://mirror.test/debian bookworm main\n",
        "Types: deb\nURIs: http://mirror.test/debian\nSuites: trixie\n",
        "deb http://mirror.test/debian-security trixie-security main\ndeb http://mirror.test/debian trixie main\n",
        "Types: deb\nURIs: file:/a/folder\nSuites: ./\n\nTypes: deb\nURIs: http://mirror.test/debian\n",
    ],
)
def test_the_mirror_is_the_one_of_this_computer(text, monkeypatch):
    monkeypatch.delenv(MIRROR, raising=False)
    assert sources("trixie", [text]) == _WITH_UPDATES


def test_a_mirror_that_is_named_goes_first_and_none_is_no_address(monkeypatch):
    monkeypatch.setenv(MIRROR, "http://mirror.test/debian/")
    found = sources("trixie", ["deb http://other.test/ubuntu noble main\n"])
    assert [each.replace("debian/ ", "debian ") for each in found] == _WITH_UPDATES
    monkeypatch.delenv(MIRROR)
    assert sources("trixie", ["", "Types: deb\nURIs: file:/a/folder\n"]) == []


PYPROJECT = """
[build-system]
requires = ["setuptools"]
[project]
name = "candor"
dependencies = ["httpx"]
[tool.ruff]
line-length = 120
"""


@pytest.fixture
def filled(tmp_path, monkeypatch):
    """A project with an environment like this one; the calls of pip, in the place of making them."""
    called: list[list[str]] = []
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "pip", lambda python, *words: called.append([*words]))
    monkeypatch.setattr(environment, "python_of", lambda folder: Path(sys.executable))
    monkeypatch.setattr(environment, "make_bare", lambda folder, clear: folder.mkdir(exist_ok=True))
    prepare(["builtin"])
    assert called.pop() == ["install", "--no-build-isolation", "--editable", f"{tmp_path}[builtin]"]
    assert called.pop() == ["install", "setuptools"]
    return called


def test_only_what_is_not_there_is_installed_and_extras_stay(filled):
    prepare(["builtin"])
    prepare([])
    assert filled == []
    prepare(["dev"])
    prepare(["builtin"])
    assert [words[-1].partition("[")[2] for words in filled] == ["", "builtin,dev]"]


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        ("line-length = 120", "line-length = 100", True),
        ('"httpx"', '"httpx", "psutil"', False),
        ('"setuptools"', '"setuptools>=77"', False),
    ],
)
def test_only_what_decides_the_installation_has_it_done_again(filled, before, after, is_same, tmp_path):
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.replace(before, after))
    prepare([])
    assert (filled == []) is is_same


@pytest.mark.parametrize("content", ["", "[]"])
def test_without_its_last_word_it_is_made_again(filled, content, tmp_path):
    (tmp_path / ".venv" / STAMP).write_text(content)
    prepare([])
    assert len(filled) == 2
    assert json.loads((tmp_path / ".venv" / STAMP).read_text())["extras"] == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "WARNING: Retrying ... NewConnectionError('Failed to establish a new connection: [Errno -3]')\n"
            "ERROR: No matching distribution found for httpx",
            "The package index cannot be reached: this computer has no network, or a proxy is needed (HTTPS_PROXY).",
        ),
        (
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] unable to get local issuer'))",
            "The package index's certificate is not trusted here; if your network has its own, set PIP_CERT to it.",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "The disk is full.",
        ),
        ("some\nERROR: something new\n", "pip failed: ERROR: something new"),
    ],
)
def test_why_pip_failed_is_told_in_a_sentence(said, sentence):
    assert why_pip_failed(said) == sentence
