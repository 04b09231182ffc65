"""Which environment variables reach this program's Qt, and the programs that it opens."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from desktop.surroundings import has_display, prepare

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
