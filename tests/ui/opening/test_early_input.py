"""Tests for what the user does while the window can be seen, but not everything in it has been made."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMainWindow, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.composer.card import Composer
from desktop.ui.look.theme import Theme
from desktop.ui.opening.early_input import EarlyInput

pytestmark = pytest.mark.window


class Scene:
    """A window with a message box and a button, of which nothing is connected yet; `done` is what came of it."""

    def __init__(self, qtbot: QtBot, theme: Theme) -> None:
        self.done: list[str] = []
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        ground = QWidget()
        self.composer, self.button = Composer(theme), QPushButton("Do it")
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(ground)
        column.addWidget(self.button)
        column.addWidget(self.composer)
        self.window.setCentralWidget(ground)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.composer.setFocus()
        self.early = EarlyInput(self.window, self.composer)

    def press(self, key: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier | None = None) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers or Qt.KeyboardModifier.NoModifier, text)
            QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def click(self) -> None:
        at = QPointF(self.button.mapTo(self.window, self.button.rect().center()))
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        for kind, held in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
            event = QMouseEvent(kind, at, at, self.window.mapToGlobal(at), left, held, Qt.KeyboardModifier.NoModifier)
            QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def connect(self) -> None:
        """Have somebody there to do things, as when the window is complete."""
        self.composer.send_requested.connect(lambda text: self.done.append(f"sent {text}"))
        self.button.clicked.connect(lambda: self.done.append("clicked"))
        action = QAction("New", self.window)
        action.setShortcut("Ctrl+N")
        action.triggered.connect(lambda: self.done.append("new"))
        self.window.addAction(action)


@pytest.fixture
def scene(qtbot: QtBot, theme: Theme) -> Scene:
    return Scene(qtbot, theme)


def test_letters_are_written_at_once(scene: Scene) -> None:
    scene.press(Qt.Key.Key_H, "h")
    scene.press(Qt.Key.Key_I, "i")
    assert scene.composer.text() == "hi"


def test_what_else_is_done_waits_and_keeps_its_order(scene: Scene) -> None:
    scene.press(Qt.Key.Key_H, "h")
    scene.press(Qt.Key.Key_Return, "\r")
    scene.press(Qt.Key.Key_N, "\x0e", Qt.KeyboardModifier.ControlModifier)
    scene.click()
    scene.press(Qt.Key.Key_I, "i")
    assert scene.composer.text() == "h"
    scene.connect()
    assert scene.done == []
    scene.early.let_in()
    assert scene.done == ["sent h", "new", "clicked"]
    assert scene.composer.text() == "hi"
    scene.click()
    assert scene.done[-2:] == ["clicked", "clicked"], "it holds something back that it should not"


def test_the_window_closes_when_it_can(scene: Scene) -> None:
    handle = scene.window.windowHandle()
    handle.close()
    assert scene.window.isVisible()
    scene.early.let_in()
    assert not scene.window.isVisible()
