"""The font of formulas: that of ziamath, and the system's fonts for characters that it lacks, Chinese among them.

Its glyphs are drawn as references, so that the outline of each is made once. Imports ziamath, which takes long: only
`engraver` imports this, in its own thread.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from PySide6.QtGui import QFont, QFontMetricsF, QPainterPath, QTransform
from ziafont.fonttypes import BBox
from ziafont.glyph import SimpleGlyph
from ziamath.mathfont import MathFont
from ziamath.zmath import loadedfonts

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
