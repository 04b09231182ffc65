"""The cards of proposals on the page of models, and the line of a verdict."""

from __future__ import annotations

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.models.choosing import Proposal
from desktop.core.models.fit import Judgement
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.models import words
from desktop.ui.widgets.labels import PlainLabel, set_tooltip
from desktop.ui.words import fill, size

_CARD_PX = 184
_BAR_PX = 34


class VerdictLine(QWidget):
    """A verdict: its words in bold, then the reason."""

    def __init__(
        self,
        judgement: Judgement,
        *,
        with_page: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        rest = words.verdict_line(judgement) if with_page else words.verdict_reason(judgement)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_TIGHT)
        name = PlainLabel(
            f"{words.verdict_name(judgement.verdict)}:" if rest else words.verdict_name(judgement.verdict)
        )
        set_look(name, "strong small")
        row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(PlainLabel(rest, "small", wraps=True), 1)
        self.setAccessibleName(f"{name.text()} {rest}")


class ProposalCard(QFrame):
    """A proposal in five lines, the same three of which stand in each, so that they compare."""

    def __init__(
        self,
        theme: Theme,
        proposal: Proposal,
        *,
        is_best: bool,
        state: str,
        why_not: str,
        parent: QWidget | None = None,
    ) -> None:
        """`state`: "" where the model is not there, "there", "in use" or "coming". `why_not`: why none can be got."""
        super().__init__(parent)
        row, judgement = proposal.row, proposal.judgement
        set_look(self, "card best" if is_best else "card")
        self.setAccessibleName(f"{words.tier_name(proposal.tier)}: {row.title}")
        self.setMinimumHeight(theme.px(_CARD_PX))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE)
        column.setSpacing(GAP_TIGHT)
        column.addWidget(PlainLabel(words.tier_name(proposal.tier), "heading"))
        column.addWidget(PlainLabel(words.joined([row.title, words.uses(row)]), "small", wraps=True))
        column.addSpacing(GAP_TIGHT)
        column.addWidget(PlainLabel(words.verdict_name(judgement.verdict), "strong"))
        page, thinking = words.page_line(judgement), words.thinking_line(judgement, row.reasoning)
        for line in filter(None, (words.verdict_reason(judgement), page, thinking)):
            column.addWidget(PlainLabel(line, wraps=True))
        column.addWidget(PlainLabel(words.languages(row), "small", wraps=True))
        column.addStretch(1)
        if is_best:
            column.addWidget(PlainLabel(self.tr("best for this computer"), "small accent", wraps=True))
        self.button = QPushButton(self._button_words(state, row.size or 0))
        self.button.setEnabled(state == "there" or (state == "" and not why_not))
        if state == "" and why_not:
            set_tooltip(self.button, why_not)
            self.button.setAccessibleDescription(why_not)
        self.button.setAccessibleName(f"{self.button.text()}: {row.title}")
        if is_best:
            set_look(self.button, "filled", "accent")
        self.wanted: SignalInstance = self.button.clicked  # to be got, or to be used where it is there
        column.addSpacing(GAP_TIGHT)
        column.addWidget(self.button)

    def _button_words(self, state: str, bytes_to_get: int) -> str:
        match state:
            case "in use":
                return self.tr("In use")
            case "there":
                return self.tr("Use")
            case "coming":
                return self.tr("Downloading…")
            case _:
                return fill(self.tr("Download %1"), size(bytes_to_get))
