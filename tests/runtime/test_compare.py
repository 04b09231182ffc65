"""Answers side by side: all are stored, each is stopped by itself, and the conversation goes on with the one kept."""

from __future__ import annotations

import pytest

from desktop.core.claims.claim import Shown
from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.errors import Overloaded
from desktop.core.events import Failed, TextDelta
from desktop.core.message import MessageStatus, user_message
from desktop.core.model import ModelChoice, ModelInfo
from desktop.runtime.compare import Compared, Question, compared
from tests.runtime.conftest import answer
from tests.support.scripted_backend import Hold, Released, ScriptedBackend

RUNS = {"with": [TextDelta("One"), Hold()], "without": [TextDelta("Two"), Hold()]}
ANSWERS = {"first": answer("First."), "with": answer("One."), "without": answer("Two.")}


class Answers(ScriptedBackend):
    """Plays the script of the question that is asked; `cancelled` are those whose stream was closed early."""

    def __init__(self, scripts):
        super().__init__([], models=[ModelInfo("scripted"), ModelInfo("other")])
        self.scripts = dict(scripts)
        self.cancelled = []

    async def stream(self, request):
        asked = request.messages[-1].text
        played = ScriptedBackend(self.scripts[asked])
        self.requests.append(request)
        try:
            async for event in played.stream(request):
                yield event
        finally:
            if played.was_cancelled:
                self.cancelled.append(asked)


@pytest.fixture
def bench(make_bench):
    """A bench whose first two questions are answered as RUNS says, until `scripts` are others."""
    return make_bench(Answers(RUNS))


def ask(bench, in_place_of="", asked=("with", "without")):
    return bench.chat.comparisons.ask([[user_message(each)] for each in asked], in_place_of)


def begun(bench, in_place_of=""):
    made = ask(bench, in_place_of)
    bench.wait(lambda: made.is_begun)
    return made


def ended(bench, comparison):
    bench.wait(lambda: not comparison.is_running)


def answered(bench, in_place_of=""):
    """A comparison whose answers have come."""
    bench.backend.scripts = dict(ANSWERS)
    comparison = begun(bench, in_place_of)
    ended(bench, comparison)
    return comparison


def keep(bench, comparison, index):
    with bench.signal(bench.chat.path_changed):
        assert bench.chat.comparisons.keep(comparison, index)


def words(comparison):
    return [side.message.text for side in comparison.sides]


def stored(bench):
    """All messages that are on the disk, by their text."""
    bench.drain()
    store = bench.stored()
    found = store.messages([row[0] for row in bench.on_disk("SELECT id FROM messages")])
    store.close()
    return {each.text: each for each in found}


def test_both_answers_come_at_once_and_are_stored_beside_each_other(bench):
    one, other = Released(), Released()
    bench.backend.scripts = {
        "with": [TextDelta("One "), one, *answer("more.")],
        "without": [TextDelta("Two "), other, *answer("too.")],
    }
    comparison = begun(bench)
    bench.wait(lambda: words(comparison) == ["One ", "Two "])
    assert bench.chat.is_answering
    one.release()
    other.release()
    ended(bench, comparison)
    assert words(comparison) == ["One more.", "Two too."]
    found = stored(bench)
    assert [found[each].parent_id for each in ("with", "without")] == [None, None]
    assert found["One more."].parent_id == found["with"].id
    assert found["Two too."].parent_id == found["without"].id
    assert bench.texts == [each.text for each in bench.stored_path()] == ["with", "One more."]
    assert not bench.chat.is_answering


def test_all_stopped_at_once_leave_no_reply_that_seems_to_run(bench):
    comparison = ask(bench)
    comparison.stop_all()
    assert ask(bench) is None
    bench.wait(lambda: comparison.is_begun)
    bench.drain()
    assert bench.on_disk("SELECT status FROM messages WHERE role = 'assistant'") == [("stopped",), ("stopped",)]


def test_one_that_runs_is_kept_and_the_other_is_stopped(bench):
    go_on = Released()
    bench.backend.scripts["without"] = [TextDelta("Two"), go_on, *answer(" more.")]
    comparison = begun(bench)
    bench.wait(lambda: words(comparison) == ["One", "Two"])
    with bench.signal(bench.chat.generation_started) as started:
        assert bench.chat.comparisons.keep(comparison, 1)
    assert started.args == [bench.chat.generation]
    assert [side.is_running for side in comparison.sides] == [False, True]
    assert bench.texts == ["without", "Two"]
    go_on.release()
    ended(bench, comparison)
    assert bench.texts == ["without", "Two more."]


