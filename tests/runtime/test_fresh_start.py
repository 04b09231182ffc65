"""Starting fresh, with the real store: what is in front, what is asked of the model, links, and the way back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication

from desktop.core.events import TextDelta
from desktop.core.fresh_start.ways import OutgoingDraft
from desktop.core.message import AttachmentPart, MessageStatus
from desktop.core.model import ModelChoice
from desktop.core.repository import StoreError
from desktop.core.request import Thinking, ThinkingMode, outgoing_text
from desktop.store.database import SqliteStore
from tests.runtime.conftest import answer
from tests.runtime.talking import long_bench, open_first
from tests.support.scripted_backend import Hold

FILE = AttachmentPart("prices.csv", "text/csv", "chair;40")


@pytest.fixture
def bench(make_bench):
    """A conversation with a question and an answer that is made up."""
    made = make_bench(answer("It is five."))
    made.say("What is two and two?", "It is five.")
    return made


def read_question(bench, message_id=""):
    found = bench.awaited(bench.chat.fresh.read_question(message_id))
    return found


def test_it_is_in_front_at_once_and_asks_without_the_old_answer(bench):
    chat, old = bench.chat, bench.chat.current
    chat.set_thinking(Thinking(ThinkingMode.OFF))
    chat.fresh.start_conversation()
    assert chat.path.is_empty
    assert chat.current.origin == old.id
    assert chat.current.settings.choice == ModelChoice("here", "scripted")
    assert chat.current.settings.thinking.mode is ThinkingMode.OFF
    reply = bench.reply_to(lambda: chat.send("What is two and two?"), "It is four.")
    assert reply.text == "It is four."
    asked = bench.backend.requests[-1]
    assert [each.text for each in asked.messages] == ["What is two and two?"]
    assert asked.partial_reply is None
    stored = bench.stored()
    assert {each.id: each.origin for each in stored.conversations()} == {old.id: None, chat.current.id: old.id}
    assert [each.text for each in stored.path(old.id)] == ["What is two and two?", "It is five."]
    stored.close()


def test_both_know_of_each_other(bench):
    chat, old = bench.chat, bench.chat.current
    assert not chat.fresh.is_fresh
    new = []
    for question in ("One?", "Two?"):
        bench.open(old.id) if chat.current.id != old.id else None
        chat.fresh.start_conversation()
        assert chat.fresh.origin.id == old.id
        bench.say(question, "Yes.")
        new.append(chat.current.id)
    bench.open(old.id)
    assert [each.id for each in chat.fresh.continued_in] == new[::-1]
    chat.delete(new[0])
    assert [each.id for each in chat.fresh.continued_in] == new[1:]
    bench.open(new[1])
    chat.delete(old.id)
    assert chat.fresh.is_fresh
    assert chat.fresh.origin is None


def test_undoing_a_blank_one_leaves_no_trace(bench):
    chat, old = bench.chat, bench.chat.current
    chat.fresh.start_conversation()
    with bench.signal(chat.opened):
        assert not chat.fresh.undo()
    assert chat.current.id == old.id
    assert bench.texts == ["What is two and two?", "It is five."]
    assert [each.id for each in chat.conversations] == [old.id]


def test_undoing_what_was_sent_puts_it_into_the_bin_with_its_words(bench):
    chat, old = bench.chat, bench.chat.current
    chat.fresh.start_conversation()
    bench.say("What is two and two?", "It is four.")
    new = chat.current.id
    with bench.signal(chat.opened):
        assert chat.fresh.undo()
    assert chat.current.id == old.id
    bench.drain()
    stored = bench.stored()
    assert [each.id for each, _ in stored.binned_conversations()] == [new]
    assert [each.text for each in stored.path(new)] == ["What is two and two?", "It is four."]
    stored.close()


def test_undoing_stops_the_new_reply(bench):
    chat = bench.chat
    bench.backend.script = [TextDelta("It is"), Hold()]
    chat.fresh.start_conversation()
    chat.send("What is two and two?")
    generation = chat.generation
    bench.wait(lambda: generation.builder.has_text)
    with bench.signal(chat.generation_ended):
        chat.fresh.undo()
    assert generation.conversation.id not in chat.running_ids


def test_it_cannot_be_undone_once_more_has_been_said(bench):
    chat = bench.chat
    chat.fresh.start_conversation()
    bench.say("One?", "Yes.")
    assert chat.fresh.can_undo
    bench.say("Two?", "Yes.")
    assert not chat.fresh.can_undo
    assert not chat.fresh.undo()


def test_from_an_empty_conversation_there_is_nothing_to_go_back_to(make_bench):
    bench = make_bench(answer("Yes."))
    bench.chat.fresh.start_conversation()
    assert not bench.chat.fresh.is_fresh
    assert not bench.chat.fresh.can_undo


def test_a_reply_that_runs_in_the_old_one_goes_on(bench):
    chat, old = bench.chat, bench.chat.current
    bench.backend.script = [TextDelta("It is"), Hold()]
    chat.send("Are you sure?")
    generation = chat.generation
    bench.wait(lambda: generation.builder.has_text)
    chat.fresh.start_conversation()
    assert old.id in chat.running_ids
    bench.say("What is two and two?", "It is four.")
    assert generation.is_running
    assert [each.text for each in bench.backend.requests[-1].messages] == ["What is two and two?"]
    chat.stop_all()
    assert generation.builder.message.status is MessageStatus.STOPPED


def test_while_the_old_one_is_being_deleted(bench, monkeypatch):
    chat, old = bench.chat, bench.chat.current
    chat.fresh.start_conversation()
    chat.delete(old.id)
    bench.say("What is two and two?", "It is four.")
    assert chat.fresh.is_fresh
    assert chat.fresh.origin is None
    assert not chat.fresh.can_undo


def test_a_disk_that_refuses_gives_the_words_back(bench, monkeypatch):
    chat, old = bench.chat, bench.chat.current

    def full(*_):
        raise StoreError("full")

    chat.fresh.start_conversation()
    monkeypatch.setattr(SqliteStore, "begin_reply", full)
    with bench.signal(chat.not_sent) as said:
        assert chat.send("What is two and two?")
    assert said.args[0] == "What is two and two?"
    assert chat.current.origin == old.id
    assert [each.id for each in chat.conversations] == [old.id]


def test_the_last_question_or_the_one_above_an_answer(bench):
    first = bench.chat.path.entries[1].id
    bench.say("And three?", "Six.")
    assert read_question(bench) == OutgoingDraft("And three?")
    assert read_question(bench, first) == OutgoingDraft("What is two and two?")


@pytest.mark.parametrize(
    "objection", ["Are you sure?", "No, that's wrong. Check again.", "不对吧", "你确定吗？到底多少？"]
)
def test_the_last_real_question_is_asked_again(bench, objection):
    bench.say(objection, "Six.")
    bench.say("Really?", "Seven.")
    assert read_question(bench) == OutgoingDraft("What is two and two?")


def test_it_goes_on_under_the_old_title(bench):
    chat = bench.chat
    old = chat.current.title
    chat.fresh.start_conversation(goes_on=True)
    assert chat.current.title == f"Fresh: {old}"
    bench.say("What is two and two?", "It is five.")
    chat.fresh.start_conversation(goes_on=True)
    assert chat.current.title not in (old, f"Fresh: {old}")
    assert chat.current.title == f"(2) Fresh: {old}"
    bench.say("What is two and two?", "It is five.")
    chat.fresh.start_conversation(goes_on=True)
    assert chat.current.title == f"(3) Fresh: {old}"
    chat.fresh.start_conversation()
    assert chat.current.title == ""  # of a blank one nobody knows what it is about


def test_a_question_that_is_far_above_is_read_from_the_disk(make_bench):
    bench = long_bench(make_bench, 200)
    path = open_first(bench)
    bench.wait(lambda: path.is_whole)
    assert path.message(path.entries[4].id) is None
    assert read_question(bench, path.entries[5].id).text.startswith("4 ")


def test_the_files_that_a_question_stood_on_are_sent_with_it_again(make_bench):
    bench = make_bench(answer("Forty."))
    bench.reply_to(lambda: bench.chat.send("", attached=(FILE,)))
    assert bench.chat.current.title == "prices.csv"
    bench.say("What is in this list?", "Forty.")
    said = read_question(bench)
    assert said == OutgoingDraft("What is in this list?", (FILE,))
    bench.chat.fresh.start_conversation()
    bench.reply_to(lambda: bench.chat.send(said.text, attached=said.attachments))
    assert "chair;40" in outgoing_text(bench.backend.requests[-1].messages[0])
    QCoreApplication.processEvents()
