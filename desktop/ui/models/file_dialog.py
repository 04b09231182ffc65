"""The dialog on a model file: which program runs it, and if it is copied. It asks, and decides nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.models.file import GivenModel
from desktop.core.models.keeping import name_for_import, room_needed
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.form_parts import ChoiceBox, line_field
from desktop.ui.widgets.labels import NameLabel, PlainLabel
from desktop.ui.words import fill, say, size


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
        seeing = QVBoxLayout()
        seeing.setSpacing(GAP_TIGHT)
        seeing.addWidget(self.seeing)
        seeing.addWidget(self._seeing_file)
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
