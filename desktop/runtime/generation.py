"""One reply while it runs: from the first save, through the stream, to the last save.

The loop thread feeds events in, and logs the text for the store; the GUI thread applies them to the `ReplyBuilder`, at
most twenty-five times a second. Knows nothing of widgets and nothing of protocols.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import weakref
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.core.bounds import REPLY_LETTERS
from desktop.core.conversation import Conversation
from desktop.core.errors import BackendError, ProtocolError
from desktop.core.events import (
    AnsweredEarly,
    BeganAgain,
    Failed,
    Finished,
    FinishReason,
    ReasoningDelta,
    Reclassified,
    Resumed,
    StreamEvent,
    TextDelta,
    ThinkingCanEnd,
    ThinkingEnded,
)
from desktop.core.message import AnswerWay, Message, QueuedText
from desktop.core.model import Backend
from desktop.core.outgoing import partial_reply_of
from desktop.core.reply import ReplyBuilder, ReplyPhase
from desktop.core.request import ChatRequest
from desktop.core.text.pace import Attention, read_for
from desktop.runtime.background import BackgroundTasks, gui_task
from desktop.runtime.watches import AnswerWatch, LimitWatch, LoopNoticed, LoopWatch
from desktop.store.database import SqliteStore

_log = logging.getLogger(__name__)

# A server that agreed to end the thinking answers after the few tokens that close it; the slowest of computers writes
# one or two in a second. One that goes on thinking for so long has not understood.
_LIVE_MS = 4_000
# A crash may cost half a second of words, the way to the disk with it. Each log entry is one commit with fsync, away
# from the GUI and the loop.
_LOG_SECONDS = 0.4
_BY_ITSELF = (FinishReason.STOP, FinishReason.LENGTH)


@dataclass(frozen=True, slots=True)
class Advance:
    """The outcome of one flush: text added to either channel.

    `reclassified`: what was there before is not what it was, since the channels were swapped or a model began again.
    """

    reasoning: str = ""
    text: str = ""
    reclassified: bool = False


class Generation(QObject):
    """A running reply, which ends with `ended`, stopped or not. It is begun, and its end saved, by `Generations`."""

    advanced = Signal(object)  # Advance; not emitted for phases alone
    phase_changed = Signal()
    loop_noticed = Signal(object)  # LoopNoticed: at most once for the thinking, and once for the answer
    ended = Signal(object)  # the final Message

    def __init__(
        self,
        work: BackgroundTasks,
        store: SqliteStore,
        backend: Backend,
        make_request: Callable[[], ChatRequest],
        conversation: Conversation,
        new_messages: list[Message],
        queue: Sequence[QueuedText] | None = None,
        answer_tokens: int | None = None,
    ) -> None:
        """Prepare the reply: the last of `new_messages`, which are saved before the request goes out.

        `make_request` runs on the store's thread: the whole history is read there, and never kept here. `queue` is what
        still waits in the conversation once this generation has been saved, None if it does not come from the queue.
        `answer_tokens`: the length at which an answer of this model ends, see `core.models.window`.
        """
        super().__init__()
        self.conversation = conversation
        self.new_messages = new_messages
        self.builder = ReplyBuilder(new_messages[-1])
        self.reply_id = new_messages[-1].id
        self.loops = LoopWatch(new_messages[-1], self)
        self.loops.noticed.connect(self._on_loop)
        self._work = work
        self._store = store
        self._backend = backend
        self._make_request = make_request
        self._queue = queue
        self._window = self._panel = Attention.IN_FRONT
        self._stream = self._new_stream()
        self._can_end: ThinkingCanEnd | None = None  # of the stream that runs
        self._answer_by: tuple[AnswerWay, ...] = (AnswerWay.CONTINUED, AnswerWay.ASKED)  # that have not been tried
        self._may_be_asked = False  # the request that runs wants an answer, and there is a further way to get it
        self._limit = LimitWatch(conversation.settings.thinking_limit, self.builder, self)
        self._limit.reached.connect(self._on_limit)
        self._answer = AnswerWatch(answer_tokens)
        self._future: Future[Any] | None = None
        self.is_running = True
        self._is_stored = threading.Event()  # set on the store's thread: there is a row to save the end in
        self._flush_timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._flush_timer.timeout.connect(self._flush)
        self._last_flush = 0.0

    @property
    def attention(self) -> Attention:
        """The attention that it gets now: its window's, and less while it thinks and little of that is shown."""
        if self.builder.phase is ReplyPhase.THINKING:
            return max(self._window, self._panel, key=lambda each: each.value)
        return self._window

    @property
    def answer_limit_reached(self) -> int | None:
        """The tokens at which the answer was ended because its model is very small; None if it was not."""
        return self._answer.limit_reached

    def beginning(self) -> Callable[[], ChatRequest]:
        """Return what saves the user's message and the empty reply on the store's thread, and makes the request."""
        store, conversation, messages, is_stored = self._store, self.conversation, self.new_messages, self._is_stored
        make_request, queue = self._make_request, self._queue

        def begin() -> ChatRequest:
            request = make_request()  # first, so that nothing has been saved if the history cannot be read
            store.begin_reply(conversation, messages, queue)
            is_stored.set()
            return request

        return begin

    def ending(self) -> Callable[[], None]:
        """Return what saves the reply as it is now on the store's thread, unless its beginning was not saved."""
        store, message, is_stored = self._store, self.builder.message, self._is_stored
        return lambda: store.finish_reply(message) if is_stored.is_set() else None

    def send(self, request: ChatRequest) -> None:
        """Send the request, and read what comes."""
        partial_reply = request.partial_reply
        self._answer.begin_request(request)
        self._may_be_asked = partial_reply is not None and len(partial_reply.answer_by) > 1
        if partial_reply is not None and partial_reply.answer_by:
            # A model that thinks again was not helped by the first of them.
            self._answer_by = partial_reply.answer_by[1:] or partial_reply.answer_by
        _log.info("reply %s: %d messages go to %s", self.reply_id, len(request.messages), request.model)
        self._future = self._work.loop.submit(self._stream.run(self._backend, request))

    def stop(self) -> None:
        """End it now, keeping what has arrived. The server sees the connection close."""
        self._break_off(FinishReason.CANCELLED)

    def follow(self, attention: Attention) -> None:
        """Show what comes as often as the window's `attention` is worth; next what waited while it had less."""
        self._window = attention
        self._share_attention()

    def follow_thinking(self, attention: Attention) -> None:
        """Show its thinking as often as `attention` is worth, if not less; next what waited while it had less."""
        self._panel = attention
        self._share_attention()

    def _share_attention(self) -> None:
        before, self._stream.attention = self._stream.attention, self.attention
        if self.attention.value < before.value and self._flush_timer.isActive():
            self._flush_timer.start(0)  # not within this call: who shows words, and asks, is to have shown them first

    def answer_now(self, *, by_limit: bool = False) -> bool:
        """End the thinking, and have this reply answer from what was thought so far.

        Return False if there is nothing to end: it does not think (yet), its answer has begun, or was already
        requested.
        """
        self._flush()
        if not self.is_running or self.builder.phase is not ReplyPhase.THINKING:
            return False
        self._apply_now(ThinkingEnded(by_limit))
        self._stream.write([("ended", "limit" if by_limit else "person")])
        self._bring_answer()
        return True

    @gui_task
    async def _bring_answer(self) -> None:
        """Have the server end the thinking, where it can, or else request the answer anew."""
        can_end, self._can_end = self._can_end, None  # once: what did not end it then will not later
        if can_end is not None:
            if await self._work.on_loop(_told(can_end)):
                await self._work.pause(_LIVE_MS)
            self._flush()
            if not self.is_running or not self.builder.awaits_answer:
                return
        self._ask_for_answer()

    def _break_off(self, reason: FinishReason) -> None:
        if not self.is_running:
            return
        if self._future is not None:
            self._future.cancel()
        self._apply([*self._stream.take_arrived(), (Finished(reason), time.monotonic())])

    @gui_task
    async def _ask_for_answer(self) -> None:
        """Close the stream, and make a further request that brings the answer into the same reply.

        Everything that has arrived is logged before that request is made, so that a crash loses nothing.
        """
        if self._future is not None:
            self._future.cancel()
        before, self._stream = self._stream, self._new_stream()
        before.is_closed = True
        self._apply_now(Resumed())
        await self._work.on_loop(before.flush_log())
        if not self.is_running:
            return
        reply, make_request = self.builder.message, self._make_request
        partial = replace(partial_reply_of(reply, reply.model, reply.place), answer_by=self._answer_by)
        self._stream.write([("resumed", "")])
        try:
            request = await self._work.run(make_request)
        except Exception:  # such as a history that cannot be read: it ends with its thinking
            self.stop()
            raise
        if self.is_running:
            self.send(replace(request, partial_reply=partial))

    def _on_limit(self) -> None:
        self.answer_now(by_limit=True)

    def _new_stream(self) -> ReplyStream:
        work, flush = self._work, weakref.WeakMethod(self._flush_soon)
        return ReplyStream(lambda: work.post(_call_if_alive, flush), self.reply_id, self._store, work, self.attention)

    def _flush_soon(self) -> None:
        wait = self._last_flush + self.attention.value - time.monotonic()
        if wait <= 0:
            self._flush()
        elif not self._flush_timer.isActive():
            self._flush_timer.start(int(wait * 1000) + 1)

    def _flush(self) -> None:
        if self.is_running:
            self._last_flush = time.monotonic()
            self._apply(self._stream.take_arrived())

    def _apply_now(self, event: StreamEvent) -> None:
        self._apply([(event, time.monotonic())])

    def _apply(self, events: list[tuple[StreamEvent, float]]) -> None:
        """Apply the events that have arrived, and emit their outcome once."""
        before = self.builder.phase, self.builder.fraction
        reasoning: list[str] = []
        text: list[str] = []
        reclassified = began_again = goes_on = False
        for event, at in events:
            if event is events[-1][0] and self._lacks_answer(event):
                goes_on = True
                break
            had_reasoning, had_text = self.builder.has_reasoning, self.builder.has_text
            self.builder.apply(event, at)
            self._answer.accept_event(event)
            match event:
                case ReasoningDelta(added):
                    reasoning.append(added if had_reasoning else added.lstrip())
                case TextDelta(added):
                    text.append(added if had_text else added.lstrip("\r\n"))
                case Reclassified():
                    reasoning, text = text, reasoning
                    reclassified = not reclassified
                case BeganAgain():
                    text, began_again = [], True
                case ThinkingCanEnd():
                    self._can_end = event
                case _:
                    pass
        if reasoning or text or reclassified or began_again:
            self.advanced.emit(Advance("".join(reasoning), "".join(text), reclassified or began_again))
        if self.builder.phase is not before[0]:
            _log.debug("reply %s: %s", self.reply_id, self.builder.phase)
            self._stream.attention = self.attention
        if (self.builder.phase, self.builder.fraction) != before:
            self.phase_changed.emit()
        self.loops.accept_words("".join(reasoning), "".join(text), are_swapped=reclassified)
        if not self.builder.phase.is_running:
            self._end()
        elif goes_on:
            self._ask_for_answer()
        elif self._answer.is_over(self.builder):
            self._break_off(FinishReason.LENGTH)
        else:
            self._limit.look(self.builder)

    def _lacks_answer(self, event: StreamEvent) -> bool:
        """Return True if this event ends a reply without an answer that can still be requested in another way."""
        if not isinstance(event, Finished) or event.reason not in _BY_ITSELF or self.builder.has_text:
            return False
        early = self.builder.message.early
        was_continued = early is not None and early.way is AnswerWay.CONTINUED
        return self.builder.awaits_answer or (self._may_be_asked and was_continued)

    def _on_loop(self, noticed: LoopNoticed) -> None:
        if self.builder.phase is (ReplyPhase.THINKING if noticed.in_thinking else ReplyPhase.ANSWERING):
            self.loop_noticed.emit(noticed)

    def _end(self) -> None:
        self.is_running = False
        self.loops.end()
        _log.info("reply %s ended: %s", self.reply_id, self.builder.phase)
        self._future = None  # which, once cancelled, keeps what the stream had at hand
        self.ended.emit(self.builder.message)


