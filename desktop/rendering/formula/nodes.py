"""Corrections of how ziamath lays out: rows at once, frames with room, lines in tables, ems as wide as they are.

Each class takes the tag of its base over as soon as this is imported (`Mnode.__init_subclass__`), for the whole
process. Only `engraver` imports it.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from ziafont.fonttypes import BBox
from ziamath import drawable, styles
from ziamath.nodes.menclose import Menclose
from ziamath.nodes.mnode import Mnode
from ziamath.nodes.mtable import Mtable

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
