"""The buttons that more than one part of the window uses: how they are drawn."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QStyleOptionButton

from desktop.ui.widgets.buttons import AFTER_ICON, LabelledButton, MenuButton


def left_of_words(button):
    """The first column in which there is something dark."""
    image = button.grab().toImage()

    def is_dark(color):
        return color.alpha() > 128 and color.lightness() < 128

    columns = range(image.width())
    return next(x for x in columns if any(is_dark(image.pixelColor(x, y)) for y in range(image.height())))


def test_a_menu_does_not_move_the_words_to_the_edge(theme, qtbot):
    button = MenuButton(theme)
    qtbot.addWidget(button)
    button.show_words("Model", "Model")
    button.resize(button.sizeHint())
    before = left_of_words(button)
    button.setMenu(QMenu(button))
    assert left_of_words(button) == before
    assert before >= theme.px(8)


def painted_words(button):
    option = QStyleOptionButton()
    button.initStyleOption(option)
    return str(option.text)  # type: ignore[attr-defined]


def test_words_without_room_end_in_three_dots(theme, qtbot):
    button = LabelledButton(theme, "new", "New conversation")
    qtbot.addWidget(button)
    whole = button.sizeHint()
    button.resize(whole)
    assert painted_words(button) == AFTER_ICON + "New conversation"
    button.resize(whole.width() - theme.px(30), whole.height())
    assert painted_words(button).endswith("…")
    assert button.sizeHint() == whole
    assert button.accessibleName() == "New conversation"
