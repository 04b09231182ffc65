"""The advice on models: what this computer is, what the catalogue says, each model's verdict, and the timing of one.

Looks at the computer and reads the catalogue on a thread of its own; the rules are those of `core.models`. Words are
the window's business.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace

from PySide6.QtCore import Signal

from desktop.core.connection import ConnectionKind
from desktop.core.context import with_window
from desktop.core.errors import failure_of
from desktop.core.events import Failed, Measured, ReasoningDelta, TextDelta
from desktop.core.message import user_message
from desktop.core.model import ENOUGH_WRITTEN, Backend, ModelChoice, ModelInfo
from desktop.core.models.choosing import Candidate, Catalogue, FoundCatalogue, Proposal, propose
from desktop.core.models.facts import ModelFacts, facts_of
from desktop.core.models.fit import USUAL_WINDOW, Computer, Judgement, bandwidth_shown, judge, page_tokens_in
from desktop.core.models.window import WindowSource
from desktop.core.place import Place, PlaceKind
from desktop.core.request import ChatRequest, Errand, GenerationParams, Thinking, ThinkingMode
from desktop.runtime.background import NO_TASK, gui_task
from desktop.runtime.services import Services, WithServices

_log = logging.getLogger(__name__)

# Bytes: what a smaller model shows of the memory's speed is mostly what comes on top of reading it.
_TELLING = 1_000_000_000
# From the first piece on, which are nearly always tokens, a trial ends with as many as tell something, or with these
# seconds, which tell as much of a slow model.
_TRIAL_SECONDS = 60.0
_TRIAL_QUESTION = (
    "Write a short report, in plain sentences, about a day in an office: who came, what was decided, and what is left"
    " to do until Friday. Do not ask anything back. Begin at once. Number of this report: "
)


class ModelAdvice(WithServices):
    """The verdicts and proposals for this computer. Until it has been looked at, nothing is known of it."""

    changed = Signal()  # the computer or the catalogue is known, or known anew

    def __init__(
        self,
        services: Services,
        look_at_computer: Callable[[], Computer],
        load_catalogue: Callable[[], FoundCatalogue],
    ) -> None:
        """Keep the dependencies, of which the last two may take seconds; they are called on a thread of their own."""
        super().__init__(services)
        self.look_at_computer = look_at_computer
        self._load_catalogue = load_catalogue
        self._looked_at = Computer()
        self._computer: Computer | None = None  # with what answers have shown; None once that has changed
        self._found: FoundCatalogue | None = None
        self.is_looking = False
        self.is_known = False
        self._models.changed.connect(self._forget_computer)
        self._models.measurements.changed.connect(self._forget_computer)

    @property
    def computer(self) -> Computer:
        """This computer, with what answers of its models have shown of its memory."""
        if self._computer is None:
            on_cards, in_memory = self._bandwidths()
            self._computer = replace(self._looked_at, measured_bandwidth=in_memory, measured_on_cards=on_cards)
        return self._computer

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue; empty until it has been read."""
        return self._found.catalogue if self._found is not None else Catalogue()

    @gui_task
    async def look(self) -> None:
        """Look at this computer, whose memory is as free as it is now, and read the catalogue the first time."""
        if self.is_looking:
            return
        self.is_looking = True
        try:
            self._looked_at = await self._work.aside(self.look_at_computer)
            if self._found is None:
                self._found = await self._work.aside(self._load_catalogue)
                for problem in self._found.problems:
                    _log.warning("the catalogue of models %s is not used: %s", problem.file, problem.where)
            self.is_known = True
        except Exception:
            _log.exception("this computer could not be looked at")
        self.is_looking = False
        self._forget_computer()
        self.changed.emit()

    def row_of(self, choice: ModelChoice) -> ModelFacts | None:
        """Return what the catalogue says of a model; None where it says nothing, or the model runs elsewhere."""
        model = self._models.find(choice)
        return self._row_of(model) if model is not None else None

    def is_listed(self, name: str) -> bool:
        """Return True if the catalogue has a model of exactly this name, which is that of its registry."""
        return any(row.name == name for row in self.catalogue.rows)

    def other_name_of(self, choice: ModelChoice) -> str | None:
        """Return another name that a model's server has for the same weights; None where it tells of none."""
        return next((each.model for each in self._models.same_weights(choice) if each != choice), None)

    def facts_of(self, choice: ModelChoice) -> ModelFacts | None:
        """Return what is known of a model; None for one that is not there."""
        model = self._models.find(choice)
        return self.facts_of_model(model) if model is not None else None

    def facts_of_model(self, model: ModelInfo) -> ModelFacts:
        """Return what is known of a model as its server describes it."""
        return facts_of(model, self._row_of(model))

    def candidate_of(self, choice: ModelChoice, language: str) -> Candidate | None:
        """Return a model as one that could answer; None for one that is not there."""
        facts, place = self.facts_of(choice), self._models.place_of(choice)
        if facts is None or place is None:
            return None
        return Candidate(choice, facts, place, self.judgement_of(choice, language))

    def candidates_near(self, place: Place, language: str) -> list[Candidate]:
        """Return the models that could answer on this computer, and at the place itself, as far as it is reached."""
        found = (self.candidate_of(choice, language) for choice, model in self._models.offers if model.can_chat)
        can_reach = not self._models.is_offline
        return [
            each for each in found if each is not None and (each.place.is_local or (each.place == place and can_reach))
        ]

    def judgement_of(self, choice: ModelChoice, language: str = "en") -> Judgement | None:
        """Return the verdict on a model; None for one that runs on the internet, and for one that is not there.

        `language` is that of the page whose time it tells ("zh_CN").
        """
        model, place = self._models.find(choice), self._models.place_of(choice)
        if model is None or place is None or place.kind is PlaceKind.INTERNET:
            return None
        window = self._window_of(choice, model)
        measures, page = self._models.measures_of(choice), page_tokens_in(language)
        facts = self.facts_of_model(model)
        return judge(facts, self._computer_of(choice, place), window, measures, page_tokens=page)

    def judgement_of_row(self, row: ModelFacts, language: str = "en") -> Judgement:
        """Return the verdict on a model of the catalogue, if it ran on this computer."""
        window = min(row.context or USUAL_WINDOW, USUAL_WINDOW)
        return judge(row, self.computer, window, page_tokens=page_tokens_in(language))

    def proposals(self, language: str) -> tuple[Proposal, ...]:
        """Return what is proposed for this computer; nothing before it has been looked at."""
        return propose(self.catalogue.rows, self.computer, language) if self.is_known else ()

    def _row_of(self, model: ModelInfo) -> ModelFacts | None:
        if model.forwarded_to:
            return None
        return self.catalogue.find_row(model.name) or self.catalogue.find_row(model.title)

    def _window_of(self, choice: ModelChoice, model: ModelInfo) -> int:
        """Return the window that a verdict is for: as the model stands in memory or is asked for, else the usual."""
        window = self._models.window_of(choice)
        if window.tokens is not None and window.source in (WindowSource.LOADED, WindowSource.ASKED):
            return window.tokens
        return min(model.context_length or USUAL_WINDOW, USUAL_WINDOW)

    def _computer_of(self, choice: ModelChoice, place: Place) -> Computer | None:
        """Return the computer that a model runs on; None where that is another one, of which nothing is known."""
        if not place.is_local or not self.is_known:
            return None
        computer = self.computer
        # The engine makes use of Apple's graphics alone.
        return computer.without_cards() if self._is_engine(choice) and not computer.is_shared else computer

    def _bandwidths(self) -> tuple[float | None, float | None]:
        """Return the bytes a second of graphics and of main memory that answers have shown, each of the largest model.

        Caches and luck make a small one look quicker than the memory is.
        """
        on_cards: list[tuple[int, float]] = []
        in_memory: list[tuple[int, float]] = []
        for choice in self._models.measurements.known:
            model, place = self._models.find(choice), self._models.place_of(choice)
            speed = self._models.measures_of(choice).written_per_second
            if model is None or place is None or not place.is_local or speed is None:
                continue
            facts = self.facts_of_model(model)
            if (facts.size or 0) < _TELLING:
                continue
            shown, need = bandwidth_shown(facts, speed), facts.need(self._window_of(choice, model))
            cards = 0 if self._is_engine(choice) else self._looked_at.room_on_cards
            if shown is not None and cards and need is not None and need <= cards:
                on_cards.append((facts.read or 0, shown))
            elif shown is not None and not cards:
                in_memory.append((facts.read or 0, shown))
        return max(on_cards, default=(0, None))[1], max(in_memory, default=(0, None))[1]

    def _is_engine(self, choice: ModelChoice) -> bool:
        listing = self._models.listing_of(choice)
        return listing is not None and listing.connection.kind is ConnectionKind.BUILT_IN

    def _forget_computer(self) -> None:
        self._computer = None


