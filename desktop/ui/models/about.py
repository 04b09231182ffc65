"""What is known of one model, each term with its line and the lesson that says more; also beside the menu."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from desktop.core.models.facts import ModelFacts, Reasoning
from desktop.core.models.fit import Judgement
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.models import words
from desktop.ui.widgets.labels import PlainLabel, set_tooltip
from desktop.ui.widgets.layout import stack
from desktop.ui.words import clauses, say, say_each

_NAME_PX = 96  # of a fact


class Term(Enum):
    """Term that a card has, or whose fact it states, with its place among those and the key of its lesson."""

    GENERAL = (1, "thinking-models")
    THINKING = (2, "thinking-models")
    PERSON = (3, "sizes")
    TEAM = (4, "sizes")
    DATA_CENTRE = (5, "sizes")
    DISTILLED = (6, "distilled")
    EXPERTS = (7, "sizes")
    STORED = (8, "distilled")
    CONTEXT = (9, "context")

    @property
    def lesson(self) -> str:
        return self.value[1]


class TermLine(PlainLabel):
    """An explanation below a fact, pressed for the lesson that says more: its key is the property `lesson`."""

    def __init__(self, term: Term, learn: Callable[[str], object]) -> None:
        super().__init__(say_each("models.term", term), "term", wraps=True)
        self._learn = learn
        self._lesson = term.lesson
        self.setProperty("lesson", term.lesson)
        self.setIndent(0)  # in line with what stands above, though it has a border
        set_tooltip(self, self.tr("A lesson of one minute"))
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

    def __init__(self, judgement: Judgement | None = None) -> None:
        super().__init__()
        self._verdict = PlainLabel("", "strong small")
        self._reason = PlainLabel("", "small", wraps=True)
        stack((self._verdict, Qt.AlignmentFlag.AlignTop), (self._reason, 1), gap=GAP_TIGHT, across=True, on=self)
        if judgement is not None:
            self.show_judgement(judgement)

    def show_judgement(self, judgement: Judgement) -> None:
        """Show this verdict from now on."""
        name, reason = say_each("models.verdict", judgement.verdict), words.verdict_reason(judgement)
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
        learn: Callable[[str], object],
        *,
        where: str = "",
        is_bare: bool = False,
    ) -> None:
        super().__init__()
        self._name_px = theme.px(_NAME_PX)
        self._learn = learn
        set_look(self, "card ground" if is_bare else "card")
        self.setAccessibleName(facts.title)
        self._column = stack(margins=(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE), on=self)
        kind = [Term.GENERAL if facts.reasoning is Reasoning.NEVER else Term.THINKING]
        if facts.scale is not None:
            kind.append(Term[facts.scale.name])
        pupil = facts.distilled
        self._explain(show_invisible(facts.title), look="heading")
        self._explain(words.kind_line(facts), *kind, look="small")
        self._explain(facts.words(language))
        if pupil is not None:
            said = say("models.distilled_a_that_learned_from", pupil=pupil.pupil, teacher=pupil.teacher)
            self._explain(said, Term.DISTILLED)
        self._explain(words.experts_line(facts), Term.EXPERTS)
        if judgement is not None:
            self._column.addWidget(VerdictLine(judgement))
        sees = {True: self.tr("yes"), False: self.tr("no"), None: ""}
        for name, value, *terms in (
            (self.tr("Runs"), where),
            (self.tr("Reads at once"), words.reads_line(facts), Term.CONTEXT),
            (self.tr("Sees pictures"), sees[facts.sees]),
            (self.tr("Languages"), words.languages(facts)),
            (self.tr("Stored as"), words.stored_line(facts), Term.STORED),
            (self.tr("Licence"), clauses((facts.licence, self.tr("for any use") if facts.any_use else ""))),
            (self.tr("Since"), facts.since),
            (self.tr("Name"), show_invisible(facts.name)),
        ):
            if value:
                self._add_fact(name, value, *terms)
        self._column.addStretch(1)

    def _block(self, line: str, terms: tuple[Term, ...], look: str) -> QBoxLayout:
        label = PlainLabel(line, look, wraps=True)
        return stack(label, *(TermLine(term, self._learn) for term in terms), gap=GAP_TIGHT)

    def _explain(self, line: str, *terms: Term, look: str = "") -> None:
        """Add a line and, close below it, what its terms mean; nothing where there is no line."""
        if line:
            self._column.addLayout(self._block(line, terms, look))

    def _add_fact(self, name: str, value: str, *terms: Term) -> None:
        label = PlainLabel(name, "small")
        label.setMinimumWidth(self._name_px)
        block = self._block(value, terms, "small ink")
        self._column.addLayout(stack((label, Qt.AlignmentFlag.AlignTop), (block, 1), across=True))
