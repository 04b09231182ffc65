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
from desktop.core.reply import (
    ReplyBuilder,
    ReplyPhase,
    can_be_continued,
    more_room_for,
    phase_of,
    reasoning_tokens_of,
    thought_only,
)
from desktop.core.text.tokens import estimate_tokens

STOP, SWAP = Finished(FinishReason.STOP), Reclassified()


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def grown(*script: StreamEvent | float, of: Message | None = None) -> ReplyBuilder:
    """Return a reply after these events, and these seconds between them."""
    clock = Clock()
    builder = ReplyBuilder(of, clock)
    for each in script:
        if isinstance(each, int | float):
            clock.now += each
        else:
            builder.apply(each)
    return builder


def test_a_whole_reply_with_phases_and_times() -> None:
    builder = grown(
        *(0.5, Started("qwen3:8b"), 0.5, Progress(Phase.LOADING), 2, Progress(Phase.READING, 0.25)),
        *(1, Progress(Phase.READING, 0.75), 1, ReasoningDelta("so "), 3, ReasoningDelta("it is"), 1, TextDelta("Yes")),
        *(2, TextDelta("."), UsageReported(Usage(prompt_tokens=9, completion_tokens=8)), 0.5, STOP, 60),
    )
    message = builder.message
    assert message.timings == Timings(connecting=1.0, loading=2.0, reading=2.0, thinking=4.0, answering=2.5)
    assert message.parts == (ReasoningPart("so it is"), TextPart("Yes."))
    assert (message.status, message.model, message.role) == (MessageStatus.COMPLETE, "qwen3:8b", Role.ASSISTANT)
    assert message.usage == Usage(prompt_tokens=9, completion_tokens=8)
    assert builder.has_reasoning
    assert builder.has_text


def test_time_of_the_running_phase_grows_with_the_clock() -> None:
    builder = grown(2, ReasoningDelta("a"), 3)
    seconds = {phase: builder.seconds_in(phase) for phase in ReplyPhase if builder.seconds_in(phase)}
    assert seconds == {ReplyPhase.CONNECTING: 2, ReplyPhase.THINKING: 3}
    assert builder.seconds_in(ReplyPhase.THINKING, now=107.0) == 5
    assert builder.message.timings == Timings(connecting=2.0, thinking=3.0)
    assert builder.message.status is MessageStatus.STREAMING


def test_events_count_from_when_they_arrived() -> None:
    builder = grown(10)
    builder.apply(TextDelta("a"), at=101.0)
    builder.apply(STOP, at=105.0)
    assert builder.message.timings == Timings(connecting=1.0, answering=4.0)
    assert grown(-50, TextDelta("a"), STOP).message.timings == Timings(), "a clock that jumps back takes nothing away"


def test_fraction_belongs_to_its_phase() -> None:
    reading = Progress(Phase.READING, 0.5)
    assert grown(reading).fraction == 0.5
    for after in (Progress(Phase.READING), TextDelta("a"), ReasoningDelta("a")):
        assert grown(reading, after).fraction is None
        assert grown(TextDelta("a"), after, reading).fraction is None


def test_base_message_is_kept() -> None:
    place = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")
    base = Message(role=Role.ASSISTANT, parent_id="p", status=MessageStatus.STREAMING, model="asked", place=place)
    message = grown(Started(), TextDelta("a"), of=base).message
    assert message == replace(base, parts=(TextPart("a"),), timings=Timings())


CUT = Message(
    role=Role.ASSISTANT,
    parts=(ReasoningPart("so it is"), TextPart("The quick ")),
    status=MessageStatus.STREAMING,
    usage=Usage(prompt_tokens=10, completion_tokens=20, reasoning_tokens=5, cached_tokens=1),
    timings=Timings(connecting=1, loading=2, reading=3, thinking=4, answering=5),
)
THOUGHT = replace(CUT, parts=(ReasoningPart("so it"),), timings=None)
THINK, SAY = ReasoningDelta, TextDelta


@pytest.mark.parametrize(
    ("script", "before", "thinking", "answer", "timings"),
    [
        ([THINK("a"), SAY("b"), THINK("c"), SAY("d")], None, "ac", "bd", Timings()),
        (
            [THINK("\n"), THINK(" \n a"), THINK(" b\n"), SAY("\n"), SAY("\r\n    code\n")],
            None,
            "a b\n",
            "    code\n",
            None,
        ),
        ([THINK("\n\n"), SAY(""), THINK(""), SAY("a")], None, "", "a", None),
        ([SAY("  so it is"), 4, SWAP, 1, SAY("\n\nYes"), 2, STOP], None, "so it is", "Yes", Timings(0, 0, 0, 5, 2)),
        ([THINK("It is four."), 3, SWAP, STOP], None, "", "It is four.", Timings(answering=3)),
        ([THINK("a"), 1, SAY("b"), 5, SWAP], None, "b", "a", Timings(thinking=5, answering=1)),
        ([THINK("a"), 1, SAY("b"), 5, SWAP, SWAP], None, "a", "b", Timings(thinking=1, answering=5)),
        ([Progress(Phase.READING), SWAP], None, "", "", None),
        ([SAY("  "), SAY(" \n"), SWAP, SAY("a")], None, "", "a", None),
        (
            [SAY("Let me see"), 2, SWAP, SAY("fox")],
            CUT,
            "so it is\n\nLet me see",
            "The quick fox",
            Timings(0, 0, 0, 6, 5),
        ),
        ([THINK(" is"), SAY("\n\nFour.")], THOUGHT, "so it is", "Four.", None),
        ([THINK("\n\nFour."), SWAP, STOP], THOUGHT, "so it", "Four.", None),
    ],
)
def test_thinking_and_answer(
    script: list[StreamEvent | float], before: Message | None, thinking: str, answer: str, timings: Timings | None
) -> None:
    builder = grown(*script, of=before)
    message = builder.message
    assert (message.reasoning, message.text) == (thinking, answer)
    assert (builder.has_reasoning, builder.has_text) == (bool(thinking), bool(answer))
    assert timings in (None, message.timings)


