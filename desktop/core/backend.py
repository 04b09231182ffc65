"""The seam between the program and a server of models; implemented by one file a protocol in `backends/`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable

from desktop.core.events import StreamEvent
from desktop.core.model import ModelInfo
from desktop.core.request import ChatRequest


class Backend(Protocol):
    """Server that answers. All methods run on the loop thread; cancelling the task closes the connection."""

    async def list_models(self) -> list[ModelInfo]:
        """Return the models on offer, each with where it is forwarded to. Raises `BackendError`."""
        ...

    async def describe(self, model: str) -> ModelInfo:
        """Return all that the server tells of one model. Raises `BackendError`."""
        ...

    def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        """Yield the events of one reply. Never raises `BackendError`: a failure is the last event, `Failed`."""
        ...

    async def aclose(self) -> None:
        """Close connections; safe to call twice."""
        ...


@runtime_checkable
class ReadsAhead(Protocol):
    """A backend that can have the beginning of a prompt read before the question is known. Runs on the loop thread."""

    async def read_ahead(self, request: ChatRequest) -> None:
        """Have the text of a request read, and answer nothing; any question comes first, and ends it.

        Cancelling ends it, too. Never raises `BackendError`.
        """
        ...

    async def load_ahead(self, request: ChatRequest) -> None:
        """Have what a request needs loaded, with what is kept of its conversation, and nothing read; at once if it is.

        A question takes the load up. Never raises `BackendError`.
        """
        ...

    async def forget_ahead(self) -> None:
        """Forget what was read ahead, unless a question has taken it up."""
        ...
