"""The help in the program: the page, what a lesson does in the window itself, and how each is left."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.core.conversation import is_temporary
from desktop.core.message import Role
from desktop.store.settings import Settings
from desktop.ui.fresh_start.sheet import FreshSheet
from desktop.ui.models.about import ModelCard, TermLine
from desktop.ui.teaching.page import HelpList, HelpPage, HelpSection, KeyRow, LessonView, TermRow
from desktop.ui.widgets.page import PageStack
from desktop.ui.window.about import AboutDialog
from tests.ui.preferring import Noted
from tests.ui.teaching.scenes import Went, keys, the_help

pytestmark = pytest.mark.window


class Shown:
    """The help over an empty conversation."""

    def __init__(self, theme, qtbot):
        self.went, self.noted = Went(), Noted(lessons_read=("sizes",))
        self.home = QWidget()
        self.stack = PageStack(self.home)
        qtbot.addWidget(self.stack)
        self.help = HelpPage(theme, self.stack, the_help(), keys, self.went.doors(), self.noted)
        self.stack.resize(760, 560)
        self.stack.show()
        self.help.open()

    @property
    def lesson(self):
        [view] = [each for each in self.help.findChildren(LessonView) if not each.isHidden()]
        return view

    @property
    def entries(self):
        [view] = [each for each in self.help.findChildren(HelpList) if not each.isHidden()]
        return view

    def words(self):
        found = self.help.findChildren(QLabel)
        return [each.text() for each in found if each.isVisibleTo(self.help)]


@pytest.fixture
def shown(theme, qtbot):
    return Shown(theme, qtbot)


def test_each_press_in_each_lesson_goes_somewhere_and_is_remembered(shown):
    read = ["sizes"]
    for lesson in the_help().lessons:
        shown.help.show_topic(lesson.key)
        for button in shown.lesson.tries:
            QTest.keyClick(button, Qt.Key.Key_Space)
        read += [] if lesson.key in read else [lesson.key]
        assert shown.noted.changes[-1] == {"lessons_read": tuple(read)} or lesson.key == "sizes"
    went = shown.went
    assert [len(each.examples) for each in went.drafts] == [0, 2, 0, 0, 0]
    assert went.drafts[0].text("task").startswith("Write a reply")
    assert [len(names) for _, names in went.compared] == [4, 4, 4]
    assert '"""' in went.compared[0][1][3]
    assert '"""' not in went.compared[0][1][2]
    [thought, _, invented] = went.said
    assert [each.role for each in invented[1]] == [Role.USER, Role.ASSISTANT] * 2
    assert thought[1][1].reasoning
    assert {"deepseek-r1:7b", "qwen3:30b", "ledger", "connections", "settings", "models"} <= set(went.to)


def test_the_lessons_follow_each_other_and_the_list_shows_what_was_read(shown):
    assert [key for key, row in shown.entries.rows.items() if row.accessibleDescription()] == ["sizes"]
    QTest.keyClick(shown.entries.rows["parts"], Qt.Key.Key_Return)
    assert "Lesson 1 of 12 · one minute" in shown.words()
    for _ in range(12):
        shown.lesson.next.click()
    assert all(row.accessibleDescription() for row in shown.entries.rows.values())
    assert shown.noted.changes[-1]["lessons_read"][0] == "sizes"
    assert len(shown.noted.changes[-1]["lessons_read"]) == 12
    shown.entries.forget.click()
    assert shown.noted.changes[-1] == {"lessons_read": ()}
    assert not shown.entries.forget.isVisibleTo(shown.help)


def test_escape_goes_back_step_by_step_and_f1_returns_to_where_one_was(shown):
    shown.help.show_topic("quotes")
    shown.stack.show_home()
    assert not shown.stack.take_escape()
    shown.help.open()
    assert "Put what you paste between three quotes" in shown.words()
    assert shown.stack.take_escape()
    assert shown.entries
    shown.help.search.setText("moe")
    assert shown.stack.take_escape()
    assert shown.help.search.text() == ""
    assert shown.stack.is_in_front(shown.help)
    shown.help.search.setText("moe")
    next(iter(shown.entries.rows.values())).setFocus()
    assert shown.stack.take_escape()
    assert shown.stack.focusWidget() is shown.help.search
    assert shown.stack.take_escape()
    assert shown.stack.is_home_in_front


@pytest.mark.parametrize(("sought", "least"), [("", 0), ("a", 1000)])
def test_escape_goes_from_a_lesson_to_its_place_in_the_list(shown, qtbot, sought, least):
    shown.help.search.setText(sought)
    bar = shown.help.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > least)
    rows = shown.entries.rows.items()
    lesson, row = max(rows, key=lambda each: each[1].mapTo(shown.help, QPoint(0, 0)).y())
    row.setFocus(Qt.FocusReason.TabFocusReason)
    shown.help.ensureWidgetVisible(row)
    at = bar.value()
    QTest.keyClick(row, Qt.Key.Key_Space)
    assert shown.lesson
    assert shown.stack.take_escape()
    qtbot.waitUntil(lambda: bar.value() == at > 0)
    assert (shown.help.search.text(), shown.stack.focusWidget()) == (sought, shown.entries.rows[lesson])


