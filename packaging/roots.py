"""Small Debian systems in folders: one to build in, fresh ones to try an installer in.

They are made with mmdebstrap from the mirror that CANDOR_DEBIAN_MIRROR names, else from the one of this computer's apt,
with the suite's updates and security updates, since libraries of theirs are handed on with the program. They are
entered with chroot in namespaces of their own, without a network unless one is asked for. What is done inside is the
business of the recipes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import system
import telling
from environment import ROOT
from telling import SetupError, say

KEPT = Path(os.environ.get("CANDOR_ROOTS", ROOT / "build" / "roots"))  # packed systems and the one that is built in
# Without sbin, dpkg and apt fail without a word.
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
_SOURCES = ("/etc/apt/sources.list", "/etc/apt/sources.list.d")
# In either form that apt reads.
_ADDRESS = re.compile(r"^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(https?://\S+)", re.MULTILINE)
# What makes and enters them; all but the first are there on nearly every Linux.
_PROGRAMS = {"mmdebstrap": "mmdebstrap", "unshare": "util-linux", "setpriv": "util-linux", "ip": "iproute2"}
MIRROR = "CANDOR_DEBIAN_MIRROR"  # for an Ubuntu, whose apt has none of Debian
SECURITY = "-security"  # what follows a mirror's address, and a suite's name, where its security updates lie
# Mounts end with the namespace, so nothing is left behind when we are killed.
_ENTER = """
mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mount -t tmpfs tmpfs "$0/dev/shm" 2>/dev/null
[ ! -d "$0/tmp/.X11-unix" ] || mount --bind /tmp/.X11-unix "$0/tmp/.X11-unix"
ip link set lo up 2>/dev/null
root=$0 && exec chroot "$root" "$@"
"""


@dataclass(frozen=True, slots=True)
class Root:
    """Debian system in a folder."""

    folder: Path

    def run(
        self,
        command: Sequence[str],
        *,
        network: bool = False,
        user: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> str:
        """Run a command inside, as root or as `user`; return what it printed. Raises SetupError when it fails."""
        surroundings = {"PATH": _PATH, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", **(environment or {})}
        return telling.run(
            self.entering(command, network=network, user=user),
            environment=surroundings,
            named=f"{' '.join(command)[:300]} in {self.folder}",
        )

    def entering(self, command: Sequence[str], *, network: bool = False, user: str = "") -> list[str]:
        """Return the command line that runs `command` inside."""
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", *([] if network else ["--net"])]
        return [*apart, "sh", "-c", _ENTER, str(self.folder), *become, *command]

    def share_displays(self) -> None:
        """Let programs inside open windows on this computer's displays, so that no display need be installed there."""
        self.path("/tmp/.X11-unix").mkdir(exist_ok=True)

    def path(self, inside: str) -> Path:
        """Return where a path of the system is on this computer."""
        return self.folder / inside.lstrip("/")


def ensure_possible() -> None:
    """Have what Debian systems in folders are made and entered with. Raises SetupError."""
    if sys.platform != "linux":
        raise SetupError("This is done in Debian systems in folders, which can only be made on Linux.")
    if os.geteuid() != 0:
        raise SetupError("Debian systems in folders are made and entered as root: run this command with sudo.")
    system.ensure(_PROGRAMS)


def build_root(suite: str, packages: Sequence[str]) -> Root:
    """Return the system to build in, with these packages as they are today; kept between builds. Raises SetupError."""
    ensure_possible()
    root = Root(KEPT / f"build-{suite}")
    stamp = root.path("/candor-ready")
    lines = _sources(suite)
    wanted = "\n".join([*lines, *sorted(packages)])
    is_kept = stamp.exists() and stamp.read_text(encoding="utf-8") == wanted
    if not is_kept:
        _make(suite, lines, root.folder, packages)
        stamp.write_text(wanted, encoding="utf-8")
    lend_network(root)
    if is_kept:
        root.run(["apt-get", "--quiet", "--error-on=any", "update"], network=True)
        root.run(["apt-get", "--quiet", "--yes", "dist-upgrade"], network=True)
    return root


@contextmanager
def fresh_root(suite: str) -> Iterator[Root]:
    """Yield a system as it is right after its installation, which is thrown away afterwards. Raises SetupError."""
    ensure_possible()
    packed = KEPT / f"fresh-{suite}.tar"
    if not packed.exists():
        _make(suite, _sources(suite), packed, ())
    folder = Path(tempfile.mkdtemp(prefix=f"fresh-{suite}-", dir=KEPT))
    try:
        folder.chmod(0o755)
        subprocess.run(["tar", "--extract", "--file", str(packed), "--directory", str(folder)], check=True)
        root = Root(folder)
        lend_network(root)
        yield root
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lend_network(root: Root) -> None:
    """Give a system this computer's name servers and certificates, for commands that run with `network`."""
    for file in ("/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt"):
        if Path(file).exists():
            inside = root.path(file)
            inside.parent.mkdir(parents=True, exist_ok=True)
            inside.unlink(missing_ok=True)
            shutil.copyfile(file, inside)


def sources(suite: str, texts: Sequence[str]) -> list[str]:
    """Return the lines by which apt finds a suite with its updates: at the mirror named, or that apt's `texts` name.

    Security updates come from where `texts` name them, else from beside the mirror. Without a mirror there are none.
    """
    addresses = [each for text in texts for each in _ADDRESS.findall(text)]
    named = os.environ.get(MIRROR)
    mirror = named or next((each for each in addresses if not each.rstrip("/").endswith(SECURITY)), "")
    if not mirror:
        return []
    beside = f"{mirror.rstrip('/')}{SECURITY}"
    security = beside if named else next((each for each in addresses if each.rstrip("/").endswith(SECURITY)), beside)
    return [
        f"deb {mirror} {suite} main",
        f"deb {mirror} {suite}-updates main",
        f"deb {security} {suite}{SECURITY} main",
    ]


def _sources(suite: str) -> list[str]:
    found = sources(suite, [file.read_text(encoding="utf-8") for file in _source_files()])
    if not found:
        raise SetupError(f"No Debian mirror is named by {MIRROR}, or in {' or '.join(_SOURCES)}.")
    return found


def _make(suite: str, lines: Sequence[str], target: Path, packages: Sequence[str]) -> None:
    say(f"Making a system of Debian's {suite} in {target}")
    if target.is_dir():
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    include = [f"--include={','.join(packages)}"] if packages else []
    telling.run(
        ["mmdebstrap", "--quiet", "--variant=minbase", "--mode=root", *include, suite, str(target), *lines],
        named=f"Making a system of {suite} with mmdebstrap",
    )


def _source_files() -> list[Path]:
    single, folder = map(Path, _SOURCES)
    several = [*folder.glob("*.sources"), *folder.glob("*.list")] if folder.is_dir() else []
    return [file for file in [single, *sorted(several)] if file.is_file()]
