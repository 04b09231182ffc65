"""The lists of the help: lessons with what has been read, the dictionary, the shortcuts, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.prompts.prompt import Language
from desktop.core.teaching.finding import Found, KeyHelp
from desktop.core.teaching.lesson import HelpTerm, HelpTexts, Lesson
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP
from desktop.ui.teaching.rows import KeyRow, LessonRow, TermRow
from desktop.ui.teaching.view import HelpView, link
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.words import fill, number

OpenLesson = Callable[[str], None]


class _ListView(HelpView):
    """A view with a framed list; `open_lesson` shows the lesson of a key."""

    def __init__(
        self, theme: Theme, texts: HelpTexts, language: Language, open_lesson: OpenLesson, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._open_lesson = open_lesson
        self._theme = theme
        self._texts = texts
        self._language = language
        self.card = QFrame()
        set_look(self.card, "card")
        self._rows = QVBoxLayout(self.card)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)

    def _add_lesson(self, lesson: Lesson, *, is_done: bool) -> LessonRow:
        at = self._texts.lessons.index(lesson) + 1
        row = LessonRow(self._theme, lesson, at, self._language, is_done=is_done)
        row.pressed.connect(lambda: self._open_lesson(lesson.key))
        self._rows.addWidget(row)
        return row

    def _add_term(self, term: HelpTerm) -> None:
        row = TermRow(term, self._texts.lesson(term.lesson), self._language)
        row.lesson_wanted.connect(lambda: self._open_lesson(term.lesson))
        self._rows.addWidget(row)

    def _add_key(self, key: KeyHelp) -> None:
        self._rows.addWidget(KeyRow(key.name, key.keys))


class LessonList(_ListView):
    """All lessons."""

    def __init__(
        self,
        theme: Theme,
        texts: HelpTexts,
        language: Language,
        open_lesson: OpenLesson,
        done: Collection[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, texts, language, open_lesson, parent)
        lead = self.tr("How to ask well, and what the names of models mean. Read one when you like.")
        self.column.addWidget(Paragraph(lead))
        self.rows = {each.key: self._add_lesson(each, is_done=each.key in done) for each in texts.lessons}
        self.column.addWidget(self.card)
        read = sum(key in done for key in self.rows)
        kept = self.tr("%1 of %2 read. Candor keeps in its settings which ones, and nothing else about it.")
        foot = QHBoxLayout()
        foot.setSpacing(GAP)
        foot.addWidget(PlainLabel(fill(kept, number(read), number(len(self.rows))), "small", wraps=True), 1)
        self.forget = link(self.tr("Forget that"), look="line")
        self.forget.setVisible(read > 0)
        foot.addWidget(self.forget)
        self.column.addLayout(foot)
        self.column.addStretch(1)


class HelpList(_ListView):
    """Lessons, terms and shortcuts in the order given: a section of the help, or what was found in it."""

    def __init__(
        self,
        theme: Theme,
        texts: HelpTexts,
        language: Language,
        open_lesson: OpenLesson,
        entries: Sequence[Found],
        words: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`words`: a sentence above them, or in the place of none."""
        super().__init__(theme, texts, language, open_lesson, parent)
        for each in entries:
            match each:
                case Lesson():
                    self._add_lesson(each, is_done=False)
                case HelpTerm():
                    self._add_term(each)
                case KeyHelp():
                    self._add_key(each)
        if words:
            self.column.addWidget(Paragraph(words))
        self.card.setVisible(bool(entries))
        self.column.addWidget(self.card)
        self.column.addStretch(1)
