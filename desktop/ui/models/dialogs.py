"""The dialogs on the built-in engine and on a model file that is imported. They ask, and decide nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QPushButton, QWidget

from desktop.core.engine import EngineContext, EngineNeeds, EnginePace, EngineWishes
from desktop.core.models.file import GivenModel
from desktop.core.models.keeping import name_for_import, room_needed
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.form_parts import ChoiceBox, line_field
from desktop.ui.widgets.labels import NameLabel, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, number, say, size, words_in

_WIDTH = 520


class EngineDialog(Dialog):
    """A dialog of choices; `wished` says what is to hold from now on."""

    wished = Signal(object)  # EngineWishes

    def __init__(
        self, theme: Theme, now: EngineWishes, model: str, needs: EngineNeeds | None, parent: QWidget | None = None
    ) -> None:
        """Lay out the choices. `needs` are those of `model`; None where there is none to tell of."""
        super().__init__(parent)
        self._model = model
        self._needs = needs
        self.setWindowTitle(self.tr("Built-in engine"))
        self.context = ChoiceBox(theme)
        for context, words in (
            (EngineContext.OWN, self.tr("as much as usual, more where it costs little")),
            (EngineContext.PAGE, self.tr("a page, to save memory")),
            (EngineContext.DOCUMENT, self.tr("a long document")),
            (EngineContext.MOST, self.tr("as much as fits")),
        ):
            self.context.addItem(words, context)
        self.context.setCurrentIndex(self.context.findData(now.context))
        self.pace = ChoiceBox(theme)
        for pace, words in (
            (EnginePace.QUICK, self.tr("as quick as possible")),
            (EnginePace.USABLE, self.tr("leave the computer usable")),
        ):
            self.pace.addItem(words, pace)
        self.pace.setCurrentIndex(self.pace.findData(now.pace))
        self.reads_ahead = QCheckBox(self.tr("Read a file while I write the question"))
        self.reads_ahead.setChecked(now.reads_ahead)
        self.takes = PlainLabel("", "small", wraps=True)
        self._threads = PlainLabel("", "small", wraps=True)
        self.save = QPushButton(self.tr("Save"))
        set_look(self.save, "filled", "accent")
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._end)
        self._lay_out(theme)
        self.context.currentIndexChanged.connect(self._show_needs)
        self.pace.currentIndexChanged.connect(self._show_needs)
        self._show_needs()
        self.context.setFocus()

    def _lay_out(self, theme: Theme) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(GAP_SECTION)
        form.setVerticalSpacing(GAP)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Reads at once"), self.context)
        form.addRow("", self.takes)
        form.addRow(self.tr("Works"), self.pace)
        form.addRow("", self._threads)
        if self._needs is not None and self._needs.for_others:
            form.addRow("", PlainLabel(self._said_of_memory(self._needs.for_others), "small", wraps=True))
        form.addRow("", self.reads_ahead)
        form.addRow("", PlainLabel(self._said_of_reading_ahead(), "small", wraps=True))
        when = self.tr("Holds from the next question on, for which the model is loaded again. A longer text gets more.")
        self.column.addLayout(form)
        self.column.addWidget(PlainLabel(when, "small", wraps=True))
        self.add_foot((), (self.cancel, self.save), default=self.save)
        self.setMinimumWidth(theme.px(_WIDTH))

    @property
    def wishes(self) -> EngineWishes:
        """What is chosen."""
        context, pace = EngineContext(self.context.currentData()), EnginePace(self.pace.currentData())
        return EngineWishes(context, pace, self.reads_ahead.isChecked())

    def _said_of_memory(self, for_others: int) -> str:
        said = self.tr(
            "The next question about a long text is answered at once, also after another conversation: what was read "
            "stays in memory until the engine ends, up to %1 of it."
        )
        return fill(said, size(for_others))

    def _said_of_reading_ahead(self) -> str:
        return self.tr(
            "The answer to the first question about a long file then begins at once, and the model is loaded as soon "
            "as you begin to write. Not on battery, and what was read is forgotten when the file is taken away."
        )

    def _show_needs(self) -> None:
        needs, wishes = self._needs, self.wishes
        self.takes.setVisible(needs is not None)
        self._threads.setVisible(needs is not None)
        if needs is None:
            return
        tokens, taken = needs.contexts[wishes.context]
        words = number(round(words_in(tokens) / 100) * 100)
        if taken is None:
            said = fill(self.tr("%1: about %2 words. What that takes is not known of this model."), self._model, words)
        elif taken > needs.free:
            said = fill(
                self.tr("%1: about %2 words, for which it takes %3. Only %4 are free now: close other programs first."),
                self._model, words, size(taken), size(needs.free),
            )  # fmt: skip
        else:
            said = fill(
                self.tr("%1: about %2 words, for which it takes %3; %4 are free now."),
                self._model, words, size(taken), size(needs.free),
            )  # fmt: skip
        self.takes.setText(said)
        set_look(self.takes, "small warning" if taken is not None and taken > needs.free else "small")
        threads = number(needs.threads[wishes.pace])
        self._threads.setText(fill(self.tr("Takes %1 of %2 cores."), threads, number(needs.cores)))
        self._grow()

    def _grow(self) -> None:
        """Make room for all lines of what is said: a dialog does not ask how high its words are at its width."""
        self.column.activate()
        self.setMinimumHeight(self.column.totalHeightForWidth(max(self.width(), self.minimumWidth())))

    def _end(self) -> None:
        wishes = self.wishes
        self.accept()
        self.wished.emit(wishes)


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


class ModelFileDialog(Dialog):
    """A dialog of the ways to take a model file in; `wished` says which."""

    wished = Signal(object, str, bool)  # an ImportWay, the name at Ollama, and if the part that sees goes with it

    def __init__(self, theme: Theme, given: GivenModel, places: ImportPlaces, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given = given
        self._places = places
        self.setWindowTitle(self.tr("Import a model file"))
        self.way = ChoiceBox(theme)
        self.way.setAccessibleName(self.tr("Run it with"))
        for way, words in self._ways():
            self.way.addItem(words, way)
        self.name = line_field(self.tr("Name at Ollama"))
        self.name.setText(self._free_name())
        projector = given.projector.name if given.projector is not None else ""
        self.seeing = QCheckBox(self.tr("It is to look at pictures, too"))
        self._seeing_file = NameLabel(projector, "small")
        self.seeing.setChecked(bool(projector))
        self.note = PlainLabel("", "small", wraps=True)
        self.accept_button = QPushButton(self.tr("Import"))
        set_look(self.accept_button, "filled", "accent")
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self._end)
        self._lay_out(theme)
        self.way.currentIndexChanged.connect(self._show_way)
        self.name.textChanged.connect(self._show_way)
        self._show_way()
        self.way.setFocus()

    def _ways(self) -> list[tuple[ImportWay, str]]:
        found = []
        if self._places.has_engine:
            found += [
                (ImportWay.WHERE_IT_LIES, self.tr("the built-in engine, from where it lies")),
                (ImportWay.COPIED, self.tr("the built-in engine, copied to this computer")),
            ]
        if self._places.has_ollama:
            found.append((ImportWay.OLLAMA, self.tr("Ollama")))
        return found

    @property
    def chosen(self) -> ImportWay:
        """The way that is chosen."""
        return ImportWay(self.way.currentData())

    def _lay_out(self, theme: Theme) -> None:
        files = say("models.files", len(self._given.pieces)) if len(self._given.pieces) > 1 else ""
        facts = " · ".join(each for each in (size(self._given.size), files) if each)
        self._form = form = QFormLayout()
        form.setHorizontalSpacing(GAP_SECTION)
        form.setVerticalSpacing(GAP)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Run it with"), self.way)
        form.addRow(self.tr("Name at Ollama"), self.name)
        whole = self.column
        whole.addWidget(NameLabel(self._given.label, "heading"))
        whole.addWidget(PlainLabel(facts, "small"))
        whole.addLayout(form)
        seeing = stack(self.seeing, self._seeing_file, gap=GAP_TIGHT)
        whole.addLayout(seeing)
        whole.addWidget(self.note)
        whole.addStretch(1)
        self.add_foot((), (self.cancel, self.accept_button), default=self.accept_button)
        self.setMinimumWidth(theme.px(460))

    def _show_way(self) -> None:
        way = self.chosen
        at_ollama = way is ImportWay.OLLAMA
        self._form.setRowVisible(self.name, at_ollama)
        for each in (self.seeing, self._seeing_file):
            each.setVisible(at_ollama and self._given.projector is not None)
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
        if way is ImportWay.OLLAMA and not self.name.text().strip():
            return self.tr("Give it a name.")
        return ""

    def _explanation(self, way: ImportWay) -> str:
        free = self._places.free.get(way)
        match way:
            case ImportWay.WHERE_IT_LIES:
                return self.tr("Nothing is copied. The file has to stay there, and its drive connected.")
            case ImportWay.COPIED if free is not None:
                return fill(self.tr("The copy takes %1; %2 are free."), size(self._given.size), size(free))
            case ImportWay.COPIED:
                return fill(self.tr("The copy takes %1."), size(self._given.size))
            case ImportWay.OLLAMA if self._ollama_name() in self._places.taken:
                return self.tr("Ollama has a model of this name, which this one replaces.")
            case ImportWay.OLLAMA:
                return fill(self.tr("Ollama gets a copy, which takes %1."), size(self._given.size))

    def _ollama_name(self) -> str:
        name = self.name.text().strip()
        return name if ":" in name else f"{name}:latest"

    def _free_name(self) -> str:
        wanted = name = name_for_import(self._given.file)
        number = 2
        while f"{name}:latest" in self._places.taken:
            name = f"{wanted}-{number}"
            number += 1
        return name

    def _end(self) -> None:
        way, name = self.chosen, self.name.text().strip()
        with_seeing = self.seeing.isChecked() and self._given.projector is not None
        self.accept()
        self.wished.emit(way, name, with_seeing)
