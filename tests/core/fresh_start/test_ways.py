"""What a fresh start takes along by itself, which is nothing, and what can be asked once more."""

from __future__ import annotations

from dataclasses import replace

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.fresh_start.ways import (
    FreshStart,
    OutgoingDraft,
    can_be_undone,
    has_become_long,
    question_above,
    said_in,
    started_fresh_from,
    usual_start,
)
from desktop.core.message import AttachmentPart, Message, ReasoningPart, Role, TextPart, Usage, entry_of, user_message
from desktop.core.model import ModelChoice

FILE = AttachmentPart("a.csv", "text/csv", "1;2")


def test_a_new_conversation_takes_its_settings_and_a_link_and_nothing_else():
    settings = ConversationSettings(choice=ModelChoice("here", "model"), system="Be brief.", temperature=0.3)
    old = Conversation(title="Old", head_id="leaf", settings=settings, pinned=True)
    new = started_fresh_from(old, "Be formal.")
    assert (new.origin, new.settings) == (old.id, replace(settings, system="Be formal."))
    assert (new.title, new.head_id, new.pinned) == ("", None, False)
    assert new.id != old.id


def test_from_an_empty_one_the_link_is_to_where_that_came_from():
    assert started_fresh_from(Conversation(), "").origin is None
    assert started_fresh_from(Conversation(origin="first"), "").origin == "first"


def test_the_question_that_an_answer_belongs_to():
    question = user_message("How much?")
    reply = Message(role=Role.ASSISTANT, parts=(TextPart("Four."),))
    other, last = user_message("And now?"), Message(role=Role.ASSISTANT, parts=(ReasoningPart("hm"),))
    path = [entry_of(each) for each in (question, reply, other, last)]
    assert question_above(path) == other.id
    assert question_above(path, last.id) == other.id
    assert question_above(path, reply.id) == question.id
    assert question_above(path, question.id) == question.id
    assert question_above(path, "elsewhere") == ""
    assert question_above([entry_of(reply)]) == ""


def test_files_go_along_with_the_question_and_thinking_never_does():
    message = Message(role=Role.USER, parts=(TextPart("Sum it up."), FILE, ReasoningPart("odd")))
    assert said_in(message) == OutgoingDraft("Sum it up.", (FILE,))
    other = user_message("Read this.", attached=(replace(FILE, name="b.csv"),))
    again = user_message("And once more.", attached=(FILE,))
    reply = Message(role=Role.ASSISTANT, parts=(TextPart("I have."),), model="m")
    assert said_in(message, (other, reply, again, reply)).attachments == (*other.files, FILE)
    assert said_in(message, (other, reply), (other.id,)).attachments == (FILE,)
    assert not said_in(user_message("", attached=(FILE,))).is_empty
    assert said_in(user_message(" ")).is_empty


def test_when_a_conversation_has_become_long():
    assert has_become_long(None, None, 40)
    assert not has_become_long(None, 4096, 39)
    assert has_become_long(Usage(prompt_tokens=600, completion_tokens=100), 1000, 3)
    assert not has_become_long(Usage(prompt_tokens=600), 1000, 3)
    assert not has_become_long(Usage(prompt_tokens=600), None, 3)


def test_the_usual_choice_and_how_long_it_can_be_undone():
    assert usual_start(has_question=True) is FreshStart.ASK_AGAIN
    assert usual_start(has_question=False) is FreshStart.BLANK
    for corrected in (
        "No, my contract says 12 days.",
        "不对，合同上写的是12天。",
        "That's wrong. It is 12.",
        "Are you sure?",
    ):
        assert usual_start(has_question=True, last_said=corrected) is FreshStart.CARRY_OVER
    for asked in ("Write it shorter.", "How many days?", "No smoking, is that in it?"):
        assert usual_start(has_question=True, last_said=asked) is FreshStart.ASK_AGAIN
    assert [can_be_undone(count) for count in (0, 2, 3)] == [True, True, False]
