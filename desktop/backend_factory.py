"""The factory of backends: part of the composition root, since it joins protocols, the engine and settings.

Everything heavy is imported when the first backend is made, after the first paint.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.connection import Connection, ConnectionKind, Route, Secrets
from desktop.core.connections.provider import ApiFamily, ProviderPreset
from desktop.core.engine import EngineNeeds, EngineWishes
from desktop.core.errors import EngineFailed, Unreachable
from desktop.core.policy.fixed import Feature, Policy

if TYPE_CHECKING:
    from desktop.backends.ssh import Tunnel
    from desktop.backends.wire.settings import HttpSettings
    from desktop.core.backend import Backend
    from desktop.core.connections.tunnel import LoginKeeper
    from desktop.core.models.computer import Computer
    from desktop.core.models.file import GivenModel
    from desktop.core.models.keeping import ModelKeeper
    from desktop.core.trust.ledger import Entry
    from desktop.engine.process import EngineProcess

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
        policy: Policy | None = None,
        logins: Callable[[], LoginKeeper] | None = None,
    ) -> None:
        """Keep the dependencies. `logins` returns what logins at rented computers ask.

        `is_offline` is asked before every request: with the offline lock, nothing but this computer is reached.
        `record` is given an entry of the ledger at the beginning and the end of each, on the loop thread.
        """
        self._is_offline = is_offline
        self._record = record
        self._model_files = model_files
        self.policy = policy or Policy()
        self._logins = logins
        self._tunnels: set[Tunnel] = set()  # logged in or about to be; changed on the loop thread alone
        self.engine_wishes: Callable[[], EngineWishes] = EngineWishes  # looked up on the loop thread
        self.trusted_file: Callable[[], str] = str  # certificates that the user trusts at all connections
        self._engine: EngineProcess | None = None

    def __call__(self, connection: Connection, secrets: Secrets) -> Backend:
        match connection.kind:
            case ConnectionKind.OLLAMA:
                from desktop.backends.ollama import OllamaBackend

                settings = self._settings_of(connection, secrets)
                return OllamaBackend(connection.address, api_key=secrets.key, settings=settings)
            case ConnectionKind.OPENAI_COMPAT:
                return self._openai(connection, secrets)
            case ConnectionKind.BUILT_IN:
                return self._built_in()

    def keeper(self, connection: Connection, secrets: Secrets) -> ModelKeeper | None:
        """Return what gets and deletes models at a connection; None for a server that can't be given any."""
        if connection.kind is not ConnectionKind.OLLAMA or not self.policy.allows(Feature.PULL):
            return None
        from desktop.backends.ollama_keeping import OllamaKeeper

        settings = self._settings_of(connection, secrets)
        return OllamaKeeper(connection.address, api_key=secrets.key, settings=settings)

    async def probe(self) -> list[Connection]:
        """Return the servers that run on this computer. Runs on the loop thread."""
        from desktop.backends.discovery import probe_loopback

        return await probe_loopback(os.environ, settings=self._http_settings())

    async def servers_behind(self, connection: Connection, secrets: Secrets) -> list[Connection]:
        """Return the model servers that run on the rented computer of a connection. Runs on the loop thread.

        Raises `BackendError` where nobody gets so far as to look, or nothing is found.
        """
        from desktop.backends.discovery import found_through

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
        from desktop.backends.wire.proxies import ProxyChoice
        from desktop.backends.wire.settings import HttpSettings
        from desktop.backends.wire.tls import OwnCertificate

        route, secrets = self.policy.route_of(own or Route()), secrets or Secrets()
        shown = OwnCertificate(route.certificate, route.certificate_key, secrets.certificate_password)
        return HttpSettings(
            allow_host=lambda place: place.is_local or not self._is_offline(),
            may_resolve=lambda: not self._is_offline(),
            record=self._record,
            reach=self.policy.reach,
            proxy=ProxyChoice(route.proxy, route.proxy_address, route.proxy_user, secrets.proxy_password),
            extra_ca_file=self.policy.extra_ca_file,
            ca_files=tuple(filter(None, (self.trusted_file(), route.ca_file))),
            own_certificate=shown if route.certificate else None,
        )

    def _settings_of(self, connection: Connection, secrets: Secrets) -> HttpSettings:
        """Return the settings of the client for a connection, which may lead through a rented computer."""
        settings = replace(self._http_settings(connection.route, secrets), name=connection.name)
        if connection.ssh is None:
            return settings
        if self._logins is None:  # else it would be asked for at this computer, under the name of that one
            raise Unreachable(host=connection.ssh.host)
        from desktop.backends.ssh import through

        keeper, place = self._logins(), connection.server_place
        return through(connection.ssh, secrets.login, place, settings, keeper, self._tunnels)

    def _openai(self, connection: Connection, secrets: Secrets) -> Backend:
        from desktop.backends.openai_compat import OpenAICompatBackend
        from desktop.backends.openai_responses import OpenAIResponsesBackend
        from desktop.backends.presets import load_presets

        presets = load_presets()
        preset = presets.get(connection.preset, presets["custom"])
        settings, key = self._settings_of(connection, secrets), secrets.key
        match preset.api:
            case ApiFamily.RESPONSES:
                return OpenAIResponsesBackend(connection.address, key, preset, settings=settings)
            case ApiFamily.CHAT:
                return OpenAICompatBackend(connection.address, key, preset, settings=settings)

    def _built_in(self) -> Backend:
        from desktop.backends.built_in import BuiltInBackend
        from desktop.backends.openai_compat import OpenAICompatBackend
        from desktop.backends.presets import load_presets
        from desktop.engine.model_file import describe_model_file
        from desktop.engine.process import EngineProcess

        preset, settings = load_presets()["llama-server"], self._http_settings()
        if self._engine is None:
            self._engine = EngineProcess(wishes=lambda: self.engine_wishes())
        return BuiltInBackend(
            self._engine,
            self._files_to_run,
            describe_model_file,
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
    from importlib.util import find_spec

    return find_spec("asyncssh") is not None


def engine_is_installed() -> bool:
    """Return True if model files can be run here."""
    from importlib.util import find_spec

    return find_spec("xllamacpp") is not None


def engine_can_run() -> bool:
    """Return True if model files can be run here, and this processor is one that the engine is made for."""
    from desktop.engine.hardware import has_avx2

    return engine_is_installed() and has_avx2() is not False


def check_model_file(path: Path) -> None:
    """Check that a file can be used here; it may lie on a slow drive. Raises `EngineFailed`."""
    from desktop.engine.model_file import check_model_file

    _check_engine()
    check_model_file(path)


def look_at_model_file(path: Path) -> GivenModel:
    """Return what belongs to a model file that is to be imported; an engine is not needed. Raises `EngineFailed`."""
    from desktop.engine.model_file import look_at_model

    return look_at_model(path)


def engine_needs(path: Path) -> EngineNeeds:
    """Return what a model file would take in the engine on this computer now. Raises `EngineFailed`."""
    from desktop.engine.hardware import computing_cores
    from desktop.engine.model_file import read_header
    from desktop.engine.sizing import needs_of

    header, size = read_header(path)
    return needs_of(header, size, free_memory(), computing_cores())


def _check_engine() -> None:
    if not engine_is_installed():
        raise EngineFailed(reason="not_installed")
    if not engine_can_run():
        raise EngineFailed(reason="processor")


def total_memory() -> int:
    """Return how much memory this computer has, in bytes."""
    from desktop.engine.hardware import memory_now

    return memory_now().total


def free_memory() -> int:
    """Return how much of this computer's memory a program could have now, in bytes."""
    from desktop.engine.hardware import memory_now

    return memory_now().available


def is_on_battery() -> bool:
    """Return True for a laptop that is not plugged in."""
    from desktop.engine.hardware import is_on_battery

    return is_on_battery()


def room_for_models(connection: Connection | None) -> int | None:
    """Return the bytes that a connection's server has left for models, where it runs on this computer; else None."""
    from desktop.backends.ollama_models import free_for_models

    if connection is None or connection.kind is not ConnectionKind.OLLAMA or not connection.server_place.is_local:
        return None
    return free_for_models(os.environ)


def look_at_computer() -> Computer:
    """Return what this computer has for models; may take seconds."""
    from desktop.engine.hardware import look_at_computer

    return look_at_computer()


def presets() -> list[ProviderPreset]:
    """Return the providers that a connection can be made for."""
    from desktop.backends.presets import load_presets

    return list(load_presets().values())


def load_protocol(kind: ConnectionKind) -> None:
    """Import what connections of a kind are talked to with, on another thread: the window would wait for it."""
    import desktop.backends.wire.proxies
    from desktop.backends.presets import load_presets

    load_presets()
    match kind:
        case ConnectionKind.OLLAMA:
            import desktop.backends.ollama
        case ConnectionKind.OPENAI_COMPAT:
            import desktop.backends.openai_responses
        case ConnectionKind.BUILT_IN:
            import desktop.backends.built_in
            import desktop.backends.openai_compat
            import desktop.engine.process
            import desktop.engine.sizing  # noqa: F401


async def ollama_elsewhere() -> Connection | None:
    """Return the server of another computer that `OLLAMA_HOST` names, or None: to be offered, not contacted.

    Runs on the loop thread.
    """
    from desktop.backends.discovery import offered_ollama

    return offered_ollama(os.environ)
