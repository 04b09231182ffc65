"""The models that can be used: the connections, a backend for each, and what each one offers.

Asks servers on the loop thread and keyrings on the slow one; emits `changed` when a server has answered.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeVar, cast

from PySide6.QtCore import QObject, Signal

from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.context import with_window
from desktop.core.errors import BackendError, ModelMissing, ProtocolError, failure_of
from desktop.core.events import Failed, Measured, ReasoningDelta, StreamEvent, TextDelta
from desktop.core.message import Failure, Message, MessageStatus, Role, Split
from desktop.core.model import Backend, Measures, ModelChoice, ModelInfo, ReadsAhead, SeeingModel, Sight
from desktop.core.models.choosing import best_to_begin_with
from desktop.core.models.place import place_of, with_own_names
from desktop.core.models.window import Window, WindowRange, window_in_reach, window_of, window_range
from desktop.core.outgoing import outgoing
from desktop.core.place import Place, PlaceKind
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ROOM_TO_THINK, ChatRequest, Errand, GenerationParams, Thinking, ThinkingMode
from desktop.runtime.background import NO_TASK, Awaited, BackgroundTasks, Task, gui_task
from desktop.runtime.models.measurements import Measurements, ObservedBackend

_log = logging.getLogger(__name__)

_MORE_THAN_ANY = 1 << 40  # tokens; more than any window holds
_NEAREST_FIRST = (PlaceKind.THIS_COMPUTER, PlaceKind.PRIVATE_NETWORK, PlaceKind.INTERNET)
_MOST_OTHERS = 3  # models that are named as seeing
_LONGEST_TOKEN = 16  # letters of a token, on average at most
LITTLE_THINKING: Final = 2_048  # tokens, of a model that cannot be kept from it

T = TypeVar("T")

BackendFactory = Callable[[Connection, Secrets], Backend]


@dataclass(slots=True)
class Listing:
    """The models of one connection: `models` is None until it has answered; `failure` if it could not."""

    connection: Connection
    models: list[ModelInfo] | None = None
    failure: Failure | None = None
    is_loading: bool = False
    asking: Task = NO_TASK

    def find(self, name: str) -> ModelInfo | None:
        """Return what is known of a model; None when the connection does not offer it (now)."""
        return next((model for model in self.models or () if model.name == name), None)

    def runs_itself(self, model: ModelInfo) -> bool:
        """Return True if the connection's own server runs a model, and does not forward it."""
        return place_of(self.connection, model) == self.connection.server_place

    @property
    def forwards_to(self) -> tuple[Place, ...]:
        """The places of the models that the connection's server does not run itself."""
        places = dict.fromkeys(place_of(self.connection, model) for model in self.models or ())
        return tuple(place for place in places if place != self.connection.server_place)

    def place_of(self, name: str) -> Place:
        """Return where words for a model go, listed or not."""
        return place_of(self.connection, self.find(name) or ModelInfo(name))

    @property
    def distance(self) -> float:
        """The rank of the connection's models by distance; model files are slower than any server nearby."""
        if self.connection.kind is ConnectionKind.BUILT_IN:
            return 1.5
        return _NEAREST_FIRST.index(self.connection.server_place.kind)


def sight_of(listings: Sequence[Listing], choice: ModelChoice | None) -> Sight:
    """Return the sight of a chosen model among what all connections offer."""
    here = next((each for each in listings if choice and each.connection.id == choice.connection_id), None)
    model = here.find(choice.model) if here is not None and choice is not None else None
    seeing = [
        (_NEAREST_FIRST.index(place_of(listing.connection, each).kind), listing is not here, listing, each)
        for listing in listings
        for each in listing.models or ()
        if each.sees and each.can_chat and each is not model
    ]
    seeing.sort(key=lambda each: each[:2])
    others = tuple(
        SeeingModel(ModelChoice(listing.connection.id, each.name), each.title)
        for _, _, listing, each in seeing[:_MOST_OTHERS]
    )
    return Sight(model.title, model.sees, others) if model is not None else Sight(others=others)


