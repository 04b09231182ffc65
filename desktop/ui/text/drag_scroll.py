"""Scrolling on while text is selected with the pointer beyond an edge."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QAbstractScrollArea

_STEP_MS = 30
_FASTEST_PX = 120  # in a step


class DragScroll(QObject):
    """The pointer of a selection: `reach` is called with its place in the viewport whenever another text is there."""

    def __init__(self, area: QAbstractScrollArea, reach: Callable[[QPoint], object]) -> None:
        super().__init__(area)
        self._area = area
        self._reach = reach
        self._pointer = QPoint()  # on the screen
        self._stepping = QTimer(self, interval=_STEP_MS)
        self._stepping.timeout.connect(self._step)

    def follow(self, pointer: QPoint) -> None:
        """Reach the pointer, whose place is that on the screen."""
        self._pointer = pointer
        self._reach(self._inside)
        if not self._beyond:
            self._stepping.stop()
        elif not self._stepping.isActive():
            self._stepping.start()

    def stop(self) -> None:
        """Scroll no further."""
        self._stepping.stop()

    @property
    def _inside(self) -> QPoint:
        return self._area.viewport().mapFromGlobal(self._pointer)

    @property
    def _beyond(self) -> int:
        """The pixels that the pointer is above (negative) or below the viewport."""
        y = self._inside.y()
        return min(0, y) or max(0, y - self._area.viewport().height())

    def _step(self) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + max(-_FASTEST_PX, min(_FASTEST_PX, self._beyond)))
        self._reach(self._inside)