def test_a_term_stands_first_and_leads_to_its_lesson(shown):
    shown.help.show_topic("context")
    assert shown.help.sections[HelpSection.WORDS].isChecked()
    first = shown.help.findChildren(TermRow)[0]
    assert first.findChildren(QLabel)[0].text() == "Context"
    first.findChild(QPushButton).click()
    assert "Distilled, 4 bits, MLA" in shown.words()
    [to_mla] = [each for each in shown.lesson.findChildren(QPushButton) if each.text() == "MLA"]
    to_mla.click()
    assert shown.help.sections[HelpSection.WORDS].isChecked()


def test_a_screen_reader_can_choose_a_section(shown):
    sections = shown.help.sections
    for section in (*HelpSection, HelpSection.LESSONS):
        sections[section].toggle()  # as it presses it
        assert [each for each in HelpSection if sections[each].isChecked()] == [section]


def test_the_shortcuts_are_those_of_the_window(shown):
    shown.help.sections[HelpSection.KEYS].click()
    rows = [[label.text() for label in row.findChildren(QLabel)] for row in shown.help.findChildren(KeyRow)]
    assert rows == [[each.name, each.keys] for each in keys()]
    assert ["Prompt builder", "Ctrl+B"] in rows
    shown.help.search.setText("蒸馏")
    assert "Distilled, 4 bits, MLA" in shown.words()
    shown.help.search.setText("no such words")
    assert "Nothing in the help has these words." in shown.words()


def test_it_leads_to_diagnostics_and_to_what_the_program_is(shown):
    shown.help.diagnostics.click()
    shown.help.about.click()
    assert shown.went.to == ["diagnostics", "about"]


def attempt(opened, lesson, which=0):
    """Press what a lesson offers."""
    opened.program.help.page.show_topic(lesson)
    [view] = [each for each in opened.window.findChildren(LessonView) if not each.isHidden()]
    view.tries[which].click()


def shown_cards(opened):
    """Return the cards of models that are not hidden."""
    return [each for each in opened.window.findChildren(ModelCard) if not each.isHidden()]


def test_what_a_lesson_offers_happens_in_the_window(open_it, server):
    with open_it() as opened:
        opened.wait_for_model()
        opened.press("F1")
        assert opened.window.pages.is_in_front(opened.program.help.page)

        attempt(opened, "quotes")
        comparing = opened.window.parts.comparing
        opened.wait_until(lambda: comparing.is_in_front and not comparing._comparison.is_running)
        assert [column.heading for column in comparing.page.columns] == ["Without quotes", "With three quotes"]
        asked = [each.json["messages"][-1]["content"] for each in server.chats]
        assert sorted('"""' in each for each in asked) == [False, True]
        assert is_temporary(opened.program.chat.current.id)

        attempt(opened, "inventing")
        opened.wait_until(lambda: [each.text[:4] for each in opened.path] == ["How ", "Your", "That", "I ap"])
        assert opened.path[3].signs  # it gave in, and took another number
        assert is_temporary(opened.program.chat.current.id)
        assert opened.window.findChild(FreshSheet) is None  # the conversation is read first
        opened.press("Ctrl+Shift+N")
        sheet = opened.window.findChild(FreshSheet)
        opened.wait_until(lambda: sheet.preview.said.text.endswith("get? Please name the clause."))
        assert opened.says("was never given")
        with pytest.raises(AssertionError):
            opened.click("Add a file", sheet)  # a temporary conversation takes none
        opened.press("Escape")

        attempt(opened, "parts")
        opened.wait_until(lambda: opened.window.is_chat_in_front and opened.window.parts.prompt._presenter is not None)
        panel = opened.window.parts.prompt._presenter.panel
        opened.wait_until(lambda: panel.draft.text("tone").startswith("Friendly"))
        assert opened.path == []

        attempt(opened, "distilled")
        opened.wait_until(lambda: opened.window.pages.is_in_front(opened.program.model_parts.page))
        opened.wait_until(lambda: shown_cards(opened))
        [card] = shown_cards(opened)
        assert card.accessibleName() == "DeepSeek R1 Distill 7B"
        term = next(each for each in card.findChildren(TermLine) if each.property("lesson") == "distilled")
        QTest.keyClick(term, Qt.Key.Key_Return)
        assert opened.window.pages.is_in_front(opened.program.help.page)

        for _ in range(2):
            opened.program.help.page.about.click()
            about = opened.window.findChild(AboutDialog)
            opened.wait_until(about.isVisible)
            QTest.keyClick(about, Qt.Key.Key_Escape)
            opened.wait_until(lambda: opened.window.findChild(AboutDialog) is None)
        opened.press("Escape")
        opened.press("Escape")
        assert opened.window.is_chat_in_front
        folder = opened.folder
    assert set(Settings.load(folder / "settings.json")[0].lessons_read) == {"quotes", "inventing", "parts", "distilled"}
