"""The test set-up itself: windows come up on a real display, and nothing of the user's machine leaks in."""

from __future__ import annotations

import os

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


@pytest.mark.window
def test_a_window_becomes_active_on_a_real_display(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):  # needs a window manager
        window.show()
        window.activateWindow()
    assert QGuiApplication.platformName() == "xcb"


def test_each_test_writes_into_a_home_of_its_own(candor_home):
    assert os.environ["CANDOR_HOME"] == str(candor_home)
    assert list(candor_home.iterdir()) == []


@pytest.mark.parametrize("name", ["HTTP_PROXY", "https_proxy", "ALL_PROXY", "OLLAMA_HOST"])
def test_no_setting_of_the_person_reaches_a_test(name):
    assert name not in os.environ
