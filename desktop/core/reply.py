"""A reply that grows from stream events: which part grows, which phase it is in, times and counts; how it was split.

Pure state, no clock of its own but the one given; it neither stores nor shows. Applying an event costs the same
whatever the length of the reply. The user may correct how it was split: *this was the answer*, *this was thinking*.
That moves the words of one message, and tells how replies of that model are read from then on; `think_tags` splits
text while it arrives.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from desktop.core.errors import Cancelled, ContentFiltered, StreamBroken
from desktop.core.events import (
    AnsweredEarly,
    BeganAgain,
    Failed,
    Finished,
    FinishReason,
    Measured,
    Progress,
    ReasoningDelta,
    Reclassified,
    Resumed,
    Started,
    StreamEvent,
    TextDelta,
    ThinkingCanEnd,
    ThinkingEnded,
    UsageReported,
)
from desktop.core.message import (
    AnswerWay,
    EarlyAnswer,
    Failure,
    Message,
    MessageStatus,
    Part,
    ReasoningPart,
    Role,
    Split,
    TextPart,
    Timings,
    Usage,
)
from desktop.core.text.tokens import estimate_tokens, whole_tokens
from desktop.core.think_tags import ThinkTagSplitter


class ReplyPhase(StrEnum):
    """Phase of a generation: the one state machine that the window shows in words.

    Those of a server's progress, and of how a message ended, have the words of `Phase` and `MessageStatus`.
    """

    CONNECTING = "connecting"
    WAITING = "waiting"
    LOADING = "loading"
    READING = "reading"
    GETTING_READY = "getting_ready"
    THINKING = "thinking"
    ANSWERING = "answering"
    DONE = "done"
    STOPPED = "stopped"
    CUT_OFF = "cut_off"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    NO_ANSWER = "no_answer"  # thought, but did not answer

    @property
    def is_running(self) -> bool:
        return self not in (ReplyPhase.DONE, *_UNFINISHED)


_UNFINISHED = (
    ReplyPhase.STOPPED,
    ReplyPhase.CUT_OFF,
    ReplyPhase.INTERRUPTED,
    ReplyPhase.FAILED,
    ReplyPhase.NO_ANSWER,
)
_STATUS_OF_FINISH = {
    FinishReason.STOP: MessageStatus.COMPLETE,
    FinishReason.LENGTH: MessageStatus.CUT_OFF,
    FinishReason.CANCELLED: MessageStatus.STOPPED,
    FinishReason.ERROR: MessageStatus.FAILED,
    FinishReason.CONTENT_FILTER: MessageStatus.FAILED,
}


def phase_of(message: Message) -> ReplyPhase:
    """Return the phase of a reply that is no longer running, from what was stored."""
    if message.status is MessageStatus.STREAMING:
        return ReplyPhase.INTERRUPTED
    ended_by_itself = message.status in (MessageStatus.COMPLETE, MessageStatus.CUT_OFF)
    if ended_by_itself and _has_thought(message) and _is_blank(message.text):
        return ReplyPhase.NO_ANSWER
    return ReplyPhase.DONE if message.status is MessageStatus.COMPLETE else ReplyPhase(message.status.value)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """Beginning of a reply that is being continued: it stays as it is, whatever the events say of the rest."""

    elsewhere: str  # thinking of another model or place, with which `reasoning` begins
    reasoning: str
    text: str
    reasoning_tokens: int
    usage: Usage | None
    seconds: dict[ReplyPhase, float]


def can_be_continued(message: Message) -> bool:
    """Return True if a reply did not come to its end by itself and has words; thinking will do, also hidden."""
    if message.role is not Role.ASSISTANT or phase_of(message) not in _UNFINISHED:
        return False
    return not _is_blank(message.text) or _has_thought(message)


# Four pages: a reply that was cut off at a limit of its server's gets at least so much, in tokens.
_LEAST_ROOM = 8_192


def more_room_for(message: Message) -> int:
    """Return the limit, in tokens, with which a reply is continued that has used up the one it had."""
    used = message.usage.completion_tokens if message.usage else None
    return max(_LEAST_ROOM, 2 * (used or round(estimate_tokens(message.reasoning) + estimate_tokens(message.text))))


def thought_only(message: Message) -> bool:
    """Return True if a reply ended with thinking alone, in whatever way, so that its answer can still be got."""
    return can_be_continued(message) and _is_blank(message.text)


class ReplyBuilder:
    """Reply as it grows. Feed it with `apply`; read `phase`, the counts, and `message` when a whole one is needed.

    A `message` with words is continued: what it has stays in front. Counts and times of what was written are added to
    its own; the prompt, and the times before the first word, are those of the last request alone.
    """

    def __init__(self, message: Message | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._base = message or Message(role=Role.ASSISTANT, status=MessageStatus.STREAMING)
        self._beginning = _beginning_of(self._base)
        self._clock = clock
        self._reasoning: list[str] = []
        self._text: list[str] = []
        self._reasoning_estimate = 0.0
        self._text_estimate = 0.0
        self._usage: Usage | None = None
        self._failure: Failure | None = None
        self._status = MessageStatus.STREAMING
        self._early = self._base.early
        self._ended_by_limit = False
        self._awaits_answer = False  # its thinking was ended, and no word of the answer has come yet
        self._phase = ReplyPhase.CONNECTING
        self._spent: dict[ReplyPhase, float] = {}
        self._phase_began = clock()
        self.fraction: float | None = None
        self._given_up = ""  # the words that it began with, where the model has begun again

    def apply(self, event: StreamEvent, at: float | None = None) -> None:
        """Apply one event; `at` is when it arrived, on the builder's clock (default: now). Ignored after the end."""
        if self._status is not MessageStatus.STREAMING:
            return
        now = self._clock() if at is None else at
        match event:
            case Started(model):
                if model:
                    self._base = replace(self._base, model=model)
            case Progress(phase, fraction):
                if self._phase not in (ReplyPhase.THINKING, ReplyPhase.ANSWERING):
                    self._enter(ReplyPhase(phase.value), now)
                    self.fraction = fraction
            case ReasoningDelta(text):
                self._add_reasoning(text, now)
            case TextDelta(text):
                self._add_text(text, now)
            case Reclassified():
                self._swap(now)
            case ThinkingCanEnd() | Measured():
                pass  # a matter between the generation and the server; what is known of the model
            case ThinkingEnded(by_limit):
                self._ended_by_limit, self._awaits_answer = by_limit, True
                self._enter(ReplyPhase.ANSWERING, now)
            case Resumed():
                self._resume(now)
            case BeganAgain():
                self._given_up, self._beginning = self._beginning.text, replace(self._beginning, text="")
            case AnsweredEarly(way):
                self._early = EarlyAnswer(way, self._ended_by_limit)
            case UsageReported(usage):
                self._usage = usage
            case Finished(reason, raw):
                if reason is FinishReason.CONTENT_FILTER:
                    self._failure = ContentFiltered().as_failure()
                elif reason is FinishReason.ERROR:
                    self._failure = StreamBroken(raw).as_failure()  # the server said no more than this one word
                self._end(_STATUS_OF_FINISH[reason], now)
            case Failed(Cancelled()):
                self._end(MessageStatus.STOPPED, now)
            case Failed(error):
                self._failure = error.as_failure()
                broken = isinstance(error, StreamBroken)
                self._end(MessageStatus.INTERRUPTED if broken else MessageStatus.FAILED, now)
            case _:
                assert_never(event)

    @property
    def phase(self) -> ReplyPhase:
        return self._phase

    @property
    def began_again(self) -> bool:
        """True if it was to be continued, and is written anew instead."""
        return bool(self._given_up)

    @property
    def has_reasoning(self) -> bool:
        return bool(self._beginning.reasoning or self._reasoning)

    @property
    def has_text(self) -> bool:
        return bool(self._beginning.text or self._text)

    @property
    def awaits_answer(self) -> bool:
        """True if its thinking was ended, and the answer is yet to come."""
        return self._awaits_answer

    @property
    def reasoning_tokens(self) -> int:
        """Tokens of thinking so far: the server's count where it gave one, else an estimate, see `reasoning_tokens`."""
        rest = reasoning_tokens(self._usage, self._reasoning_estimate, self._text_estimate)
        return self._beginning.reasoning_tokens + rest

    @property
    def answer_tokens(self) -> float:
        """Estimated tokens of the answer, without what a continued reply began with."""
        return self._text_estimate

    @property
    def reasoning_share(self) -> float | None:
        """The share of thinking in the reply's tokens so far, from 0 to 1; None while there are none."""
        usage, answer = self._whole_usage, estimate_tokens(self._beginning.text) + self._text_estimate
        return reasoning_share(self.reasoning_tokens, usage, answer)

    def seconds_in(self, phase: ReplyPhase, now: float | None = None) -> float:
        """Return the seconds spent in a phase so far, the current one included."""
        spent = self._beginning.seconds.get(phase, 0.0) + self._spent.get(phase, 0.0)
        if phase is self._phase and phase.is_running:
            spent += max(0.0, (self._clock() if now is None else now) - self._phase_began)
        return spent

    @property
    def message(self) -> Message:
        """The reply as a message. Joins all that has arrived: for saving, not for every token."""
        parts: list[Part] = []
        elsewhere = self._beginning.elsewhere
        if elsewhere:
            parts.append(ReasoningPart(elsewhere, elsewhere=True))
        if own := "".join((self._beginning.reasoning[len(elsewhere) :], *self._reasoning)):
            parts.append(ReasoningPart(own))
        if self.has_text:
            # Its pieces are joined where they are kept, too: the message and this then share one text.
            self._text = ["".join(self._text)] if self._text else []
            parts.append(TextPart(self._beginning.text + "".join(self._text)))
        return replace(
            self._base,
            parts=tuple(parts),
            status=self._status,
            usage=self._whole_usage,
            failure=self._failure,
            early=self._early,
            timings=Timings(
                **{name: round(sum(map(self.seconds_in, phases)), 3) for name, phases in _TIMED.items()},
            ),
        )

    @property
    def _whole_usage(self) -> Usage | None:
        beginning, usage = self._beginning, self._usage
        if usage is None or not (beginning.reasoning or beginning.text or beginning.reasoning_tokens):
            return usage
        before = beginning.usage or Usage()
        return replace(
            usage,
            completion_tokens=_sum(before.completion_tokens, usage.completion_tokens),
            reasoning_tokens=_sum(before.reasoning_tokens, usage.reasoning_tokens),
        )

    def _enter(self, phase: ReplyPhase, now: float) -> None:
        if phase is self._phase:
            return
        self._spent[self._phase] = self._spent.get(self._phase, 0.0) + max(0.0, now - self._phase_began)
        self._phase = phase
        self._phase_began = now
        self.fraction = None

    def _add_reasoning(self, text: str, now: float) -> None:
        if not self.has_reasoning:
            text = text.lstrip()  # servers leave the line breaks of their templates at the start
        if text:
            self._reasoning.append(text)
            self._reasoning_estimate += estimate_tokens(text)
            if not self._awaits_answer:
                self._enter(ReplyPhase.THINKING, now)

    def _add_text(self, text: str, now: float) -> None:
        if not self.has_text:
            text = text.lstrip("\r\n")  # not spaces: an answer may begin with an indented code block
        if text:
            self._text.append(text)
            self._text_estimate += estimate_tokens(text)
            if self._awaits_answer:
                self._early = EarlyAnswer(AnswerWay.SAME_STREAM, self._ended_by_limit)
                self._awaits_answer = False
            self._enter(ReplyPhase.ANSWERING, now)

    def _resume(self, now: float) -> None:
        """Make what there is the beginning, as of a reply that is continued; the time is counted on."""
        seconds = {each: self.seconds_in(each, now) for each in (ReplyPhase.THINKING, ReplyPhase.ANSWERING)}
        tokens, usage = self.reasoning_tokens, self._whole_usage
        reasoning = "".join((self._beginning.reasoning, *self._reasoning))
        text = "".join((self._beginning.text, *self._text))
        self._beginning = _Beginning(self._beginning.elsewhere, reasoning, text, tokens, usage, seconds)
        self._reasoning, self._text = [], []
        self._reasoning_estimate = self._text_estimate = 0.0
        self._usage, self._awaits_answer = None, False
        self._spent, self._phase, self._phase_began, self.fraction = {}, ReplyPhase.CONNECTING, now, None

    def _swap(self, now: float) -> None:
        """Change the side of all that has arrived, and of the time spent on it.

        Not of what a continued reply began with.
        """
        if self._given_up:  # what was taken for a new beginning was none
            self._beginning, self._given_up = replace(self._beginning, text=self._given_up), ""
        self._reasoning, self._text = self._text, self._reasoning
        self._reasoning_estimate, self._text_estimate = self._text_estimate, self._reasoning_estimate
        if self._phase in _SWAPPED:
            phase = self._phase
            self._spent[phase] = self._spent.get(phase, 0.0) + max(0.0, now - self._phase_began)
            self._phase, self._phase_began = _SWAPPED[phase], now
        self._spent |= {other: self._spent.get(phase, 0.0) for phase, other in _SWAPPED.items()}
        # An answer keeps spaces at its start; thinking, which it may have become, does not.
        blank = next((n for n, piece in enumerate(self._reasoning) if not piece.isspace()), len(self._reasoning))
        del self._reasoning[:blank]
        if self._reasoning:
            self._reasoning[0] = self._reasoning[0].lstrip()
            if self._beginning.reasoning:
                self._reasoning.insert(0, "\n\n")  # it is no continuation of what was thought before
        if self._text and not self._beginning.text:
            self._text[0] = self._text[0].lstrip("\r\n")

    def _end(self, status: MessageStatus, now: float) -> None:
        self._enter(ReplyPhase.DONE, now)
        self._status = status
        self._phase = phase_of(self.message)


