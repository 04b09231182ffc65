"""The opening of what the system, or a second start of the program, hands over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from desktop.core.recipes.link import GivenFile, LinkFault, LocalPath, RecipeLink, given_file, read_given
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.opening.application import HandedOver
from desktop.ui.opening.second_start import FirstInstance

if TYPE_CHECKING:
    from desktop.ui.window.main_window import MainWindow


class Opening(QObject):
    """An opener for files and links.

    `folder` is that of the program's data: second starts with the same one are heard.
    """

    model_given = Signal(str)  # the path of a model file

    def __init__(self, window: MainWindow, handed_over: HandedOver, folder: Path, parent: QObject | None) -> None:
        super().__init__(parent)
        self._window = window
        self._handed_over = handed_over
        self.first_instance = FirstInstance(folder, self)
        self.first_instance.called.connect(self._on_second_start)
        self.first_instance.called_at_length.connect(self._on_too_much)

    def open_waiting(self) -> None:
        """Open what has been waiting for the window, and from now on what comes."""
        self._handed_over.hand_on_to(self._on_second_start)

    def end(self) -> None:
        """Stop listening; what the system hands over waits for the next window."""
        self.first_instance.close()
        self._handed_over.pause()

    def _on_second_start(self, given: str) -> None:
        self._come_in_front()
        if given:
            self._open(given)

    def _on_too_much(self) -> None:
        self._come_in_front()
        self._window.links.refuse(LinkFault.TOO_LONG)

    def _open(self, given: str) -> None:
        match read_given(given):
            case LocalPath(path):
                self._open_file(path)
            case RecipeLink(name):
                self._window.links.follow(name)
            case LinkFault() as fault:
                self._window.links.refuse(fault)

    def _open_file(self, path: str) -> None:
        match given_file(path):
            case GivenFile.MODEL:
                self.model_given.emit(path)
            case GivenFile.RECIPE:
                self._window.look_at_recipe(Path(path))
            case GivenFile.OTHER:
                self._window.give_to_model(GivenFiles((Path(path),)))

    def _come_in_front(self) -> None:
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
