"""Models as their servers describe them and as they were measured, the choice of one, and the seam to a server of them.

A `Backend` is implemented by one file a protocol in `backends/`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Annotated, Protocol, runtime_checkable

from desktop.core.converting import Within
from desktop.core.events import StreamEvent
from desktop.core.request import ChatRequest, Thinking, ThinkingMode
from desktop.core.text.tokens import Letters

Count = Annotated[int, Within(0, 1e13)]  # of anything that is measured here; beyond is no count
Amount = Annotated[float, Within(0, 1e13)]


@dataclass(frozen=True, slots=True)
class CacheShape:
    """Memory, in bytes, in which a model keeps what it has read.

    `per_token` grows with the window. Some layers look back `window` tokens only: `nearby` is what a token takes in
    them, and no more than so many are kept. `fixed` is taken whatever the window is.
    """

    per_token: int
    nearby: int = 0
    window: int = 0
    fixed: int = 0

    def bytes_for(self, tokens: int) -> int:
        """Return the bytes that a window of so many tokens takes."""
        return tokens * self.per_token + min(tokens, self.window) * self.nearby + self.fixed


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Facts known of a model; None or empty where its server did not say.

    `name` is what the server wants to hear, `label` what the user reads (`name` where empty). `capabilities` are
    Ollama's words: completion, thinking, vision, tools, embedding, … `parameters` and `active_parameters` count weights
    (8_000_000_000 for an "8B"); `size_on_disk` is in bytes. `thinking_modes` are the choices that the model
    understands; empty: unknown. `temperature` is what it is sampled at where a request does not say. `forwarded_to` is
    the host on the internet to which its server sends on what it is asked; empty where it answers itself. Where a model
    is, `models.place` says. `sees`: it can look at pictures, or can't; None where its server does not say. `weights` is
    the digest of what other names at its server may stand for as well; empty where that was not asked.

    Of contexts, in tokens, `context_length` is what the model was trained for, `served_context` the limit that its
    server has for it, `loaded_context` what it stands in that server's memory with; `context.window` says which counts.
    `cache` is the memory that a window takes, where its shape is known. `off_changes_prompt`: whether the model is to
    think stands not only at the end of a prompt.
    """

    name: str
    label: str = ""
    capabilities: frozenset[str] = frozenset()
    family: str = ""
    parameters: int | None = None
    active_parameters: int | None = None
    quantization: str = ""
    context_length: int | None = None
    served_context: int | None = None
    loaded_context: int | None = None
    cache: CacheShape | None = None
    size_on_disk: int | None = None
    thinking_modes: tuple[ThinkingMode, ...] = ()
    temperature: float | None = None
    forwarded_to: str = ""
    sees: bool | None = None
    weights: str = ""
    off_changes_prompt: bool = False

    @property
    def title(self) -> str:
        return self.label or self.name

    @property
    def can_chat(self) -> bool:
        """False only for models that say what they can do and cannot talk (embedding models)."""
        return not self.capabilities or "completion" in self.capabilities

    def in_force(self, thinking: Thinking) -> Thinking:
        """Return the chosen thinking where this model has that choice.

        Else the first that it has, as the control shows it.
        """
        modes = self.thinking_modes
        return replace(thinking, mode=modes[0]) if modes and thinking.mode not in modes else thinking


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Model at a connection: what a conversation talks to."""

    connection_id: str
    model: str


@dataclass(frozen=True, slots=True)
class SeeingModel:
    """Model that can look at pictures, with the words that the user knows it by."""

    choice: ModelChoice
    title: str


@dataclass(frozen=True, slots=True)
class Sight:
    """Sight of the chosen model: `sees` is None where that is not known; `others` can see, the nearest first."""

    title: str = ""
    sees: bool | None = None
    others: tuple[SeeingModel, ...] = ()

    @property
    def is_blind(self) -> bool:
        """True if the model is known not to take pictures."""
        return self.sees is False


@dataclass(frozen=True, slots=True)
class PromptCount:
    """Tokens that a server counted for a request, and what that was made of. Its words are not kept."""

    letters: Letters
    messages: int
    tokens: int


@dataclass(frozen=True, slots=True)
class MeasuredMemory:
    """Memory, in bytes, that a server was seen to take for a model with a window of `window` tokens."""

    window: Count
    taken: Count


ENOUGH_WRITTEN = 100  # tokens; a shorter reply tells little of a model's speed
REPLIES_KEPT = 5  # whose speed counts


@dataclass(frozen=True, slots=True)
class Measures:
    """Measures of one model at one connection, taken from its replies and kept; None where nothing was measured yet.

    `window`: the tokens that its server is asked to hold. `load_seconds`: the time that its last load took.
    `read_per_second`: tokens of a prompt, `written` those of the last replies that were long enough to tell, the newest
    last: what stands before a reply slows each token, too, so that one tells less than several. `memory`: the bytes
    that it took, and the window with which it did. `counts`: some of the requests that were counted; what follows from
    them is `context.counting`.
    """

    window: Count | None = None
    load_seconds: Amount | None = None
    read_per_second: Amount | None = None
    counts: tuple[PromptCount, ...] = ()
    written: tuple[Amount, ...] = ()
    memory: MeasuredMemory | None = None

    @property
    def written_per_second(self) -> float | None:
        """The tokens that the model writes in a second, as its last replies show it."""
        last = sorted(self.written[-REPLIES_KEPT:])
        middle = last[(len(last) - 1) // 2 : len(last) // 2 + 1]
        return sum(middle) / len(middle) if middle else None


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
