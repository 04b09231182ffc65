"""The loop thread's end of a running reply: reads the stream, hands events over, logs text for the store.

Holds no Qt object of the reply's, so that none can end with the last reference on the wrong thread.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any

from desktop.core.backend import Backend
from desktop.core.bounds import REPLY_LETTERS
from desktop.core.errors import BackendError, ProtocolError
from desktop.core.events import (
    AnsweredEarly,
    BeganAgain,
    Failed,
    Finished,
    ReasoningDelta,
    Reclassified,
    StreamEvent,
    TextDelta,
)
from desktop.core.repository import ConversationStore
from desktop.core.request import ChatRequest
from desktop.core.text.pace import Attention, read_for
from desktop.runtime.threads.background_tasks import BackgroundTasks

_log = logging.getLogger(__name__)

# A crash may cost half a second of words, the way to the disk with it. Each log entry is one commit with fsync, away
# from the GUI and the loop.
_LOG_SECONDS = 0.4


@dataclass(slots=True)
class ReplyAttention:
    """Attention for one reply: its window's, and less while little of its thinking is shown.

    Changed on the GUI thread, read on the loop thread as well.
    """

    window: Attention = Attention.IN_FRONT
    is_thinking: bool = False
    thinking: Attention = Attention.IN_FRONT  # the most that it gets while it thinks

    @property
    def now(self) -> Attention:
        """The attention that it gets now."""
        if self.is_thinking:
            return max(self.window, self.thinking, key=lambda each: each.value)
        return self.window


class StreamReader:
    """A buffer of events from a backend to the GUI; `wake` is called on the loop thread, once until `take_arrived`."""

    def __init__(self, wake: Callable[[], None], attention: ReplyAttention) -> None:
        self._wake = wake
        self._attention = attention
        self._arrived: deque[tuple[StreamEvent, float]] = deque()
        self._is_wake_pending = False
        self._is_closed = False

    def close(self) -> None:
        """Reject what still arrives; words that are neither posted nor logged are lost. Runs on the GUI thread."""
        self._is_closed = True

    def take_arrived(self) -> list[tuple[StreamEvent, float]]:
        """Return the events since the last call, each with its time in seconds of the monotonic clock.

        Neighbouring pieces of the same channel come as one, with the time of the first. Runs on the GUI thread.
        """
        self._is_wake_pending = False
        taken: list[tuple[StreamEvent, float]] = []
        run: list[TextDelta | ReasoningDelta] = []
        began = 0.0
        while self._arrived:
            event, at = self._arrived.popleft()
            if run and type(event) is not type(run[0]):
                taken.append((_as_one(run), began))
                run = []
            if isinstance(event, TextDelta | ReasoningDelta):
                began = began if run else at
                run.append(event)
            else:
                taken.append((event, at))
        if run:
            taken.append((_as_one(run), began))
        return taken

    async def run(self, backend: Backend, request: ChatRequest, log: ReplyLog) -> None:
        """Read one reply to its end; whatever happens, the last event posted is `Finished` or `Failed`."""
        ended, room = False, REPLY_LETTERS
        read_for(lambda: self._attention.now)
        events = backend.stream(request)
        del request  # it holds the whole history; who still needs it has it
        try:
            async for event in events:
                if self._is_closed:
                    return
                if isinstance(event, TextDelta | ReasoningDelta):
                    room -= len(event.text)
                    event = event if room >= 0 else type(event)(event.text[:room])
                self._post(event)
                log.log_event(event)
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
            log.close()
        if not ended and not self._is_closed:
            self._post(Failed(BackendError("the stream ended without a word")))

    def _post(self, event: StreamEvent) -> None:
        self._arrived.append((event, time.monotonic()))
        if not self._is_wake_pending:
            self._is_wake_pending = True
            self._wake()


def _as_one(run: list[TextDelta | ReasoningDelta]) -> TextDelta | ReasoningDelta:
    return type(run[0])("".join(piece.text for piece in run))


class ReplyLog:
    """A log of a reply's text to the store, in pieces, so that a crash costs half a second of it at most."""

    def __init__(self, message_id: str, store: ConversationStore, work: BackgroundTasks) -> None:
        self._message_id = message_id
        self._store = store
        self._work = work
        self._pieces: list[tuple[str, str]] = []
        self._due: Any = None

    def log_event(self, event: StreamEvent) -> None:
        """Log an event. Runs on the loop thread."""
        match event:
            case ReasoningDelta(text):
                self._pieces.append(("reasoning", text))
            case TextDelta(text):
                self._pieces.append(("text", text))
            case Reclassified():
                self._pieces.append(("reclassified", ""))
            case BeganAgain():
                self._pieces.append(("began_again", ""))
            case AnsweredEarly(way):
                self._pieces.append(("early", way))
            case _:
                return
        if self._due is None:
            import asyncio  # which has been loaded by now; the start of the program does without it

            self._due = asyncio.get_running_loop().call_later(_LOG_SECONDS, self._flush)

    def close(self) -> None:
        """Stop the timer; the final save carries what was not yet logged."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    async def flush(self) -> None:
        """Log the rest now: there will be no final save for a while."""
        self.close()
        self._flush()

    def _flush(self) -> None:
        self._due = None
        pieces, self._pieces = joined(self._pieces), []
        self._work.run_on_store(lambda: self._store.log_reply(self._message_id, pieces), None, _note)


def _note(error: Exception) -> None:
    """Log that a piece was not saved; the final save carries it, and reports if that fails too."""
    _log.warning("a piece of a running reply could not be saved: %s", error)


def joined(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pieces with neighbours of the same kind joined: fewer rows for the same text."""
    groups: list[tuple[str, list[str]]] = []
    for kind, text in pieces:
        if groups and groups[-1][0] == kind and kind in ("text", "reasoning"):
            groups[-1][1].append(text)
        else:
            groups.append((kind, [text]))
    return [(kind, "".join(texts)) for kind, texts in groups]
