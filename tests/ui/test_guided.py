"""Guided mode in the whole program: from a line in the message box to the sent prompt, with the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton

from desktop.ui.guided.sheet import GuidedPreview, GuidedSheet
from desktop.ui.widgets.buttons import ChoiceRow, KeyButton, LabelledButton
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.ui.steps import panel_of

pytestmark = pytest.mark.window

OFFER = "What do you offer, and what not?"
FORM = "How long, in which form and tone?"
MORE = "What else must it know or keep to?"
COMPLAINT = "Dear Sirs,\n\nsix of the forty chairs wobble.\n\nHotel Seeblick"


class Guided:
    """The program, and what is seen of guided mode in it."""

    def __init__(self, opened):
        self.opened = opened

    @property
    def sheet(self):
        found = self.opened.window.findChild(GuidedSheet)
        assert isinstance(found, GuidedSheet)
        return found

    @property
    def question(self):
        return self.sheet.accessibleName() if self.sheet.isVisible() else ""

    @property
    def shown(self):
        """The text of the pane."""
        pane = self.opened.window.findChild(GuidedPreview)
        assert isinstance(pane, GuidedPreview)
        return pane.prompt.box.toPlainText()

    @property
    def panel(self):
        return panel_of(self.opened)

    def key(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key, modifiers)

    def write(self, text):
        """Write a line and wait until its task is named."""
        self.opened.write(text)
        self.opened.wait_until(lambda: self.opened.window.composer.task.isVisible())

    def open(self):
        """Press Tab in the message box and wait for the first question."""
        self.opened.box.setFocus()
        self.key(Qt.Key.Key_Tab)
        self.opened.wait_until(lambda: self.question)

    def paste(self, text):
        QApplication.clipboard().setText(text)
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keySequence(focused, QKeySequence(QKeySequence.StandardKey.Paste))


@pytest.fixture
def guided(open_over):
    with open_over(ollama_script(ndjson(ollama_lines("It is four.")))) as (opened, _):
        opened.window.resize(1280, 800)
        opened.wait_for_model()
        opened.activate()
        yield Guided(opened)


def test_from_a_line_to_the_sent_prompt(guided):
    opened = guided.opened
    guided.write("answer the customer's complaint")
    named = opened.window.composer.task.accessibleName()
    assert named == "Task recognised: answer a complaint. Missing: the complaint itself"
    guided.open()
    # What is missing comes first, and the box has the keyboard.
    assert guided.question == "What does the complaint say?"
    guided.key(Qt.Key.Key_Escape)  # from the box, too
    assert guided.question == ""
    guided.open()
    guided.paste(COMPLAINT)
    guided.key(Qt.Key.Key_Tab)
    opened.click("Next")
    assert guided.question == OFFER
    assert opened.window.findChild(GuidedPreview).isVisible()  # type: ignore[union-attr]
    # What is decided is not proposed: nothing is lit, and Enter passes over.
    assert not any(isinstance(QApplication.focusWidget(), kind) for kind in (ChoiceRow, QLineEdit))
    guided.key(Qt.Key.Key_Return)
    assert guided.panel.draft.answers == {"material": "", "outcome": ""}
    chips = {
        each.accessibleName(): each.icon().pixmap(16).toImage() for each in guided.sheet.findChildren(LabelledButton)
    }
    assert chips["Complaint: given, change"] != chips["Outcome: left open, change"]
    assert guided.question == FORM
    guided.key(Qt.Key.Key_Backspace)
    assert guided.question == OFFER
    # Enter answers with the user's own words, and only this question.
    guided.key(Qt.Key.Key_A)
    guided.key(Qt.Key.Key_Return)
    assert guided.question == FORM
    guided.key(Qt.Key.Key_Backspace)
    assert guided.question == OFFER
    guided.sheet.answers.own.clear()
    guided.sheet.answers.own.setFocus()
    guided.key(Qt.Key.Key_Up)
    # A number answers and goes on; what has the keyboard is looked at in the preview, not given yet.
    guided.key(Qt.Key.Key_1)
    # None is taken with Enter that was not gone to.
    guided.key(Qt.Key.Key_Down)
    opened.wait_until(lambda: "with a subject line that answers each point" in guided.shown)
    guided.key(Qt.Key.Key_Down)
    opened.wait_until(lambda: "A letter of at most one page" in guided.shown)
    assert opened.says("what is grey is not in it yet")
    assert "A letter" not in guided.panel.draft.text("task")
    guided.key(Qt.Key.Key_Up)
    guided.key(Qt.Key.Key_Return)
    assert "\nA mail of at most 200 words" in guided.panel.draft.text("task")
    # What is pasted goes to the field of one's own words, and so does what is typed.
    assert guided.question == MORE
    assert [each.accessibleName() for each in guided.sheet.findChildren(KeyButton)] == ["Done"]
    guided.paste("the lorry")
    guided.key(Qt.Key.Key_Space)
    own = QApplication.focusWidget()
    assert isinstance(own, QLineEdit)
    QTest.keyClicks(own, "was late")
    guided.key(Qt.Key.Key_Return)
    assert guided.panel.draft.text("task").endswith("\nAlso: the lorry was late")
    # All is answered: the keyboard is in the message box, and Enter sends.
    assert (guided.question, QApplication.focusWidget()) == ("Ready to send", opened.box)
    guided.sheet.revisited.emit("form")
    guided.key(Qt.Key.Key_1)
    assert guided.question == "Ready to send"
    # Escape loses nothing, and Tab leads back to where one was.
    before = guided.panel.draft
    guided.key(Qt.Key.Key_Escape)
    assert guided.question == ""
    assert opened.box.toPlainText() == "answer the customer's complaint"
    guided.open()
    assert guided.panel.draft == before
    # The six parts are the same draft, both ways.
    opened.click("Edit as a form")
    assert guided.question == ""
    assert guided.panel.isVisible()
    assert guided.panel.draft == before
    opened.click("Guide me")
    assert guided.question == "Ready to send"
    assert guided.panel.draft.answers == before.answers
    sent = guided.panel.prompt.text
    ended: list[object] = []
    opened.program.chat.generation_ended.connect(ended.append)
    opened.press_enter()
    opened.wait_until(lambda: ended)
    assert opened.path[0].text == sent
    assert COMPLAINT in sent
    assert (opened.box.toPlainText(), guided.question) == ("", "")
    # What was sent stays, and is not what the next request begins with.
    assert guided.panel.draft.answers == before.answers
    opened.write("answer the customer's complaint")
    assert opened.window.composer.task.isHidden(), "a task is named at the first message of a conversation"
    opened.press("Ctrl+N")
    guided.write("answer the customer's complaint")
    guided.open()
    assert guided.panel.draft.answers != before.answers
    assert COMPLAINT not in guided.panel.prompt.text


def test_beginnings_of_every_kind(guided, tmp_path):
    opened, composer = guided.opened, guided.opened.window.composer
    # Nothing is named for what asks for no task, or in a language that is not known.
    for text in ("😀😀😀", "{{name}} and {{", "اكتب رسالة إلى العميل", "Écrivez une lettre au client s'il vous plaît"):
        composer.set_text(text)
        composer.draft_changed.emit(text)
        assert not composer.task.isVisible(), text
    # A long text beside the words is what the task is done with, up to the length from which it is a file.
    composer.set_text("")
    guided.write("summarise this")
    assert "Missing" in composer.task.accessibleName()
    opened.paste("every word of it " * 11_000)
    opened.wait_until(lambda: "Missing" not in composer.task.accessibleName())
    composer.set_text("")
    guided.write("summarise this")
    assert "Missing" in composer.task.accessibleName()
    file = tmp_path / "report.txt"
    file.write_text("Sales grew by 4 %.", encoding="utf-8")
    opened.window.files.attach([file])
    opened.wait_until(lambda: "Missing" not in composer.task.accessibleName())
    opened.program.chat.attachments.remove(opened.program.chat.attachments.items[0].id)
    opened.wait_until(lambda: "Missing" in composer.task.accessibleName())
    opened.paste("every word of it " * 11_000)
    opened.wait_until(lambda: "Missing" not in composer.task.accessibleName())
    guided.open()
    assert guided.question == "Who needs it for what: what matters most?"
    assert len(guided.panel.draft.materials[0].text) == 187_000
    # Enter in the message box sends at any moment; the box itself shows that it can.
    guided.key(Qt.Key.Key_Escape)
    composer.set_text("")
    # In a narrow window the prompt is a line of the sheet, and everything is still there.
    opened.window.resize(760, 560)
    guided.write("translate the letter")
    guided.open()
    assert guided.sheet.preview.isVisible()
    assert not opened.window.findChild(GuidedPreview).isVisible()  # type: ignore[union-attr]
    guided.sheet.preview.set_open(True)
    opened.wait_until(lambda: "translate the letter" in guided.sheet.preview.box.toPlainText())
    # A file that is given stands in the prompt as well as in the message box, and goes from there.
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sirs", encoding="utf-8")
    opened.program.chat.attachments.add_files([file])
    opened.wait_until(lambda: [each.name for each in guided.panel.draft.files] == ["letter.txt"])
    guided.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert guided.question == "Into which language?"
    opened.program.chat.attachments.remove(opened.program.chat.attachments.items[0].id)
    opened.wait_until(lambda: not guided.panel.draft.files)


def test_a_file_for_an_answer_leads_on_to_the_next_question(guided, tmp_path, monkeypatch):
    opened = guided.opened
    send = opened.window.composer.send_button
    file = tmp_path / "complaint.txt"
    file.write_text("The chairs wobble.", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(file)], ""))
    guided.write("answer the customer's complaint")
    assert send.property("look") == "filled"
    guided.open()
    assert send.property("look") != "filled"  # what is pressed next is Next
    opened.click("Attach a file")
    opened.wait_until(lambda: guided.sheet.isAncestorOf(QApplication.focusWidget()))
    for question in (OFFER, FORM, MORE, "Ready to send"):
        guided.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert (guided.question, opened.path) == (question, [])
        opened.box.setFocus()
    assert send.property("look") == "filled"
    guided.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    opened.wait_until(lambda: opened.path)
    assert [each.name for each in opened.path[0].files] == ["complaint.txt"]


def test_what_was_thrown_away_in_the_message_box_does_not_come_back(guided):
    opened, composer = guided.opened, guided.opened.window.composer
    guided.write("summarise this")
    opened.paste("every word of it " * 11_000)
    guided.open()
    guided.key(Qt.Key.Key_1)
    assert guided.panel.draft.materials
    guided.key(Qt.Key.Key_Escape)
    composer.set_text("")
    guided.write("summarise this")
    guided.open()
    assert guided.question == "Which text is it?"
    assert (guided.panel.draft.materials, dict(guided.panel.draft.answers)) == ((), {})
    # A prompt whose line was wiped is not in the builder any more, either.
    guided.key(Qt.Key.Key_Escape)
    composer.set_text("")
    guided.write("answer the customer's complaint")
    guided.open()
    guided.paste(COMPLAINT)
    guided.key(Qt.Key.Key_Escape)
    left = guided.panel.draft
    assert COMPLAINT in guided.panel.prompt.text
    QTest.keyClick(opened.box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(opened.box, Qt.Key.Key_Delete)
    opened.wait_until(lambda: guided.panel.is_untouched)
    assert composer.text() == ""
    guided.panel.notice.fix.click()  # with a way back
    assert guided.panel.draft == left


def test_what_the_line_states_is_a_chip_and_can_be_answered_otherwise(guided):
    opened = guided.opened
    guided.write("translate into German for our lawyer")
    guided.open()
    guided.paste(COMPLAINT)
    guided.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert guided.question == "What do you want to get, and what stays as it is?"
    opened.wait_until(
        lambda: (
            "known: German, change"
            in {each.accessibleName() for each in guided.sheet.findChildren(QPushButton) if each.isVisible()}
        )
    )
    guided.sheet.revisited.emit("language")
    assert guided.question == "Into which language?"
    # An input method composes in the field of one's own words while no answer is lit.
    focused = QApplication.focusWidget()
    assert focused is guided.sheet.answers
    word = QInputMethodEvent()
    word.setCommitString("法语")
    QApplication.sendEvent(focused, word)
    assert QApplication.focusWidget() is guided.sheet.answers.own
    guided.key(Qt.Key.Key_Return)
    assert guided.panel.draft.text("task").endswith("\nTranslate into 法语.")
    assert guided.question == "What do you want to get, and what stays as it is?"


def test_a_draft_goes_on_where_it_was_before_a_restart(open_it):
    with open_it() as opened:
        opened.wait_for_model()
        opened.activate()
        guided = Guided(opened)
        guided.write("write a notice")
        guided.open()
        QTest.keyClicks(guided.sheet.answers.own, "no smoking")
        guided.key(Qt.Key.Key_Return)
        assert guided.question == "Where does it appear, how long, in which tone?"
        draft = guided.panel.draft
    with open_it() as opened:
        opened.wait_for_model()
        opened.activate()
        guided = Guided(opened)
        opened.wait_until(lambda: opened.window.composer.task.isVisible())
        guided.open()
        assert guided.question == "Where does it appear, how long, in which tone?"
        assert guided.panel.draft == draft


def test_a_word_that_is_still_composed_does_not_answer_the_next_question(guided):
    guided.write("answer the customer's complaint")
    guided.open()
    guided.paste(COMPLAINT)
    QCoreApplication.sendEvent(QApplication.focusWidget(), QInputMethodEvent("zusammen", []))
    guided.sheet.go_on()
    assert guided.question == OFFER
    assert "outcome" not in guided.panel.draft.answers
