"""Every drawing can be painted, keeps to the set's measures, and follows the theme."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor

from desktop.core.resources import resource_path
from desktop.ui.look.icons import IconButton, icon, pixmap
from desktop.ui.look.tokens import DARK, LIGHT

# The program's own icon is drawn by other rules.
NAMES = sorted(each.stem for each in resource_path("icons").glob("*.svg") if each.stem != "candor")


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_keeps_to_the_set(name):
    drawing = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    assert 'viewBox="0 0 18 18"' in drawing
    assert 'stroke-width="1.5"' in drawing
    assert re.findall(r"#[0-9a-fA-F]{3,8}", drawing) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.usefixtures("qapp")
def test_a_drawing_leaves_ink_in_its_colour(name):
    painted = pixmap(name, LIGHT.danger, 18, 2.0).toImage()
    strongest = max(
        (painted.pixelColor(x, y) for x in range(painted.width()) for y in range(painted.height())),
        key=QColor.alpha,
    )
    assert strongest.alpha() > 200
    assert abs(strongest.red() - QColor(LIGHT.danger).red()) < 8


@pytest.mark.usefixtures("qapp")
def test_icons_are_sharp_on_dense_screens():
    for ratio in (1.0, 2.0):
        assert icon("send", LIGHT.ink).pixmap(QSize(18, 18), ratio).size() == QSize(18, 18) * ratio


def test_an_icon_button_has_a_name_and_follows_the_theme(theme, qtbot):
    button = IconButton(theme, "search", "Search")
    qtbot.add_widget(button)
    assert button.accessibleName() == "Search"
    theme.set_mode("dark")
    image = button.icon().pixmap(QSize(18, 18), 1.0).toImage()
    colors = {
        image.pixelColor(x, y).name() for x in range(18) for y in range(18) if image.pixelColor(x, y).alpha() > 250
    }
    assert DARK.ink.lower() in colors


def test_a_button_may_end_before_the_theme(theme, qtbot):
    button = IconButton(theme, "search", "Search")
    with qtbot.wait_signal(button.destroyed):
        button.deleteLater()
    theme.set_mode("dark")
    assert theme.tokens is DARK
