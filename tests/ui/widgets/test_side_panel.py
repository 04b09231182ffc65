"""A panel beside its page and over it: what a change between the two leaves alive."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitterHandle

from desktop.ui.widgets.side_panel import PanelShape, SidePanel

pytestmark = pytest.mark.window


@pytest.mark.parametrize("edge", [Qt.Edge.LeftEdge, Qt.Edge.RightEdge])
def test_no_part_of_the_border_is_deleted_when_the_panel_lies_over_the_page(qtbot, theme, edge):
    """Qt walks through all widgets when it puts on a style sheet, and the size that this gives may need the change."""
    panel = QLabel("panel")
    place = SidePanel(theme, PanelShape(edge, "dock", 340, narrowest=280, left_to_page=420), QLabel("page"), panel)
    qtbot.addWidget(place)
    place.resize(1000, 500)
    place.restore(True)
    with qtbot.waitExposed(place):
        place.show()
    handles = place.findChildren(QSplitterHandle)
    assert panel.isVisible()
    assert not place.is_over
    place.resize(600, 500)
    qtbot.waitUntil(lambda: place.width() == 600)
    assert not panel.isVisible()
    place.toggle()
    assert place.is_over
    assert panel.isVisible()
    assert panel.height() == place.height()
    place.resize(1000, 500)
    qtbot.waitUntil(lambda: place.width() == 1000 and not place.is_over)
    assert panel.isVisible()
    assert abs(panel.width() - 340) <= 1
    assert [shiboken6.isValid(each) for each in handles] == [True, True]
