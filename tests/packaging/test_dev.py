"""`dev.py` as a user meets it: what a command does with its arguments, and what it says where something is missing."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import commands
import display
import order
import pytest
import roots
import telling
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
    assert len(paths) >= 8
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
def test_run_on_a_dead_display_says_so_at_once():
    done = run("run", DISPLAY=":64999")
    assert done.returncode == 2
    assert "The display :64999" in done.stderr


@on_linux
def test_what_makes_a_display_is_named_where_there_is_none(tmp_path):
    done = run("run", PATH=str(tmp_path))
    assert done.returncode == 2
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set. Going on with a virtual one." in done.stdout
    assert re.fullmatch(r"These are missing: .*Xvfb\. On Debian or Ubuntu: sudo apt install .*xvfb.*\n", done.stderr)


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


def test_a_program_that_is_called_and_not_there_is_named(monkeypatch, capsys):
    def fail(rest):
        raise FileNotFoundError(2, "No such file or directory", "candor-no-such")

    for command in (fail, lambda rest: telling.run(["candor-no-such"])):
        monkeypatch.setattr(commands, "COMMANDS", {"fail": ("", command)})
        assert commands.main(["fail"]) == 2
        assert capsys.readouterr().err == "The program candor-no-such is missing.\n"


@on_linux
def test_systems_in_folders_want_root(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError, match="run this command with sudo"):
        roots.ensure_possible()


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
