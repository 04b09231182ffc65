"""Compares a window on the screen with the same window painted from nothing: pixels that were left standing differ.

The screen shows what was painted bit by bit, moved by scrolling or kept through a change of size; `QWidget.grab` paints
every widget anew into a picture of its own and asks nothing of what was painted before. Knows nothing of the program.
"""

from __future__ import annotations

import time
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QRect
from PySide6.QtGui import QImage, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

_PATIENCE = 5.0  # seconds in which the window must come to rest, and then be right
_LOOK_AGAIN_MS = 20
_ROUNDS = 3  # of events: one may ask for another at once


class StaleScreen(AssertionError):
    """The screen shows what nothing would paint there now."""


@contextmanager
def carets_stand_still(app):
    """Keep carets from blinking, since a blink may come between two pictures."""
    flash = app.cursorFlashTime()
    app.setCursorFlashTime(0)
    yield
    app.setCursorFlashTime(flash)


def assert_screen_is_right(window, folder):
    """Raise StaleScreen, with both pictures put into `folder`, where the screen stays other than a whole paint."""
    until = time.monotonic() + _PATIENCE
    while True:
        _paint_what_waits(window)
        screen, anew = on_screen(window), painted_anew(window)
        if screen == anew:
            return
        if time.monotonic() > until:
            break
        QTest.qWait(_LOOK_AGAIN_MS)
    screen.save(str(folder / "screen.png"))
    anew.save(str(folder / "painted-anew.png"))
    area = where_they_differ(screen, anew)
    raise StaleScreen(f"{window.size()}: {area} differs, in {_widget_at(window, area)}; pictures in {folder}")


def on_screen(window):
    """Return the pixels that the screen shows of a window."""
    return _comparable(window.screen().grabWindow(window.winId()).toImage())


def painted_anew(window):
    """Return the window as a paint of all its widgets gives it."""
    return _comparable(window.grab().toImage())


def where_they_differ(one, other):
    """Return the rectangle around all pixels in which two pictures differ: all of it, where their sizes do."""
    if one.size() != other.size():
        return one.rect() | other.rect()
    found = QRegion()
    for y in range(one.height()):
        a, b = bytes(one.constScanLine(y)), bytes(other.constScanLine(y))
        if a != b:
            differing = [x for x in range(0, len(a), 4) if a[x : x + 4] != b[x : x + 4]]
            found += QRect(differing[0] // 4, y, (differing[-1] - differing[0]) // 4 + 1, 1)
    return found.boundingRect()


def _comparable(picture):
    return picture.convertToFormat(QImage.Format.Format_RGB32)


def _paint_what_waits(window):
    """Let the program go on, then paint what was asked to be painted, and nothing else."""
    for _ in range(_ROUNDS):
        QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))


def _widget_at(window, area):
    """Return the way from the window down to the widget in the middle of an area."""
    widget = window.childAt(area.center()) if not area.isNull() else None
    names = []
    while widget is not None and widget is not window:
        names.append(type(widget).__name__)
        widget = widget.parentWidget()
    return " > ".join(reversed(names)) or type(window).__name__
