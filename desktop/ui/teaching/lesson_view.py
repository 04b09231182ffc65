"""One lesson: what is read, what can be pressed in the program itself, its terms, and the way to the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.prompts.prompt import Language
from desktop.core.teaching.lesson import (
    HelpTerm,
    Lesson,
    LessonPart,
    LessonTry,
)
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_WIDE
from desktop.ui.teaching.view import HelpView, link, sample, table
from desktop.ui.widgets.buttons import WrappingButton
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import FlowLayout
from desktop.ui.words import fill, number


@dataclass(frozen=True, slots=True)
class LessonWays:
    """The ways out of a lesson, as what each does; lessons and terms go by their keys."""

    attempt: Callable[[LessonTry], None]
    open_lesson: Callable[[str], None]
    finish: Callable[[str], None]  # it has been read, and the next is wanted; empty: the list of all
    open_term: Callable[[str], None]


class LessonView(HelpView):
    """A view of one lesson."""

    def __init__(
        self,
        theme: Theme,
        lesson: Lesson,
        language: Language,
        at: tuple[int, int],
        around: tuple[Lesson | None, Lesson | None],
        terms: Sequence[HelpTerm],
        ways: LessonWays,
        parent: QWidget | None = None,
    ) -> None:
        """`at`: which of how many it is; `around`: the one before and the next."""
        super().__init__(parent)
        self._theme = theme
        self._language = language
        self._ways = ways
        self.tries: list[QPushButton] = []
        self.setAccessibleName(lesson.title.of(language))
        self.column.addWidget(PlainLabel(fill(self.tr("Lesson %1 of %2 · one minute"), *map(number, at)), "small"))
        self.column.addWidget(PlainLabel(lesson.title.of(language), "heading", wraps=True))
        for part in lesson.parts:
            self.column.addWidget(self._part(part))
        self.column.addWidget(self._trying(lesson))
        if terms:
            self.column.addWidget(self._terms(terms))
        self.column.addLayout(self._foot(*around))
        self.column.addStretch(1)

    def _part(self, part: LessonPart) -> QWidget:
        language = self._language
        if part.rows:
            return table([(row.name.of(language), row.text.of(language)) for row in part.rows])
        text = part.sample.of(language)
        return sample(part.name.of(language), text) if text else Paragraph(part.text.of(language))

    def _trying(self, lesson: Lesson) -> QWidget:
        card = QFrame()
        set_look(card, "notice")
        column = QVBoxLayout(card)
        column.setContentsMargins(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE)
        column.setSpacing(GAP)
        column.addWidget(PlainLabel(self.tr("Try it"), "strong"))
        for each in lesson.tries:
            button = WrappingButton(self._theme, each.words.of(self._language))
            button.clicked.connect(lambda _=False, each=each: self._ways.attempt(each))
            self.tries.append(button)
            column.addWidget(button)
        back = self.tr("It happens in Candor itself. F1 brings you back here.")
        column.addWidget(PlainLabel(back, "small", wraps=True))
        return card

    def _terms(self, terms: Sequence[HelpTerm]) -> QWidget:
        row = QWidget()
        flow = FlowLayout(row, GAP)
        flow.addWidget(PlainLabel(self.tr("In the dictionary:"), "small"))
        for term in terms:
            button = link(term.name.of(self._language), "line")
            button.clicked.connect(lambda _=False, key=term.key: self._ways.open_term(key))
            flow.addWidget(button)
        return row

    def _foot(self, before: Lesson | None, after: Lesson | None) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP)
        if before is not None:
            back = link(self.tr("The one before"))
            back.clicked.connect(lambda: self._ways.open_lesson(before.key))
            row.addWidget(back)
        row.addStretch(1)
        self.next = QPushButton(self.tr("Next lesson") if after is not None else self.tr("All lessons"))
        self.next.setAutoDefault(False)
        set_look(self.next, "filled", "accent")
        self.next.clicked.connect(lambda: self._ways.finish(after.key if after is not None else ""))
        row.addWidget(self.next)
        return row
