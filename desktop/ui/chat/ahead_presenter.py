"""The presenter of reading ahead: says when the files of a question that is being typed are read.

Only what is on its way to the model as it stands: all files are there, and the whole fits. The model itself is loaded
as soon as a letter is typed.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer

from desktop.runtime.chat import Chat
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.chat.sending import PendingMessage

_PAUSE_MS = 1000  # of changes, before anything is read that may be taken away again


class AheadPresenter(PagePresenter):
    """The presenter of what is read while a question is typed."""

    def __init__(self, page: ChatPage, chat: Chat, written: Callable[[], PendingMessage]) -> None:
        """Keep the dependencies. `written` returns what stands in the message box."""
        super().__init__(page, chat)
        self._written = written
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        for signal in (chat.attachments.changed, chat.settings_changed, chat.generation_ended):
            signal.connect(self._pause.start)
        page.composer.writing_begun.connect(lambda by_user: self._load() if by_user else None)
        page.composer.draft_changed.connect(lambda _: self._load())
        chat.opened.connect(self._leave)

    def _load(self) -> None:
        self._chat.ahead.load(self._chat.current)

    def _look(self) -> None:
        files = self._chat.attachments
        is_settled = bool(files.items) and all(each.is_settled for each in files.items)
        has_begun = bool(self._chat.path.entries)
        pending = self._written()
        if not is_settled or has_begun or self._chat.fitting.filling(self._chat.said, pending.as_message).over:
            self._chat.ahead.forget_files()
        else:
            self._chat.ahead.follow(self._chat.current, pending.files)

    def _leave(self) -> None:
        """Give up what was read of a conversation that is left, and look at the other one."""
        self._chat.ahead.forget_files()
        self._pause.start()
