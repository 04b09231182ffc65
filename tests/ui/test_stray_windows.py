"""No part of a page shows itself before it has a place there: it would flash up as a window of its own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from tests.ui.gallery import SCENES

pytestmark = pytest.mark.window


class _Shown(QObject):
    """Notes the widgets that are shown as windows."""

    def __init__(self):
        super().__init__()
        self.windows: list[str] = []

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


PAGES = ("queued", "finding", "chatting", "searching", "connections", "compare_running", "policy_settings", "consent")


@pytest.mark.parametrize("scene", PAGES)
def test_making_a_page_opens_no_window(scene, theme, qapp):
    shown = _Shown()
    qapp.installEventFilter(shown)
    made = SCENES[scene](theme, 1000)
    qapp.removeEventFilter(shown)
    made.deleteLater()
    assert shown.windows == []
