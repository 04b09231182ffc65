"""A reply grown from events: parts, phases, times, counts and how it ended."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import Cancelled, ContextTooLong, StreamBroken, Unreachable
from desktop.core.events import (
    AnsweredEarly,
    Failed,
    Finished,
    FinishReason,
    Opaque,
    Phase,
    Progress,
    ReasoningDelta,
    Reclassified,
    Resumed,
    Started,
    StreamEvent,
    TextDelta,
    ThinkingEnded,
    UsageReported,
)
from desktop.core.message import (
    AnswerWay,
    EarlyAnswer,
    Message,
    MessageStatus,
    ReasoningPart,
    Role,
    TextPart,
    Timings,
    Usage,
)
from desktop.core.place import Place, PlaceKind
from desktop.core.reply import ReplyBuilder, ReplyPhase, can_be_continued, more_room_for, phase_of, thought_only
from desktop.core.reply_tokens import reasoning_tokens_of
from desktop.core.text.tokens import estimate_tokens
from desktop.core.think_tags import ThinkTagSplitter

STOP = Finished(FinishReason.STOP)


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def grown(*events: StreamEvent) -> ReplyBuilder:
    builder = ReplyBuilder()
    for event in events:
        builder.apply(event)
    return builder


def test_a_whole_reply_with_phases_and_times() -> None:
    clock = Clock()
    builder = ReplyBuilder(clock=clock)
    phases = []
    script: list[tuple[float, StreamEvent]] = [
        (0.5, Started("qwen3:8b")),
        (0.5, Progress(Phase.LOADING)),
        (2.0, Progress(Phase.READING, 0.25)),
        (1.0, Progress(Phase.READING, 0.75)),
        (1.0, ReasoningDelta("so ")),
        (3.0, ReasoningDelta("it is")),
        (1.0, TextDelta("Yes")),
        (2.0, TextDelta(".")),
        (0.0, UsageReported(Usage(prompt_tokens=9, completion_tokens=8))),
        (0.5, STOP),
    ]
    for seconds, event in script:
        clock.now += seconds
        builder.apply(event)
        phases.append(builder.phase)
    clock.now += 60
    assert phases == [
        ReplyPhase.CONNECTING,
        ReplyPhase.LOADING,
        ReplyPhase.READING,
        ReplyPhase.READING,
        *[ReplyPhase.THINKING] * 2,
        *[ReplyPhase.ANSWERING] * 3,
        ReplyPhase.DONE,
    ]
    message = builder.message
    assert message.timings == Timings(connecting=1.0, loading=2.0, reading=2.0, thinking=4.0, answering=2.5)
    assert message.parts == (ReasoningPart("so it is"), TextPart("Yes."))
    assert message.status is MessageStatus.COMPLETE
    assert message.model == "qwen3:8b"
    assert message.usage == Usage(prompt_tokens=9, completion_tokens=8)
    assert message.role is Role.ASSISTANT
    assert builder.has_reasoning
    assert builder.has_text


def test_time_of_the_running_phase_grows_with_the_clock() -> None:
    clock = Clock()
    builder = ReplyBuilder(clock=clock)
    clock.now += 2
    builder.apply(ReasoningDelta("a"))
    clock.now += 3
    assert builder.seconds_in(ReplyPhase.CONNECTING) == 2
    assert builder.seconds_in(ReplyPhase.THINKING) == 3
    assert builder.seconds_in(ReplyPhase.THINKING, now=107.0) == 5
    assert builder.seconds_in(ReplyPhase.ANSWERING) == 0
    assert builder.message.timings == Timings(connecting=2.0, thinking=3.0)
    assert builder.message.status is MessageStatus.STREAMING


def test_events_count_from_when_they_arrived() -> None:
    clock = Clock()
    builder = ReplyBuilder(clock=clock)
    clock.now += 10
    builder.apply(TextDelta("a"), at=101.0)
    builder.apply(STOP, at=105.0)
    assert builder.message.timings == Timings(connecting=1.0, answering=4.0)


def test_a_clock_that_jumps_back_takes_nothing_away() -> None:
    clock = Clock()
    builder = ReplyBuilder(clock=clock)
    clock.now -= 50
    builder.apply(TextDelta("a"))
    builder.apply(STOP)
    assert builder.message.timings == Timings()


def test_fraction_belongs_to_its_phase() -> None:
    builder = grown(Progress(Phase.READING, 0.5))
    assert builder.fraction == 0.5
    builder.apply(Progress(Phase.READING))
    assert builder.fraction is None
    builder.apply(Progress(Phase.READING, 0.9))
    builder.apply(TextDelta("a"))
    assert builder.fraction is None


@pytest.mark.parametrize("event", [ReasoningDelta("a"), TextDelta("a")])
def test_progress_after_the_first_token_changes_nothing(event: StreamEvent) -> None:
    builder = grown(event)
    phase = builder.phase
    builder.apply(Progress(Phase.LOADING, 0.1))
    assert builder.phase is phase
    assert builder.fraction is None


def test_thinking_may_come_back_after_text() -> None:
    builder = grown(ReasoningDelta("a"), TextDelta("b"), ReasoningDelta("c"))
    assert builder.phase is ReplyPhase.THINKING
    builder.apply(TextDelta("d"))
    assert builder.message.parts == (ReasoningPart("ac"), TextPart("bd"))


def test_base_message_is_kept() -> None:
    base = Message(
        role=Role.ASSISTANT,
        parent_id="p",
        status=MessageStatus.STREAMING,
        model="asked",
        place=Place(PlaceKind.PRIVATE_NETWORK, "gpu-server"),
    )
    builder = ReplyBuilder(base)
    builder.apply(Started())
    builder.apply(TextDelta("a"))
    message = builder.message
    assert (message.id, message.parent_id, message.place, message.created_at, message.model) == (
        *(base.id, "p", base.place, base.created_at, "asked"),
    )


def test_leading_whitespace_is_trimmed_over_several_deltas() -> None:
    builder = grown(ReasoningDelta("\n"), ReasoningDelta(" \n a"), ReasoningDelta(" b\n"))
    builder.apply(TextDelta("\n"))
    assert builder.phase is ReplyPhase.THINKING
    builder.apply(TextDelta("\r\n    code\n"))
    assert builder.message.parts == (ReasoningPart("a b\n"), TextPart("    code\n"))


def test_blank_thinking_shows_no_panel() -> None:
    builder = grown(ReasoningDelta("\n\n"), TextDelta(""), ReasoningDelta(""))
    assert not builder.has_reasoning
    assert not builder.has_text
    assert builder.phase is ReplyPhase.CONNECTING
    builder.apply(TextDelta("a"))
    assert builder.message.parts == (TextPart("a"),)


def test_answer_becomes_thinking() -> None:
    clock = Clock()
    builder = ReplyBuilder(clock=clock)
    builder.apply(TextDelta("  so it is"))
    clock.now += 4
    builder.apply(Reclassified())
    assert builder.phase is ReplyPhase.THINKING
    assert (builder.has_reasoning, builder.has_text) == (True, False)
    clock.now += 1
    builder.apply(TextDelta("\n\nYes"))
    clock.now += 2
    builder.apply(STOP)
    assert builder.message.parts == (ReasoningPart("so it is"), TextPart("Yes"))
    assert builder.message.timings == Timings(thinking=5.0, answering=2.0)
    assert builder.phase is ReplyPhase.DONE


def test_thinking_becomes_answer() -> None:
    clock = Clock()
    builder = ReplyBuilder(clock=clock)
    builder.apply(ReasoningDelta("It is four."))
    clock.now += 3
    builder.apply(Reclassified())
    assert builder.phase is ReplyPhase.ANSWERING
    assert builder.reasoning_tokens == 0
    builder.apply(STOP)
    assert builder.message.parts == (TextPart("It is four."),)
    assert builder.message.timings == Timings(answering=3.0)
    assert builder.phase is ReplyPhase.DONE


def test_swapping_twice_changes_nothing() -> None:
    clock = Clock()
    builder = ReplyBuilder(clock=clock)
    builder.apply(ReasoningDelta("a"))
    clock.now += 1
    builder.apply(TextDelta("b"))
    clock.now += 5
    before = builder.message
    builder.apply(Reclassified())
    assert builder.message.parts == (ReasoningPart("b"), TextPart("a"))
    assert builder.message.timings == Timings(thinking=5.0, answering=1.0)
    builder.apply(Reclassified())
    assert builder.message == before
    assert builder.phase is ReplyPhase.ANSWERING


CUT = Message(
    role=Role.ASSISTANT,
    parts=(ReasoningPart("so it is"), TextPart("The quick ")),
    status=MessageStatus.STREAMING,
    usage=Usage(prompt_tokens=10, completion_tokens=20, reasoning_tokens=5, cached_tokens=1),
    timings=Timings(connecting=1, loading=2, reading=3, thinking=4, answering=5),
)


def test_a_continued_reply_keeps_its_beginning_and_adds_up_what_was_written() -> None:
    clock = Clock()
    builder = ReplyBuilder(CUT, clock)
    assert (builder.has_reasoning, builder.has_text, builder.reasoning_tokens) == (True, True, 5)
    assert builder.phase is ReplyPhase.CONNECTING
    assert builder.message.parts == CUT.parts
    clock.now += 0.5
    builder.apply(TextDelta("\nbrown fox"))
    clock.now += 2
    assert builder.seconds_in(ReplyPhase.ANSWERING) == 7
    builder.apply(UsageReported(Usage(prompt_tokens=34, completion_tokens=6, reasoning_tokens=0, cached_tokens=30)))
    builder.apply(STOP)
    message = builder.message
    assert message.parts == (ReasoningPart("so it is"), TextPart("The quick \nbrown fox"))
    assert message.usage == Usage(prompt_tokens=34, completion_tokens=26, reasoning_tokens=5, cached_tokens=30)
    assert message.timings == Timings(connecting=0.5, thinking=4, answering=7)
    assert message.status is MessageStatus.COMPLETE


def test_a_continued_reply_that_broke_before_a_word_is_as_it_was() -> None:
    builder = ReplyBuilder(CUT)
    builder.apply(Failed(Unreachable(reason="refused")))
    assert (builder.message.parts, builder.message.status) == (CUT.parts, MessageStatus.FAILED)
    assert builder.message.usage is None, "the tokens of the whole are not known"


def test_what_is_not_known_of_the_beginning_is_not_known_of_the_whole() -> None:
    stopped = replace(CUT, usage=None, timings=None)
    builder = ReplyBuilder(stopped)
    assert builder.reasoning_tokens == reasoning_tokens_of(stopped)
    builder.apply(UsageReported(Usage(prompt_tokens=34, completion_tokens=6)))
    builder.apply(STOP)
    assert builder.message.usage == Usage(prompt_tokens=34)


def test_changing_sides_does_not_touch_what_was_there_before() -> None:
    clock = Clock()
    builder = ReplyBuilder(CUT, clock)
    builder.apply(TextDelta("Let me see"))
    clock.now += 2
    builder.apply(Reclassified())
    builder.apply(TextDelta("brown fox"))
    assert builder.message.parts == (ReasoningPart("so it is\n\nLet me see"), TextPart("The quick brown fox"))
    assert builder.message.timings == Timings(thinking=6, answering=5)


def test_thinking_that_was_cut_off_goes_on() -> None:
    builder = ReplyBuilder(replace(CUT, parts=(ReasoningPart("so it"),)))
    builder.apply(ReasoningDelta(" is"))
    builder.apply(TextDelta("\n\nFour."))
    assert builder.message.parts == (ReasoningPart("so it is"), TextPart("Four."))


def test_thinking_that_becomes_the_answer_leaves_the_break_above_it_behind() -> None:
    builder = ReplyBuilder(replace(CUT, parts=(ReasoningPart("so it is"),)))
    for event in (ReasoningDelta("\n\nFour."), Reclassified(), STOP):
        builder.apply(event)
    assert builder.message.parts == (ReasoningPart("so it is"), TextPart("Four."))


def test_swapping_nothing_leaves_the_phase() -> None:
    builder = grown(Progress(Phase.READING), Reclassified())
    assert builder.phase is ReplyPhase.READING
    assert builder.message.parts == ()


def test_blank_answer_becomes_no_thinking() -> None:
    builder = grown(TextDelta("  "), TextDelta(" \n"), Reclassified(), TextDelta("a"))
    assert builder.message.parts == (TextPart("a"),)


@pytest.mark.parametrize(
    ("event", "status", "phase", "failure"),
    [
        (Finished(FinishReason.STOP), MessageStatus.COMPLETE, ReplyPhase.DONE, None),
        (Finished(FinishReason.LENGTH, "length"), MessageStatus.CUT_OFF, ReplyPhase.CUT_OFF, None),
        (Finished(FinishReason.CANCELLED), MessageStatus.STOPPED, ReplyPhase.STOPPED, None),
        (Failed(Cancelled()), MessageStatus.STOPPED, ReplyPhase.STOPPED, None),
        (Finished(FinishReason.CONTENT_FILTER), MessageStatus.FAILED, ReplyPhase.FAILED, "content_filtered"),
        (Finished(FinishReason.ERROR, "error"), MessageStatus.FAILED, ReplyPhase.FAILED, "stream_broken"),
        (Failed(StreamBroken("eof")), MessageStatus.INTERRUPTED, ReplyPhase.INTERRUPTED, "stream_broken"),
        (Failed(Unreachable(reason="refused")), MessageStatus.FAILED, ReplyPhase.FAILED, "unreachable"),
        (Failed(ContextTooLong(needed=9)), MessageStatus.FAILED, ReplyPhase.FAILED, "context_too_long"),
    ],
)
def test_ends(event: StreamEvent, status: MessageStatus, phase: ReplyPhase, failure: str | None) -> None:
    builder = grown(ReasoningDelta("a"), TextDelta("b"), event)
    message = builder.message
    assert (message.status, builder.phase) == (status, phase)
    assert (message.failure.kind if message.failure else None) == failure
    assert message.parts == (ReasoningPart("a"), TextPart("b")), "what had arrived was lost"
    assert phase_of(message) is phase
    assert not builder.phase.is_running


@pytest.mark.parametrize(
    ("event", "is_unfinished"),
    [
        (STOP, False),
        (Finished(FinishReason.LENGTH), True),
        (Finished(FinishReason.CANCELLED), True),
        (Failed(StreamBroken("eof")), True),
        (Failed(Unreachable()), True),
    ],
)
def test_what_can_be_continued(event: StreamEvent, is_unfinished: bool) -> None:
    assert can_be_continued(grown(TextDelta("a"), event).message) is is_unfinished
    assert can_be_continued(grown(ReasoningDelta("a"), event).message) is True
    assert can_be_continued(grown(event).message) is False
    assert can_be_continued(replace(grown(TextDelta("a"), event).message, role=Role.USER)) is False


def test_failure_keeps_what_the_server_said() -> None:
    failure = grown(Failed(Unreachable("no route", host="gpu-server", status=502, reason="refused"))).message.failure
    assert failure is not None
    assert (failure.detail, failure.host, failure.status, failure.reason) == ("no route", "gpu-server", 502, "refused")


@pytest.mark.parametrize("reason", [FinishReason.STOP, FinishReason.LENGTH])
def test_thought_but_did_not_answer(reason: FinishReason) -> None:
    builder = grown(ReasoningDelta("hmm"), TextDelta("\n \n"), Finished(reason))
    assert builder.phase is ReplyPhase.NO_ANSWER
    assert phase_of(builder.message) is ReplyPhase.NO_ANSWER


def test_stopping_while_it_thinks_is_stopped() -> None:
    builder = grown(ReasoningDelta("hmm"), Finished(FinishReason.CANCELLED))
    assert builder.phase is ReplyPhase.STOPPED


def test_reply_that_was_never_ended_was_interrupted() -> None:
    assert phase_of(grown(TextDelta("a")).message) is ReplyPhase.INTERRUPTED


AFTER_THE_END: list[StreamEvent] = [
    Started("other"),
    Progress(Phase.LOADING, 0.5),
    ReasoningDelta("x"),
    TextDelta("x"),
    Reclassified(),
    Opaque("deepseek", {"a": 1}),
    UsageReported(Usage(completion_tokens=99)),
    Finished(FinishReason.LENGTH),
    Failed(Unreachable()),
]


@pytest.mark.parametrize("event", AFTER_THE_END, ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("end", [STOP, Finished(FinishReason.CANCELLED), Failed(StreamBroken())], ids=str)
def test_events_after_the_end_are_ignored(end: StreamEvent, event: StreamEvent) -> None:
    clock = Clock()
    builder = ReplyBuilder(clock=clock)
    for each in (ReasoningDelta("a"), TextDelta("b"), end):
        builder.apply(each)
    before = (builder.message, builder.phase, builder.opaque.copy(), builder.fraction)
    clock.now += 5
    builder.apply(event)
    assert (builder.message, builder.phase, builder.opaque, builder.fraction) == before


def test_opaque_data_is_kept_in_order() -> None:
    first, second = Opaque("a", {"n": 1}), Opaque("a", {"n": 2})
    assert grown(first, TextDelta("x"), second).opaque == [first, second]


def test_later_usage_replaces_the_earlier() -> None:
    builder = grown(UsageReported(Usage(1, 2, 3, 4)), UsageReported(Usage(completion_tokens=9)))
    assert builder.message.usage == Usage(completion_tokens=9)


def test_thinking_of_a_word_is_a_token() -> None:
    assert grown(ReasoningDelta("a")).reasoning_tokens == 1
    builder = grown(ReasoningDelta("a"), TextDelta("b" * 999), UsageReported(Usage(completion_tokens=9)))
    assert builder.reasoning_tokens == 1
    assert grown(ReasoningDelta("a"), UsageReported(Usage(completion_tokens=0))).reasoning_tokens == 1


def test_thinking_tokens_are_estimated_until_they_are_counted() -> None:
    builder = grown(ReasoningDelta("a" * 400), TextDelta("b" * 100))
    assert builder.reasoning_tokens == round(estimate_tokens("a" * 400))
    builder.apply(UsageReported(Usage(completion_tokens=250)))
    assert builder.reasoning_tokens == 200  # four fifths of what was counted
    builder.apply(UsageReported(Usage(completion_tokens=250, reasoning_tokens=180)))
    assert builder.reasoning_tokens == 180
    assert reasoning_tokens_of(builder.message) == 180


def test_a_server_that_counts_no_thinking_is_not_believed() -> None:
    builder = grown(ReasoningDelta("a" * 400), TextDelta("b" * 100))
    builder.apply(UsageReported(Usage(completion_tokens=250, reasoning_tokens=0)))
    assert builder.reasoning_tokens == 200
    assert grown(TextDelta("b"), UsageReported(Usage(reasoning_tokens=0))).reasoning_tokens == 0


def test_hidden_thinking_is_counted_by_the_server_alone() -> None:
    builder = grown(TextDelta("b"), UsageReported(Usage(completion_tokens=90, reasoning_tokens=80)))
    assert builder.reasoning_tokens == 80
    assert not builder.has_reasoning


def test_a_stored_message_counts_like_the_running_one() -> None:
    builder = grown(ReasoningDelta("so "), ReasoningDelta("it is"), TextDelta("Yes, 好"), STOP)
    assert reasoning_tokens_of(builder.message) == builder.reasoning_tokens


EVENTS = st.one_of(
    st.builds(ReasoningDelta, st.text("ab \n")),
    st.builds(TextDelta, st.text("cd \n")),
    st.builds(Reclassified),
    st.builds(Progress, st.sampled_from(Phase), st.none() | st.floats(0, 1)),
    st.builds(Started, st.sampled_from(["", "m"])),
    st.builds(UsageReported, st.builds(Usage, completion_tokens=st.integers(0, 99))),
)


@given(st.lists(st.tuples(st.floats(0, 9), EVENTS), max_size=20))
def test_no_letter_is_lost_and_all_time_is_accounted_for(script: list[tuple[float, StreamEvent]]) -> None:
    clock = Clock()
    builder = ReplyBuilder(clock=clock)
    letters = ""
    for seconds, event in script:
        clock.now += seconds
        builder.apply(event)
        if isinstance(event, ReasoningDelta | TextDelta):
            letters += "".join(event.text.split())
    builder.apply(STOP)
    message = builder.message
    assert sorted("".join(f"{message.reasoning}{message.text}".split())) == sorted(letters)
    spent = sum(builder.seconds_in(phase) for phase in ReplyPhase)
    assert spent == pytest.approx(clock.now - 100.0)


def test_splitter_and_builder_together() -> None:
    splitter = ThinkTagSplitter()
    builder = ReplyBuilder()
    for character in "Okay, so 4.\n</think>\n\nThe answer is 4.":
        for delta in splitter.feed(character):
            builder.apply(delta)
    for delta in splitter.close():
        builder.apply(delta)
    builder.apply(STOP)
    assert builder.message.parts == (ReasoningPart("Okay, so 4.\n"), TextPart("The answer is 4."))


# --- Answered early ----------------------------------------------------------------------------------------------


def test_the_time_of_thinking_stops_when_it_is_ended() -> None:
    clock = Clock()
    builder = ReplyBuilder(clock=clock)
    builder.apply(ReasoningDelta("a fox"))
    clock.now += 3
    builder.apply(ThinkingEnded())
    assert (builder.phase, builder.awaits_answer) == (ReplyPhase.ANSWERING, True)
    clock.now += 2
    builder.apply(ReasoningDelta("."))  # which was under way
    assert builder.phase is ReplyPhase.ANSWERING
    builder.apply(TextDelta("A fox."))
    builder.apply(STOP)
    message = builder.message
    assert (message.reasoning, message.text) == ("a fox.", "A fox.")
    assert message.timings == Timings(thinking=3, answering=2)
    assert message.early == EarlyAnswer(AnswerWay.SAME_STREAM)


def test_what_was_there_before_another_request_stays_as_it_is() -> None:
    clock = Clock()
    builder = ReplyBuilder(clock=clock)
    builder.apply(Progress(Phase.READING))
    clock.now += 1
    builder.apply(ReasoningDelta("a fox"))
    clock.now += 3
    builder.apply(ThinkingEnded(by_limit=True))
    builder.apply(Resumed())
    assert (builder.phase, builder.awaits_answer) == (ReplyPhase.CONNECTING, False)
    builder.apply(Progress(Phase.READING, 0.5))
    assert (builder.phase, builder.fraction) == (ReplyPhase.READING, 0.5)
    clock.now += 5
    builder.apply(AnsweredEarly(AnswerWay.ASKED))
    builder.apply(TextDelta(" Well"))
    builder.apply(Reclassified())
    builder.apply(TextDelta("A fox."))
    builder.apply(UsageReported(Usage(prompt_tokens=9, completion_tokens=4)))
    builder.apply(STOP)
    message = builder.message
    assert (message.reasoning, message.text) == ("a fox\n\nWell", "A fox.")
    assert message.early == EarlyAnswer(AnswerWay.ASKED, by_limit=True)
    assert message.timings == Timings(reading=5, thinking=3)
    assert message.usage == Usage(prompt_tokens=9), "what the first request cost was never told"


def test_a_reply_that_only_thought_can_be_answered_and_given_room() -> None:
    thought = replace(grown(ReasoningDelta("a fox"), Finished(FinishReason.LENGTH)).message)
    assert thought_only(thought)
    assert more_room_for(thought) == 8_192
    assert more_room_for(replace(thought, usage=Usage(completion_tokens=6_000))) == 12_000
    assert not thought_only(grown(ReasoningDelta("a fox"), TextDelta("A fox."), STOP).message)
    for end in (Finished(FinishReason.CANCELLED), Failed(StreamBroken()), Failed(Unreachable(reason="refused"))):
        assert thought_only(grown(ReasoningDelta("a fox"), end).message)


@pytest.mark.parametrize("reason", [FinishReason.STOP, FinishReason.LENGTH])
def test_thinking_that_is_not_shown_is_thinking(reason: FinishReason) -> None:
    hidden = UsageReported(Usage(completion_tokens=6_000, reasoning_tokens=6_000))
    builder = grown(hidden, Finished(reason))
    assert builder.phase is ReplyPhase.NO_ANSWER
    assert thought_only(builder.message)
    assert can_be_continued(builder.message)
    assert more_room_for(builder.message) == 12_000
    rest = ReplyBuilder(replace(builder.message, status=MessageStatus.STREAMING))
    for event in (TextDelta("A fox."), UsageReported(Usage(completion_tokens=9, reasoning_tokens=0)), STOP):
        rest.apply(event)
    assert (rest.phase, rest.reasoning_tokens) == (ReplyPhase.DONE, 6_000)
    assert rest.message.usage == Usage(completion_tokens=6_009, reasoning_tokens=6_000)


def test_looking_at_a_continued_reply_before_its_next_word_adds_nothing_to_it() -> None:
    beginning = Message(role=Role.ASSISTANT, parts=(ReasoningPart("Hm."), TextPart("So far")))
    builder = ReplyBuilder(beginning)
    assert builder.message.text == "So far"
    builder.apply(ReasoningDelta(" and on"))
    builder.apply(Reclassified())
    assert (builder.message.reasoning, builder.message.text) == ("Hm.", "So far and on")