def _has_thought(message: Message) -> bool:
    return not _is_blank(message.reasoning) or has_hidden_thinking(message)


def _is_blank(text: str) -> bool:
    """Return True if a text is white space alone; `strip` would copy all of a long one."""
    return not text or text.isspace()


def _beginning_of(message: Message) -> _Beginning:
    timings = message.timings or Timings()
    return _Beginning(
        elsewhere=message.reasoning_from_elsewhere,
        reasoning=message.reasoning,
        text=message.text,
        reasoning_tokens=reasoning_tokens_of(message),
        usage=message.usage,
        seconds={ReplyPhase.THINKING: timings.thinking, ReplyPhase.ANSWERING: timings.answering},
    )


def _sum(before: int | None, after: int | None) -> int | None:
    """Return the sum of two counts; None unless both are known."""
    return None if before is None or after is None else before + after


_SWAPPED = {ReplyPhase.THINKING: ReplyPhase.ANSWERING, ReplyPhase.ANSWERING: ReplyPhase.THINKING}
_TIMED = {
    "connecting": (ReplyPhase.CONNECTING,),
    "loading": (ReplyPhase.LOADING, ReplyPhase.GETTING_READY),
    "reading": (ReplyPhase.READING,),
    "thinking": (ReplyPhase.THINKING,),
    "answering": (ReplyPhase.ANSWERING,),
}


