"""The preview of what is printed: the sheets as they will come out, with the system's own dialog behind Print."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QPagedPaintDevice
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

from desktop.core.exporting.format import Export

_SIZE = (860, 900)


class PrintPreview(QPrintPreviewDialog):
    """A preview that deletes itself when it is closed. Loaded when something is first printed."""

    def __init__(
        self, export: Export, put_on_paper: Callable[[Export, QPagedPaintDevice], None], parent: QWidget
    ) -> None:
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._printer.setDocName(export.title)
        super().__init__(self._printer, parent)
        self.paintRequested.connect(lambda printer: put_on_paper(export, printer))
        self.finished.connect(self.deleteLater)
        self.setModal(True)
        self.setWindowTitle(self.tr("Print"))
        self.resize(*_SIZE)
