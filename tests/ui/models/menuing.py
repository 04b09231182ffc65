"""Looks into the menu of models, and picks in it as a user does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.ui.chat.header import Header
from desktop.ui.models.menu import ModelMenu
from desktop.ui.models.menu_entries import MenuEntry


def lines_of(menu: ModelMenu) -> list[str]:
    """The lines of the menu in words."""
    model = menu._model
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def entry_of(menu: ModelMenu, name: str) -> MenuEntry:
    """The line of a model, by the name that its server gives it."""
    [found] = [each for each in menu.lines if isinstance(each, MenuEntry) and each.model.name == name]
    return found


def go_to(menu: ModelMenu, name: str) -> None:
    """Go down an open menu by the arrow key, to a model."""
    QTest.keyClick(menu._list, Qt.Key.Key_Home)
    for _ in menu.lines:
        at = menu._current
        if at is not None and at.model.name == name:
            return
        QTest.keyClick(menu._list, Qt.Key.Key_Down)


def choose(header: Header, name: str) -> None:
    """Open the menu, and choose a model in it."""
    header.open_models()
    go_to(header.menu, name)
    QTest.keyClick(header.menu._list, Qt.Key.Key_Return)
    assert not header.menu.isVisible()
