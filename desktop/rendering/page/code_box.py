"""A block of code: a header with the language and a copy button, lines that do not wrap, sideways scrolling inside.

Every line is as high as every other, so only the lines in sight are ever laid out and coloured.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption

from desktop.rendering.code import MOST_LINES, CodeColours, ColouredLine, guess_language
from desktop.rendering.page.box import UNDERLINED, Hit, Mark, PageStyle, WideBox, marks_within
from desktop.rendering.page.text_box import format_range
from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.letters import Units, has_stacked_marks, show_controls

_HEADER = 30.0
_PAD = 12.0
_RADIUS = 8.0
_KEPT_LAYOUTS = 400  # lines whose layout is kept: several screens full
_LONGEST_LANGUAGE = 40
_RING_PAD = 6.0  # between Copy and the ring of the focus

# Of a longer line (minified code, base64) only so many characters are shown; a layout of a megabyte takes a second.
_LONGEST_SHOWN = 4_000

# Seconds that a paint waits for a lexer, which is loaded in another thread: waiting briefly avoids a repaint.
_PATIENCE = 0.004


class CodeBox(WideBox):
    """Block of code, fenced or indented."""

    left = _PAD

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        super().__init__(Leaf(leaf.kind), width, style)
        self.says_copied = False  # in the place of Copy, for a moment
        self.is_focused = False  # the keyboard is at Copy
        self._lines: list[str] = [""]
        self._starts: list[int] = [0]
        self._guessed = ""
        self._colours = CodeColours("")
        self._layouts: dict[int, tuple[QTextLayout, ColouredLine | None]] = {}
        self._small = QFont(style.body)
        self._small.setPixelSize(max(10, round(style.text_px * 0.8)))
        self._option = QTextOption()  # of each line
        self._option.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        self._option.setTabStopDistance(style.mono.pixelSize() * 2.4)
        self.update(leaf, width)

    def update(self, leaf: Leaf, width: float) -> float:
        old, natural_before, same_width = self.leaf, self.natural, width == self._width
        goes_on = leaf.language == old.language and leaf.text.startswith(old.text.removesuffix("\n"))
        # The line that grew has its colours as soon as it is whole; those above it have had them.
        kept = len(self._lines) - 1 if goes_on else 0
        self.leaf, self._width = leaf, width
        self._lines = leaf.text.removesuffix("\n").split("\n")
        self._starts = list(accumulate((len(line) + 1 for line in self._lines), initial=0))
        self._layouts = {number: layout for number, layout in self._layouts.items() if number < kept}
        is_closed = old.is_open and not leaf.is_open
        self._colours.cut(0 if is_closed else kept)  # lines read one by one did not see what had begun far above them
        if not goes_on:
            self._guessed, self.natural = "", 0.0
            self._colours = CodeColours(leaf.language)
        same_label = not self._learn_language() and leaf.language == old.language
        self.fit(self.natural, width - 2 * _PAD)
        self.height = _HEADER + _PAD * 2 + len(self._lines) * self._style.mono_line
        if is_closed or not (same_label and same_width and self.natural == natural_before > 0):
            return 0.0
        return _HEADER + _PAD + min(kept, len(self._lines) - 1) * self._style.mono_line

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        colours = self._style.colours
        frame = QRectF(origin.x(), origin.y(), self._width, self.height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(colours.code_ground)
        painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        if clip.top() < origin.y() + _HEADER:
            self._paint_header(painter, origin)
        inside = frame.adjusted(1, _HEADER, -1, -1) & clip
        natural = self.natural
        painter.save()
        painter.setClipRect(inside, Qt.ClipOperation.IntersectClip)
        self._paint_lines(painter, origin, inside, marks)
        painter.restore()
        self.paint_bar(painter, origin)
        if self.natural != natural and not clip.contains(self.track(origin)):
            self.is_unfinished |= self.needs_bar  # its bar is another one now

    def hit(self, x: float, y: float) -> Hit:
        if y < _HEADER:
            return Hit(0, on_copy=x > self._width - self._copy_width() - _PAD)
        line = int((y - _HEADER - _PAD) // self._style.mono_line)
        line = max(0, min(line, len(self._lines) - 1))
        layout = self._layout(line)
        along = min(max(0.0, x - _PAD + self.offset), self.natural + 1)  # Qt's own range is small
        unit = max(0, layout.lineAt(0).xToCursor(along)) if layout.lineCount() else 0
        shown = self._shown(line)
        return Hit(self._starts[line] + min(len(shown), Units(shown).to_python(unit)))

    def _learn_language(self) -> bool:
        """Guess the language of a block without a label, once; True when it has just become known."""
        if self.leaf.language or self._guessed:
            return False
        self._guessed = guess_language(self._lines[: min(self._whole_lines(), MOST_LINES)])
        if self._guessed:
            self._colours = CodeColours(self._guessed)
        return bool(self._guessed)

    def _whole_lines(self) -> int:
        """Return the number of lines that will not change."""
        return len(self._lines) - 1 if self.leaf.is_open else len(self._lines)

    def _shown(self, number: int) -> str:
        """Return what of a line is laid out.

        Characters that would break or steer it are shown as signs, one for one.
        """
        return show_controls(self._lines[number][:_LONGEST_SHOWN])

    def _paint_header(self, painter: QPainter, origin: QPointF) -> None:
        painter.setFont(self._small)
        painter.setPen(self._style.colours.muted)
        row = QRectF(origin.x() + _PAD, origin.y(), self._width - 2 * _PAD, _HEADER)
        language = (self.leaf.language or self._guessed)[:_LONGEST_LANGUAGE]
        words = language or QCoreApplication.translate("CodeBox", "code")
        label = row.adjusted(0, 0, -self._copy_width() - _PAD, 0)
        painter.drawText(label, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._copy_word())
        if self.is_focused:
            self._paint_focus(painter, row)
        painter.setPen(QPen(self._style.colours.line, 1))
        y = origin.y() + _HEADER
        painter.drawLine(QPointF(origin.x() + 1, y), QPointF(origin.x() + self._width - 1, y))

    def _paint_focus(self, painter: QPainter, row: QRectF) -> None:
        wide = QFontMetricsF(self._small).horizontalAdvance(self._copy_word())
        ring = QRectF(row.right() - wide, row.top(), wide, row.height()).adjusted(-_RING_PAD, 4, _RING_PAD, -4)
        painter.setPen(QPen(self._style.colours.accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(ring, 4, 4)

    def _paint_lines(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        step = self._style.mono_line
        top = origin.y() + _HEADER + _PAD
        first = max(0, int((clip.top() - top) // step))
        end = min(len(self._lines), int((clip.bottom() - top) // step) + 1)
        coloured = min(end, self._whole_lines())
        self.is_unfinished = not self._colours.find(self._lines, first, coloured, _PATIENCE, may_grow=self.leaf.is_open)
        painter.setPen(self._style.colours.ink)
        for number in range(first, end):
            layout = self._layout(number)
            row = top + number * step
            at = QPointF(origin.x() + _PAD - self.offset, row + (step - layout.lineAt(0).height()) / 2)
            is_tall = has_stacked_marks(self._lines[number][:_LONGEST_SHOWN])
            if is_tall:  # marks over marks would be painted far into other lines
                painter.save()
                painter.setClipRect(QRectF(clip.left(), row, clip.width(), step), Qt.ClipOperation.IntersectClip)
            layout.draw(painter, at, self._marked(number, marks), clip)
            if is_tall:
                painter.restore()

    def _layout(self, number: int) -> QTextLayout:
        colours = self._colours.of(number) if number < self._whole_lines() else None
        found = self._layouts.get(number)
        if found is not None and found[1] is colours:
            return found[0]
        if len(self._layouts) > _KEPT_LAYOUTS:
            self._layouts.clear()
        shown = self._shown(number)
        layout = QTextLayout(shown + self._rest_sign(number), self._style.mono)
        layout.setTextOption(self._option)
        layout.setFormats(self._formats(shown, colours or []))
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(1e7)
        layout.endLayout()
        self.fit(max(self.natural, line.naturalTextWidth()), self._width - 2 * _PAD)
        self._layouts[number] = layout, colours
        return layout

    def _rest_sign(self, number: int) -> str:
        """Return what stands for the rest of a line that is not shown whole."""
        rest = len(self._lines[number]) - _LONGEST_SHOWN
        if rest <= 0:
            return ""
        words = QCoreApplication.translate("CodeBox", "… %1 more characters, which Copy includes")
        return "  " + words.replace("%1", f"{rest:,}")

    def _formats(self, shown: str, colours: ColouredLine) -> list[QTextLayout.FormatRange]:
        units = Units(shown)
        looks = ((start, end, self._style.token_format(kind)) for start, end, kind in colours)
        return [
            format_range(units.to_qt(start), units.to_qt(end) - units.to_qt(start), look)
            for start, end, look in looks
            if look is not None
        ]

    def _marked(self, number: int, marks: Sequence[Mark]) -> list[QTextLayout.FormatRange]:
        found: list[QTextLayout.FormatRange] = []
        start, length = self._starts[number], min(len(self._lines[number]), _LONGEST_SHOWN)
        for mark in marks_within(marks, start, start + length):
            a, b = max(mark.start - start, 0), min(mark.end - start, length)
            if a < b and mark.kind not in UNDERLINED:
                units = Units(self._shown(number))
                a, b = units.to_qt(a), units.to_qt(b)
                found.append(format_range(a, b - a, self._style.mark_format(mark.kind)))
        return found

    def _copy_word(self) -> str:
        if self.says_copied:
            return QCoreApplication.translate("CodeBox", "Copied")
        return QCoreApplication.translate("CodeBox", "Copy")

    def _copy_width(self) -> float:
        return self._style.text_px * 4.0
