"""The dialogs on the built-in engine and on a model file that is imported, and what is done with a file that is opened.

It is looked at, told of where it is none, and imported where Ollama is to keep it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from desktop.core.engine import EngineContext, EngineNeeds, EnginePace, EngineWishes
from desktop.core.errors import BackendError
from desktop.core.message import Failure
from desktop.core.model import ModelChoice
from desktop.core.models.file import FileFault, GivenModel, first_piece
from desktop.core.models.keeping import name_for_import, room_needed
from desktop.rendering.text.letters import show_invisible
from desktop.runtime.background import BackgroundTasks, gui_task
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.runtime.models.directory import Listing
from desktop.runtime.models.downloads import Downloads
from desktop.ui.errors import ErrorText, describe
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.models.words import joined
from desktop.ui.widgets.boxes import Dialog, OneBox, QuestionBox, users_documents
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form import Field, Form, choice, switch
from desktop.ui.widgets.labels import NameLabel, PlainLabel, set_tooltip
from desktop.ui.words import fill, number, say, say_each, shown_name, size, translate, words_in


class _FormDialog(Dialog):
    """A dialog that asks with a form."""

    def _ask(self, theme: Theme, fields: list[Field], words: str, wide_px: int) -> None:
        """Add the form, and the buttons at its foot; `words` stand on the one that ends it."""
        self.form = Form(theme, fields)
        self.accept_button = button(words, "filled", self.accept, fill="accent")
        self.form.entered.connect(self.accept_button.click)
        self.column.addWidget(self.form)
        self.note = PlainLabel("", "small", wraps=True)
        self.column.addWidget(self.note)
        self.column.addStretch(1)
        foot = (button(self.tr("Cancel"), do=self.reject), self.accept_button)
        self.add_foot((), foot, default=self.accept_button)
        self.setMinimumWidth(theme.px(wide_px))
        self.form.focus(fields[0].key)


class EngineDialog(_FormDialog):
    """A dialog of choices; `wishes` says what is to hold from now on."""

    def __init__(
        self, theme: Theme, now: EngineWishes, model: str, needs: EngineNeeds | None, parent: QWidget | None = None
    ) -> None:
        """Lay out the choices. `needs` are those of `model`; None where there is none to tell of."""
        super().__init__(parent)
        self._model = model
        self._needs = needs
        self.setWindowTitle(self.tr("Built-in engine"))
        contexts = [(say_each("models.context", each), each) for each in EngineContext]
        paces = [(say_each("models.pace", each), each) for each in EnginePace]
        ahead = self.tr("Read a file while I write the question")
        about_ahead = self.tr(
            "The answer to the first question about a long file then begins at once, and the model is loaded as soon as"
            " you begin to write. Not on battery, and what was read is forgotten when the file is taken away."
        )
        fields = [
            Field("context", self.tr("Reads at once"), choice, now.context, contexts),
            Field("pace", self.tr("Works"), choice, now.pace, paces),
            Field("reads_ahead", ahead, switch, now.reads_ahead, note=about_ahead),
        ]
        self._ask(theme, fields, self.tr("Save"), 520)
        self.takes, self._threads = (self.form.fields[key].note for key in ("context", "pace"))
        if needs is not None and needs.for_others:
            said = self.tr(
                "The next question about a long text is answered at once, also after another conversation: what was"
                " read stays in memory until the engine ends, up to %1 of it."
            )
            kept = PlainLabel(fill(said, size(needs.for_others)), "small", wraps=True)
            self.form.fields["pace"].put_below(kept)
        when = self.tr("Holds from the next question on, for which the model is loaded again. A longer text gets more.")
        self.note.setText(when)
        self.form.changed.connect(lambda _: self._show_needs())
        self._show_needs()

    @property
    def wishes(self) -> EngineWishes:
        """What is chosen."""
        chosen = self.form.values()
        return EngineWishes(EngineContext(chosen["context"]), EnginePace(chosen["pace"]), chosen["reads_ahead"])

    def _show_needs(self) -> None:
        needs, wishes = self._needs, self.wishes
        if needs is None:
            return
        tokens, taken = needs.contexts[wishes.context]
        words = number(round(words_in(tokens) / 100) * 100)
        is_too_much = taken is not None and taken > needs.free
        if taken is None:
            said = fill(self.tr("%1: about %2 words. What that takes is not known of this model."), self._model, words)
        else:
            fits = self.tr("%1: about %2 words, for which it takes %3; %4 are free now.")
            tight = self.tr(
                "%1: about %2 words, for which it takes %3. Only %4 are free now: close other programs first."
            )
            said = fill(tight if is_too_much else fits, self._model, words, size(taken), size(needs.free))
        self.takes.tell(said)
        set_look(self.takes, "small warning" if is_too_much else "small")
        threads = number(needs.threads[wishes.pace])
        self._threads.tell(fill(self.tr("Takes %1 of %2 cores."), threads, number(needs.cores)))
        # Room for all lines of what is said: a dialog does not ask how high its words are at its width.
        self.column.activate()
        self.setMinimumHeight(self.column.totalHeightForWidth(max(self.width(), self.minimumWidth())))


class ImportWay(StrEnum):
    """Way of importing a model file."""

    WHERE_IT_LIES = "where_it_lies"
    COPIED = "copied"
    OLLAMA = "ollama"


@dataclass(frozen=True, slots=True)
class ImportPlaces:
    """Places that a model file can be given to.

    `free` are the bytes that are left for a copy and for Ollama, None where that is not known; `taken` are names that
    Ollama has already.
    """

    has_engine: bool
    has_ollama: bool
    free: Mapping[ImportWay, int | None]
    taken: Collection[str] = ()


class ModelFileDialog(_FormDialog):
    """A dialog of the ways to take a model file in."""

    def __init__(self, theme: Theme, given: GivenModel, places: ImportPlaces, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given = given
        self._places = places
        self.setWindowTitle(self.tr("Import a model file"))
        files = say("models.files", len(given.pieces)) if len(given.pieces) > 1 else ""
        self.column.addWidget(NameLabel(given.label, "heading"))
        self.column.addWidget(PlainLabel(joined([size(given.size), files]), "small"))
        ways: list[tuple[str, ImportWay]] = []
        if places.has_engine:
            ways.append((self.tr("the built-in engine, from where it lies"), ImportWay.WHERE_IT_LIES))
            ways.append((self.tr("the built-in engine, copied to this computer"), ImportWay.COPIED))
        if places.has_ollama:
            ways.append((self.tr("Ollama"), ImportWay.OLLAMA))
        projector = given.projector.name if given.projector is not None else ""
        fields = [
            Field("way", self.tr("Run it with"), choice, ways[0][1] if ways else "", ways),
            Field("name", self.tr("Name at Ollama"), value=self._free_name()),
            Field("sees", self.tr("It is to look at pictures, too"), switch, bool(projector)),
        ]
        self._ask(theme, fields, self.tr("Import"), 460)
        self.form.fields["sees"].put_below(NameLabel(projector, "small"))
        self.form.changed.connect(lambda _: self._show_way())
        self._show_way()

    @property
    def chosen(self) -> ImportWay:
        """The way that is chosen."""
        return ImportWay(self.form.value("way"))

    @property
    def name(self) -> str:
        """The name at Ollama."""
        return str(self.form.value("name")).strip()

    @property
    def given(self) -> GivenModel:
        """The model as it is to be taken in: without the part that sees, unless Ollama gets that as well."""
        is_whole = self.chosen is ImportWay.OLLAMA and self.form.value("sees")
        return self._given if is_whole else replace(self._given, projector=None)

    def _show_way(self) -> None:
        way = self.chosen
        at_ollama = way is ImportWay.OLLAMA
        self.form.fields["name"].setVisible(at_ollama)
        self.form.fields["sees"].setVisible(at_ollama and self._given.projector is not None)
        refusal = self._refusal(way)
        self.note.setText(refusal or self._explanation(way))
        set_look(self.note, "small warning" if refusal else "small")
        self.accept_button.setEnabled(not refusal)

    def _refusal(self, way: ImportWay) -> str:
        """Return why this way is none here; empty where it is one."""
        needed, free = room_needed(self._given.size), self._places.free.get(way)
        if way is ImportWay.OLLAMA and len(self._given.pieces) > 1:
            return self.tr("Ollama takes a model as one file only, and this one is spread over several.")
        if free is not None and needed > free:
            return fill(self.tr("Too little room: a copy takes %1, and %2 are free."), size(needed), size(free))
        return self.tr("Give it a name.") if way is ImportWay.OLLAMA and not self.name else ""

    def _explanation(self, way: ImportWay) -> str:
        free, taken = self._places.free.get(way), size(self._given.size)
        name = self.name if ":" in self.name else f"{self.name}:latest"
        match way:
            case ImportWay.WHERE_IT_LIES:
                return self.tr("Nothing is copied. The file has to stay there, and its drive connected.")
            case ImportWay.COPIED if free is not None:
                return fill(self.tr("The copy takes %1; %2 are free."), taken, size(free))
            case ImportWay.COPIED:
                return fill(self.tr("The copy takes %1."), taken)
            case ImportWay.OLLAMA if name in self._places.taken:
                return self.tr("Ollama has a model of this name, which this one replaces.")
            case ImportWay.OLLAMA:
                return fill(self.tr("Ollama gets a copy, which takes %1."), taken)

    def _free_name(self) -> str:
        wanted = name = name_for_import(self._given.file)
        number = 2
        while f"{name}:latest" in self._places.taken:
            name = f"{wanted}-{number}"
            number += 1
        return name


def unusable_model_box(path: str, error: ErrorText, parent: QWidget | None = None) -> QMessageBox:
    """Return a box that says why a file does not become the model."""
    title = fill(translate("unknown_file", "“%1” was not opened"), shown_name(Path(path).name))
    box = QuestionBox(parent, title, f"{error.title}\n{error.sentence}", warns=True)
    box.setStandardButtons(QMessageBox.StandardButton.Ok)
    set_tooltip(box, show_invisible(path))
    return box


# Systems start the program once for each of the files that were picked together, which takes longer on a busy computer.
_TOGETHER_SECONDS = 5.0
_log = logging.getLogger(__name__)


class ModelOpening(QObject):
    """An opener of model files, whose boxes stand over `window`.

    `check` raises `BackendError` for a file that cannot be used.
    """

    opened = Signal(str, object)  # the path of a file that can be talked to, to be the model, and what `check` returned
    found = Signal(str)  # the path of one that can be talked to, too, while a newer one is the model

    def __init__(self, work: BackgroundTasks, check: Callable[[Path], object], window: QWidget) -> None:
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
        title = fill(translate("unknown_file", "Looking at “%1”…"), shown_name(Path(path).name))
        slow = translate("unknown_file", "The drive that it is on takes its time to answer.")
        stop = translate("unknown_file", "Stop looking")
        look = self._newest = self._box.start_search(title, slow, stop, show_invisible(path))
        seen, fault = None, None
        try:
            seen = await self._work.aside(lambda: self.check(Path(path)))
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
            self.opened.emit(path, seen)
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
        self._places = places
        self._ollama = ollama
        self._copy_of = copy_of
        self._open_file = open_file
        self._refuses = refuses
        self._looking = ModelOpening(work, look_at, window)
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

    def _ask(self, path: str, given: GivenModel) -> None:
        ollama = self._ollama()
        places = self._places(ollama)
        if not places.has_engine and not places.has_ollama:
            self._open_file(path)  # which says what is lacking
            return
        dialog = ModelFileDialog(self._theme, given, places, self._window)
        dialog.accepted.connect(lambda: self._act(dialog, str(given.file), ollama))
        dialog.open()

    def _act(self, dialog: ModelFileDialog, path: str, ollama: Listing | None) -> None:
        match dialog.chosen:
            case ImportWay.WHERE_IT_LIES:
                self._open_file(path)
            case ImportWay.COPIED:
                copy = ModelChoice(BUILT_IN_ID, str(self._copy_of(Path(path))))
                self._downloads.start_import(copy, dialog.given)
            case ImportWay.OLLAMA if ollama is not None:
                self._downloads.start_import(ModelChoice(ollama.connection.id, dialog.name), dialog.given)
