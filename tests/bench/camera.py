"""`python -m tests.bench.camera`: a camera on a display, a process of its own: it keeps each picture that is new.

Each order is a line of JSON, answered by one. Pictures are what the X server shows, not what a program has painted, and
their times are those of the clock that all processes share. `watch` takes them, `lay` lays some in a sheet, columns
beside each other, and `cover` puts a window of its own in front, as another program would.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any, Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

_BETWEEN: Final = 4  # milliseconds, so that a screen of 120 Hz is seen whole
_CAPTION, _GAP = 20, 6
_QUALITY: Final = 45
_GROUND, _INK = QColor("#d8d4cc"), QColor("#222222")


class Camera:
    """A camera that keeps reels: pictures with the milliseconds since the one before the first of them."""

    def __init__(self, app: QApplication) -> None:
        self._screen = app.primaryScreen()
        self._reels: dict[str, list[tuple[float, QImage]]] = {}
        self._cover = QWidget()
        self._cover.setWindowTitle("Another program")

    def watch(self, reel: str, area: list[int], seconds: float) -> dict[str, Any]:
        """Take a picture every few milliseconds for a while, and keep those that differ from the one before."""
        kept: list[tuple[float, QImage]] = []
        end = time.monotonic() + seconds
        looks = 0
        before = self._picture(area)
        while time.monotonic() < end:
            QTest.qWait(_BETWEEN)
            picture = self._picture(area)
            looks += 1
            if picture != before:
                kept.append((time.monotonic(), picture))
                before = picture
        self._reels[reel] = kept
        return {"times": [at for at, _ in kept], "looks": looks}

    def lay(self, file: str, columns: list[list[str]], rows: int, crop: list[int], scale: float) -> dict[str, Any]:
        """Lay successive pictures from the middle of reels in a sheet: `columns` are pairs of a reel and a title.

        `crop` is the part of a picture from its left and its bottom, width and height; `scale` makes it smaller.
        """
        width, height = crop
        cell_width, cell_height = round(width * scale), round(height * scale)
        size = len(columns) * (cell_width + _GAP) + _GAP, _CAPTION + rows * (cell_height + _CAPTION) + _GAP
        sheet = QImage(*size, QImage.Format.Format_RGB32)
        sheet.fill(_GROUND)
        painter = QPainter(sheet)
        painter.setPen(_INK)
        for column, (reel, title) in enumerate(columns):
            x = _GAP + column * (cell_width + _GAP)
            kept = self._reels[reel]
            shown = kept[max(0, (len(kept) - rows) // 2) :][:rows]
            painter.drawText(QRect(x, 0, cell_width, _CAPTION), Qt.AlignmentFlag.AlignVCenter, title)
            for row, (at, picture) in enumerate(shown):
                y = _CAPTION + row * (cell_height + _CAPTION)
                told = f"+{(at - shown[0][0]) * 1000:.0f} ms"
                painter.drawText(QRect(x, y, cell_width, _CAPTION), Qt.AlignmentFlag.AlignVCenter, told)
                part = picture.copy(0, picture.height() - height, width, height)
                smaller = part.scaledToWidth(cell_width, Qt.TransformationMode.SmoothTransformation)
                painter.drawImage(QPoint(x, y + _CAPTION), smaller)
        painter.end()
        return {"saved": sheet.save(file, quality=_QUALITY)}

    def cover(self, area: list[int]) -> dict[str, Any]:
        """Put a window of its own there, which takes the keyboard; with no area, take it away."""
        self._cover.setVisible(bool(area))
        if area:
            self._cover.setGeometry(*area)
            self._cover.raise_()
            self._cover.activateWindow()
        QTest.qWait(300)
        return {"is_active": self._cover.isActiveWindow()}

    def _picture(self, area: list[int]) -> QImage:
        return self._screen.grabWindow(0, *area).toImage()


def main() -> None:
    """Obey until standard input ends."""
    camera = Camera(QApplication(sys.argv[:1]))
    print(json.dumps({"event": "shown"}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        report = getattr(camera, order.pop("do"))(**order)
        print(json.dumps({"event": "done", **report}), flush=True)


if __name__ == "__main__":
    main()
