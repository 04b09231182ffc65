"""Formulas on demand: asked for while a page is laid out, typeset in a thread of their own, kept for the next time.

A formula is outlines and rules in ems, which any size, colour and screen paints sharply: typeset once for all. A page
without a formula that is still to come shows its source and lays out again when `ready` names it. How it is typeset is
the matter of `engraver`.
"""

from __future__ import annotations

import itertools
import math
import sys
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from queue import Empty, LifoQueue, SimpleQueue
from typing import Protocol

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap, QPixmapCache, QTransform

from desktop.core.importing import USUAL_S, import_beside_window

# Filling outlines takes half a millisecond, a screen may hold fifty formulas, and a window that is resized paints all
# of them at each step. So what was painted is kept as a picture in the pixels of the screen, in Qt's own cache.
_LARGEST_PICTURE = 1_000_000  # pixels

_serials = itertools.count()


@dataclass(frozen=True, slots=True)
class Formula:
    """Outlines and rules of a formula. Lengths in ems, `y` downwards from the baseline, `x` from the left edge."""

    outlines: QPainterPath
    rules: tuple[QRectF, ...]  # of fractions, roots and boxes: kept apart, since they want whole pixels
    width: float
    ascent: float
    descent: float
    _serial: int = field(default_factory=_serials.__next__, compare=False)  # an id() would come again

    def paint(self, painter: QPainter, origin: QPointF, em: float, ink: QColor) -> None:
        """Paint with the left end of the baseline at the pixel nearest to `origin`, an em being `em` pixels."""
        to_pixels = painter.deviceTransform()
        scale = to_pixels.m11()
        at = to_pixels.map(origin)
        from_pixels, _ = to_pixels.inverted()
        left, baseline = round(at.x()), round(at.y())
        up = math.ceil(self.ascent * em * scale) + 1
        size = math.ceil(self.width * em * scale) + 1, up + math.ceil(self.descent * em * scale) + 1
        if size[0] * size[1] <= _LARGEST_PICTURE:
            picture = self._picture(size, up, em * scale, ink)
            picture.setDevicePixelRatio(scale)
            painter.drawPixmap(from_pixels.map(QPointF(left, baseline - up)), picture)
            return
        painter.save()
        painter.setTransform(QTransform.fromTranslate(left, baseline) * from_pixels, combine=True)
        self.fill(painter, em * scale, ink)
        painter.restore()

    def _picture(self, size: tuple[int, int], up: int, em: float, ink: QColor) -> QPixmap:
        key = f"formula {self._serial} {em} {ink.rgba()}"
        picture = QPixmap()
        if not QPixmapCache.find(key, picture):
            picture = QPixmap(*size)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.translate(0, up)
            self.fill(painter, em, ink)
            painter.end()
            QPixmapCache.insert(key, picture)
        return picture

    def fill(self, painter: QPainter, em: float, ink: QColor) -> None:
        """Paint the outlines themselves at the painter's origin, which lies on a pixel; a unit is a pixel."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        to_size = QTransform.fromScale(em, em)
        painter.fillPath(to_size.map(self.outlines), ink)  # not by the painter's scale, which takes three times as long
        for rule in self.rules:
            painter.fillRect(_on_pixels(to_size.mapRect(rule)), ink)


def _on_pixels(rule: QRectF) -> QRectF:
    """Return the rectangle without blurred long edges, a pixel thick at least."""
    if rule.width() >= rule.height():
        thickness = max(1, round(rule.height()))
        return QRectF(rule.x(), round(rule.center().y() - thickness / 2), rule.width(), thickness)
    thickness = max(1, round(rule.width()))
    return QRectF(round(rule.center().x() - thickness / 2), rule.y(), thickness, rule.height())


Key = tuple[str, bool]
"""A formula: its LaTeX, and whether it is set as a display."""

# Seconds. ziamath is all Python: the GUI thread would wait for the usual five milliseconds each time that it comes back
# from Qt, which is many times a frame.
_SWITCH_EVERY = 0.001

_REPORT_EVERY = 0.1  # seconds, while there is more to do: each report lays pages out again
_LOOK_EVERY_MS = 15
_PATIENCE = 2.0  # seconds for the last formula
_MOST = 2_000  # formulas that are kept, of some five kilobytes each


Engrave = Callable[[str, bool], Formula | None]


class FormulaSource(Protocol):
    """Source of typeset formulas: what a page needs of the typesetter."""

    def lookup(self, latex: str, display: bool) -> Formula | None:
        """Return the formula, if it has been typeset; otherwise it will be, unless that has been tried in vain."""
        ...

    def is_turned_down(self, latex: str, display: bool) -> bool:
        """Return True if it has been tried in vain."""
        ...


class FormulaTypesetter(QObject):
    """Typesetter with a thread of its own. It lives in the GUI thread, as all do who ask it and listen to it.

    Its thread knows nothing of it, only two queues: a Qt object that a thread held on to could end there.
    """

    ready = Signal(object)
    """A set of the `Key`s that have been typeset or turned down since the last time."""

    def __init__(self, engrave: Engrave | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engrave = engrave or _engrave
        self._known: OrderedDict[Key, Formula | None] = OrderedDict()
        self._asked: set[Key] = set()
        self._unreported: set[Key] = set()
        self._reported_at = 0.0
        self._orders: LifoQueue[Key | None] = LifoQueue()  # what was asked for last is in sight
        self._results: SimpleQueue[tuple[Key, Formula | None]] = SimpleQueue()
        self._end_thread: weakref.finalize[..., FormulaTypesetter] | None = None
        self._is_closed = False
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)  # runs only while something has been asked for
        self._timer.timeout.connect(self._take_results)

    def lookup(self, latex: str, display: bool) -> Formula | None:
        """Return the formula, if it has been typeset; otherwise it will be, unless that has been tried in vain."""
        key = (latex, display)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        if key not in self._asked and not self._is_closed:
            self._asked.add(key)
            self._orders.put(key)
            self._need_thread()
        return None

    def is_turned_down(self, latex: str, display: bool) -> bool:
        """Return True if it has been tried in vain."""
        return self._known.get((latex, display), ...) is None

    def close(self) -> None:
        """Stop typesetting. Waits for the formula that is being typeset, some milliseconds as a rule."""
        self._is_closed = True
        self._timer.stop()
        if self._end_thread is not None:
            self._end_thread()

    def _need_thread(self) -> None:
        if self._end_thread is None:
            arguments = (self._engrave, self._orders, self._results)
            thread = threading.Thread(target=_work, args=arguments, name="formulas", daemon=True)
            thread.start()
            # Also when the program ends: Qt's fonts go then, and a daemon that wakes while Python ends is killed.
            self._end_thread = weakref.finalize(self, _end, thread, self._orders)
        if not self._timer.isActive():
            self._timer.start()

    def _take_results(self) -> None:
        with suppress(Empty):
            while True:
                self._take(*self._results.get_nowait())
        now = time.monotonic()
        if self._unreported and (not self._asked or now - self._reported_at >= _REPORT_EVERY):
            keys, self._unreported = frozenset(self._unreported), set()
            self._reported_at = now
            self.ready.emit(keys)
        if not self._asked:
            self._timer.stop()

    def _take(self, key: Key, formula: Formula | None) -> None:
        self._asked.discard(key)
        self._known[key] = formula
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        self._unreported.add(key)


def _engrave(latex: str, display: bool) -> Formula | None:
    """Return a formula; what sets it is loaded with the first one, on the thread that sets them."""
    if "desktop.rendering.formula.engraver" not in sys.modules:
        import_module("desktop.rendering.formula.mathml")  # the most of it, without Qt
        import_beside_window("desktop.rendering.formula.engraver")
    from desktop.rendering.formula.engraver import engrave

    return engrave(latex, display)


def _work(engrave: Engrave, orders: LifoQueue[Key | None], results: SimpleQueue[tuple[Key, Formula | None]]) -> None:
    """Typeset what is ordered, until told to end: the loop of the thread."""
    while (key := orders.get()) is not None:
        sys.setswitchinterval(_SWITCH_EVERY)
        try:
            formula = engrave(*key)
        finally:
            sys.setswitchinterval(USUAL_S)
        results.put((key, formula))


def _end(thread: threading.Thread, orders: LifoQueue[Key | None]) -> None:
    orders.put(None)  # which is taken before what has been asked for
    thread.join(_PATIENCE)
