"""`dev.py` as a person meets it: an old Python, no display, a command that does not exist."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desktop import __version__

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


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_run_without_a_display_says_so_at_once() -> None:
    done = run("run")
    assert done.returncode == 2
    assert done.stderr.startswith("There is no display to open a window on")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_run_on_a_dead_display_says_so_at_once() -> None:
    done = run("run", DISPLAY=":64999")
    assert done.returncode == 2
    assert "The display :64999" in done.stderr


def test_build_says_that_there_is_no_recipe() -> None:
    done = run("build", "floppy")
    assert done.returncode == 2
    assert done.stderr.startswith("There is no recipe for an installer of the kind floppy. There are:\n  program ")


def test_a_tag_must_be_named_after_the_version() -> None:
    done = run("version")
    assert (done.returncode, done.stdout) == (0, f"{__version__}\n")
    assert run("version", f"v{__version__}").returncode == 0
    for tag in (__version__, f"v{__version__}.1", "v", ""):
        done = run("version", tag)
        assert done.returncode == 2
        assert done.stderr == f"The tag {tag} is not of this version: v{__version__} would be.\n"


def test_a_project_that_may_not_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    copy = tmp_path / "packaging"
    shutil.copytree(DEV.parent, copy)
    (tmp_path / ".venv").write_text("a file where the folder should be")
    done = run("check", dev=copy / "dev.py")
    assert done.returncode == 2
    assert done.stderr == f"{tmp_path / '.venv'}: File exists.\n"
