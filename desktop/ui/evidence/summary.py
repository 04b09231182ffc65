"""The quiet lines below an answer: how much of it was found in the files, and what is amiss.

The words are their own legend: they carry the lines that stand below words of the answer, and lead to the first such.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop.rendering.page.box import MarkKind
from desktop.rendering.text.utf16 import Units
from desktop.ui.evidence.words import EvidenceLine, Linked
from desktop.ui.look.icons import pixmap
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.tokens import GAP, GAP_WIDE, LINE_HEIGHT, SMALL, TEXT_PX
from desktop.ui.message_actions import Ask, ShowEvidence
from desktop.ui.widgets.labels import set_tooltip

_ICON_PX = 16
_RING = 2  # of the focus, in pixels


class MarkButton(QAbstractButton):
    """Words of a line with the mark that they explain. A press leads to the first thing that carries it."""

    def __init__(self, look: PageLook, words: str, kind: MarkKind, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._kind = kind
        self.setText(words)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)  # painted anew as the pointer comes and goes
        self.setAccessibleName(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, style = self._look.theme, self._look.answer
        painter = QPainter(self)
        painter.setFont(theme.ui_font(SMALL))
        baseline = _baseline(self._look)
        if self.underMouse():
            painter.fillRect(self.rect().adjusted(_RING, 0, -_RING, 0), theme.color("hover"))
        painter.setPen(_ink(self._look, is_amiss=self._kind is MarkKind.AMISS))
        painter.drawText(QPointF(_RING, baseline), self.text())
        painter.setPen(style.mark_pen(self._kind))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._kind is MarkKind.AMISS)
        y = round(baseline + style.mark_drop) + 0.5
        painter.drawLine(QPointF(_RING, y), QPointF(self.width() - _RING, y))
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("accent"), _RING))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


class SummaryLine(QWidget):
    """One line of words, some of which are buttons; wraps if room is short."""

    def __init__(self, look: PageLook, line: EvidenceLine, notes: Sequence[str], ask: Ask, parent: QWidget) -> None:
        """Build the line. `notes` says of each button what it leads to."""
        super().__init__(parent)
        self._look = look
        self._line = line
        self._units = Units(line.text)
        self._layout: QTextLayout | None = None
        self._laid_out = 0  # pixels in width
        self.buttons = [self._make_button(each, note, ask) for each, note in zip(line.linked, notes, strict=True)]
        self.setAccessibleName(line.text)

    @property
    def words(self) -> str:
        return self._line.text

    @property
    def is_amiss(self) -> bool:
        return self._line.is_amiss

    @property
    def has_found(self) -> bool:
        """True if it tells of more than what is missing."""
        return any(each.mark is not MarkKind.MISSING for each in self._line.linked)

    def height_for(self, width: int) -> int:
        """Return the height in pixels that it needs at a width in pixels."""
        return round(self._lay_out(width).lineCount() * _step(self._look))

    def refresh_look(self) -> None:
        """Apply the theme's present look."""
        self._layout = None

    def _make_button(self, linked: Linked, note: str, ask: Ask) -> MarkButton:
        button = MarkButton(self._look, self._line.text[linked.start : linked.end], linked.mark, self)
        set_tooltip(button, note)
        button.setAccessibleDescription(note)
        button.clicked.connect(lambda: ask(ShowEvidence(linked.thing)))
        return button

    def _lay_out(self, width: int) -> QTextLayout:
        if self._layout is not None and self._laid_out == width:
            return self._layout
        layout = QTextLayout(self._line.text, self._look.theme.ui_font(SMALL))
        hidden = QTextCharFormat()
        hidden.setForeground(QColor(Qt.GlobalColor.transparent))  # the buttons write these words
        formats = []
        for linked in self._line.linked:
            each = QTextLayout.FormatRange()
            each.start = self._units.to_qt(linked.start)
            each.length = self._units.to_qt(linked.end) - each.start
            each.format = hidden
            formats.append(each)
        layout.setFormats(formats)
        layout.beginLayout()
        number = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, number * _step(self._look) + _baseline(self._look) - line.ascent()))
            number += 1
        layout.endLayout()
        self._layout, self._laid_out = layout, width
        return layout

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        layout = self._lay_out(self.width())
        step = _step(self._look)
        for button, linked in zip(self.buttons, self._line.linked, strict=True):
            start, end = self._units.to_qt(linked.start), self._units.to_qt(linked.end)
            line = layout.lineForTextPosition(start)
            left = line.cursorToX(start)[0]  # type: ignore[index]
            right = line.cursorToX(min(end, line.textStart() + line.textLength()))[0]  # type: ignore[index]
            top = round(line.lineNumber() * step)
            button.setGeometry(round(left) - _RING, top, round(right - left) + 2 * _RING, round(step))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(_ink(self._look, is_amiss=self._line.is_amiss))
        self._lay_out(self.width()).draw(painter, QPointF(0, 0))


class EvidenceSummary(QWidget):
    """All lines of one answer, with a drawing at their head."""

    def __init__(self, look: PageLook, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.lines: list[SummaryLine] = []
        look.theme.changed.connect(self._refresh_look)

    def show_lines(self, lines: Sequence[EvidenceLine], notes: Sequence[Sequence[str]], ask: Ask) -> None:
        """Show these lines. `notes` says of each of their buttons what it leads to."""
        for gone in self.lines:
            gone.hide()
            gone.deleteLater()
        self.lines = [SummaryLine(self._look, *each, ask, self) for each in zip(lines, notes, strict=True)]
        for each in self.lines:
            each.show()
        self.setAccessibleName("\n".join(each.words for each in self.lines))
        self._place()

    def height_for(self, width: int) -> int:
        """Return the height in pixels that it needs at a width in pixels."""
        return GAP_WIDE + sum(line.height_for(self._room(width)) for line in self.lines)

    def _room(self, width: int) -> int:
        return width - self._indent

    @property
    def _indent(self) -> int:
        return self._look.theme.px(_ICON_PX) + GAP if self._drawing else 0

    @property
    def _drawing(self) -> str:
        """The name of the drawing; none where nothing is found, since a tick would read as approval."""
        if any(line.is_amiss for line in self.lines):
            return "warning"
        return "found" if any(line.has_found for line in self.lines) else ""

    def _place(self) -> None:
        y, room = GAP_WIDE, self._room(self.width())
        for line in self.lines:
            height = line.height_for(room)
            line.setGeometry(QRect(self._indent, y, room, height))
            y += height

    def _refresh_look(self) -> None:
        for line in self.lines:
            line.refresh_look()
        self._place()
        self.update()

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not (name := self._drawing):
            return
        edge, tokens = self._look.theme.px(_ICON_PX), self._look.theme.tokens
        colour = tokens.internet if name == "warning" else tokens.muted
        drawing = pixmap(name, colour, edge, self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, GAP_WIDE + round((_step(self._look) - edge) / 2), drawing)


def _step(look: PageLook) -> float:
    """Return the height of a line in pixels."""
    return float(look.theme.px(TEXT_PX * SMALL * LINE_HEIGHT + 1))  # with room for the line below the words


def _baseline(look: PageLook) -> float:
    """Return how far below the upper edge of a line its words stand."""
    metrics = QFontMetricsF(look.theme.ui_font(SMALL))
    return (_step(look) - 2 - metrics.height()) / 2 + metrics.ascent()


def _ink(look: PageLook, *, is_amiss: bool) -> QColor:
    return look.theme.color("internet" if is_amiss else "muted")
