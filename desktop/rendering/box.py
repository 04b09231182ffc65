"""What every box of a page can do: take a leaf, be laid out to a width, be painted, tell what is under a point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from desktop.rendering.leaves import Leaf


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies at a point of a box: the nearest character, and a link or a copy button right under the point."""

    offset: int
    href: str = ""
    on_copy: bool = False


class Box(Protocol):
    """One leaf, laid out. Coordinates are the box's own, in pixels; `selection` is a range of characters or None."""

    leaf: Leaf
    height: float

    def update(self, leaf: Leaf, width: float) -> float:
        """Take a newer form of the same leaf, or a new width; keeps what can be kept.

        Answers from which height on it looks different: what is above need not be painted again.
        """
        ...

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, selection: tuple[int, int] | None) -> None:
        """Paint with the top left corner at `origin`; nothing outside `clip` needs to be painted."""
        ...

    def hit(self, x: float, y: float) -> Hit:
        """What is at a point; points outside count for the nearest character."""
        ...

    def text(self) -> str:
        """The characters that offsets count."""
        ...

    def scroll_sideways(self, by: float) -> bool:
        """Move content that is wider than the box; False if it cannot move."""
        ...
