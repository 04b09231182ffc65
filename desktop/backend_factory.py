"""The factory of backends, and what the built-in engine can do on this computer.

Part of the composition root, since it joins protocols, the engine and settings.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.backends.built_in import BuiltInBackend
from desktop.backends.discovery import found_through, probe_loopback
from desktop.backends.ollama import OllamaBackend
from desktop.backends.ollama_keeping import OllamaKeeper
from desktop.backends.ollama_models import free_for_models
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.openai_responses import OpenAIResponsesBackend
from desktop.backends.presets import load_presets
from desktop.backends.wire.proxies import ProxyChoice
from desktop.backends.wire.settings import HttpSettings
from desktop.backends.wire.tls import OwnCertificate
from desktop.core.backend import Backend
from desktop.core.connection import Connection, ConnectionKind, Route, Secrets
from desktop.core.connections.provider import ApiFamily
from desktop.core.connections.tunnel import LoginKeeper
from desktop.core.engine import EngineNeeds, EngineWishes
from desktop.core.errors import EngineFailed, Unreachable
from desktop.core.models.keeping import ModelKeeper
from desktop.core.policy.fixed import Feature, Policy
from desktop.core.trust.ledger import Entry
from desktop.engine import model_file
from desktop.engine.hardware import computing_cores, has_avx2, memory_now
from desktop.engine.process import EngineProcess
from desktop.engine.sizing import needs_of

if TYPE_CHECKING:
    from desktop.backends.ssh import Tunnel

_log = logging.getLogger(__name__)


class BackendFactory:
    """A callable that makes the backend of a connection from its key.

    All methods but `aclose` and `probe` run on the GUI thread.
    """

    def __init__(
        self,
        is_offline: Callable[[], bool],
        model_files: Callable[[], Iterable[Path]],
        record: Callable[[Entry], None],
        policy: Callable[[], Policy] = Policy,
        logins: Callable[[], LoginKeeper] | None = None,
        *,
        trusted_file: Callable[[], str] = str,
        engine_wishes: Callable[[], EngineWishes] = EngineWishes,
    ) -> None:
        """Keep the dependencies. `logins` returns what logins at rented computers ask.

        `trusted_file` returns that of the certificates which the user trusts at all connections; `engine_wishes` is
        looked up on the loop thread.

        `is_offline` is asked before every request: with the offline lock, nothing but this computer is reached.
        `record` is given an entry of the ledger at the beginning and the end of each, on the loop thread.
        """
        self._is_offline = is_offline
        self._record = record
        self._model_files = model_files
        self._policy = policy
        self._logins = logins
        self._tunnels: set[Tunnel] = set()  # logged in or about to be; changed on the loop thread alone
        self._trusted_file = trusted_file
        self._engine_wishes = engine_wishes
        self._engine: EngineProcess | None = None

    def __call__(self, connection: Connection, secrets: Secrets) -> Backend:
        match connection.kind:
            case ConnectionKind.OLLAMA:
                settings = self._settings_of(connection, secrets)
                return OllamaBackend(connection.address, api_key=secrets.key, settings=settings)
            case ConnectionKind.OPENAI_COMPAT:
                return self._openai(connection, secrets)
            case ConnectionKind.BUILT_IN:
                return self._built_in()

    def keeper(self, connection: Connection, secrets: Secrets) -> ModelKeeper | None:
        """Return what gets and deletes models at a connection; None for a server that can't be given any."""
        if connection.kind is not ConnectionKind.OLLAMA or not self._policy().allows(Feature.PULL):
            return None
        settings = self._settings_of(connection, secrets)
        return OllamaKeeper(connection.address, api_key=secrets.key, settings=settings)

    async def probe(self) -> list[Connection]:
        """Return the servers that run on this computer. Runs on the loop thread."""
        return await probe_loopback(os.environ, settings=self._http_settings())

    async def servers_behind(self, connection: Connection, secrets: Secrets) -> list[Connection]:
        """Return the model servers that run on the rented computer of a connection. Runs on the loop thread.

        Raises `BackendError` where nobody gets so far as to look, or nothing is found.
        """
        return await found_through(self._settings_of(connection, secrets))

    async def close_tunnels(self) -> None:
        """End all logins at rented computers, which say now and then that they are there. Runs on the loop thread."""
        for ended in await asyncio.gather(*(each.aclose() for each in self._tunnels), return_exceptions=True):
            if isinstance(ended, Exception):
                _log.error("the end of a login could not be told", exc_info=ended)

    def engine_log(self) -> list[str]:
        """Return the last lines that the built-in engine has printed; empty if none was started."""
        return self._engine.log_lines if self._engine is not None else []

    async def aclose(self) -> None:
        """End the engine. Runs on the loop thread, at the end of the program."""
        if self._engine is not None:
            await self._engine.aclose()

    def _http_settings(self, own: Route | None = None, secrets: Secrets | None = None) -> HttpSettings:
        policy, secrets = self._policy(), secrets or Secrets()
        route = policy.route_of(own or Route())
        shown = OwnCertificate(route.certificate, route.certificate_key, secrets.certificate_password)
        return HttpSettings(
            allow_host=lambda place: place.is_local or not self._is_offline(),
            may_resolve=lambda: not self._is_offline(),
            record=self._record,
            reach=policy.reach,
            proxy=ProxyChoice(route.proxy, route.proxy_address, route.proxy_user, secrets.proxy_password),
            extra_ca_file=policy.extra_ca_file,
            ca_files=tuple(filter(None, (self._trusted_file(), route.ca_file))),
            own_certificate=shown if route.certificate else None,
        )

    def _settings_of(self, connection: Connection, secrets: Secrets) -> HttpSettings:
        """Return the settings of the client for a connection, which may lead through a rented computer."""
        settings = replace(self._http_settings(connection.route, secrets), name=connection.name)
        if connection.ssh is None:
            return settings
        if self._logins is None:  # else it would be asked for at this computer, under the name of that one
            raise Unreachable(host=connection.ssh.host)
        from desktop.backends.ssh import through  # with asyncssh, 16 MiB that few need

        keeper, place = self._logins(), connection.server_place
        return through(connection.ssh, secrets.login, place, settings, keeper, self._tunnels)

    def _openai(self, connection: Connection, secrets: Secrets) -> Backend:
        presets = load_presets()
        preset = presets.get(connection.preset, presets["custom"])
        settings, key = self._settings_of(connection, secrets), secrets.key
        match preset.api:
            case ApiFamily.RESPONSES:
                return OpenAIResponsesBackend(connection.address, key, preset, settings=settings)
            case ApiFamily.CHAT:
                return OpenAICompatBackend(connection.address, key, preset, settings=settings)

    def _built_in(self) -> Backend:
        preset, settings = load_presets()["llama-server"], self._http_settings()
        if self._engine is None:
            self._engine = EngineProcess(wishes=self._engine_wishes)
        return BuiltInBackend(
            self._engine,
            self._files_to_run,
            model_file.describe_model_file,
            lambda address: OpenAICompatBackend(address.base_url, address.key, preset, settings=settings),
        )

    def _files_to_run(self) -> list[Path]:
        """Return the model files that were opened.

        Raises `EngineFailed` if there is no engine, since they were opened in an edition that has one; or if it cannot
        run on this processor.
        """
        _check_engine()
        return list(self._model_files())


