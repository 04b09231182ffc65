"""A formula that stands by itself: centred, and one wider than the page moves sideways.

While it is being written and until it has been typeset, its source is shown as text; where it cannot be typeset, in the
look of code.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.rendering.formula.outline import Formula
from desktop.rendering.formula.typesetter import Key
from desktop.rendering.page.box import UNDERLINED, Hit, Mark, WideBox
from desktop.rendering.page.style import PageStyle
from desktop.rendering.page.text_box import TextBox
from desktop.rendering.text.leaves import Leaf, LeafKind, Span, Style

_LEAST_SCALE = 0.8  # of a formula that is a little too wide; a wider one moves sideways
_BAR_ROOM = 12.0
# Pixels above and below. A formula is painted from the nearest pixel on, so it may stand half a pixel off its place and
# blur one more; without room the box would cut it there.
_GAP = 1.0


class FormulaBox(WideBox):
    """Block of LaTeX. Offsets count its characters, also when it is typeset."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        super().__init__(Leaf(leaf.kind), -1.0, style)
        self._formula: Formula | None = None
        self._em = 0.0
        self._source: TextBox | None = None
        self.update(leaf, width)

    def update(self, leaf: Leaf, width: float) -> float:
        is_same = leaf.text == self.leaf.text and leaf.is_open == self.leaf.is_open and width == self._width
        if is_same and self._formula is not None:
            self.leaf = leaf
            return self.height
        self.leaf, self._width = leaf, width
        formulas = self._style.formulas
        self._formula = None if leaf.is_open or formulas is None else formulas.lookup(leaf.text, True)
        if self._formula is not None:
            self._fit(self._formula)
            return 0.0
        return self._show_source()

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        formula = self._formula
        if formula is None:
            if self._source is not None:
                self._source.paint(painter, origin, clip, marks)
            return
        painter.save()
        painter.setClipRect(
            QRectF(origin.x(), origin.y(), self._width, self.height) & clip, Qt.ClipOperation.IntersectClip
        )
        ink = self._style.colours.ink
        for mark in marks:
            if mark.start < len(self.leaf.text) and mark.end > 0 and mark.kind not in UNDERLINED:
                look = self._style.mark_format(mark.kind)
                painter.fillRect(self._rectangle(formula).translated(origin), look.background())
                ink = look.foreground().color()
        baseline = origin + self._rectangle(formula).topLeft() + QPointF(0, formula.ascent * self._em)
        formula.paint(painter, baseline, self._em, ink)
        painter.restore()
        self.paint_bar(painter, origin)

    def hit(self, x: float, y: float) -> Hit:
        if self._formula is None:
            return self._source.hit(x, y) if self._source is not None else Hit(0)
        return Hit(0 if x < self._rectangle(self._formula).center().x() else len(self.leaf.text))

    def formulas_ready(self, ready: Set[Key]) -> float | None:
        if self._formula is not None or (self.leaf.text, True) not in ready:
            return None
        self.update(self.leaf, self._width)
        return 0.0

    def _fit(self, formula: Formula) -> None:
        self._source = None
        em = self._style.formula_em(self._style.body)
        self._em = em * max(_LEAST_SCALE, min(1.0, self._width / (formula.width * em)))
        self.fit(formula.width * self._em, self._width)
        bar = _BAR_ROOM if self.needs_bar else 0.0
        self.height = (formula.ascent + formula.descent) * self._em + 2 * _GAP + bar

    def _show_source(self) -> float:
        text = self.leaf.text
        formulas = self._style.formulas
        is_final = not self.leaf.is_open and (formulas is None or formulas.is_turned_down(text, True))
        # Not the style of a formula, which the text would typeset in its line.
        spans = (Span(0, len(text), Style.CODE),) if is_final and text else ()
        leaf = Leaf(LeafKind.PARAGRAPH, text, spans)
        changed = 0.0
        if self._source is None:
            self._source = TextBox(leaf, self._width, self._style)
        else:
            changed = self._source.update(leaf, self._width)
        self.height = self._source.height
        return changed

    def _rectangle(self, formula: Formula) -> QRectF:
        """Return where it stands in the box."""
        width = formula.width * self._em
        left = -self.offset if self.needs_bar else (self._width - width) / 2
        return QRectF(left, _GAP, width, (formula.ascent + formula.descent) * self._em)
