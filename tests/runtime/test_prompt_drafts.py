"""Drafts of the prompt builder are kept with their conversation; its examples may be sent as earlier turns."""

from __future__ import annotations

from desktop.core.events import Finished, FinishReason, Started, TextDelta
from desktop.core.message import Message, Role, TextPart, user_message
from tests.support.scripted_backend import ScriptedBackend

ANSWER = [Started("scripted"), TextDelta("Four."), Finished(FinishReason.STOP)]


def test_what_was_kept_last_is_found(make_bench):
    bench = make_bench(ANSWER)
    prompts = bench.chat.unsent
    prompts.keep_prompt("first", "some")
    prompts.keep_prompt("second", "some")
    prompts.keep_prompt("sent", "some", "message")
    found = [bench.awaited(prompts.read_prompt(*key)) for key in (("some",), ("some", "message"), ("other",))]
    assert found == ["second", "sent", ""]


def test_the_key_of_drafts_is_the_conversation_once_it_is_stored(make_bench, qtbot):
    chat = make_bench(ANSWER).chat
    assert chat.draft_key == ""
    with qtbot.waitSignal(chat.generation_ended):
        chat.send("two and two?")
    assert chat.draft_key == chat.current.id


def test_earlier_turns_are_sent_and_stored_before_the_message(make_bench):
    backend = ScriptedBackend(ANSWER)
    bench = make_bench(backend)
    example = Message(role=Role.ASSISTANT, parts=(TextPart("Two."),))
    bench.reply_to(lambda: bench.chat.send("two and two?", [user_message("one and one?"), example]))
    said = [(Role.USER, "one and one?"), (Role.ASSISTANT, "Two."), (Role.USER, "two and two?")]
    assert [(each.role, each.text) for each in backend.requests[0].messages] == said
    bench.drain()
    path = bench.stored_path()
    assert [(each.role, each.text) for each in path] == [*said, (Role.ASSISTANT, "Four.")]
    assert [each.parent_id for each in path] == [None, *(each.id for each in path[:-1])]
