"""The connections of the program: those that the user saved, servers found on this computer, the built-in engine.

Keeps the list of models up to date with them. Knows no protocol, no file and no keyring: those are handed in.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from desktop.core.connection import Connection, ConnectionKind, Secrets, SshLogin, SshProof
from desktop.core.connections import CheckedModel, ConnectionCheck, LoginGate, TunnelState
from desktop.core.errors import BackendError, Unreachable, failure_of
from desktop.core.events import Failed, Finished, ReasoningDelta, TextDelta
from desktop.core.message import new_id, user_message
from desktop.core.model import Backend, ModelChoice, ModelInfo
from desktop.core.models.place import place_of
from desktop.core.policy.fixed import KeySource, Policy
from desktop.core.request import ChatRequest, Errand, GenerationParams
from desktop.runtime.background import BackgroundTasks, gui_task
from desktop.runtime.services import Services, WithServices
from desktop.store.keys import KeyRing, KeyStorage, KnownHosts

_log = logging.getLogger(__name__)

BUILT_IN_ID = "built_in"
_STALE_SECONDS = 5.0
_CHECK_SECONDS = 20.0  # for the first word; a large model that is not loaded takes longer, which is no fault
_CHECK_QUESTION = "Answer with one word: yes."
_MOST_TOKENS = 16


class Connections(WithServices):
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
        services: Services,
        probe: Callable[[], Coroutine[Any, Any, list[Connection]]],
        keys: Callable[[], KeyRing],
        starter_model: Callable[[], Path | None],
        built_in_name: str,
        *,
        rented: RentedComputers | None = None,
        servers_behind: Callable[[Connection, Secrets], Coroutine[Any, Any, list[Connection]]] | None = None,
    ) -> None:
        """Keep the dependencies.

        `probe` asks this computer which servers run; `starter_model` returns None if no engine could run it. `rented`
        is what is known of rented computers, None where the program cannot reach any; `servers_behind` looks which
        servers run on one.
        """
        super().__init__(services)
        self.rented = rented
        self._servers_behind = servers_behind
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
        self.trusted_file = ""  # certificates that are trusted at all connections
        self._models.changed.connect(self._on_models_changed)

    # What there is

    @property
    def policy(self) -> Policy:
        """The policy of this computer, which may set up connections for all, and say which others there may be."""
        return self.services.policy

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
        self._find_servers()

    def look_if_stale(self) -> None:
        """Look again, unless that was done a moment ago: a server may have been started or a model fetched since."""
        if self.is_settled and time.monotonic() - self._looked_at > _STALE_SECONDS:
            self.look()

    @gui_task
    async def _find_servers(self) -> None:
        found: list[Connection] = []
        if self.policy.found_connections:
            try:
                found = await self._work.on_loop(self._probe())
            except Exception:
                _log.warning("this computer could not be probed for servers", exc_info=True)
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

    # Model files

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

    def _offer(self, files: tuple[str, ...]) -> None:
        self.model_files = files
        self.saved_changed.emit()
        if BUILT_IN_ID not in self._models.set_connections(self._all()):
            self._models.refresh(BUILT_IN_ID)

    # Testing

    @gui_task
    async def test(self, connection: Connection, typed: Secrets) -> None:
        """Ask an unsaved connection for its models; an empty secret stands for the one that is kept.

        Where users add none by the policy, only what is listed is asked, at the address that is listed. A rented
        computer of which no port was told is asked which servers run on it.
        """
        check = ConnectionCheck(connection=self._seen(connection), has_key=bool(typed.key))
        try:
            if not self.policy.own_connections:
                listed = next((each for each in self._all() if each.id == connection.id), None)
                if listed is None:
                    raise Unreachable(host=connection.server_place.host, reason="policy")
                connection = listed
            connection = self._seen(connection)
            if connection.ssh is not None and self.rented is not None:
                self.rented.gate.forget(connection.ssh)  # the user tries it once more
            secrets = await self._secrets_to_test(connection, typed)
            check = replace(check, connection=connection, has_key=bool(secrets.key))
            if not connection.address and self._servers_behind is not None:
                self.servers_found.emit(await self._work.on_loop(self._servers_behind(connection, secrets)))
                return
            found = await self._models.try_backend(connection, secrets, lambda backend: backend.list_models())
        except Exception as error:
            check = replace(check, failure=failure_of(error))
            self.tested.emit(None, check.failure)
            self.checked.emit(check)
            return
        self.tested.emit(found, None)
        check = replace(check, models=found)
        self.checked.emit(check)
        if (model := model_to_ask(connection, found)) is not None:
            checked = await self._models.try_backend(connection, secrets, lambda backend: check_model(backend, model))
            self.checked.emit(replace(check, checked=checked))

    async def _secrets_to_test(self, connection: Connection, typed: Secrets) -> Secrets:
        marked = self._marked(connection, typed)
        try:
            return await self._work.slowly(lambda: self.secrets_of(marked, typed))
        except Exception:
            _log.warning("the keyring could not be asked", exc_info=True)
            return typed

    # Saving

    def save(self, connection: Connection, typed: Secrets) -> None:
        """Save a connection, new or changed; an empty secret leaves the one that is kept for it."""
        if (fixed := self.policy.connection_with(connection.id)) is not None:
            self._keep_secrets(fixed.connection, typed if fixed.key is KeySource.ASK else Secrets())
            return
        if not self.policy.own_connections:
            return
        connection = self._marked(connection, typed)
        before = [each for each in self.saved if each.id == connection.id]
        if connection.id in {each.id for each in self._found} and connection.id != connection.origin:
            connection = replace(connection, id=new_id())  # a found server that the user has pointed elsewhere
        self._found = [each for each in self._found if each.origin != connection.origin]
        self.saved = tuple(connection if each.id == connection.id else each for each in self.saved)  # in their order
        if connection not in self.saved:
            self.saved += (connection,)
        self.last_saved = connection.id
        self.saved_changed.emit()
        self._keep_secrets(connection, typed)
        for each in before:
            of_server = {each.origin, each.ssh.secret_origin if each.ssh is not None else ""}
            self.forget_key(*self._names_of(each) - of_server)
            for origin in (self._names_of(each) & of_server) - self._names_in_use():
                self.key_left.emit(origin)  # it may be wanted yet: the user is asked

    def trust(self, file: str) -> None:
        """Trust the certificates in a file at all connections; empty: none beside the system's."""
        if file != self.trusted_file:
            self.trusted_file = file
            self.saved_changed.emit()

    def remove(self, connection_id: str) -> None:
        """Remove a connection, and its secrets if no other connection uses them."""
        gone = next((each for each in self.saved if each.id == connection_id), None)
        if gone is None:
            return
        self.saved = tuple(each for each in self.saved if each.id != connection_id)
        self.saved_changed.emit()
        self.forget_key(*self._names_of(gone))
        self.removed.emit(connection_id)
        self._models.set_connections(self._all())

    # Secrets, and the names under which the keyring has them

    def _places(self, connection: Connection) -> dict[str, tuple[str, bool]]:
        """Return, for each field of `Secrets`, the name under which it is kept, and whether one is."""
        route, login = self.policy.route_of(connection.route), connection.ssh
        return {
            "key": (connection.origin, connection.has_key),
            "proxy_password": (route.proxy_origin, route.has_proxy_password),
            "certificate_password": (connection.certificate_origin, route.has_certificate_password),
            "login": (login.secret_origin, login.has_secret) if login is not None else ("", False),
        }

    def secrets_of(self, connection: Connection, typed: Secrets | None = None) -> Secrets:
        """Return the secrets of a connection; what was typed just now comes first. Runs on the slow thread."""
        found = asdict(typed or Secrets())
        for field, (name, is_kept) in self._places(connection).items():
            if not found[field] and name and is_kept:
                found[field] = self._keys().get(name) or ""
        return Secrets(**found)

    @gui_task
    async def _keep_secrets(self, connection: Connection, typed: Secrets) -> None:
        """Keep what was typed, and say where it went; then the connection is opened anew."""
        named = [(name, getattr(typed, field)) for field, (name, _) in self._places(connection).items()]
        to_keep = [(name, secret) for name, secret in named if name and secret]
        if to_keep:
            try:
                went = await self._work.slowly(lambda: [self._keys().set(*each) for each in to_keep])
            except Exception:
                _log.warning("a secret could not be kept", exc_info=True)
            else:
                self.key_stored.emit(KeyStorage.SESSION if KeyStorage.SESSION in went else went[0])
        if connection.id not in self._models.set_connections(self._all()):
            self._models.forget_key(connection.id)

    @gui_task
    async def forget_login(self, login: SshLogin) -> None:
        """Forget the secrets of a user at a computer, also where they are in use; others have to be given."""
        same = [each for each in self.saved if each.ssh is not None and each.ssh.origin == login.origin]
        await self._delete({login.secret_origin, *(each.ssh.secret_origin for each in same if each.ssh is not None)})
        for each in same:
            self._models.forget_key(each.id)

    @gui_task
    async def forget_key(self, *names: str) -> None:
        """Delete the keys and other secrets of these names, such as a server's origin, that no connection uses."""
        if unused := set(names) - self._names_in_use():
            await self._delete(unused)

    async def _delete(self, names: set[str]) -> None:
        def delete() -> None:
            for each in names:
                self._keys().delete(each)

        try:
            await self._work.slowly(delete)
        except Exception:
            _log.warning("a secret could not be forgotten", exc_info=True)

    def _names_of(self, connection: Connection) -> set[str]:
        """Return the names under which secrets of a connection are kept."""
        return {name for name, is_kept in self._places(connection).values() if name and is_kept}

    def _names_in_use(self) -> set[str]:
        known = (*self.saved, *(each.connection for each in self.policy.connections))
        return {name for each in known for name in self._names_of(each)}

    def _marked(self, connection: Connection, typed: Secrets) -> Connection:
        """Return the connection, marked as having the secrets that were typed now, or kept for the same before."""
        route, in_use = connection.route, self._names_in_use()
        earlier = next((each.route for each in self.saved if each.id == connection.id), None)
        had_password = (
            earlier is not None and earlier.has_certificate_password and earlier.certificate == route.certificate
        )
        proxy = self.policy.route_of(route).proxy_origin
        route = replace(
            route,
            has_proxy_password=bool(proxy) and (bool(typed.proxy_password) or proxy in in_use),
            has_certificate_password=bool(route.certificate) and (bool(typed.certificate_password) or had_password),
        )
        has_key = bool(typed.key) or connection.origin in in_use
        return self._seen(replace(connection, has_key=has_key, route=route, ssh=self._marked_login(connection, typed)))

    def _marked_login(self, connection: Connection, typed: Secrets) -> SshLogin | None:
        """Return the login, marked as having the secret that was typed now, or kept for the same means before."""
        if (login := connection.ssh) is None:
            return None
        same = (each.ssh for each in self.saved if each.ssh is not None and each.ssh.origin == login.origin)
        had = any(each.has_secret and (each.proof, each.key_file) == (login.proof, login.key_file) for each in same)
        return replace(login, has_secret=login.proof is not SshProof.AGENT and (bool(typed.login) or had))


