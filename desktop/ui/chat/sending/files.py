"""The files of the message that is about to be sent: waits for those that are still read, and names what cannot go."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.core.documents.attachment import Attachment, AttachmentState
from desktop.core.documents.reading import ReadingError
from desktop.core.model import Sight
from desktop.runtime.documents.files import Attachments
from desktop.ui.widgets.quiet_line import NoticeBar
from desktop.ui.words import fill, shown_name


class FilesToSend(QObject):
    """A gate in front of sending: nothing goes without a file that the user sees beside the words."""

    def __init__(self, notice: NoticeBar, sight: Callable[[], Sight]) -> None:
        super().__init__(notice)
        self._sight = sight
        self._notice = notice
        self._followed: set[Attachments] = set()
        self._awaited: tuple[Attachments, Callable[[], None]] | None = None  # files that are read, what is done then

    def are_ready(self, attachments: Attachments, again: Callable[[], None]) -> bool:
        """Return True if all files can be sent now; else say why not, and call `again` later where waiting helps."""
        self._awaited = None
        for file in attachments.items:
            from desktop.ui.documents.file_chip import is_unseen  # with the first file: a start does without

            is_empty = file.document is not None and file.document.is_empty
            if file.state is AttachmentState.FAILED and file.is_locked:
                words = self.tr("Not sent: “%1” needs its password. Press it to give it, or take it out.")
            elif file.state is AttachmentState.FAILED:
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
        if attachments.is_reading:
            self._await(attachments, again)
            self._notice.show_text(self.tr("It is sent as soon as the files have been read."))
            return False
        return True

    def stop_waiting(self) -> None:
        """Send nothing by itself any more."""
        self._awaited = None

    def _await(self, attachments: Attachments, again: Callable[[], None]) -> None:
        self._awaited = attachments, again
        if attachments not in self._followed:
            self._followed.add(attachments)
            attachments.changed.connect(self._on_changed)
            attachments.refused.connect(self._on_refused)

    def _on_refused(self, _error: ReadingError, file: Attachment | None, _key: str) -> None:
        """Wait no longer for files of which one can't be had: the user has to see that before anything goes."""
        if self._awaited is not None and file in self._awaited[0].items:
            self.stop_waiting()

    def _on_changed(self) -> None:
        if self._awaited is not None and not self._awaited[0].is_reading:
            (_, again), self._awaited = self._awaited, None
            self._notice.hide()
            again()
