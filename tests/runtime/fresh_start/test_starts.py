"""Starting fresh, with the real store: what is in front, what is asked of the model, links, and the way back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desktop.core.events import TextDelta
from desktop.core.fresh_start.ways import OutgoingDraft
from desktop.core.message import AttachmentPart, MessageStatus
from desktop.core.model import ModelChoice
from desktop.core.repository import StoreError
from desktop.core.request import Thinking, ThinkingMode, outgoing_text
from desktop.store.database import SqliteStore
from tests.runtime.conftest import Bench, MakeBench, drain
from tests.runtime.talking import SECONDS, answer, awaited, long_bench, open_first, open_it, say, texts, wait_for_reply
from tests.support.scripted_backend import Hold, ScriptedBackend

FILE = AttachmentPart("prices.csv", "text/csv", "chair;40")


@pytest.fixture
def bench(make_bench: MakeBench, qtbot: QtBot) -> Bench:
    """A conversation with a question and an answer that is made up."""
    made = make_bench(ScriptedBackend(answer("It is five.")))
    say(made, qtbot, "What is two and two?", "It is five.")
    return made


def read_question(bench: Bench, qtbot: QtBot, message_id: str = "") -> OutgoingDraft:
    found = awaited(bench.chat.fresh.read_question(message_id), qtbot)
    assert found is not None
    return found


def test_it_is_in_front_at_once_and_asks_without_the_old_answer(bench: Bench, qtbot: QtBot) -> None:
    chat, old = bench.chat, bench.chat.current
    chat.set_thinking(Thinking(ThinkingMode.OFF))
    chat.fresh.start_conversation()
    assert chat.path.is_empty
    assert chat.current.origin == old.id
    assert chat.current.settings.choice == ModelChoice("here", "scripted")
    assert chat.current.settings.thinking.mode is ThinkingMode.OFF
    reply = wait_for_reply(bench, qtbot, lambda: chat.send("What is two and two?"), "It is four.")
    assert reply.text == "It is four."
    asked = bench.backend.requests[-1]
    assert [each.text for each in asked.messages] == ["What is two and two?"]
    assert asked.partial_reply is None
    stored = bench.stored()
    assert {each.id: each.origin for each in stored.conversations()} == {old.id: None, chat.current.id: old.id}
    assert [each.text for each in stored.path(old.id)] == ["What is two and two?", "It is five."]
    stored.close()


def test_both_know_of_each_other(bench: Bench, qtbot: QtBot) -> None:
    chat, old = bench.chat, bench.chat.current
    assert not chat.fresh.is_fresh
    new = []
    for question in ("One?", "Two?"):
        open_it(bench, qtbot, old.id) if chat.current.id != old.id else None
        chat.fresh.start_conversation()
        assert chat.fresh.origin is not None
        assert chat.fresh.origin.id == old.id
        say(bench, qtbot, question, "Yes.")
        new.append(chat.current.id)
    open_it(bench, qtbot, old.id)
    assert [each.id for each in chat.fresh.continued_in] == new[::-1]
    chat.delete(new[0])
    assert [each.id for each in chat.fresh.continued_in] == new[1:]
    open_it(bench, qtbot, new[1])
    chat.delete(old.id)
    assert chat.fresh.is_fresh
    assert chat.fresh.origin is None


def test_undoing_a_blank_one_leaves_no_trace(bench: Bench, qtbot: QtBot) -> None:
    chat, old = bench.chat, bench.chat.current
    chat.fresh.start_conversation()
    with qtbot.waitSignal(chat.opened, timeout=SECONDS):
        assert not chat.fresh.undo()
    assert chat.current.id == old.id
    assert texts(bench) == ["What is two and two?", "It is five."]
    assert [each.id for each in chat.conversations] == [old.id]


def test_undoing_what_was_sent_puts_it_into_the_bin_with_its_words(bench: Bench, qtbot: QtBot) -> None:
    chat, old = bench.chat, bench.chat.current
    chat.fresh.start_conversation()
    say(bench, qtbot, "What is two and two?", "It is four.")
    new = chat.current.id
    with qtbot.waitSignal(chat.opened, timeout=SECONDS):
        assert chat.fresh.undo()
    assert chat.current.id == old.id
    drain(bench.work)
    stored = bench.stored()
    assert [each.id for each, _ in stored.binned_conversations()] == [new]
    assert [each.text for each in stored.path(new)] == ["What is two and two?", "It is four."]
    stored.close()


def test_undoing_stops_the_new_reply(bench: Bench, qtbot: QtBot) -> None:
    chat = bench.chat
    bench.backend.script = [TextDelta("It is"), Hold()]
    chat.fresh.start_conversation()
    chat.send("What is two and two?")
    generation = chat.generation
    assert generation is not None
    qtbot.waitUntil(lambda: generation.builder.has_text, timeout=SECONDS)
    with qtbot.waitSignal(chat.generation_ended, timeout=SECONDS):
        chat.fresh.undo()
    assert generation.conversation.id not in chat.running_ids


def test_it_cannot_be_undone_once_more_has_been_said(bench: Bench, qtbot: QtBot) -> None:
    chat = bench.chat
    chat.fresh.start_conversation()
    say(bench, qtbot, "One?", "Yes.")
    assert chat.fresh.can_undo
    say(bench, qtbot, "Two?", "Yes.")
    assert not chat.fresh.can_undo
    assert not chat.fresh.undo()


def test_from_an_empty_conversation_there_is_nothing_to_go_back_to(make_bench: MakeBench) -> None:
    bench = make_bench(ScriptedBackend(answer("Yes.")))
    bench.chat.fresh.start_conversation()
    assert not bench.chat.fresh.is_fresh
    assert not bench.chat.fresh.can_undo


def test_a_reply_that_runs_in_the_old_one_goes_on(bench: Bench, qtbot: QtBot) -> None:
    chat, old = bench.chat, bench.chat.current
    bench.backend.script = [TextDelta("It is"), Hold()]
    chat.send("Are you sure?")
    generation = chat.generation
    assert generation is not None
    qtbot.waitUntil(lambda: generation.builder.has_text, timeout=SECONDS)
    chat.fresh.start_conversation()
    assert old.id in chat.running_ids
    say(bench, qtbot, "What is two and two?", "It is four.")
    assert generation.is_running
    assert [each.text for each in bench.backend.requests[-1].messages] == ["What is two and two?"]
    chat.stop_all()
    assert generation.builder.message.status is MessageStatus.STOPPED


def test_while_the_old_one_is_being_deleted(bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    chat, old = bench.chat, bench.chat.current
    chat.fresh.start_conversation()
    chat.delete(old.id)
    say(bench, qtbot, "What is two and two?", "It is four.")
    assert chat.fresh.is_fresh
    assert chat.fresh.origin is None
    assert not chat.fresh.can_undo


def test_a_disk_that_refuses_gives_the_words_back(bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    chat, old = bench.chat, bench.chat.current

    def full(*_: object) -> None:
        raise StoreError("full")

    chat.fresh.start_conversation()
    monkeypatch.setattr(SqliteStore, "begin_reply", full)
    with qtbot.waitSignal(chat.not_sent, timeout=SECONDS) as said:
        assert chat.send("What is two and two?")
    assert said.args[0] == "What is two and two?"
    assert chat.current.origin == old.id
    assert [each.id for each in chat.conversations] == [old.id]


def test_the_last_question_or_the_one_above_an_answer(bench: Bench, qtbot: QtBot) -> None:
    first = bench.chat.path.entries[1].id
    say(bench, qtbot, "And three?", "Six.")
    assert read_question(bench, qtbot) == OutgoingDraft("And three?")
    assert read_question(bench, qtbot, first) == OutgoingDraft("What is two and two?")


@pytest.mark.parametrize(
    "objection", ["Are you sure?", "No, that's wrong. Check again.", "不对吧", "你确定吗？到底多少？"]
)
def test_the_last_real_question_is_asked_again(bench: Bench, qtbot: QtBot, objection: str) -> None:
    say(bench, qtbot, objection, "Six.")
    say(bench, qtbot, "Really?", "Seven.")
    assert read_question(bench, qtbot) == OutgoingDraft("What is two and two?")


def test_it_goes_on_under_the_old_title(bench: Bench, qtbot: QtBot) -> None:
    chat = bench.chat
    old = chat.current.title
    chat.fresh.start_conversation(goes_on=True)
    assert chat.current.title == f"Fresh: {old}"
    say(bench, qtbot, "What is two and two?", "It is five.")
    chat.fresh.start_conversation(goes_on=True)
    assert chat.current.title not in (old, f"Fresh: {old}")
    assert chat.current.title == f"(2) Fresh: {old}"
    say(bench, qtbot, "What is two and two?", "It is five.")
    chat.fresh.start_conversation(goes_on=True)
    assert chat.current.title == f"(3) Fresh: {old}"
    chat.fresh.start_conversation()
    assert chat.current.title == ""  # of a blank one nobody knows what it is about


def test_a_question_that_is_far_above_is_read_from_the_disk(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = long_bench(make_bench, qtbot, 200)
    path = open_first(bench, qtbot)
    qtbot.waitUntil(lambda: path.is_whole, timeout=SECONDS)
    assert path.message(path.entries[4].id) is None
    assert read_question(bench, qtbot, path.entries[5].id).text.startswith("4 ")


def test_the_files_that_a_question_stood_on_are_sent_with_it_again(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend(answer("Forty.")))
    wait_for_reply(bench, qtbot, lambda: bench.chat.send("", attached=(FILE,)))
    assert bench.chat.current.title == "prices.csv"
    say(bench, qtbot, "What is in this list?", "Forty.")
    said = read_question(bench, qtbot)
    assert said == OutgoingDraft("What is in this list?", (FILE,))
    bench.chat.fresh.start_conversation()
    wait_for_reply(bench, qtbot, lambda: bench.chat.send(said.text, attached=said.attachments))
    assert "chair;40" in outgoing_text(bench.backend.requests[-1].messages[0])
    QCoreApplication.processEvents()
