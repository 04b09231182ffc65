"""`dev.py` as a user meets it: an old Python, no display, a command that does not exist."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.missing import on_linux

DEV = Path(__file__).resolve().parents[2] / "packaging" / "dev.py"


def run(*arguments: str, dev: Path = DEV, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.run(
        [sys.executable, str(dev), *arguments],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("version", "newer", "sentence"),
    [
        ((3, 11, 0), "", ""),
        ((3, 13, 5), "python3.13", ""),
        (
            (3, 8, 18),
            "",
            "Candor needs Python 3.11 or newer; this is Python 3.8. "
            "Install a newer one and run the same command with it.",
        ),
        (
            (3, 10, 1),
            "python3.12",
            "Candor needs Python 3.11 or newer; this is Python 3.10. "
            "There is a newer one on this computer: run the same command with python3.12.",
        ),
    ],
)
def test_an_old_python_is_told_in_a_sentence(version: tuple[int, ...], newer: str, sentence: str) -> None:
    from dev import version_sentence

    assert version_sentence(version, newer) == sentence


def test_an_old_python_can_read_the_file() -> None:
    # Until it has said its sentence, nothing may stand there that Python 3.6 does not know.
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("arguments", [[], ["rum"]])
def test_a_wrong_command_is_answered_with_the_list(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    for name in ("run", "test", "check", "bench", "build"):
        assert f"  {name} " in done.stderr


@on_linux
@pytest.mark.parametrize("command", ["run", "gallery"])
def test_what_makes_a_display_is_named_where_there_is_none(command: str, tmp_path: Path) -> None:
    done = run(command, PATH=str(tmp_path))
    assert done.returncode == 2
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set. Going on with a virtual one." in done.stdout
    assert re.fullmatch(r"These are missing: .*Xvfb\. On Debian or Ubuntu: sudo apt install .*xvfb.*\n", done.stderr)


@on_linux
def test_run_on_a_dead_display_says_so_at_once() -> None:
    done = run("run", DISPLAY=":64999")
    assert done.returncode == 2
    assert "The display :64999" in done.stderr


@on_linux
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["try-windows"], "There is nothing to try: no file is named, and {dist} has no .exe or .msi. "),
        (["try-install"], "There is nothing to try: no file is named, and {dist} has no .deb or .rpm or .run. "),
        (["try-install", "/no/candor.deb"], "/no/candor.deb is not there."),
        (["try-windows", "/no/candor-full-setup.exe"], "/no/candor-full-setup.exe is not there."),
        (["try-windows", __file__], "test_dev.py is none of .exe, .msi."),
        (["build", "macos"], "A disk image for macOS can only be made on a Mac."),
        (["check", "all"], "This command takes no arguments: all"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_is_missing_is_told_in_a_sentence_before_anything_is_made(
    arguments: list[str], sentence: str, tmp_path: Path
) -> None:
    copy = tmp_path / "packaging"
    shutil.copytree(DEV.parent, copy)
    shutil.copytree(DEV.parents[1] / "desktop", tmp_path / "desktop")
    done = run(*arguments, dev=copy / "dev.py")
    assert done.returncode == 2
    assert done.stderr.startswith(sentence.format(dist=tmp_path / "dist"))
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / ".venv").exists()


def test_build_says_that_there_is_no_recipe() -> None:
    done = run("build", "floppy")
    assert done.returncode == 2
    assert done.stderr.startswith("There is no recipe for an installer of the kind floppy. There are:\n  program ")


def test_a_project_that_may_not_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    copy = tmp_path / "packaging"
    shutil.copytree(DEV.parent, copy)
    (tmp_path / ".venv").write_text("a file where the folder should be")
    done = run("check", dev=copy / "dev.py")
    assert done.returncode == 2
    assert done.stderr.startswith(f"{tmp_path / '.venv'}: ")
    assert len(done.stderr.splitlines()) == 1
