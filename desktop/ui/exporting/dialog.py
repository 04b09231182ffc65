"""What is asked before an export: of what, in which format, and where to; and what is said where that fails."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFormLayout, QPushButton, QWidget

from desktop.core.exporting.format import ExportFormat, ExportPart
from desktop.core.text.clean_text import file_stem, numbered
from desktop.ui.errors import ErrorText
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.form_parts import ChoiceBox
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill


@dataclass(frozen=True, slots=True)
class ExportScope:
    """Messages that can be taken along, by their ids and in words; no ids: the whole conversation."""

    words: str
    message_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportWish:
    """The choices of the dialog."""

    scope: ExportScope
    form: ExportFormat
    parts: frozenset[ExportPart]


def ask_where(parent: QWidget, title: str, form: ExportFormat, folder: Path) -> Path | None:
    """Ask the user for a file, beginning in a folder with a name made of the title; None when they think better of it.

    The system's dialog asks before a file is written over.
    """
    translate = QCoreApplication.translate
    stem = file_stem(title, translate("export", "Conversation"))
    kind = f"{translate('export', form.NAME)} (*{form.ENDING})"
    caption = translate("export", "Export the conversation")
    file, _ = QFileDialog.getSaveFileName(parent, caption, str(folder / (stem + form.ENDING)), kind)
    return _with_ending(Path(file), form.ENDING) if file else None


def ask_where_table(parent: QWidget, name: str, folder: Path) -> Path | None:
    """Ask the user for a file for one table: a workbook, text with commas, or a document of Word.

    None when they think better of it.
    """
    translate = QCoreApplication.translate
    stem = file_stem(name, translate("export", "Table"))
    kinds = {
        translate("export", "Excel workbook (*.xlsx)"): ".xlsx",
        translate("export", "Text with commas (*.csv)"): ".csv",
        translate("export", "Word document (*.docx)"): ".docx",
    }
    caption = translate("export", "Save the table")
    file, kind = QFileDialog.getSaveFileName(parent, caption, str(folder / f"{stem}.xlsx"), ";;".join(kinds))
    if not file:
        return None
    path = Path(file)
    return path if path.suffix.lower() in kinds.values() else _with_ending(path, kinds.get(kind, ".xlsx"))


def _with_ending(file: Path, ending: str) -> Path:
    """Return `file` with the ending of its format.

    The dialog has asked about no other name than its own, so a changed one avoids the files that are there.
    """
    if file.suffix.lower() == ending:
        return file
    names = (file.with_name(name) for name in numbered(file.name, ending))
    return next(each for each in names if not os.path.exists(each))  # False where nothing may be looked at


def describe_failed_export(file: str, reason: str) -> ErrorText:
    """Return what to tell the user; `reason` is a `StoreError`'s."""
    translate = QCoreApplication.translate
    match reason:
        case "full":
            sentence = translate("export", "There is no room for %1. Choose another disk, or free some space.")
        case "read_only":
            sentence = translate("export", "Candor may not write %1. Choose another folder.")
        case _:
            sentence = translate("export", "%1 could not be written. Choose another folder, or try again.")
    title = translate("export", "The conversation was not exported")
    return ErrorText(title, fill(sentence, file), ())


class ExportDialog(Dialog):
    """A dialog of choices; `ending` and `parts` are what was chosen the last time."""

    export_wished = Signal(object)  # an ExportWish
    print_wished = Signal(object)

    def __init__(
        self,
        theme: Theme,
        scopes: Sequence[ExportScope],
        formats: Sequence[ExportFormat],
        ending: str,
        parts: frozenset[ExportPart],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scopes = scopes
        self._formats = formats
        self.setWindowTitle(self.tr("Export"))
        self.scope = ChoiceBox(theme)
        for scope in scopes:
            self.scope.addItem(scope.words)
        self.form = ChoiceBox(theme)
        for form in formats:
            name = QCoreApplication.translate("export", form.NAME)
            self.form.addItem(f"{name} ({form.ENDING})", form.ENDING)
        self.form.setCurrentIndex(max(0, self.form.findData(ending)))
        self.parts = {part: QCheckBox(words) for part, words in self._part_words()}
        for part, box in self.parts.items():
            box.setChecked(part in parts)
        self.export = QPushButton(self.tr("Export…"))
        set_look(self.export, "filled", "accent")
        self.print = QPushButton(self.tr("Print…"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.export.clicked.connect(lambda: self._end(self.export_wished))
        self.print.clicked.connect(lambda: self._end(self.print_wished))
        self.cancel.clicked.connect(self.reject)
        self._lay_out()
        self.form.currentIndexChanged.connect(self._show_parts)
        self._show_parts()
        self.form.setFocus()

    def _part_words(self) -> list[tuple[ExportPart, str]]:
        return [
            (ExportPart.THINKING, self.tr("What the model thought")),
            (ExportPart.MODEL, self.tr("Name of the model")),
            (ExportPart.PLACE, self.tr("Where it ran")),
            (ExportPart.TIME, self.tr("Date and time")),
            (ExportPart.SOURCES, self.tr("Files and pages it was found in")),
        ]

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(GAP_SECTION)
        form.setVerticalSpacing(GAP)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(PlainLabel(self.tr("Messages")), self.scope)
        form.addRow(PlainLabel(self.tr("As")), self.form)
        boxes = stack(*self.parts.values(), gap=GAP_TIGHT)
        form.addRow(PlainLabel(self.tr("With")), boxes)
        self.column.addLayout(form)
        self.add_foot((self.print,), (self.cancel, self.export), default=self.export)
        self.setMinimumWidth(self._theme.px(420))

    def _show_parts(self) -> None:
        """Offer only what the format can leave out."""
        form = self._formats[self.form.currentIndex()]
        for part, box in self.parts.items():
            box.setEnabled(part in form.PARTS)

    def _end(self, said: SignalInstance) -> None:
        """Close, and say what is wished."""
        wish = ExportWish(
            self._scopes[self.scope.currentIndex()],
            self._formats[self.form.currentIndex()],
            frozenset(part for part, box in self.parts.items() if box.isChecked()),
        )
        self.accept()
        said.emit(wish)
