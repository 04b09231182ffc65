"""A question asked again in an empty context: what is sent, where it is stored, and what becomes of it."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from desktop.core.events import Finished, FinishReason, TextDelta
from desktop.core.message import AttachmentPart, Message, MessageStatus, Role, TextPart
from desktop.core.model import ModelChoice, ModelInfo
from tests.runtime.conftest import MS
from tests.support.scripted_backend import ScriptedBackend


class Counting(ScriptedBackend):
    """Answers each question with its number."""

    def __init__(self):
        super().__init__([], models=[ModelInfo("scripted"), ModelInfo("other")])

    async def stream(self, request):
        self.requests.append(request)
        yield TextDelta(f"Answer {len(self.requests)}.")
        yield Finished(FinishReason.STOP)


def held(make_bench):
    """An old conversation of two turns in front."""
    bench = make_bench(Counting())
    bench.say("My first question", "")
    bench.say("When was it founded?", "")
    return bench


def compared(bench):
    *_, asked, reply = bench.path
    made = bench.chat.fresh.ask_again(bench.chat.current, asked, reply)
    ended(made, bench)
    return made


def ended(made, bench):
    bench.wait(lambda: not made.comparison.is_running)
    bench.drain()
    bench.wait(lambda: made.conversation_id not in bench.chat.compared)


def words(made):
    return [side.message.text for side in made.comparison.sides]


def titles(bench):
    return [each.title for each in bench.chat.conversations]


def test_the_question_alone_is_asked_and_the_old_answer_stands_beside_it(make_bench):
    bench = held(make_bench)
    old = bench.chat.current
    made = compared(bench)
    request = bench.backend.requests[-1]
    assert [message.text for message in request.messages] == ["When was it founded?"]
    assert request.fresh
    assert words(made) == ["Answer 2.", "Answer 3."]
    assert bench.chat.current.id == old.id
    assert bench.texts[-1] == "Answer 2."
    with contextlib.closing(bench.stored()) as store:
        fresh = next(each for each in store.conversations() if each.id == made.conversation_id)
        assert fresh.origin == old.id
        assert not fresh.settings.unread  # it was read beside the old one
        assert [message.text for message in store.path(fresh.id)] == ["When was it founded?", "Answer 3."]


def test_files_go_along_and_nothing_else_does(make_bench):
    bench = held(make_bench)
    file = AttachmentPart("a.txt", "text/plain", "material")
    asked = Message(role=Role.USER, parts=(TextPart("Sum it up"), file))
    reply = Message(role=Role.ASSISTANT, parts=(TextPart("old"),), parent_id=asked.id, status=MessageStatus.COMPLETE)
    old = bench.chat.current
    old = replace(old, settings=replace(old.settings, system="Agree with everything."))
    made = bench.chat.fresh.ask_again(old, asked, reply)
    ended(made, bench)
    assert made.question.parts == asked.parts
    assert not bench.backend.requests[-1].system
    assert made.question.id != asked.id
    (sent,) = bench.backend.requests[-1].messages
    assert "material" in sent.text


def test_asking_more_keeps_what_is_there(make_bench):
    bench = held(make_bench)
    first = compared(bench)
    more = bench.chat.fresh.ask_more(first, [None, ModelChoice("here", "other")])
    ended(more, bench)
    assert sorted(words(more)) == ["Answer 2.", "Answer 3.", "Answer 4.", "Answer 5."]
    assert words(more)[:2] == ["Answer 2.", "Answer 3."]
    asked = bench.backend.requests[-2:]
    assert sorted(request.model for request in asked) == ["other", "scripted"]
    assert all(request.fresh and len(request.messages) == 1 for request in asked)
    assert more.conversation_id == first.conversation_id


def test_a_kept_answer_is_the_one_that_the_fresh_conversation_ends_with(make_bench, qtbot):
    bench = held(make_bench)
    more = bench.chat.fresh.ask_more(compared(bench), [None])
    ended(more, bench)
    for wanted in (1, 2):  # one that was there before, and the new one
        with qtbot.waitSignal(bench.chat.opened, timeout=MS, raising=wanted == 1):
            assert bench.chat.comparisons.keep(more.comparison, wanted)
        bench.wait(lambda at=wanted: bench.texts[-1:] == [words(more)[at]])  # type: ignore[misc]
        assert bench.chat.current.id == more.conversation_id
        bench.chat.open(more.comparison.sides[0].conversation_id)
        bench.wait(lambda: bench.chat.current.id != more.conversation_id)


def test_what_is_not_kept_goes_to_the_bin_and_can_be_had_back(make_bench):
    bench = held(make_bench)
    old = bench.chat.current.id
    made = compared(bench)
    assert titles(bench) == ["Fresh: My first question", "My first question"]
    assert bench.chat.fresh.drop(made)
    bench.drain()
    assert titles(bench) == ["My first question"]
    assert bench.chat.current.id == old
    assert not bench.chat.fresh.drop(made)
    assert bench.chat.fresh.ask_more(made, [None]) is None
    bench.chat.restore([made.conversation_id])
    bench.wait(lambda: bench.chat.current.id == made.conversation_id)


def test_without_a_model_nothing_is_begun(make_bench):
    bench = held(make_bench)
    *_, asked, reply = bench.path
    bench.chat.choose_model(ModelChoice("gone", "gone"))
    assert bench.chat.fresh.ask_again(bench.chat.current, asked, reply) is None
    assert titles(bench) == ["My first question"]
