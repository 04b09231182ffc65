"""The cards of the page of models: a proposal, and what is known of one model."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.models.catalogue import CatalogueRow
from desktop.core.models.proposals import Proposal
from desktop.core.models.verdict import Judgement
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.models import words
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, number, size

_CARD_PX = 184
_BAR_PX = 34


class VerdictLine(QWidget):
    """A verdict: its words in bold, then the reason."""

    def __init__(
        self,
        judgement: Judgement,
        *,
        with_page: bool = False,
        is_large: bool = False,
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
        set_look(name, "strong" if is_large else "strong small")
        row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(PlainLabel(rest, "" if is_large else "small", wraps=True), 1)
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
        can_get: bool,
        parent: QWidget | None = None,
    ) -> None:
        """`state`: "" where the model is not there, "there", "in use" or "coming"."""
        super().__init__(parent)
        row, judgement = proposal.row, proposal.judgement
        set_look(self, "card best" if is_best else "card")
        self.setAccessibleName(f"{words.tier_name(proposal.tier)}: {row.title}")
        self.setMinimumHeight(theme.px(_CARD_PX))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE)
        column.setSpacing(GAP_TIGHT)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(words.tier_name(proposal.tier), "heading"))
        head.addStretch(1)
        if is_best:
            head.addWidget(PlainLabel(self.tr("best for this computer"), "small accent"))
        column.addLayout(head)
        column.addWidget(PlainLabel(words.joined([row.title, words.uses(row)]), "small", wraps=True))
        column.addSpacing(GAP_TIGHT)
        column.addWidget(VerdictLine(judgement, is_large=True))
        column.addWidget(PlainLabel(words.page_line(judgement)))
        column.addWidget(PlainLabel(words.thinking_line(judgement, row.reasoning), wraps=True))
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(PlainLabel(words.joined([size(row.size), words.languages(row)]), "small", wraps=True), 1)
        self.button = QPushButton(self._button_words(state))
        self.button.setEnabled(state in ("there", "") and (can_get or state == "there"))
        self.button.setAccessibleName(f"{self.button.text()}: {row.title}")
        if is_best:
            set_look(self.button, "filled", "accent")
        self.wanted: SignalInstance = self.button.clicked  # to be got, or to be used where it is there
        foot.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(foot)

    def _button_words(self, state: str) -> str:
        match state:
            case "in use":
                return self.tr("In use")
            case "there":
                return self.tr("Use")
            case "coming":
                return self.tr("Is coming")
            case _:
                return self.tr("Get")


class StoredBars(QWidget):
    """Bars that grow from coarse to fine: how finely a model can be stored, and what each takes."""

    def __init__(self, theme: Theme, row: CatalogueRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._steps = row.steps
        self._largest = max((each.size for each in self._steps), default=1)
        told = (
            fill(self.tr("%1 bit: %2"), number(each.bits), size(each.size))
            + (self.tr(" (this one)") if each.is_default else "")
            for each in self._steps
        )
        self.setAccessibleName(", ".join(told))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(self._theme.px(220), 2 * line + self._theme.px(_BAR_PX) + GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.ui_font(0.8))
        line, most = painter.fontMetrics().height(), self._theme.px(_BAR_PX)
        wide = self.width() / max(1, len(self._steps))
        for at, step in enumerate(self._steps):
            left = at * wide
            high = max(4.0, most * step.size / self._largest)
            painter.setPen(self._theme.color("ink" if step.is_default else "muted"))
            middle = Qt.AlignmentFlag.AlignCenter
            painter.drawText(QRectF(left, 0, wide, line), middle, fill(self.tr("%1 bit"), number(step.bits)))
            painter.drawText(QRectF(left, line + most, wide, line + GAP), middle, f"{step.size / 1e9:.1f}")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent" if step.is_default else "line"))
            painter.drawRoundedRect(QRectF(left + 2, line + most - high, wide - 4, high), 3, 3)


class ModelCard(QFrame):
    """All that is known of a model of the catalogue."""

    def __init__(
        self,
        theme: Theme,
        row: CatalogueRow,
        judgement: Judgement,
        language: str,
        *,
        can_get: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_look(self, "card")
        self.setAccessibleName(row.title)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE)
        column.setSpacing(GAP)
        column.addWidget(PlainLabel(row.title, "heading", wraps=True))
        column.addWidget(PlainLabel(words.kind_line(row), "small", wraps=True))
        column.addWidget(PlainLabel(row.words(language), wraps=True))
        for sentence in words.origin_lines(row):
            column.addWidget(PlainLabel(sentence, wraps=True))
        column.addWidget(VerdictLine(judgement, with_page=True))
        column.addWidget(PlainLabel(self.tr("How finely it is stored, in GB"), "strong"))
        column.addWidget(StoredBars(theme, row))
        for name, value in self._facts(row):
            line = QHBoxLayout()
            label = PlainLabel(name, "small")
            label.setMinimumWidth(theme.px(110))
            line.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(PlainLabel(value, "small ink", wraps=True), 1)
            column.addLayout(line)
        self.get = QPushButton(fill(self.tr("Get %1"), size(row.size)))
        self.get.setVisible(can_get and not row.for_servers)
        self.get_wanted: SignalInstance = self.get.clicked
        column.addWidget(self.get, 0, Qt.AlignmentFlag.AlignRight)

    def _facts(self, row: CatalogueRow) -> list[tuple[str, str]]:
        reads = fill(self.tr("about %1 words"), number(int(row.context * 0.75 / 1000) * 1000))
        for_any_use = self.tr("for any use")
        licence = f"{row.licence}, {for_any_use}" if row.any_use else row.licence
        return [
            (self.tr("Reads at once"), reads),
            (self.tr("Sees pictures"), self.tr("yes") if row.sees else self.tr("no")),
            (self.tr("Languages"), words.languages(row)),
            (self.tr("Licence"), licence),
            (self.tr("Since"), row.since),
            (self.tr("Name"), row.name),
        ]
