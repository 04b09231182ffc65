"""Fonts, measures and colours that a page is painted with. The values come from `ui/look`; none is chosen here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen, QTextCharFormat

from desktop.rendering.formula.typesetter import FormulaSource
from desktop.rendering.page.box import MarkKind
from desktop.rendering.text.leaves import Style

_FORMULA_X_HEIGHT = 0.473  # of STIX Two Math, in ems
_DROP_EM = 4 / 15  # of a mark's line below the baseline, in heights of the text
_LARGEST_FORMULAS = 1.16  # times the size of the text: capitals and digits should not stand out


@dataclass(frozen=True, slots=True)
class PageColours:
    """Colours of a page; `code_tokens` by the names of `highlight.TokenKind`."""

    ink: QColor
    muted: QColor
    accent: QColor
    line: QColor
    code_ground: QColor
    selection: QColor
    selected_ink: QColor
    found: QColor
    current: QColor
    differs: QColor
    warning: QColor
    code_tokens: Mapping[str, QColor] = field(default_factory=dict)


class PageStyle:
    """Look of a page: fonts of `text_px` pixels and derived sizes, a line height ratio, colours.

    `formulas` typesets formulas; without it their source is shown.

    Formats are made once here, since a flush of streaming text needs them twenty-five times a second.
    """

    def __init__(
        self,
        body: QFont,
        mono: QFont,
        colours: PageColours,
        line_ratio: float = 1.55,
        heading_ratios: tuple[float, ...] = (1.35, 1.2, 1.05),
        formulas: FormulaSource | None = None,
    ) -> None:
        self.body = body
        self.mono = mono
        self.colours = colours
        self.line_ratio = line_ratio
        self.formulas = formulas
        self.text_px = body.pixelSize()
        self._heading_ratios = heading_ratios
        self._quiet: PageStyle | None = None
        self._formats: dict[Style, QTextCharFormat] = {}
        self._mark_formats: dict[MarkKind, QTextCharFormat] = {}
        self._token_formats: dict[str, QTextCharFormat] = {}
        self.body_line = self._line_height(body)
        self.mono_line = self._line_height(mono)
        self._body_baseline = self._baseline_of(body)
        # Letters of another font in a line, on its baseline, reach beyond the line by as much at most.
        self.overhang = max(0.0, self.body_line - QFontMetricsF(body).height()) / 2

    @property
    def quiet(self) -> PageStyle:
        """The same look with muted text."""
        if self._quiet is None:
            colours = replace(self.colours, ink=self.colours.muted)
            self._quiet = PageStyle(self.body, self.mono, colours, self.line_ratio, self._heading_ratios)
        return self._quiet

    def heading_font(self, level: int) -> QFont:
        """Return the font of a heading; levels beyond the third share its size."""
        font = QFont(self.body)
        ratio = self._heading_ratios[min(level, len(self._heading_ratios)) - 1]
        font.setPixelSize(round(self.text_px * ratio))
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def line_height(self, font: QFont) -> float:
        """Return the height of a line of text in pixels."""
        return self.body_line if font is self.body else self._line_height(font)

    def baseline(self, font: QFont) -> float:
        """Return how far below the upper edge of a line its letters stand, in pixels."""
        return self._body_baseline if font is self.body else self._baseline_of(font)

    def formula_em(self, font: QFont) -> float:
        """Return the height of an em of formulas in text of this font: their letters are as high as the text's."""
        ratio = QFontMetricsF(font).xHeight() / font.pixelSize() / _FORMULA_X_HEIGHT
        return font.pixelSize() * max(1.0, min(_LARGEST_FORMULAS, ratio))

    def format(self, style: Style) -> QTextCharFormat:
        """Return the character format of a run of text."""
        found = self._formats.get(style)
        if found is None:
            found = self._formats[style] = self._make_format(style)
        return found

    def mark_format(self, kind: MarkKind) -> QTextCharFormat:
        """Return the format of characters that stand out."""
        found = self._mark_formats.get(kind)
        if found is None:
            found = self._mark_formats[kind] = QTextCharFormat()
            ground, ink = self._mark_colours(kind)
            found.setBackground(ground)
            found.setForeground(ink)
            if kind is MarkKind.DIFFERS:  # not by colour alone
                found.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
                found.setUnderlineColor(self.colours.accent)
        return found

    def token_format(self, kind: str) -> QTextCharFormat | None:
        """Return the character format of a piece of code; None where it looks like any other text."""
        if kind not in self._token_formats:
            colour = self.colours.code_tokens.get(kind)
            if colour is None:
                return None
            made = QTextCharFormat()
            made.setForeground(colour)
            self._token_formats[kind] = made
        return self._token_formats[kind]

    def mark_pen(self, kind: MarkKind) -> QPen:
        """Return what the line of a mark below its words is drawn with."""
        match kind:
            case MarkKind.MISSING:
                pen = QPen(self.colours.muted, 2.0)
                pen.setDashPattern([1.0, 1.0])  # in widths of the pen
            case MarkKind.AMISS:
                pen = QPen(self.colours.warning, 1.5)
                pen.setDashPattern([4.0, 2.0])
            case MarkKind.ASIDE:
                pen = QPen(self.colours.muted, 1.0)
                pen.setDashPattern([1.0, 2.0])
            case _:
                pen = QPen(self.colours.accent, 1.0)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    @property
    def mark_drop(self) -> float:
        """How far below the baseline the line of a mark is drawn, in pixels."""
        return self.text_px * _DROP_EM

    def _mark_colours(self, kind: MarkKind) -> tuple[QColor, QColor]:
        colours = self.colours
        match kind:
            case MarkKind.FOUND | MarkKind.OPEN:
                return colours.found, colours.selected_ink
            case MarkKind.DIFFERS:
                return colours.differs, colours.selected_ink
            case MarkKind.CURRENT:
                return colours.current, colours.selected_ink
            case MarkKind.SELECTED:
                return colours.selection, colours.selected_ink
            case MarkKind.FOCUSED:
                return colours.accent, colours.code_ground
            case MarkKind.STANDS | MarkKind.ASIDE | MarkKind.AMISS | MarkKind.MISSING:
                raise ValueError(f"{kind} is a line without a ground")

    def _line_height(self, font: QFont) -> float:
        return float(max(round(font.pixelSize() * self.line_ratio), round(QFontMetricsF(font).height())))

    def _baseline_of(self, font: QFont) -> float:
        metrics = QFontMetricsF(font)
        return (self.line_height(font) - metrics.height()) / 2 + metrics.ascent()

    def _make_format(self, style: Style) -> QTextCharFormat:
        made = QTextCharFormat()
        if style & Style.BOLD:
            made.setFontWeight(QFont.Weight.DemiBold)
        if style & Style.ITALIC:
            made.setFontItalic(True)
        if style & Style.STRIKE:
            made.setFontStrikeOut(True)
        if style & (Style.CODE | Style.FORMULA):  # a formula that cannot be typeset stands as its source
            made.setFontFamilies(self.mono.families())
            made.setProperty(QTextCharFormat.Property.FontPixelSize, self.mono.pixelSize())
            made.setBackground(self.colours.code_ground)
        if style & Style.LINK:
            made.setForeground(self.colours.accent)
            made.setFontUnderline(True)
        if style & Style.IMAGE:
            made.setForeground(self.colours.muted)
            made.setFontItalic(True)
        return made