class RentedComputers(QObject):
    """The rented computers of connections: how the ways to them stand, and by which keys they are known.

    What a login asks comes from the loop thread; what the user says comes from the window.
    """

    changed = Signal()  # a state
    _told = Signal()

    def __init__(self, work: BackgroundTasks, hosts: KnownHosts) -> None:
        super().__init__(work)
        self.gate = LoginGate()
        self._work = work
        self._hosts = hosts
        self._states: dict[str, TunnelState] = {}  # by origins of logins
        self._shown: dict[tuple[str, int, str], str] = {}  # the keys that computers have shown, by fingerprints
        self._told.connect(self.changed, Qt.ConnectionType.QueuedConnection)

    def known_keys(self, login: SshLogin) -> Sequence[str]:
        return self._hosts.known(login.host, login.port)

    def note_key(self, login: SshLogin, key: str, fingerprint: str) -> None:
        self._shown[(login.host, login.port, fingerprint)] = key

    def note_state(self, login: SshLogin, state: TunnelState) -> None:
        if self.state_of(login) is not state:
            self._states[login.origin] = state
            self._told.emit()

    def state_of(self, login: SshLogin) -> TunnelState:
        """Return how the way through a computer stands."""
        return self._states.get(login.origin, TunnelState.CLOSED)

    @gui_task
    async def confirm(self, login: SshLogin, fingerprint: str, then: Callable[[], None]) -> None:
        """Know a computer by the key whose fingerprint the user has confirmed, and then call `then`.

        Another one that it has shown meanwhile is not remembered; nor is one that this computer has never shown.
        """
        key = self._shown.get((login.host, login.port, fingerprint))
        if key is not None:
            await self._work.run(self._hosts.remember, login.host, login.port, key)
        then()

    @gui_task
    async def renew(self, login: SshLogin) -> None:
        """Take a computer for another one than before, and forget its keys."""
        self.gate.forget(login)
        await self._work.run(self._hosts.forget, login.host, login.port)


