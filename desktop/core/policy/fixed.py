"""The policy of a computer: what its administrator has fixed for everybody who uses Candor on it.

Plain values. Where the policy is kept is the business of `store/policy_file.py`, its form that of `parse.py`, and what
follows from it that of the parts that are given it.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from desktop.core.connection import Connection, ProxyMode, Route
from desktop.core.model import ModelChoice
from desktop.core.place import Place, PlaceKind, place_of_host

_DISTANCE = {PlaceKind.THIS_COMPUTER: 0, PlaceKind.PRIVATE_NETWORK: 1, PlaceKind.INTERNET: 2}
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ReachRefusal(StrEnum):
    """Reason why nothing may be sent to a host."""

    TOO_FAR = "too_far"  # its place is further away than anything may go
    HOST = "host"  # it is not among the hosts that are allowed
    NOT_ENCRYPTED = "not_encrypted"  # http, where https is demanded


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The reach that a policy allows. Empty `hosts`: any that is not too far.

    `hosts` are names, `*.example.com` for all names below one, addresses, and networks such as `10.0.0.0/8`;
    `private_networks` are networks that count as private although their addresses are public ones.
    """

    farthest: PlaceKind = PlaceKind.INTERNET
    hosts: tuple[str, ...] = ()
    private_networks: tuple[str, ...] = ()
    require_https: bool = False

    @property
    def is_limited(self) -> bool:
        """True if there is anything that may not be reached."""
        return self != Reach(private_networks=self.private_networks)

    def kind_of(self, host: str) -> PlaceKind:
        """Return the kind of place of a host or an address, with the networks that this policy calls private."""
        kind = place_of_host(host).kind
        is_private = kind is PlaceKind.INTERNET and any(_is_within(host, each) for each in self.private_networks)
        return PlaceKind.PRIVATE_NETWORK if is_private else kind

    def seen(self, place: Place) -> Place:
        """Return a place by this policy: what looks like the internet may be a network of the house.

        So may a name that is allowed where nothing on the internet is: its address is held against that later.
        """
        is_public = place.kind is PlaceKind.INTERNET and bool(place.host) and not place_of_host(place.host).is_local
        if not is_public:
            return place
        is_named = not _is_address(place.host) and self._names(place.host)
        is_kept_inside = is_named and self.farthest is PlaceKind.PRIVATE_NETWORK
        is_inside = is_kept_inside or self.kind_of(place.host) is PlaceKind.PRIVATE_NETWORK
        return Place(PlaceKind.PRIVATE_NETWORK, place.host) if is_inside else place

    def refusal(self, place: Place, *, is_encrypted: bool = True) -> ReachRefusal | None:
        """Return why nothing may be sent to a place, by its name alone; None where it may be tried.

        Where networks are allowed, a name passes whose address may be in one: ask `refusal_of_peer` once it is known.
        """
        if place.is_local:
            return None
        kind = self.kind_of(place.host) if place.host else place.kind
        if place.kind is PlaceKind.INTERNET and place_of_host(place.host).is_local:
            kind = PlaceKind.INTERNET  # a model that a server here forwards
        # A name that says nothing of where it leads: the address that is connected to decides.
        is_meant = bool(self.private_networks) or self._names(place.host)
        may_turn_out_private = is_meant and not _is_address(place.host)
        if _DISTANCE[kind] > _DISTANCE[self.farthest] and not (
            may_turn_out_private and self.farthest is PlaceKind.PRIVATE_NETWORK
        ):
            return ReachRefusal.TOO_FAR
        if self.hosts and not self._names(place.host) and (_is_address(place.host) or not self._has_networks):
            return ReachRefusal.HOST
        return ReachRefusal.NOT_ENCRYPTED if self.require_https and not is_encrypted else None

    def refusal_of_peer(self, host: str, address: str) -> ReachRefusal | None:
        """Return why nothing may be sent to a host that is at this address; None where it may."""
        kind = self.kind_of(address)
        if kind is PlaceKind.THIS_COMPUTER:
            return None
        if _DISTANCE[kind] > _DISTANCE[self.farthest]:
            return ReachRefusal.TOO_FAR
        return None if not self.hosts or self._names(host) or self._names(address) else ReachRefusal.HOST

    def is_decided_by_address(self, host: str) -> bool:
        """Return True if a host that `refusal` lets pass may still be refused by its address."""
        return bool(self.hosts) and not self._names(host)

    @property
    def _has_networks(self) -> bool:
        return any(_network(each) is not None for each in self.hosts)

    def _names(self, host: str) -> bool:
        name = host.strip("[]").rstrip(".").lower()
        return any(_is_within(name, each) or fnmatchcase(name, each.lower()) for each in self.hosts)


NO_REACH = Reach(farthest=PlaceKind.THIS_COMPUTER)  # what holds where a policy cannot be understood


def _is_within(host: str, network: str) -> bool:
    """Return True if an address is within a network; of a name nobody knows."""
    found = _network(network)
    try:
        address = ipaddress.ip_address(host.strip("[]").split("%", 1)[0])
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return found is not None and address.version == found.version and address in found


def _network(text: str) -> _Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _is_address(host: str) -> bool:
    return _network(host.strip("[]").split("%", 1)[0]) is not None


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
