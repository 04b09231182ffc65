"""LaTeX to a typeset formula, by ziamath, with its font and the nodes of its layout. Takes milliseconds.

Threads and queues are the matter of `typesetter`.
"""

from __future__ import annotations

import functools
import math
import re
import threading
from typing import Any
from xml.etree.ElementTree import Element

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainterPath, QPainterPathStroker, QTransform
from ziafont.fonttypes import BBox
from ziafont.glyph import SimpleGlyph
from ziamath import drawable, styles
from ziamath.config import config
from ziamath.mathfont import MathFont
from ziamath.nodes.menclose import Menclose
from ziamath.nodes.mnode import Mnode
from ziamath.nodes.mtable import Mtable
from ziamath.zmath import Math, loadedfonts

from desktop.rendering.formula.mathml import mathml
from desktop.rendering.formula.typesetter import Formula

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


_FALLBACK_PX = 200  # large enough that hinting does not show


class FormulaFont(MathFont):
    """Font with the outlines of its glyphs in `outlines`.

    By the `href` of the elements that refer to them, in ems and with `y` downwards.
    """

    outlines: dict[str, QPainterPath]
    _ours: dict[int | str, _Glyph]
    _fallback: QFont

    @classmethod
    def take_over(cls) -> FormulaFont:
        """Make the font that ziamath has read with its import one of these; to read it again would take as long."""
        font = loadedfonts["default"]
        font.__class__ = cls
        assert isinstance(font, cls)
        font.outlines, font._ours, font._fallback = {}, {}, QFont()
        font._fallback.setPixelSize(_FALLBACK_PX)
        return font

    def start_formula(self) -> None:
        """Leave the state for words, in which a formula that failed may have left this."""
        self.language("math", "")  # type: ignore[no-untyped-call]

    def glyph(self, char: str) -> SimpleGlyph:
        if self.glyphindex(char):
            return super().glyph(char)
        found = self._ours.get(char)
        if found is None:
            found = self._ours[char] = self._from_the_system(char)
        return found

    def glyph_fromid(self, glyphid: int) -> SimpleGlyph:
        found = self._ours.get(glyphid)
        if found is None:
            theirs = super().glyph_fromid(glyphid)
            found = self._ours[glyphid] = _Glyph(theirs.index, theirs.operators, theirs.bbox, self)
            self.outlines[found.id] = _outline(found.operators, 1 / self.info.layout.unitsperem)
        return found

    def _from_the_system(self, char: str) -> _Glyph:
        path = QPainterPath()
        path.addText(0, 0, self._fallback, char)
        path = QTransform.fromScale(1 / _FALLBACK_PX, 1 / _FALLBACK_PX).map(path)
        units = self.info.layout.unitsperem
        box = path.boundingRect()
        extent = BBox(*(round(each * units) for each in (box.left(), box.right(), -box.bottom(), -box.top())))
        made = _Glyph(0, [], extent, self)
        made.id = f"system_{ord(char)}"
        made.width = round(QFontMetricsF(self._fallback).horizontalAdvance(char) / _FALLBACK_PX * units)
        self.outlines[made.id] = path
        return made


class _Glyph(SimpleGlyph):
    """Glyph that is placed as a reference to its outline, as SVG's `use`."""

    width: int | None = None  # of a glyph of the system's fonts, in units of the font

    def place(self, x: float, y: float, point_size: float) -> Element:
        return Element("use", {"href": self.id, "x": repr(x), "y": repr(y), "size": repr(point_size)})

    def advance(self, nextchr: SimpleGlyph | None = None) -> int:
        return super().advance(nextchr) if self.width is None else self.width


def _outline(operators: Any, scale: float) -> QPainterPath:
    """Return the outline of a glyph of ziafont, whose curves are named after SVG's."""
    path = QPainterPath()
    path.setFillRule(path.fillRule().WindingFill)
    for operator in operators:
        points = [(point.x * scale, -point.y * scale) for point in operator.points()[0]]
        flat = [length for point in points for length in point]
        match len(points), type(operator).__name__:
            case 1, "Moveto":
                path.closeSubpath()
                path.moveTo(*flat)
            case 1, _:
                path.lineTo(*flat)
            case 2, _:
                path.quadTo(*flat)
            case _:
                path.cubicTo(*flat)
    path.closeSubpath()
    return path


