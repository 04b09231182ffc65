"""Looks into the menu of models, and picks in it as a user does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.core.model import ModelChoice
from desktop.rendering.text.invisible import show_invisible


def lines_of(menu):
    """The lines of the menu in words."""
    rows = menu.list.rows if menu.isVisible() else menu.rows_now()
    return [each.words if each.is_heading else show_invisible(each.title) for each in rows]


def models_in(rows):
    """The lines that are models."""
    return [each for each in rows if isinstance(each.key, ModelChoice)]


def row_of(menu, name):
    """The line of a model, by the name that its server gives it."""
    [found] = [each for each in models_in(menu.rows_now()) if each.key.model == name]
    return found


def go_to(menu, name):
    """Go down an open menu by the arrow key, to a model."""
    QTest.keyClick(menu.list, Qt.Key.Key_Home)
    for _ in menu.list.rows:
        at = menu.list.current
        if at is not None and isinstance(at.key, ModelChoice) and at.key.model == name:
            return
        QTest.keyClick(menu.list, Qt.Key.Key_Down)


def choose(header, name):
    """Open the menu, and choose a model in it."""
    header.open_models()
    go_to(header.menu, name)
    QTest.keyClick(header.menu.list, Qt.Key.Key_Return)
    assert not header.menu.isVisible()
