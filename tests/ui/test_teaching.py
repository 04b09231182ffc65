"""Help and lessons: the pages, the way to them, and what they try in the program."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from desktop.core.conversation import is_temporary
from desktop.core.message import Role
from desktop.rendering.text.shown_text import Position
from desktop.store.settings import Settings
from desktop.ui.fresh_start.sheet import FreshSheet
from desktop.ui.look.theme import IconButton
from desktop.ui.message_actions import Ask
from desktop.ui.models.menu import ModelCard, TermLine
from desktop.ui.prompts.dock import ExampleDialog
from desktop.ui.teaching import HelpList, HelpPage, LessonView
from desktop.ui.text.content import Channel
from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.widgets.page import PageStack
from desktop.ui.window.about import AboutDialog
from desktop.ui.words import short
from tests.support.patient_bot import process_next_events
from tests.support.scripted_server import Hold
from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script
from tests.ui.page_scenes import Went, keys, the_help
from tests.ui.steps import Noted


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


@pytest.mark.window
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


@pytest.mark.window
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


def attempt(opened, lesson, which=0):
    """Press what a lesson offers."""
    opened.program.help.show_topic(lesson)
    [view] = [each for each in opened.window.findChildren(LessonView) if not each.isHidden()]
    view.tries[which].click()


def shown_cards(opened):
    """Return the cards of models that are not hidden."""
    return [each for each in opened.window.findChildren(ModelCard) if not each.isHidden()]


def test_what_a_lesson_offers_happens_in_the_window(open_it, server):
    with open_it() as opened:
        opened.wait_for_model()
        opened.press("F1")
        assert opened.window.pages.is_in_front(opened.program.help)

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
            opened.click("Attach a file", sheet)  # a temporary conversation takes none
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
        assert opened.window.pages.is_in_front(opened.program.help)

        for _ in range(2):
            opened.program.help.about.click()
            about = opened.window.findChild(AboutDialog)
            opened.wait_until(about.isVisible)
            QTest.keyClick(about, Qt.Key.Key_Escape)
            opened.wait_until(lambda: opened.window.findChild(AboutDialog) is None)
        opened.press("Escape")
        opened.press("Escape")
        assert opened.window.is_chat_in_front
        folder = opened.folder
    assert set(Settings.load(folder / "settings.json")[0].lessons_read) == {"quotes", "inventing", "parts", "distilled"}


def test_a_message_whose_text_is_missing_is_held_once(open_over):
    with open_over(ollama_script(ndjson(ollama_lines("One month.")))) as (opened, server):
        chat, composer = opened.program.chat, opened.window.composer
        question = "What does our contract say on notice?"
        opened.wait_for_model()
        opened.write(question)
        opened.press_enter()
        assert "does not have the contract" in opened.notice
        assert opened.box.hasFocus()
        QTest.keyClick(opened.box, Qt.Key.Key_Escape)
        assert not opened.notice
        assert composer.text() == question
        assert chat.path.is_empty
        opened.press_enter()
        opened.wait_until(lambda: len(opened.path) == 2 and not chat.is_answering)
        opened.ask("Summarise the report")  # what follows is clear from what was said, or was held for already

        chat.new()
        opened.write(question)
        opened.press_enter()
        process_next_events()  # the buttons of the first time go
        QApplication.clipboard().setText("Either side may end it with a notice of three months.")
        opened.click("Paste")
        assert composer.text() == f"{question}\n\nEither side may end it with a notice of three months."
        assert not opened.notice
        opened.press_enter()
        opened.wait_until(lambda: len(opened.path) == 2 and not chat.is_answering)

        chat.new()
        chat.attachments.add_bytes(b"Notice: three months.", "contract.txt")
        opened.wait_until(lambda: not chat.attachments.is_reading)
        opened.ask(question)

        chat.new()
        opened.program.services.settings.change(holds_for_text=False)
        opened.ask("总结一下这份合同")
        assert len(server.chats) == 5


def test_a_corrected_answer_is_kept_and_offered_with_the_next_of_its_kind(open_it):
    asked, again = "Write a mail to our landlord about the heating", "Write a mail to our landlord about the lift"
    with open_it() as opened:
        opened.ask(asked)
        dialog = kept_as_example(opened)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)  # nothing was typed
        assert not dialog.isVisible()
        opened.wait_until(lambda: opened.window.focusWidget() is opened.box)
        dialog.deleteLater()
        process_next_events()
        dialog = kept_as_example(opened)
        assert dialog.question.toPlainText() == asked
        assert dialog.answer.toPlainText() == "It is four."
        dialog.answer.setPlainText("")
        assert not dialog.keep.isEnabled()
        QTest.keyClicks(dialog.answer, "Dear Ms Hale, it is cold.")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible()  # what was typed goes the second time only
        opened.click("Keep", dialog)
        assert "next request of this kind" in opened.notice
        opened.drain_store()
    with open_it() as opened:
        opened.wait_for_model()
        opened.program.chat.new()
        opened.write(again)
        opened.wait_until(lambda: opened.says("Use your example"))
        opened.click("Use it")
        opened.wait_until(lambda: opened.window.parts.prompt.made().panel.draft.examples)
        sent: list[object] = []
        opened.program.chat.generation_ended.connect(sent.append)
        opened.window.parts.prompt.made().sending.send()
        opened.wait_until(lambda: sent)
        assert again in opened.path[0].text
        assert asked in opened.path[0].text
        assert "Dear Ms Hale, it is cold." in opened.path[0].text

        opened.window.parts.recipes.show_list()
        opened.wait_until(lambda: opened.says("Your examples"))
        delete(opened, asked)
        opened.wait_until(lambda: not opened.says("Your examples"))
        opened.click("Undo")
        opened.wait_until(lambda: opened.says("Your examples"))
        delete(opened, asked)
        opened.wait_until(lambda: not opened.says("Your examples"))
        opened.program.chat.new_temporary()
        opened.window.show_chat()
        opened.ask("Write a mail")
        assert not opened.window.reading.offers(Ask.KEEP_AS_EXAMPLE)
    store = opened.stored()
    assert store.kept_examples() == []
    store.close()


def test_figures_that_rest_on_nothing_are_asked_for_twice_more(open_over):
    rents = iter(["1,240", "1,250", *["1,240"] * 4, "", "", "1,240"])  # none: the server goes silent
    hints = set()
    held = [ollama_line("The rent is "), Hold()]

    def answer(_):
        rent = next(rents)
        return ndjson(ollama_lines(f"The rent is {rent} euros, paid on 3 May.") if rent else held)

    with open_over(ollama_script(answer)) as (opened, server):
        chat, transcript = opened.program.chat, opened.window.transcript
        opened.ask("How high is the usual rent of an office in Leith?")
        opened.wait_until(lambda: opened.says("It takes about"))
        assert len(server.chats) == 1
        opened.click("Ask twice more")
        assert opened.says("Asking twice more…")
        chat.generation_ended.connect(lambda _: hints.add(opened.window.composer._box._hint))
        opened.wait_until(lambda: opened.says("2 of 3 say 1,240 euros"))
        assert hints
        assert not any("queues" in each for each in hints)  # what is written beside several answers waits for none
        assert not opened.says("3 May.,")
        assert len({str(each.json["messages"]) for each in server.chats}) == 1
        opened.wait_until(lambda: chat.path.entries[-1].versions == 3)
        assert [each.text for each in opened.path] == [opened.path[0].text, "The rent is 1,240 euros, paid on 3 May."]
        surface = dict(transcript.live_views()[1][1].surfaces())[Channel.ANSWER]
        assert surface.marked.differing_at(Position(0, 13)) == "1,240 euros"
        buttons = opened.window.findChildren(QAbstractButton)
        next(each for each in buttons if each.isVisible() and each.accessibleName() == "Close this notice").click()
        assert not surface.marked.differing_at(Position(0, 13))

        opened.ask("And in Fife?")
        assert not opened.says("It takes about")  # offered once a conversation; the menu has it
        opened.window.reading.ask(opened.path[-1].id, Ask.ASK_TWICE_MORE)
        opened.click("Ask twice more")
        opened.wait_until(lambda: opened.says("All three answers have the same figures."))
        opened.window.reading.ask(opened.path[-1].id, Ask.ASK_TWICE_MORE)
        opened.click("Ask twice more")
        opened.wait_until(lambda: len(server.chats) == 8)
        opened.press("Esc")
        opened.wait_until(lambda: opened.says("The answers did not all come."))
        assert not chat.is_answering

        answer_id = opened.path[-1].id
        opened.window.reading.ask(answer_id, Ask.ASK_TWICE_MORE)
        assert opened.says("It takes about")
        chat.show_version(answer_id, 2)
        opened.wait_until(lambda: chat.path.index_of(answer_id) is None)
        assert not opened.says("It takes about")  # it was about an answer that is not shown any more
        assert chat.comparisons.ask_again(answer_id, 2) is None

        chat.new()
        chat.attachments.add_bytes(b"The rent is 1,240 euros.", "rent.txt")
        opened.wait_until(lambda: not chat.attachments.is_reading)
        opened.ask("How high is the rent?")
        assert not opened.window.reading.offers(Ask.ASK_TWICE_MORE)


def kept_as_example(opened):
    """The dialog, opened by what the menu of the last answer offers."""
    view = opened.window.transcript.view_at(1)
    assert view is not None
    footer = view.findChild(MessageFooter)
    assert isinstance(footer, MessageFooter)
    next(each for each in footer.menu().actions() if each.text() == "Keep as example…").trigger()
    opened.wait_until(lambda: opened.window.findChild(ExampleDialog))
    dialog = opened.window.findChild(ExampleDialog)
    assert isinstance(dialog, ExampleDialog)
    return dialog


def delete(opened, asked):
    name = f"Delete the example “{short(asked)}”"
    next(each for each in opened.window.findChildren(IconButton) if each.accessibleName() == name).click()
