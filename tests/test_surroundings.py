"""Which environment variables reach this program's Qt, and the programs that it opens."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from desktop.surroundings import has_display, prepare


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"QT_IM_MODULE": "fcitx"}, {"QT_IM_MODULE": "fcitx", "QT_IM_MODULES": "fcitx;ibus"}),
        ({"QT_IM_MODULE": "fcitx5"}, {"QT_IM_MODULE": "fcitx5", "QT_IM_MODULES": "fcitx;ibus"}),
        (
            {"QT_IM_MODULE": "fcitx", "QT_IM_MODULES": "wayland;fcitx"},
            {"QT_IM_MODULE": "fcitx", "QT_IM_MODULES": "wayland;fcitx"},
        ),
        ({"QT_IM_MODULE": "ibus"}, {"QT_IM_MODULE": "ibus"}),
    ],
)
@pytest.mark.parametrize("frozen", [False, True])
def test_fcitx_is_reached_by_way_of_ibus(before, after, frozen):
    prepare(before, frozen=frozen)
    assert before == after


def test_an_installed_program_does_not_load_the_plugins_of_another_qt():
    environment = {"QT_PLUGIN_PATH": "/x", "QT_QPA_PLATFORM_PLUGIN_PATH": "/x", "QT_QPA_PLATFORM": "xcb", "HOME": "/h"}
    prepare(environment, frozen=True)
    assert environment == {"QT_QPA_PLATFORM": "xcb", "HOME": "/h"}


def test_a_developer_may_point_to_another_qt():
    environment = {"QT_PLUGIN_PATH": "/x", "LD_LIBRARY_PATH": "/y"}
    prepare(environment, frozen=False)
    assert environment == {"QT_PLUGIN_PATH": "/x", "LD_LIBRARY_PATH": "/y"}


@pytest.mark.parametrize(
    ("of_the_person", "left"), [({}, {}), ({"LD_LIBRARY_PATH_ORIG": "/y"}, {"LD_LIBRARY_PATH": "/y"})]
)
def test_what_it_opens_does_not_get_its_libraries(of_the_person, left):
    environment = {"LD_LIBRARY_PATH": "/candor/_internal", "_PYI_ARCHIVE_FILE": "/candor/candor", **of_the_person}
    prepare(environment, frozen=True)
    assert environment == left


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
