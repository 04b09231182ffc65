"""Layouts in one call."""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from desktop.ui.look.tokens import GAP

Part: TypeAlias = QWidget | QLayout | int | tuple[QWidget | QLayout, int] | None


def stack(
    *parts: Part, gap: int = GAP, margins: int | tuple[int, int, int, int] = 0, across: bool = False,
    on: QWidget | None = None,
) -> QBoxLayout:  # fmt: skip
    """Return a column of parts, or a row of them with `across`; it becomes the layout of the widget `on`.

    None is a stretch, a number so many pixels, and a pair a part with its stretch factor. `margins`: all four, or left,
    top, right and bottom.
    """
    box: QBoxLayout = QHBoxLayout() if across else QVBoxLayout()
    if on is not None:
        on.setLayout(box)
    box.setSpacing(gap)
    box.setContentsMargins(*(margins if isinstance(margins, tuple) else (margins,) * 4))
    for part in parts:
        what, stretch = part if isinstance(part, tuple) else (part, 0)
        if what is None:
            box.addStretch(1)
        elif isinstance(what, int):
            box.addSpacing(what)
        elif isinstance(what, QLayout):
            box.addLayout(what, stretch)
        else:
            box.addWidget(what, stretch)
    return box
