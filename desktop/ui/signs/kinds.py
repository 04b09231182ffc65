"""The dialog in which kinds of signs of trouble are switched off, and on again."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QWidget

from desktop.core.signs.rules import RULES
from desktop.ui.look.tokens import GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.signs.words import kind_name
from desktop.ui.widgets.labels import Paragraph
from desktop.ui.widgets.layout import stack


class SignKindsDialog(QDialog):
    """A dialog whose changes hold at once; there is nothing to confirm."""

    off_changed = Signal(object)  # frozenset[str]: the kinds that are not wanted

    def __init__(self, off: Collection[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Signs of trouble"))
        self._unknown = frozenset(off) - set(RULES)  # of a newer version: they stay as they are
        self.boxes = {kind: QCheckBox(kind_name(kind)) for kind in RULES}
        column = stack(
            Paragraph(
                self.tr(
                    "When an answer has ended, Candor looks for these signs in it, on this computer, without a model. "
                    "Each says why it is shown. Where Candor is not sure, it shows none."
                )
            ),
            GAP_WIDE,
            gap=GAP_TIGHT,
            margins=GAP_SECTION,
            on=self,
        )
        for kind, box in self.boxes.items():
            box.setChecked(kind not in off)
            box.toggled.connect(self._say)
            column.addWidget(box)
        column.addSpacing(GAP_WIDE)
        column.addStretch(1)
        buttons = QDialogButtonBox()
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        column.addWidget(buttons)

    def _say(self) -> None:
        off = frozenset(str(kind) for kind, box in self.boxes.items() if not box.isChecked())
        self.off_changed.emit(off | self._unknown)
