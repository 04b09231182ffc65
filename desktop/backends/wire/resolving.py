"""The addresses of a server's name: looked up here alone, and held against the place that the user was told.

Opens no connection. A name of this computer is never looked up, and under the offline lock none is.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

from desktop.core.errors import Unreachable
from desktop.core.place import Place, PlaceKind, is_loopback_name, place_of_host
from desktop.core.policy.reach import Reach

# Returns the IP addresses of a name; `socket.gaierror` for an unknown one.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_LOOPBACK = ("127.0.0.1", "::1")


async def resolved_by_system(host: str, port: int) -> Sequence[str]:
    """Return the addresses that the system's resolver gives for a name, in its order."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


async def addresses_of(
    host: str,
    port: int,
    told: Place,
    *,
    resolve: Resolve | None,
    allows: Callable[[Place], bool],
    reach: Reach,
) -> list[str]:
    """Return the addresses of a host that may be connected to; `told` is where the user was told that it is.

    `resolve` is None while no name may be looked up; `allows` is the offline lock, `reach` what a policy has set.
    Raises `Unreachable` (offline, or elsewhere or policy with the address that the name leads to), and what `resolve`
    raises.
    """
    literal = _literal(host)
    if is_loopback_name(host):
        found: Sequence[str] = _LOOPBACK
    elif literal:
        found = [literal]
    elif resolve is None:
        raise Unreachable(host=host, reason="offline")
    else:
        found = await resolve(host, port)
    near = [each for each in found if not reach.kind_of(each).is_farther_than(told.kind)]
    if not near:
        raise Unreachable(", ".join(found), host=host, reason="elsewhere")
    near = [each for each in near if reach.refusal_of_peer(host, each) is None]
    if not near:
        raise Unreachable(", ".join(found), host=host, reason="policy")
    # The place that was told may be further than the address: a provider's name that leads to a relay on this computer.
    if told.kind is not PlaceKind.INTERNET:
        near = [each for each in near if allows(place_of_host(each))]
    if not near:
        raise Unreachable(host=host, reason="offline")
    return near


def _literal(host: str) -> str:
    """Return the address that a host is written as; that of loopback for one that stands for every address."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return ""
    if address.is_unspecified:
        return _LOOPBACK[0] if address.version == 4 else _LOOPBACK[1]
    return str(address)
