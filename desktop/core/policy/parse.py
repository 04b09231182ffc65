"""The policy in a text, and what holds where something in it is wrong.

A restriction that is misspelt must not be a freedom. So a name that is not known, a text that is no TOML, or one that
does not end as it should closes the network; a known name with an impossible value takes its strictest one. Pure.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.connections.addresses import AddressError, api_address, normalise_ollama_host
from desktop.core.place import PlaceKind
from desktop.core.policy.fixed import (
    Feature,
    KeySource,
    Policy,
    PolicyConnection,
    PolicyFault,
    PolicyProblem,
    closed_policy,
)
from desktop.core.policy.names import NAMES, SET_NAMES
from desktop.core.policy.reach import NO_REACH, Reach
from desktop.core.policy.statements import PolicyStatement, statements_of

VERSION = 1
ID_PREFIX = "policy:"  # how the identities of connections begin that a policy sets up


def read_policy(text: str, source: str) -> Policy:
    """Return the policy in a text. Never raises: whatever is wrong is among its problems."""
    statements = statements_of(text)
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = next((each.line for each in statements if each.is_broken), 0)
        whom = {
            each.name: each.value
            for each in statements
            if each.path in ("organization", "contact") and isinstance(each.value, str)
        }
        return closed_policy(source, PolicyProblem(PolicyFault.NOT_TOML, line, detail=str(error)), **whom)
    reading = _Reading(tables, statements)
    reading.check_form()
    reading.check_names()
    policy = reading.policy(source)
    return replace(policy, reach=NO_REACH, own_connections=False) if policy.is_closed else policy


class _Reading:
    """The tables of a policy on their way into one, and what was found to be wrong with them."""

    def __init__(self, tables: Mapping[str, Any], statements: list[PolicyStatement]) -> None:
        self._tables = tables
        self._statements = statements
        self._problems: list[PolicyProblem] = []

    def _note(self, fault: PolicyFault, path: str, name: str = "", detail: object = "", line: int = 0) -> None:
        line = line or next((each.line for each in self._statements if each.path == path), 0)
        self._problems.append(PolicyProblem(fault, line, name, str(detail)))

    def check_form(self) -> None:
        version = self._tables.get("version")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            self._note(PolicyFault.NO_VERSION, "version")
        elif version > VERSION:
            self._note(PolicyFault.NEWER, "version", detail=version)
        if list(self._tables)[-1:] != ["end"] or self._tables["end"] != {}:
            self._note(PolicyFault.NO_END, "", line=self._statements[-1].line if self._statements else 0)

    def check_names(self) -> None:
        known = {*NAMES, *SET_NAMES, "version", "end", "connections.set"}
        known |= {path.rpartition(".")[0] for path in known}
        for path in dict.fromkeys(_paths(self._tables)):
            if path not in known:
                self._note(PolicyFault.UNKNOWN, path, path)

    def policy(self, source: str) -> Policy:
        values = self._values()
        connections = self._connections()
        default = values.get("models.default_connection", "")
        return Policy(
            source=source,
            reach=_reach(values),
            proxy=values.get("network.proxy") or "",
            connections=connections,
            default_connection=ID_PREFIX + default if default else "",
            features_off=frozenset(each for each in Feature if not values.get(f"features.{each}", True)),
            problems=tuple(self._problems),
            said=tuple((path, value) for path, value in values.items() if value is not None),
            **{NAMES[path].field: value for path, value in values.items() if NAMES[path].field},
        )

    def _values(self) -> dict[str, Any]:
        """Return the value of each name that is there: the strictest for one that cannot be used."""
        values: dict[str, Any] = {}
        for path, name in NAMES.items():
            value = self._at(path)
            if value is None:
                continue
            try:
                values[path] = name.read(value)
            except ValueError as error:
                values[path] = name.strictest
                self._note(PolicyFault.VALUE, path, path, error)
        return values

    def _at(self, path: str) -> Any:
        found: Any = self._tables
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def _connections(self) -> tuple[PolicyConnection, ...]:
        """Return the connections that are set up; one that is wrong is left out."""
        path = "connections.set"
        listed = self._at(path) or []
        if not isinstance(listed, list):
            self._note(PolicyFault.VALUE, path, path, "must be a list of tables")
            return ()
        heads = [each.line for each in self._statements if each.path == path and not each.name]
        made: dict[str, PolicyConnection] = {}
        for at, each in enumerate(listed):
            try:
                one = _connection(each)
                if one.connection.id in made:
                    raise ValueError(f"id: {each['id']} is there already")
                made[one.connection.id] = one
            except ValueError as error:
                self._note(PolicyFault.VALUE, path, path, error, line=heads[at] if at < len(heads) else 0)
        return tuple(made.values())


def _paths(tables: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield the names of a file, each with those of its tables before it."""
    for name, value in tables.items():
        path = f"{above}.{name}" if above else name
        yield path
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, Mapping):
                yield from _paths(inner, path)


def _connection(table: Any) -> PolicyConnection:
    if not isinstance(table, Mapping):
        raise ValueError("not a table")
    values = {}
    for path, name in SET_NAMES.items():
        short = path.rpartition(".")[2]
        try:
            values[short] = name.read(table[short]) if short in table else name.strictest
        except ValueError as error:
            raise ValueError(f"{short}: {error}") from None
    missing = [name for name in ("id", "address") if not values[name]]
    if missing:
        raise ValueError(f"{missing[0]} is missing")
    kind, source = ConnectionKind(values["kind"]), values["key"]
    if source is KeySource.COMMAND and not values["key_command"]:
        raise ValueError("key_command is missing")
    try:
        is_ollama = kind is ConnectionKind.OLLAMA
        address = normalise_ollama_host(values["address"]) if is_ollama else api_address(values["address"])
    except AddressError as error:
        raise ValueError(f"address: {error}") from None
    connection = Connection(
        kind=kind,
        name=values["name"] or values["id"],
        address=address,
        preset=values["preset"] or "custom",
        has_key=source is not KeySource.NONE,
        id=ID_PREFIX + values["id"],
    )
    return PolicyConnection(connection=connection, key=source, command=values["key_command"])


def _reach(values: Mapping[str, Any]) -> Reach:
    farthest = values.get("network.farthest", PlaceKind.INTERNET)
    hosts = values.get("network.allowed_hosts", ())
    if "network.allowed_hosts" in values and not hosts:
        farthest = PlaceKind.THIS_COMPUTER  # a list of nobody, or one that cannot be read
    if values.get("network.proxy") is None and "network.proxy" in values and farthest is PlaceKind.INTERNET:
        farthest = PlaceKind.PRIVATE_NETWORK  # no way to the internet but one that cannot be read
    return Reach(
        farthest=farthest,
        hosts=hosts,
        private_networks=values.get("network.private_networks", ()),
        require_https=values.get("network.require_https", False),
    )
