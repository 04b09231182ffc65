"""The dialog that takes words along in a file, or to the printer: which messages, as what, and what belongs to it.

It asks and decides nothing else; where the file goes is asked by the system's own dialog afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QFormLayout, QPushButton, QWidget

from desktop.core.exporting.format import ExportFormat, ExportPart
from desktop.ui.exporting.wish import ExportScope, ExportWish
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.form_parts import ChoiceBox
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack


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