def can_reach_rented() -> bool:
    """Return True if there is the part that reaches rented computers."""
    return find_spec("asyncssh") is not None


def engine_is_installed() -> bool:
    """Return True if model files can be run here."""
    return find_spec("xllamacpp") is not None


def engine_can_run() -> bool:
    """Return True if model files can be run here, and this processor is one that the engine is made for."""
    return engine_is_installed() and has_avx2() is not False


def check_model_file(path: Path) -> None:
    """Check that a file can be used here; it may lie on a slow drive. Raises `EngineFailed`."""
    _check_engine()
    model_file.check_model_file(path)


def engine_needs(path: Path) -> EngineNeeds:
    """Return what a model file would take in the engine on this computer now. Raises `EngineFailed`."""
    header, size = model_file.read_header(path)
    return needs_of(header, size, memory_now().available, computing_cores())


def _check_engine() -> None:
    if not engine_is_installed():
        raise EngineFailed(reason="not_installed")
    if not engine_can_run():
        raise EngineFailed(reason="processor")


def room_for_models(connection: Connection | None) -> int | None:
    """Return the bytes that a connection's server has left for models, where it runs on this computer; else None."""
    if connection is None or connection.kind is not ConnectionKind.OLLAMA or not connection.server_place.is_local:
        return None
    return free_for_models(os.environ)
