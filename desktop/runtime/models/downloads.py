"""The downloads of models, and imports of files: one runs, the others wait; each can be paused.

Downloads are remembered over a restart, imports are not: their file may be gone. What a server does for one is
`core.models.keeping`. A download goes on whatever page is in front.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from desktop.core.connection import Connection
from desktop.core.errors import BackendError, PullFailed, Unreachable
from desktop.core.message import Failure
from desktop.core.model import ModelChoice
from desktop.core.models.download import Download, DownloadState, KeptDownload, Pace
from desktop.core.models.file import GivenModel
from desktop.core.models.keeping import KeepingProgress, ModelKeeper, PullFault, check_room, check_version, registry_of
from desktop.core.place import place_of_host
from desktop.core.policy.reach import Reach
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.runtime.models.keepers import Keepers

_log = logging.getLogger(__name__)

# Seconds between two tellings of progress: more often nobody can read it.
_TOLD_EVERY = 0.25
_UNFINISHED = (DownloadState.WAITING, DownloadState.RUNNING, DownloadState.PAUSED, DownloadState.FAILED)


class Downloads(QObject):
    """The downloads, in the order in which they were asked for."""

    changed = Signal()  # one more, one less, or another state: `kept` is to be remembered
    progressed = Signal(object)  # Download
    finished = Signal(object)  # ModelChoice: it is there now
    _told = Signal(object, object, float)  # ModelChoice, KeepingProgress, the moment

    def __init__(
        self,
        work: BackgroundTasks,
        keepers: Keepers,
        free_for: Callable[[Connection], int | None],
        parent: QObject | None = None,
    ) -> None:
        """Keep the dependencies.

        `free_for` returns the bytes that a connection's server has left for models, None where that cannot be known; it
        is called on a thread of its own.
        """
        super().__init__(parent)
        self._work = work
        self._keepers = keepers
        self._free_for = free_for
        self._items: dict[ModelChoice, Download] = {}
        self._running: Future[Any] | None = None
        self._pace = Pace()
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        self.is_allowed = True  # by the policy of this computer
        self.takes_files = True  # of the user's, by the same
        self.reach = Reach()  # of it: from which hosts a model may be fetched

    @property
    def items(self) -> tuple[Download, ...]:
        """All downloads; finished ones stay until they are dismissed."""
        return tuple(self._items.values())

    @property
    def kept(self) -> tuple[KeptDownload, ...]:
        """What is to be remembered: those that have not ended, and were not refused."""
        return tuple(
            KeptDownload(each.choice, each.expected, each.done, each.total, each.min_version)
            for each in self._items.values()
            if each.state in _UNFINISHED and each.given is None and not each.is_refused
        )

    def restore(self, kept: tuple[KeptDownload, ...]) -> None:
        """Show what was remembered, paused: nothing goes out at a start that nobody asked for now."""
        for each in kept:
            self._items[each.choice] = Download(
                each.choice, DownloadState.PAUSED, each.expected, done=each.done, total=each.total,
                min_version=each.min_version,
            )  # fmt: skip
        self.changed.emit()

    def find(self, choice: ModelChoice) -> Download | None:
        """Return the download of a model; None where there is none."""
        return self._items.get(choice)

    def start_download(self, choice: ModelChoice, expected: int | None = None, min_version: str = "") -> None:
        """Get a model, or go on with it: at once, or after those that were asked for before."""
        known = self._items.get(choice)
        is_under_way = known is not None and known.state in (DownloadState.RUNNING, DownloadState.WAITING)
        if is_under_way or not self._may_give(choice):
            return
        if known is None or known.state is DownloadState.DONE:
            known = Download(choice, DownloadState.WAITING, expected, min_version=min_version)
        self._items[choice] = replace(known, state=DownloadState.WAITING, failure=None, is_stalled=False)
        self._begin_next()

    def start_import(self, choice: ModelChoice, given: GivenModel) -> None:
        """Give a server a model that lies on this computer, under the name in `choice`."""
        is_running = choice in self._items and self._items[choice].state is DownloadState.RUNNING
        if not is_running and self._may_give(choice):
            self._items[choice] = Download(choice, DownloadState.WAITING, given.size, given=given)
            self._begin_next()

    def refusal_of(self, name: str) -> BackendError | None:
        """Return why a server may not be asked to fetch a model of this name, by the policy; None where it may."""
        host = registry_of(name)
        is_refused = self.reach.refusal(self.reach.seen(place_of_host(host))) is not None
        return Unreachable(host=host, reason="policy") if is_refused else None

    def _may_give(self, choice: ModelChoice) -> bool:
        """Return True if a model may be got for this connection; for the engine, a copy of a file of the user's."""
        return self.takes_files if choice.connection_id == BUILT_IN_ID else self.is_allowed

    def pause(self, choice: ModelChoice) -> None:
        """Pause a download; what has come stays at the server."""
        self._stop(choice, DownloadState.PAUSED)

    def resume(self, choice: ModelChoice) -> None:
        """Go on with a download that is paused or has failed."""
        if choice in self._items:
            self.start_download(choice)

    def cancel(self, choice: ModelChoice) -> None:
        """End a download and forget it; what has come goes at the server's next start (`Download.leaves_behind`)."""
        self._stop(choice, DownloadState.PAUSED)
        if self._items.pop(choice, None) is not None:
            self.changed.emit()

    def dismiss(self, choice: ModelChoice) -> None:
        """Show a download no more that is finished or was refused."""
        known = self._items.get(choice)
        if known is not None and (known.state is DownloadState.DONE or known.is_refused):
            del self._items[choice]
            self.changed.emit()

    def set_offline(self, is_offline: bool) -> None:
        """Stop what runs under the offline lock, which says why."""
        if is_offline:
            for choice, each in list(self._items.items()):
                if each.given is None and each.state in (DownloadState.RUNNING, DownloadState.WAITING):
                    self._stop(choice, DownloadState.FAILED, PullFailed(reason=PullFault.LOCKED).as_failure())

    def stop_all(self) -> None:
        """Pause all, at the end of the program."""
        for choice in list(self._items):
            self._stop(choice, DownloadState.PAUSED)

    def _stop(self, choice: ModelChoice, state: DownloadState, failure: Failure | None = None) -> None:
        known = self._items.get(choice)
        if known is None or known.state not in (DownloadState.RUNNING, DownloadState.WAITING):
            return
        self._items[choice] = replace(known, state=state, per_second=None, is_stalled=False, failure=failure)
        if known.state is DownloadState.RUNNING:
            self._end_running()
        self._begin_next()

    def _end_running(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.cancel()

    def _begin_next(self) -> None:
        states = {each.state for each in self._items.values()}
        waiting = next((each for each in self._items.values() if each.state is DownloadState.WAITING), None)
        if waiting is not None and DownloadState.RUNNING not in states:
            choice = waiting.choice
            self._items[choice] = replace(waiting, state=DownloadState.RUNNING)
            self._pace = Pace()
            self._keepers.with_keeper(choice.connection_id, lambda keeper: self._run(choice, keeper))
        self.changed.emit()

    def _run(self, choice: ModelChoice, keeper: ModelKeeper | None) -> None:
        known = self._items.get(choice)
        if known is None or known.state is not DownloadState.RUNNING or self._running is not None:
            return  # paused while its key was waited for
        connection = self._keepers.connection(choice.connection_id)
        if keeper is None or connection is None:
            self._on_failed(choice, Unreachable(reason="refused"))
            return
        pull = self._pull(connection, known, keeper)
        self._running = self._work.run_on_loop(
            pull, lambda _: self._on_done(choice), lambda error: self._on_failed(choice, error)
        )

    async def _pull(self, connection: Connection, known: Download, keeper: ModelKeeper) -> None:
        """Pull on the loop's thread, and tell of it. Raises `BackendError`."""
        import asyncio  # which has been loaded by now; the start of the program does without it

        is_room_checked = known.size is not None
        if known.size is not None:
            come = known.done if known.given is None else 0
            check_room(max(0, known.size - come), await asyncio.to_thread(self._free_for, connection))
        if known.min_version:
            check_version(await keeper.version(), known.min_version)
        clock = asyncio.get_running_loop().time
        told: tuple[float, KeepingProgress | None] = (0.0, None)
        async with aclosing(_steps(keeper, known)) as steps:
            async for step in steps:
                if not is_room_checked and step.total is not None:  # the largest part is told first
                    is_room_checked = True
                    check_room(step.total - step.done, await asyncio.to_thread(self._free_for, connection))
                before = told[1]
                is_news = before is None or (before.phase, before.is_stalled) != (step.phase, step.is_stalled)
                if is_news or clock() - told[0] >= _TOLD_EVERY:
                    told = (clock(), step)
                    self._told.emit(known.choice, step, told[0])

    def _on_told(self, choice: ModelChoice, progress: KeepingProgress, moment: float) -> None:
        known = self._items.get(choice)
        if known is None or known.state is not DownloadState.RUNNING:
            return
        self._pace.note(moment, progress.done)
        self._items[choice] = replace(
            known,
            phase=progress.phase,
            done=progress.done or known.done,
            total=progress.total or known.total,
            per_second=self._pace.per_second,
            is_stalled=progress.is_stalled,
        )
        self.progressed.emit(self._items[choice])

    def _on_done(self, choice: ModelChoice) -> None:
        self._running = None
        known = self._items.get(choice)
        if known is not None:
            whole = known.total or known.done
            self._items[choice] = replace(
                known, state=DownloadState.DONE, done=whole, total=whole or None, per_second=None
            )
        self.finished.emit(choice)
        self._begin_next()

    def _on_failed(self, choice: ModelChoice, error: Exception) -> None:
        self._running = None
        known = self._items.get(choice)
        if isinstance(error, BackendError):
            failure = error.as_failure()
        else:
            _log.error("a download failed", exc_info=error)
            failure = Failure("backend_error", type(error).__name__)
        if known is not None:
            self._items[choice] = replace(
                known, state=DownloadState.FAILED, per_second=None, is_stalled=False, failure=failure
            )
        self._begin_next()


def _steps(keeper: ModelKeeper, download: Download) -> AsyncGenerator[KeepingProgress, None]:
    """Return what is to be waited for: a model that the server fetches, or one that it is given."""
    name, given = download.choice.model, download.given
    return keeper.pull(name) if given is None else keeper.import_file(name, given.file, given.projector)
