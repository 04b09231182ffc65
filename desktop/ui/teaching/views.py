"""What the help shows: its lists with their rows, and a lesson."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.prompts.prompt import Language
from desktop.core.teaching.finding import Found, KeyHelp
from desktop.core.teaching.lesson import (
    HelpTerm,
    HelpTexts,
    Lesson,
    LessonPart,
    LessonTry,
)
from desktop.ui.look.icons import pixmap
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.buttons import PressableRow, WrappingButton
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.words import fill, number

_NAMES = 1
_WORDS = 3  # to one of the names, where both are long


class HelpView(QWidget):
    """A column that grows from the top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = stack(gap=GAP_WIDE, on=self)


def link(words: str, look: str = "link") -> QPushButton:
    """Return a button of words that leads somewhere."""
    button = QPushButton(words)
    button.setAutoDefault(False)
    set_look(button, look)
    return button


def table(rows: Sequence[tuple[str, str]]) -> QFrame:
    """Return a small table: a name in each row, and beside it what is to be known."""
    frame = QFrame()
    set_look(frame, "card")
    grid = QGridLayout(frame)
    grid.setContentsMargins(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE)
    grid.setHorizontalSpacing(GAP_SECTION)
    grid.setVerticalSpacing(GAP)
    grid.setColumnStretch(0, _NAMES)
    grid.setColumnStretch(1, _WORDS)
    for at, (name, words) in enumerate(rows):
        grid.addWidget(PlainLabel(name, "strong", wraps=True), at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(PlainLabel(words, wraps=True), at, 1, Qt.AlignmentFlag.AlignTop)
    return frame


def sample(name: str, words: str) -> QWidget:
    """Return a text as it is sent or answered, under its name; it can be selected and copied."""
    text = PlainLabel(words, "mono", wraps=True)
    text.make_selectable()
    text.setAccessibleName(f"{name}: {words}")
    block = QWidget()
    stack(PlainLabel(name, "small"), text, on=block)
    return block


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
        words = stack(PlainLabel(title, "strong", wraps=True), PlainLabel(about, "small", wraps=True), gap=GAP_TIGHT)
        row = stack(margins=(GAP_WIDE, GAP, GAP_WIDE, GAP), across=True, on=self)
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
        head = stack((PlainLabel(term.name.of(language), "strong", wraps=True), 1), gap=GAP_SECTION, across=True)
        head.addWidget(self._lesson, 0, Qt.AlignmentFlag.AlignTop)
        stack(
            head,
            PlainLabel(term.words.of(language), wraps=True),
            gap=GAP_TIGHT,
            margins=(GAP_WIDE, GAP, GAP_WIDE, GAP),
            on=self,
        )


class KeyRow(QFrame):
    """What a shortcut does, and its keys."""

    def __init__(self, name: str, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "row")
        row = stack(
            (PlainLabel(name, wraps=True), 1),
            gap=GAP_SECTION,
            margins=(GAP_WIDE, GAP, GAP_WIDE, GAP),
            across=True,
            on=self,
        )
        row.addWidget(PlainLabel(keys, "key"), 0, Qt.AlignmentFlag.AlignRight)


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
        foot = stack(
            (PlainLabel(fill(kept, number(read), number(len(self.rows))), "small", wraps=True), 1), across=True
        )
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
        column = stack(
            PlainLabel(self.tr("Try it"), "strong"), margins=(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE), on=card
        )
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
