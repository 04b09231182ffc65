"""The factory of backends, and what the built-in engine can do on this computer.

Part of the composition root, since it joins protocols, the engine and settings.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from desktop.backends.built_in import BuiltInBackend
from desktop.backends.discovery import found_through, probe_loopback
from desktop.backends.ollama import OllamaBackend
from desktop.backends.ollama_keeping import OllamaKeeper
from desktop.backends.ollama_models import free_for_models
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.backends.wire.http import HttpSettings
from desktop.core.connection import ApiFamily, Connection, ConnectionKind, Route, Secrets
from desktop.core.connections import LoginKeeper
from desktop.core.engine import EngineNeeds, EngineWishes
from desktop.core.errors import EngineFailed, Unreachable
from desktop.core.model import Backend
from desktop.core.models.keeping import ModelKeeper
from desktop.core.policy.fixed import Feature, Policy
from desktop.core.trust import Entry
from desktop.engine import model_file
from desktop.engine.computer import computing_cores, has_avx2, needs_of
from desktop.engine.process import EngineProcess

if TYPE_CHECKING:
    from desktop.backends.ssh import Tunnel

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class BackendFactory:
    """A callable that makes the backend of a connection from its key.

    `is_offline` is asked before every request: with the offline lock, nothing but this computer is reached. `record` is
    given an entry of the ledger at the beginning and the end of each, on the loop thread. `logins` returns what logins
    at rented computers ask; `trusted_file` that of the certificates which the user trusts at all connections.

    Methods run on the GUI thread where nothing else is said.
    """

    is_offline: Callable[[], bool]
    model_files: Callable[[], Iterable[Path]]
    record: Callable[[Entry], None]
    policy: Callable[[], Policy] = Policy
    logins: Callable[[], LoginKeeper] | None = None
    trusted_file: Callable[[], str] = field(default=str, kw_only=True)
    engine_wishes: Callable[[], EngineWishes] = field(default=EngineWishes, kw_only=True)

    def __post_init__(self) -> None:
        self._tunnels: set[Tunnel] = set()  # logged in or about to be; changed on the loop thread alone
        self._engine: EngineProcess | None = None

    def __call__(self, connection: Connection, secrets: Secrets) -> Backend:
        if connection.kind is ConnectionKind.BUILT_IN:
            return self._built_in()
        settings, key = self._settings_of(connection, secrets), secrets.key
        if connection.kind is ConnectionKind.OLLAMA:
            return OllamaBackend(connection.address, key, settings=settings)
        presets = load_presets()
        preset = presets.get(connection.preset, presets["custom"])
        match preset.api:
            case ApiFamily.RESPONSES | ApiFamily.CHAT:
                return OpenAICompatBackend(connection.address, key, preset, settings=settings)

    def keeper(self, connection: Connection, secrets: Secrets) -> ModelKeeper | None:
        """Return what gets and deletes models at a connection; None for a server that can't be given any."""
        if connection.kind is not ConnectionKind.OLLAMA or not self.policy().allows(Feature.PULL):
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
        policy = self.policy()
        return HttpSettings(
            allow_host=lambda place: place.is_local or not self.is_offline(),
            may_resolve=lambda: not self.is_offline(),
            record=self.record,
            reach=policy.reach,
            extra_ca_file=policy.extra_ca_file,
            trusted_file=self.trusted_file(),
            route=policy.route_of(own or Route()),
            secrets=secrets or Secrets(),
        )

    def _settings_of(self, connection: Connection, secrets: Secrets) -> HttpSettings:
        """Return the settings of the client for a connection, which may lead through a rented computer."""
        settings = replace(self._http_settings(connection.route, secrets), name=connection.name)
        if connection.ssh is None:
            return settings
        if self.logins is None:  # else it would be asked for at this computer, under the name of that one
            raise Unreachable(host=connection.ssh.host)
        from desktop.backends.ssh import through  # with asyncssh, 16 MiB that few need

        keeper, place = self.logins(), connection.server_place
        return through(connection.ssh, secrets.login, place, settings, keeper, self._tunnels)

    def _built_in(self) -> Backend:
        preset, settings = load_presets()["llama-server"], self._http_settings()
        if self._engine is None:
            self._engine = EngineProcess(wishes=self.engine_wishes)
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
        return list(self.model_files())


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
    model_file.look_at_model(path)


def engine_needs(path: Path) -> EngineNeeds:
    """Return what a model file would take in the engine on this computer now. Raises `EngineFailed`."""
    header, size = model_file.read_header(path)
    return needs_of(header, size, psutil.virtual_memory().available, computing_cores())


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
