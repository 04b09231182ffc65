"""A conversation in the window: what is sent, stopped, named and done at its messages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton

from desktop.core.conversation import Conversation
from desktop.core.errors import StoreError
from desktop.core.message import MessageStatus, user_message
from desktop.store.database import SqliteStore
from desktop.ui.composer.above_text import QueuedMessages
from desktop.ui.message_actions import Ask
from desktop.ui.transcript.footer import FooterButton, MessageFooter
from desktop.ui.transcript.message import MessageView
from desktop.ui.widgets.quiet_line import NoticeBar
from tests.support.scripted_server import Hold
from tests.support.scripts import ndjson, ollama_line, ollama_lines
from tests.ui.steps import compose


def texts(opened):
    """What stands in the conversation in front."""
    path = opened.program.chat.path
    return [message.text if (message := path.message(entry.id)) else "?" for entry in path.entries]


def view(opened, index):
    """The widget of a message, once it is there."""
    found: list[MessageView] = []

    def look():
        entries = opened.program.chat.path.entries
        message_id = entries[index].id
        views = opened.window.transcript.findChildren(MessageView)
        found[:] = [each for each in views if each.message.id == message_id and each.isVisible()]
        return bool(found)

    opened.wait_until(look)
    return found[-1]


def action(opened, index, name):
    actions = view(opened, index).findChildren(FooterButton)
    return next(each for each in actions if each.accessibleName() == name and each.isVisible())


def click(opened, index, name):
    QTest.mouseClick(action(opened, index, name), Qt.MouseButton.LeftButton)


def versions(opened, index):
    """ "2/3" below a message; empty where there is one version."""
    footer = view(opened, index).findChild(MessageFooter)
    assert isinstance(footer, MessageFooter)
    labels = [label.text() for label in footer.findChildren(QLabel) if "/" in label.text() and label.isVisible()]
    return labels[0] if labels else ""


def press(opened, key):
    QTest.keyClick(opened.box, key)


def answers(server, *texts):
    """What the server says from now on, the last one again and again."""
    server.script["POST /api/chat"] = [ndjson(ollama_lines(text)) for text in texts]


def hold(server, text):
    """The server says `text` and then waits until it is released."""
    server.script["POST /api/chat"] = [
        ndjson([ollama_line(text)], then=[Hold(), *ndjson(ollama_lines("")).steps]),
        ndjson(ollama_lines("It is four.")),
    ]


def wait_until_done(opened, count):
    """Until so many messages stand there and nothing runs."""
    chat = opened.program.chat
    opened.wait_until(lambda: chat.generation is None and len(chat.path.entries) == count)


def queued(opened):
    """The chips above the box."""
    queue = opened.window.composer.findChild(QueuedMessages)
    assert isinstance(queue, QueuedMessages)
    return [label.text() for label in queue.findChildren(QLabel) if label.isVisible()]


def refuse(self, *arguments):
    raise StoreError("full")


def begin(opened, server, question, so_far):
    """A question whose answer says so much, and then waits."""
    hold(server, so_far)
    opened.wait_for_model()
    opened.write(question)
    opened.press_enter()
    opened.wait_for_text(so_far)


def boxed(opened):
    """What stands in the box, and whether it is an edit."""
    return opened.window.composer.text(), opened.window.composer.is_editing


def test_an_answer_is_asked_for_again_and_stays_beside_the_new_one(opened, server):
    opened.ask("one")
    opened.ask("two")
    answers(server, "Another.")
    click(opened, 1, "Try again")
    wait_until_done(opened, 2)
    assert texts(opened) == ["one", "Another."]
    assert versions(opened, 1) == "2/2"
    click(opened, 1, "Earlier version")
    opened.wait_until(lambda: texts(opened) == ["one", "It is four.", "two", "It is four."])
    assert versions(opened, 1) == "1/2"
    opened.activate()
    action(opened, 1, "Copy").setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    opened.wait_until(lambda: texts(opened)[-1] == "Another.")
    focused = QApplication.focusWidget()  # which stays on the versions
    assert isinstance(focused, FooterButton)
    assert focused.accessibleName() == "Earlier version"
    QTest.keyClick(focused, Qt.Key.Key_Space)
    opened.wait_until(lambda: len(texts(opened)) == 4)
    begin(opened, server, "three", "so far")
    asked = len(server.chats)
    click(opened, 1, "Try again")
    assert "still running" in opened.notice
    assert len(server.chats) == asked
    server.release()
    wait_until_done(opened, 6)


class TestEdit:
    def test_an_edit_is_sent_in_the_place_of_the_message(self, opened, server):
        opened.ask("one")
        opened.ask("two")
        click(opened, 2, "Edit")
        QTest.keyClicks(opened.box, "!")
        opened.press_enter()
        wait_until_done(opened, 4)
        assert texts(opened) == ["one", "It is four.", "two!", "It is four."]
        assert [each["content"] for each in server.chats[-1].json["messages"]] == ["one", "It is four.", "two!"]
        assert versions(opened, 2) == "2/2"
        click(opened, 2, "Edit")
        click(opened, 2, "Earlier version")
        opened.wait_until(lambda: texts(opened)[2] == "two")
        assert boxed(opened) == ("", False), "another branch ends the edit of this one"
        begin(opened, server, "three", "so far")
        click(opened, 2, "Edit")
        opened.press_enter()
        assert "still running" in opened.notice
        assert boxed(opened) == ("two", True)
        server.release()
        wait_until_done(opened, 6)
        opened.press_enter()
        wait_until_done(opened, 4)

    def test_the_arrows_walk_through_what_was_said_and_each_says_that_it_is_edited(self, opened):
        for words in ("one", "two"):
            opened.ask(words)

        def marked():
            return [
                index
                for index in (0, 2)
                for label in view(opened, index).findChildren(QLabel)
                if label.text() == "Being edited" and label.isVisible()
            ]

        for key, at, said in (
            (Qt.Key.Key_Up, [2], ("two", True)),
            (Qt.Key.Key_Up, [0], ("one", True)),
            (Qt.Key.Key_Up, [0], ("one", True)),
            (Qt.Key.Key_Down, [2], ("two", True)),
            (Qt.Key.Key_Down, [], ("", False)),
            (Qt.Key.Key_Up, [2], ("two", True)),
            (Qt.Key.Key_Escape, [], ("", False)),
        ):
            press(opened, key)
            assert (marked(), boxed(opened)) == (at, said)
        click(opened, 0, "Edit")
        opened.window.transcript.setFocus()
        QTest.keyClick(opened.window.transcript, Qt.Key.Key_Escape)
        assert boxed(opened) == ("", False)

    def test_draft_and_change_survive_another_conversation_and_the_end_of_the_program(self, open_it):
        with open_it() as opened:
            opened.ask("one")
            chat, asked = opened.program.chat, opened.program.chat.current.id
            opened.write("half a thought")
            click(opened, 0, "Edit")
            assert boxed(opened) == ("one", True)
            press(opened, Qt.Key.Key_Escape)
            assert boxed(opened) == ("half a thought", False)
            click(opened, 0, "Edit")
            QTest.keyClicks(opened.box, " changed")
            opened.paste("word " * 50_000)  # which becomes a file
            opened.window.new_conversation()
            assert (boxed(opened), chat.attachments.items) == (("", False), [])
            chat.open(asked)
            opened.wait_until(lambda: boxed(opened) == ("one changed", True))
            assert len(chat.attachments.items) == 1
            press(opened, Qt.Key.Key_Escape)
            assert boxed(opened) == ("half a thought", False)
            click(opened, 0, "Edit")
            opened.press_enter()
            wait_until_done(opened, 2)
            assert boxed(opened) == ("half a thought", False)
            click(opened, 0, "Edit")
        with open_it() as opened:
            opened.wait_until(lambda: bool(opened.program.chat.conversations))
            opened.program.chat.open(asked)
            opened.wait_until(lambda: boxed(opened) == ("half a thought", False))

    def test_what_the_disk_does_not_take_is_an_edit_again(self, opened, monkeypatch):
        opened.ask("one")
        asked = opened.program.chat.current.id
        opened.write("half a thought")
        for words in ("one!", "one!?"):
            with monkeypatch.context() as disk:
                disk.setattr(SqliteStore, "begin_reply", refuse)
                click(opened, 0, "Edit")
                QTest.keyClicks(opened.box, words[-1])
                opened.press_enter()
                opened.wait_until(lambda: bool(opened.notice))
                assert boxed(opened) == (words, True)
            if words == "one!":
                opened.click("Try again", opened.window.notice)
            else:  # it is there when one comes back, too
                opened.window.new_conversation()
                opened.program.chat.open(asked)
                opened.wait_until(lambda words=words: boxed(opened) == (words, True))
                opened.press_enter()
            opened.wait_until(lambda words=words: texts(opened) == [words, "It is four."])
            wait_until_done(opened, 2)
            assert boxed(opened) == ("half a thought", False)
        assert versions(opened, 0) == "3/3"


@pytest.mark.parametrize("is_stopped", [False, True])
def test_a_reply_that_was_cut_off_or_stopped_goes_on(opened, server, is_stopped):
    if is_stopped:
        begin(opened, server, "two and two?", "It is ")
        press(opened, Qt.Key.Key_Escape)
    else:
        server.script["POST /api/chat"] = [ndjson(ollama_lines("It is ", reason="length"))]
        opened.ask("two and two?")
    wait_until_done(opened, 2)
    opened.drain_store()
    answers(server, "four.")
    opened.click("Continue", opened.window.transcript)
    wait_until_done(opened, 2)
    assert texts(opened) == ["two and two?", "It is four."]
    assert versions(opened, 1) == "2/2"
    assert not [each for each in view(opened, 1).findChildren(QPushButton) if each.isVisible()]


def test_what_is_written_meanwhile_waits_can_be_taken_back_and_goes_in_order(opened, server):
    begin(opened, server, "one", "so far")
    opened.write("two")
    opened.press_enter()
    press(opened, Qt.Key.Key_Escape)
    wait_until_done(opened, 2)
    assert opened.path[-1].status is MessageStatus.STOPPED
    assert queued(opened) == ["Queued: two"], "after a stop it is sent by hand"
    opened.drain_store()
    opened.click("Send now", opened.window.composer)
    wait_until_done(opened, 4)
    begin(opened, server, "three", "so far")
    for words in ("four", "five", "six"):
        opened.write(words)
        opened.press_enter()
    assert queued(opened) == ["Queued: four", "Queued: five", "Queued: six"]
    opened.write("seven")
    backs = opened.window.composer.findChildren(QToolButton)
    back = [each for each in backs if each.accessibleName() == "Take back into the box" and each.isVisible()][-1]
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert opened.window.composer.text() == "seven\n\nsix"
    assert queued(opened) == ["Queued: four", "Queued: five"]
    server.release()
    wait_until_done(opened, 10)
    assert (texts(opened)[::2], queued(opened)) == (["one", "two", "three", "four", "five"], [])


def test_words_in_the_making_and_a_draft_read_late_are_kept_and_undo_stays_in_its_conversation(opened):
    opened.write("h")
    opened.program.chat.draft_found.emit("a long letter")  # above what was written meanwhile
    QTest.keyClicks(opened.box, "i")
    assert opened.window.composer.text() == "a long letter\n\nhi"
    opened.window.composer.set_text("")
    opened.ask("one")
    first = opened.program.chat.current.id
    opened.box.setFocus(Qt.FocusReason.OtherFocusReason)
    compose(opened.window.composer, "ni hao")
    opened.window.new_conversation()
    QTest.keySequence(opened.box, QKeySequence(QKeySequence.StandardKey.Undo))
    assert opened.window.composer.text() == ""
    opened.program.chat.open(first)
    opened.wait_until(lambda: opened.window.composer.text() == "ni hao")


def test_what_was_sent_comes_back_by_undo_and_is_kept_while_models_are_looked_for(opened):
    opened.ask("my question")
    QTest.keySequence(opened.box, QKeySequence(QKeySequence.StandardKey.Undo))
    assert opened.window.composer.text() == "my question"
    program, [notice] = opened.program, opened.window.findChildren(NoticeBar)
    chosen = program.chat.current.settings.choice
    program.chat.change_settings(lambda settings: replace(settings, choice=None))
    program.services.models.refresh()
    press(opened, Qt.Key.Key_Return)
    assert notice.isVisible()
    assert notice.accessibleName().startswith("Still looking for models.")
    opened.wait_until(lambda: not program.services.models.is_loading)
    assert not notice.isVisible()
    assert opened.window.composer.text() == "my question"
    # Once there is one, it goes by itself as it was written; what was changed since does not.
    for added, said in (("?", ["my question"]), ("", ["my question", "my question?"])):
        program.chat.change_settings(lambda settings: replace(settings, choice=None))
        program.services.models.refresh()
        press(opened, Qt.Key.Key_Return)
        opened.write(added)
        program.chat.change_settings(lambda settings: replace(settings, choice=chosen))
        opened.wait_until(lambda: not program.services.models.is_loading and not opened.notice.startswith("Still"))
        opened.wait_until(lambda said=said: texts(opened)[::2] == said)
        assert opened.notice.startswith("A model is there now") is bool(added)


def test_a_conversation_of_another_program_goes_on_with_the_model_in_use(opened):
    assert [each for each in Ask if not opened.window.reading.offers(each)] == []  # each has who does it
    chat = opened.program.chat
    opened.wait_for_model()
    in_use = chat.default_choice = chat.choice
    brought_in = Conversation(title="Brought in")
    chat.save(brought_in)
    chat.open(brought_in.id)
    opened.wait_until(lambda: chat.current.id == brought_in.id)
    opened.wait_until(lambda: chat.choice == in_use)


def test_what_goes_with_messages_before_it_does_not_go_without_them(opened, server, monkeypatch):
    hold(server, "so far")
    opened.wait_for_model()
    opened.write("one")
    opened.press_enter()
    opened.wait_for_text("so far")
    presenter = opened.window.presenter
    for put_instead in (presenter.clear_written, lambda: presenter.use_text("")):
        opened.write("words of another prompt")
        presenter.send_written([user_message("of that one alone")])
        assert presenter.written_message().earlier
        put_instead()
        assert not presenter.written_message().earlier
    opened.write("two")
    presenter.send_written([user_message("as agreed")])
    assert (queued(opened), opened.window.composer.text()) == ([], "two")
    server.release()
    wait_until_done(opened, 2)
    before = opened.notice
    with monkeypatch.context() as disk:
        disk.setattr(SqliteStore, "begin_reply", refuse)
        opened.press_enter()
        opened.wait_until(lambda: opened.notice not in ("", before) and opened.window.composer.text() == "two")
    opened.click("Try again", opened.window.notice)
    wait_until_done(opened, 5)
    assert texts(opened)[2:4] == ["as agreed", "two"]
