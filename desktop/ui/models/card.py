"""The card of one model: all that is known of it, each term with its line; on the page and beside the menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.models.facts import ModelFacts, StoredStep
from desktop.core.models.fit import Judgement
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.models import words
from desktop.ui.models.cards import VerdictLine
from desktop.ui.models.terms import Term, TermLine, terms_of_kind
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import clauses, fill, number, size

_BAR_PX = 34


class StoredBars(QWidget):
    """Bars that grow from coarse to fine: how finely a model can be stored, and what each takes."""

    def __init__(self, theme: Theme, steps: Sequence[StoredStep], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._steps = steps
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
    """All that is known of a model. `learn` shows the lesson of a term; `where` says where the model answers.

    `is_bare` leaves the frame away.
    """

    def __init__(
        self,
        theme: Theme,
        facts: ModelFacts,
        judgement: Judgement | None,
        language: str,
        learn: Callable[[str], None],
        *,
        where: str = "",
        can_get: bool = False,
        is_bare: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._learn = learn
        set_look(self, "card ground" if is_bare else "card")
        self.setAccessibleName(facts.title)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE)
        self._column.setSpacing(GAP)
        self._add_line(show_invisible(facts.title), "heading")
        self._explain(words.kind_line(facts), *terms_of_kind(facts), look="small")
        self._add_line(facts.words(language))
        self._explain(words.distilled_line(facts), Term.DISTILLED)
        self._explain(words.experts_line(facts), Term.EXPERTS)
        if judgement is not None:
            self._column.addWidget(VerdictLine(judgement, with_page=True))
        if facts.steps:
            self._add_line(self.tr("How finely it is stored, in GB"), "strong")
            self._column.addWidget(StoredBars(theme, facts.steps))
            self._column.addWidget(TermLine(Term.STORED, learn))
        for name, value in self._facts(facts, where):
            self._add_fact(name, value)
        self.get = QPushButton(fill(self.tr("Download %1"), size(facts.size or 0)))
        self.get.setVisible(can_get and not facts.for_servers)
        self.get_wanted: SignalInstance = self.get.clicked
        self._column.addWidget(self.get, 0, Qt.AlignmentFlag.AlignRight)
        self._column.addStretch(1)

    def _add_line(self, line: str, look: str = "") -> None:
        if line:
            self._column.addWidget(PlainLabel(line, look, wraps=True))

    def _explain(self, line: str, *terms: Term, look: str = "") -> None:
        """Add a line and, close below it, what its terms mean; nothing where there is no line."""
        if not line:
            return
        block = QVBoxLayout()
        block.setSpacing(GAP_TIGHT)
        block.addWidget(PlainLabel(line, look, wraps=True))
        for term in terms:
            block.addWidget(TermLine(term, self._learn))
        self._column.addLayout(block)

    def _add_fact(self, name: str, value: str) -> None:
        line = QHBoxLayout()
        label = PlainLabel(name, "small")
        label.setMinimumWidth(self._theme.px(96))
        line.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        beside = QVBoxLayout()
        beside.setSpacing(GAP_TIGHT)
        beside.addWidget(PlainLabel(value, "small ink", wraps=True))
        if name == self.tr("Reads at once"):
            beside.addWidget(TermLine(Term.CONTEXT, self._learn))
        line.addLayout(beside, 1)
        self._column.addLayout(line)

    def _facts(self, facts: ModelFacts, where: str) -> list[tuple[str, str]]:
        """Return the facts that are known, each with its name."""
        sees = {True: self.tr("yes"), False: self.tr("no"), None: ""}[facts.sees]
        for_any_use = self.tr("for any use")
        licence = clauses((facts.licence, for_any_use)) if facts.any_use else facts.licence
        found = [
            (self.tr("Runs"), where),
            (self.tr("Reads at once"), words.reads_line(facts)),
            (self.tr("Sees pictures"), sees),
            (self.tr("Languages"), words.languages(facts)),
            (self.tr("Licence"), licence),
            (self.tr("Since"), facts.since),
            (self.tr("Stored as"), facts.stored),
            (self.tr("Name"), show_invisible(facts.name)),
        ]
        return [(name, value) for name, value in found if value]