class ModelTrial(WithServices):
    """The timing of one model at a time: it is asked for some words. Takes some seconds and the load.

    What is found is noted as if an answer of the user's had shown it. Nothing of the user's is sent, and only to a
    model on this computer or nearby.
    """

    ended = Signal(object, object)  # ModelChoice, Failure or None

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._task = NO_TASK
        self.running: ModelChoice | None = None  # the model that is being timed

    def start_trial(self, choice: ModelChoice) -> bool:
        """Time a model; return False where that is not possible, or another trial runs."""
        model, place = self._models.find(choice), self._models.place_of(choice)
        backend = self._models.backend(choice)
        if self.running is not None or model is None or place is None or backend is None:
            return False
        if place.kind is PlaceKind.INTERNET:
            return False
        self.running = choice
        # The number stands for a text that no server has in its memory still.
        request = ChatRequest(
            model.name,
            (user_message(f"{_TRIAL_QUESTION}{uuid.uuid4().hex[:8]}."),),
            params=GenerationParams(max_tokens=ENOUGH_WRITTEN, temperature=0.0),
            thinking=model.in_force(Thinking(ThinkingMode.OFF)),
            errand=Errand.TEST,
        )
        request = with_window(request, self._models.window_range(choice), self._models.measurements.weights_of(choice))
        self._task = self._time(choice, backend, request)
        return True

    def cancel(self) -> None:
        """End the trial that runs, without a result."""
        self._task.cancel()
        self.running = None

    @gui_task
    async def _time(self, choice: ModelChoice, backend: Backend, request: ChatRequest) -> None:
        failure = None
        try:
            speed = await self._work.on_loop(_timed(backend, request))
        except Exception as error:
            failure = failure_of(error)
        else:
            if speed is not None:
                self._models.measurements.tell(choice, Measured(written_per_second=speed))
        self.running = None
        self.ended.emit(choice, failure)


async def _timed(backend: Backend, request: ChatRequest) -> float | None:
    """Return the tokens that a model writes in a second; None if it wrote too few. Raises `BackendError`."""
    clock = asyncio.get_running_loop().time
    pieces, first, last = 0, 0.0, 0.0
    async with aclosing(backend.stream(request)) as events:  # type: ignore[type-var]
        async for event in events:
            match event:
                case Failed(error):
                    raise error
                case Measured(written_per_second=float(speed)):
                    return speed
                case TextDelta() | ReasoningDelta():
                    pieces, last = pieces + 1, clock()
                    first = first or last
                    if pieces >= ENOUGH_WRITTEN * 2 or last - first >= _TRIAL_SECONDS:
                        break
    is_enough = pieces >= ENOUGH_WRITTEN or last - first >= _TRIAL_SECONDS
    return (pieces - 1) / (last - first) if is_enough and last > first else None
