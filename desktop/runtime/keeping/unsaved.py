"""What the disk has yet to take: words of the user and ends of replies, written again until they are on it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.conversation import edit_key
from desktop.runtime.background import BackgroundTasks

_RETRY_SECONDS = 10.0  # until what the disk refused is written again by itself

Key = tuple[str, ...]  # what it is, the id of its conversation, and what tells it from others there


class Unsaved(QObject):
    """The writes that are under way or were refused, the newest of each key; an older one never comes after it."""

    refused = Signal(object)  # what the store failed with; told once of each key, until `save_again` is called
    all_saved = Signal()  # nothing that was refused is left
    settled = Signal()  # nothing is under way

    def __init__(self, work: BackgroundTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._numbers = itertools.count(1)
        self._under_way: dict[Key, int] = {}  # the number of the newest write
        self._refused: dict[Key, Callable[[], object]] = {}  # what writes it again
        self._texts: dict[Key, str] = {}  # of both
        self._told: set[Key] = set()
        self._retry = QTimer(self, singleShot=True, interval=round(_RETRY_SECONDS * 1000))
        self._retry.timeout.connect(self.save_again_quietly)

    @property
    def is_settled(self) -> bool:
        """True if all is on the disk, as far as this knows."""
        return not self._under_way and not self._refused

    @property
    def refused_kinds(self) -> set[str]:
        """What the disk refused: reply, conversation, draft, prompt, queue."""
        return {key[0] for key in self._refused}

    @property
    def is_under_way(self) -> bool:
        return bool(self._under_way)

    def save(
        self, key: Key, write: Callable[[], object], *, text: str = "", again: Callable[[], object] | None = None
    ) -> None:
        """Write something on the store's thread, in the place of what was to be written under this key.

        `text` is found by `latest` until it is on the disk. `again` asks for the write once more, if that can have
        changed by then.
        """
        number = self._under_way[key] = next(self._numbers)
        self._texts[key] = text

        def taken(_: object) -> None:
            if self._under_way.get(key) == number:
                self.note_saved(key)

        def refused(error: Exception) -> None:
            if self._under_way.get(key) == number:
                self.note_refused(key, again or (lambda: self.save(key, write, text=text)), error)

        self._work.run_on_store(write, taken, refused)

    def latest(self, key: Key, stored: str) -> str:
        """Return the text that the disk has yet to take under this key, or else the one that is stored."""
        return self._texts.get(key, stored)

    def note_refused(self, key: Key, again: Callable[[], object], error: Exception) -> None:
        """Note that the disk refused something, which `again` asks for once more."""
        self._under_way.pop(key, None)
        self._refused[key] = again
        self._retry.start()
        if key not in self._told:
            self._told.add(key)
            self.refused.emit(error)
        self._tell()

    def note_saved(self, key: Key) -> None:
        """Note that something is on the disk, or not to be written any more."""
        self._under_way.pop(key, None)
        self._texts.pop(key, None)
        if self._refused.pop(key, None) is not None and not self._refused:
            self._told.clear()
            self._retry.stop()
            self.all_saved.emit()
        self._tell()

    def forget(self, ids: Iterable[str]) -> None:
        """Write nothing any more of conversations that are erased."""
        gone = {each for identity in ids for each in (identity, edit_key(identity))}
        for key in [each for each in (*self._refused, *self._under_way) if each[1] in gone]:
            self.note_saved(key)

    def save_again(self) -> None:
        """Write all that was refused once more; `all_saved` or `refused` follows if there is any."""
        self._told.clear()
        self.save_again_quietly()

    def save_again_quietly(self) -> None:
        """Write all that was refused once more, and tell nothing of what was told already."""
        if self._work.is_closed:  # the program ends, without what the user was told cannot be saved
            return
        for key, again in list(self._refused.items()):
            if key not in self._under_way:
                self._under_way[key] = 0
                again()

    def _tell(self) -> None:
        if not self._under_way:
            self.settled.emit()
