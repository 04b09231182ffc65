"""The terms of a model's card, each explained in one line, with the id of the lesson that says more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from desktop.core.models.facts import ModelFacts, Reasoning, Scale
from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import translate


class Term(StrEnum):
    """Term that a card has, or whose fact it states."""

    GENERAL = "general"
    THINKING = "thinking"
    PERSON = "person"
    TEAM = "team"
    DATA_CENTRE = "data_centre"
    DISTILLED = "distilled"
    EXPERTS = "experts"
    STORED = "stored"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class _Entry:
    """Explanation of a term, and the id of its lesson."""

    words: str
    lesson: str


_TERMS: Mapping[Term, _Entry] = MappingProxyType(
    {
        Term.GENERAL: _Entry(
            QT_TRANSLATE_NOOP(
                "model_terms",
                "It answers straight away. Good for writing, translating, summarising and mail; for tricky calculations"
                " take a thinking model.",
            ),
            "thinking-models",
        ),
        Term.THINKING: _Entry(
            QT_TRANSLATE_NOOP(
                "model_terms",
                "It works the answer out on scratch paper first. Better for sums, logic and planning; slower, and not"
                " needed for a simple letter.",
            ),
            "thinking-models",
        ),
        Term.PERSON: _Entry(
            QT_TRANSLATE_NOOP("model_terms", "One person: a laptop or an office computer holds it."), "sizes"
        ),
        Term.TEAM: _Entry(
            QT_TRANSLATE_NOOP("model_terms", "A team: a server, or a computer with a large graphics card."),
            "sizes",
        ),
        Term.DATA_CENTRE: _Entry(
            QT_TRANSLATE_NOOP("model_terms", "A data centre: several large cards; no office has them."),
            "sizes",
        ),
        Term.DISTILLED: _Entry(
            QT_TRANSLATE_NOOP(
                "model_terms",
                "A small model taught by a big one. It learned the way of thinking, not all the knowledge.",
            ),
            "distilled",
        ),
        Term.EXPERTS: _Entry(
            QT_TRANSLATE_NOOP(
                "model_terms",
                "A team of specialists: all must be in the room (memory), but only a few work on each word.",
            ),
            "experts",
        ),
        Term.STORED: _Entry(
            QT_TRANSLATE_NOOP(
                "model_terms",
                "Stored with rounded numbers, like a photo saved smaller. Four bits in place of sixteen: a quarter of"
                " the space, nearly the same answers.",
            ),
            "quantised",
        ),
        Term.CONTEXT: _Entry(
            QT_TRANSLATE_NOOP(
                "model_terms",
                "How much it keeps in view: your questions, its answers and your files together.",
            ),
            "context",
        ),
    }
)
TERM_LESSONS = frozenset(each.lesson for each in _TERMS.values())
_OF_SCALE: Mapping[Scale, Term] = MappingProxyType(
    {Scale.PERSON: Term.PERSON, Scale.TEAM: Term.TEAM, Scale.DATA_CENTRE: Term.DATA_CENTRE}
)


class TermLine(PlainLabel):
    """An explanation below a fact, pressed for the lesson that says more: its key is the property `lesson`."""

    def __init__(self, term: Term, learn: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(explained(term), "term", wraps=True, parent=parent)
        self._learn = learn
        self._lesson = _TERMS[term].lesson
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


def explained(term: Term) -> str:
    """Return the one line on a term."""
    return translate("model_terms", _TERMS[term].words)


def terms_of_kind(facts: ModelFacts) -> list[Term]:
    """Return the terms in the line on a model's kind."""
    kind = Term.GENERAL if facts.reasoning is Reasoning.NEVER else Term.THINKING
    return [kind, *([_OF_SCALE[facts.scale]] if facts.scale is not None else [])]
