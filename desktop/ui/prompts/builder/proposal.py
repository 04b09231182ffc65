"""The proposal of how a message would be taken apart: its own words, coloured part by part, before anything moves.

Told what to show; emits what the user says to it.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.core.prompts.freeform_parser import TakenApart
from desktop.rendering.text.invisible import show_invisible
from desktop.rendering.text.utf16 import Units
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, RADIUS, SMALL
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import FlowLayout
from desktop.ui.words import listed

_LONGEST = 3_000  # characters that are shown; of a longer message the beginning
_HIGHEST_PX = 260
_MOST_TINTED = 200  # pieces


class PartName(QWidget):
    """The name of a part on the ground that its words have."""

    def __init__(self, theme: Theme, name: str, colour: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colour = colour
        self._name = name
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    # Qt's own methods

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.ui_font(SMALL))
        return QSize(metrics.horizontalAdvance(self._name) + 2 * GAP, metrics.lineSpacing() + GAP_TIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.part_grounds[self._colour % len(tokens.part_grounds)]))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS - 3, RADIUS - 3)
        painter.setPen(QColor(tokens.ink))
        painter.setFont(self._theme.ui_font(SMALL))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._name)


class ApartProposal(QFrame):
    """A card with the message, the names of the parts that it has, and two buttons."""

    shown_changed = Signal(bool)
    accepted = Signal(object)  # the TakenApart that was proposed

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._taken: TakenApart | None = None
        self._pieces: list[tuple[int, int, int]] = []  # start, end and colour
        set_look(self, "part")
        self._words = PlainLabel(self.tr("Your message, part by part:"), "small", wraps=True)
        self.box = QPlainTextEdit()
        self.box.setReadOnly(True)
        self.box.setTabChangesFocus(True)
        self.box.setFrameShape(QFrame.Shape.NoFrame)
        self.box.setUndoRedoEnabled(False)
        self.box.setAccessibleName(self.tr("Your message, part by part"))
        self._names = QWidget()
        self._flow = FlowLayout(self._names, GAP_TIGHT)
        self.accept = QPushButton(self.tr("Sort it so"))
        self.keep = QPushButton(self.tr("Keep it as it is"))
        for button, look in ((self.accept, "filled"), (self.keep, "quiet")):
            button.setAutoDefault(False)
            set_look(button, look, "accent" if look == "filled" else "")
        self._lay_out()
        self.accept.clicked.connect(self._accept)
        self.keep.clicked.connect(self.withdraw)
        theme.changed.connect(self._take_theme)
        self.hide()

    def propose(self, taken: TakenApart, names: Mapping[str, str], colours: Mapping[str, int]) -> None:
        """Show a message with its pieces; `names` and `colours` by the keys of the parts."""
        self._taken = taken
        shown = taken.message[:_LONGEST]
        is_cut = len(shown) < len(taken.message)
        units = Units(shown)
        self._pieces = [
            (units.to_qt(each.start), units.to_qt(min(each.end, len(shown))), colours.get(each.field, 0))
            for each in taken.pieces[:_MOST_TINTED]
            if each.start < len(shown)
        ]
        self.box.setPlainText(f"{shown} …" if is_cut else shown)
        self._show_names([key for key in names if any(each.field == key for each in taken.pieces)], names, colours)
        self._take_theme()
        self.show()
        self.shown_changed.emit(True)
        self.accept.setFocus(Qt.FocusReason.OtherFocusReason)

    def withdraw(self) -> None:
        """Hide it: it was answered, or something else is shown."""
        if not self.isHidden():
            self.hide()
            self.shown_changed.emit(False)

    def _accept(self) -> None:
        taken, self._taken = self._taken, None
        self.withdraw()
        if taken is not None:
            self.accepted.emit(taken)

    def _show_names(self, keys: list[str], names: Mapping[str, str], colours: Mapping[str, int]) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for key in keys:
            self._flow.addWidget(PartName(self._theme, show_invisible(names[key]), colours.get(key, 0)))
        said = listed(names[key] for key in keys)
        self.box.setAccessibleDescription(said)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addWidget(self.accept)
        buttons.addWidget(self.keep)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addWidget(self._words)
        column.addWidget(self.box)
        column.addWidget(self._names)
        column.addLayout(buttons)

    def _take_theme(self) -> None:
        self.box.setFont(self._theme.ui_font())
        tokens = self._theme.tokens
        selections = []
        for start, end, colour in self._pieces:
            style = QTextCharFormat()
            style.setBackground(QColor(tokens.part_grounds[colour % len(tokens.part_grounds)]))
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.box.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            selection.cursor, selection.format = cursor, style
            selections.append(selection)
        self.box.setExtraSelections(selections)
        self._take_height()

    def _take_height(self) -> None:
        """Be as high as the lines of the message, up to some."""
        metrics, margin = self.box.fontMetrics(), 2 * round(self.box.document().documentMargin())
        room = QRect(0, 0, max(1, self.box.width() - margin - GAP), 100_000)
        wanted = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self.box.toPlainText()).height()
        most = self._theme.px(_HIGHEST_PX)
        self.box.setFixedHeight(min(most, max(2 * metrics.lineSpacing(), wanted)) + margin + GAP)

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_height()