async def _told(can_end: ThinkingCanEnd) -> bool:
    """Return True if the server agreed to end the thinking."""
    try:
        return await can_end.end()
    except BackendError:
        return False
    except Exception:
        _log.error("a server could not be told to end the thinking", exc_info=True)
        return False


class ReplyStream:
    """The loop thread's end of a running reply. It holds no widget and no reply, so that none ends on the wrong thread.

    A buffer of events from a backend to the GUI, and a log of their text to the store, in pieces, so that a crash costs
    half a second of it at most. `wake` is called on the loop thread, once until `take_arrived`. `attention` and
    `is_closed` are set on the GUI thread: words that come once it is closed are lost.
    """

    def __init__(
        self,
        wake: Callable[[], None],
        reply_id: str,
        store: SqliteStore,
        work: BackgroundTasks,
        attention: Attention,
    ) -> None:
        self.attention = attention
        self.is_closed = False
        self._wake = wake
        self._reply_id = reply_id
        self._store = store
        self._work = work
        self._arrived: deque[tuple[StreamEvent, float]] = deque()
        self._is_wake_pending = False
        self._pieces: list[tuple[str, str]] = []  # that wait to be logged
        self._due: asyncio.TimerHandle | None = None

    def take_arrived(self) -> list[tuple[StreamEvent, float]]:
        """Return the events since the last call, each with its time in seconds of the monotonic clock.

        Runs on the GUI thread.
        """
        self._is_wake_pending = False
        return [self._arrived.popleft() for _ in range(len(self._arrived))]

    async def run(self, backend: Backend, request: ChatRequest) -> None:
        """Read one reply to its end; whatever happens, the last event posted is `Finished` or `Failed`."""
        ended, room = False, REPLY_LETTERS
        read_for(lambda: self.attention)
        events = backend.stream(request)
        del request  # it holds the whole history; who still needs it has it
        try:
            async for event in events:
                if self.is_closed:
                    return
                if isinstance(event, TextDelta | ReasoningDelta):
                    room -= len(event.text)
                    event = event if room >= 0 else type(event)(event.text[:room])
                self._post(event)
                self._log(event)
                ended = isinstance(event, Finished | Failed)
                if room < 0:
                    if isinstance(events, AsyncGenerator):
                        await events.aclose()  # and with it the connection
                    self._post(Failed(ProtocolError(reason="too_long")))
                    ended = True
                    break
        except Exception as error:
            _log.exception("a backend broke its promise not to raise")
            self._post(Failed(error if isinstance(error, BackendError) else BackendError(type(error).__name__)))
            ended = True
        finally:
            self._stop_timer()  # the final save carries what was not yet logged
        if not ended and not self.is_closed:
            self._post(Failed(BackendError("the stream ended without a word")))

    def _post(self, event: StreamEvent) -> None:
        self._arrived.append((event, time.monotonic()))
        if not self._is_wake_pending:
            self._is_wake_pending = True
            self._wake()

    def _log(self, event: StreamEvent) -> None:
        match event:
            case ReasoningDelta(text):
                kind = "reasoning"
            case TextDelta(text):
                kind = "text"
            case Reclassified():
                kind, text = "reclassified", ""
            case BeganAgain():
                kind, text = "began_again", ""
            case AnsweredEarly(way):
                kind, text = "early", way
            case _:
                return
        if isinstance(event, TextDelta | ReasoningDelta) and self._pieces and self._pieces[-1][0] == kind:
            text = self._pieces.pop()[1] + text  # fewer rows for the same text
        self._pieces.append((kind, text))
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(_LOG_SECONDS, self._write_pieces)

    async def flush_log(self) -> None:
        """Log the rest now: there will be no final save for a while. Runs on the loop, where the pieces are."""
        self._stop_timer()
        self._write_pieces()

    def _stop_timer(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _write_pieces(self) -> None:
        self._due = None
        pieces, self._pieces = self._pieces, []
        self.write(pieces)

    def write(self, rows: list[tuple[str, str]]) -> None:
        """Log what has become of the reply, on the store's thread. What is refused comes with the final save."""
        self._work.run(self._store.log_reply, self._reply_id, rows).future.add_done_callback(_note_failure)


def _note_failure(future: Future[None]) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        _log.warning("a piece of a running reply could not be saved: %s", error)


def _call_if_alive(method: weakref.WeakMethod[Callable[[], None]]) -> None:
    if (found := method()) is not None:
        found()
