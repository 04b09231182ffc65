"""The scroll bar of a transcript, which grows with each word of an answer and is painted when that can be seen."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSlider, QScrollBar

_VISIBLE = 0.5  # pixels


class CalmScrollBar(QScrollBar):
    """A vertical bar that is painted again when its handle has another place or length on the screen.

    Whoever changes its range calls `settle` then, unless the value follows: in between, the handle is nowhere.
    """

    def __init__(self) -> None:
        super().__init__()
        self._painted = (0.0, 0.0)  # top and length of the handle in pixels

    def settle(self, least: float = _VISIBLE) -> None:
        """Paint it if the handle has moved by so many pixels; with 0, as it is to the last part of one."""
        length, page, most = self.height(), self.pageStep(), max(1, self.maximum())
        handle = length * page / (most + page)
        top = (length - handle) * self.value() / most
        if max(abs(top - self._painted[0]), abs(handle - self._painted[1])) > least:
            self._painted = top, handle
            self.update()

    # Qt's own methods

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        if change is QAbstractSlider.SliderChange.SliderValueChange:
            self.settle()
        elif change is not QAbstractSlider.SliderChange.SliderRangeChange:
            super().sliderChange(change)