def test_in_the_place_of_a_message_all_are_its_versions(bench):
    bench.backend.scripts = dict(ANSWERS)
    bench.ask("first")
    ended(bench, answered(bench))
    assert [[each.text for each in request.messages] for request in bench.backend.requests[1:]] == [
        ["first", "First.", "with"],
        ["first", "First.", "without"],
    ]
    assert bench.texts == ["first", "First.", "with", "One."]
    keep(bench, answered(bench, bench.path[0].id), 0)
    assert bench.texts == ["with", "One."]
    assert bench.versions == [(2, 3), (1, 1)]


def test_one_left_without_a_choice_goes_on_with_the_answer_that_was_there(bench):
    bench.backend.scripts["first"] = ANSWERS["first"]
    bench.ask("first")
    question, given = bench.path
    comparisons = bench.chat.comparisons
    comparison = comparisons.ask([[user_message("without")]], question.id, (question, given))
    bench.wait(lambda: words(comparison) == ["First.", "Two"])
    assert comparisons.keep_earlier(comparison) == 0
    ended(bench, comparison)
    bench.wait(lambda: bench.texts == ["first", "First."])
    assert bench.versions == [(1, 2), (1, 1)]
    comparisons.keep(comparison, 1)
    assert comparisons.keep_earlier(comparison) is None


def test_one_side_is_refused_and_asked_again(bench):
    bench.backend.scripts = {**ANSWERS, "with": [Failed(Overloaded("busy"))]}
    comparison = begun(bench)
    ended(bench, comparison)
    assert [side.message.status for side in comparison.sides] == [MessageStatus.FAILED, MessageStatus.COMPLETE]
    bench.backend.scripts = ANSWERS
    with bench.signal(bench.chat.path_changed):
        assert comparison.try_again(0)
    ended(bench, comparison)
    assert words(comparison) == ["One.", "Two."]
    assert bench.texts == ["with", "One."]
    assert bench.versions == [(1, 2), (2, 2)]


def test_what_waits_is_not_sent_before_one_is_kept_and_nothing_without_a_model(bench):
    bench.backend.scripts = ANSWERS
    comparison = ask(bench)
    assert not bench.chat.queue("and then?")
    assert not bench.chat.send("and then?")
    ended(bench, comparison)
    bench.drain()
    assert len(bench.backend.requests) == 2
    bench.chat.new()
    bench.chat.choose_model(ModelChoice("gone", "scripted"))
    with bench.signal(bench.chat.model_needed):
        assert ask(bench) is None
    assert bench.chat.path.is_empty


def test_one_question_to_two_models_in_a_conversation_elsewhere(bench):
    """Beside an answer that was given long ago."""
    bench.backend.scripts = {**ANSWERS, "again": answer("Anew.")}
    old, here, asked = bench.ask("first"), bench.chat.current, user_message("again")
    fresh = Conversation(title="fresh", origin=here.id, settings=ConversationSettings(ModelChoice("here", "scripted")))
    questions = [
        Question(answer=old, answered_in=here.id),
        Question(None, (asked,)),
        Question(asked.id, choice=ModelChoice("here", "other")),
    ]
    comparison = bench.chat.comparisons.ask_in(fresh, questions)
    ended(bench, comparison)
    assert words(comparison) == ["First.", "Anew.", "Anew."]
    assert [each.message.model for each in comparison.sides[1:]] == ["scripted", "other"]
    assert [[each.text for each in request.messages] for request in bench.backend.requests[1:]] == [["again"]] * 2
    assert bench.chat.current.id == here.id
    for index, texts in ((2, ["again", "Anew."]), (0, ["first", "First."])):
        with bench.signal(bench.chat.opened):
            assert bench.chat.comparisons.keep(comparison, index)
        assert bench.texts == texts
        assert index == 0 or bench.versions == [(1, 1), (2, 2)]


def test_a_program_that_is_killed_leaves_both_with_their_words(bench):
    """As they stand on the disk in the middle, opened by another program."""
    comparison = begun(bench)
    bench.wait(lambda: bench.on_disk("SELECT count(DISTINCT message_id) FROM reply_log") == [(2,)])
    found = stored(bench)
    assert [found[each].status for each in ("One", "Two")] == [MessageStatus.INTERRUPTED] * 2
    comparison.stop_all()
    ended(bench, comparison)


def test_two_are_compared_and_more_are_counted():
    two = compared([None, "founded in 1998", "founded in 2001"], Shown)
    assert two.places == (1, 2)
    assert [(pair.old.text, pair.new.text) for pair in two.differences.pairs] == [("1998", "2001")]
    three = compared(["in 1998", "in 1998", "in 2001"], Shown)
    assert len(three.agreement.disputed) == 2
    assert compared(["in 1998", None], Shown) == Compared((0,))
