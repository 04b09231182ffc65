"""A reply is shown as often as the window's attention is worth, and at once when it gets more."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from PySide6.QtWidgets import QWidget

from desktop.core.text.pace import Attention
from desktop.ui.window.attention import AttentionWatch


@pytest.mark.window
def test_what_is_not_seen_or_beside_gets_less(qtbot, qapp):
    window, other = QWidget(), QWidget()
    for each in (window, other):
        qtbot.addWidget(each)
    window.resize(200, 100)
    window.show()
    qtbot.waitUntil(lambda: window.isActiveWindow(), timeout=30_000)
    watch = AttentionWatch(window, qapp)
    seen: list[Attention] = []
    watch.changed.connect(seen.append)
    assert watch.now is Attention.IN_FRONT
    other.show()  # of the same program
    qtbot.waitUntil(lambda: other.isActiveWindow(), timeout=30_000)
    assert seen == []
    window.hide()
    assert seen == [Attention.UNSEEN]
    window.show()
    qtbot.waitUntil(lambda: watch.now is Attention.IN_FRONT, timeout=30_000)
    if shutil.which("xdotool") is None:
        return
    try:  # a window on another desktop is neither hidden nor minimised
        _go_to_desktop(1)
        qtbot.waitUntil(lambda: watch.now is Attention.UNSEEN, timeout=30_000)
    finally:
        _go_to_desktop(0)
    qtbot.waitUntil(lambda: watch.now is Attention.IN_FRONT, timeout=30_000)


def _go_to_desktop(number):
    subprocess.run(["xdotool", "set_num_desktops", "2", "set_desktop", str(number)], check=True, timeout=30)
