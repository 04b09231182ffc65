"""The rows of the help's lists: a lesson, a term of the dictionary, a shortcut."""

from __future__ import annotations

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.prompts.prompt import Language
from desktop.core.teaching.lesson import HelpTerm, Lesson
from desktop.ui.look.icons import pixmap
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.buttons import PressableRow
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import number

_MARK_PX = 20


class LessonRow(PressableRow):
    """A lesson: its number, or a tick if it has been read."""

    def __init__(
        self, theme: Theme, lesson: Lesson, at: int, language: Language, *, is_done: bool, parent: QWidget | None = None
    ) -> None:
        title, about = lesson.title.of(language), lesson.about.of(language)
        super().__init__(f"{title}. {about}", parent=parent)
        if is_done:
            self.setAccessibleDescription(self.tr("Read"))
        mark = PlainLabel("" if is_done else number(at), "muted")
        mark.setFixedWidth(theme.px(_MARK_PX))
        if is_done:
            mark.setPixmap(pixmap("check", theme.tokens.accent, theme.px(_MARK_PX - 4), self.devicePixelRatioF()))
        words = QVBoxLayout()
        words.setSpacing(GAP_TIGHT)
        words.addWidget(PlainLabel(title, "strong", wraps=True))
        words.addWidget(PlainLabel(about, "small", wraps=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_WIDE, GAP, GAP_WIDE, GAP)
        row.setSpacing(GAP)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)


class TermRow(QFrame):
    """A term and what it means, with a way to the lesson that says more, if there is one."""

    def __init__(
        self, term: HelpTerm, lesson: Lesson | None, language: Language, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_look(self, "row")
        self._lesson = QPushButton(self.tr("The lesson"))
        self._lesson.setAutoDefault(False)
        self._lesson.setVisible(lesson is not None)
        set_look(self._lesson, "advice")
        if lesson is not None:
            self._lesson.setAccessibleName(f"{self._lesson.text()}: {lesson.title.of(language)}")
        self.lesson_wanted: SignalInstance = self._lesson.clicked
        head = QHBoxLayout()
        head.setSpacing(GAP_SECTION)
        head.addWidget(PlainLabel(term.name.of(language), "strong", wraps=True), 1)
        head.addWidget(self._lesson, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_WIDE, GAP, GAP_WIDE, GAP)
        column.setSpacing(GAP_TIGHT)
        column.addLayout(head)
        column.addWidget(PlainLabel(term.words.of(language), wraps=True))


class KeyRow(QFrame):
    """What a shortcut does, and its keys."""

    def __init__(self, name: str, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "row")
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_WIDE, GAP, GAP_WIDE, GAP)
        row.setSpacing(GAP_SECTION)
        row.addWidget(PlainLabel(name, wraps=True), 1)
        row.addWidget(PlainLabel(keys, "key"), 0, Qt.AlignmentFlag.AlignRight)