class ModelDirectory(QObject):
    """The models of all connections."""

    changed = Signal()
    dropped = Signal(str)  # the id of a connection: what was opened for it is out of date
    splits_changed = Signal()  # `splits` is to be remembered

    def __init__(
        self,
        work: BackgroundTasks,
        make_backend: BackendFactory,
        secrets_of: Callable[[Connection], Secrets],
        *,
        memory: Callable[[], int | None] = lambda: None,
        free_memory: Callable[[], int | None] = lambda: None,
    ) -> None:
        """Keep the dependencies.

        `secrets_of` may block (a keyring); it is called on the slow thread. `memory` returns this computer's, in bytes,
        `free_memory` how much of it nobody uses now.
        """
        super().__init__(work)
        self._work = work
        self._make_backend = make_backend
        self._secrets_of = secrets_of
        self._memory = memory
        self._free_memory = free_memory
        self.are_more_expected = False  # connections, by whoever looks for some
        self.measurements = Measurements(self)
        self.measurements.window_told.connect(self._on_window_told)
        self._listings: dict[str, Listing] = {}
        self._backends: dict[str, ObservedBackend] = {}
        self._described: set[ModelChoice] = set()  # whose servers were asked for all details
        self._told: dict[ModelChoice, dict[str, Any]] = {}  # what they told then and since, by fields of `ModelInfo`
        self.is_offline = False  # by the offline lock, under which nothing but this computer is reached
        self.splits: dict[ModelChoice, Split] = {}  # how replies are read, where the user had to say so

    @property
    def listings(self) -> list[Listing]:
        return list(self._listings.values())

    @property
    def is_loading(self) -> bool:
        """True while a connection is asked for its models, or more connections may be found."""
        return self.are_more_expected or self.is_asking

    @property
    def is_asking(self) -> bool:
        """True while a connection is asked for its models."""
        return any(listing.is_loading for listing in self._listings.values())

    def set_offline(self, is_offline: bool) -> None:
        """Take note of the offline lock; that nothing goes out under it is the backends' business."""
        self.is_offline = is_offline
        self.changed.emit()

    def set_connections(self, connections: list[Connection]) -> set[str]:
        """Replace the connections; those that are new or changed are asked for their models.

        Return their ids, so that nobody asks them a second time.
        """
        wanted = {connection.id: connection for connection in connections}
        for gone in [key for key, listing in self._listings.items() if wanted.get(key) != listing.connection]:
            self._listings.pop(gone).asking.cancel()
            self._drop_backend(gone)
        fresh = [Listing(each, is_loading=True) for each in connections if each.id not in self._listings]
        self._listings.update({listing.connection.id: listing for listing in fresh})
        self._listings = {connection.id: self._listings[connection.id] for connection in connections}
        self.changed.emit()
        for listing in fresh:
            self._ask(listing)
        return {listing.connection.id for listing in fresh}

    def refresh(self, connection_id: str | None = None) -> None:
        """Ask one connection again, dropping its pending request; or all that have none pending."""
        for listing in self.listings:
            if connection_id == listing.connection.id or (connection_id is None and not listing.is_loading):
                self._ask(listing)
        self.changed.emit()

    def forget_key(self, connection_id: str) -> None:
        """Open a connection anew whose key has changed."""
        self._drop_backend(connection_id)
        self.refresh(connection_id)

    def renew_backends(self) -> None:
        """Open all servers anew, since the way to them has changed; replies that run come to their end."""
        for listing in self.listings:
            if listing.connection.kind is not ConnectionKind.BUILT_IN:
                self._drop_backend(listing.connection.id)
                self._ask(listing)  # also where an answer is awaited: that of the backend before counts no more
        self.refresh()

    def backend(self, choice: ModelChoice | None) -> ObservedBackend | None:
        """Return the backend of a chosen model; None while its key is being fetched, or if it does not exist."""
        return self._backends.get(choice.connection_id) if choice is not None else None

    def reader_ahead(self, choice: ModelChoice | None) -> ReadsAhead | None:
        """Return what can read a text for a chosen model before its question is known; None where nothing can."""
        backend = self.backend(choice)
        return backend if backend is not None and backend.can_read_ahead else None

    @property
    def offers(self) -> list[tuple[ModelChoice, ModelInfo]]:
        """All models of all connections."""
        return [
            (ModelChoice(listing.connection.id, model.name), model)
            for listing in self._listings.values()
            for model in listing.models or ()
        ]

    def listing_of(self, choice: ModelChoice | None) -> Listing | None:
        return self._listings.get(choice.connection_id) if choice is not None else None

    def find(self, choice: ModelChoice | None) -> ModelInfo | None:
        """Return the details of a chosen model; None if its connection does not offer it (now)."""
        listing = self.listing_of(choice)
        return listing.find(choice.model) if listing is not None and choice is not None else None

    def place_of(self, choice: ModelChoice | None) -> Place | None:
        """Return where words for a chosen model go; None where none is chosen, or its connection is not there."""
        listing = self.listing_of(choice)
        return listing.place_of(choice.model) if listing is not None and choice is not None else None

    def measures_of(self, choice: ModelChoice) -> Measures:
        """Return what was measured of a model; its speed by all names that its server has for the same weights."""
        own, same = self.measurements.measures_of(choice), self.same_weights(choice)
        if len(same) <= 1:
            return own
        known = self.measurements.known.items()
        return replace(own, written=tuple(speed for each, its in known if each in same for speed in its.written))

    def same_weights(self, choice: ModelChoice) -> list[ModelChoice]:
        """Return all names that a model's server has for its weights, as far as it has told; its own among them."""
        listing, model = self.listing_of(choice), self.find(choice)
        if listing is None or model is None or not model.weights:
            return [choice]
        same = (each.name for each in listing.models or () if each.weights == model.weights)
        return [ModelChoice(choice.connection_id, name) for name in same]

    def window_of(self, choice: ModelChoice | None) -> Window:
        """Return how many tokens a chosen model holds now."""
        if choice is None:
            return Window()
        asked = self.measurements.measures_of(choice).window if self._takes_window(choice) else None
        return window_of(self.find(choice), asked)

    def reach_of(self, choice: ModelChoice | None) -> Window:
        """Return how many tokens a request to a chosen model may have before the user is asked what to do."""
        return window_in_reach(self.window_of(choice), self.window_range(choice), _MORE_THAN_ANY)

    def window_range(self, choice: ModelChoice | None) -> WindowRange | None:
        """Return the windows that the server of a chosen model can be asked for; None where it cannot be asked."""
        model = self.find(choice)
        if choice is None or model is None or not self._takes_window(choice):
            return None
        is_here = self._listings[choice.connection_id].connection.server_place.is_local
        free = self._free_memory() if is_here else None
        return window_range(model, self.measurements.measures_of(choice), free)

    def _takes_window(self, choice: ModelChoice) -> bool:
        """Return True if a model's server loads it with the window that it is asked for."""
        listing, model = self.listing_of(choice), self.find(choice)
        if listing is None or model is None or model.forwarded_to:
            return False
        return listing.connection.kind is not ConnectionKind.OPENAI_COMPAT

    def split_of(self, choice: ModelChoice) -> Split:
        """Return how the replies of a model are split into thinking and answer."""
        return self.splits.get(choice, Split.AUTO)

    def remember_split(self, choice: ModelChoice, split: Split) -> None:
        """Remember how to split the replies of a model from now on."""
        if split is self.split_of(choice):
            return
        self.splits.pop(choice, None)
        if split is not Split.AUTO:
            self.splits[choice] = split
        self.splits_changed.emit()

    def choice_at(self, connection_id: str) -> ModelChoice | None:
        """Return the model to begin with at one connection; None while it has not answered, or offers none itself."""
        listing = self._listings.get(connection_id)
        return self._best_of([listing]) if listing is not None else None

    def nearest_choice(self, *, allow_internet: bool = False) -> ModelChoice | None:
        """Return the model to begin with, as near as there is one; at a server on the internet only where allowed.

        Servers on this computer come first, then those of private networks, then model files, then the internet.
        Never one that its server forwards: that is for the user to choose.
        """
        distances: dict[float, list[Listing]] = {}
        for listing in self._listings.values():
            if allow_internet or listing.connection.server_place.kind is not PlaceKind.INTERNET:
                distances.setdefault(listing.distance, []).append(listing)
        found = (self._best_of(distances[distance]) for distance in sorted(distances))
        return next((choice for choice in found if choice is not None), None)

    def _best_of(self, listings: list[Listing]) -> ModelChoice | None:
        """Return the best to begin with of connections that are equally far away, of what their servers run."""
        run = [(each, model) for each in listings for model in each.models or () if each.runs_itself(model)]
        is_here = all(each.connection.server_place.is_local for each in listings)
        best = best_to_begin_with([model for _, model in run], self._memory() if is_here else None)
        return next((ModelChoice(each.connection.id, model.name) for each, model in run if model is best), None)

    @gui_task
    async def describe(self, choice: ModelChoice | None) -> None:
        """Ask the server for all details of a listed model, once; emit `changed` if it told more than its list.

        Not of a forwarded one: its server would ask the internet, to which nobody may have agreed.
        """
        backend, listed = self.backend(choice), self.find(choice)
        if choice is None or backend is None or choice in self._described or listed is None or listed.forwarded_to:
            return
        self._described.add(choice)
        try:
            described = await self._work.on_loop(backend.describe(choice.model))
        except Exception as error:  # what the list said of the model stands, and nobody waits for more
            if not isinstance(error, BackendError):  # such as a connection that was changed, and closed, meanwhile
                _log.warning("a model could not be described", exc_info=error)
            return
        if self.backend(choice) is backend:
            told = {field.name: getattr(described, field.name) for field in fields(described) if field.name != "name"}
            self._note(choice, {name: each for name, each in told.items() if each or each is False})

    async def ask_aside(
        self,
        choice: ModelChoice,
        question: Message,
        most_tokens: int,
        conversation: str,
        run: str = "",
        errand: Errand = Errand.QUESTION,
    ) -> str:
        """Put a question to a model that is stored nowhere, to be answered without thinking; raises `BackendError`.

        A model that cannot be kept from thinking is to think little. What a server sends beyond the limit is left out.
        `conversation` and `run`, the ids of those that it is asked for, and `errand` are for the ledger.
        """
        if (backend := self.backend(choice)) is None:
            raise ModelMissing
        request = ChatRequest(
            model=choice.model,
            messages=outgoing((question,)),
            params=GenerationParams(temperature=0.0, max_tokens=most_tokens),
            thinking=_little_thinking(self.find(choice)),
            place=self.place_of(choice),
            conversation=conversation,
            run=run,
            errand=errand,
        )
        request = with_window(request, self.window_range(choice), self.measurements.weights_of(choice))
        reply, _ = await self._work.on_loop(heard_out(backend, request))
        if not (text := reply.text.strip()):
            raise ProtocolError("the server sent no answer", reason="thought" if reply.reasoning else "empty")
        return text

    def try_backend(
        self, connection: Connection, secrets: Secrets, ask: Callable[[Backend], Coroutine[Any, Any, T]]
    ) -> Awaited[T]:
        """Ask an unsaved connection something, and close it."""

        async def run() -> T:
            backend = self._make_backend(connection, secrets)
            try:
                return await ask(backend)
            finally:
                await backend.aclose()

        return self._work.on_loop(run())

    async def secrets_of(self, connection: Connection) -> Secrets:
        """Return what the keyring has for a connection: nothing if it cannot be asked."""
        if not connection.has_secrets:
            return Secrets()
        try:
            return await self._work.slowly(lambda: self._secrets_of(connection))
        except Exception:
            _log.warning("the keyring could not be asked", exc_info=True)
            return Secrets()

    async def aclose(self) -> None:
        """Close all backends; those that were dropped close with what runs. Runs on the loop thread, at the end."""
        closing = (backend.aclose() for backend in self._backends.values())
        for outcome in await asyncio.gather(*closing, return_exceptions=True):
            if isinstance(outcome, Exception):
                _log.warning("a connection could not be closed", exc_info=outcome)

    def _ask(self, listing: Listing) -> None:
        """Ask a connection for its models; what was asked before counts no more."""
        listing.asking.cancel()
        listing.is_loading = True
        listing.asking = self._list(listing)

    @gui_task
    async def _list(self, listing: Listing) -> None:
        connection = listing.connection
        try:
            if connection.id not in self._backends:
                self._backends[connection.id] = self._open(connection, await self.secrets_of(connection))
            models = await self._work.on_loop(self._backends[connection.id].list_models())
        except Exception as error:
            listing.failure = failure_of(error)
            _log.info("%s: %s %s", connection.address, listing.failure.kind, listing.failure.reason)
        else:
            listing.failure = None
            listing.models = self._completed(connection.id, with_own_names(models))
            _log.info("%s: %d models", connection.address, len(models))
        listing.is_loading = False
        self.changed.emit()

    def _open(self, connection: Connection, secrets: Secrets) -> ObservedBackend:
        tell = self.measurements.tell
        return ObservedBackend(
            self._make_backend(connection, secrets),
            lambda model, observation: tell(ModelChoice(connection.id, model), observation),
        )

    def _on_window_told(self, choice: ModelChoice, window: int) -> None:
        self._note(choice, {"loaded_context": window})

    def _note(self, choice: ModelChoice, told: dict[str, Any]) -> None:
        """Complete what is known of a model by what its server told."""
        self._told[choice] = {**self._told.get(choice, {}), **told}
        listing = self.listing_of(choice)
        if listing is not None and listing.models is not None:
            before, listing.models = listing.models, self._completed(listing.connection.id, listing.models)
            if listing.models != before:
                self.changed.emit()

    def _completed(self, connection_id: str, models: list[ModelInfo]) -> list[ModelInfo]:
        """Return models as listed, each with what its server told of this one alone; nothing of a forwarded one."""
        told = [self._told.get(ModelChoice(connection_id, each.name), {}) for each in models]
        return [each if each.forwarded_to else replace(each, **said) for each, said in zip(models, told, strict=True)]

    def _drop_backend(self, connection_id: str) -> None:
        """Retire the backend once its replies have ended, and forget what it told."""
        self.dropped.emit(connection_id)
        self._described = {each for each in self._described if each.connection_id != connection_id}
        self._told = {choice: told for choice, told in self._told.items() if choice.connection_id != connection_id}
        backend = self._backends.pop(connection_id, None)
        if backend is not None:
            self._work.loop.submit(backend.retire())


