"""`--diagnose`: it finds what is there, says what is wrong, and tells no secrets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop import __version__
from desktop.diagnosis import CHECKS, diagnose, look

ROOT = Path(__file__).parents[1]


def test_a_whole_installation_is_told_from_outside(candor_home, tmp_path):
    """As an installer's test runs it; without the engine's part, which has a test of its own."""
    empty = {"XDG_CACHE_HOME": str(tmp_path), "CANDOR_HOME": str(candor_home), "PATH": "/usr/bin:/bin"}
    if os.name == "nt":
        empty["SYSTEMROOT"] = os.environ["SYSTEMROOT"]  # without it a Windows program has no sockets
    command = [sys.executable, "-m", "desktop", "-platform", "offscreen", "--diagnose"]
    done = subprocess.run(command, cwd=ROOT, env=empty, capture_output=True, text=True, timeout=120, check=False)
    told = json.loads(done.stdout)
    languages = {file.stem.removeprefix("candor_") for file in (ROOT / "resources" / "i18n").glob("*.qm")}
    if "zh_CN" in languages:  # compiled by dev.py
        assert told["problems"] == {}
        assert (done.returncode, told["ok"]) == (0, True)
        assert set(told["translations"]["languages"]) == languages
    assert told["program"]["version"] == __version__
    assert told["qt"]["platform"] == "offscreen"
    assert told["data"] == {"folder": str(candor_home), "own_folder": True}
    assert told["engine"]["loads"] is None
    assert list(candor_home.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_display_it_is_told_all_the_same_and_the_window_s_lack_is_said(candor_home):
    bare = {"CANDOR_HOME": str(candor_home), "PATH": "/usr/bin:/bin", "DISPLAY": ":98765"}
    command = [sys.executable, "-m", "desktop"]
    told = subprocess.run(
        [*command, "--diagnose"], cwd=ROOT, env=bare, capture_output=True, text=True, timeout=120, check=False
    )
    assert json.loads(told.stdout)["qt"]["platform"] == "offscreen"
    done = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "candor: There is no display for the window: DISPLAY and WAYLAND_DISPLAY lead to none.\n"


@pytest.mark.usefixtures("qapp")
def test_what_is_missing_is_said_and_the_rest_goes_on(candor_home, tmp_path, monkeypatch):
    monkeypatch.setattr("desktop.diagnosis.resource_path", lambda *names: tmp_path.joinpath(*names))
    found, problems = look({name: CHECKS[name] for name in ("program", "resources", "translations", "data")})
    assert set(problems) == {"resources", "translations"}
    assert "FileNotFoundError" in problems["resources"]
    assert set(found) == {"program", "data"}


@pytest.mark.usefixtures("qapp")
def test_it_is_written_to_a_file_where_there_is_no_console_and_where_it_cannot_be_that_is_said(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("desktop.diagnosis.CHECKS", {"program": CHECKS["program"]})
    monkeypatch.setattr("sys.stdout", None)
    assert diagnose() == 0
    assert diagnose(str(tmp_path / "found.json")) == 0
    assert json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))["ok"]
    target = tmp_path / "missing" / "found.json"
    assert diagnose(str(target)) == 1
    assert capsys.readouterr().err == f"candor: {target} could not be written: No such file or directory\n"


@pytest.mark.engine
def test_the_engine_loads_the_starter_model(starter_model):
    found, problems = look({"engine": CHECKS["engine"]})
    assert problems == {}
    assert found["engine"] == {
        "installed": True,
        "can_run": True,
        "starter_model": str(starter_model),
        "loads": True,
    }
