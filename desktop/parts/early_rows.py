"""The list of conversations of a window that is shown before the program behind it is made.

Part of the composition root, since it knows the disk and the window. What is shown gives way to what the program lists,
which as a rule is the same.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from desktop.ui.sidebar.model import title_of

if TYPE_CHECKING:
    from desktop.store.listing.early import EarlyList
    from desktop.ui.window.main_window import MainWindow


class EarlyRows(QObject):
    """A look at the database, on a thread of its own that nobody waits for, and what it shows in the window."""

    _found = Signal(object)  # EarlyList | None

    def __init__(self, window: MainWindow, file: Path, last: str) -> None:
        """Keep the window and the database's file. `last` is the id of the conversation that was shown last, if any."""
        super().__init__(window)
        self._window = window
        self._file = file
        self._last = last
        self._found.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def look(self) -> None:
        """Begin to read; what is found is shown when it has come."""
        Thread(target=self._read, name="early rows", daemon=True).start()

    def _read(self) -> None:
        from desktop.store.listing.early import early_list

        found = early_list(self._file, self._last)
        with contextlib.suppress(RuntimeError):  # the window has gone meanwhile
            self._found.emit(found)

    def _show(self, found: EarlyList | None) -> None:
        if found is None:
            return
        sidebar, page = self._window.sidebar, self._window.chat_page
        if found.newest and not sidebar.has_rows:
            sidebar.show_conversations(found.newest)
        if page.is_awaiting and found.wanted is None:
            page.end_waiting()
        elif page.is_awaiting and found.wanted is not None:
            page.await_conversation(title_of(found.wanted))
            sidebar.select(found.wanted.id)
