"""The connections of the program: those that the user saved, servers found on this computer, the built-in engine.

Keeps the list of models up to date with them. Knows no protocol, no file and no keyring: those are handed in.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.core.connection import Connection, ConnectionKind, Secrets, SshLogin, SshProof
from desktop.core.connections.check import ConnectionCheck
from desktop.core.errors import BackendError, Unreachable
from desktop.core.message import Failure, new_id
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.policy.fixed import KeySource, Policy
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.models.rented import RentedComputers
from desktop.runtime.models.wallet import Keys, Wallet

BUILT_IN_ID = "built_in"
_STALE_SECONDS = 5.0


class Connections(QObject):
    """The connections of the program.

    `settled` is emitted once this computer was probed and all connections have answered.
    """

    settled = Signal()
    saved_changed = Signal()  # `saved`, `model_files` or `trusted_file` are to be remembered
    removed = Signal(str)  # the id of a connection that is there no more
    file_forgotten = Signal(str)  # the path of a model file that is not offered any more
    key_stored = Signal(str)  # keyring | session
    key_left = Signal(str)  # the origin of a key that no connection uses any more, since an address was changed
    tested = Signal(object, object)  # list[ModelInfo] or None, Failure or None
    servers_found = Signal(object)  # list[Connection]: the model servers on a rented computer
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
        rented: RentedComputers | None = None,
        servers_behind: Callable[[Connection, Secrets], Coroutine[Any, Any, list[Connection]]] | None = None,
    ) -> None:
        """Keep the dependencies.

        `probe` asks this computer which servers run; `starter_model` returns None if no engine could run it. `policy`
        may set up connections for all users, and say which others there may be. `rented` is what is known of rented
        computers, None where the program cannot reach any; `servers_behind` looks which servers run on one.
        """
        super().__init__(parent)
        self.policy = policy or Policy()
        self.rented = rented
        self._servers_behind = servers_behind
        self._work = work
        self._models = models
        self._probe = probe
        self._wallet = Wallet(keys, lambda route: self.policy.route_of(route))
        self._starter_model = starter_model
        self._built_in_name = built_in_name
        self._found: list[Connection] = []
        self._was_probed = False
        self._looked_at = -_STALE_SECONDS
        self.last_saved = ""  # the connection that was saved last, until somebody has taken notice
        self.saved: tuple[Connection, ...] = ()
        self.model_files: tuple[str, ...] = ()
        self.trusted_file = ""  # certificates that are trusted at all connections
        models.changed.connect(self._on_models_changed)

    @property
    def engine(self) -> Connection:
        """The built-in engine, which is offered while it has a file to run."""
        return Connection(kind=ConnectionKind.BUILT_IN, name=self._built_in_name, address="", id=BUILT_IN_ID)

    @property
    def is_settled(self) -> bool:
        """True if all that were asked have answered."""
        return self._was_probed and not self._models.is_asking

    @property
    def are_set_up(self) -> bool:
        """True if the user has saved some, or the policy of this computer has set up some."""
        return bool(self.saved or self.policy.connections)

    def look(self) -> None:
        """Ask the connections for their models, and probe this computer for servers: its loopback only."""
        self._was_probed = False
        self._models.are_more_expected = True
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

    def test(self, connection: Connection, typed: Secrets) -> None:
        """Ask an unsaved connection for its models; an empty secret stands for the one that is kept.

        Where users add none by the policy, only what is listed is asked, at the address that is listed.
        """
        if not self.policy.own_connections:
            listed = next((each for each in self._all() if each.id == connection.id), None)
            if listed is None:
                host = connection.server_place.host
                self._say(connection, typed, None, Unreachable(host=host, reason="policy"))
                return
            connection = listed
        connection = self._seen(connection)

        def ask(known: Secrets) -> None:
            self._models.test(
                connection,
                known,
                lambda found: self._look_closer(connection, known, found),
                lambda error: self._say(connection, known, None, error),
            )

        marked = self._marked(connection, typed)
        if connection.ssh is not None and self.rented is not None:
            self.rented.gate.forget(connection.ssh)  # the user tries it once more
        begin = ask if connection.address else lambda known: self._look_behind(connection, known)
        self._work.run_slowly(lambda: self._wallet.secrets_of(marked, typed), begin, lambda error: begin(typed))

    def _look_behind(self, connection: Connection, secrets: Secrets) -> None:
        """Look which model servers run on a rented computer, where the port of none was told."""
        if self._servers_behind is not None:
            self._work.run_on_loop(
                self._servers_behind(connection, secrets),
                self.servers_found.emit,
                lambda error: self._say(connection, secrets, None, error),
            )

    def save(self, connection: Connection, typed: Secrets) -> None:
        """Save a connection, new or changed; an empty secret leaves the one that is kept for it."""
        if (fixed := self.policy.connection_with(connection.id)) is not None:
            self._keep_secrets(fixed.connection, typed if fixed.key is KeySource.ASK else Secrets())
            return
        if not self.policy.own_connections:
            return
        connection = self._marked(connection, typed)
        before = next((each for each in self.saved if each.id == connection.id), None)
        if connection.id in {each.id for each in self._found} and connection.id != connection.origin:
            connection = replace(connection, id=new_id())  # a found server that the user has pointed elsewhere
        self._found = [each for each in self._found if each.origin != connection.origin]
        self.saved = tuple(connection if each.id == connection.id else each for each in self.saved)  # in their order
        if connection not in self.saved:
            self.saved += (connection,)
        self.last_saved = connection.id
        self.saved_changed.emit()
        self._keep_secrets(connection, typed)
        if before is not None:
            self._forget_of_route(before, connection)
            for origin in _origins_of(before):
                if not self._is_used(origin):
                    self.key_left.emit(origin)

    def trust(self, file: str) -> None:
        """Trust the certificates in a file at all connections; empty: none beside the system's."""
        if file != self.trusted_file:
            self.trusted_file = file
            self.saved_changed.emit()

    def forget_key(self, origin: str) -> None:
        """Delete the key of a server, or the secret of a login, that no connection leads to any more."""
        if not self._is_used(origin):
            self._work.run_slowly(lambda: self._wallet.forget(origin))

    def _is_used(self, origin: str) -> bool:
        known = (*self.saved, *(each.connection for each in self.policy.connections))
        logins = {each.ssh.secret_origin for each in known if each.ssh is not None and each.ssh.has_secret}
        return origin in logins or any(each.origin == origin for each in known)

    def forget_login(self, login: SshLogin) -> None:
        """Forget the secrets of a user at a computer, also where they are in use; others have to be given."""
        same = [each for each in self.saved if each.ssh is not None and each.ssh.origin == login.origin]
        names = {login.secret_origin, *(each.ssh.secret_origin for each in same if each.ssh is not None)}

        def reopen(_: object) -> None:
            for each in same:
                self._models.forget_key(each.id)

        self._work.run_slowly(lambda: self._wallet.forget(*names), reopen, reopen)

    def _keep_secrets(self, connection: Connection, typed: Secrets) -> None:
        if typed != Secrets():
            self._work.run_slowly(
                lambda: self._wallet.keep(connection, typed),
                lambda storage: self._on_secrets_stored(connection, storage),
                lambda error: self._on_secrets_stored(connection, ""),
            )
        else:
            self._on_secrets_stored(connection, "")

    def _forget_of_route(self, before: Connection, after: Connection | None) -> None:
        """Delete the passwords that a connection had for its way, and has no more."""
        unused = []
        proxy = self._proxy_known_at(before)
        if proxy and all(self._proxy_known_at(each) != proxy for each in self.saved):
            unused.append(proxy)
        if before.route.has_certificate_password and (after is None or not after.route.has_certificate_password):
            unused.append(before.certificate_origin)
        if unused:
            self._work.run_slowly(lambda: self._wallet.forget(*unused))

    def _proxy_known_at(self, connection: Connection) -> str:
        """Return the name under which the password of a connection's proxy is kept; empty where there is none."""
        route = self.policy.route_of(connection.route)
        return route.proxy_origin if route.has_proxy_password else ""

    def remove(self, connection_id: str) -> None:
        """Remove a connection, and its secrets if no other connection uses them."""
        gone = next((each for each in self.saved if each.id == connection_id), None)
        if gone is None:
            return
        self.saved = tuple(each for each in self.saved if each.id != connection_id)
        self.saved_changed.emit()
        for origin in _origins_of(gone):
            self.forget_key(origin)
        self._forget_of_route(gone, None)
        self.removed.emit(connection_id)
        self._models.set_connections(self._all())

    def secrets_of(self, connection: Connection) -> Secrets:
        """Return the secrets of a connection. Runs on the slow thread."""
        return self._wallet.secrets_of(connection)

    def _all(self) -> list[Connection]:
        fixed = [each.connection for each in self.policy.connections]
        taken = {each.id for each in fixed}  # a user's settings name none of these anew
        own = [each for each in self.saved if each.id not in taken] if self.policy.own_connections else ()
        found = self._found if self.policy.found_connections else ()
        # Without the part that reaches rented computers, a connection through one has no way.
        can_open = (each for each in (*fixed, *own, *found) if each.ssh is None or self.rented is not None)
        servers = [self._seen(each) for each in can_open]
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

    def _marked(self, connection: Connection, typed: Secrets) -> Connection:
        """Return the connection, marked as having the secrets that were typed now, or kept for the same before."""
        known = (*self.saved, *(each.connection for each in self.policy.connections))
        before = {each.origin for each in known if each.has_key}
        route, earlier = connection.route, next((each for each in self.saved if each.id == connection.id), None)
        proxies = {self._proxy_known_at(each) for each in self.saved}
        has_same = earlier is not None and earlier.route.certificate == route.certificate
        had_password = has_same and earlier is not None and earlier.route.has_certificate_password
        proxy_origin = self.policy.route_of(route).proxy_origin
        route = replace(
            route,
            has_proxy_password=bool(proxy_origin) and (bool(typed.proxy_password) or proxy_origin in proxies),
            has_certificate_password=bool(route.certificate) and (bool(typed.certificate_password) or had_password),
        )
        has_key = bool(typed.key) or connection.origin in before
        return self._seen(replace(connection, has_key=has_key, route=route, ssh=self._marked_login(connection, typed)))

    def _marked_login(self, connection: Connection, typed: Secrets) -> SshLogin | None:
        """Return the login, marked as having the secret that was typed now, or kept for the same means before."""
        if (login := connection.ssh) is None:
            return None
        same = (each.ssh for each in self.saved if each.ssh is not None and each.ssh.origin == login.origin)
        had = any(each.has_secret and (each.proof, each.key_file) == (login.proof, login.key_file) for each in same)
        return replace(login, has_secret=login.proof is not SshProof.AGENT and (bool(typed.login) or had))

    def _on_probed(self, found: list[Connection]) -> None:
        saved = {each.origin for each in self._all() if each not in self._found}
        # Named by where they are, so that a conversation finds its server again at the next start.
        self._found = [replace(each, id=each.origin) for each in found if each.origin not in saved]
        self._was_probed = True
        self._models.are_more_expected = False
        self._models.set_connections(self._all())
        self._on_models_changed()

    def _on_models_changed(self) -> None:
        if self.is_settled:
            self.settled.emit()

    def _on_secrets_stored(self, connection: Connection, storage: str) -> None:
        if storage:
            self.key_stored.emit(storage)
        if connection.id not in self._models.set_connections(self._all()):
            self._models.forget_key(connection.id)

    def _look_closer(self, connection: Connection, secrets: Secrets, found: list[ModelInfo]) -> None:
        """Say which models there are, and have one of them answer."""
        from desktop.runtime.models.connection_check import check_model, model_to_ask  # no start waits for asyncio

        self._say(connection, secrets, found, None)
        check = ConnectionCheck(connection=connection, has_key=bool(secrets.key), models=found)
        model = model_to_ask(connection, found)
        if model is not None:
            self._models.try_backend(
                connection,
                secrets,
                lambda backend: check_model(backend, model),
                lambda known: self.checked.emit(replace(check, checked=known)),
            )

    def _say(
        self, connection: Connection, secrets: Secrets, found: list[ModelInfo] | None, error: Exception | None
    ) -> None:
        failure = None
        if isinstance(error, BackendError):
            failure = error.as_failure()
        elif error is not None:
            failure = Failure("backend_error", type(error).__name__)
        self.tested.emit(found, failure)
        self.checked.emit(
            ConnectionCheck(connection=connection, has_key=bool(secrets.key), models=found, failure=failure)
        )


def _origins_of(connection: Connection) -> list[str]:
    """Return the names under which the key of a connection, and the secret of its login, are kept."""
    login = connection.ssh
    secret = [login.secret_origin] if login is not None and login.has_secret else []
    return [*([connection.origin] if connection.has_key else []), *secret]