_ROWS = frozenset(("mrow", "mtd", "mtr", "math", "mtable", "mfenced"))  # these measure what is inside by themselves
_FORMS = ("prefix", "infix", "postfix", "none")
_FRAME_PADDING = "0.35em"

_RELATIVE = ("em", "ex", "mu", "mathspace")
_PIXELS_PER_POINT = 1.333
_theirs = Mnode.size_px


def _size_px(self: Mnode, size: str, fontsize: float | None = None) -> float:
    """Return a size in pixels, with ems as wide as they are.

    ziamath takes the size of a font for points where it makes an em of it, so its spaces are a third too wide.
    """
    pixels = _theirs(self, size, fontsize)
    return pixels / _PIXELS_PER_POINT if size.endswith(_RELATIVE) else pixels


Mnode.size_px = _size_px  # type: ignore[method-assign]
# Each node looks its parent's style up in a deep copy, which was a third of all the work; it reads it, and no more.
styles.asdict = vars  # type: ignore[attr-defined, assignment]


class Frame(Menclose, tag="menclose"):
    r"""Frame of `\boxed`, which ziamath draws right at the letters."""

    def __init__(self, element: Element, parent: Mnode, **kwargs: Any) -> None:
        super().__init__(element, parent, **kwargs)
        if self.notation != ["box"]:
            return
        pad = self.size_px(_FRAME_PADDING)
        inner = self.base.bbox
        width, height = inner.xmax - inner.xmin + 2 * pad, inner.ymax - inner.ymin + 2 * pad
        line = self.units_to_points(self.font.math.consts.fractionRuleThickness)
        self.nodes = [drawable.Box(width, height, line, style=self.style, **kwargs), self.base]
        self.nodexy = [(0, pad - inner.ymin), (pad - inner.xmin, 0)]
        self.bbox = BBox(0, width, inner.ymin - pad, inner.ymax + pad)


class FormulaTable(Mtable, tag="mtable"):
    r"""Table with the lines of `{c|c}` and `\hline` between its cells, which ziamath leaves out."""

    def __init__(self, element: Element, parent: Mnode, **kwargs: Any) -> None:
        super().__init__(element, parent, **kwargs)
        rows = [len(row) for row in self.element]
        cells = list(zip(self.nodes, self.nodexy, strict=True))
        placed = [[cells[sum(rows[:r]) + c] for c in range(count)] for r, count in enumerate(rows)]
        columns = [[row[c] for row in placed if c < len(row)] for c in range(max(rows))]
        thickness = self.units_to_points(self.font.math.consts.fractionRuleThickness)
        for number in _solid(self.element.get("columnlines"), len(columns)):
            left = max(x + node.bbox.xmax for node, (x, _) in columns[number])
            right = min(x + node.bbox.xmin for node, (x, _) in columns[number + 1])
            height = self.bbox.ymax - self.bbox.ymin
            self.nodes.append(drawable.VLine(height, thickness, style=self.style, **kwargs))
            self.nodexy.append(((left + right) / 2, -self.bbox.ymax))
        for number in _solid(self.element.get("rowlines"), len(placed)):
            above = max(y - node.bbox.ymin for node, (_, y) in placed[number])
            below = min(y - node.bbox.ymax for node, (_, y) in placed[number + 1])
            self.nodes.append(drawable.HLine(self.bbox.xmax, thickness, style=self.style, **kwargs))
            self.nodexy.append((0, (above + below - thickness) / 2))


def _solid(lines: str | None, count: int) -> list[int]:
    """Return the rows or columns, of so many, behind which a line is drawn."""
    kinds = (lines or "none").split()
    kinds = kinds[1:] if len(kinds) > count else kinds  # of an outer line, which is not drawn
    return [number for number in range(count - 1) if kinds[min(number, len(kinds) - 1)] in ("solid", "dashed")]


def work(element: Element) -> int:
    """Return the number of elements that are laid out: ziamath does what stands in a row twice, to learn its height."""
    inner = sum(map(work, element))
    return 1 + (2 * inner if element.tag in _ROWS else inner)


def take_apart(node: Any) -> None:
    """Let go of the parents of all nodes.

    Otherwise each formula leaves a thousand objects to the garbage collector, which runs on the GUI thread.
    """
    nodes = [node]
    while nodes:
        each = nodes.pop()
        if isinstance(each, Mnode):
            each.parent = None  # type: ignore[assignment]
            nodes += each.nodes
