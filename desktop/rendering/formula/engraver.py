"""LaTeX to a typeset formula, by ziamath. Takes milliseconds; the first call imports ziamath.

Threads and queues are the matter of `typesetter`.
"""

from __future__ import annotations

import functools
import math
import re
import threading
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QTransform

from desktop.rendering.formula.mathml import mathml
from desktop.rendering.formula.outline import Formula

if TYPE_CHECKING:
    from desktop.rendering.formula.font import FormulaFont

_SIZE = 24.0  # pixels an em while ziamath works; the result is in ems
_MARGIN = 0.06  # ems beside a formula: letters of the text would touch an italic one

# Larger than anything a user writes, small enough to paint.
_WIDEST = 400.0
_HIGHEST = 200.0
_MOST_WORK = 20_000  # elements to lay out: half a second, nine fractions in each other
_LONGEST_ROW = 600  # elements; each is compared with all before it
_MOST_ELEMENTS = 60_000  # of outlines

_one_at_a_time = threading.Lock()  # ziamath and its font keep their state for the whole process


def engrave(latex: str, display: bool) -> Formula | None:
    """Return the formula, or None where `latex` cannot be read or is beyond all bounds. Never raises."""
    root = mathml(latex, display)
    if root is None:
        return None
    try:
        with _one_at_a_time:
            return _engrave(root)
    except Exception:  # hostile LaTeX finds errors of many kinds in ziamath; all mean that its source is shown
        return None


def _engrave(root: Element) -> Formula | None:
    from ziamath.zmath import Math

    from desktop.rendering.formula.nodes import take_apart, work

    font = _font()
    font.start_formula()
    if work(root) > _MOST_WORK or max(map(len, root.iter())) > _LONGEST_ROW:
        return None
    made = Math(root, size=_SIZE, margin=0)
    box = made.node.bbox
    drawing = _Drawing(font.outlines)
    drawing.add(made.svgxml())
    take_apart(made.node)
    return drawing.formula(QRectF(box.xmin, -box.ymax, box.xmax - box.xmin, box.ymax - box.ymin))


@functools.cache
def _font() -> FormulaFont:
    from ziamath.config import config

    from desktop.rendering.formula.font import FormulaFont

    config.svg2 = False
    return FormulaFont.take_over()


class _Drawing:
    """Elements of an SVG of ziamath as they are gathered. Colours are not kept: a formula has the ink of the text."""

    def __init__(self, outlines: dict[str, QPainterPath]) -> None:
        self._known = outlines
        self._outlines = QPainterPath()
        self._outlines.setFillRule(self._outlines.fillRule().WindingFill)
        self._rules: list[QRectF] = []

    def add(self, element: Element) -> None:
        for each in element:
            match each.tag:
                case "use":
                    self._add_glyph(each.attrib)
                case "path":
                    self._add_path(each.attrib)
                case "rect":
                    self._add_rectangle(each.attrib)
                case "ellipse":
                    self._add_ellipse(each.attrib)
                case "g":
                    self.add(each)
                case _:  # "defs" and "title" draw nothing
                    pass

    def formula(self, box: QRectF) -> Formula | None:
        """Return the whole in ems, moved to its left edge; None if nothing is seen or it is too large."""
        seen = self._outlines.boundingRect()
        for rule in self._rules:
            seen |= rule
        lengths = (box.left(), box.top(), box.right(), box.bottom(), seen.left(), seen.top(), seen.right())
        if seen.isEmpty() or not all(map(math.isfinite, lengths)):
            return None
        # What is seen may stand out of what ziamath takes for its extent.
        left, right = min(box.left(), seen.left()), max(box.right(), seen.right())
        top, bottom = min(0.0, seen.top()), max(0.0, seen.bottom())
        if right - left > _WIDEST * _SIZE or bottom - top > _HIGHEST * _SIZE:
            return None
        if self._outlines.elementCount() > _MOST_ELEMENTS:
            return None
        to_ems = QTransform.fromScale(1 / _SIZE, 1 / _SIZE).translate(_MARGIN * _SIZE - left, 0)
        return Formula(
            outlines=to_ems.map(self._outlines),
            rules=tuple(to_ems.mapRect(rule) for rule in self._rules),
            width=(right - left) / _SIZE + 2 * _MARGIN,
            ascent=-top / _SIZE,
            descent=bottom / _SIZE,
        )

    def _add_glyph(self, at: dict[str, str]) -> None:
        size = float(at["size"])
        place = QTransform(size, 0, 0, size, float(at["x"]), float(at["y"]))
        self._outlines.addPath(place.map(self._known[at["href"]]))

    def _add_path(self, at: dict[str, str]) -> None:
        path = _svg_path(at["d"])
        self._outlines.addPath(_stroked(path, at) if "stroke-width" in at else path)

    def _add_rectangle(self, at: dict[str, str]) -> None:
        rectangle = QRectF(*(float(at[name]) for name in ("x", "y", "width", "height")))
        if "stroke-width" not in at:
            if not rectangle.isEmpty():  # the line of a binomial has no thickness
                self._rules.append(rectangle)
            return
        thick = float(at["stroke-width"])
        across = QRectF(rectangle.x(), rectangle.y(), rectangle.width(), thick)
        down = QRectF(rectangle.x(), rectangle.y(), thick, rectangle.height())
        self._rules += [across, across.translated(0, rectangle.height() - thick)]
        self._rules += [down, down.translated(rectangle.width() - thick, 0)]

    def _add_ellipse(self, at: dict[str, str]) -> None:
        x, y, rx, ry = (float(at[name]) for name in ("cx", "cy", "rx", "ry"))
        path = QPainterPath()
        path.addEllipse(QRectF(x - rx, y - ry, 2 * rx, 2 * ry))
        self._outlines.addPath(_stroked(path, at))


def _stroked(path: QPainterPath, at: dict[str, str]) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(float(at["stroke-width"]))
    return stroker.createStroke(path)


_COMMAND = re.compile(r"([MLQCZ])([^MLQCZ]*)")


def _svg_path(description: str) -> QPainterPath:
    """Return a path as ziafont writes it: absolute lines and curves."""
    path = QPainterPath()
    for command, lengths in _COMMAND.findall(description):
        at: Any = [float(each) for each in lengths.split()]
        match command:
            case "M":
                path.moveTo(*at)
            case "L":
                path.lineTo(*at)
            case "Q":
                path.quadTo(*at)
            case "C":
                path.cubicTo(*at)
            case _:
                path.closeSubpath()
    return path
