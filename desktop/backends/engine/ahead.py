"""What the built-in engine does ahead of a question: it reads a file that the question is about, or loads its model.

It is a task that any question ends, takes up or has forgotten; which of these, the backend decides.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from desktop.core.events import Measured, Phase, Progress, ReasoningDelta, StreamEvent, TextDelta, UsageReported
from desktop.core.request import ChatRequest, outgoing_text


@dataclass(slots=True)
class Ahead:
    """A request whose text is read ahead, or was, the task that has it read, and how far that has come.

    `is_load_alone`: nothing is read, only its model loaded.
    """

    request: ChatRequest
    task: asyncio.Task[object]
    is_load_alone: bool = False
    is_loading: bool = False  # its model, or is about to find it loaded
    was_sent: bool = False
    is_read: bool = False  # at least in part: the engine holds its words, and none of another conversation
    is_over: bool = False  # once the model is loaded
    has_ended: bool = False

    def follow(self, event: StreamEvent) -> None:
        """Note what an event shows of the engine."""
        match event:
            case Measured() if not self.was_sent:
                self.is_loading, self.was_sent = False, not self.is_over
            case Progress(Phase.READING, fraction) if fraction is not None:
                self.is_read = True
            case TextDelta() | ReasoningDelta() | UsageReported():
                self.is_read = True
            case _:
                return

    async def load(self) -> None:
        """Wait until the model is loaded, and read nothing more; a question that is given up ends the load."""
        self.is_over = True
        if self.has_ended:
            return
        try:
            await asyncio.wait([self.task])
        except asyncio.CancelledError:
            self.task.cancel()
            raise

    async def end(self) -> None:
        """Stop reading, and wait until the engine has been told so."""
        if not self.has_ended:
            self.task.cancel()
            await asyncio.wait([self.task])


def begins_with(request: ChatRequest, ahead: ChatRequest) -> bool:
    """Return True if a question is about the files that were read ahead, and nothing else stands before them."""
    *before, asked = request.messages
    *read_before, read = ahead.messages
    is_same = (request.model, request.system, before) == (ahead.model, ahead.system, read_before)
    return is_same and outgoing_text(asked).startswith(outgoing_text(read))


def fits_in_window_of(request: ChatRequest, ahead: ChatRequest) -> bool:
    """Return True if the window that is being loaded is large enough for a question, too."""
    window = request.params.context_length
    return window is None or window <= (ahead.params.context_length or 0)
