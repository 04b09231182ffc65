"""What `--diagnose` finds without telling secrets, and which environment variables reach Qt and other programs."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from desktop import __version__
from desktop.diagnosis import CHECKS, diagnose, look
from desktop.surroundings import has_display, prepare

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


OTHER_QT = {"QT_PLUGIN_PATH": "/x", "QT_QPA_PLATFORM_PLUGIN_PATH": "/x", "LD_LIBRARY_PATH": "/y"}
IBUS_FIRST = {"QT_IM_MODULES": "fcitx;ibus"}


@pytest.mark.parametrize(
    ("before", "after_frozen", "after"),
    [
        # fcitx is reached by way of ibus
        *(({"QT_IM_MODULE": name}, *[{"QT_IM_MODULE": name} | IBUS_FIRST] * 2) for name in ("fcitx", "fcitx5")),
        ({"QT_IM_MODULE": "fcitx", "QT_IM_MODULES": "wayland;fcitx"}, None, None),
        ({"QT_IM_MODULE": "ibus"}, None, None),
        # an installed program loads no plugins of another Qt, which a developer may point to
        (OTHER_QT | {"QT_QPA_PLATFORM": "xcb", "HOME": "/h"}, {"QT_QPA_PLATFORM": "xcb", "HOME": "/h"}, None),
        # and what it opens does not get its libraries
        ({"LD_LIBRARY_PATH": "/candor/_internal", "_PYI_ARCHIVE_FILE": "/candor/candor"}, {}, None),
        (OTHER_QT | {"LD_LIBRARY_PATH_ORIG": "/y"}, {"LD_LIBRARY_PATH": "/y"}, None),
    ],
)
def test_what_reaches_qt_and_the_programs_that_are_opened(before, after_frozen, after):
    for is_frozen, expected in ((True, after_frozen), (False, after)):
        environment = dict(before)
        prepare(environment, frozen=is_frozen)
        assert environment == (before if expected is None else expected)


@pytest.fixture
def compositor(tmp_path):
    """The variables that lead to somebody who listens where a Wayland compositor does."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "wayland-0"))
        listener.listen()
        yield {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-0"}


def test_a_display_is_there_where_somebody_listens(compositor):
    assert has_display(compositor)
    assert has_display({"WAYLAND_DISPLAY": str(Path(compositor["XDG_RUNTIME_DIR"], "wayland-0"))})


@pytest.mark.parametrize("display", ["", "x", ":98765", "unix:98765.0"])
def test_a_display_that_is_none(display, tmp_path):
    variables = {"DISPLAY": display, "XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-0"}
    assert not has_display(variables)
    assert has_display({**variables, "QT_QPA_PLATFORM": "offscreen"})


def test_the_display_of_another_computer_is_not_asked():
    assert has_display({"DISPLAY": "localhost:10.0"})


@pytest.mark.window
def test_the_display_of_the_tests_is_there():
    assert has_display({"DISPLAY": os.environ["DISPLAY"]})
