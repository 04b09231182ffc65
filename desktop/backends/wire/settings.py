"""The settings of all requests: what may be reached, by which way, and how long anything may take."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop.backends.wire.crossing import Record
from desktop.backends.wire.proxies import ProxyChoice
from desktop.backends.wire.tls import OwnCertificate
from desktop.core.place import Place
from desktop.core.policy.reach import Reach

if TYPE_CHECKING:
    from desktop.backends.wire.network import Dial


# Returns the IP addresses of a name; `socket.gaierror` for an unknown one.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """The settings of the user and the tests, the same for all servers. Times in seconds.

    `allow_host` is asked before every request; False ends it as `Unreachable` (offline). `may_resolve` is asked before
    a name is looked up, with `resolve` or by the system. `dial` opens connections in another way than straight over the
    network; `close_dial` is called when the client closes, and `behind` is the place that such a way leads to, whatever
    the server's address is there, and `rented` the name of the computer that it leads through.
    `record` is given an entry of the ledger when a request begins and when it ends. `reach` is what the policy of this
    computer allows, `extra_ca_file` holds certificates that are trusted beside the system's, as the policy says;
    `ca_files` are those that the user has chosen, `own_certificate` is shown to servers that ask for one. `idle_limit`
    is how long a remote server may send no byte at all (keep-alive comments count); local servers may take any time,
    since a large model on a slow computer does. After `silence` it is looked if such a server is still there. `name` is
    what the user calls the server.
    """

    allow_host: Callable[[Place], bool] = lambda place: True
    may_resolve: Callable[[], bool] = lambda: True
    resolve: Resolve | None = None
    dial: Dial | None = None
    close_dial: Callable[[], Awaitable[None]] | None = None
    behind: Place | None = None
    rented: str = ""
    record: Record = lambda entry: None
    reach: Reach = field(default_factory=Reach)
    extra_ca_file: str = ""
    ca_files: tuple[str, ...] = ()
    own_certificate: OwnCertificate | None = None
    proxy: ProxyChoice = field(default_factory=ProxyChoice)
    connect_timeout: float = 10.0
    write_timeout: float = 60.0
    idle_limit: float = 600.0
    silence: float = 6.0
    name: str = ""
