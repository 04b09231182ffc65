"""The preview of what is printed: the sheets as they will come out, with the system's own dialog behind Print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtGui import QPagedPaintDevice
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QProgressDialog, QWidget

from desktop.core.exporting import Export

_SIZE = (860, 900)
_STEPS = 1_000
_ALL_EVENTS = QEventLoop.ProcessEventsFlag.AllEvents
_NO_INPUT = QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents
_QUIET_MS = 600  # what is laid out within this time is not told of


class _Cancelled(Exception):
    """End of laying out, as the user wants it."""


class PrintPreview(QPrintPreviewDialog):
    """A preview that deletes itself when it is closed. Loaded when something is first printed.

    Qt wants all sheets in one call: a long conversation is laid out message by message, and the program goes on between
    two of them.
    """

    def __init__(
        self, export: Export, put_on_paper: Callable[[Export, QPagedPaintDevice], None], parent: QWidget
    ) -> None:
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._printer.setDocName(export.title)
        super().__init__(self._printer, parent)
        self._export = export
        self._put_on_paper = put_on_paper
        self.paintRequested.connect(self._lay_out)
        self.finished.connect(self.deleteLater)
        self.setModal(True)
        self.setWindowTitle(self.tr("Print"))
        self.resize(*_SIZE)

    def _lay_out(self, printer: QPrinter) -> None:
        """Put all messages on sheets, or those until the user cancels it, which closes the preview."""
        progress = QProgressDialog(self.tr("Laying out the pages …"), self.tr("Cancel"), 0, _STEPS, self)
        progress.setWindowTitle(self.tr("Print"))
        progress.setWindowModality(Qt.WindowModality.WindowModal)
        progress.setMinimumDuration(_QUIET_MS)

        def report(share: float) -> None:
            progress.setValue(min(_STEPS - 1, round(share * _STEPS)))  # the last step would end it
            # Until the progress covers the preview, none of its buttons may ask for the sheets again.
            asks = _ALL_EVENTS if progress.isVisible() else _NO_INPUT
            QCoreApplication.processEvents(asks)
            if progress.wasCanceled():
                raise _Cancelled

        try:
            self._put_on_paper(replace(self._export, progress=report), printer)
        except _Cancelled:
            self.reject()
        finally:
            progress.deleteLater()
