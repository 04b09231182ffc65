"""What opens over the window has one frame with the corners of a field, in both themes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint

from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.widgets.form_parts import ChoiceBox

pytestmark = pytest.mark.window
BOTH = pytest.mark.parametrize("mode", ["light", "dark"])


def box_of(theme, qtbot, choices):
    box = ChoiceBox(theme)
    qtbot.addWidget(box)
    box.addItems([f"{number} %" for number in range(choices)])
    box.show()
    box.showPopup()
    return box


def colours_at(frame, row, count):
    """The first pixels of a line across the frame."""
    image = frame.grab().toImage()
    return [image.pixelColor(column, row).name() for column in range(count)]


def assert_is_framed_once(frame, theme):
    popup = frame.window()
    corner = frame.mapTo(popup, QPoint())
    assert not popup.mask().contains(corner)
    assert popup.mask().contains(corner + QPoint(0, frame.height() // 2))
    border, *inner = colours_at(frame, frame.height() // 2, 1 + GAP_TIGHT)
    assert border == theme.color("field_line").name()
    assert set(inner) == {theme.color("surface").name()}


@BOTH
def test_a_list_of_choices_has_one_round_frame(theme, qtbot, mode):
    theme.set_mode(mode)
    box = box_of(theme, qtbot, 4)
    assert_is_framed_once(box.view(), theme)


@pytest.mark.parametrize(("choices", "scrolls"), [(4, False), (30, True)])
def test_choices_are_scrolled_only_where_there_are_many(theme, qtbot, choices, scrolls):
    box = box_of(theme, qtbot, choices)
    assert (box.view().verticalScrollBar().maximum() > 0) is scrolls
