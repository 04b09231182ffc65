"""The secrets of connections: which of them there are, and under which names the keyring has them.

Every method waits for the keyring: they run on the slow thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from desktop.core.connection import Connection, Route, Secrets

SESSION = "session"


class Keys(Protocol):
    """The store of API keys, by origin. Every call may wait for the user; `set` returns `keyring` or `session`."""

    def get(self, origin: str, /) -> str | None: ...
    def set(self, origin: str, key: str, /) -> str: ...
    def delete(self, origin: str, /) -> bool: ...


class Wallet:
    """The secrets of all connections. `keys` is looked up at each use; `route_of` is what a policy makes of a way."""

    def __init__(self, keys: Callable[[], Keys], route_of: Callable[[Route], Route]) -> None:
        self._keys = keys
        self._route_of = route_of

    def secrets_of(self, connection: Connection, typed: Secrets | None = None) -> Secrets:
        """Return the secrets of a connection; what was typed just now comes before what is kept."""
        typed, ssh = typed or Secrets(), connection.ssh
        route = self._route_of(connection.route)
        return Secrets(
            key=typed.key or self._kept(connection.origin, connection.has_key),
            proxy_password=typed.proxy_password or self._kept(route.proxy_origin, route.has_proxy_password),
            certificate_password=typed.certificate_password
            or self._kept(connection.certificate_origin, route.has_certificate_password),
            login=typed.login or (self._kept(ssh.secret_origin, ssh.has_secret) if ssh is not None else ""),
        )

    def keep(self, connection: Connection, typed: Secrets) -> str:
        """Keep what was typed; return where it went, empty for nothing: `session` if one of them is in memory only."""
        named = (
            (connection.origin, typed.key),
            (self._route_of(connection.route).proxy_origin, typed.proxy_password),
            (connection.certificate_origin, typed.certificate_password),
            (connection.ssh.secret_origin if connection.ssh is not None else "", typed.login),
        )
        went = [str(self._keys().set(origin, secret)) for origin, secret in named if origin and secret]
        return SESSION if SESSION in went else next(iter(went), "")

    def forget(self, *origins: str) -> None:
        """Delete what is kept under these names."""
        for origin in origins:
            self._keys().delete(origin)

    def _kept(self, origin: str, is_kept: bool) -> str:
        return (self._keys().get(origin) or "") if origin and is_kept else ""
