"""The page *Help*: what can be found in it, its three lists, and the lesson that is read; what can be pressed in it.

What is pressed is told as what the program works with: a draft of a prompt, messages, an open page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import assert_never

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QWidget

from desktop.core.message import Message, ReasoningPart, TextPart, user_message
from desktop.core.prompts.prompt import Example, Language, PromptDraft, Wording
from desktop.core.teaching import (
    BuilderTry,
    CardTry,
    CompareTry,
    ConversationTry,
    DoorTry,
    Found,
    HelpDoor,
    HelpTerm,
    HelpTexts,
    KeyHelp,
    Lesson,
    LessonPart,
    LessonTry,
    PreparedMessage,
    find_help,
)
from desktop.runtime.services import SettingsKeeper
from desktop.ui.look.stylesheet import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme, pixmap
from desktop.ui.widgets.buttons import PressableRow, WrappingButton, button
from desktop.ui.widgets.form import FilterField
from desktop.ui.widgets.keys import ENGLISH
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import FlowLayout, drop, stack
from desktop.ui.widgets.page import CenteredPage, PageStack
from desktop.ui.words import fill, number, prompt_language


@dataclass(frozen=True, slots=True)
class HelpDoors:
    """The ways out of the help into the program, as what each does."""

    fill_in: Callable[[PromptDraft, str], None]  # with what the line on top of the builder says
    compare: Callable[[Sequence[Message], str, Sequence[str]], None]  # the questions, in short, their names
    converse: Callable[[str, Sequence[Message]], object]  # title, messages
    show_card: Callable[[str], None]  # of a model of the catalogue
    pages: Mapping[HelpDoor, Callable[[], None]]
    diagnostics: Callable[[], None]
    about: Callable[[], None]


def take(chosen: LessonTry, doors: HelpDoors, language: Language, words: str) -> None:
    """Have the program do what was pressed. `words`: how the builder speaks of a prompt from a lesson."""
    match chosen:
        case BuilderTry():
            doors.fill_in(draft_of(chosen, language), words)
        case CompareTry(_, question, sides):
            asked = [user_message(side.words.of(language)) for side in sides]
            doors.compare(asked, question.of(language), [side.name.of(language) for side in sides])
        case ConversationTry(_, title, messages):
            said = [message_of(each, language) for each in messages]
            doors.converse(title.of(language), said)
        case CardTry(_, model):
            doors.show_card(model)
        case DoorTry(_, door):
            doors.pages[door]()
        case _ as never:
            assert_never(never)


def draft_of(chosen: BuilderTry, language: Language) -> PromptDraft:
    """Return the prompt that a lesson puts into the builder."""
    return PromptDraft(
        framework=chosen.framework,
        texts={key: text.of(language) for key, text in chosen.texts.items()},
        examples=tuple(Example(each.input.of(language), each.output.of(language)) for each in chosen.examples),
        chain_of_thought=chosen.chain_of_thought,
    )


def message_of(prepared: PreparedMessage, language: Language) -> Message:
    """Return a message of a prepared conversation."""
    thinking = prepared.thinking.of(language)
    parts = (TextPart(prepared.words.of(language)),)
    return Message(role=prepared.role, parts=(ReasoningPart(thinking), *parts) if thinking else parts)


_WIDEST_PX = 680
_MARK_PX = 20
_INSIDE = (GAP_WIDE, GAP, GAP_WIDE, GAP)  # margins of a row
_IN_CARD = (GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE)


class HelpSection(StrEnum):
    """Section of the help."""

    LESSONS = "lessons"
    WORDS = "words"
    KEYS = "keys"


class HelpPage(CenteredPage):
    """The page, which opens where it was left."""

    def __init__(
        self,
        theme: Theme,
        stack: PageStack,
        texts: HelpTexts,
        keys: Callable[[], Sequence[KeyHelp]],
        doors: HelpDoors,
        preferences: SettingsKeeper,
    ) -> None:
        """`keys` returns the shortcuts of the window."""
        super().__init__(theme, _WIDEST_PX)
        self.theme = theme
        self.texts = texts
        self._stack = stack
        self._keys = keys
        self._doors = doors
        self._preferences = preferences
        self.done = list(preferences.now.lessons_read)  # keys of lessons
        self._lesson: Lesson | None = None  # that is read
        self._section = HelpSection.LESSONS
        self._term = ""  # that is looked up
        self._left_at = 0  # how far down the list was when a lesson was opened
        self._view = QWidget()
        self.setAccessibleName(self.tr("Help"))
        self.back = IconButton(theme, "chevron-left", self.tr("Back to the conversation (Esc)"), do=stack.show_home)
        self.search = FilterField(theme, self.tr("Find in the help"))
        self.search.textChanged.connect(self._find)
        self.search.left_downwards.connect(self.search.focusNextChild)
        self.sections: dict[HelpSection, QPushButton] = {}
        for section, words in (
            (HelpSection.LESSONS, self.tr("Lessons of a minute")),
            (HelpSection.WORDS, self.tr("Dictionary")),
            (HelpSection.KEYS, self.tr("Shortcuts")),
        ):
            self.sections[section] = made = button(words, "filter")
            made.setCheckable(True)
            # A screen reader toggles it and clicks nothing.
            made.toggled.connect(lambda _, section=section: self.show_section(section))
        self.diagnostics = button(self.tr("Diagnostics…"), "muted", doors.diagnostics)
        self.about = button(self.tr("About Candor…"), "muted", doors.about)
        self._lay_out()
        self._show_list()
        theme.changed.connect(self._show_anew)

    def _lay_out(self) -> None:
        ways = QWidget()
        flow = FlowLayout(ways, GAP)
        for each in (*self.sections.values(), self.diagnostics, self.about):
            flow.addWidget(each)
        self.column.setSpacing(GAP_WIDE)
        self.column.addLayout(stack(self.back, (PlainLabel(self.tr("Help"), "title"), 1), across=True))
        for part in (self.search, ways, self._view):
            self.column.addWidget(part)

    def open(self) -> None:
        """Show the page where it was left."""
        self._stack.show_page(self)
        (self.search if self._lesson is None else self.back).setFocus()

    def show_keys(self) -> None:
        """Show the page with the list of keys."""
        self.show_section(HelpSection.KEYS)
        self.open()

    def show_topic(self, key: str) -> None:
        """Show the page with the lesson of this key, or else the term of the dictionary."""
        if self.texts.lesson(key) is None and self.texts.term(key) is not None:
            self.open_term(key)
        else:
            self.show_section(HelpSection.LESSONS)
            self.open_lesson(key)
        self.open()

    def show_section(self, section: HelpSection, term: str = "") -> None:
        """Show a section from its beginning, which is a term of the dictionary where one is looked up."""
        self.search.clear()
        self._lesson, self._term, self._section = None, term, section
        self._show_list()

    def open_term(self, key: str) -> None:
        """Show the dictionary, with a term on top."""
        self.show_section(HelpSection.WORDS, key)

    def open_lesson(self, key: str) -> None:
        """Show a lesson, and hold where the list was that it was opened from."""
        if self._lesson is None:
            self._left_at = self.verticalScrollBar().value()
        self._lesson = lesson = self.texts.lesson(key)
        if lesson is None:
            self.show_section(HelpSection.LESSONS)
        else:
            self._show(LessonView(self, lesson))
            self.back.setFocus()

    def attempt(self, chosen: LessonTry) -> None:
        """Have the program do what a lesson offers."""
        self.note_read()
        take(chosen, self._doors, prompt_language(), self.tr("This prompt is from the lesson."))

    def note_read(self) -> None:
        """Remember that the lesson in sight has been read."""
        if self._lesson is not None and self._lesson.key not in self.done:
            self.done.append(self._lesson.key)
            self._preferences.change(lessons_read=tuple(self.done))

    def forget_read(self) -> None:
        """Remember of no lesson that it has been read."""
        self.done.clear()
        self._preferences.change(lessons_read=())
        self._show_list()
        self.search.setFocus()

    def take_step_back(self) -> bool:
        """Go from a lesson to the list that it was opened from, and from what was found to the section."""
        if self._lesson is not None:
            key, self._lesson = self._lesson.key, None
            found = self._show_list()
            found.rows.get(key, self.search).setFocus()
            self._scroll_to(self._left_at, found)
            return True
        if not self.search.text():
            return False
        self.search.setFocus()  # what was found, and may have the keyboard, goes
        self.search.clear()
        return True

    def _scroll_to(self, at: int, view: QWidget) -> None:
        """Go as far down a view as that, as soon as it has its height."""
        bar = self.verticalScrollBar()
        if view is self._view:
            bar.setValue(at)
        if view is self._view and bar.value() < at:
            bar.rangeChanged.connect(lambda *_: self._scroll_to(at, view), Qt.ConnectionType.SingleShotConnection)

    def _find(self) -> None:
        self._lesson = None
        self._show_list()

    def _show_anew(self) -> None:
        if self._lesson is not None:
            self._show(LessonView(self, self._lesson))
        else:
            self._show_list()

    def _show_list(self) -> HelpList:
        """Show what is looked for, or else the section."""
        lead, section, wanted = "", self._section, self.search.text().strip()
        entries: Sequence[Found]
        if wanted:
            entries = find_help(wanted, self.texts, self._keys())
            lead = "" if entries else self.tr("Nothing in the help has these words.")
        elif section is HelpSection.LESSONS:
            lead = self.tr("How to ask well, and what the names of models mean. Read one when you like.")
            entries = self.texts.lessons
        elif section is HelpSection.WORDS:
            looked_up = [each for each in self.texts.terms if each.key == self._term]
            entries = [*looked_up, *(each for each in self.texts.terms if each.key != self._term)]
        else:
            lead = self.tr(
                "In the message box, Enter sends and Shift+Enter begins a new line. Tab goes from one to the next."
            )
            entries = self._keys()
        shown = HelpList(self, entries, lead, has_all_lessons=not wanted and section is HelpSection.LESSONS)
        self._show(shown)
        return shown

    def _show(self, view: QWidget) -> None:
        """Show a view from its top, in place of the one before."""
        earlier, self._view = self._view, view
        self.column.replaceWidget(earlier, view)
        view.show()
        drop(earlier)
        for section, each in self.sections.items():
            with QSignalBlocker(each):
                each.setChecked(section is self._section and not self.search.text().strip())
        self.verticalScrollBar().setValue(0)


class HelpList(QWidget):
    """Lessons, terms and shortcuts in the order given: a section of the help, or what was found in it."""

    def __init__(self, page: HelpPage, entries: Sequence[Found], lead: str, *, has_all_lessons: bool) -> None:
        """`lead`: a sentence above them, or in the place of none. With all lessons it is told which have been read."""
        super().__init__()
        self._page = page
        self.rows: dict[str, QWidget] = {}  # what leads to a lesson, by the lesson's key
        card = QFrame()
        if not entries:
            card.hide()
        set_look(card, "card")
        stack(*map(self._row, entries), gap=0, on=card)
        column = stack(*([Paragraph(lead)] if lead else []), card, gap=GAP_WIDE, on=self)
        if has_all_lessons:
            read = sum(key in page.done for key in self.rows)
            kept = self.tr("%1 of %2 read. Candor keeps in its settings which ones, and nothing else about it.")
            said = PlainLabel(fill(kept, number(read), number(len(self.rows))), "small", wraps=True)
            self.forget = button(self.tr("Forget that"), "line", page.forget_read)
            if not read:
                self.forget.hide()
            column.addLayout(stack((said, 1), self.forget, across=True))
        column.addStretch(1)

    def _row(self, entry: Found) -> QWidget:
        match entry:
            case Lesson():
                made = self.rows[entry.key] = LessonRow(self._page, entry)
                return made
            case HelpTerm():
                row = TermRow(self._page, entry)
                if entry.lesson:
                    self.rows.setdefault(entry.lesson, row.lesson)
                return row
            case KeyHelp():
                return KeyRow(entry)


class LessonRow(PressableRow):
    """A lesson: its number, or a tick if it has been read."""

    def __init__(self, page: HelpPage, lesson: Lesson) -> None:
        title, about = _said(lesson.title), _said(lesson.about)
        super().__init__(f"{title}. {about}")
        mark, theme = PlainLabel(number(page.texts.lessons.index(lesson) + 1), "muted"), page.theme
        mark.setFixedWidth(theme.px(_MARK_PX))
        if lesson.key in page.done:
            self.setAccessibleDescription(self.tr("Read"))
            mark.setPixmap(pixmap("check", theme.tokens.accent, theme.px(_MARK_PX - 4), self.devicePixelRatioF()))
        words = stack(PlainLabel(title, "strong", wraps=True), PlainLabel(about, "small", wraps=True), gap=GAP_TIGHT)
        stack((mark, Qt.AlignmentFlag.AlignTop), (words, 1), margins=_INSIDE, across=True, on=self)
        self.pressed.connect(partial(page.open_lesson, lesson.key))


class TermRow(QFrame):
    """A term and what it means, with a way to the lesson that says more, if there is one."""

    def __init__(self, page: HelpPage, term: HelpTerm) -> None:
        super().__init__()
        set_look(self, "row")
        lesson = page.texts.lesson(term.lesson)
        self.lesson = button(self.tr("The lesson"), "advice", partial(page.open_lesson, term.lesson))
        if lesson is not None:
            self.lesson.setAccessibleName(f"{self.lesson.text()}: {_said(lesson.title)}")
        else:
            self.lesson.hide()
        name, lesson_at = PlainLabel(_said(term.name), "strong", wraps=True), (self.lesson, Qt.AlignmentFlag.AlignTop)
        head = stack((name, 1), lesson_at, gap=GAP_SECTION, across=True)
        stack(head, PlainLabel(_said(term.words), wraps=True), gap=GAP_TIGHT, margins=_INSIDE, on=self)


class KeyRow(QFrame):
    """What a shortcut does, and its keys."""

    def __init__(self, key: KeyHelp) -> None:
        super().__init__()
        set_look(self, "row")
        name, keys = PlainLabel(key.name, wraps=True), PlainLabel(key.keys, "key")
        parts = (name, 1), (keys, Qt.AlignmentFlag.AlignRight)
        stack(*parts, gap=GAP_SECTION, margins=_INSIDE, across=True, on=self)


class LessonView(QWidget):
    """A lesson, what can be tried, and the ways to its terms and to the lessons around it."""

    def __init__(self, page: HelpPage, lesson: Lesson) -> None:
        super().__init__()
        texts = page.texts
        at, count = texts.lessons.index(lesson) + 1, len(texts.lessons)
        self.setAccessibleName(_said(lesson.title))
        self.tries = [WrappingButton(page.theme, _said(each.words)) for each in lesson.tries]
        for made, each in zip(self.tries, lesson.tries, strict=True):
            made.clicked.connect(lambda _=False, each=each: page.attempt(each))
        card = QFrame()
        set_look(card, "notice")
        back = PlainLabel(self.tr("It happens in Candor itself. F1 brings you back here."), "small", wraps=True)
        stack(PlainLabel(self.tr("Try it"), "strong"), *self.tries, back, margins=_IN_CARD, on=card)
        before, after = texts.after(lesson.key, -1), texts.after(lesson.key)
        way_back = []
        if before is not None:
            way_back.append(button(self.tr("The one before"), "link", partial(page.open_lesson, before.key)))

        def finish() -> None:
            page.note_read()
            page.open_lesson(after.key if after is not None else "")

        on = self.tr("Next lesson") if after is not None else self.tr("All lessons")
        self.next = button(on, "filled", finish, fill="accent")
        stack(
            PlainLabel(fill(self.tr("Lesson %1 of %2 · one minute"), number(at), number(count)), "small"),
            PlainLabel(_said(lesson.title), "heading", wraps=True),
            *map(_part, lesson.parts),
            card,
            *self._terms(page, texts.terms_in(lesson.key)),
            stack(*way_back, None, self.next, across=True),
            None,
            gap=GAP_WIDE,
            on=self,
        )

    def _terms(self, page: HelpPage, terms: Sequence[HelpTerm]) -> list[QWidget]:
        """Return the line of terms that lead to the dictionary, where there are any."""
        row = QWidget()
        flow = FlowLayout(row, GAP)
        flow.addWidget(PlainLabel(self.tr("In the dictionary:"), "small"))
        for term in terms:
            flow.addWidget(button(_said(term.name), "line", partial(page.open_term, term.key)))
        return [row] if terms else []


def _part(part: LessonPart) -> QWidget:
    """Return a part of a lesson: a paragraph, a small table, or a text as it is sent or answered, to be copied."""
    name, text = _said(part.name), _said(part.sample)
    if part.rows:
        card = QFrame()
        set_look(card, "card")
        grid = QGridLayout(card)
        grid.setContentsMargins(*_IN_CARD)
        grid.setHorizontalSpacing(GAP_SECTION)
        grid.setVerticalSpacing(GAP)
        for column, wide in enumerate((1, 3)):
            grid.setColumnStretch(column, wide)
        for at, row in enumerate(part.rows):
            grid.addWidget(PlainLabel(_said(row.name), "strong", wraps=True), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(PlainLabel(_said(row.text), wraps=True), at, 1, Qt.AlignmentFlag.AlignTop)
        return card
    if not text:
        return Paragraph(_said(part.text))
    shown = PlainLabel(text, "mono", wraps=True)
    shown.make_selectable()
    shown.setAccessibleName(f"{name}: {text}")
    block = QWidget()
    stack(PlainLabel(name, "small"), shown, on=block)
    return block


def _said(wording: Wording) -> str:
    return wording.of(prompt_language())


def shortcuts_of(window: QWidget) -> list[KeyHelp]:
    """Return the shortcuts that a window has, as the help lists them."""
    native = QKeySequence.SequenceFormat.NativeText
    return [
        KeyHelp(action.text(), action.property(ENGLISH) or "", action.shortcut().toString(native))
        for action in window.actions()
        if not action.shortcut().isEmpty()
    ]
