"""What each command of `dev.py` does with its arguments, and what it says where something is missing."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Callable
from pathlib import Path

import commands
import display
import environment
import order
import pytest
import roots
import telling
from telling import SetupError
from windows import packages, wine, work

from tests.support.missing import on_linux

PYTHON = Path("/venv/bin/python")
Commands = list[list[str]]


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Commands:
    """The command lines that are run, in the place of running them; all that is needed is there."""
    lines: Commands = []

    def run(command: list[str]) -> int:
        lines.append(command)
        return 0

    monkeypatch.setattr(commands, "set_up", lambda *_, **__: PYTHON)
    monkeypatch.setattr(commands, "call", run)
    monkeypatch.setattr(commands, "become", run)
    monkeypatch.setattr(commands, "on_virtual_display", lambda command: run(["on a display of its own", *command]))
    monkeypatch.delenv("DISPLAY", raising=False)
    return lines


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Says that there is a display, or that there is none."""

    def say(sentence: str) -> None:
        monkeypatch.setattr(display, "why_none", lambda environment: sentence)

    return say


# --- What commands leave behind ---------------------------------------------------------------------------------


def test_no_module_has_the_name_of_a_folder_or_of_an_installed_package() -> None:
    """Else what lies about, such as the folder `build` after a first run, decides which of the two is imported."""
    there = environment.ROOT / "packaging"
    modules = {file.stem for file in there.glob("*.py")} | {file.parent.name for file in there.glob("*/__init__.py")}
    folders = {each.name for each in environment.ROOT.iterdir() if each.is_dir()}
    ignored = (environment.ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    folders |= {line.removesuffix("/") for line in ignored}  # that commands make
    # vulture brings a folder `dev` with a script in it, which is no package.
    installed = importlib.metadata.packages_distributions().keys() - {"dev"}
    assert not modules & (folders | installed)
    assert not (there / "__init__.py").exists()


# --- Running -----------------------------------------------------------------------------------------------------


def test_a_window_is_opened_and_asks_nothing_by_itself(called: Commands, seen: Callable[[str], None]) -> None:
    seen("")
    assert commands.run(["model.gguf"]) == 0
    assert called == [[str(PYTHON), "-P", "-m", "desktop", "model.gguf"]]


def test_without_a_display_the_window_asks_a_question(
    called: Commands, seen: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "PICTURE", tmp_path / "build" / "window.png")
    seen("There is no display.")
    assert commands.run([]) == 0
    (line,) = called
    assert line[:5] == ["on a display of its own", str(PYTHON), "-P", "-m", "desktop"]
    assert line[5] == "--ask"
    assert line[7:] == ["--picture", str(tmp_path / "build" / "window.png")]
    assert (tmp_path / "build").is_dir()


def test_with_a_display_the_same_is_asked_for(
    called: Commands, seen: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "PICTURE", tmp_path / "window.png")
    seen("")
    commands.run(["--ask", "Why?"])
    commands.run(["--ask=Why?", "--picture", "mine.png"])
    assert [line[4:] for line in called] == [
        ["--picture", str(tmp_path / "window.png"), "--ask", "Why?"],
        ["--ask=Why?", "--picture", "mine.png"],
    ]


@pytest.mark.parametrize("argument", ["--version", "--diagnose=report.json"])
def test_what_needs_no_window_needs_no_display(argument: str, called: Commands, seen: Callable[[str], None]) -> None:
    seen("There is no display.")
    commands.run([argument])
    assert called == [[str(PYTHON), "-P", "-m", "desktop", argument]]


@on_linux
@pytest.mark.engine
@pytest.mark.window
def test_the_first_command_does_the_main_job_without_a_display(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
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


# --- Testing and looking -----------------------------------------------------------------------------------------


def test_a_test_that_is_named_runs_without_the_checks(called: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[Path] = []
    monkeypatch.setattr(commands, "failed_checks", lambda python: checked.append(python) or ["mypy"])
    assert commands.test(["tests/core", "-x"]) == 0
    assert called == [[str(PYTHON), "-m", "pytest", "tests/core", "-x"]]
    assert checked == []
    assert commands.test([]) == 1, "a check has failed"
    assert checked == [PYTHON]


def test_checks_run_side_by_side_and_are_told_in_their_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waits = (
        "import os, time\n"
        "for _ in range(6_000):\n"
        f"    if os.path.exists({str(tmp_path / 'mark')!r}): raise SystemExit(0)\n"
        "    time.sleep(0.01)\n"
        "raise SystemExit(1)"
    )
    marks = f"open({str(tmp_path / 'mark')!r}, 'w'); print('line 3: wrong'); raise SystemExit(1)"
    checks = (("first", ("-c", waits)), ("second", ("-c", marks)))
    monkeypatch.setattr(commands, "CHECKS", checks)
    assert commands.failed_checks(Path(sys.executable)) == ["second"]
    assert capsys.readouterr().out == "first: ok\nline 3: wrong\nsecond: failed\n"


def test_scenes_are_opened_where_there_is_a_display(called: Commands, seen: Callable[[str], None]) -> None:
    seen("")
    commands.gallery(["about", "settings"])
    assert called == [[str(PYTHON), "-m", "tests.ui.gallery", "--scene", "about", "--scene", "settings"]]


def test_scenes_are_named_without_a_display(called: Commands, seen: Callable[[str], None]) -> None:
    seen("There is no display.")
    assert commands.gallery(["--list"]) == 0
    assert called == [[str(PYTHON), "-m", "tests.ui.gallery", "--list"]]


def test_scenes_are_photographed_where_there_is_none(
    called: Commands, seen: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    seen("There is no display.")
    assert commands.gallery(["about"]) == 0
    (line,) = called
    assert line[0] == "on a display of its own"
    assert line[-6:] == ["--scene", "about", str(commands.GALLERY), "--all", "--scale", "1"]
    assert f"The pictures are in {commands.GALLERY}" in capsys.readouterr().out


# --- What is missing ---------------------------------------------------------------------------------------------


def test_a_program_that_is_called_and_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SetupError, match=r"^The program candor-no-such is missing\.$"):
        telling.run(["candor-no-such"])

    def fail(rest: list[str]) -> int:
        raise FileNotFoundError(2, "No such file or directory", "candor-no-such")

    monkeypatch.setattr(commands, "COMMANDS", {"fail": ("", fail)})
    assert commands.main(["fail"]) == 2
    assert capsys.readouterr().err == "The program candor-no-such is missing.\n"


@on_linux
def test_systems_in_folders_want_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError, match="run this command with sudo"):
        roots.ensure_possible()


def test_what_builds_have_left_is_tried_where_nothing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "MADE", tmp_path)
    for name in ("candor_1_amd64.deb", "candor-1-small-windows.msi", "candor-1.deb.sha256", "other.msi"):
        (tmp_path / name).touch()
    assert order.files_to_try([], (".exe", ".msi"), ()) == [tmp_path / "candor-1-small-windows.msi"]
    assert order.files_to_try([tmp_path / "other.msi"], (".msi",), ()) == [tmp_path / "other.msi"]


@on_linux
def test_a_python_that_does_not_run_is_passed_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    with pytest.raises(SetupError) as told:
        packages.compiler()
    assert "Python 3.13, and none runs here" in str(told.value)
    assert "pyenv: python3.13" not in str(told.value)


@on_linux
def test_a_wine_that_runs_no_setup_is_told_with_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "run", lambda command, **_: "wine-8.0 (Debian 8.0~repack-4)\n")
    monkeypatch.setattr(wine.Computer, "run", lambda self, *command: wine.Ended(0, ""))
    with pytest.raises(SetupError) as told:
        wine.Computer(tmp_path, ":0").ensure_setups_run()
    assert "wine-8.0" in str(told.value)
    assert "wine32:i386" in str(told.value)
    assert len(str(told.value).splitlines()) == 1

    def run(self: wine.Computer, setup: Path, *_: str) -> wine.Ended:
        setup.with_suffix(".ran").touch()
        return wine.Ended(0, "")

    monkeypatch.setattr(wine.Computer, "run", run)
    wine.Computer(tmp_path, ":0").ensure_setups_run()
