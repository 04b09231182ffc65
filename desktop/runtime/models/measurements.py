"""The measurements of all models: what their servers told while they answered. Kept from one start to the next.

Told on the loop thread, learnt on the GUI thread. What follows from them is `core.context`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, Signal

from desktop.core.context.counting import USUAL, Weights, weights_from, with_count
from desktop.core.events import Measured
from desktop.core.model import REPLIES_KEPT, MeasuredMemory, Measures, ModelChoice, PromptCount

_log = logging.getLogger(__name__)
_NONE = Measures()


@dataclass(frozen=True, slots=True)
class Observation:
    """One observation of a model: what its server told, or counted, or both."""

    measured: Measured | None = None
    count: PromptCount | None = None


class Measurements(QObject):
    """Measures by model."""

    changed = Signal()  # `known` is to be remembered
    window_told = Signal(object, int)  # ModelChoice, the tokens that its server has it loaded with
    _observed = Signal(object, object)  # ModelChoice, Observation

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.known: dict[ModelChoice, Measures] = {}
        self._weights: dict[ModelChoice, Weights] = {}
        self._observed.connect(self._on_observed, Qt.ConnectionType.QueuedConnection)

    def measures_of(self, choice: ModelChoice) -> Measures:
        """Return what was measured of a model so far."""
        return self.known.get(choice, _NONE)

    def weights_of(self, choice: ModelChoice | None) -> Weights:
        """Return how many tokens a model makes of what; of one that was never measured, what is usual."""
        if choice is None or choice not in self.known:
            return USUAL
        if choice not in self._weights:
            self._weights[choice] = weights_from(self.known[choice].counts)
        return self._weights[choice]

    def tell(self, choice: ModelChoice, observation: Observation) -> None:
        """Have an observation noted. May be called from any thread."""
        self._observed.emit(choice, observation)

    def remember_window(self, choice: ModelChoice, window: int) -> None:
        """Remember the window that the user wants a model to be asked for."""
        self._keep(choice, replace(self.measures_of(choice), window=window))

    def _on_observed(self, choice: ModelChoice, observation: Observation) -> None:
        before = after = self.measures_of(choice)
        told = observation.measured
        if told is not None:
            if told.window is not None:
                self.window_told.emit(choice, told.window)
            if told.has_loaded:
                _log.info(
                    "%s was loaded in %s s, and read for %s s", choice.model, told.load_seconds, told.read_seconds
                )
            after = replace(
                after,
                window=(told.window or told.asked) if told.asked is not None else after.window,
                load_seconds=told.load_seconds if told.has_loaded else after.load_seconds,
                read_per_second=told.read_per_second or after.read_per_second,
                written=(*after.written, *filter(None, [told.written_per_second]))[-REPLIES_KEPT:],
                memory=MeasuredMemory(told.window, told.memory) if told.window and told.memory else after.memory,
            )
        if observation.count is not None:
            after = replace(after, counts=with_count(after.counts, observation.count))
        if after != before:
            self._keep(choice, after)

    def _keep(self, choice: ModelChoice, measures: Measures) -> None:
        self.known.pop(choice, None)  # the latest stands last
        self.known[choice] = measures
        self._weights.pop(choice, None)
        self.changed.emit()
