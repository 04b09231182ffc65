"""The places and hosts that the policy of a computer lets words go to.

A plain value for whoever opens connections: it is asked before a name is resolved, and again with the address that was
connected to. Resolves nothing itself. This computer is always within reach.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

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
