"""The import of a model file: it is looked at, then the user says what becomes of it, then that is done.

A file that is only opened, by a double click or a drop on the conversation, is `model_opening`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.core.model import ModelChoice
from desktop.core.models.file import GivenModel
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.runtime.models.directory import Listing
from desktop.runtime.models.downloads import Downloads
from desktop.ui.inputs.picked_folder import users_documents
from desktop.ui.look.theme import Theme
from desktop.ui.models.file_dialog import ImportPlaces, ImportWay, ModelFileDialog
from desktop.ui.opening.model_opening import ModelOpening


class ModelImport(QObject):
    """The import, from the file that is picked to the download that it becomes."""

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        work: BackgroundTasks,
        downloads: Downloads,
        look_at: Callable[[Path], GivenModel],
        places: Callable[[Listing | None], ImportPlaces],
        ollama: Callable[[], Listing | None],
        copy_of: Callable[[Path], Path],
        open_file: Callable[[str], None],
        refuses: Callable[[], bool],
    ) -> None:
        """Keep the dependencies.

        `look_at` raises `BackendError` for a file that cannot be used; `copy_of` returns where its copy goes;
        `open_file` has the built-in engine run it from where it lies; `refuses` says so where no file may be opened.
        """
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._downloads = downloads
        self._look_at = look_at
        self._places = places
        self._ollama = ollama
        self._copy_of = copy_of
        self._open_file = open_file
        self._refuses = refuses
        self._found: dict[str, GivenModel] = {}
        self._looking = ModelOpening(work, self._note, window)
        self._looking.opened.connect(self._ask)

    def pick(self) -> None:
        """Let the user pick a model file, and ask what becomes of it."""
        if self._refuses():
            return
        names = self.tr("Model files (*.gguf);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Import a model file"), str(users_documents()), names
        )
        if path:
            self.start_looking([Path(path)])

    def start_looking(self, files: Sequence[Path]) -> None:
        """Look at model files that were given, and ask what becomes of the newest good one."""
        for each in files if not self._refuses() else ():
            self._looking.open(str(each))

    def _note(self, file: Path) -> None:
        self._found[str(file)] = self._look_at(file)

    def _ask(self, path: str) -> None:
        given, ollama = self._found.pop(path), self._ollama()
        places = self._places(ollama)
        if not places.has_engine and not places.has_ollama:
            self._open_file(path)  # which says what is lacking
            return
        dialog = ModelFileDialog(self._theme, given, places, self._window)
        dialog.wished.connect(lambda way, name, seeing: self._act(given, ollama, way, name, with_seeing=seeing))
        dialog.open()

    def _act(self, given: GivenModel, ollama: Listing | None, way: ImportWay, name: str, *, with_seeing: bool) -> None:
        match way:
            case ImportWay.WHERE_IT_LIES:
                self._open_file(str(given.file))
            case ImportWay.COPIED:
                copy = ModelChoice(BUILT_IN_ID, str(self._copy_of(given.file)))
                self._downloads.start_import(copy, replace(given, projector=None))
            case ImportWay.OLLAMA if ollama is not None:
                wanted = given if with_seeing else replace(given, projector=None)
                self._downloads.start_import(ModelChoice(ollama.connection.id, name), wanted)