def has_hidden_thinking(message: Message) -> bool:
    """Return True if the model thought, by its server's count, and the provider showed nothing of it."""
    return bool(message.usage and message.usage.reasoning_tokens) and not message.reasoning.strip()


def reasoning_tokens(usage: Usage | None, reasoning_estimate: float, text_estimate: float) -> int:
    """Return the tokens of thinking: the server's count, else its total shared out by the estimates, else the estimate.

    A count of nought beside thinking that arrived comes from a server that does not count it.
    """
    if usage is not None and usage.reasoning_tokens is not None and (usage.reasoning_tokens or not reasoning_estimate):
        return usage.reasoning_tokens
    total = reasoning_estimate + text_estimate
    if usage is not None and usage.completion_tokens and total > 0:
        return whole_tokens(usage.completion_tokens * reasoning_estimate / total)
    return whole_tokens(reasoning_estimate)


def reasoning_tokens_of(message: Message) -> int:
    """Return the tokens of thinking in a stored message, as `reasoning_tokens` does."""
    return reasoning_tokens(message.usage, estimate_tokens(message.reasoning), estimate_tokens(message.text))


def reasoning_share_of(message: Message) -> float | None:
    """Return the share of thinking in a stored reply's tokens, from 0 to 1; None where there are none."""
    return reasoning_share(reasoning_tokens_of(message), message.usage, estimate_tokens(message.text))


