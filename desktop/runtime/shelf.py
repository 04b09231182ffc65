"""The stored conversations, as they are meant to be on the disk: listed, changed, moved to the bin, taken out again.

In memory at once, on the disk as soon as the store's thread comes to it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QTimer, Signal

from desktop.core.conversation import BIN_DAYS, READ_FIRST, Conversation, list_order
from desktop.core.errors import StoreError
from desktop.core.text.titles import distinct
from desktop.runtime.background import gui_task
from desktop.runtime.keeping import Unsaved
from desktop.runtime.services import Services, WithServices

_log = logging.getLogger(__name__)

_FEWEST, _MOST = 250, 4_000  # of the others, which come in pieces
_PIECE_SECONDS = 0.02  # of this thread for a piece, with the layout of the list that it brings
_BETWEEN_MS = 10  # in which the window does everything else
_SWEEP_MS = 3_600_000


def next_piece(count: int, took: float) -> int:
    """Return how many conversations to list next, after so many took so many seconds."""
    wanted = count * _PIECE_SECONDS / max(took, 0.001)
    return round(max(_FEWEST, min(wanted, 2 * count, _MOST)))


class ConversationShelf(WithServices):
    """All conversations that are not in the bin, by their id, and the bin, which is read when it is asked for."""

    changed = Signal()
    bin_found = Signal(object)  # list[tuple[Conversation, float]]: each with when it was deleted, the latest first
    erasing = Signal(object)  # ids of conversations, before the store is asked to erase them

    def __init__(self, services: Services, disk: Unsaved) -> None:
        super().__init__(services)
        self._disk = disk
        self._known: dict[str, Conversation] = {}
        self._leaving_for_bin: dict[str, Conversation] = {}  # deleted, but not yet on the disk
        self._deleted: set[str] = set()  # ids; since the last look at the disk
        self.is_complete = False  # all that is stored has been fetched
        self.bin_days = BIN_DAYS  # until what is deleted is erased; 0 for never
        self._sweeping = QTimer(self, interval=_SWEEP_MS)
        self._sweeping.timeout.connect(self.sweep)

    def __contains__(self, conversation_id: str) -> bool:
        return conversation_id in self._known

    def get(self, conversation_id: str) -> Conversation | None:
        return self._known.get(conversation_id)

    def title_of(self, conversation_id: str) -> str:
        """Return the title that a conversation has now; empty if there is none of that id."""
        conversation = self._known.get(conversation_id)
        return conversation.title if conversation is not None else ""

    @property
    def newest_first(self) -> list[Conversation]:
        """All of them, in the order of the list; a new list at each call."""
        return sorted(self._known.values(), key=list_order)

    def distinct(self, title: str) -> str:
        """Return the title, with a number before it if another conversation has it: the list shows both."""
        return distinct(title, {each.title for each in self._known.values()})

    async def load(self) -> None:
        """Fetch what is stored, the newest at once, and the others in pieces."""
        self._deleted.clear()
        found = await self._work.run(self._store.conversations, READ_FIRST)
        self.merge_stored(found)
        if len(found) >= READ_FIRST:
            found = await self._work.run(self._store.conversations)
            at, count = 0, _FEWEST
            while at < len(found):
                began = time.thread_time()
                self.merge_stored(each for each in found[at : at + count] if each.id not in self._deleted)
                at, count = at + count, next_piece(count, time.thread_time() - began)
                if at < len(found):
                    await self._work.pause(_BETWEEN_MS)
        self.is_complete = True

    def merge_stored(self, found: Iterable[Conversation]) -> None:
        """Merge conversations read from the disk; newer ones in memory win."""
        fresh = [each for each in found if each.id not in self._known]
        self._known |= {each.id: each for each in fresh}
        self.changed.emit()

    # Changes

    def show(self, conversation: Conversation) -> None:
        """Show a conversation's present form, which the caller saves."""
        self._list(conversation)
        self.changed.emit()

    def save(self, conversation: Conversation) -> None:
        """Show and save a conversation's present form."""
        self._write(conversation)
        self.show(conversation)

    def _write(self, conversation: Conversation) -> None:
        key = "conversation", conversation.id

        def write_present() -> None:
            present = self._known.get(conversation.id)
            if present is not None:
                self._write(present)
            else:
                self._disk.note_saved(key)

        self._disk.save(key, lambda: self._store.save_conversation(conversation), again=write_present)

    def go_back(self, conversation_id: str, stored: Conversation | None) -> None:
        """Undo a `show` that could not be saved: show the form that is stored, or nothing if there is none."""
        is_leaving = self._leaving_for_bin.pop(conversation_id, None) is not None
        is_listed = conversation_id in self._known
        self._unlist(conversation_id)
        if stored is not None and is_leaving:
            self._leaving_for_bin[conversation_id] = stored
        elif stored is not None and is_listed:
            self._list(stored)

    def _list(self, conversation: Conversation) -> None:
        self._unlist(conversation.id)
        self._known[conversation.id] = conversation

    def _unlist(self, conversation_id: str) -> None:
        self._known.pop(conversation_id, None)

    # The bin

    @gui_task
    async def delete(self, conversation_id: str) -> None:
        """Move it to the bin; it comes back if the disk refuses."""
        deleting = self._work.run(self._store.delete_conversation, conversation_id)
        self._leaving_for_bin[conversation_id] = self._known[conversation_id]
        self._unlist(conversation_id)
        self._deleted.add(conversation_id)
        self.changed.emit()
        try:
            await deleting
        except StoreError:
            conversation = self._leaving_for_bin.get(conversation_id)
            if conversation is not None:
                self.show(conversation)
            raise
        finally:
            self._leaving_for_bin.pop(conversation_id, None)

    def forget(self, ids: Iterable[str]) -> None:
        """List conversations no more that were erased from the disk."""
        for each in ids:
            self._unlist(each)
        self.changed.emit()

    async def restore(self, ids: Sequence[str]) -> None:
        """Take conversations out of the bin on the disk; then they can be read like all others."""
        for each in ids:
            await self._work.run(self._store.restore_conversation, each)

    @gui_task
    async def look_into_bin(self) -> None:
        """Read what is in the bin; `bin_found` follows."""
        self.bin_found.emit(await self._work.run(self._store.binned_conversations))

    @gui_task
    async def erase(self, ids: Sequence[str]) -> None:
        """Erase conversations for good, with their words in the index and in the file; then look again."""
        self.erasing.emit(ids)
        try:
            for each in ids:
                await self._work.run(self._store.delete_for_good, each)
        except StoreError:
            self.look_into_bin()  # some may have gone
            raise
        self.look_into_bin()

    @gui_task
    async def sweep(self) -> None:
        """Erase what has been in the bin for too long, now and each hour that the program is open."""
        self._sweeping.start()
        if not self.bin_days:
            return
        try:
            await self._work.run(self._store.purge_bin, self.bin_days)
        except StoreError as error:  # what could not be erased, as on a full disk, is erased the next time
            _log.warning("the bin could not be swept: %s", error)
