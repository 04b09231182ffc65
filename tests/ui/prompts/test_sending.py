"""What becomes of a prompt: it is sent, changed, inserted, emptied, and made of a message that is taken apart."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from desktop.core.message import Role
from desktop.core.prompts.prompt import Example, KeptExample
from desktop.ui.compare.page import ComparePage
from desktop.ui.message_actions import Ask
from desktop.ui.prompts.panel import PromptPanel
from desktop.ui.prompts.sending import AnswerOffers
from tests.ui.steps import begin_anew, build, notice_of, panel_of, press_notice, send, wide
from tests.ui.window.test_main_window import choose

pytestmark = pytest.mark.window


class TestPrompts:
    def test_ctrl_enter_sends_the_text_of_the_preview(self, opened, server):
        opened.write("half a message")
        panel = build(opened, task="Count", tone="plain")
        text = panel.prompt.text
        send(opened)
        assert server.chats[-1].json["messages"] == [{"role": "user", "content": text}]
        assert opened.window.composer.text() == "half a message"
        # It stays, and is not sent a second time by a slip.
        assert panel.draft.texts == {"task": "Count", "tone": "plain"}
        for _ in range(2):
            panel.fields.focus_part()
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert "nothing is changed" in notice_of(panel)
        assert len(server.chats) == 1
        press_notice(opened)  # Send it again
        opened.wait_until(lambda: len(server.chats) == 2 and not opened.program.chat.is_answering)
        build(opened, task="er")
        send(opened)
        assert panel_text(opened).startswith("# Task\nCounter")
        begin_anew(opened)
        assert panel.is_untouched

    def test_a_sent_prompt_is_changed_in_its_parts(self, open_it, server):
        with open_it() as opened:
            wide(opened)
            build(opened, task="Count", tone="plain")
            send(opened)
            opened.drain_store()
            title = opened.program.chat.current.title
        with open_it() as opened:
            wide(opened)
            opened.wait_until(lambda: bool(opened.program.chat.conversations))
            choose(opened, title)
            panel = build(opened, task="set aside")
            opened.window.reading.ask(opened.path[0].id, Ask.EDIT)
            offer = next(each for each in opened.window.composer.findChildren(QPushButton) if "builder" in each.text())
            opened.wait_until(offer.isVisible)
            # What was changed in the message box goes into the parts.
            opened.window.composer.set_text(opened.window.composer.text().replace("plain", "warm"))
            QTest.mouseClick(offer, Qt.MouseButton.LeftButton)
            opened.wait_until(lambda: panel.draft.texts == {"task": "Count", "tone": "warm"})
            assert not opened.window.composer.is_editing
            QTest.keyClicks(QApplication.focusWidget(), "Add up ")
            send(opened)
            assert opened.program.chat.path.entries[0].versions == 2
            [message] = server.chats[-1].json["messages"]
            assert "Add up" in opened.path[0].text
            assert "Add up" in message["content"]

    def reopen(self, opened, index=0):
        """Have a sent message changed in the builder."""
        opened.window.composer.banner.builder_requested.emit(opened.path[index].id)
        opened.wait_until(lambda: "earlier message" in notice_of(panel_of(opened)))

    def test_what_was_set_aside_for_a_change_is_back_after_it(self, opened):
        panel = build(opened, task="Count", tone="plain")
        send(opened)
        begin_anew(opened)
        build(opened, task="half a thought")
        self.reopen(opened)
        assert panel.draft.texts == {"task": "Count", "tone": "plain"}
        QTest.keyClicks(QApplication.focusWidget(), "Slowly: ")
        press_notice(opened)  # given up
        assert panel.draft.texts == {"task": "half a thought"}
        self.reopen(opened)
        QTest.keyClicks(QApplication.focusWidget(), "Add up ")
        send(opened)
        assert opened.program.chat.path.entries[0].versions == 2
        assert panel.draft.texts == {"task": "half a thought"}
        opened.press("Ctrl+N")
        choose(opened, opened.program.chat.conversations[0].title)
        opened.wait_until(lambda: panel.draft.texts == {"task": "half a thought"})

    def test_a_change_outlives_a_look_elsewhere_and_what_takes_its_place_is_a_message_of_its_own(self, opened):
        panel = build(opened, task="Count")
        send(opened)
        self.reopen(opened)
        QTest.keyClicks(QApplication.focusWidget(), "Slowly: ")
        opened.press("Ctrl+N")
        assert panel.is_untouched
        choose(opened, opened.program.chat.conversations[0].title)
        opened.wait_until(lambda: "Slowly" in panel.draft.text("task"))
        self.reopen(opened)
        opened.write("# Task\nAdd up\n\n# Tone\nplain")
        panel.apart_requested.emit()
        assert "Your message" in notice_of(panel)
        send(opened)
        assert [each.text.split()[0] for each in opened.path if each.role is Role.USER] == ["Count", "#"]

    def test_what_is_inserted_and_sent_by_the_message_box_is_a_prompt(self, opened):
        opened.write("my own words")
        panel = build(opened, task="Count")
        panel.insert()
        assert opened.window.composer.text() == "Count"
        QTest.keySequence(opened.box, "Ctrl+Z")
        assert opened.window.composer.text() == "my own words"
        panel.insert()
        build(opened, tone="plain")  # which stays
        opened.ask("")
        assert opened.path[0].text == "Count"
        assert panel.draft.texts == {"task": "Count", "tone": "plain"}
        panel.insert()
        opened.ask("")
        assert "Sent." in notice_of(panel)
        sent, deleted = panel.draft, opened.program.chat.current.id
        opened.program.chat.delete(deleted)
        opened.wait_until(lambda: panel.is_untouched)
        opened.program.chat.restore([deleted])
        opened.wait_until(lambda: panel.draft == sent)
        begin_anew(opened)
        build(opened, task="half a thought")
        self.reopen(opened, 2)
        assert panel.draft.texts == sent.texts
        panel.insert()  # which ends the change
        opened.ask("")
        assert panel.draft.texts == {"task": "half a thought"}
        panel.fields.focus_part()
        send(opened)
        assert [each.text[-5:] for each in opened.path if each.role is Role.USER] == [
            "Count",
            "plain",
            "plain",
            "ought",
        ]

    def test_examples_are_sent_as_earlier_turns(self, opened, server):
        panel = build(opened, task="Sort", example="one")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        QTest.keyClicks(QApplication.focusWidget(), "number")
        panel.fields.examples.as_turns.click()
        panel.preview.set_open(True)
        shown = "You say:\none\n\nThe model answers:\nnumber\n\nYou say:\nSort"
        opened.wait_until(lambda: panel.preview.box.toPlainText() == shown)
        assert "one" in panel.prompt_as_text
        panel.fields.focus_part()
        send(opened)
        sent = [(each["role"], each["content"]) for each in server.chats[-1].json["messages"]]
        assert sent == [("user", "one"), ("assistant", "number"), ("user", "Sort")]
        assert [each.role for each in opened.path] == [Role.USER, Role.ASSISTANT] * 2
        self.reopen(opened, 2)
        assert panel.draft.examples
        QTest.keyClicks(QApplication.focusWidget(), "Do ")
        send(opened)
        sent = [each["content"] for each in server.chats[-1].json["messages"]]
        assert sent == ["one", "number", panel_text(opened)]
        assert len(opened.program.chat.path.entries) == 4

    def test_a_sent_form_stays_and_shows_what_its_parts_do(self, opened, server):
        panel = build(opened, task="Count")
        panel.chooser.chosen.emit("answer_mail")
        QTest.keyClicks(QApplication.focusWidget(), "Yes to Tuesday")
        panel.fields.focus_part("mail")
        QTest.keyClicks(QApplication.focusWidget(), "Where are our chairs?")
        panel.change_draft(panel.draft.with_text("sender", "From the stores").with_text("tone", "Kind"))
        sent = panel.draft
        send(opened)
        assert panel.draft == sent
        assert "Sent." in notice_of(panel)
        offers = opened.window.findChild(AnswerOffers)
        opened.wait_until(offers.isVisible)
        assert offers.without.text() == "Leave out “Who I am to them” and ask again"
        QTest.mouseClick(offers.others, Qt.MouseButton.LeftButton)
        menu = offers.findChild(QMenu)
        listed = [each.text() for each in menu.actions()]
        assert listed == ["Leave out “Tone” and ask again", "Ask again with the task alone"]
        menu.close()
        QTest.mouseClick(offers.without, Qt.MouseButton.LeftButton)
        opened.wait_until(lambda: len(server.chats) == 2)
        asked = server.chats[-1].json["messages"]
        assert len(asked) == 1
        assert "Where are our chairs?" in asked[0]["content"]
        assert "From the stores" not in asked[0]["content"]
        opened.wait_until(lambda: opened.window.findChild(ComparePage).isVisible())
        opened.wait_until(lambda: not opened.program.chat.is_answering)
        opened.press("Esc")
        opened.wait_until(panel.isVisible)
        opened.wait_until(lambda: "From the stores" in opened.path[0].text)
        assert opened.says("The conversation goes on with this answer: With everything.")
        panel.fields.focus_part()
        QTest.keyClicks(QApplication.focusWidget(), "!")
        send(opened)
        opened.wait_until(offers.isVisible)
        QTest.mouseClick(offers.keep, Qt.MouseButton.LeftButton)
        assert panel.draft.examples == (Example("Where are our chairs?", opened.path[-1].text),)
        press_notice(opened)
        assert panel.draft.examples == ()

    def test_a_message_is_taken_apart_and_not_sent_a_second_time(self, opened):
        opened.write("# Task\nCount\n\n# Tone\nplain")
        opened.press("Ctrl+B")
        panel = panel_of(opened)
        assert "message box" in panel.notice.words.text()
        press_notice(opened)
        panel.empty_fields()
        assert panel.is_untouched
        press_notice(opened)
        assert panel.draft.texts == {"task": "Count", "tone": "plain"}
        panel.apart_requested.emit()
        send(opened)
        assert opened.box.toPlainText() == ""
        begin_anew(opened)
        build(opened, task="what stood here")
        opened.write("# Task\nAdd")
        panel.apart_requested.emit()
        press_notice(opened)
        assert panel.draft.texts == {"task": "what stood here"}
        panel.apart_requested.emit()
        opened.write(" it")
        panel.fields.focus_part()
        send(opened)
        assert (panel_text(opened), opened.box.toPlainText()) == ("Add", "# Task\nAdd it")

    def test_two_drafts_are_said_and_none_is_lost(self, opened):
        panel = build(opened, task="an old text")

        def sends():
            """Whether the message box has Send, and whether the builder has it."""
            return opened.window.composer.send_button.isVisible(), panel.foot.send.isVisible()

        assert sends() == (False, True)
        opened.write("quite another question")
        opened.wait_until(lambda: "another text in the message box" in notice_of(panel))
        assert sends() == (True, False)
        opened.box.selectAll()
        opened.write("an old text")  # the same words go with the prompt
        opened.wait_until(lambda: not notice_of(panel))
        opened.box.selectAll()
        opened.write("quite another question")
        opened.wait_until(lambda: "another text in the message box" in notice_of(panel))
        panel.fields.focus_part()
        assert sends() == (False, True)
        press_notice(opened)
        assert panel.draft.text("task") == "quite another question"
        press_notice(opened)
        assert panel.draft.text("task") == "an old text"
        assert opened.box.toPlainText() == "quite another question"
        opened.box.setFocus()
        assert sends() == (True, False)
        opened.window.composer.set_text("")  # as it is when the message has been sent
        assert sends() == (False, True)

    def test_a_freely_written_message_is_taken_apart(self, opened):
        opened.press("Ctrl+B")
        panel = panel_of(opened)
        opened.write('You are a lawyer. Summarise this contract in three sentences:\n"""\nclause one\n"""')
        opened.wait_until(lambda: "message box" in notice_of(panel))
        press_notice(opened)
        # First in the user's own words, coloured; nothing has moved.
        assert panel.proposal.isVisible()
        assert not panel.fields.isVisible()
        assert panel.is_untouched
        assert panel.proposal.box.toPlainText() == opened.window.composer.text()
        coloured = [each.cursor.selectedText() for each in panel.proposal.box.extraSelections()]
        assert coloured == ["You are a lawyer.", "Summarise this contract in three sentences:", "clause one"]
        QTest.mouseClick(panel.proposal.keep, Qt.MouseButton.LeftButton)
        assert panel.is_untouched
        assert panel.fields.isVisible()
        panel.apart_requested.emit()
        QTest.keyClick(panel.proposal.accept, Qt.Key.Key_Space)
        draft = panel.draft
        assert "lawyer" in draft.text("persona")
        assert "Summarise" in draft.text("task")
        assert [each.text for each in draft.materials] == ["clause one"]
        press_notice(opened)
        assert panel.is_untouched


def test_a_kept_example_goes_to_the_draft_that_is_still_being_read(open_it):
    with open_it() as opened:
        opened.ask("one")
        build(opened, task="Count", tone="plain")
        conversation_id = opened.program.chat.current.id
        opened.window.parts.prompt.keep_draft()
        opened.program.chat.examples.keep(KeptExample(Example("q", "a"), "x"))
        opened.press("Ctrl+B")
        opened.drain_store()
    with open_it() as opened:
        opened.wait_for_model()
        opened.program.chat.open(conversation_id)
        opened.wait_until(lambda: opened.program.chat.current.id == conversation_id)
        assert opened.window.findChild(PromptPanel) is None
        opened.window.parts.recipes.show_list()
        opened.wait_until(lambda: opened.says("Your examples"))
        buttons = opened.window.findChildren(QPushButton)
        next(each for each in buttons if each.accessibleName().startswith("Use the example")).click()
        opened.wait_until(lambda: bool(panel_of(opened).draft.examples))
        panel = panel_of(opened)
        assert panel.draft.texts == {"task": "Count", "tone": "plain"}
        press_notice(opened)  # Undo
        assert (panel.draft.texts["task"], panel.draft.examples) == ("Count", ())


def panel_text(opened):
    """The last message that was sent."""
    return [each.text for each in opened.path if each.role is Role.USER][-1]