def reasoning_share(reasoning: int, usage: Usage | None, answer_estimate: float) -> float | None:
    """Return the share of so many tokens of thinking in a reply, from 0 to 1; None where there are none."""
    counted = (usage.completion_tokens if usage is not None else None) or 0
    total = counted if counted > reasoning else reasoning + answer_estimate  # a count may be of the thinking alone
    return min(1.0, reasoning / total) if total else None


def resplit(message: Message, *, thinking: bool) -> Message:
    """Return the message with its answer moved to the thinking, or else with its thinking moved to the answer.

    An answer with a closing tag in it is thinking up to there only. What was thinking stays a part of its own in front
    of the answer, so that it can be moved back. Thinking that came from elsewhere stays what it is, since it would come
    back as the model's own. The same message where there is nothing to move.
    """
    return _to_thinking(message) if thinking else _to_answer(message)


def lesson_of(message: Message, *, thinking: bool) -> Split:
    """Return how replies of the model should be read, from what is said of this one, before its words are moved."""
    if not thinking:
        # With an answer beside it, it was a tag in the middle that deceived; without, where the reply began.
        return Split.NONE if message.text.strip() else Split.OUTSIDE
    texts = _texts(message)
    if len(texts) > 1:
        return Split.AUTO  # what was moved by hand goes back
    # Tags that open the thinking speak for themselves, once they are listened to.
    opened = next(iter(_read(ThinkTagSplitter(), message.text)), None)
    return Split.AUTO if isinstance(opened, ReasoningDelta) else Split.INSIDE


