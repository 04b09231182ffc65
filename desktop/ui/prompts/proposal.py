"""The proposal of how a message would be taken apart: its own words, coloured part by part, before anything moves.

Told what to show; emits what the user says to it.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop.core.prompts.freeform_parser import TakenApart
from desktop.rendering.text.invisible import show_invisible
from desktop.rendering.text.utf16 import Units
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, RADIUS, SMALL
from desktop.ui.prompts.preview import Tint, TintedBox
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import FlowLayout, empty, stack
from desktop.ui.words import listed

_LONGEST = 3_000  # characters that are shown; of a longer message the beginning
_HIGHEST_PX = 260


class PartName(QWidget):
    """The name of a part on the ground that its words have."""

    def __init__(self, theme: Theme, name: str, colour: int) -> None:
        super().__init__()
        self._theme = theme
        self._colour = colour
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    # Qt's own methods

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.ui_font(SMALL))
        return QSize(metrics.horizontalAdvance(self.accessibleName()) + 2 * GAP, metrics.lineSpacing() + GAP_TIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.part_grounds[self._colour % len(tokens.part_grounds)]))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS - 3, RADIUS - 3)
        painter.setPen(QColor(tokens.ink))
        painter.setFont(self._theme.ui_font(SMALL))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.accessibleName())


class ApartProposal(QFrame):
    """A card with the message, the names of the parts that it has, and two buttons."""

    shown_changed = Signal(bool)
    accepted = Signal(object)  # the TakenApart that was proposed

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._taken: TakenApart | None = None
        set_look(self, "part")
        self.box = TintedBox(theme, self.tr("Your message, part by part"))
        names = QWidget()
        self._names = FlowLayout(names, GAP_TIGHT)
        self.accept = button(self.tr("Sort it so"), "filled", self._accept, fill="accent")
        self.keep = button(self.tr("Keep it as it is"), "quiet", self.withdraw)
        said = PlainLabel(self.tr("Your message, part by part:"), "small", wraps=True)
        buttons = stack(self.accept, self.keep, None, across=True)
        stack(said, self.box, names, buttons, margins=GAP, on=self)
        theme.changed.connect(self._take_height)
        self.hide()

    def propose(self, taken: TakenApart, names: Mapping[str, str], colours: Mapping[str, int]) -> None:
        """Show a message with its pieces; `names` and `colours` by the keys of the parts."""
        self._taken = taken
        shown = taken.message[:_LONGEST]
        units = Units(shown)
        self.box.setPlainText(f"{shown} …" if len(shown) < len(taken.message) else shown)
        self.box.tint(
            [
                Tint(units.to_qt(each.start), units.to_qt(min(each.end, len(shown))), colours.get(each.field, 0))
                for each in taken.pieces
                if each.start < len(shown)
            ]
        )
        found = [key for key in names if any(each.field == key for each in taken.pieces)]
        empty(self._names)
        for key in found:
            self._names.addWidget(PartName(self._theme, show_invisible(names[key]), colours.get(key, 0)))
        self.box.setAccessibleDescription(listed(names[key] for key in found))
        self._take_height()
        self.show()
        self.shown_changed.emit(True)
        self.accept.setFocus(Qt.FocusReason.OtherFocusReason)

    def withdraw(self) -> None:
        """Hide it: it was answered, or something else is shown."""
        if not self.isHidden():
            self.hide()
            self.shown_changed.emit(False)

    def _accept(self) -> None:
        self.withdraw()
        self.accepted.emit(self._taken)

    def _take_height(self) -> None:
        """Be as high as the lines of the message, up to some."""
        self.box.setFont(self._theme.ui_font())
        metrics, margin = self.box.fontMetrics(), 2 * round(self.box.document().documentMargin())
        room = QRect(0, 0, max(1, self.box.width() - margin - GAP), 100_000)
        wanted = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self.box.toPlainText()).height()
        most = self._theme.px(_HIGHEST_PX)
        self.box.setFixedHeight(min(most, max(2 * metrics.lineSpacing(), wanted)) + margin + GAP)

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_height()
