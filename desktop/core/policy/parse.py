"""The policy in a text, and what holds where something in it is wrong.

A restriction that is misspelt must not be a freedom. So a name that is not known, a text that is no TOML, or one that
does not end as it should closes the network; a known name with an impossible value takes its strictest one. Pure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath, PureWindowsPath
from types import MappingProxyType
from typing import Any, TypeVar

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.connections import AddressError, api_address, normalise_ollama_host
from desktop.core.place import PlaceKind
from desktop.core.policy.fixed import (
    NO_REACH,
    Feature,
    Keeping,
    KeySource,
    Policy,
    PolicyConnection,
    PolicyFault,
    PolicyProblem,
    Reach,
    closed_policy,
)

_HEADER = re.compile(r"\[{1,2}\s*([A-Za-z0-9_.\- ]+?)\s*\]{1,2}\s*(?:#.*)?")
_MOST_LINES = 200  # of one value; an unfinished one would be looked for to the end of the file


@dataclass(frozen=True, slots=True)
class PolicyStatement:
    """Part of a policy. `name` is empty for a header, and both names are for blank lines and comments."""

    line: int
    text: str
    table: str = ""
    name: str = ""
    value: Any = None
    is_broken: bool = False

    @property
    def path(self) -> str:
        """The name with that of its table before it: `network.farthest`."""
        return f"{self.table}.{self.name}" if self.table and self.name else self.table or self.name


def statements_of(text: str) -> list[PolicyStatement]:
    """Return the statements of a file, in order; what cannot be read is marked as broken, a line at a time."""
    lines = text.splitlines()
    found: list[PolicyStatement] = []
    table, at = "", 0
    while at < len(lines):
        line = lines[at].strip()
        if not line or line.startswith("#"):
            found.append(PolicyStatement(at + 1, lines[at]))
            at += 1
        elif line.startswith("[") and (header := _HEADER.fullmatch(line)):
            table = header[1].replace(" ", "")
            found.append(PolicyStatement(at + 1, lines[at], table))
            at += 1
        else:
            statement, length = _value(lines, at, table)
            found.append(statement)
            at += length
    return found


def _value(lines: list[str], at: int, table: str) -> tuple[PolicyStatement, int]:
    for length in range(1, min(_MOST_LINES, len(lines) - at) + 1):
        chunk = "\n".join(lines[at : at + length])
        try:
            parsed = tomllib.loads(chunk)
        except (tomllib.TOMLDecodeError, RecursionError):
            continue
        if len(parsed) == 1 and not lines[at].lstrip().startswith("["):
            ((name, value),) = parsed.items()
            while isinstance(value, dict) and len(value) == 1:  # a dotted name, or a table in braces
                ((inner, value),) = value.items()
                name = f"{name}.{inner}"
            return PolicyStatement(at + 1, chunk, table, name, value), length
        break
    return PolicyStatement(at + 1, lines[at], table, is_broken=True), 1


_MOST_DAYS = 36_500

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class PolicyName:
    """Name with the reader of its value, which raises ValueError, the strictest value, and the field of `Policy`."""

    read: Callable[[Any], Any]
    strictest: Any
    field: str = ""


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a text")
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise ValueError("must be a list of texts")
    return tuple(each.strip() for each in value)


def _file(value: Any) -> str:
    path = _text(value)
    if not (PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()):
        raise ValueError("must be a whole path")
    return path


def _command(value: Any) -> tuple[str, ...]:
    words = _texts(value)
    _file(words[0] if words else "")
    return words


def _proxy(value: Any) -> str:
    text = _text(value)
    scheme, separator, rest = text.partition("://")
    if text not in ("none", "system") and (scheme not in ("http", "https", "socks5") or not separator or not rest):
        raise ValueError("must be none, system or an address that begins with http://")
    if "@" in rest:
        raise ValueError("must be without a password, which everybody could read here")
    return text


def _days(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST_DAYS:
        raise ValueError(f"must be a number from 1 to {_MOST_DAYS}")
    return value


def _one_of(kinds: type[_T], *, without: str = "") -> Callable[[Any], _T]:
    choices = [str(each) for each in kinds if str(each) != without]  # type: ignore[attr-defined]

    def read(value: Any) -> _T:
        if value not in choices:
            raise ValueError("must be " + ", ".join(choices))
        return kinds(value)  # type: ignore[call-arg]

    return read


# The names of a policy. A value that cannot be used becomes the strictest; of what is no restriction, that is none.
NAMES: Mapping[str, PolicyName] = MappingProxyType(
    {
        "organization": PolicyName(_text, "", "organization"),
        "contact": PolicyName(_text, "", "contact"),
        "network.farthest": PolicyName(_one_of(PlaceKind), PlaceKind.THIS_COMPUTER),
        "network.allowed_hosts": PolicyName(_texts, ()),
        "network.private_networks": PolicyName(_texts, ()),
        "network.require_https": PolicyName(_flag, True),
        "network.offline_lock": PolicyName(_flag, True, "offline_lock"),
        "network.update_notice": PolicyName(_flag, False),  # of an earlier version: does nothing
        "network.proxy": PolicyName(_proxy, None),
        "network.extra_ca_file": PolicyName(_file, "", "extra_ca_file"),
        "connections.own": PolicyName(_flag, False, "own_connections"),
        "connections.found_on_this_computer": PolicyName(_flag, False, "found_connections"),
        "connections.model_files": PolicyName(_flag, False, "model_files"),
        "models.default": PolicyName(_text, "", "default_model"),
        "models.default_connection": PolicyName(_text, ""),
        "models.instructions": PolicyName(_text, "", "instructions"),
        "models.catalogue": PolicyName(_file, "", "catalogue"),
        "recipes.folder": PolicyName(_file, "", "recipes_folder"),
        "records.keep": PolicyName(_one_of(Keeping), Keeping.FOREVER, "keep"),
        "records.keep_days": PolicyName(_days, 0, "keep_days"),
        "features.export": PolicyName(_flag, False),
        "features.import": PolicyName(_flag, False),
        "features.pull": PolicyName(_flag, False),
        "features.clear_ledger": PolicyName(_flag, False),
        "features.folders": PolicyName(_flag, False),
    }
)
# The names of a connection that a policy sets up; here the second value is what holds without the name.
SET_NAMES: Mapping[str, PolicyName] = MappingProxyType(
    {
        "connections.set.id": PolicyName(_text, ""),
        "connections.set.name": PolicyName(_text, ""),
        "connections.set.kind": PolicyName(
            _one_of(ConnectionKind, without=ConnectionKind.BUILT_IN), ConnectionKind.OPENAI_COMPAT
        ),
        "connections.set.preset": PolicyName(_text, ""),
        "connections.set.address": PolicyName(_text, ""),
        "connections.set.key": PolicyName(_one_of(KeySource), KeySource.NONE),
        "connections.set.key_command": PolicyName(_command, ()),
    }
)


VERSION = 1
_ID_PREFIX = "policy:"  # how the identities of connections begin that a policy sets up


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
            default_connection=_ID_PREFIX + default if default else "",
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
        id=_ID_PREFIX + values["id"],
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
