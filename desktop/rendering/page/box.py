"""What every box of a page does: take a leaf, be laid out to a width, be painted, tell what is under a point.

And what one does whose content is wider than the box: it moves to the left, and a bar shows how far. Fonts, measures
and colours come from `ui/look`; none is chosen here.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import attrgetter

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextCharFormat

from desktop.rendering.formula.typesetter import FormulaSource, Key
from desktop.rendering.text.leaves import Leaf, Style
from desktop.rendering.text.shown_text import share_above

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


@dataclass(frozen=True, slots=True)
class Hit:
    """Target at a point of a box: the nearest character, and a link or a copy button right under the point.

    `under`: the character right under the point; -1 beside the text.
    """

    offset: int
    href: str = ""
    on_copy: bool = False
    under: int = -1


class MarkKind(StrEnum):
    """Reason why characters are underlined or painted on another ground.

    The first four are lines below the words, which stay as they are. Later kinds are painted over earlier ones.
    """

    STANDS = "stands"  # it stands where it was looked up
    ASIDE = "aside"  # it need not stand there: computed, or the user's own
    AMISS = "amiss"  # it stands there as something else, or in other words
    MISSING = "missing"  # it stands nowhere
    OPEN = "open"  # one of these, which is being looked at
    FOUND = "found"
    DIFFERS = "differs"  # another answer says otherwise, or nothing
    CURRENT = "current"  # the occurrence that the search stands at
    SELECTED = "selected"
    FOCUSED = "focused"  # the link that the keyboard has come to


TO_LOOK_AT = frozenset({MarkKind.AMISS, MarkKind.MISSING})
UNDERLINED = frozenset({MarkKind.STANDS, MarkKind.ASIDE, MarkKind.AMISS, MarkKind.MISSING})


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to `end` of a box's text that stand out; `name` tells a placed mark from others."""

    start: int
    end: int
    kind: MarkKind = MarkKind.SELECTED
    name: int | None = None


def marks_within(marks: Sequence[Mark], start: int, end: int) -> Sequence[Mark]:
    """Return the marks that touch the characters `start` to `end`.

    Cheap for a search that finds every second letter, and for a text full of underlined words: first come the lines,
    then what was found, both in order and apart; after them stand at most a few marks of other kinds.
    """
    found = len(marks)
    while found and marks[found - 1].kind is not MarkKind.FOUND and marks[found - 1].kind not in UNDERLINED:
        found -= 1
    lines = bisect_left(marks, True, hi=found, key=lambda mark: mark.kind is MarkKind.FOUND)
    within: list[Mark] = []
    for low, high in ((0, lines), (lines, found)):
        first = bisect_right(marks, start, low, high, key=attrgetter("end"))
        within += marks[first : bisect_left(marks, end, first, high, key=attrgetter("start"))]
    within += [mark for mark in marks[found:] if mark.start < end and mark.end > start]
    return within


class Box:
    """Leaf that is laid out. Coordinates are the box's own, in pixels; `marks` are in order of their kinds.

    Here is what a box does that has neither text nor anything to press or to move.
    """

    is_unfinished = False  # it was painted before all of it was known: to be painted again
    is_right_to_left = False  # its markers stand at its right

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        self.leaf = leaf
        self.height = 0.0
        self._width = width
        self._style = style

    def update(self, leaf: Leaf, width: float) -> float:
        """Take a newer form of the same leaf, or a new width; keeps what can be kept.

        Return the height from which on it looks different: what is above need not be painted again.
        """
        self.leaf, self._width = leaf, width
        return 0.0

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        """Paint with the top left corner at `origin`; nothing outside `clip` needs to be painted."""
        raise NotImplementedError

    def hit(self, x: float, y: float) -> Hit:
        """Return what is at a point; points outside count for the nearest character."""
        return Hit(0)

    def first_baseline(self) -> float:
        """Return where the marker of an item stands beside it."""
        return self._style.baseline(self._style.body)

    def top_of(self, offset: int) -> float:
        """Return about where a character stands."""
        return share_above(self.leaf, offset) * self.height

    def natural_width(self) -> float:
        """Return how much room it would take if it had all that it wants."""
        return math.inf

    def formulas_ready(self, ready: Set[Key]) -> float | None:
        """Lay out again what shows the source of one of these formulas, which have been typeset now.

        Return the height from which on it looks different, or None if nothing has changed.
        """
        return None

    def scroll_sideways(self, by: float) -> bool:
        """Move content that is wider than the box; False if it cannot move."""
        return False

    def is_grip(self, x: float, y: float) -> bool:
        """Return True if a point lies on the bar of sideways scrolling."""
        return False

    def drag_grip(self, x: float) -> bool:
        """Bring the bar's middle under a point; False if nothing moved."""
        return False


_BAR = 4.0
_ABOVE_EDGE = 3.0
_GRIP = 14.0  # height in which the bar can be taken hold of: more than is painted
_SHORTEST = 24.0


class WideBox(Box):
    """Box with a content of some natural width, which begins at `left` and has `room` pixels."""

    left = 0.0

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        super().__init__(leaf, width, style)
        self.offset = 0.0
        self.natural = 0.0
        self.room = 0.0

    @property
    def needs_bar(self) -> bool:
        """True if some of the content is out of sight."""
        return self.natural > self.room + 0.5

    def fit(self, natural: float, room: float) -> None:
        """Take other widths; the offset stays where it can."""
        self.natural, self.room = natural, room
        self._move_to(self.offset)

    def scroll_sideways(self, by: float) -> bool:
        return self._move_to(self.offset + by)

    def is_grip(self, x: float, y: float) -> bool:
        is_at_bottom = self.height - _GRIP <= y < self.height
        return self.needs_bar and is_at_bottom and self.left <= x <= self.left + self.room

    def drag_grip(self, x: float) -> bool:
        length = self._length()
        if not self.needs_bar or self.room <= length:
            return False
        part = (x - self.left - length / 2) / (self.room - length)
        return self._move_to(part * (self.natural - self.room))

    def track(self, origin: QPointF, below: float = 0.0) -> QRectF:
        """Return where the bar may stand at the lower edge of the box, or so far below it."""
        top = origin.y() + self.height + below - _BAR - _ABOVE_EDGE
        return QRectF(origin.x() + self.left, top, self.room, _BAR)

    def paint_bar(self, painter: QPainter, origin: QPointF, below: float = 0.0) -> None:
        """Paint the bar, if one is needed."""
        if not self.needs_bar:
            return
        length = self._length()
        at = (self.room - length) * self.offset / (self.natural - self.room)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colours.line)
        track = self.track(origin, below)
        painter.drawRoundedRect(QRectF(track.left() + at, track.top(), length, _BAR), _BAR / 2, _BAR / 2)

    def _move_to(self, offset: float) -> bool:
        before = self.offset
        self.offset = max(0.0, min(self.natural - self.room, offset))
        return self.offset != before

    def _length(self) -> float:
        return min(self.room, max(_SHORTEST, self.room * self.room / max(1.0, self.natural)))