async def heard_out(backend: Backend, request: ChatRequest) -> tuple[Message, Measured]:
    """Return what a model answers, and what was measured of it, on the loop thread. Raises `BackendError`.

    A server that does not keep the limit of a request is heard as far as the longest answer within it.
    """
    reply = ReplyBuilder(Message(role=Role.ASSISTANT, status=MessageStatus.STREAMING, model=request.model))
    measured = Measured()
    text = _LONGEST_TOKEN * (request.params.max_tokens or ROOM_TO_THINK)
    reasoning = _LONGEST_TOKEN * ROOM_TO_THINK
    async with aclosing(cast(AsyncGenerator[StreamEvent, None], backend.stream(request))) as events:
        async for event in events:
            match event:
                case Failed(error):
                    raise error
                case Measured(load_seconds=loads, read_seconds=reads):
                    loads, reads = loads or measured.load_seconds, reads or measured.read_seconds
                    measured = Measured(load_seconds=loads, read_seconds=reads)
                case TextDelta(words):
                    text -= len(words)
                case ReasoningDelta(words):
                    reasoning -= len(words)
            reply.apply(event)
            if text < 0 or reasoning < 0:
                break
    return reply.message, measured


def _little_thinking(model: ModelInfo | None) -> Thinking:
    modes = model.thinking_modes if model is not None else ()
    if not modes or ThinkingMode.OFF in modes:
        return Thinking(ThinkingMode.OFF)
    return Thinking(ThinkingMode.LOW if ThinkingMode.LOW in modes else ThinkingMode.AUTO, LITTLE_THINKING)
