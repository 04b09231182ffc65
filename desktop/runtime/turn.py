"""One reply while it runs: from the first save, through the stream, to the last save.

The loop thread appends events and logs text for the store; the GUI thread applies them to the `ReplyBuilder`, at
most about thirty times a second. Knows nothing of widgets and nothing of protocols.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.core.backend import Backend
from desktop.core.conversation import Conversation
from desktop.core.errors import BackendError
from desktop.core.events import (
    Failed,
    Finished,
    FinishReason,
    ReasoningDelta,
    Reclassified,
    StreamEvent,
    TextDelta,
)
from desktop.core.message import Message
from desktop.core.reply import ReplyBuilder
from desktop.core.repository import ConversationStore, StoreError
from desktop.core.request import ChatRequest
from desktop.runtime.work import Work

_log = logging.getLogger(__name__)

_FLUSH_SECONDS = 1 / 30
# What a crash may cost at most; each log entry is one commit with fsync, away from the GUI and the loop.
_LOG_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Advance:
    """What one flush brought: text added to either side, and whether the sides were swapped before it."""

    reasoning: str = ""
    text: str = ""
    reclassified: bool = False


class Turn(QObject):
    """A running reply. `start` it once; it ends with `finished`, after which it does nothing more."""

    advanced = Signal(object)  # Advance; not emitted for phases alone
    phase_changed = Signal()
    finished = Signal(object)  # the final Message
    save_failed = Signal(object)  # StoreError
    _woken = Signal()

    def __init__(
        self,
        work: Work,
        store: ConversationStore,
        backend: Backend,
        request: ChatRequest,
        conversation: Conversation,
        new_messages: list[Message],
        parent: QObject | None = None,
    ) -> None:
        """`new_messages` are saved before the request goes out; the last of them is the reply itself."""
        super().__init__(parent)
        self.conversation = conversation
        self.new_messages = new_messages
        self.builder = ReplyBuilder(new_messages[-1])
        self.reply_id = new_messages[-1].id
        self.was_sent = False
        self._work = work
        self._store = store
        self._backend = backend
        self._request = request
        self._arrived: deque[tuple[StreamEvent, float]] = deque()
        self._wake_pending = False
        self._future: Future[Any] | None = None
        self._ended = False
        self._flush_timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._flush_timer.timeout.connect(self._flush)
        self._last_flush = 0.0
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        return not self._ended

    def start(self) -> None:
        """Save the person's message and the empty reply, then send the request."""
        self._work.run_on_store(
            lambda: self._store.begin_turn(self.conversation, self.new_messages), self._on_saved, self._on_save_failed
        )

    def stop(self) -> None:
        """End it now; what has arrived is kept. The server sees the connection close."""
        if self._ended:
            return
        if self._future is not None:
            self._future.cancel()
        self._arrived.append((Finished(FinishReason.CANCELLED), time.monotonic()))
        self._flush()

    def _on_saved(self, _: object) -> None:
        self.was_sent = True
        if not self._ended:
            self._future = self._work.loop.submit(self._stream())

    def _on_save_failed(self, error: Exception) -> None:
        if self._ended:
            return
        if not isinstance(error, StoreError):
            _log.error("saving a turn failed", exc_info=error)
            error = StoreError("other", str(error))
        self._ended = True
        self.save_failed.emit(error)

    async def _stream(self) -> None:
        """On the loop thread."""
        import asyncio

        log = _ReplyLog(self.reply_id, self._store, self._work, asyncio.get_running_loop().call_later)
        ended = False
        try:
            async for event in self._backend.stream(self._request):
                self._post(event)
                log.add(event)
                ended = isinstance(event, Finished | Failed)
        except Exception as error:
            _log.exception("a backend broke its promise not to raise")
            failed = error if isinstance(error, BackendError) else BackendError(type(error).__name__)
            self._post(Failed(failed))
            ended = True
        finally:
            log.close()
        if not ended:
            self._post(Failed(BackendError("the stream ended without a word")))

    def _post(self, event: StreamEvent) -> None:
        self._arrived.append((event, time.monotonic()))
        if not self._wake_pending:
            self._wake_pending = True
            self._woken.emit()

    def _on_woken(self) -> None:
        wait = self._last_flush + _FLUSH_SECONDS - time.monotonic()
        if wait <= 0:
            self._flush()
        elif not self._flush_timer.isActive():
            self._flush_timer.start(int(wait * 1000) + 1)

    def _flush(self) -> None:
        """On the GUI thread: apply what has arrived and say once what it was."""
        if self._ended:
            return
        self._last_flush = time.monotonic()
        self._wake_pending = False
        phase_before = self.builder.phase, self.builder.fraction
        reasoning: list[str] = []
        text: list[str] = []
        reclassified = False
        while self._arrived:
            event, at = self._arrived.popleft()
            had_reasoning, had_text = self.builder.has_reasoning, self.builder.has_text
            self.builder.apply(event, at)
            match event:
                case ReasoningDelta(added):
                    reasoning.append(added if had_reasoning else added.lstrip())
                case TextDelta(added):
                    text.append(added if had_text else added.lstrip("\r\n"))
                case Reclassified():
                    reasoning, text = text, reasoning
                    reclassified = not reclassified
                case _:
                    pass
        if reasoning or text or reclassified:
            self.advanced.emit(Advance("".join(reasoning), "".join(text), reclassified))
        if (self.builder.phase, self.builder.fraction) != phase_before:
            self.phase_changed.emit()
        if not self.builder.phase.is_running:
            self._end()

    def _end(self) -> None:
        self._ended = True
        message = self.builder.message
        self._work.run_on_store(
            lambda: self._store.finish_reply(message), None, lambda error: self._on_final_save_failed(error)
        )
        self.finished.emit(message)

    def _on_final_save_failed(self, error: Exception) -> None:
        known = error if isinstance(error, StoreError) else StoreError("other", str(error))
        self.save_failed.emit(known)


class _ReplyLog:
    """Hands text to the store in pieces, on the loop thread, so that a crash costs half a second at most."""

    def __init__(self, message_id: str, store: ConversationStore, work: Work, call_later: Callable[..., Any]) -> None:
        self._message_id = message_id
        self._store = store
        self._work = work
        self._call_later = call_later
        self._pieces: list[tuple[str, str]] = []
        self._due: Any = None

    def add(self, event: StreamEvent) -> None:
        match event:
            case ReasoningDelta(text):
                self._pieces.append(("reasoning", text))
            case TextDelta(text):
                self._pieces.append(("text", text))
            case Reclassified():
                self._pieces.append(("reclassified", ""))
            case _:
                return
        if self._due is None:
            self._due = self._call_later(_LOG_SECONDS, self._flush)

    def close(self) -> None:
        """Stop the clock; the final save carries what was not yet logged."""
        if self._due is not None:
            self._due.cancel()

    def _flush(self) -> None:
        self._due = None
        pieces = _joined(self._pieces)
        self._pieces = []
        self._work.run_on_store(lambda: self._store.log_reply(self._message_id, pieces))


def _joined(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Neighbours of the same kind as one piece: fewer rows for the same text."""
    joined: list[tuple[str, list[str]]] = []
    for kind, text in pieces:
        if joined and joined[-1][0] == kind and kind != "reclassified":
            joined[-1][1].append(text)
        else:
            joined.append((kind, [text]))
    return [(kind, "".join(texts)) for kind, texts in joined]