def _to_answer(message: Message) -> Message:
    thought = message.own_reasoning.strip()
    if not thought:
        return message
    said = _texts(message)
    parts: list[Part] = [TextPart(f"{thought}\n\n" if said else thought), *map(TextPart, said)]
    parts = [*_from_elsewhere(message), *parts]
    timings = message.timings or Timings()
    moved = replace(timings, thinking=0.0, answering=round(timings.thinking + timings.answering, 3))
    return _with(replace(message, early=None), parts, moved)  # no thinking, none that was ended early


def _to_thinking(message: Message) -> Message:
    texts = _texts(message)
    if not texts:
        return message
    if len(texts) > 1:
        moved, rest = texts[0], "".join(texts[1:])
    else:
        deltas = _read(ThinkTagSplitter(starts_inside=True), texts[0])
        moved = "".join(each.text for each in deltas if isinstance(each, ReasoningDelta))
        rest = "".join(each.text for each in deltas if isinstance(each, TextDelta))
    if not moved.strip():
        return message
    own, elsewhere = message.own_reasoning.rstrip(), _from_elsewhere(message)
    thought = "\n\n".join(each for each in (own, moved.strip()) if each)
    if elsewhere and not own:
        thought = f"\n\n{thought}"
    parts: list[Part] = [*elsewhere, ReasoningPart(thought), *([TextPart(rest)] if rest.strip() else [])]
    timings = message.timings or Timings()
    # The time is shared out by the lengths, the best guess when nobody looked at the clock at that tag.
    spent = timings.answering * len(moved) / max(1, len(moved) + len(rest.strip()))
    times = replace(timings, thinking=round(timings.thinking + spent, 3), answering=round(timings.answering - spent, 3))
    return _with(message, parts, times)


def _with(message: Message, parts: list[Part], timings: Timings) -> Message:
    """Return the message with these parts of text and thinking; other kinds keep their place at the end.

    The server's count of thinking goes, since it was of the wrong split.
    """
    others = [part for part in message.parts if not isinstance(part, TextPart | ReasoningPart)]
    usage = None if message.usage is None else replace(message.usage, reasoning_tokens=None)
    return replace(
        message, parts=(*parts, *others), usage=usage, timings=timings if message.timings is not None else None
    )


def _from_elsewhere(message: Message) -> list[Part]:
    return [part for part in message.parts if isinstance(part, ReasoningPart) and part.elsewhere]


def _texts(message: Message) -> list[str]:
    return [part.text for part in message.parts if isinstance(part, TextPart) and part.text.strip()]


def _read(splitter: ThinkTagSplitter, text: str) -> list[ReasoningDelta | TextDelta]:
    """Return the text as the splitter takes it, cut short rather than ended, so that it reclassifies nothing."""
    deltas = [*splitter.feed(text), *splitter.close(finish_is_stop=False)]
    return [each for each in deltas if isinstance(each, ReasoningDelta | TextDelta)]
