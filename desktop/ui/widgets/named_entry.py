"""Menu entries that are named by others: models, recipes, conversations. Their menus show tooltips."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontMetrics

from desktop.ui.look.theme import Theme
from desktop.ui.words import plain_action, plain_tooltip

_WIDEST_PX = 400  # at 100 %; a menu is to fit into the narrowest window


def name_entry(action: QAction, theme: Theme, name: str, beside: str = "", about: str = "") -> None:
    """Set the name; of a long one the beginning and the end, and all of it in the tooltip, else `about`.

    `beside` stands at the right edge. The entry's data is the whole name.
    """
    line = " ".join(name.split())
    metrics = QFontMetrics(action.font())
    shown = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, theme.px(_WIDEST_PX))
    action.setText(f"{plain_action(shown)}\t{beside}" if beside else plain_action(shown))
    action.setToolTip(plain_tooltip(line if shown != line else about))
    action.setData(line)
