"""The margin of a page: the bars of quotes, the markers of lists; and the gaps between boxes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from desktop.rendering.page.box import Box
from desktop.rendering.page.style import PageStyle
from desktop.rendering.text.leaves import Container, ContainerKind, Leaf, LeafKind

_ITEM_INDENT = 2.1  # times the height of the text: room for two digits, a full stop and a gap
_MARKER_GAP = 8.0
_QUOTE_INDENT = 18.0
_LONG_MARKER = 4  # characters; shorter ones fit into the usual indent
_QUOTE_BAR = 3.0


class Margin:
    """Containers of leaves, in one look."""

    def __init__(self, style: PageStyle) -> None:
        self._style = style
        self._metrics = QFontMetricsF(style.body)
        self._widths: dict[str, float] = {}  # of markers
        self._usual = float(round(style.text_px * _ITEM_INDENT))

    def width_of(self, containers: Sequence[Container]) -> float:
        """Return how far the containers move their content to the right, in pixels."""
        return sum(self._indent(container) for container in containers)

    def paint(
        self, painter: QPainter, box: Box, before: Leaf | None, corner: QPointF, gap: float, width: float
    ) -> None:
        """Paint what belongs to a box whose line begins at `corner`, `gap` below the leaf before it.

        Beside text that is written from right to left it stands at the right of the page, which is `width` wide.
        """
        previous = before.containers if before else ()
        is_mirrored = box.is_right_to_left
        x, top = 0.0, corner.y()  # from the edge at which the text begins

        def left_of(distance: float, wide: float) -> float:
            return corner.x() + (width - distance - wide if is_mirrored else distance)

        for depth, container in enumerate(box.leaf.containers):
            indent = self._indent(container)
            if container.kind is ContainerKind.QUOTE:
                is_joined = len(previous) > depth and previous[depth].kind is ContainerKind.QUOTE
                start = top - gap if is_joined else top
                y, bottom = round(start), round(top + box.height)  # whole pixels: parts of it are painted at a time
                painter.fillRect(QRectF(left_of(x, _QUOTE_BAR), y, _QUOTE_BAR, bottom - y), self._style.colours.line)
            elif container.marker:
                painter.setFont(self._style.body)
                painter.setPen(self._style.colours.muted)
                wide = self._width_of(container.marker)
                marker_x = left_of(x + indent - _MARKER_GAP - wide, wide)
                painter.drawText(QPointF(marker_x, top + box.first_baseline()), container.marker)
            x += indent

    def _indent(self, container: Container) -> float:
        """Return the indent of a container; a long number takes the room that it needs."""
        if container.kind is ContainerKind.QUOTE:
            return _QUOTE_INDENT
        if len(container.marker) < _LONG_MARKER:
            return self._usual
        return max(self._usual, self._width_of(container.marker) + _MARKER_GAP)

    def _width_of(self, marker: str) -> float:
        """Return the width of a marker in pixels; measured once for all times that it is painted."""
        width = self._widths.get(marker)
        if width is None:
            width = self._widths[marker] = self._metrics.horizontalAdvance(marker)
        return width


def gap_between(before: Leaf | None, leaf: Leaf, text_px: int) -> float:
    """Return the space above a leaf: a heading stands apart from what it follows, list items stand close."""
    if before is None or leaf.joint is not None:
        return 0.0
    if leaf.kind is LeafKind.HEADING and before.kind is not LeafKind.MARK:
        return round(text_px * 1.5)
    if before.kind is LeafKind.HEADING:
        return round(text_px * 0.5)
    in_item = any(container.kind is ContainerKind.ITEM for container in leaf.containers)
    if in_item and leaf.containers[-1].marker and before.containers:
        return round(text_px * 0.3)
    return round(text_px * 0.8)
