"""A message that was sent before a model was found: what becomes of it once that is known.

It goes by itself only as it was written, and only to this computer; else the user is told that it can go now.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from desktop.core.message import FilePart
from desktop.core.place import PlaceKind
from desktop.runtime.chat import Chat
from desktop.runtime.models.directory import ModelDirectory
from desktop.ui.chat.sending.pending_message import PendingMessage
from desktop.ui.widgets.quiet_line import NoticeBar


class ModelToCome(QObject):
    """The wait for a model, in which the message stands in its box."""

    def __init__(
        self,
        notice: NoticeBar,
        chat: Chat,
        models: ModelDirectory,
        written: Callable[[], PendingMessage],
        send: Callable[[], None],
    ) -> None:
        """Keep the dependencies. `written` returns what stands in the box, `send` sends it."""
        super().__init__(notice)
        self._notice = notice
        self._chat = chat
        self._models = models
        self._written = written
        self._send = send
        self._wanted: tuple[str, tuple[FilePart, ...]] | None = None
        self._looking = self.tr("Still looking for models. Your message is kept; send it again in a moment.")
        self._waiting = self.tr("Still looking for models. Your message goes as soon as one on this computer is found.")

    def tell(self) -> None:
        """Say that models are still looked for, and nothing can be sent before."""
        self._notice.show_text(self._looking)

    def wait(self) -> None:
        """Have what is written wait for the first model, while one may still come."""
        if self._models.is_loading and not self._is_there:
            self._wanted = self._what_is_written
            self._notice.show_text(self._waiting)

    def stop_waiting(self) -> None:
        """Send nothing by itself any more."""
        self._wanted = None

    def look(self) -> None:
        """Take note that models may have been found."""
        is_there = self._is_there
        if is_there or not self._models.is_loading:
            self._notice.hide_text(self._looking)
            self._notice.hide_text(self._waiting)
            if self._wanted is not None:
                QTimer.singleShot(0, self, self._go_on)

    @property
    def _is_there(self) -> bool:
        return self._models.find(self._chat.current.settings.choice) is not None

    @property
    def _what_is_written(self) -> tuple[str, tuple[FilePart, ...]]:
        written = self._written()
        return written.text, written.files

    def _go_on(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None or not self._is_there:
            return
        place = self._models.place_of(self._chat.current.settings.choice)
        if wanted == self._what_is_written and place is not None and place.kind is PlaceKind.THIS_COMPUTER:
            self._send()
        elif any(self._what_is_written):
            self._notice.show_text(self.tr("A model is there now. Press Enter to send your message."), calmly=True)
