"""The terms of a model's card, each explained in one line, with the id of the lesson that says more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from PySide6.QtWidgets import QWidget

from desktop.core.models.catalogue import Scale
from desktop.core.models.demand import Reasoning
from desktop.core.models.facts import ModelFacts
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
_OF_SCALE: Mapping[Scale, Term] = MappingProxyType(
    {Scale.PERSON: Term.PERSON, Scale.TEAM: Term.TEAM, Scale.DATA_CENTRE: Term.DATA_CENTRE}
)


class TermLine(PlainLabel):
    """An explanation below a fact. Its property `lesson` is the id of the lesson that says more."""

    def __init__(self, term: Term, parent: QWidget | None = None) -> None:
        super().__init__(explained(term), "tiny", wraps=True, parent=parent)
        self.setProperty("lesson", _TERMS[term].lesson)


def explained(term: Term) -> str:
    """Return the one line on a term."""
    return translate("model_terms", _TERMS[term].words)


def terms_of_kind(facts: ModelFacts) -> list[Term]:
    """Return the terms in the line on a model's kind."""
    kind = Term.GENERAL if facts.reasoning is Reasoning.NEVER else Term.THINKING
    return [kind, *([_OF_SCALE[facts.scale]] if facts.scale is not None else [])]
