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
EVENTS: dict[str, StreamEvent] = {
    "started": Started("m"),
    "usage": UsageReported(Usage(completion_tokens=1)),
    "connecting": CONNECT,
    "waiting": WAIT,
    "loading": LOAD,
    "reading": READ,
    "getting ready": READY,
    "hidden thinking": Progress(Phase.THINKING),
    "thinking": THINK,
    "blank thinking": ReasoningDelta(" \n"),
    "answer": ANSWER,
    "blank answer": BLANK,
    "other side": Reclassified(),
    "enough thinking": ThinkingEnded(),
    "end": STOP,
    "length": LENGTH,
    "stop": CANCELLED,
    "cancelled": Failed(Cancelled()),
    "broken": BROKEN,
    "failed": UNREACHABLE,
    "refused": REFUSED,
    "error": Finished(FinishReason.ERROR, "error"),
}
# What an event makes of each running phase, the first in its heading; a dot: it stays as it is.
TABLE = """
                | connecting waiting loading reading getting_ready thinking answering
started         | . . . . . . .
usage           | . . . . . . .
connecting      | . connecting connecting connecting connecting . .
waiting         | waiting . waiting waiting waiting . .
loading         | loading loading . loading loading . .
reading         | reading reading reading . reading . .
getting ready   | getting_ready getting_ready getting_ready getting_ready . . .
hidden thinking | thinking thinking thinking thinking thinking . .
thinking        | thinking thinking thinking thinking thinking . thinking
blank thinking  | . . . . . . thinking
answer          | answering answering answering answering answering answering .
blank answer    | . . . . . . .
other side      | . . . . . answering thinking
enough thinking | answering answering answering answering answering answering .
end             | done done done done done no_answer done
length          | cut_off cut_off cut_off cut_off cut_off no_answer cut_off
stop            | stopped stopped stopped stopped stopped stopped stopped
cancelled       | stopped stopped stopped stopped stopped stopped stopped
broken          | interrupted interrupted interrupted interrupted interrupted interrupted interrupted
failed          | failed failed failed failed failed failed failed
refused         | failed failed failed failed failed failed failed
error           | failed failed failed failed failed failed failed
"""
HEAD, *ROWS = (line.split("|") for line in TABLE.strip().splitlines())
CELLS = [
    pytest.param(P(before), EVENTS[name.strip()], P(before if after == "." else after), id=f"{before}-{name.strip()}")
    for name, row in ROWS
    for before, after in zip(HEAD[1].split(), row.split(), strict=True)
]


def grown(events: list[StreamEvent], message: Message | None = None) -> ReplyBuilder:
    builder = ReplyBuilder(message)
    for event in events:
        builder.apply(event)
    return builder


@pytest.mark.parametrize(("before", "event", "after"), CELLS)
def test_running(before: ReplyPhase, event: StreamEvent, after: ReplyPhase) -> None:
    builder = grown(REACHED[before])
    builder.apply(event)
    assert builder.phase is after
    if not after.is_running:
        assert phase_of(builder.message) is after, "a restart would show something else"


@pytest.mark.parametrize("phase", P)
def test_a_stored_reply_is_where_it_was(phase: ReplyPhase) -> None:
    """What was still running when the program was killed has been interrupted."""
    message = grown(REACHED[phase]).message
    assert phase_of(message) is (P.INTERRUPTED if phase.is_running else phase)


THOUGHT = Message(role=Role.ASSISTANT, parts=(ReasoningPart("x"),), status=MessageStatus.STREAMING)
SAID = replace(THOUGHT, parts=(TextPart("y"),))
BOTH = replace(THOUGHT, parts=(ReasoningPart("x"), TextPart("y")), timings=Timings(1, 2, 3, 4, 5))
ALIKE = [
    ([], P.CONNECTING),
    ([LOAD], P.LOADING),
    ([READ], P.READING),
    ([THINK], P.THINKING),
    ([ANSWER], P.ANSWERING),
    ([UNREACHABLE], P.FAILED),
    ([ANSWER, BROKEN], P.INTERRUPTED),
    ([CANCELLED], P.STOPPED),
]


@pytest.mark.parametrize(
    ("partial_reply", "events", "phase"),
    [
        *((begun, events, phase) for begun in (THOUGHT, SAID, BOTH) for events, phase in ALIKE),
        # What it began with counts as thought and as answered.
        *((THOUGHT, [end], P.NO_ANSWER) for end in (STOP, LENGTH)),
        *((THOUGHT, [ANSWER, end], phase) for end, phase in ((STOP, P.DONE), (LENGTH, P.CUT_OFF))),
        *((begun, [THINK, STOP], P.DONE) for begun in (SAID, BOTH)),
        *((begun, [end], phase) for begun in (SAID, BOTH) for end, phase in ((STOP, P.DONE), (LENGTH, P.CUT_OFF))),
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


def test_the_share_of_thinking() -> None:
    assert grown([]).reasoning_share is None
    assert grown([ReasoningDelta("a" * 40), TextDelta("b" * 120)]).reasoning_share == 0.25
    counted = UsageReported(Usage(completion_tokens=50, reasoning_tokens=40))
    assert grown([ReasoningDelta("a"), TextDelta("b"), counted]).reasoning_share == 0.8
    partial_reply = replace(BOTH, parts=(ReasoningPart("a" * 40), TextPart("b" * 40)))
    assert grown([TextDelta("b" * 80)], partial_reply).reasoning_share == 0.25
