"""What servers of models are asked to get, unload and delete.

Of the downloads and imports of files one runs, the others wait; each can be paused, and goes on whatever page is in
front. Downloads are remembered over a restart, imports are not: their file may be gone. What a server does for one is
`core.models.keeping`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace

from PySide6.QtCore import Qt, Signal

from desktop.core.connection import Connection, Secrets
from desktop.core.errors import BackendError, PullFailed, Unreachable, failure_of
from desktop.core.message import Failure
from desktop.core.model import ModelChoice
from desktop.core.models.file import GivenModel
from desktop.core.models.keeping import (
    Download,
    DownloadState,
    KeepingProgress,
    KeptDownload,
    ModelKeeper,
    Pace,
    PullFault,
    check_room,
    check_version,
    registry_of,
)
from desktop.core.place import place_of_host
from desktop.core.policy.fixed import Feature
from desktop.runtime.background import NO_TASK, gui_task
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.runtime.models.measurements import Draining
from desktop.runtime.services import Services, WithServices

# Seconds between two tellings of progress: more often nobody can read it.
_TOLD_EVERY = 0.25
_UNDER_WAY = (DownloadState.WAITING, DownloadState.RUNNING)
_UNFINISHED = (*_UNDER_WAY, DownloadState.PAUSED, DownloadState.FAILED)

KeeperFactory = Callable[[Connection, Secrets], ModelKeeper | None]


class Downloads(WithServices):
    """The downloads, in the order in which they were asked for, and the keepers of models that they go through.

    There is one keeper for each server that can be given models, made when it is first wanted.
    """

    changed = Signal()  # one more, one less, or another state: `kept` is to be remembered
    progressed = Signal(object)  # Download
    finished = Signal(object)  # ModelChoice: it is there now
    deleted = Signal(object)  # ModelChoice: it is there no more
    _told = Signal(object, object, float)  # ModelChoice, KeepingProgress, the moment

    def __init__(
        self,
        services: Services,
        make_keeper: KeeperFactory,
        free_for: Callable[[Connection | None], int | None],
        *,
        always: tuple[Connection, ...] = (),
    ) -> None:
        """`make_keeper` returns None for a server that keeps no models.

        `free_for` returns the bytes that a connection's server has left for models, None where nobody knows; it is
        called on a thread of its own. `always`: connections that keep models also where they are not listed, since they
        have none yet.
        """
        super().__init__(services)
        self._make_keeper = make_keeper
        self._free_for = free_for
        self._always = always
        self._items: dict[ModelChoice, Download] = {}
        self._running = NO_TASK
        self._pace = Pace()
        self._keepers: dict[str, tuple[Connection, Draining[ModelKeeper]]] = {}
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        services.models.dropped.connect(self._retire)

    @property
    def is_allowed(self) -> bool:
        """Whether models may be got, by the policy of this computer."""
        return self.services.policy.allows(Feature.PULL)

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
        is_under_way = known is not None and known.state in _UNDER_WAY
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
        host, reach = registry_of(name), self.services.policy.reach
        is_refused = reach.refusal(reach.seen(place_of_host(host))) is not None
        return Unreachable(host=host, reason="policy") if is_refused else None

    def _may_give(self, choice: ModelChoice) -> bool:
        """Return True if a model may be got for this connection; for the engine, a copy of a file of the user's."""
        return self.services.policy.model_files if choice.connection_id == BUILT_IN_ID else self.is_allowed

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
                if each.given is None and each.state in _UNDER_WAY:
                    self._stop(choice, DownloadState.FAILED, PullFailed(reason=PullFault.LOCKED).as_failure())

    def stop_all(self) -> None:
        """Pause all, at the end of the program."""
        for choice in list(self._items):
            self._stop(choice, DownloadState.PAUSED)

    def _stop(self, choice: ModelChoice, state: DownloadState, failure: Failure | None = None) -> None:
        known = self._items.get(choice)
        if known is None or known.state not in _UNDER_WAY:
            return
        if known.state is DownloadState.RUNNING:
            self._running.cancel()
        self._end(choice, state, failure)

    def _end(self, choice: ModelChoice, state: DownloadState, failure: Failure | None = None) -> None:
        self._items[choice] = replace(
            self._items[choice], state=state, per_second=None, is_stalled=False, failure=failure
        )
        self._begin_next()

    def _begin_next(self) -> None:
        states = {each.state for each in self._items.values()}
        waiting = next((each for each in self._items.values() if each.state is DownloadState.WAITING), None)
        if waiting is not None and DownloadState.RUNNING not in states:
            self._items[waiting.choice] = replace(waiting, state=DownloadState.RUNNING)
            self._pace = Pace()
            task = self._run(self._items[waiting.choice])
            if task.is_running:  # else the next one has been begun by now
                self._running = task
        self.changed.emit()

    @gui_task
    async def _run(self, download: Download) -> None:
        choice = download.choice
        try:
            connection, keeper = await self._keeper_of(choice)
            await self.services.work.on_loop(self._pull(connection, download, keeper))
        except Exception as error:
            self._end(choice, DownloadState.FAILED, failure_of(error))
            return
        known = self._items[choice]
        whole = known.total or known.done
        self._items[choice] = replace(known, state=DownloadState.DONE, done=whole, total=whole or None, per_second=None)
        self.finished.emit(choice)
        self._begin_next()

    async def _pull(self, connection: Connection, known: Download, draining: Draining[ModelKeeper]) -> None:
        """Pull on the loop's thread, and tell of it. Raises `BackendError`."""

        async def check(size: int) -> None:
            check_room(size, await asyncio.to_thread(self._free_for, connection))

        name, given = known.choice.model, known.given
        clock = asyncio.get_running_loop().time
        is_room_checked = known.size is not None
        if known.size is not None:
            await check(max(0, known.size - (known.done if given is None else 0)))
        told: tuple[float, KeepingProgress | None] = (0.0, None)
        async with draining.use() as keeper:
            if known.min_version:
                check_version(await keeper.version(), known.min_version)
            pull = keeper.pull(name) if given is None else keeper.import_file(name, given.file, given.projector)
            async with aclosing(pull) as steps:
                async for step in steps:
                    if not is_room_checked and step.total is not None:  # the largest part is told first
                        is_room_checked = True
                        await check(step.total - step.done)
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

    # The keepers

    async def delete(self, choice: ModelChoice) -> None:
        """Delete a model at its server, and have that list its models anew. Raises `BackendError`."""
        await self._ask(choice, lambda keeper: keeper.delete(choice.model))
        self.services.models.refresh(choice.connection_id)
        self.deleted.emit(choice)

    async def unload(self, choice: ModelChoice) -> None:
        """Have a model leave its server's memory now. Raises `BackendError`."""
        await self._ask(choice, lambda keeper: keeper.unload(choice.model))

    async def _ask(self, choice: ModelChoice, ask: Callable[[ModelKeeper], Awaitable[None]]) -> None:
        _, draining = await self._keeper_of(choice)

        async def run() -> None:
            async with draining.use() as keeper:
                await ask(keeper)

        await self.services.work.on_loop(run())

    async def _keeper_of(self, choice: ModelChoice) -> tuple[Connection, Draining[ModelKeeper]]:
        """Return a model's connection, and its keeper, whose key may have to be waited for. Raises `Unreachable`."""
        models, identity = self.services.models, choice.connection_id
        listed = (each.connection for each in models.listings)
        connection = next((each for each in (*listed, *self._always) if each.id == identity), None)
        if connection is None:
            raise Unreachable(reason="refused")
        known = self._keepers.get(identity)
        if known is None or known[0] != connection:
            made = self._make_keeper(connection, await models.secrets_of(connection))
            if made is None:
                raise Unreachable(reason="refused")
            self._retire(identity)
            known = self._keepers[identity] = (connection, Draining(made))
        return known

    def renew_keepers(self) -> None:
        """Have all be made anew when they are next wanted: what may be done may have changed."""
        for each in list(self._keepers):
            self._retire(each)

    def _retire(self, connection_id: str) -> None:
        """Have the next keeper be made anew, from the key and the way as they are then."""
        if (known := self._keepers.pop(connection_id, None)) is not None:
            self.services.work.loop.submit(known[1].retire())

    async def aclose(self) -> None:
        """Close all connections. Runs on the loop thread, at the end of the program."""
        for _, keeper in self._keepers.values():
            await keeper.aclose()
