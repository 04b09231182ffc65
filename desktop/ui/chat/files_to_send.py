"""The files of the message that is about to be sent: waits for those that are still read, and names what cannot go."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.runtime.documents.attachment import AttachmentState
from desktop.runtime.documents.attachments import Attachments
from desktop.runtime.models.sight import Sight
from desktop.ui.documents.seeing import is_unseen
from desktop.ui.widgets.quiet_line import NoticeBar
from desktop.ui.words import fill, shown_name


class FilesToSend(QObject):
    """A gate in front of sending: nothing goes without a file that the user sees beside the words."""

    ready = Signal()  # the files that were waited for have been read

    def __init__(self, attachments: Attachments, notice: NoticeBar, sight: Callable[[], Sight]) -> None:
        super().__init__(notice)
        self._sight = sight
        self._attachments = attachments
        self._notice = notice
        self._is_awaited = False
        attachments.changed.connect(self._on_changed)

    def are_ready(self) -> bool:
        """Return True if all files can be sent now; else say why not, and wait where that helps."""
        self._is_awaited = False
        for file in self._attachments.items:
            is_empty = file.document is not None and file.document.is_empty
            if file.state is AttachmentState.FAILED:
                words = self.tr("Not sent: “%1” could not be read. Take it out, or press it to see what can be done.")
            elif is_unseen(file, self._sight()):
                words = self.tr(
                    "Not sent: the model can't see “%1”. Press it to choose a model that can, or take it out."
                )
            elif file.state is AttachmentState.READY and is_empty:
                words = self.tr("Not sent: there is no text in “%1” that the model could read. Take it out first.")
            else:
                continue
            self._notice.show_text(fill(words, shown_name(file.name)))
            return False
        if self._attachments.is_reading:
            self._is_awaited = True
            self._notice.show_text(self.tr("It is sent as soon as the files have been read."))
            return False
        return True

    def stop_waiting(self) -> None:
        """Send nothing by itself any more."""
        self._is_awaited = False

    def _on_changed(self) -> None:
        if self._is_awaited and not self._attachments.is_reading:
            self._is_awaited = False
            self._notice.hide()
            self.ready.emit()
