"""A question that is put to a model aside: it belongs to no conversation, is not stored, and is answered whole."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.backend import Backend
from desktop.core.context.counting import Weights
from desktop.core.context.filling import with_window
from desktop.core.context.window import WindowRange
from desktop.core.errors import ProtocolError
from desktop.core.events import Failed
from desktop.core.message import Message, MessageStatus, Role
from desktop.core.model import ModelChoice
from desktop.core.outgoing.messages import outgoing
from desktop.core.place import Place
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest, GenerationParams, Thinking, ThinkingMode
from desktop.runtime.models.directory import ModelDirectory

UNTHINKING = Thinking(ThinkingMode.OFF)


@dataclass(frozen=True, slots=True)
class Asked:
    """The model that is asked, and with which window."""

    backend: Backend
    model: str
    place: Place | None
    windows: WindowRange | None
    weights: Weights


def asked_of(models: ModelDirectory, choice: ModelChoice) -> Asked | None:
    """Return whom a choice means; None if the model is not there."""
    backend = models.backend(choice.connection_id)
    if backend is None:
        return None
    weights = models.measurements.weights_of(choice)
    return Asked(backend, choice.model, models.place_of(choice), models.window_range(choice), weights)


async def answer_aside(question: Message, asked: Asked, most_tokens: int, conversation: str = "") -> str:
    """Return what the model answers, without thinking first. Raises `BackendError`.

    `conversation`: the id of the one that it is asked for, as far as that is recorded.
    """
    request = ChatRequest(
        model=asked.model,
        messages=outgoing((question,)),
        params=GenerationParams(temperature=0.0, max_tokens=most_tokens),
        thinking=UNTHINKING,
        place=asked.place,
        conversation=conversation,
    )
    reply = ReplyBuilder(Message(role=Role.ASSISTANT, status=MessageStatus.STREAMING, model=asked.model))
    async for event in asked.backend.stream(with_window(request, asked.windows, asked.weights)):
        if isinstance(event, Failed):
            raise event.error
        reply.apply(event)
    text = reply.message.text.strip()
    if not text and not reply.message.reasoning:
        raise ProtocolError("the server sent an empty answer")
    return text
