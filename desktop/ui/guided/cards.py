"""The growing prompt as cards in the colours of its parts, and below them what will be asked next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.tasks.cards import PromptCard
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE, RULE_WIDTH
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, number

_CORNER_PX = 4
_LEAST_CONTRAST = 4.5
_MOST_MARKS = 20  # of a fence; what is pasted may hold longer ones


@dataclass(frozen=True, slots=True)
class Growth:
    """What is shown of a prompt. `colours` and `names` are by field; `coming`: what will be asked next."""

    cards: Sequence[PromptCard]
    colours: Mapping[str, int]
    names: Mapping[str, str]
    coming: Sequence[str] = ()


class CardColumn(QWidget):
    """A column of cards."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._growth = Growth((), {}, {})
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GAP_WIDE, GAP_WIDE, GAP_WIDE, GAP_WIDE)
        self._column.setSpacing(GAP)
        theme.changed.connect(self._take_theme)

    def show_growth(self, growth: Growth) -> None:
        """Show these cards in place of those that are there."""
        self._growth = growth
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for card in growth.cards:
            name = self.tr("Material") if card.is_material else growth.names.get(card.field, "")
            if card.is_proposed:
                name = fill(self.tr("%1 (not taken yet)", "part of a prompt"), name)
            shown = _Card(self._theme, card, name, growth.colours.get(card.field, 0))
            self._column.addWidget(shown)
        if growth.coming:
            coming = QWidget()
            lines = QVBoxLayout(coming)
            lines.setContentsMargins(GAP_SECTION, GAP, GAP_SECTION, 0)
            lines.setSpacing(GAP_TIGHT)
            lines.addWidget(PlainLabel(self.tr("Asked next"), "strong small"))
            for words in growth.coming:
                lines.addWidget(PlainLabel(words, "small", wraps=True))
            self._column.addWidget(coming)
        self._column.addStretch(1)

    def _take_theme(self) -> None:
        self.show_growth(self._growth)


class _Card(QWidget):
    """A card on the ground of its part, with a rule at its left."""

    def __init__(self, theme: Theme, card: PromptCard, name: str, colour: int) -> None:
        super().__init__()
        tokens = theme.tokens
        self._rule = QColor(tokens.parts[colour % len(tokens.parts)])
        self._ground = QColor(tokens.part_grounds[colour % len(tokens.part_grounds)])
        self._is_dashed = card.is_proposed
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_SECTION - 1, GAP, GAP_WIDE, GAP)
        column.setSpacing(2)
        heading = PlainLabel(name, "strong small")
        is_clear = _contrast(self._rule, self._ground) >= _LEAST_CONTRAST
        _colour(heading, self._rule if is_clear else QColor(tokens.muted))
        column.addWidget(heading)
        for text, is_fence in _lines_of(card):
            label = PlainLabel(text, "small" if is_fence else "small ink", wraps=not is_fence)
            column.addWidget(label)
        if card.left_out:
            more = fill(self.tr("[ %1 more characters, which are sent as well ]"), number(card.left_out))
            column.addWidget(PlainLabel(more, "small", wraps=True))
        self.setAccessibleName(f"{name}: {card.text}")

    # Qt's own methods

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(self.rect(), _CORNER_PX, _CORNER_PX)
        painter.fillRect(0, 0, RULE_WIDTH, self.height(), self._rule)
        if self._is_dashed:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._rule, 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), _CORNER_PX, _CORNER_PX)


def _lines_of(card: PromptCard) -> list[tuple[str, bool]]:
    """Return the text of a card in pieces, each with whether it is a fence."""
    first, _, rest = card.text.partition("\n")
    body, _, last = rest.rpartition("\n")
    if not card.is_fenced or not body or len(first) > _MOST_MARKS or len(last) > _MOST_MARKS:
        return [(card.text, False)]
    return [(first, True), (body, False), (last, True)]


def _colour(label: PlainLabel, colour: QColor) -> None:
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, colour)
    label.setPalette(palette)


def _contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2 has it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
