"""The keepers of models: one for each server that can be given some, made when it is first wanted.

Knows no protocol; what makes a keeper is handed in. Keys may have to be waited for, on a thread of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.core.connection import Connection, Secrets
from desktop.core.model import ModelChoice
from desktop.core.models.keeping import ModelKeeper
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.models.draining_keeper import DrainingKeeper

KeeperFactory = Callable[[Connection, Secrets], ModelKeeper | None]


class Keepers(QObject):
    """The keepers of the program's connections. All methods run on the GUI thread."""

    deleted = Signal(object)  # ModelChoice: it is there no more

    def __init__(
        self,
        work: BackgroundTasks,
        models: ModelDirectory,
        secrets_of: Callable[[Connection], Secrets],
        make_keeper: KeeperFactory,
        always: tuple[Connection, ...] = (),
    ) -> None:
        """Keep the dependencies. `secrets_of` may block; `make_keeper` returns None for a server that keeps no models.

        `always`: connections that keep models also where they are not listed, since they have none yet.
        """
        super().__init__()
        self._work = work
        self._models = models
        self._secrets_of = secrets_of
        self._make_keeper = make_keeper
        self._always = always
        self._keepers: dict[str, tuple[Connection, DrainingKeeper]] = {}
        self._retired: list[DrainingKeeper] = []  # through which a download may still be running
        models.dropped.connect(self._retire)

    def with_keeper(self, connection_id: str, use: Callable[[ModelKeeper | None], None]) -> None:
        """Call `use` with the keeper of a connection, at once or soon; None where there is none."""
        connection = self.connection(connection_id)
        known = self._keepers.get(connection_id)
        if connection is None or (known is not None and known[0] == connection):
            use(known[1] if known is not None and connection is not None else None)
            return

        def open_with(secrets: Secrets) -> None:
            made = self._make_keeper(connection, secrets)
            keeper = DrainingKeeper(made) if made is not None else None
            if keeper is not None:
                self._retire(connection_id)
                self._keepers[connection_id] = (connection, keeper)
            use(keeper)

        if not connection.has_secrets:
            open_with(Secrets())
        else:
            failed = Secrets()
            self._work.run_slowly(lambda: self._secrets_of(connection), open_with, lambda error: open_with(failed))

    def renew(self) -> None:
        """Have all be made anew when they are next wanted: what may be done may have changed."""
        for each in list(self._keepers):
            self._retire(each)

    def connection(self, connection_id: str) -> Connection | None:
        """Return a connection of the program; None where it is not there (any more)."""
        listed = (each.connection for each in self._models.listings)
        return next((each for each in (*listed, *self._always) if each.id == connection_id), None)

    def delete(
        self, choice: ModelChoice, on_success: Callable[[], None], on_failure: Callable[[Exception], None]
    ) -> None:
        """Delete a model at its server, and have that list its models anew."""

        def done(_: Any) -> None:
            self._models.refresh(choice.connection_id)
            self.deleted.emit(choice)
            on_success()

        self._run(choice, lambda keeper: keeper.delete(choice.model), done, on_failure)

    def unload(
        self, choice: ModelChoice, on_success: Callable[[], None], on_failure: Callable[[Exception], None]
    ) -> None:
        """Have a model leave its server's memory now."""
        self._run(choice, lambda keeper: keeper.unload(choice.model), lambda _: on_success(), on_failure)

    async def aclose(self) -> None:
        """Close all connections. Runs on the loop thread, at the end of the program."""
        for keeper in [*(each for _, each in self._keepers.values()), *self._retired]:
            await keeper.aclose()

    def _run(
        self,
        choice: ModelChoice,
        ask: Callable[[ModelKeeper], Any],
        on_success: Callable[[Any], None],
        on_failure: Callable[[Exception], None],
    ) -> None:
        def use(keeper: ModelKeeper | None) -> None:
            if keeper is None:
                on_failure(LookupError(f"{choice.connection_id} keeps no models"))
            else:
                _: Future[Any] = self._work.run_on_loop(ask(keeper), on_success, on_failure)

        self.with_keeper(choice.connection_id, use)

    def _retire(self, connection_id: str) -> None:
        """Have the next one be made anew, from the key and the way as they are then."""
        known = self._keepers.pop(connection_id, None)
        if known is not None:
            self._retired = [each for each in self._retired if not each.is_closed] + [known[1]]
            self._work.loop.submit(known[1].retire())
