"""Under the offline lock no packet leaves the computer: counted by the kernel, in a network of its own.

Run as a program there, this asks for many addresses and prints how many packets went out. The network has one way out,
at whose end nobody is, so nothing can be overlooked, whichever part of the program sends it. By IPv4 alone: with IPv6
the kernel itself says hello to the net.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.wire.http import HttpSettings
from desktop.core.errors import BackendError
from tests.support.waiting import PATIENCE

HOSTS = (
    *("gpu.localhost", "localhost.", "gpu-server", "files.corp", "printer.local", "api.provider.example"),
    *("192.0.2.99", "[2001:db8::99]", "10.9.9.9", "0x08080808", "134744072"),
)
SET_UP = """
ip link set lo up
ip link add trip0 type veth peer name trip1
echo 1 > /proc/sys/net/ipv6/conf/trip0/disable_ipv6
ip link set trip1 up
ip link set trip0 up
ip addr add 192.0.2.1/24 dev trip0
ip route add default via 192.0.2.2
ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev trip0
mount --bind {resolver} /etc/resolv.conf
"""


def packets():
    """How many packets have been sent on the way out."""
    (line,) = (each for each in Path("/proc/net/dev").read_text().splitlines() if each.strip().startswith("trip0:"))
    return int(line.split(":")[1].split()[9])


async def ask(hosts, *, locked):
    """Ask every host for its models, in both protocols."""
    settings = HttpSettings(
        allow_host=lambda place: place.is_local or not locked, may_resolve=lambda: not locked, connect_timeout=0.2
    )
    backends = [
        backend
        for host in hosts
        for backend in (
            OpenAICompatBackend(f"http://{host}:8000/v1", "a-key", settings=settings),
            OllamaBackend(f"http://{host}:11434", "a-key", settings=settings),
        )
    ]
    for ended in await asyncio.gather(*(each.list_models() for each in backends), return_exceptions=True):
        assert isinstance(ended, BackendError), ended
    for each in backends:
        await each.aclose()


def main(folder):
    resolver = folder / "resolv.conf"
    resolver.write_text("nameserver 192.0.2.53\noptions timeout:1 attempts:1\n")
    subprocess.run(["sh", "-e", "-c", SET_UP.format(resolver=resolver)], check=True)
    before = packets()
    asyncio.run(ask(HOSTS, locked=True))
    locked = packets() - before
    asyncio.run(ask(["192.0.2.99"], locked=False))
    sys.stdout.write(f"{locked} {packets() - before - locked}\n")


def can_have_a_network():
    """Return True if a process may be given a network of its own here: as root, on Linux."""
    tools = all(map(shutil.which, ("unshare", "ip")))
    if not (tools and sys.platform == "linux" and os.geteuid() == 0):
        return False
    made = "ip link add a0 type veth peer name a1"
    return subprocess.run(["unshare", "-n", "-m", "sh", "-c", made], capture_output=True, check=False).returncode == 0


def test_no_packet_leaves_under_the_lock(tmp_path):
    if not can_have_a_network():
        pytest.skip("needs root on Linux, unshare and ip")
    asked = ["unshare", "-n", "-m", sys.executable, "-m", "tests.backends.wire.test_lone_network", str(tmp_path)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=6 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    locked, unlocked = map(int, done.stdout.split())
    assert locked == 0
    assert unlocked > 0  # or nothing would be counted at all


if __name__ == "__main__":
    main(Path(sys.argv[1]))
