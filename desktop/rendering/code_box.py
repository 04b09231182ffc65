"""A block of code: a header with the language and a copy button, lines that do not wrap, sideways scrolling inside.

Every line is as high as every other, so only the lines in sight are ever laid out, and a line appended to a long
block costs what it costs in an empty one.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QTextLayout, QTextOption

from desktop.rendering.box import Hit
from desktop.rendering.highlight import CodeHighlighter, TokenKind
from desktop.rendering.leaves import Leaf
from desktop.rendering.page_style import PageStyle
from desktop.rendering.text_box import selection_format
from desktop.rendering.utf16 import Units

_HEADER = 30.0
_PAD = 12.0
_RADIUS = 8.0
_KEPT_LAYOUTS = 400  # lines whose layout is kept: several screens full
_BAR = 4.0
# Signs that end a line for Qt but not for code; what follows them would not be shown.
_BREAKS = {0x2028: "↵", 0x2029: "↵"}


class CodeBox:
    """A fenced or indented block of code."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        self.leaf = Leaf(leaf.kind)
        self.height = 0.0
        self._style = style
        self._width = width
        self._lines: list[str] = [""]
        self._starts: list[int] = [0]
        self._coloured: list[list[tuple[int, int, TokenKind]]] = []
        self._highlighter: CodeHighlighter | None = None
        self._layouts: dict[int, QTextLayout] = {}
        self._natural = 0.0
        self._offset = 0.0
        self._small = QFont(style.body)
        self._small.setPixelSize(max(10, round(style.text_px * 0.8)))
        self.update(leaf, width)

    def update(self, leaf: Leaf, width: float) -> float:
        old = self.leaf
        lines_before, natural_before, same_width = len(self._lines), self._natural, width == self._width
        self._width = width
        self.leaf = leaf
        shown = leaf.text.removesuffix("\n")
        if leaf.language != old.language or not leaf.text.startswith(old.text.removesuffix("\n")):
            self._lines, self._starts = [""], [0]
            self._coloured.clear()
            self._layouts.clear()
            self._highlighter = None
            self._natural = 0.0
        known = self._starts[-1] + len(self._lines[-1])
        if len(shown) > known:
            self._append(shown[known:])
        if old.is_open and not leaf.is_open:
            self._layouts.pop(len(self._lines) - 1, None)  # a last line is coloured once it is known to be whole
        if len(shown) < known:  # a line break that had been counted as a line of its own
            self._lines, self._starts = self._lines[:-1] or [""], self._starts[:-1] or [0]
        self.height = _HEADER + _PAD * 2 + len(self._lines) * self._style.mono_line
        same_head = leaf.language == old.language and same_width and self._natural == natural_before > 0
        # The line that grows may have coloured the one above it anew.
        return _HEADER + _PAD + max(0, lines_before - 2) * self._style.mono_line if same_head else 0.0

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, selection: tuple[int, int] | None) -> None:
        colours = self._style.colours
        frame = QRectF(origin.x(), origin.y(), self._width, self.height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(colours.code_ground)
        painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        if clip.top() < origin.y() + _HEADER:
            self._paint_header(painter, origin)
        inside = frame.adjusted(1, _HEADER, -1, -1)
        painter.save()
        painter.setClipRect(inside & clip)
        self._paint_lines(painter, origin, clip, selection)
        painter.restore()
        self._paint_bar(painter, frame)

    def hit(self, x: float, y: float) -> Hit:
        if y < _HEADER:
            return Hit(0, on_copy=x > self._width - self._copy_width() - _PAD)
        line = int((y - _HEADER - _PAD) // self._style.mono_line)
        line = max(0, min(line, len(self._lines) - 1))
        layout = self._layout(line)
        unit = layout.lineAt(0).xToCursor(x - _PAD + self._offset) if layout.lineCount() else 0
        return Hit(self._starts[line] + Units(self._lines[line]).to_python(unit))

    def text(self) -> str:
        return self.leaf.text

    def scroll_sideways(self, by: float) -> bool:
        most = max(0.0, self._natural - (self._width - 2 * _PAD))
        moved = max(0.0, min(most, self._offset + by))
        changed = moved != self._offset
        self._offset = moved
        return changed

    def _append(self, added: str) -> None:
        pieces = added.split("\n")
        last = len(self._lines) - 1
        self._lines[last] += pieces[0]
        self._layouts.pop(last, None)
        del self._coloured[last:]
        for piece in pieces[1:]:
            self._starts.append(self._starts[-1] + len(self._lines[-1]) + 1)
            self._lines.append(piece)

    def _paint_header(self, painter: QPainter, origin: QPointF) -> None:
        painter.setFont(self._small)
        painter.setPen(self._style.colours.muted)
        row = QRectF(origin.x() + _PAD, origin.y(), self._width - 2 * _PAD, _HEADER)
        language = self.leaf.language[:40] or QCoreApplication.translate("CodeBox", "code")
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, language)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._copy_word())
        painter.setPen(QPen(self._style.colours.line, 1))
        y = origin.y() + _HEADER
        painter.drawLine(QPointF(origin.x() + 1, y), QPointF(origin.x() + self._width - 1, y))

    def _paint_lines(self, painter: QPainter, origin: QPointF, clip: QRectF, selection: tuple[int, int] | None) -> None:
        step = self._style.mono_line
        top = origin.y() + _HEADER + _PAD
        first = max(0, int((clip.top() - top) // step))
        last = min(len(self._lines) - 1, int((clip.bottom() - top) // step))
        painter.setPen(self._style.colours.ink)
        for number in range(first, last + 1):
            layout = self._layout(number)
            line = layout.lineAt(0)
            y = top + number * step + (step - line.height()) / 2
            chosen = self._selected(number, selection)
            layout.draw(painter, QPointF(origin.x() + _PAD - self._offset, y), chosen, clip)

    def _paint_bar(self, painter: QPainter, frame: QRectF) -> None:
        room = self._width - 2 * _PAD
        if self._natural <= room:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colours.line)
        length = max(24.0, room * room / self._natural)
        at = (room - length) * self._offset / (self._natural - room)
        painter.drawRoundedRect(
            QRectF(frame.left() + _PAD + at, frame.bottom() - _BAR - 3, length, _BAR), _BAR / 2, _BAR / 2
        )

    def _layout(self, number: int) -> QTextLayout:
        found = self._layouts.get(number)
        if found is not None:
            return found
        if len(self._layouts) > _KEPT_LAYOUTS:
            self._layouts.clear()
        layout = QTextLayout(self._lines[number].translate(_BREAKS), self._style.mono)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        option.setTabStopDistance(self._style.mono.pixelSize() * 2.4)
        layout.setTextOption(option)
        layout.setFormats(self._colours_of(number))
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(1e7)
        layout.endLayout()
        self._natural = max(self._natural, line.naturalTextWidth())
        self._layouts[number] = layout
        return layout

    def _colours_of(self, number: int) -> list[QTextLayout.FormatRange]:
        whole = len(self._lines) - 1 if self.leaf.is_open else len(self._lines)
        if number < whole and number >= len(self._coloured):
            if self._highlighter is None or not self._coloured:
                self._highlighter = CodeHighlighter(self.leaf.language)
                self._coloured.clear()
            fresh = self._lines[len(self._coloured) : number + 1]
            self._coloured.extend(self._highlighter.append_lines(fresh))
        if number >= len(self._coloured):
            return []
        ranges: list[QTextLayout.FormatRange] = []
        units = Units(self._lines[number])
        for start, end, kind in self._coloured[number]:
            token_format = self._style.token_format(kind)
            if token_format is not None:
                a, b = units.to_qt(start), units.to_qt(end)
                made = QTextLayout.FormatRange()
                made.start, made.length, made.format = a, b - a, token_format
                ranges.append(made)
        return ranges

    def _selected(self, number: int, selection: tuple[int, int] | None) -> list[QTextLayout.FormatRange]:
        if selection is None:
            return []
        start, length = self._starts[number], len(self._lines[number])
        a, b = max(selection[0] - start, 0), min(selection[1] - start, length)
        if a >= b:
            return []
        units = Units(self._lines[number])
        a, b = units.to_qt(a), units.to_qt(b)
        made = QTextLayout.FormatRange()
        made.start, made.length, made.format = a, b - a, selection_format(self._style)
        return [made]

    def _copy_word(self) -> str:
        return QCoreApplication.translate("CodeBox", "Copy")

    def _copy_width(self) -> float:
        return self._style.text_px * 4.0
