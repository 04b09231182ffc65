"""`dev.py` as a user meets it: its commands, what a build needs, and what is said where something is missing."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import commands
import display
import environment
import order
import PySide6
import pytest
import system
from environment import STAMP, prepare, why_pip_failed
from roots import MIRROR, sources
from telling import SetupError
from windows import packages, wine, work

from tests.support.missing import on_linux

DEV = Path(commands.__file__).with_name("dev.py")
PYTHON = Path("/venv/bin/python")
Commands = list[list[str]]


def run(*arguments, dev=DEV, **variables):
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    command = [sys.executable, str(dev), *arguments]
    return subprocess.run(command, env=kept | variables, capture_output=True, text=True, timeout=60, check=False)


# --- From outside ---------------------------------------------------------------------------------------------------


@on_linux
def test_what_runs_on_a_fresh_machine_names_tests_that_are_there():
    root = DEV.parent.parent
    named = re.search(
        r"^AS_ROOT=\((.*?)\)$", (root / ".ci" / "run").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert named is not None
    words = " ".join(named[1].split())
    told = subprocess.run(["bash", "-c", f"printf '%s\\n' {words}"], capture_output=True, text=True, check=True)
    paths = told.stdout.split()
    assert len(paths) >= 7
    assert [each for each in paths if not (root / each).exists()] == []


@pytest.mark.parametrize(
    ("version", "newer", "sentence"),
    [
        ((3, 11, 0), "", ""),
        ((3, 13, 5), "python3.13", ""),
        ((3, 8, 18), "", "Install a newer one and run the same command with it."),
        ((3, 10, 1), "python3.12", "There is a newer one on this computer: run the same command with python3.12."),
    ],
)
def test_an_old_python_is_told_in_a_sentence(version, newer, sentence):
    from dev import version_sentence

    said = version_sentence(version, newer)
    this = f"Candor needs Python 3.11 or newer; this is Python {version[0]}.{version[1]}. "
    assert said == (this + sentence if sentence else "")
    # Until it has said its sentence, nothing may stand there that Python 3.6 does not know.
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_wrong_command_is_answered_with_the_list_of_at_most_fourteen():
    done = run("rum")
    assert done.returncode == 2
    listed = re.findall(r"^  (\S+) ", done.stderr, re.MULTILINE)
    assert listed == list(commands.COMMANDS)
    assert len(listed) <= 14


@on_linux
def test_what_is_missing_is_told_in_a_sentence_before_anything_is_made(tmp_path):
    shutil.copytree(DEV.parent, tmp_path / "packaging")
    shutil.copytree(DEV.parents[1] / "desktop", tmp_path / "desktop", ignore=shutil.ignore_patterns("__pycache__"))
    venv = tmp_path / ".venv"

    def refused(*arguments):
        done = run(*arguments, dev=tmp_path / "packaging" / "dev.py")
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        return done.stderr

    nothing = f"There is nothing to try: no file is named, and {tmp_path / 'dist'} has no .exe or .msi. "
    assert refused("try-windows").startswith(nothing)
    assert refused("try-install", "/no/candor.deb").startswith("/no/candor.deb is not there.")
    assert refused("try-windows", __file__).startswith("test_dev.py is none of .exe, .msi.")
    assert refused("build", "macos").startswith("A disk image for macOS can only be made on a Mac.")
    assert refused("check", "all").startswith("This command takes no arguments: all")
    assert not venv.exists()
    venv.write_text("a file where the folder should be")
    assert refused("check").startswith(f"{venv}: ")


# --- What a command runs --------------------------------------------------------------------------------------------


@pytest.fixture
def called(monkeypatch, tmp_path):
    """The command lines that are run, in the place of running them; all that is needed is there."""
    lines: Commands = []

    def run(command):
        lines.append(command)
        return 0

    monkeypatch.setattr(commands, "set_up", lambda *_, **__: PYTHON)
    monkeypatch.setattr(commands, "call", run)
    monkeypatch.setattr(commands, "become", run)
    monkeypatch.setattr(commands, "on_virtual_display", lambda command: run(["on a display of its own", *command]))
    monkeypatch.setattr(commands, "PICTURE", tmp_path / "build" / "window.png")
    monkeypatch.delenv("DISPLAY", raising=False)
    return lines


WINDOW = [str(PYTHON), "-P", "-m", "desktop"]
SCENES = [str(PYTHON), "-m", "tests.ui.gallery"]
PICTURE = ["--picture", "PICTURE"]


@pytest.mark.parametrize(
    ("command", "has_display", "expected"),
    [
        (["run", "model.gguf"], True, [*WINDOW, "model.gguf"]),
        (["run"], False, ["on a display of its own", *WINDOW, "--ask", "Name three colours.", *PICTURE]),
        (["run", "--ask", "Why?"], True, [*WINDOW, *PICTURE, "--ask", "Why?"]),
        (["run", "--ask=Why?", "--picture", "a.png"], True, [*WINDOW, "--ask=Why?", "--picture", "a.png"]),
        (["run", "--version"], False, [*WINDOW, "--version"]),
        (["run", "--diagnose=report.json"], False, [*WINDOW, "--diagnose=report.json"]),
        (["test", "tests/core", "-x"], True, [str(PYTHON), "-m", "pytest", "tests/core", "-x"]),
        (["bench", "--rounds", "1"], True, [str(PYTHON), "-m", "tests.bench", "--rounds", "1"]),
        (["gallery", "about", "help"], True, [*SCENES, "--scene", "about", "--scene", "help"]),
        (["gallery", "--list"], False, [*SCENES, "--list"]),
        (
            ["gallery", "about"],
            False,
            ["on a display of its own", *SCENES, "--scene", "about", str(commands.GALLERY), "--all", "--scale", "1"],
        ),
    ],
)
def test_a_command_runs(command, has_display, expected, called, monkeypatch):
    monkeypatch.setattr(display, "why_none", lambda environment: "" if has_display else "There is no display.")
    assert commands.main(command) == 0
    assert called == [[str(commands.PICTURE) if word == "PICTURE" else word for word in expected]]


def test_a_check_that_fails_fails_the_tests(called, monkeypatch):
    monkeypatch.setattr(commands, "checking", lambda python, failed: contextlib.nullcontext(failed.append("mypy")))
    assert commands.main(["test"]) == 1
    assert commands.main(["test", "tests/core"]) == 0, "named tests run at once"


@on_linux
@pytest.mark.engine
@pytest.mark.window
def test_the_first_command_does_the_main_job_without_a_display(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(commands, "set_up", lambda *_: Path(sys.executable))
    monkeypatch.setattr(commands, "PICTURE", tmp_path / "window.png")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert commands.main(["run"]) == 0
    said, warned = capfd.readouterr()
    assert " ERROR " not in warned
    assert "Answer:  " in said
    assert f"Picture: {tmp_path / 'window.png'}" in said
    assert (tmp_path / "window.png").read_bytes().startswith(b"\x89PNG")


# --- What recipes and trials need -----------------------------------------------------------------------------------


def test_what_builds_have_left_is_tried_where_nothing_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(order, "MADE", tmp_path)
    for name in ("candor_1_amd64.deb", "candor-1-small-windows.msi", "candor-1.deb.sha256", "other.msi"):
        (tmp_path / name).touch()
    assert order.files_to_try([], (".exe", ".msi"), ()) == [tmp_path / "candor-1-small-windows.msi"]
    assert order.files_to_try([tmp_path / "other.msi"], (".msi",), ()) == [tmp_path / "other.msi"]


@on_linux
def test_a_python_that_does_not_run_is_passed_by(tmp_path, monkeypatch):
    shim, right = tmp_path / "shims", tmp_path / "versions" / "3.13.5" / "bin"
    for folder, words in ((shim, "echo pyenv: python3.13: command not found >&2; exit 127"), (right, "exit 0")):
        folder.mkdir(parents=True)
        (folder / "python3.13").write_text(f"#!/bin/sh\n{words}\n")
        (folder / "python3.13").chmod(0o755)
    monkeypatch.setenv("PATH", str(shim))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(shim / "python3.13"))
    assert packages.compiler() == right / "python3.13"
    monkeypatch.setenv("PYENV_ROOT", str(shim))
    with pytest.raises(SetupError, match=r"Python 3\.13, and none runs here"):
        packages.compiler()


@on_linux
def test_a_wine_that_runs_no_setup_is_told_with_what_it_lacks(tmp_path, monkeypatch):
    monkeypatch.setattr(work, "run", lambda command, **_: "wine-8.0 (Debian 8.0~repack-4)\n")
    monkeypatch.setattr(wine.Computer, "run", lambda self, *command: wine.Ended(0, ""))
    with pytest.raises(SetupError, match=r"wine-8\.0.*wine32:i386"):
        wine.Computer(tmp_path, ":0").ensure_setups_run()

    def run(self, setup, *_):
        setup.with_suffix(".ran").touch()
        return wine.Ended(0, "")

    monkeypatch.setattr(wine.Computer, "run", run)
    wine.Computer(tmp_path, ":0").ensure_setups_run()


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


_WITH_UPDATES = [
    "deb http://mirror.test/debian trixie main",
    "deb http://mirror.test/debian trixie-updates main",
    "deb http://mirror.test/debian-security trixie-security main",
]


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
