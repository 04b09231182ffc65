"""The policy of a computer: what its administrator has fixed for everybody who uses Candor on it.

Plain values. Where the policy is kept is the business of `store/policy_file.py`, its form that of `parse.py`, and what
follows from it that of the parts that are given it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from desktop.core.connection import Connection, ProxyMode, Route
from desktop.core.model import ModelChoice
from desktop.core.policy.reach import NO_REACH, Reach


class Feature(StrEnum):
    """Part of the program that a policy can switch off."""

    EXPORT = "export"
    IMPORT = "import"
    PULL = "pull"  # to get and delete models
    CLEAR_LEDGER = "clear_ledger"
    FOLDERS = "folders"  # to read folders, and ask them


class Keeping(StrEnum):
    """Span for which conversations are kept."""

    FOREVER = "forever"
    DAYS = "days"
    UNTIL_CLOSED = "until_closed"  # nothing is written: all conversations are temporary ones


class KeySource(StrEnum):
    """Source of the key of a connection that is set up by a policy."""

    NONE = "none"
    ASK = "ask"  # the user enters it
    COMMAND = "command"  # a program of the administrator's prints it


class PolicyFault(StrEnum):
    """Fault of a policy. All but `VALUE` close the network, since nobody knows what was meant."""

    UNREADABLE = "unreadable"
    UNSAFE = "unsafe"  # others than administrators could have written it
    NOT_TOML = "not_toml"
    NO_VERSION = "no_version"
    NEWER = "newer"  # made for a newer version of the program
    NO_END = "no_end"  # a part of it is missing
    UNKNOWN = "unknown"  # a name that this version does not know, perhaps misspelt
    VALUE = "value"  # a known name with an impossible value: the strictest one holds


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """Fault of a policy, and where: the number of the line, 0 for the whole; the name, in its table."""

    fault: PolicyFault
    line: int = 0
    name: str = ""
    detail: str = ""

    @property
    def closes_network(self) -> bool:
        return self.fault is not PolicyFault.VALUE


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyConnection:
    """Connection that is set up for all users. `command`: a program and its arguments, which prints the key."""

    connection: Connection
    key: KeySource = KeySource.NONE
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is fixed. The defaults leave everything to the user; None and empty mean "the user's choice".

    `source` is where it was found; empty: there is none. `proxy` is `none`, `system` or an address. `default_model` is
    the name of a model at the connection `default_connection`, the identity of one of `connections`.
    """

    source: str = ""
    organization: str = ""
    contact: str = ""
    reach: Reach = field(default_factory=Reach)
    offline_lock: bool | None = None
    proxy: str = ""
    extra_ca_file: str = ""
    own_connections: bool = True
    found_connections: bool = True
    model_files: bool = True
    connections: tuple[PolicyConnection, ...] = ()
    default_model: str = ""
    default_connection: str = ""
    instructions: str = ""
    catalogue: str = ""
    recipes_folder: str = ""
    keep: Keeping = Keeping.FOREVER
    keep_days: int = 0
    features_off: frozenset[Feature] = frozenset()
    problems: tuple[PolicyProblem, ...] = ()
    said: tuple[tuple[str, Any], ...] = ()  # the names that are there, in order, each with the value that holds

    @property
    def is_there(self) -> bool:
        return bool(self.source)

    @property
    def is_closed(self) -> bool:
        """True if it could not be understood, so that nothing but this computer is reached."""
        return any(each.closes_network for each in self.problems)

    @property
    def key_commands(self) -> dict[str, tuple[str, ...]]:
        """By origin, the programs that print keys."""
        by_command = (each for each in self.connections if each.key is KeySource.COMMAND)
        return {each.connection.origin: each.command for each in by_command}

    def route_of(self, own: Route) -> Route:
        """Return the way to a server: the user's `own`, with the proxy that is fixed here; the login stays his."""
        match self.proxy:
            case "":
                return own
            case "none" | "system" as word:
                return replace(own, proxy=ProxyMode(word))
            case address:
                return replace(own, proxy=ProxyMode.MANUAL, proxy_address=address)

    def allows(self, feature: Feature) -> bool:
        return feature not in self.features_off

    def default_choice(self, own: ModelChoice | None) -> ModelChoice | None:
        """Return the model to begin with: the user's `own`, unless there is none, or it is one of no use here."""
        fixed = ModelChoice(self.default_connection, self.default_model) if self.default_model else None
        if own is None or fixed is None:
            return own or fixed
        is_foreign = not self.own_connections and self.connection_with(own.connection_id) is None
        return fixed if is_foreign else own

    def connection_with(self, connection_id: str) -> PolicyConnection | None:
        """Return the connection of this identity that the policy has set up, if it has."""
        return next((each for each in self.connections if each.connection.id == connection_id), None)


def closed_policy(source: str, problem: PolicyProblem, *, contact: str = "", organization: str = "") -> Policy:
    """Return the policy that holds where the real one cannot be used: this computer alone, and nothing is added."""
    return Policy(
        source=source,
        organization=organization,
        contact=contact,
        reach=NO_REACH,
        own_connections=False,
        features_off=frozenset({Feature.PULL, Feature.CLEAR_LEDGER, Feature.FOLDERS}),
        problems=(problem,),
    )