def model_to_ask(connection: Connection, models: Sequence[ModelInfo]) -> ModelInfo | None:
    """Return the model that is to answer in a test: the smallest that the server runs itself, if it runs any."""
    own = [each for each in models if each.can_chat and place_of(connection, each) == connection.server_place]
    return min(own, key=lambda each: each.size_on_disk or 0, default=None)


async def check_model(backend: Backend, model: ModelInfo, *, seconds: float = _CHECK_SECONDS) -> CheckedModel:
    """Return what the server tells of a model, and if a word of it comes. Nothing of the user's is sent."""
    try:
        known = await backend.describe(model.name)
    except BackendError:
        known = model
    # With the window that it is loaded with, if it is: another one would have it loaded anew.
    params = GenerationParams(max_tokens=_MOST_TOKENS, context_length=known.loaded_context)
    request = ChatRequest(model.name, (user_message(_CHECK_QUESTION),), params=params, errand=Errand.TEST)
    try:
        async with asyncio.timeout(seconds), aclosing(backend.stream(request)) as events:  # type: ignore[type-var]
            async for event in events:
                match event:
                    case ReasoningDelta():
                        return CheckedModel(model=known, showed_thinking=True)
                    case TextDelta() | Finished():
                        break
                    case Failed(error):
                        raise error
    except TimeoutError:
        return CheckedModel(model=known, is_slow=True)
    except BackendError as error:
        return CheckedModel(model=known, failure=error.as_failure())
    return CheckedModel(model=known)
