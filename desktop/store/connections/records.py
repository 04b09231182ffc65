"""Connections as records of the file of settings, and out of them again. No secret is ever among them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from desktop.core.connection import Connection, ConnectionKind, SshLogin, SshProof
from desktop.core.text.late_regex import late_regex
from desktop.store.connections.route_records import route_of, route_record

_USER_INFO = late_regex(r"^([a-zA-Z][a-zA-Z0-9+.-]*://)[^/?#]*@")
_CONNECTION_KINDS = frozenset(map(str, ConnectionKind))
_PROOFS = frozenset(map(str, SshProof))


def connections_of(value: Any) -> tuple[Connection, ...]:
    """Return those that can be understood; one of a kind that a newer version knows must not hide the others.

    Raises TypeError for what is no list.
    """
    if not isinstance(value, list):
        raise TypeError
    return tuple(connection for item in value if (connection := _connection(item)))


def _connection(value: Any) -> Connection | None:
    match value:
        case {"id": str(identity), "kind": str(kind), "name": str(name), "address": str(address)} if identity:
            preset = value.get("preset", "custom")
            has_key, beyond = value.get("has_key", False), value.get("passes_on_to", "")
            route, ssh = route_of(value.get("route")), _login(value.get("ssh"))
            if ssh is None and value.get("ssh") is not None:
                return None  # nobody could tell where its words end up
            texts = (preset, beyond)  # without the second, nobody could tell where its words end up
            is_whole = all(isinstance(each, str) for each in texts) and isinstance(has_key, bool)
            if kind in _CONNECTION_KINDS and is_whole and route is not None:
                return Connection(
                    id=identity,
                    kind=ConnectionKind(kind),
                    name=name,
                    address=address,
                    preset=preset,
                    has_key=has_key,
                    passes_on_to=beyond,
                    route=route,
                    ssh=ssh,
                )
    return None


def connection_records(connections: tuple[Connection, ...], found: Any) -> list[Any]:
    """Return the connections, each over what the file held for it, and after them what could not be understood."""
    held = found if isinstance(found, list) else []
    by_id = {connection.id: dict(record) for record in held if (connection := _connection(record))}
    for record in by_id.values():
        record.pop("ssh", None)  # of before; what is not known here stays
    records: list[Any] = [by_id.get(connection.id, {}) | _connection_record(connection) for connection in connections]
    return records + [record for record in held if _connection(record) is None]


def _connection_record(connection: Connection) -> dict[str, Any]:
    address = connection.address
    if connection.kind is not ConnectionKind.BUILT_IN:
        address = _without_password(address)
    ssh = {"ssh": asdict(connection.ssh)} if connection.ssh is not None else {}
    return ssh | {
        "id": connection.id,
        "kind": str(connection.kind),
        "name": connection.name,
        "address": address,
        "preset": connection.preset,
        "has_key": connection.has_key,
        "passes_on_to": connection.passes_on_to,
        "route": route_record(connection.route),
    }


def _login(value: Any) -> SshLogin | None:
    match value:
        case {"host": str(host), "user": str(user), "port": int(port), "proof": str(proof)} if proof in _PROOFS:
            key_file, has_secret = value.get("key_file", ""), value.get("has_secret", False)
            if host and 0 < port <= 65535 and isinstance(key_file, str) and isinstance(has_secret, bool):
                return SshLogin(
                    host=host, user=user, port=port, proof=SshProof(proof), key_file=key_file, has_secret=has_secret
                )
    return None


def _without_password(url: str) -> str:
    """Return the URL without `user:password@`.

    The connection page refuses it; should one slip through, it still must not reach a file.
    """
    return _USER_INFO.sub(r"\1", url)
