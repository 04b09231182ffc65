"""A model file that the user opens: looked at, told of where it is none, and imported where Ollama is to keep it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from desktop.core.errors import BackendError
from desktop.core.message import Failure
from desktop.core.model import ModelChoice
from desktop.core.models.file import FileFault, GivenModel, first_piece
from desktop.rendering.text.invisible import show_invisible
from desktop.runtime.background import BackgroundTasks, gui_task
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.runtime.models.directory import Listing
from desktop.runtime.models.downloads import Downloads
from desktop.ui.errors import ErrorText, describe
from desktop.ui.look.theme import Theme
from desktop.ui.models.dialogs import ImportPlaces, ImportWay, ModelFileDialog
from desktop.ui.widgets.boxes import OneBox
from desktop.ui.widgets.labels import set_tooltip
from desktop.ui.widgets.outside import users_documents
from desktop.ui.words import fill, shown_name, translate


def unusable_model_box(path: str, error: ErrorText, parent: QWidget | None = None) -> QMessageBox:
    """Return a box that says why a file does not become the model."""
    template = translate("unknown_file", "“%1” was not opened")
    return _box(template, f"{error.title}\n{error.sentence}", path, parent)


def looking_box(path: str, parent: QWidget | None = None) -> QMessageBox:
    """Return a box that says that checking a file takes long; its only button ends that."""
    sentence = translate("unknown_file", "The drive that it is on takes its time to answer.")
    box = _box(translate("unknown_file", "Looking at “%1”…"), sentence, path, parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setStandardButtons(QMessageBox.StandardButton.NoButton)
    box.addButton(translate("unknown_file", "Stop looking"), QMessageBox.ButtonRole.RejectRole)
    return box


def _box(template: str, sentence: str, path: str, parent: QWidget | None) -> QMessageBox:
    box = QMessageBox(QMessageBox.Icon.Warning, "Candor", "", QMessageBox.StandardButton.Ok, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(fill(template, shown_name(Path(path).name)))
    set_tooltip(box, show_invisible(path))
    box.setInformativeText(sentence)
    return box


# Systems start the program once for each of the files that were picked together, which takes longer on a busy computer.
_TOGETHER_SECONDS = 5.0
_log = logging.getLogger(__name__)


class ModelOpening(QObject):
    """An opener of model files, whose boxes stand over `window`.

    `check` raises `BackendError` for a file that cannot be used.
    """

    opened = Signal(str)  # the path of a file that can be talked to, to be the model
    found = Signal(str)  # the path of one that can be talked to, too, while a newer one is the model

    def __init__(self, work: BackgroundTasks, check: Callable[[Path], None], window: QWidget) -> None:
        super().__init__(window)
        self._work = work
        self.check = check
        self._window = window
        self._box = OneBox(window)
        self._box.given_up.connect(self._give_up)
        self._newest = 0  # the look that was begun last,
        self._opened = 0  # the one that led to the model,
        self._given_up = 0  # and the last of those whose answers are not wanted any more
        self._together: set[Path] = set()
        self._given_at = -_TOGETHER_SECONDS

    @gui_task
    async def open(self, path: str) -> None:
        """Check a file, which may lie on a drive that takes its time."""
        if self._is_opened_by_another(Path(path)):
            return
        look = self._newest = self._box.start_search(lambda: looking_box(path, self._window))
        fault = None
        try:
            await self._work.aside(lambda: self.check(Path(path)))
        except Exception as error:
            fault = error
        if look <= self._given_up:
            return
        is_newest = self._box.is_awaited(look)
        if is_newest:
            self._box.take_back()
        if fault is not None:
            self._refuse(path, fault, in_words=is_newest)
        elif look > self._opened:
            self._opened = look
            self.opened.emit(path)
        else:
            self.found.emit(path)

    def _is_opened_by_another(self, file: Path) -> bool:
        """Return True if this is a further piece of a model whose first one was picked together with it."""
        now = time.monotonic()
        if now - self._given_at > _TOGETHER_SECONDS:
            self._together.clear()
        self._given_at = now
        self._together.add(file)
        first = first_piece(file)
        return first != file and first in self._together

    def _refuse(self, path: str, error: Exception, *, in_words: bool) -> None:
        if isinstance(error, BackendError):
            _log.warning("a model file cannot be used: %s", error.__cause__ or error.reason)
            failure = error.as_failure()
        else:
            _log.error("looking at a model file failed", exc_info=error)
            failure = Failure("engine_failed", reason=FileFault.UNREADABLE)
        if in_words:
            self._box.say(unusable_model_box(path, describe(failure), self._window))

    def _give_up(self) -> None:
        self._given_up = self._newest


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
