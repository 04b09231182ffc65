"""The buttons that more than one part of the window uses: how they are drawn."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.ui.look.theme import Theme
from desktop.ui.widgets.buttons import MenuButton


def left_of_words(button: MenuButton) -> int:
    """The first column in which there is something dark."""
    image = button.grab().toImage()

    def is_dark(color: QColor) -> bool:
        return color.alpha() > 128 and color.lightness() < 128

    columns = range(image.width())
    return next(x for x in columns if any(is_dark(image.pixelColor(x, y)) for y in range(image.height())))


def test_a_menu_does_not_move_the_words_to_the_edge(theme: Theme, qtbot: QtBot) -> None:
    button = MenuButton(theme)
    qtbot.addWidget(button)
    button.show_words("Model", "Model")
    button.resize(button.sizeHint())
    before = left_of_words(button)
    button.setMenu(QMenu(button))
    assert left_of_words(button) == before
    assert before >= theme.px(8)
