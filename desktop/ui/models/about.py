"""What is known of one model, each term with its line and the lesson that says more; also beside the menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.core.models.facts import ModelFacts, Reasoning, Scale
from desktop.core.models.fit import Judgement
from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.models import words
from desktop.ui.widgets.labels import PlainLabel, set_tooltip
from desktop.ui.widgets.layout import stack
from desktop.ui.words import clauses, translate

_NAME_PX = 96  # of a fact


@dataclass(frozen=True, slots=True)
class _Explained:
    line: str
    lesson: str


class Term(Enum):
    """Term that a card has, or whose fact it states: its line, and the key of its lesson."""

    GENERAL = _Explained(
        QT_TRANSLATE_NOOP(
            "model_terms",
            "It answers straight away. Good for writing, translating, summarising and mail; for tricky calculations"
            " take a thinking model.",
        ),
        "thinking-models",
    )
    THINKING = _Explained(
        QT_TRANSLATE_NOOP(
            "model_terms",
            "It works the answer out on scratch paper first. Better for sums, logic and planning; slower, and not"
            " needed for a simple letter.",
        ),
        "thinking-models",
    )
    PERSON = _Explained(
        QT_TRANSLATE_NOOP("model_terms", "One person: a laptop or an office computer holds it."), "sizes"
    )
    TEAM = _Explained(
        QT_TRANSLATE_NOOP("model_terms", "A team: a server, or a computer with a large graphics card."), "sizes"
    )
    DATA_CENTRE = _Explained(
        QT_TRANSLATE_NOOP("model_terms", "A data centre: several large cards; no office has them."), "sizes"
    )
    DISTILLED = _Explained(
        QT_TRANSLATE_NOOP(
            "model_terms", "A small model taught by a big one. It learned the way of thinking, not all the knowledge."
        ),
        "distilled",
    )
    EXPERTS = _Explained(
        QT_TRANSLATE_NOOP(
            "model_terms", "A team of specialists: all must be in the room (memory), but only a few work on each word."
        ),
        "sizes",
    )
    STORED = _Explained(
        QT_TRANSLATE_NOOP(
            "model_terms",
            "Stored with rounded numbers, like a photo saved smaller. Four bits in place of sixteen: a quarter of"
            " the space, nearly the same answers.",
        ),
        "distilled",
    )
    CONTEXT = _Explained(
        QT_TRANSLATE_NOOP(
            "model_terms", "How much it keeps in view: your questions, its answers and your files together."
        ),
        "context",
    )


_OF_SCALE = {Scale.PERSON: Term.PERSON, Scale.TEAM: Term.TEAM, Scale.DATA_CENTRE: Term.DATA_CENTRE}


class TermLine(PlainLabel):
    """An explanation below a fact, pressed for the lesson that says more: its key is the property `lesson`."""

    def __init__(self, term: Term, learn: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(translate("model_terms", term.value.line), "term", wraps=True, parent=parent)
        self._learn = learn
        self._lesson = term.value.lesson
        self.setProperty("lesson", self._lesson)
        self.setIndent(0)  # in line with what stands above, though it has a border
        self.setToolTip(self.tr("A lesson of one minute"))
        self.setAccessibleDescription(self.toolTip())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    # Qt's own methods

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._learn(self._lesson)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._learn(self._lesson)
        else:
            super().keyPressEvent(event)


class VerdictLine(QWidget):
    """A verdict: its words in bold, then how long a page takes, or the reason."""

    def __init__(self, judgement: Judgement | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict = PlainLabel("", "strong small")
        self._reason = PlainLabel("", "small", wraps=True)
        row = stack(gap=GAP_TIGHT, across=True, on=self)
        row.addWidget(self._verdict, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._reason, 1)
        if judgement is not None:
            self.show_judgement(judgement)

    def show_judgement(self, judgement: Judgement) -> None:
        """Show this verdict from now on."""
        name, reason = words.verdict_name(judgement.verdict), words.verdict_reason(judgement)
        self._verdict.setText(f"{name}:" if reason else name)
        self._reason.setText(reason)
        self.setAccessibleName(f"{self._verdict.text()} {reason}".strip())
        set_tooltip(self, words.speed_line(judgement))


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
        is_bare: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._learn = learn
        set_look(self, "card ground" if is_bare else "card")
        self.setAccessibleName(facts.title)
        self._column = stack(margins=(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE), on=self)
        self._explain(show_invisible(facts.title), look="heading")
        kind = Term.GENERAL if facts.reasoning is Reasoning.NEVER else Term.THINKING
        scale = [_OF_SCALE[facts.scale]] if facts.scale is not None else []
        self._explain(words.kind_line(facts), kind, *scale, look="small")
        self._explain(facts.words(language))
        self._explain(words.distilled_line(facts), Term.DISTILLED)
        self._explain(words.experts_line(facts), Term.EXPERTS)
        if judgement is not None:
            self._column.addWidget(VerdictLine(judgement))
        licence = clauses((facts.licence, self.tr("for any use") if facts.any_use else ""))
        self._add_fact(self.tr("Runs"), where)
        self._add_fact(self.tr("Reads at once"), words.reads_line(facts), Term.CONTEXT)
        self._add_fact(self.tr("Sees pictures"), {True: self.tr("yes"), False: self.tr("no"), None: ""}[facts.sees])
        self._add_fact(self.tr("Languages"), words.languages(facts))
        self._add_fact(self.tr("Stored as"), words.stored_line(facts), Term.STORED)
        self._add_fact(self.tr("Licence"), licence)
        self._add_fact(self.tr("Since"), facts.since)
        self._add_fact(self.tr("Name"), show_invisible(facts.name))
        self._column.addStretch(1)

    def _block(self, line: str, terms: tuple[Term, ...], look: str) -> QVBoxLayout:
        block = QVBoxLayout()
        block.setSpacing(GAP_TIGHT)
        for label in (PlainLabel(line, look, wraps=True), *(TermLine(term, self._learn) for term in terms)):
            block.addWidget(label)
        return block

    def _explain(self, line: str, *terms: Term, look: str = "") -> None:
        """Add a line and, close below it, what its terms mean; nothing where there is no line."""
        if line:
            self._column.addLayout(self._block(line, terms, look))

    def _add_fact(self, name: str, value: str, *terms: Term) -> None:
        if not value:
            return
        label = PlainLabel(name, "small")
        label.setMinimumWidth(self._theme.px(_NAME_PX))
        line = stack(across=True)
        line.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(self._block(value, terms, "small ink"), 1)
        self._column.addLayout(line)
