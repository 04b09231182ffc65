"""The presenter of the help: which view is shown, what has been read, and what a press in a lesson leads to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.preferences import Preferences
from desktop.core.prompts.prompt import Language
from desktop.core.teaching.finding import KeyHelp, find_help
from desktop.core.teaching.lesson import HelpTexts, Lesson, LessonTry
from desktop.ui.look.theme import Theme
from desktop.ui.teaching.page import HelpPage, HelpSection
from desktop.ui.teaching.trying import HelpDoors, take
from desktop.ui.teaching.views import HelpList, LessonList, LessonView, LessonWays
from desktop.ui.widgets.page import PageStack
from desktop.ui.words import prompt_language


class HelpPresenter(QObject):
    """The owner of the page *Help*; made when the help is first wanted. It opens where it was left."""

    came_in_front = Signal()

    def __init__(
        self,
        theme: Theme,
        stack: PageStack,
        texts: HelpTexts,
        keys: Callable[[], Sequence[KeyHelp]],
        doors: HelpDoors,
        preferences: Preferences,
        done: Collection[str],
    ) -> None:
        """`keys` returns the shortcuts of the window; `done` are the keys of lessons that have been read."""
        super().__init__(stack)
        self._theme = theme
        self._stack = stack
        self._texts = texts
        self._keys = keys
        self._doors = doors
        self._preferences = preferences
        self._done = list(done)
        self._lesson: Lesson | None = None  # that is read
        self._section = HelpSection.LESSONS
        self._term = ""  # that is looked up
        self.page = page = HelpPage(theme, self.show_section)
        page.back.clicked.connect(stack.show_home)
        page.search.textChanged.connect(lambda _: self._show_view())
        page.search.left_downwards.connect(lambda: page.search.focusNextChild())
        page.diagnostics.clicked.connect(lambda: doors.diagnostics())
        page.about.clicked.connect(lambda: doors.about())
        theme.changed.connect(self._show_view)

    @property
    def is_in_front(self) -> bool:
        return self._stack.is_in_front(self.page)

    def show(self) -> None:
        """Show the page where it was left."""
        self._show_view()
        self._stack.show_page(self.page)
        (self.page.search if self._lesson is None else self.page.back).setFocus()
        self.came_in_front.emit()

    def show_topic(self, key: str) -> None:
        """Show the page with the lesson of this key, or else the term of the dictionary."""
        self.page.search.clear()
        if self._texts.lesson(key) is None and self._texts.term(key) is not None:
            self._open_term(key)
        else:
            self._open_lesson(key)
        self.show()

    def show_section(self, section: HelpSection) -> None:
        """Show a section from its beginning."""
        self._lesson, self._term, self._section = None, "", section
        self._empty_search()

    def take_escape(self) -> bool:
        """Go from a lesson to all lessons, and from there to the conversation. Return False if it is not shown."""
        if not self.is_in_front:
            return False
        if self.page.search.text() or self._lesson is not None:
            self.show_section(self._section)
            self.page.search.setFocus()
        else:
            self._stack.show_home()
        return True

    def _empty_search(self) -> None:
        """Show what was chosen rather than what was looked for."""
        if self.page.search.text():
            self.page.search.clear()  # which shows the view
        else:
            self._show_view()

    def _open_lesson(self, key: str) -> None:
        """Show a lesson; all of them where there is none of this key."""
        self._lesson, self._section = self._texts.lesson(key), HelpSection.LESSONS
        self._empty_search()
        if self.is_in_front:
            self.page.back.setFocus()

    def _open_term(self, key: str) -> None:
        self._lesson, self._term, self._section = None, key, HelpSection.WORDS
        self._empty_search()

    def _show_view(self) -> None:
        wanted = self.page.search.text()
        if wanted.strip():
            view: QWidget = self._found_view(wanted)
            self.page.show_view(view, None)
        else:
            self.page.show_view(self._view(), self._section)

    def _view(self) -> QWidget:
        language, theme, texts = prompt_language(), self._theme, self._texts
        if self._lesson is not None:
            return self._lesson_view(self._lesson, language)
        match self._section:
            case HelpSection.LESSONS:
                lessons = LessonList(theme, texts, language, self._open_lesson, self._done)
                lessons.forget.clicked.connect(self._forget)
                return lessons
            case HelpSection.WORDS:
                terms = sorted(texts.terms, key=lambda each: each.key != self._term)
                return HelpList(theme, texts, language, self._open_lesson, terms)
            case HelpSection.KEYS:
                words = self.tr(
                    "In the message box, Enter sends and Shift+Enter begins a new line. Tab goes from one to the next."
                )
                return HelpList(theme, texts, language, self._open_lesson, self._keys(), words)

    def _found_view(self, wanted: str) -> QWidget:
        found = find_help(wanted, self._texts, self._keys())
        nothing = "" if found else self.tr("Nothing in the help has these words.")
        return HelpList(self._theme, self._texts, prompt_language(), self._open_lesson, found, nothing)

    def _lesson_view(self, lesson: Lesson, language: Language) -> LessonView:
        texts = self._texts
        at = texts.lessons.index(lesson) + 1
        around = (texts.after(lesson.key, -1), texts.after(lesson.key))
        terms = texts.terms_in(lesson.key)
        ways = LessonWays(
            lambda chosen: self._try(lesson, chosen),
            self._open_lesson,
            lambda after: self._finish(lesson, after),
            self._open_term,
        )
        return LessonView(self._theme, lesson, language, (at, len(texts.lessons)), around, terms, ways)

    def _try(self, lesson: Lesson, chosen: LessonTry) -> None:
        self._note(lesson.key)
        take(chosen, self._doors, prompt_language(), self.tr("This prompt is from the lesson."))

    def _finish(self, lesson: Lesson, after: str) -> None:
        self._note(lesson.key)
        self._open_lesson(after)

    def _note(self, key: str) -> None:
        if key not in self._done:
            self._done.append(key)
            self._preferences.change(lessons_read=tuple(self._done))

    def _forget(self) -> None:
        self._done.clear()
        self._preferences.change(lessons_read=())
        self._show_view()
        self.page.search.setFocus()
