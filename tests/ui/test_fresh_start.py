"""Starting fresh from a conversation: the sheet, what is carried over, and what differs after."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPlainTextEdit, QPushButton, QScrollArea

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.fresh_start import FreshStart
from desktop.core.message import AttachmentPart, Message, Role, TextPart
from desktop.core.model import ModelChoice
from desktop.ui.compare.page import ComparePage
from desktop.ui.fresh_start.presenter import OriginLine
from desktop.ui.fresh_start.sheet import WAYS, FreshBrief, FreshSheet, TickList
from desktop.ui.transcript.footer import FooterButton
from desktop.ui.widgets.quiet_line import QuietLine
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.ui.steps import answering

QUESTION = "What is two and two?"
LONG = "This conversation has become long"


@pytest.fixture
def opened(open_it):
    """A conversation with one question and one answer."""
    with open_it() as program:
        program.ask(QUESTION)
        yield program


def sheet_of(opened):
    sheet = opened.window.findChild(FreshSheet)
    assert isinstance(sheet, FreshSheet)
    return sheet


def open_sheet(opened):
    opened.press("Ctrl+Shift+N")
    sheet = sheet_of(opened)
    opened.wait_until(sheet.isVisible)
    return sheet


def press(key, modifier=Qt.KeyboardModifier.NoModifier):
    """A key, wherever the keyboard is."""
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def wait_for_answer(opened):
    opened.wait_until(lambda: len(opened.path) == 2 and opened.program.chat.generation is None)


def asked(server):
    """The messages of each question that has reached the server."""
    return [[message["content"] for message in each.json["messages"]] for each in server.chats]


class TestSheet:
    def test_what_is_asked_again_is_the_last_question_as_it_is_changed(self, opened, server):
        old = opened.program.chat.current
        sheet = open_sheet(opened)
        assert sheet.start is FreshStart.ASK_AGAIN
        assert sheet.preview.said.text == QUESTION
        press(Qt.Key.Key_Return)
        assert opened.program.chat.current.origin == old.id
        wait_for_answer(opened)
        assert asked(server)[-1] == [QUESTION]
        assert not sheet.isVisible()
        open_sheet(opened)
        box = sheet.findChild(QPlainTextEdit)
        assert isinstance(box, QPlainTextEdit)
        box.setFocus()
        box.setPlainText("What is three and three?")
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait_for_answer(opened)
        assert asked(server)[-1] == ["What is three and three?"]
        # Example turns go along.
        told = [
            Message(role=Role.USER, parts=(TextPart("red"),)),
            Message(role=Role.ASSISTANT, parts=(TextPart("rot"),)),
        ]
        chat = opened.program.chat
        assert chat.send("green", told)
        opened.wait_until(lambda: chat.generation is None)
        open_sheet(opened)
        opened.wait_until(lambda: sheet.preview.said.text == "green")
        press(Qt.Key.Key_Return)
        opened.wait_until(lambda: len(opened.path) == 4 and chat.generation is None)
        assert asked(server)[-1] == ["red", "rot", "green"]

    def test_the_files_above_go_along_unless_they_are_unticked(self, opened, server):
        chat = opened.program.chat
        file = AttachmentPart("Agreement Halden-Brightwater 2026.txt", "text/plain", "Thirty days.")
        assert chat.send("Read it.", attached=(file,))
        opened.wait_until(lambda: chat.generation is None)
        opened.ask("What is in this contract?")
        sheet = open_sheet(opened)
        [ticks] = [each for each in sheet.preview.findChildren(TickList) if each.isVisible()]
        assert ticks.rows[0].title == "Agreement Halden-Brightwater 2026.txt goes along"
        assert sheet.preview.said.attachments == (file,)
        put_keyboard_on(ticks)
        QTest.keyClick(ticks, Qt.Key.Key_Space)
        assert sheet.preview.said.attachments == ()
        press(Qt.Key.Key_4)
        assert sheet.preview.said.attachments == ()
        QTest.keyClick(ticks, Qt.Key.Key_Space)
        press(Qt.Key.Key_2)
        press(Qt.Key.Key_Return)
        wait_for_answer(opened)
        assert "Thirty days." in asked(server)[-1][0]
        # A file alone is asked about.
        chat.fresh.start_conversation()
        assert chat.send("", attached=(file,))
        opened.wait_until(lambda: chat.generation is None)
        count = len(asked(server))
        open_sheet(opened)
        assert opened.says("Nothing is asked for here yet.")
        box = sheet.findChild(QPlainTextEdit)
        assert box is QApplication.focusWidget()
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert len(asked(server)) == count
        QTest.keyClicks(box, "How long is it?")
        assert not opened.says("Nothing is asked for here yet.")
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait_for_answer(opened)
        assert "Thirty days." in asked(server)[-1][0]
        assert asked(server)[-1][0].endswith("How long is it?")

    def test_what_was_never_given_can_be_pasted_or_added_as_a_file(self, opened, server, tmp_path, monkeypatch):
        question = "How many days of leave do our staff get? Please name the clause."
        opened.ask(question)
        old, sheet = opened.program.chat.current, open_sheet(opened)
        assert opened.says("was never given")
        QApplication.clipboard().setText("Leave is 25 days.\n")
        opened.click("Paste it", sheet)
        assert not opened.says("was never given")
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait_for_answer(opened)
        assert asked(server)[-1] == [f'"""\nLeave is 25 days.\n"""\n\n{question}']
        opened.program.chat.open(old.id)
        opened.wait_until(lambda: opened.program.chat.current.id == old.id)
        open_sheet(opened)
        file = tmp_path / "handbook.txt"
        file.write_text("Leave is 25 days.")
        monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(file)], ""))
        opened.click("Attach a file", sheet)
        assert not sheet.isVisible()
        assert opened.program.chat.current.origin == old.id
        assert opened.box.toPlainText() == question
        opened.wait_until(lambda: opened.program.chat.attachments.items)
        opened.press_enter()
        wait_for_answer(opened)
        assert "Leave is 25 days." in asked(server)[-1][0]
        assert asked(server)[-1][0].endswith(question)

    def test_keys_choose_walk_and_close(self, opened, server):
        opened.write("half a thought")
        sheet = open_sheet(opened)
        assert opened.says("takes that for given")  # what it teaches once
        said = []
        for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4):
            press(key)
            said.append([each.text() for each in sheet.findChildren(QPushButton) if each.property("look") == "filled"])
        assert said == [["Start fresh"], ["Start fresh and send"], ["Start fresh and send"], ["Ask and compare"]]
        press(Qt.Key.Key_2)
        for key, start in (
            (Qt.Key.Key_Up, FreshStart.BLANK),
            (Qt.Key.Key_Up, FreshStart.BLANK),
            (Qt.Key.Key_Down, FreshStart.ASK_AGAIN),
        ):
            press(key)
            assert sheet.start is start
        for _ in range(9):
            press(Qt.Key.Key_Tab)
            assert sheet.isAncestorOf(QApplication.focusWidget())
        area = sheet.findChild(QScrollArea)
        for height, is_needed in ((900, False), (300, True), (900, False)):
            opened.window.resize(900, height)
            opened.wait_until(lambda is_needed=is_needed: area.verticalScrollBar().isVisible() is is_needed)
            opened.wait_until(lambda: area.widget().width() == area.viewport().width())
        press(Qt.Key.Key_Escape)
        assert not sheet.isVisible()
        assert (opened.box.hasFocus(), opened.box.toPlainText()) == (True, "half a thought")
        assert opened.program.services.settings.now.fresh_start_explained
        open_sheet(opened)
        assert not opened.says("takes that for given")
        opened.click("Why does this help?", sheet)
        assert opened.says("takes that for given")
        QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.rect().bottomLeft())
        assert not sheet.isVisible()
        open_sheet(opened)
        press(Qt.Key.Key_1)
        assert not sheet.preview.isVisible()
        press(Qt.Key.Key_Return)
        assert opened.program.chat.path.is_empty
        assert len(asked(server)) == 1
        assert opened.box.hasFocus()
        opened.press("Ctrl+Shift+N")
        assert not sheet.isVisible()
        assert "fresh" in opened.notice


def lists(sheet):
    """What the user said, and what the model said."""
    return sheet.findChild(FreshBrief).findChildren(TickList)


def put_keyboard_on(listed):
    """On its first row."""
    listed.setFocus()
    listed.setCurrentIndex(listed.model().index(0, 0))


class TestCarryOver:
    def choose(self, opened):
        sheet = open_sheet(opened)
        press(Qt.Key.Key_3)
        opened.wait_until(lambda: bool(lists(sheet)[0].states))
        return sheet

    def test_only_what_the_person_said_is_sent(self, opened, server):
        opened.ask("We sell chairs.")
        sheet = self.choose(opened)
        expected = f"What I have said so far:\n- We sell chairs.\n\n{QUESTION}"
        assert sheet.preview.said.text == expected
        press(Qt.Key.Key_Return)
        wait_for_answer(opened)
        assert asked(server)[-1] == [expected]

    def test_what_is_unticked_stays_behind_and_a_claim_goes_along_only_where_it_is_ticked(self, opened):
        sheet = self.choose(opened)
        assert "It is four" not in sheet.preview.said.text
        put_keyboard_on(lists(sheet)[0])
        press(Qt.Key.Key_Space)
        assert sheet.preview.said.is_empty
        press(Qt.Key.Key_Return)
        assert sheet.isVisible()  # there is nothing to send
        press(Qt.Key.Key_Space)
        claims = lists(sheet)[1]
        assert not claims.isVisible()
        opened.click("What the model said (unticked: may be made up)", sheet)
        put_keyboard_on(claims)
        press(Qt.Key.Key_Space)
        assert '"""\nIt is four.\n"""' in sheet.preview.said.text
        opened.click("Have it summed up from your words alone", sheet)
        assert sheet.preview.said.text.startswith("Sum up what follows.")
        assert "It is four" not in sheet.preview.said.text

    def test_nothing_that_was_written_over_the_brief_is_lost(self, opened):
        opened.ask("We sell chairs.")
        sheet = self.choose(opened)
        listed = sheet.preview.said.text
        box = sheet.preview.findChild(QPlainTextEdit)
        assert isinstance(box, QPlainTextEdit)
        box.setPlainText("In my own words.")
        put_keyboard_on(lists(sheet)[0])
        press(Qt.Key.Key_Space)
        assert sheet.preview.said.text == "In my own words."
        opened.click("Take the list again", sheet)
        assert sheet.preview.said.text == listed
        opened.click("Back to your own text", sheet)
        press(Qt.Key.Key_2)
        assert sheet.preview.said.text == "We sell chairs."
        press(Qt.Key.Key_3)
        assert sheet.preview.said.text == "In my own words."
        press(Qt.Key.Key_Escape)
        self.choose(opened)
        assert sheet.preview.said.text == "In my own words."


class TestSuggestion:
    def test_a_full_context_suggests_it_once(self, open_it, monkeypatch):
        monkeypatch.setattr("desktop.core.fresh_start._MANY_TURNS", 2)
        with open_it() as opened:
            opened.ask(QUESTION)
            opened.ask("And three?")
            assert opened.says(LONG)
            [line] = [each for each in opened.window.findChildren(QuietLine) if each.accessibleName().startswith(LONG)]
            opened.click("Start fresh", line)
            assert sheet_of(opened).start is FreshStart.CARRY_OVER
            press(Qt.Key.Key_Escape)
            line.hide()
            opened.ask("And four?")
            assert not line.isVisible()
            identity = opened.program.chat.current.id
        with open_it() as opened:
            chat = opened.program.chat
            opened.wait_until(lambda: any(each.id == identity for each in chat.conversations))
            chat.open(identity)
            opened.wait_until(lambda: chat.current.id == identity)
            opened.ask("And five?")
            assert not opened.says(LONG)


class TestLinks:
    def test_undo_goes_back_and_offers_the_new_one_from_the_bin(self, opened):
        chat = opened.program.chat
        old = chat.current.id
        open_sheet(opened)
        press(Qt.Key.Key_Return)
        wait_for_answer(opened)
        new = chat.current.id
        opened.click("Undo", opened.window.findChild(OriginLine))
        opened.wait_until(lambda: [each.id for each in chat.conversations] == [old])
        opened.click("Undo", opened.window.sidebar)
        opened.wait_until(lambda: chat.current.id == new)
        chat.delete(old)
        assert opened.says("a conversation that has been deleted")


class TestWhereItGoes:
    def test_without_its_model_the_words_wait_in_the_box(self, opened):
        opened.program.chat.choose_model(ModelChoice("gone", "gone"))
        open_sheet(opened)
        press(Qt.Key.Key_Return)
        assert opened.program.chat.path.is_empty
        assert opened.box.toPlainText() == QUESTION

    def test_the_internet_is_asked_for_before_anything_happens(self, opened):
        chat = opened.program.chat
        far = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="far", address="https://api.example.com/v1", id="far")
        opened.program.services.models.set_connections([far])
        chat.choose_model(ModelChoice("far", "model"))
        old = chat.current.id
        sheet = open_sheet(opened)
        with answering("Cancel") as question:
            press(Qt.Key.Key_Return)
        assert question.was_asked
        assert chat.current.id == old
        assert sheet.isVisible()


FOUNDED = "When was it founded?"
YEARS = ("1998", "2001", "1998", "2001")


@pytest.fixture
def anew(open_over):
    """A conversation with one question and one answer; each further answer names the next year."""
    years = iter(YEARS)

    def answer(request):
        return ndjson(ollama_lines(f"It was founded in {next(years)} in Paris."))

    with open_over(ollama_script(answer)) as (program, _):
        program.ask(FOUNDED)
        yield program


def page_of(anew):
    page = anew.window.findChild(ComparePage)
    assert isinstance(page, ComparePage)
    return page


def compared(anew):
    """The page of the comparison that the sheet has begun, when its differences are said."""
    anew.press("Ctrl+Shift+N")
    sheet = anew.window.findChild(FreshSheet)
    assert isinstance(sheet, FreshSheet)
    anew.wait_until(sheet.isVisible)
    key = 1 + list(WAYS).index(FreshStart.COMPARE)
    QTest.keyClick(QApplication.focusWidget(), str(key))
    assert sheet.start is FreshStart.COMPARE
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    anew.wait_until(lambda: bool(page_of(anew).differences.said))
    return page_of(anew)


def actions(column):
    """What is offered below its answer: all of it does something."""
    [(_, view)] = column.transcript.live_views()
    return [each.accessibleName() for each in view.findChildren(FooterButton) if each.isVisibleTo(view)]


def titles(anew):
    return [each.title for each in anew.program.chat.conversations]


def test_what_differs_is_said_above_both_answers_and_the_fresh_one_is_kept(anew):
    page = compared(anew)
    assert page.differences.said == [
        "These numbers are not in your text, and differ each time: probably made up.",
        "Differs: founded 1998 ↔ 2001",
        "The same: Paris",
    ]
    assert [column.heading for column in page.columns] == ["The answer before", "Fresh answer"]
    assert page.isVisible()
    assert [actions(column) for column in page.columns] == [["Copy", "More"], ["Copy", "Try again", "More"]]
    page.columns[1].keep_requested.emit()
    anew.wait_until(lambda: [each.text for each in anew.path][-1:] == ["It was founded in 2001 in Paris."])
    assert not page.isVisible()
    assert anew.program.chat.current.origin is not None
    assert len(titles(anew)) == 2
    anew.wait_until(lambda: anew.says(f"“{FOUNDED}” is kept as it was."))
    anew.click("Go back to it")
    anew.wait_until(lambda: anew.program.chat.current.origin is None)
    assert not anew.says("is kept as it was.")


def test_what_is_not_kept_goes_to_the_bin(anew):
    old = anew.program.chat.current.id
    page = compared(anew)
    assert len(titles(anew)) == 2
    page.columns[0].keep_requested.emit()
    anew.wait_until(lambda: len(titles(anew)) == 1)
    page = compared(anew)
    anew.press("Escape")
    anew.wait_until(lambda: len(titles(anew)) == 1)
    assert anew.program.chat.current.id == old
    assert not page.isVisible()
    assert anew.says("the conversation for comparing, was moved to the bin")
    anew.click("Undo")
    anew.wait_until(lambda: len(titles(anew)) == 2 and anew.program.chat.current.id != old)
