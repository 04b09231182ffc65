"""The place that the words of a request go to: this computer, a private network, or the internet.

Decides from the address alone; it resolves no names and sends nothing.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

# Suffixes that only resolve inside a house: RFC 6762 (.local), RFC 8375 (.home.arpa), ICANN's reserved .internal.
_PRIVATE_SUFFIXES = (".local", ".internal", ".home.arpa", ".lan", ".intranet", ".corp", ".home", ".localdomain")
_FULL_STOPS = str.maketrans("。．｡", "...")  # these part the labels of a name, too (RFC 3490, 3.1)
_NUMBER = re.compile(r"0x[0-9a-f]+|[0-9]+")  # an IPv4 address in one number, as the system's resolver reads it


class PlaceKind(StrEnum):
    """Kind of place, in three answers to "where do my words go?"."""

    THIS_COMPUTER = "this_computer"
    PRIVATE_NETWORK = "private_network"
    INTERNET = "internet"

    def is_farther_than(self, other: PlaceKind) -> bool:
        """Return True if words that go to a place of this kind go further than to one of the other."""
        kinds = list(PlaceKind)
        return kinds.index(self) > kinds.index(other)


@dataclass(frozen=True, slots=True)
class Place:
    """Place and, where it is not this computer, its host name as the user wrote it."""

    kind: PlaceKind
    host: str = ""

    @property
    def is_local(self) -> bool:
        return self.kind is PlaceKind.THIS_COMPUTER


THIS_COMPUTER = Place(PlaceKind.THIS_COMPUTER)


def place_of_host(host: str) -> Place:
    """Classify a host name or address (brackets of IPv6 allowed).

    A single-label name (`gpu-server`) counts as private, since public DNS has no such names.
    An address that cannot be read, or that is written as one number, is treated as the internet: the careful answer.
    """
    name = _plain(host)
    if is_loopback_name(name):
        return THIS_COMPUTER
    try:
        address = ipaddress.ip_address(name.split("%", 1)[0])
    except ValueError:
        is_single_label = re.fullmatch(r"[\w-]+", name) is not None and not _NUMBER.fullmatch(name)
        if is_single_label or name.endswith(_PRIVATE_SUFFIXES):
            return Place(PlaceKind.PRIVATE_NETWORK, name)
        return Place(PlaceKind.INTERNET, name)
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_loopback or address.is_unspecified:
        return THIS_COMPUTER
    if address.is_private or address.is_link_local or address in _SHARED:
        return Place(PlaceKind.PRIVATE_NETWORK, name)
    return Place(PlaceKind.INTERNET, name)


def is_loopback_name(host: str) -> bool:
    """Return True for `localhost` and all names below it, which must never be resolved (RFC 6761, 6.3).

    A name server may say of them what it likes, and some systems ask one.
    """
    name = _plain(host)
    return name == "localhost" or name.endswith(".localhost")


def _plain(host: str) -> str:
    return host.strip().strip("[]").translate(_FULL_STOPS).rstrip(".").lower()


_SHARED = ipaddress.ip_network("100.64.0.0/10")  # carrier and VPN address space (RFC 6598), used by mesh VPNs


@lru_cache(maxsize=64)  # a menu of hundreds of models asks for that of each
def place_of_url(url: str) -> Place:
    """Classify the host of an http or https address; the scheme may be missing, as while it is being typed."""
    try:
        host = urlsplit(url if "://" in url else f"//{url.strip()}").hostname or ""
    except ValueError:  # a bracket without its partner
        host = ""
    return place_of_host(host)
