"""The second half of testing a connection: one of its models is asked for a word. Nothing of the user's is sent."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing

from desktop.core.backend import Backend
from desktop.core.connection import Connection
from desktop.core.connections.check import CheckedModel
from desktop.core.errors import BackendError
from desktop.core.events import Failed, Finished, ReasoningDelta, TextDelta
from desktop.core.message import user_message
from desktop.core.model import ModelInfo
from desktop.core.models.place import place_of
from desktop.core.request import ChatRequest, GenerationParams

_SECONDS = 20.0  # for the first word; a large model that is not loaded takes longer, which is no fault
_QUESTION = "Answer with one word: yes."
_MOST_TOKENS = 16


def model_to_ask(connection: Connection, models: Sequence[ModelInfo]) -> ModelInfo | None:
    """Return the model to ask: the smallest that the server runs itself; None where it forwards all, or has none."""
    own = [each for each in models if each.can_chat and place_of(connection, each) == connection.server_place]
    return min(own, key=lambda each: each.size_on_disk or 0, default=None)


async def check_model(backend: Backend, model: ModelInfo, *, seconds: float = _SECONDS) -> CheckedModel:
    """Return what the server tells of a model, and if a word of it comes. Runs on the loop thread."""
    import asyncio  # which has been loaded by now; the start of the program does without it

    try:
        known = await backend.describe(model.name)
    except BackendError:
        known = model
    # With the window that it is loaded with, if it is: another one would have it loaded anew.
    params = GenerationParams(max_tokens=_MOST_TOKENS, context_length=known.loaded_context)
    request = ChatRequest(model.name, (user_message(_QUESTION),), params=params, is_test=True)
    try:
        async with asyncio.timeout(seconds), aclosing(backend.stream(request)) as events:  # type: ignore[type-var]
            async for event in events:
                match event:
                    case ReasoningDelta():
                        return CheckedModel(model=known, showed_thinking=True)
                    case TextDelta() | Finished():
                        break
                    case Failed(error):
                        return CheckedModel(model=known, failure=error.as_failure())
    except TimeoutError:
        return CheckedModel(model=known, is_slow=True)
    except BackendError as error:
        return CheckedModel(model=known, failure=error.as_failure())
    return CheckedModel(model=known)
