"""The growing prompt: as a pane beside the conversation, or as a line that unfolds where the window is narrow.

It stands in cards in the colours of its parts, and below them what will be asked next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.core.prompts.prompt import Wording
from desktop.core.tasks.cards import PromptCard, cards_of, with_proposed
from desktop.core.tasks.guiding import MATERIAL, Guiding
from desktop.ui.documents.words import text_length, tokens_of_text
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE, RULE_WIDTH
from desktop.ui.prompts.panel import PromptPanel
from desktop.ui.widgets.buttons import FoldButton, button
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel
from desktop.ui.widgets.layout import empty, stack
from desktop.ui.words import fill, number, prompt_language, say

_CORNER_PX = 4
_UNFOLDED_PX = 150
_FEW_LINES, _HALF_A_PAGE = 160, 480  # tokens, up to which a prompt is called so


def said(wording: Wording) -> str:
    """Return a guide's text in the language of the window."""
    return wording.of(prompt_language())


def short_of(guiding: Guiding, key: str) -> str:
    """Return the few words that a question is called by."""
    asked = guiding.guide.material if key == MATERIAL else guiding.question(key)
    return said(asked.short) if asked is not None else ""


@dataclass(frozen=True, slots=True)
class Growth:
    """What is shown of a prompt. `colours` and `names` are by field; `coming`: what will be asked next.

    `length`: how long it is in words.
    """

    cards: Sequence[PromptCard] = ()
    colours: Mapping[str, int] | None = None
    names: Mapping[str, str] | None = None
    coming: Sequence[str] = ()
    length: str = ""


def growth_of(panel: PromptPanel, shown: Guiding, proposed: str, coming: Sequence[str]) -> Growth:
    """Return what is shown of a draft.

    `proposed`: the words of an answer that is looked at. `coming`: the keys of the questions still to be asked.
    """
    prompt = panel.prompt_of(shown.draft)
    cards, fields = cards_of(prompt), shown.framework.fields
    return Growth(
        cards=with_proposed(cards, shown.framework.task.key, proposed) if proposed else cards,
        colours={each.key: at for at, each in enumerate(fields)},
        names={each.key: said(each.label) for each in fields},
        coming=[short_of(shown, key) for key in coming],
        length=_length(tokens_of_text(prompt.text) + panel.tokens_of_files, panel.window_tokens),
    )


def _length(tokens: float, window: int | None) -> str:
    """Return how long a prompt is, and if the model can read it."""
    length = text_length(tokens)
    if tokens <= _HALF_A_PAGE:
        length = say("guided.a_few_lines") if tokens <= _FEW_LINES else say("guided.about_half_a_page")
    if window is None:
        return length
    # That it is too long comes first: the end is cut off where there is little room.
    return say("guided.fits", length=length) if tokens <= window else say("guided.too_long", length=length)


class CardColumn(QScrollArea):
    """A column of cards."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._growth = Growth()
        cards = QWidget()
        self._column: QVBoxLayout = QVBoxLayout(cards)
        self._column.setContentsMargins(GAP_WIDE, GAP_WIDE, GAP_WIDE, GAP_WIDE)
        self._column.setSpacing(GAP)
        self.setWidget(cards)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for each in (self, cards):
            set_look(each, "card ground")
        theme.changed.connect(self._take_theme)

    def show_growth(self, growth: Growth) -> None:
        """Show these cards in place of those that are there."""
        self._growth = growth
        names, colours = growth.names or {}, growth.colours or {}
        empty(self._column)
        for card in growth.cards:
            name = self.tr("Material") if card.is_material else names.get(card.field, "")
            if card.is_proposed:
                name = fill(self.tr("%1 (not taken yet)", "part of a prompt"), name)
            self._column.addWidget(_Card(self._theme, card, name, colours.get(card.field, 0)))
        if growth.coming:
            coming, title = QWidget(), PlainLabel(self.tr("Asked next"), "strong small")
            lines = [PlainLabel(words, "small", wraps=True) for words in growth.coming]
            stack(title, *lines, gap=GAP_TIGHT, margins=(GAP_SECTION, GAP, GAP_SECTION, 0), on=coming)
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
        lines = [PlainLabel(name, "strong small"), PlainLabel(card.text, "small ink", wraps=True)]
        if card.left_out:
            more = fill(self.tr("[ %1 more characters, which are sent as well ]"), number(card.left_out))
            lines.append(PlainLabel(more, "small", wraps=True))
        stack(*lines, gap=2, margins=(GAP_SECTION - 1, GAP, GAP_WIDE, GAP), on=self)
        self.setAccessibleName(f"{name}: {card.text}")

    # Qt's own method

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._rule, 1, Qt.PenStyle.DashLine) if self._is_dashed else Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), _CORNER_PX, _CORNER_PX)
        painter.fillRect(0, 0, RULE_WIDTH, self.height(), self._rule)


class GuidedPreview(QWidget):
    """The pane: the cards, how long all is, and the way to the same draft in its six parts."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Prompt preview"))
        self.close_button = IconButton(theme, "close", self.tr("Close the preview; the questions stay"))
        self._about = PlainLabel("", "small", wraps=True)
        self._cards = CardColumn(theme)
        self._length = ElidedLabel("", "small")
        self._length.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        hint = self.tr("The same prompt as a form: nothing is lost either way")
        self.parts = button(self.tr("By its six parts"), hint=hint)
        self.copy = IconButton(theme, "copy", self.tr("Copy the text"))
        framed = QFrame()
        set_look(framed, "card")
        stack(self._cards, margins=GAP_TIGHT, on=framed)
        head = stack((PlainLabel(self.tr("Prompt preview"), "heading"), 1), self.close_button, across=True)
        foot = stack(self.parts, self.copy, (self._length, 1), across=True)
        stack(head, self._about, (framed, 1), foot, margins=(GAP_WIDE, GAP, GAP_WIDE, GAP_WIDE), on=self)

    def show_growth(self, growth: Growth) -> None:
        """Show the prompt."""
        about = self.tr("It grows as you answer, and can be sent at any time.")
        if any(card.is_proposed for card in growth.cards):
            about = self.tr("It grows as you answer, and can be sent at any time; what is dashed is not in it yet.")
        self._about.setText(about)
        self._cards.show_growth(growth)
        self._length.show_text(growth.length)


class GuidedPreviewLine(QWidget):
    """The line "Preview · about half a page", which unfolds the cards."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._cards = CardColumn(theme)
        self._fold = FoldButton(theme, self.tr("Preview"))
        self._fold.clicked.connect(lambda: self.set_open(self._cards.isHidden()))
        self._length = ElidedLabel("", "small")
        self.parts = button(self.tr("By its six parts"), "muted")
        stack(stack(self._fold, (self._length, 1), self.parts, across=True), self._cards, gap=GAP_TIGHT, on=self)
        theme.changed.connect(self._fit)
        self._fit()
        self.set_open(False)

    def set_open(self, is_open: bool) -> None:
        """Show or hide the cards; the line stays."""
        self._cards.setVisible(is_open)
        self._fold.show_state(is_open=is_open)

    def show_growth(self, growth: Growth) -> None:
        """Show the prompt."""
        self._cards.show_growth(growth)
        self._length.show_text(growth.length)

    def _fit(self) -> None:
        self._cards.setFixedHeight(self._theme.px(_UNFOLDED_PX))
