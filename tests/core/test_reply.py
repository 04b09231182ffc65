"""A reply: how long it may be, how it grows from events, and how a wrong split of it is undone."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import events as e
from desktop.core.errors import Cancelled, ContextTooLong, StreamBroken, Unreachable
from desktop.core.message import (
    AnswerWay,
    AttachmentPart,
    Message,
    MessageStatus,
    ReasoningPart,
    Role,
    Split,
    TextPart,
    Timings,
    Usage,
    user_message,
)
from desktop.core.model import ModelInfo
from desktop.core.place import Place, PlaceKind
from desktop.core.reply import (
    ReplyBuilder,
    ReplyPhase,
    can_be_continued,
    lesson_of,
    more_room_for,
    phase_of,
    reasoning_tokens_of,
    resplit,
    thought_only,
)
from desktop.core.request import (
    ChatRequest,
    GenerationParams,
    PartialReply,
    Thinking,
    ThinkingMode,
    outgoing_text,
    room_for_reply,
)
from tests.core.tables import table

CASES = table("reply.toml")
EVENTS: dict[str, e.StreamEvent] = {
    "started": e.Started("m"),
    "usage": e.UsageReported(Usage(completion_tokens=1)),
    "hidden thinking": e.Progress(e.Phase.THINKING),
    "blank thinking": e.ReasoningDelta(" \n"),
    "blank answer": e.TextDelta("\n"),
    "reading": e.Progress(e.Phase.READING, 0.5),
    "other side": e.Reclassified(),
    "enough thinking": e.ThinkingEnded(),
    "limit": e.ThinkingEnded(by_limit=True),
    "resumed": e.Resumed(),
    "asked": e.AnsweredEarly(AnswerWay.ASKED),
    "end": e.Finished(e.FinishReason.STOP),
    "length": e.Finished(e.FinishReason.LENGTH, "length"),
    "stop": e.Finished(e.FinishReason.CANCELLED),
    "refused": e.Finished(e.FinishReason.CONTENT_FILTER),
    "error": e.Finished(e.FinishReason.ERROR, "error"),
    "cancelled": e.Failed(Cancelled()),
    "broken": e.Failed(StreamBroken("eof")),
    "failed": e.Failed(Unreachable("no route", host="gpu-server", status=502, reason="refused")),
    "too long": e.Failed(ContextTooLong(needed=9)),
}


def event(of):
    """The event of a word of a script."""
    if not isinstance(of, str):
        return e.UsageReported(Usage(**of)) if isinstance(of, dict) else of
    if of[1:2] == ":":
        return (e.ReasoningDelta if of[0] == "t" else e.TextDelta)(of[2:])
    if of.startswith("read"):
        return EVENTS.get(of) or e.Progress(e.Phase.READING, float(of[5:]) if of[5:] else None)
    return EVENTS.get(of) or e.Progress(e.Phase(of.replace(" ", "_")))


class Clock:
    """A clock that stands still until it is told to go on."""

    now = 100.0

    def __call__(self):
        return self.now


def begun(name):
    if not name:
        return None
    thinking, answer, is_known = CASES["begun"][name]
    parts = [*([ReasoningPart(thinking)] if thinking else []), *([TextPart(answer)] if answer else [])]
    usage = Usage(prompt_tokens=10, completion_tokens=20, reasoning_tokens=5, cached_tokens=1)
    message = Message(role=Role.ASSISTANT, parts=tuple(parts), status=MessageStatus.STREAMING)
    return replace(message, usage=usage, timings=Timings(1, 2, 3, 4, 5)) if is_known else message


def grown(*script, of=None):
    """Return a reply after these events, and these seconds between them."""
    clock = Clock()
    builder = ReplyBuilder(begun(of or "") if not isinstance(of, Message) else of, clock)
    for each in script:
        if isinstance(each, int | float):
            clock.now += each
        else:
            builder.apply(event(each))
    return builder


def seen(builder):
    message = builder.message
    counts = asdict(message.usage) if message.usage else {}
    early = message.early
    return {
        "thinking": message.reasoning,
        "answer": message.text,
        "status": message.status.value,
        "phase": builder.phase.value,
        "model": message.model,
        "timings": {key: value for key, value in asdict(message.timings or Timings()).items() if value},
        "usage": {key: value for key, value in counts.items() if value is not None},
        "tokens": builder.reasoning_tokens,
        "share": "" if builder.reasoning_share is None else builder.reasoning_share,
        "fraction": builder.fraction or "",
        "failure": message.failure.kind if message.failure else "",
        "continued": can_be_continued(message),
        "awaits_answer": builder.awaits_answer,
        "early": [early.way.value, early.by_limit] if early else [],
        "room": more_room_for(message),
        "thought_only": thought_only(message),
    }


def end_is_kept(builder):
    """Whether a restart shows the same; what was running is then interrupted."""
    stored = phase_of(builder.message)
    return stored is (ReplyPhase.INTERRUPTED if builder.phase.is_running else builder.phase)


@pytest.mark.parametrize("name", CASES["cases"])
def test_a_reply(name):
    wanted = dict(CASES["cases"][name])
    builder = grown(*wanted.pop("script"), of=wanted.pop("of", ""))
    now = seen(builder)
    assert {key: now[key] for key in wanted} == wanted
    assert (builder.has_reasoning, builder.has_text) == (bool(now["thinking"]), bool(now["answer"]))
    assert end_is_kept(builder)


HEAD, *ROWS = (line.split("|") for line in CASES["running"].strip().splitlines())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip())
def test_running(row):
    for before, after in zip(HEAD[1].split(), row[1].split(), strict=True):
        builder = grown(*CASES["reached"][before], row[0].strip())
        assert builder.phase == (before if after == "." else after), before
        assert end_is_kept(builder)


@pytest.mark.parametrize("of", CASES["continued"])
def test_continued(of):
    for phase, script in CASES["continued"][of].items():
        builder = grown(*script, of=of)
        assert builder.phase == phase
        assert builder.message.text.startswith(begun(of).text)
        assert end_is_kept(builder)
        assert builder.phase.is_running or can_be_continued(builder.message) is (phase != "done")


@pytest.mark.parametrize("of", CASES["reached"])
def test_events_after_the_end_are_ignored(of):
    script = CASES["reached"][of]
    assert grown(*script).phase == of
    if grown(*script).phase.is_running:
        return
    ended = seen(grown(*script, 5, of="cut"))
    for each in EVENTS:
        assert seen(grown(*script, 5, each, of="cut")) == ended


def test_events_count_from_when_they_arrived():
    builder = grown(10)
    builder.apply(e.TextDelta("a"), at=101.0)
    builder.apply(EVENTS["end"], at=105.0)
    assert builder.message.timings == Timings(connecting=1.0, answering=4.0)
    assert grown(2, "t:a", 3).seconds_in(ReplyPhase.THINKING, now=107.0) == 5


def test_what_the_message_was_and_what_the_server_said_is_kept():
    place = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")
    base = Message(role=Role.ASSISTANT, parent_id="p", status=MessageStatus.STREAMING, model="asked", place=place)
    message = grown(e.Started(), "a:a", of=base).message
    assert message == replace(base, parts=(TextPart("a"),), timings=Timings())
    assert not can_be_continued(replace(message, role=Role.USER))
    failure = grown("failed").message.failure
    assert failure is not None
    assert (failure.detail, failure.host, failure.status, failure.reason) == ("no route", "gpu-server", 502, "refused")
    assert grown(of="untimed").reasoning_tokens == reasoning_tokens_of(begun("untimed"))


WORDS = st.one_of(
    st.text("ab \n").map("t:{}".format),
    st.text("cd \n").map("a:{}".format),
    st.sampled_from(["other side", "started", "usage", "reading", "loading", "waiting", "getting ready"]),
)


@given(st.lists(st.tuples(st.floats(0, 9), WORDS), max_size=20))
def test_no_letter_is_lost_and_all_time_is_accounted_for(script):
    builder = grown(*(each for pair in script for each in pair), "end")
    said = "".join(word[2:] for _, word in script if word[1:2] == ":")
    message = builder.message
    assert sorted("".join(f"{message.reasoning}{message.text}".split())) == sorted("".join(said.split()))
    spent = sum(builder.seconds_in(phase) for phase in ReplyPhase)
    assert spent == pytest.approx(sum(seconds for seconds, _ in script))


def reply(reasoning="", text="", *more):
    parts = [*([ReasoningPart(reasoning)] if reasoning else []), *([TextPart(text)] if text else [])]
    usage = Usage(prompt_tokens=5, completion_tokens=100, reasoning_tokens=70)
    return Message(
        role=Role.ASSISTANT, parts=(*parts, *more), usage=usage, timings=Timings(thinking=3.0, answering=1.0)
    )


RESPLIT = table("resplit.toml")["cases"]


@pytest.mark.parametrize("case", RESPLIT)
def test_words_change_sides(case):
    *sides, thinking, reasoning, text, lesson = RESPLIT[case]
    message = reply(*sides)
    moved = resplit(message, thinking=thinking)
    assert (moved.reasoning, moved.text) == (reasoning, text)
    assert lesson_of(message, thinking=thinking) == lesson
    assert moved.id == message.id


def test_nothing_to_move_changes_nothing():
    only_text, only_thinking = reply("", "4."), reply("Hm")
    assert resplit(only_text, thinking=False) is only_text
    assert resplit(only_thinking, thinking=True) is only_thinking


@given(st.text(min_size=1), st.text(min_size=1))
def test_what_became_the_answer_can_go_back(reasoning, text):
    message = reply(reasoning.strip(), text)
    moved = resplit(message, thinking=False)
    if moved is message or not text.strip():
        return
    back = resplit(moved, thinking=True)
    assert (back.reasoning, back.text) == (reasoning.strip(), text)
    assert lesson_of(moved, thinking=True) is Split.AUTO


@given(st.text(), st.text(), st.booleans())
def test_no_word_is_lost(reasoning, text, thinking):
    moved = resplit(reply(reasoning, text), thinking=thinking)
    letters = [each for each in reasoning + text if each.isalpha()]
    assert [each for each in moved.reasoning + moved.text if each.isalpha()] == letters


def message(*parts):
    return Message(role=Role.ASSISTANT, parts=parts)


def test_attachment_is_quoted_under_its_name():
    part = AttachmentPart("plan.txt", "text/plain", "a\nb")
    assert outgoing_text(message(TextPart("Read."), part)) == '""" plan.txt\na\nb\n"""\n\nRead.'


def test_attachment_cannot_close_its_quotation():
    part = AttachmentPart("code.py", "text/x-python", 'x = """a"""\ny = """"b""""')
    assert outgoing_text(message(part)).splitlines() == [
        *('""""" code.py', 'x = """a"""', 'y = """"b""""', '"""""'),
    ]


PARTS = st.one_of(
    st.builds(TextPart, st.text("ab\n")),
    st.builds(ReasoningPart, st.text("REASON", min_size=1)),
    st.builds(AttachmentPart, st.text("cd", min_size=1), st.just("text/plain"), st.text('ef"\n')),
)


@given(st.lists(PARTS, max_size=8))
def test_no_letter_of_thinking_gets_out_and_all_else_does(parts):
    text = outgoing_text(message(*parts))
    assert not set(text) & set("REASON")
    for part in parts:
        if not isinstance(part, ReasoningPart):
            assert part.text in text


def room(thinking, partial_reply=None, *, counts_thinking=True):
    request = ChatRequest("m", (user_message("Hi"),), "", GenerationParams(max_tokens=50), thinking, partial_reply)
    return room_for_reply(request, counts_thinking=counts_thinking)


def test_thinking_has_room_beside_the_answer_where_there_will_be_some():
    auto, off = Thinking(), Thinking(ThinkingMode.OFF)
    assert room(Thinking(budget=200)) == 250
    assert (room(auto) or 0) > 5_000
    assert room(auto, PartialReply("", "Hm")) == room(auto)
    assert room(auto, counts_thinking=False) == 50
    assert room(off) == 50
    assert room(auto, PartialReply("The answer has", "Hm")) == 50


AUTO, OFF, ON, LOW = ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON, ThinkingMode.LOW


@pytest.mark.parametrize(
    ("modes", "chosen", "in_force"),
    [
        ((AUTO, OFF, ON), OFF, OFF),
        ((AUTO, LOW), OFF, AUTO),  # one that cannot be kept from thinking
        ((AUTO,), OFF, AUTO),
        ((OFF,), LOW, OFF),  # one that does not think
        ((), LOW, LOW),  # nothing is known
    ],
)
def test_a_choice_that_a_model_does_not_have_gives_way_to_its_first(modes, chosen, in_force):
    info = ModelInfo("m", thinking_modes=modes)
    assert info.in_force(Thinking(chosen, budget=9)) == Thinking(in_force, budget=9)
