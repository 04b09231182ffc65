"""What is done with a model that is there, as asked for at its row: using, measuring, unloading, deleting it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.errors import BackendError
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.keeping import REGISTRY, registry_of
from desktop.runtime.background import gui_task
from desktop.runtime.models.advice import ModelAdvice
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.runtime.models.downloads import Keepers
from desktop.ui.errors import describe
from desktop.ui.widgets.boxes import QuestionBox
from desktop.ui.words import fill, size

if TYPE_CHECKING:
    from desktop.ui.models.rows import ModelDeed

_log = logging.getLogger(__name__)


class InstalledDeeds(QObject):
    """The deeds on installed models; boxes stand over `page`, and `say` shows a sentence on it."""

    def __init__(
        self,
        page: QWidget,
        keepers: Keepers,
        advice: ModelAdvice,
        use: Callable[[ModelChoice], None],
        measure: Callable[[ModelChoice], None],
        say: Callable[[str], None],
    ) -> None:
        super().__init__(page)
        self._page = page
        self._keepers = keepers
        self._advice = advice
        self._use = use
        self._measure = measure
        self._say = say

    def act(self, deed: ModelDeed, choice: ModelChoice, model: ModelInfo) -> None:
        """Do what is asked for at the row of a model."""
        match deed.value:
            case "use":
                self._use(choice)
            case "measure":
                self._measure(choice)
            case "unload":
                self._change(self._keepers.unload(choice))
            case "delete":
                self._ask_to_delete(choice, model)

    def _ask_to_delete(self, choice: ModelChoice, model: ModelInfo) -> None:
        said = [self._freed_by(choice, model), self._got_again(choice), self.tr("Your conversations stay.")]
        asked = fill(self.tr("Delete %1 from this server?"), model.title)
        box = QuestionBox(self._page, asked, " ".join(filter(None, said)))
        box.offer(self.tr("Delete"), lambda: self._change(self._keepers.delete(choice)), destroys=True)
        box.ask(self.tr("Keep"))

    def _freed_by(self, choice: ModelChoice, model: ModelInfo) -> str:
        """Return how much room becomes free: hardly any where another name stands for the same weights."""
        if (other := self._advice.other_name_of(choice)) is not None:
            return fill(self.tr("Hardly any room becomes free: %1 has the same weights."), other)
        return fill(self.tr("That frees %1."), size(model.size_on_disk)) if model.size_on_disk else ""

    def _got_again(self, choice: ModelChoice) -> str:
        """Return if the model can be got once more. Ollama does not tell where one is from, but names do."""
        if choice.connection_id == BUILT_IN_ID:
            return self.tr("The file that it is a copy of is not touched.")
        if self._advice.is_listed(choice.model) or registry_of(choice.model) != REGISTRY:
            return self.tr("It can be got again.")
        return self.tr("If it was made or imported there, it cannot be got again.")

    @gui_task
    async def _change(self, change: Coroutine[Any, Any, None]) -> None:
        try:
            await change
        except BackendError as error:
            _log.warning("a model could not be changed at its server", exc_info=error)
            self._say(describe(error.as_failure()).sentence)
