"""What is kept, and how: writes that the disk refused, the span of a policy, the care for the file, and the ledger."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterable, Set
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.conversation import Backup, Repaired, edit_key
from desktop.core.errors import StoreError
from desktop.core.place import Place
from desktop.core.trust import Count, Entry, EntryFilter
from desktop.runtime.background import BackgroundTasks, DaemonExecutor, gui_task
from desktop.runtime.services import Services, WithServices
from desktop.store.disk import write_or_refuse
from desktop.store.ledger import Ledger

_log = logging.getLogger(__name__)

_RETRY_SECONDS = 10.0  # until what the disk refused is written again by itself
_DAY = 86_400.0  # seconds
_FIRST_CARE_SECONDS = 20.0  # after the start, which has enough to read
_AGAIN_SECONDS = 3600.0  # a program that stays open for days is looked after on each

Key = tuple[str, ...]  # what it is, the id of its conversation, and what tells it from others there


class Unsaved(QObject):
    """The writes that are under way or were refused, the newest of each key; an older one never comes after it."""

    refused = Signal(object)  # what the store failed with; told once of each key, until `save_again` is called
    all_saved = Signal()  # nothing that was refused is left
    settled = Signal()  # nothing is under way

    def __init__(self, work: BackgroundTasks) -> None:
        super().__init__(work)
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

    @gui_task
    async def save(
        self, key: Key, write: Callable[[], object], *, text: str = "", again: Callable[[], object] | None = None
    ) -> None:
        """Write something on the store's thread, in the place of what was to be written under this key.

        `text` is found by `latest` until it is on the disk. `again` asks for the write once more, if that can have
        changed by then.
        """
        number = self._under_way[key] = next(self._numbers)
        self._texts[key] = text
        try:
            await self._work.run(write)
        except Exception as error:
            if self._under_way.get(key) == number:
                self.note_refused(key, again or partial(self.save, key, write, text=text), error)
        else:
            if self._under_way.get(key) == number:
                self.note_saved(key)

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


class Retention(WithServices):
    """An eraser, in the bin and out of it, of conversations older than a policy keeps them: at a start, and later."""

    erased = Signal(object)  # their ids

    def __init__(
        self,
        services: Services,
        in_use: Callable[[], Set[str]],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`in_use` returns the ids of those that are left alone until the next time."""
        super().__init__(services)
        self._folders = services.folders
        self._in_use = in_use
        self._clock = clock
        self._days = 0
        self._timer = QTimer(self, interval=round(_AGAIN_SECONDS * 1000))
        self._timer.timeout.connect(self.look)

    def keep_days(self, days: int) -> None:
        """Keep conversations for so many days from now on; 0 keeps them for ever."""
        self._days = days
        if days:
            self._timer.start()
            self.look()
        else:
            self._timer.stop()

    @gui_task
    async def look(self) -> None:
        """Erase for good what is too old by now, and what was read of folders."""
        self._folders.follow_policy()
        try:
            ids = await self._work.run(self._erase, self._clock() - self._days * _DAY, self._in_use())
        except StoreError:
            _log.warning("old conversations could not be erased", exc_info=True)
            return
        if ids:
            _log.info("%d conversations were older than the policy keeps them", len(ids))
            self.erased.emit(ids)

    def _erase(self, limit: float, in_use: Set[str]) -> list[str]:
        """Erase what nothing has happened in since a moment. Runs on the store's thread."""
        known = [*self._store.conversations(), *(each for each, _ in self._store.binned_conversations())]
        old = [each.id for each in known if each.updated_at < limit and each.id not in in_use]
        old += [key for key, _, since in self._store.kept_examples() if since < limit]
        for each in old:
            self._store.delete_for_good(each)
        return old


