"""Two answers side by side in the window: sent from the prompt builder, stopped, kept, left."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from desktop.core.prompts.prompt import PromptDraft
from desktop.core.repository import StoreError
from desktop.store.database import SqliteStore
from desktop.ui.look.icons import IconButton
from desktop.ui.widgets.labels import FittingLabel
from tests.support.scripted_server import Hold
from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script
from tests.ui.window.test_main_window import choose

pytestmark = pytest.mark.window

STAYS = ndjson([ollama_line("So far.")], then=[Hold()])
DRAFT = PromptDraft(framework="main", texts={"task": "Say it.", "tone": "Warm.", "persona": "A captain."})


def compare(opened, choice="With and without “Persona”"):
    """Fill the prompt builder, press its button, and choose what to leave out."""
    opened.wait_for_model()
    opened.window.resize(1300, 760)
    opened.window.parts.prompt.go_to()
    presenter = opened.window.parts.prompt._presenter
    assert presenter is not None
    presenter.panel.show_draft(DRAFT)
    presenter.panel.offer_comparison()
    [menu] = [each for each in presenter.panel.findChildren(QMenu) if each.isVisible()]
    next(each for each in menu.actions() if each.text() == choice).trigger()
    menu.close()
    page = opened.window.parts.comparing.page
    opened.wait_until(lambda: opened.window.parts.comparing.is_in_front)
    return page


def press(within, name):
    [button] = [each for each in within.findChildren(IconButton) if each.isVisible() and each.accessibleName() == name]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def answers(page):
    return [view.source for column in page.columns for _, view in column.transcript.live_views()]


def says(column, words):
    return any(words in each.text() for each in column.findChildren(FittingLabel))


def test_a_prompt_is_sent_with_and_without_a_part_and_one_answer_is_kept(open_it, server):
    with open_it() as opened:
        page = compare(opened)
        assert [column.heading for column in page.columns] == ["With everything", "Without the part “Persona”"]
        opened.wait_until(lambda: all(says(column, "Done") for column in page.columns))
        assert answers(page) == ["It is four."] * 2
        opened.wait_until(lambda: page.differences.said == ["Both answers are the same."])
        asked = [each.json["messages"][-1]["content"] for each in server.chats]
        assert sorted("A captain." in each for each in asked) == [False, True]
        assert ["Warm." in each for each in asked] == [True, True]
        opened.click("Keep this answer: Without the part “Persona”")
        opened.wait_until(lambda: opened.page == "chat" and "A captain." not in opened.path[0].text)
        assert [(each.version, each.versions) for each in opened.program.chat.path.entries] == [(2, 2), (1, 1)]
        assert page.columns == []
        assert opened.says("The conversation goes on with this answer: Without the part “Persona”. The other one is")
        opened.click("Back to the comparison")
        assert [column.heading for column in page.columns] == ["With everything", "Without the part “Persona”"]
        press(page, "Back to the conversation")
        opened.wait_until(lambda: opened.page == "chat")
        assert opened.says("The conversation goes on with this answer: Without the part “Persona”.")
        opened.press("Ctrl+N")
        assert not opened.says("The conversation goes on")


def test_escape_stops_both_and_then_goes_back(open_over):
    with open_over(ollama_script(STAYS)) as (opened, _):
        page = compare(opened)
        opened.wait_until(lambda: answers(page) == ["So far."] * 2)
        QTest.keyClick(page, Qt.Key.Key_Escape)
        opened.wait_until(lambda: all(says(column, "Stopped") for column in page.columns))
        assert opened.window.parts.comparing.is_in_front
        QTest.keyClick(page, Qt.Key.Key_Escape)
        opened.wait_until(lambda: opened.page == "chat")
        opened.wait_until(lambda: [each.versions for each in opened.program.chat.path.entries] == [2, 1])
        assert "A captain." in opened.path[0].text


def test_one_left_goes_on_and_says_why_nothing_can_be_sent(open_over):
    with open_over(ollama_script(STAYS)) as (opened, _):
        page = compare(opened)
        opened.wait_until(lambda: answers(page) == ["So far."] * 2)
        press(page, "Back to the conversation")
        opened.wait_until(lambda: opened.page == "chat")
        opened.write("And then?")
        opened.press_enter()
        assert "being compared" in opened.notice
        assert opened.box.toPlainText() == "And then?"
        opened.program.chat.stop()
        opened.wait_until(lambda: not opened.program.chat.is_answering)


def test_where_room_is_short_one_column_is_in_sight(open_it):
    with open_it() as opened:
        page = compare(opened, "With everything, and the task alone")
        opened.wait_until(lambda: all(says(column, "Done") for column in page.columns))
        opened.window.resize(500, 500)
        opened.wait_until(lambda: [column.isVisible() for column in page.columns] == [True, False])
        opened.click("The task alone", page)
        assert [column.isVisible() for column in page.columns] == [False, True]


def test_a_deleted_conversation_takes_the_page_along(open_over):
    with open_over(ollama_script(STAYS)) as (opened, _):
        page = compare(opened)
        opened.wait_until(lambda: answers(page) == ["So far."] * 2)
        opened.program.chat.delete(opened.program.chat.current.id)
        opened.wait_until(lambda: opened.page == "chat")
        assert page.columns == []


@pytest.mark.parametrize("is_left", [False, True])
def test_what_the_disk_did_not_take_is_back_where_it_was_written(open_over, monkeypatch, is_left):
    def refuse(*_):
        raise StoreError("full")

    with open_over(ollama_script(ndjson(ollama_lines("Four.")))) as (opened, _):
        opened.ask("first")
        monkeypatch.setattr(SqliteStore, "begin_reply", refuse)
        compare(opened)
        if is_left:
            opened.press("Ctrl+N")  # before the disk has answered
        opened.wait_until(lambda: opened.page == "chat" and not opened.program.chat.is_answering)
        presenter = opened.window.parts.prompt._presenter
        assert presenter is not None
        panel = presenter.panel
        if is_left:
            opened.drain_store()
            assert panel.is_untouched
            choose(opened, "first")
        opened.wait_until(lambda: panel.draft.texts == DRAFT.texts)


def test_what_the_answers_differ_in_is_said_and_marked(open_over):
    years = iter(("1998", "2001"))

    def answer(request):
        return ndjson(ollama_lines(f"It was founded in {next(years)} in Paris."))

    with open_over(ollama_script(answer)) as (opened, _):
        page = compare(opened)
        opened.wait_until(lambda: bool(page.differences.said))
        assert page.differences.said[0] == "Leaving out “Persona” changed the date."
        assert page.differences.said[1].startswith("In nothing that you gave")
        assert "founded" in page.differences.said[2]
        assert page.differences.said[3] == "The same: Paris"
