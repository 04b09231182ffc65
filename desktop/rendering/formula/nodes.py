"""Corrections of how ziamath lays out: rows at once, frames with room, lines in tables, ems as wide as they are.

Each class takes the tag of its base over as soon as this is imported (`Mnode.__init_subclass__`), for the whole
process. Only `engraver` imports it.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any
from xml.etree.ElementTree import Element

from ziafont.fonttypes import BBox
from ziamath import drawable, operators, styles
from ziamath.nodes.menclose import Menclose
from ziamath.nodes.mnode import Mnode
from ziamath.nodes.mrow import Mrow
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


class Row(Mrow, tag="mrow"):
    """Row whose height is measured only if an operator in it has to be as high.

    ziamath lays out everything in a row twice, to learn how high brackets must be; each level of nesting would double
    the work.
    """

    def _get_height_nostretch(self, line: list[Element], **kwargs: Any) -> tuple[float, float]:
        if not any(map(has_stretchy, line)):
            return 0.0, 0.0  # nobody asks
        lowest, highest = 9999.0, -9999.0  # ziamath's own signs of nothing
        for element in line:
            if element.tag == "mo" and not (element.text or "").strip():
                continue
            node = Mnode.fromelement(deepcopy(element), parent=self, **{**kwargs, "nostretch": True})
            lowest, highest = min(lowest, node.bbox.ymin), max(highest, node.bbox.ymax)
            take_apart(node)
        return lowest, highest


class Frame(Menclose, tag="menclose"):
    r"""Frame of `\boxed`, which ziamath draws right at the letters."""

    def _setup(self, **kwargs: Any) -> None:
        if self.notation != ["box"]:
            super()._setup(**kwargs)
            return
        pad = self.size_px(_FRAME_PADDING)
        inner = self.base.bbox
        width, height = inner.xmax - inner.xmin + 2 * pad, inner.ymax - inner.ymin + 2 * pad
        line = self.units_to_points(self.font.math.consts.fractionRuleThickness)
        self.nodes += [drawable.Box(width, height, line, style=self.style, **kwargs), self.base]
        self.nodexy += [(0, pad - inner.ymin), (pad - inner.xmin, 0)]
        self.bbox = BBox(0, width, inner.ymin - pad, inner.ymax + pad)


class FormulaTable(Mtable, tag="mtable"):
    r"""Table with the lines of `{c|c}` and `\hline` between its cells, which ziamath leaves out."""

    def _setup(self, **kwargs: Any) -> None:
        super()._setup(**kwargs)
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


def has_stretchy(element: Element) -> bool:
    """Return True if an operator in this part of a row is as high as the row."""
    if element.tag in _ROWS:
        return False
    if element.tag == "mo":
        return _is_stretchy(element)
    return any(map(has_stretchy, element))


def _is_stretchy(operator: Element) -> bool:
    text = (operator.text or "").strip()
    own = operator.get("stretchy")
    if own is not None:
        return own != "false"
    return any(operators.get_params(text, form).get("stretchy", "false") != "false" for form in _FORMS)


def work(element: Element) -> int:
    """Return the number of elements that are laid out, those inside rows to be stretched counted twice."""
    inner = sum(map(work, element))
    doubles = element.tag in _ROWS and any(map(has_stretchy, element))
    return 1 + (2 * inner if doubles else inner)


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