class StoreCare(WithServices):
    """Watch over the file of conversations, which is checked and backed up when nobody waits for the disk."""

    damage_found = Signal(object)  # StoreError
    replaced = Signal()  # the file is another one now, and what is in memory does not hold any more

    def __init__(self, services: Services, is_idle: Callable[[], bool]) -> None:
        """`is_idle` tells whether the disk may be read for a while."""
        super().__init__(services)
        self._is_idle = is_idle
        self._thread = DaemonExecutor("care")
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)

    def begin_watching(self) -> None:
        """Look after the file from now on, beginning soon."""
        self._timer.start(round(_FIRST_CARE_SECONDS * 1000))

    def end(self) -> None:
        """Stop looking after it; what runs is not waited for."""
        self._timer.stop()
        self._thread.end()

    @gui_task
    async def look(self) -> None:
        """Check the file and back it up, each if it is due; later if somebody waits for the disk."""
        if not self._is_idle():
            self.begin_watching()
            return
        self._timer.start(round(_AGAIN_SECONDS * 1000))
        try:
            await self._work.on(self._thread, self._check_and_back_up)
        except StoreError as error:
            if error.reason == "damaged":
                self.damage_found.emit(error)
            else:  # a full disk has no room for a backup either, which is no news to anybody
                _log.warning("the file of conversations could not be looked after: %s", error)

    def _check_and_back_up(self) -> None:
        if self._store.is_check_due() and (fault := self._store.check()):
            raise StoreError("damaged", fault)
        self._store.back_up_if_due()

    async def backups(self) -> list[Backup]:
        """Return the backups that can be restored, the latest first. Raises `StoreError`."""
        return await self._work.on(self._thread, self._store.backups)

    async def restore(self, backup: Backup) -> None:
        """Put a backup in the place of the file. Raises `StoreError`, and all is as it was."""
        await self._work.run(self._store.restore, backup)
        self.replaced.emit()

    async def repair(self, note: Callable[[Repaired], None]) -> None:
        """Put a file of all that can be read in the place of the damaged one, and note it. Raises `StoreError`."""
        note(await self._work.run(self._store.repair))
        self.replaced.emit()


_MOST_HELD = 1000  # entries, while the disk refuses them


class LedgerKeeper(QObject):
    """A keeper that nobody waits for: entries that come while the store's thread is busy are written in one go."""

    failed = Signal(object)  # what the first entry since the start failed with that could not be kept

    def __init__(self, work: BackgroundTasks, ledger: Ledger) -> None:
        super().__init__(work)
        self._work = work
        self._ledger = ledger
        self._lock = threading.Lock()
        self._waiting: dict[str, Entry] = {}  # by their ids: the end of an exchange takes the place of its beginning
        self._is_writing = False
        self._has_failed = False
        self._asked: dict[Place, float] = {}
        self.may_clear = True  # by the policy of this computer

    def note_consent(self, place: Place) -> None:
        """Take note that the user was asked just now if words may go to a place, and agreed; its entries tell of it."""
        with self._lock:
            self._asked[place] = time.time()

    def record(self, entry: Entry) -> None:
        """Have an entry kept soon. May be called from any thread; returns at once and never raises."""
        with self._lock:
            asked_at = self._asked.get(entry.place, 0.0) if entry.purpose.messages else 0.0
            self._waiting[entry.id] = replace(entry, purpose=replace(entry.purpose, asked_at=asked_at))
            if self._is_writing:
                return
            self._is_writing = True
        try:
            self._work.run(self._write)
        except RuntimeError:  # the program has ended, and its store with it
            _log.debug("an entry came after the end")

    async def read(self, wanted: EntryFilter, most: int) -> tuple[list[Entry], list[Count]]:
        """Return the newest entries that fit, one for each run, and the counts of all that do. Raises `StoreError`."""
        return await self._work.run(lambda: (self._ledger.find(wanted, most, by_run=True), self._ledger.counts(wanted)))

    async def export(self, wanted: EntryFilter, most: int, path: Path, as_text: Callable[[list[Entry]], str]) -> None:
        """Write the entries that fit to a file, in the form that `as_text` gives them. Raises `StoreError`."""
        entries = await self._work.run(self._ledger.find, wanted, most)
        await self._work.slowly(lambda: write_or_refuse(path, as_text(entries).encode("utf-8")))

    async def clear(self) -> None:
        """Delete all entries. Raises `StoreError`."""
        if self.may_clear:
            await self._work.run(self._ledger.clear)

    def _write(self) -> None:
        with self._lock:
            entries, self._waiting = self._waiting, {}
            self._is_writing = False
        try:
            self._ledger.write(list(entries.values()))
        except Exception as error:
            with self._lock:  # tried again with the next entry; what came meanwhile is newer
                kept = dict(list(entries.items())[-_MOST_HELD:])
                self._waiting = {**kept, **self._waiting}
            _log.warning("the ledger could not be kept: %s", error)
            if not self._has_failed:
                self._has_failed = True
                self._work.post(self.failed.emit, error)
