"""The connections of the program: those that the user saved, servers found on this computer, the built-in engine.

Keeps the list of models up to date with them. Knows no protocol, no file and no keyring: those are handed in.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.connections.check import ConnectionCheck
from desktop.core.errors import BackendError
from desktop.core.message import Failure, new_id
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.policy.fixed import KeySource, Policy
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.threads.background_tasks import BackgroundTasks

BUILT_IN_ID = "built_in"
_STALE_SECONDS = 5.0


class Keys(Protocol):
    """The store of API keys, by origin. Every call may wait for the user; `set` returns `keyring` or `session`."""

    def get(self, origin: str, /) -> str | None: ...
    def set(self, origin: str, key: str, /) -> str: ...
    def delete(self, origin: str, /) -> bool: ...


class Connections(QObject):
    """The connections of the program.

    `settled` is emitted once this computer was probed and all connections have answered.
    """

    settled = Signal()
    saved_changed = Signal()  # `saved` or `model_files` are to be remembered
    file_forgotten = Signal(str)  # the path of a model file that is not offered any more
    key_stored = Signal(str)  # keyring | session
    key_left = Signal(str)  # the origin of a key that no connection uses any more, since an address was changed
    tested = Signal(object, object)  # list[ModelInfo] or None, Failure or None
    checked = Signal(object)  # ConnectionCheck: how each step of a test went, again when more is known

    def __init__(
        self,
        work: BackgroundTasks,
        models: ModelDirectory,
        probe: Callable[[], Coroutine[Any, Any, list[Connection]]],
        keys: Callable[[], Keys],
        starter_model: Callable[[], Path | None],
        built_in_name: str,
        parent: QObject | None = None,
        *,
        policy: Policy | None = None,
    ) -> None:
        """Keep the dependencies.

        `probe` asks this computer which servers run; `starter_model` returns None if no engine could run it. `policy`
        may set up connections for all users, and say which others there may be.
        """
        super().__init__(parent)
        self.policy = policy or Policy()
        self._work = work
        self._models = models
        self._probe = probe
        self._keys = keys
        self._starter_model = starter_model
        self._built_in_name = built_in_name
        self._found: list[Connection] = []
        self._was_probed = False
        self._looked_at = -_STALE_SECONDS
        self.last_saved = ""  # the connection that was saved last, until somebody has taken notice
        self.saved: tuple[Connection, ...] = ()
        self.model_files: tuple[str, ...] = ()
        models.changed.connect(self._on_models_changed)

    @property
    def engine(self) -> Connection:
        """The built-in engine, which is offered while it has a file to run."""
        return Connection(kind=ConnectionKind.BUILT_IN, name=self._built_in_name, address="", id=BUILT_IN_ID)

    @property
    def is_settled(self) -> bool:
        """True if all that were asked have answered."""
        return self._was_probed and not self._models.is_loading

    @property
    def are_set_up(self) -> bool:
        """True if the user has saved some, or the policy of this computer has set up some."""
        return bool(self.saved or self.policy.connections)

    def look(self) -> None:
        """Ask the connections for their models, and probe this computer for servers: its loopback only."""
        self._was_probed = False
        self._looked_at = time.monotonic()
        self._models.set_connections(self._all())
        self._models.refresh()
        if self.policy.found_connections:
            self._work.run_on_loop(self._probe(), self._on_probed, lambda error: self._on_probed([]))
        else:
            self._on_probed([])

    def look_if_stale(self) -> None:
        """Look again, unless that was done a moment ago: a server may have been started or a model fetched since."""
        if self.is_settled and time.monotonic() - self._looked_at > _STALE_SECONDS:
            self.look()

    def files(self) -> list[Path]:
        """Return the model files of the built-in engine: those that were opened, and the starter model."""
        opened = [Path(each) for each in self.model_files] if self.policy.model_files else []
        starter = self._starter_model()
        return [*opened, *([starter] if starter is not None and starter not in opened else [])]

    def open_file(self, path: str) -> ModelChoice:
        """Offer a model file, and return the choice of it."""
        file = str(Path(path).expanduser().absolute())
        self._offer((file, *(each for each in self.model_files if each != file)))
        return ModelChoice(BUILT_IN_ID, file)

    def forget_file(self, path: str) -> None:
        """Offer a model file no more; the file itself stays."""
        self._offer(tuple(each for each in self.model_files if each != path))
        self.file_forgotten.emit(path)

    def test(self, connection: Connection, key: str) -> None:
        """Ask an unsaved connection for its models; an empty key stands for the one that is kept."""

        connection = self._seen(connection)

        def ask(known: str) -> None:
            self._models.test(
                connection,
                known,
                lambda found: self._look_closer(connection, known, found),
                lambda error: self._say(connection, known, None, error),
            )

        if key:
            ask(key)
        else:
            marked = self._marked(connection, key)
            self._work.run_slowly(lambda: self.key_of(marked), ask, lambda error: ask(""))

    def save(self, connection: Connection, key: str) -> None:
        """Save a connection, new or changed; an empty key leaves the one that is kept for its server."""
        if (fixed := self.policy.connection_with(connection.id)) is not None:
            self._keep_key_of(fixed.connection, key if fixed.key is KeySource.ASK else "")
            return
        if not self.policy.own_connections:
            return
        connection = self._marked(connection, key)
        before = next((each for each in self.saved if each.id == connection.id), None)
        if connection.id in {each.id for each in self._found} and connection.id != connection.origin:
            connection = replace(connection, id=new_id())  # a found server that the user has pointed elsewhere
        self._found = [each for each in self._found if each.origin != connection.origin]
        self.saved = tuple(connection if each.id == connection.id else each for each in self.saved)  # in their order
        if connection not in self.saved:
            self.saved += (connection,)
        self.last_saved = connection.id
        self.saved_changed.emit()
        self._keep_key_of(connection, key)
        if before is not None and before.has_key and not self._is_used(before.origin):
            self.key_left.emit(before.origin)

    def forget_key(self, origin: str) -> None:
        """Delete the key of a server that no connection leads to any more."""
        if not self._is_used(origin):
            self._work.run_slowly(lambda: self._keys().delete(origin))

    def _is_used(self, origin: str) -> bool:
        known = (*self.saved, *(each.connection for each in self.policy.connections))
        return any(each.origin == origin for each in known)

    def _keep_key_of(self, connection: Connection, key: str) -> None:
        if key:
            self._work.run_slowly(
                lambda: self._keys().set(connection.origin, key),
                lambda storage: self._on_key_stored(connection, storage),
                lambda error: self._on_key_stored(connection, ""),
            )
        else:
            self._on_key_stored(connection, "")

    def remove(self, connection_id: str) -> None:
        """Remove a connection, and its key if no other connection uses it."""
        gone = next((each for each in self.saved if each.id == connection_id), None)
        if gone is None:
            return
        self.saved = tuple(each for each in self.saved if each.id != connection_id)
        self.saved_changed.emit()
        if gone.has_key:
            self.forget_key(gone.origin)
        self._models.set_connections(self._all())

    def key_of(self, connection: Connection) -> str:
        """Return the key of a connection, empty if it has none. Runs on the slow thread."""
        return (self._keys().get(connection.origin) or "") if connection.has_key else ""

    def _all(self) -> list[Connection]:
        fixed = [each.connection for each in self.policy.connections]
        own = self.saved if self.policy.own_connections else ()
        servers = [self._seen(each) for each in (*fixed, *own, *self._found)]
        return [*servers, *([self.engine] if self.files() else [])]

    def _seen(self, connection: Connection) -> Connection:
        """Return a connection with the place that the policy of this computer says it has."""
        by_address = replace(connection, is_inside=False).server_place
        return replace(connection, is_inside=self.policy.reach.seen(by_address) != by_address)

    def _offer(self, files: tuple[str, ...]) -> None:
        self.model_files = files
        self.saved_changed.emit()
        if BUILT_IN_ID not in self._models.set_connections(self._all()):
            self._models.refresh(BUILT_IN_ID)

    def _marked(self, connection: Connection, key: str) -> Connection:
        """Return the connection, marked as having a key if one was typed now or kept for the same server before."""
        known = (*self.saved, *(each.connection for each in self.policy.connections))
        before = {each.origin for each in known if each.has_key}
        return self._seen(replace(connection, has_key=bool(key) or connection.origin in before))

    def _on_probed(self, found: list[Connection]) -> None:
        saved = {each.origin for each in self._all() if each not in self._found}
        # Named by where they are, so that a conversation finds its server again at the next start.
        self._found = [replace(each, id=each.origin) for each in found if each.origin not in saved]
        self._was_probed = True
        self._models.set_connections(self._all())
        self._on_models_changed()

    def _on_models_changed(self) -> None:
        if self.is_settled:
            self.settled.emit()

    def _on_key_stored(self, connection: Connection, storage: str) -> None:
        if storage:
            self.key_stored.emit(storage)
        if connection.id not in self._models.set_connections(self._all()):
            self._models.forget_key(connection.id)

    def _look_closer(self, connection: Connection, key: str, found: list[ModelInfo]) -> None:
        """Say which models there are, and have one of them answer."""
        from desktop.runtime.models.connection_check import check_model, model_to_ask  # no start waits for asyncio

        self._say(connection, key, found, None)
        check = ConnectionCheck(connection=connection, has_key=bool(key), models=found)
        model = model_to_ask(connection, found)
        if model is not None:
            self._models.try_backend(
                connection,
                key,
                lambda backend: check_model(backend, model),
                lambda known: self.checked.emit(replace(check, checked=known)),
            )

    def _say(self, connection: Connection, key: str, found: list[ModelInfo] | None, error: Exception | None) -> None:
        failure = None
        if isinstance(error, BackendError):
            failure = error.as_failure()
        elif error is not None:
            failure = Failure("backend_error", type(error).__name__)
        self.tested.emit(found, failure)
        self.checked.emit(ConnectionCheck(connection=connection, has_key=bool(key), models=found, failure=failure))
