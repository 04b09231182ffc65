"""Files that the user gives to the program: model files from the window, and what the system hands over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.backend_factory import check_model_file
from desktop.core.policy.fixed import Policy
from desktop.parts.beginning import ModelToBeginWith
from desktop.parts.models import ModelParts
from desktop.runtime.models.connections import Connections
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.ui.opening.application import HandedOver
from desktop.ui.opening.model_opening import ModelOpening
from desktop.ui.policy.fixed_note import switched_off_words
from desktop.ui.window.main_window import MainWindow

if TYPE_CHECKING:
    from desktop.ui.opening.handed_over import Opening


class FilesToOpen(QObject):
    """The way of a file that was given to whoever can use it; that of what is handed over from `open_waiting` on."""

    def __init__(
        self,
        window: MainWindow,
        work: BackgroundTasks,
        connections: Connections,
        beginning: ModelToBeginWith,
        model_parts: ModelParts,
        policy: Callable[[], Policy],
        parent: QObject,
    ) -> None:
        """Keep the dependencies, and open the model files that the user picks in the window."""
        super().__init__(parent)
        self._window = window
        self._connections = connections
        self._beginning = beginning
        self._model_parts = model_parts
        self._policy = policy
        self.model_opening: ModelOpening = ModelOpening(work, check_model_file, window)
        self.model_opening.opened.connect(self._on_opened)
        self.model_opening.found.connect(connections.open_file)
        window.file_chosen.connect(self._look_at)
        self.opening: Opening | None = None
        self._was_recipe_in_front = False  # when the model file that is looked at was given

    def open_waiting(self, handed_over: HandedOver, folder: Path) -> None:
        """Open what was handed over, and from now on what is."""
        from desktop.ui.opening.handed_over import Opening

        self.opening = Opening(self._window, handed_over, folder, self)
        self.opening.model_given.connect(self._look_at)
        self.opening.open_waiting()

    def end(self) -> None:
        """Listen no more to other starts of the program."""
        if self.opening is not None:
            self.opening.end()

    def use_model(self, path: str) -> None:
        """Have a model file answer from now on."""
        self._beginning.choose(self._connections.open_file(path))
        # Looking at it may take its time: a recipe that was opened meanwhile stays where it is.
        if self._was_recipe_in_front or not self._window.is_recipe_in_front:
            self._window.show_chat()

    def _look_at(self, path: str) -> None:
        if not self._policy().model_files:
            self._window.notice.show_text(switched_off_words(self._policy()), calmly=True)
            return
        self._was_recipe_in_front = self._window.is_recipe_in_front
        self.model_opening.open(path)

    def _on_opened(self, path: str) -> None:
        self.use_model(path)
        self._model_parts.offer_import(path)