def test_a_continued_reply_keeps_its_beginning_and_adds_up_what_was_written() -> None:
    builder = grown(of=CUT)
    assert (builder.has_reasoning, builder.has_text, builder.reasoning_tokens) == (True, True, 5)
    assert (builder.phase, builder.message.parts) == (ReplyPhase.CONNECTING, CUT.parts)
    told = Usage(prompt_tokens=34, completion_tokens=6, reasoning_tokens=0, cached_tokens=30)
    builder = grown(0.5, SAY("\nbrown fox"), 2, UsageReported(told), STOP, of=CUT)
    message = builder.message
    assert message.parts == (ReasoningPart("so it is"), TextPart("The quick \nbrown fox"))
    assert message.usage == Usage(prompt_tokens=34, completion_tokens=26, reasoning_tokens=5, cached_tokens=30)
    assert message.timings == Timings(connecting=0.5, thinking=4, answering=7)


def test_a_continued_reply_that_broke_before_a_word_is_as_it_was() -> None:
    message = grown(Failed(Unreachable(reason="refused")), of=CUT).message
    assert (message.parts, message.status) == (CUT.parts, MessageStatus.FAILED)
    assert message.usage is None, "the tokens of the whole are not known"


def test_what_is_not_known_of_the_beginning_is_not_known_of_the_whole() -> None:
    stopped = replace(CUT, usage=None, timings=None)
    assert grown(of=stopped).reasoning_tokens == reasoning_tokens_of(stopped)
    told = UsageReported(Usage(prompt_tokens=34, completion_tokens=6))
    assert grown(told, STOP, of=stopped).message.usage == Usage(prompt_tokens=34)


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
    ended, after = (grown(ReasoningDelta("a"), TextDelta("b"), end, 5, *more, of=CUT) for more in ((), (event,)))
    for each in ("message", "phase", "opaque", "fraction"):
        assert getattr(after, each) == getattr(ended, each)


def test_opaque_data_is_kept_in_order() -> None:
    first, second = Opaque("a", {"n": 1}), Opaque("a", {"n": 2})
    assert grown(first, TextDelta("x"), second).opaque == [first, second]


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


# --- Answered early ----------------------------------------------------------------------------------------------


def test_the_time_of_thinking_stops_when_it_is_ended() -> None:
    ended = [THINK("a fox"), 3, ThinkingEnded()]
    assert (grown(*ended).phase, grown(*ended).awaits_answer) == (ReplyPhase.ANSWERING, True)
    under_way = [*ended, 2, THINK(".")]
    assert grown(*under_way).phase is ReplyPhase.ANSWERING
    message = grown(*under_way, SAY("A fox."), STOP).message
    assert (message.reasoning, message.text) == ("a fox.", "A fox.")
    assert message.timings == Timings(thinking=3, answering=2)
    assert message.early == EarlyAnswer(AnswerWay.SAME_STREAM)


def test_what_was_there_before_another_request_stays_as_it_is() -> None:
    first = [Progress(Phase.READING), 1, THINK("a fox"), 3, ThinkingEnded(by_limit=True), Resumed()]
    assert (grown(*first).phase, grown(*first).awaits_answer) == (ReplyPhase.CONNECTING, False)
    second = [Progress(Phase.READING, 0.5), 5, AnsweredEarly(AnswerWay.ASKED), SAY(" Well"), SWAP, SAY("A fox.")]
    message = grown(*first, *second, UsageReported(Usage(prompt_tokens=9, completion_tokens=4)), STOP).message
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
    told = UsageReported(Usage(completion_tokens=9, reasoning_tokens=0))
    rest = grown(SAY("A fox."), told, STOP, of=replace(builder.message, status=MessageStatus.STREAMING))
    assert (rest.phase, rest.reasoning_tokens) == (ReplyPhase.DONE, 6_000)
    assert rest.message.usage == Usage(completion_tokens=6_009, reasoning_tokens=6_000)


def test_looking_at_a_continued_reply_before_its_next_word_adds_nothing_to_it() -> None:
    beginning = Message(role=Role.ASSISTANT, parts=(ReasoningPart("Hm."), TextPart("So far")))
    builder = ReplyBuilder(beginning)
    assert builder.message.text == "So far"
    builder.apply(ReasoningDelta(" and on"))
    builder.apply(Reclassified())
    assert (builder.message.reasoning, builder.message.text) == ("Hm.", "So far and on")
