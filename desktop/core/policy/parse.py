"""The policy in a text, and what holds where something in it is wrong.

A restriction that is misspelt must not be a freedom. So a name that is not known, a text that is no TOML, or one that
does not end as it should closes the network; a known name with an impossible value takes its strictest one. Pure.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.connections.api_address import AddressError, api_address
from desktop.core.connections.ollama_host import normalise_ollama_host
from desktop.core.place import PlaceKind
from desktop.core.policy.fixed import (
    Feature,
    Keeping,
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
        said = _whom_to_ask(statements)
        return closed_policy(source, PolicyProblem(PolicyFault.NOT_TOML, line, detail=str(error)), **said)
    problems = [*_faults_of_form(tables, statements), *_unknown_names(tables, statements)]
    values, wrong = _values(tables, statements)
    policy = _policy(values, source, (*problems, *wrong))
    if not policy.is_closed:
        return policy
    return replace(policy, reach=NO_REACH, own_connections=False)


def _whom_to_ask(statements: list[PolicyStatement]) -> dict[str, str]:
    """Return organisation and contact of a text that cannot be read as a whole."""
    wanted = ("organization", "contact")
    return {each.name: each.value for each in statements if each.path in wanted and isinstance(each.value, str)}


def _faults_of_form(tables: Mapping[str, Any], statements: list[PolicyStatement]) -> list[PolicyProblem]:
    problems = []
    version = tables.get("version")
    line = _line_of(statements, "version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        problems.append(PolicyProblem(PolicyFault.NO_VERSION, line))
    elif version > VERSION:
        problems.append(PolicyProblem(PolicyFault.NEWER, line, detail=str(version)))
    if list(tables)[-1:] != ["end"] or tables["end"] != {}:
        problems.append(PolicyProblem(PolicyFault.NO_END, statements[-1].line if statements else 0))
    return problems


def _unknown_names(tables: Mapping[str, Any], statements: list[PolicyStatement]) -> list[PolicyProblem]:
    known = {*NAMES, *SET_NAMES, "version", "end", "connections.set"}
    known |= {path.rpartition(".")[0] for path in known}
    found = []
    for path in _paths(tables):
        if path not in known:
            found.append(PolicyProblem(PolicyFault.UNKNOWN, _line_of(statements, path), path))
    return list(dict.fromkeys(found))


def _paths(tables: Mapping[str, Any], above: str = "") -> list[str]:
    """Return the names of a file, each with those of its tables before it."""
    paths: list[str] = []
    for name, value in tables.items():
        path = f"{above}.{name}" if above else name
        paths.append(path)
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, Mapping):
                paths += _paths(inner, path)
    return paths


def _line_of(statements: list[PolicyStatement], path: str) -> int:
    return next((each.line for each in statements if each.path == path), 0)


def _values(
    tables: Mapping[str, Any], statements: list[PolicyStatement]
) -> tuple[dict[str, Any], tuple[PolicyProblem, ...]]:
    """Return the value of each name that is there, and what is wrong with those that cannot be used."""
    values: dict[str, Any] = {}
    problems = []
    for path, name in NAMES.items():
        given = _at(tables, path)
        if given is None:
            continue
        try:
            values[path] = name.read(given)
        except ValueError as error:
            values[path] = name.strictest
            problems.append(PolicyProblem(PolicyFault.VALUE, _line_of(statements, path), path, str(error)))
    made, wrong = _connections(_at(tables, "connections.set"), statements)
    return values | {"connections.set": made}, (*problems, *wrong)


def _at(tables: Mapping[str, Any], path: str) -> Any:
    found: Any = tables
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _connections(
    given: Any, statements: list[PolicyStatement]
) -> tuple[tuple[PolicyConnection, ...], tuple[PolicyProblem, ...]]:
    """Return the connections that are set up; one that is wrong is left out."""
    heads = [each.line for each in statements if each.path == "connections.set" and not each.name]
    made: dict[str, PolicyConnection] = {}
    problems = []
    if given is not None and not isinstance(given, list):
        line = _line_of(statements, "connections.set")
        return (), (PolicyProblem(PolicyFault.VALUE, line, "connections.set", "must be a list of tables"),)
    for at, each in enumerate(given or ()):
        try:
            one = _connection(each)
            if one.connection.id in made:
                raise ValueError(f"id: {each['id']} is there already")
            made[one.connection.id] = one
        except ValueError as error:
            line = heads[at] if at < len(heads) else _line_of(statements, "connections.set")
            problems.append(PolicyProblem(PolicyFault.VALUE, line, "connections.set", str(error)))
    return tuple(made.values()), tuple(problems)


def _connection(given: Any) -> PolicyConnection:
    if not isinstance(given, Mapping):
        raise ValueError("not a table")
    values = {}
    for path, name in SET_NAMES.items():
        short = path.rpartition(".")[2]
        try:
            values[short] = name.read(given[short]) if short in given else name.strictest
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


def _policy(values: Mapping[str, Any], source: str, problems: tuple[PolicyProblem, ...]) -> Policy:
    default = values.get("models.default_connection", "")
    return Policy(
        source=source,
        organization=values.get("organization", ""),
        contact=values.get("contact", ""),
        reach=_reach(values),
        offline_lock=values.get("network.offline_lock"),
        proxy=values.get("network.proxy") or "",
        extra_ca_file=values.get("network.extra_ca_file", ""),
        own_connections=values.get("connections.own", True),
        found_connections=values.get("connections.found_on_this_computer", True),
        model_files=values.get("connections.model_files", True),
        connections=values["connections.set"],
        default_model=values.get("models.default", ""),
        default_connection=ID_PREFIX + default if default else "",
        instructions=values.get("models.instructions", ""),
        catalogue=values.get("models.catalogue", ""),
        recipes_folder=values.get("recipes.folder", ""),
        keep=values.get("records.keep", Keeping.FOREVER),
        keep_days=values.get("records.keep_days", 0),
        features_off=frozenset(each for each in Feature if not values.get(f"features.{each}", True)),
        problems=problems,
        said=tuple((path, value) for path, value in values.items() if path != "connections.set" and value is not None),
    )


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
