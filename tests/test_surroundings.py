"""Which environment variables reach this program's Qt, and the programs that it opens."""

from __future__ import annotations

import pytest

from desktop.surroundings import prepare


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
def test_fcitx_is_reached_by_way_of_ibus(before: dict[str, str], after: dict[str, str], frozen: bool) -> None:
    prepare(before, frozen=frozen)
    assert before == after


def test_an_installed_program_does_not_load_the_plugins_of_another_qt() -> None:
    environment = {"QT_PLUGIN_PATH": "/x", "QT_QPA_PLATFORM_PLUGIN_PATH": "/x", "QT_QPA_PLATFORM": "xcb", "HOME": "/h"}
    prepare(environment, frozen=True)
    assert environment == {"QT_QPA_PLATFORM": "xcb", "HOME": "/h"}


def test_a_developer_may_point_to_another_qt() -> None:
    environment = {"QT_PLUGIN_PATH": "/x", "LD_LIBRARY_PATH": "/y"}
    prepare(environment, frozen=False)
    assert environment == {"QT_PLUGIN_PATH": "/x", "LD_LIBRARY_PATH": "/y"}


@pytest.mark.parametrize(
    ("of_the_person", "left"), [({}, {}), ({"LD_LIBRARY_PATH_ORIG": "/y"}, {"LD_LIBRARY_PATH": "/y"})]
)
def test_what_it_opens_does_not_get_its_libraries(of_the_person: dict[str, str], left: dict[str, str]) -> None:
    environment = {"LD_LIBRARY_PATH": "/candor/_internal", "_PYI_ARCHIVE_FILE": "/candor/candor", **of_the_person}
    prepare(environment, frozen=True)
    assert environment == left
