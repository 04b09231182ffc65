"""The state machine of a turn as one table: from every phase, by every event, of new and of continued replies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.errors import Cancelled, StreamBroken, Unreachable
from desktop.core.events import (
    Failed,
    Finished,
    FinishReason,
    Phase,
    Progress,
    ReasoningDelta,
    Reclassified,
    Started,
    StreamEvent,
    TextDelta,
    ThinkingEnded,
    UsageReported,
)
from desktop.core.message import Message, MessageStatus, ReasoningPart, Role, TextPart, Timings, Usage
from desktop.core.reply import ReplyBuilder, ReplyPhase, can_be_continued, phase_of

P = ReplyPhase
STOP, LENGTH = Finished(FinishReason.STOP), Finished(FinishReason.LENGTH)
CANCELLED, REFUSED = Finished(FinishReason.CANCELLED), Finished(FinishReason.CONTENT_FILTER)
BROKEN, UNREACHABLE = Failed(StreamBroken("eof")), Failed(Unreachable())
CONNECT, LOAD, READ = Progress(Phase.CONNECTING), Progress(Phase.LOADING), Progress(Phase.READING, 0.5)
READY, WAIT = Progress(Phase.GETTING_READY), Progress(Phase.WAITING)
THINK, ANSWER, BLANK = ReasoningDelta("a"), TextDelta("b"), TextDelta("\n")

# How each phase is reached by a new reply.
REACHED: dict[ReplyPhase, list[StreamEvent]] = {
    P.CONNECTING: [],
    P.WAITING: [WAIT],
    P.LOADING: [LOAD],
    P.READING: [READ],
    P.GETTING_READY: [READY],
    P.THINKING: [THINK],
    P.ANSWERING: [THINK, ANSWER],
    P.DONE: [THINK, ANSWER, STOP],
    P.STOPPED: [THINK, ANSWER, CANCELLED],
    P.CUT_OFF: [THINK, ANSWER, LENGTH],
    P.INTERRUPTED: [THINK, ANSWER, BROKEN],
    P.FAILED: [THINK, ANSWER, UNREACHABLE],
    P.NO_ANSWER: [THINK, STOP],
}
RUNNING = [phase for phase in P if phase.is_running]
ENDED = [phase for phase in P if not phase.is_running]

# What an event makes of each running phase, in the order of `RUNNING`; None: it stays as it is.
TABLE: list[tuple[str, StreamEvent, tuple[ReplyPhase | None, ...]]] = [
    ("started", Started("m"), (None, None, None, None, None, None, None)),
    ("usage", UsageReported(Usage(completion_tokens=1)), (None, None, None, None, None, None, None)),
    ("connecting", CONNECT, (None, P.CONNECTING, P.CONNECTING, P.CONNECTING, P.CONNECTING, None, None)),
    ("waiting", WAIT, (P.WAITING, None, P.WAITING, P.WAITING, P.WAITING, None, None)),
    ("loading", LOAD, (P.LOADING, P.LOADING, None, P.LOADING, P.LOADING, None, None)),
    ("reading", READ, (P.READING, P.READING, P.READING, None, P.READING, None, None)),
    ("getting ready", READY, (P.GETTING_READY, P.GETTING_READY, P.GETTING_READY, P.GETTING_READY, None, None, None)),
    (
        "hidden thinking",
        Progress(Phase.THINKING),
        (P.THINKING, P.THINKING, P.THINKING, P.THINKING, P.THINKING, None, None),
    ),
    ("thinking", THINK, (P.THINKING, P.THINKING, P.THINKING, P.THINKING, P.THINKING, None, P.THINKING)),
    ("blank thinking", ReasoningDelta(" \n"), (None, None, None, None, None, None, P.THINKING)),
    ("answer", ANSWER, (P.ANSWERING, P.ANSWERING, P.ANSWERING, P.ANSWERING, P.ANSWERING, P.ANSWERING, None)),
    ("blank answer", BLANK, (None, None, None, None, None, None, None)),
    ("other side", Reclassified(), (None, None, None, None, None, P.ANSWERING, P.THINKING)),
    (
        "enough thinking",
        ThinkingEnded(),
        (P.ANSWERING, P.ANSWERING, P.ANSWERING, P.ANSWERING, P.ANSWERING, P.ANSWERING, None),
    ),
    ("end", STOP, (P.DONE, P.DONE, P.DONE, P.DONE, P.DONE, P.NO_ANSWER, P.DONE)),
    ("length", LENGTH, (P.CUT_OFF, P.CUT_OFF, P.CUT_OFF, P.CUT_OFF, P.CUT_OFF, P.NO_ANSWER, P.CUT_OFF)),
    ("stop", CANCELLED, (P.STOPPED,) * 7),
    ("cancelled", Failed(Cancelled()), (P.STOPPED,) * 7),
    ("broken", BROKEN, (P.INTERRUPTED,) * 7),
    ("failed", UNREACHABLE, (P.FAILED,) * 7),
    ("refused", REFUSED, (P.FAILED,) * 7),
    ("error", Finished(FinishReason.ERROR, "error"), (P.FAILED,) * 7),
]
CELLS = [
    pytest.param(before, event, after or before, id=f"{before}-{name}")
    for name, event, row in TABLE
    for before, after in zip(RUNNING, row, strict=True)
]


def grown(events: list[StreamEvent], message: Message | None = None) -> ReplyBuilder:
    builder = ReplyBuilder(message)
    for event in events:
        builder.apply(event)
    return builder


@pytest.mark.parametrize("phase", P)
def test_every_phase_can_be_reached(phase: ReplyPhase) -> None:
    assert grown(REACHED[phase]).phase is phase


@pytest.mark.parametrize(("before", "event", "after"), CELLS)
def test_running(before: ReplyPhase, event: StreamEvent, after: ReplyPhase) -> None:
    builder = grown(REACHED[before])
    builder.apply(event)
    assert builder.phase is after
    if not after.is_running:
        assert phase_of(builder.message) is after, "a restart would show something else"


@pytest.mark.parametrize("before", ENDED)
@pytest.mark.parametrize("event", [event for _, event, _ in TABLE], ids=[name for name, _, _ in TABLE])
def test_an_end_is_the_end(before: ReplyPhase, event: StreamEvent) -> None:
    builder = grown([*REACHED[before], event])
    assert builder.phase is before


@pytest.mark.parametrize("phase", P)
def test_a_stored_reply_is_where_it_was(phase: ReplyPhase) -> None:
    """What was still running when the program was killed has been interrupted."""
    message = grown(REACHED[phase]).message
    assert phase_of(message) is (P.INTERRUPTED if phase.is_running else phase)


THOUGHT = Message(role=Role.ASSISTANT, parts=(ReasoningPart("x"),), status=MessageStatus.STREAMING)
SAID = replace(THOUGHT, parts=(TextPart("y"),))
BOTH = replace(THOUGHT, parts=(ReasoningPart("x"), TextPart("y")), timings=Timings(1, 2, 3, 4, 5))


@pytest.mark.parametrize(
    ("partial_reply", "events", "phase"),
    [
        *((partial_reply, [], P.CONNECTING) for partial_reply in (THOUGHT, SAID, BOTH)),
        *((partial_reply, [LOAD], P.LOADING) for partial_reply in (THOUGHT, SAID, BOTH)),
        *((partial_reply, [READ], P.READING) for partial_reply in (THOUGHT, SAID, BOTH)),
        *((partial_reply, [THINK], P.THINKING) for partial_reply in (THOUGHT, SAID, BOTH)),
        *((partial_reply, [ANSWER], P.ANSWERING) for partial_reply in (THOUGHT, SAID, BOTH)),
        # What it began with counts as thought and as answered.
        *((THOUGHT, [end], P.NO_ANSWER) for end in (STOP, LENGTH)),
        *((THOUGHT, [ANSWER, end], phase) for end, phase in ((STOP, P.DONE), (LENGTH, P.CUT_OFF))),
        *((partial_reply, [THINK, STOP], P.DONE) for partial_reply in (SAID, BOTH)),
        *(
            (partial_reply, [end], phase)
            for partial_reply in (SAID, BOTH)
            for end, phase in ((STOP, P.DONE), (LENGTH, P.CUT_OFF))
        ),
        *((partial_reply, [UNREACHABLE], P.FAILED) for partial_reply in (THOUGHT, SAID, BOTH)),
        *((partial_reply, [ANSWER, BROKEN], P.INTERRUPTED) for partial_reply in (THOUGHT, SAID, BOTH)),
        *((partial_reply, [CANCELLED], P.STOPPED) for partial_reply in (THOUGHT, SAID, BOTH)),
    ],
)
def test_continued(partial_reply: Message, events: list[StreamEvent], phase: ReplyPhase) -> None:
    builder = grown(events, partial_reply)
    assert builder.phase is phase
    message = builder.message
    assert message.reasoning.startswith(partial_reply.reasoning)
    assert message.text.startswith(partial_reply.text)
    if not phase.is_running:
        assert phase_of(message) is phase
        assert can_be_continued(message) is (phase is not P.DONE)


def test_times_of_a_continued_reply_are_added_up() -> None:
    now = [0.0]
    builder = ReplyBuilder(BOTH, clock=lambda: now[0])
    for event in (LOAD, READ, THINK, ANSWER, STOP):
        now[0] += 1
        builder.apply(event)
    # Writing is added to what was written; the waiting is that of the last request.
    assert builder.message.timings == Timings(connecting=1, loading=1, reading=1, thinking=5, answering=6)


def test_the_share_of_thinking() -> None:
    assert grown([]).reasoning_share is None
    assert grown([ReasoningDelta("a" * 40), TextDelta("b" * 120)]).reasoning_share == 0.25
    counted = UsageReported(Usage(completion_tokens=50, reasoning_tokens=40))
    assert grown([ReasoningDelta("a"), TextDelta("b"), counted]).reasoning_share == 0.8
    partial_reply = replace(BOTH, parts=(ReasoningPart("a" * 40), TextPart("b" * 40)))
    assert grown([TextDelta("b" * 80)], partial_reply).reasoning_share == 0.25
