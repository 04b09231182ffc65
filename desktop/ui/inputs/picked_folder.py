"""The folder in which dialogs that pick files begin: the one used last, else that of the user's documents."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths


def users_documents() -> Path:
    """Return the folder of the user's documents, or their home where there is none."""
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return documents if os.path.isdir(documents) else Path.home()


class PickedFolder:
    """The folder from which files were picked last, remembered over a restart."""

    def __init__(self, last: str, keep: Callable[[str], object]) -> None:
        """Keep the dependencies. `last` is the folder of an earlier time, empty for none; `keep` remembers one."""
        self._last = last
        self._keep = keep

    def beginning(self) -> str:
        """Return the folder in which a dialog is to begin; one that is gone is not begun in."""
        return self._last if self._last and os.path.isdir(self._last) else str(users_documents())

    def note(self, picked: Sequence[str]) -> None:
        """Remember the folder of what was picked; of nothing there is none."""
        folder = os.path.dirname(picked[0]) if picked else self._last
        if folder != self._last:
            self._last = folder
            self._keep(folder)
