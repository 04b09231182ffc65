"""The two ways in which a distribution installs a package, for trying one: with apt and dpkg, and with rpm.

Fetching what a package depends on needs a network; all other steps must not.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from roots import Root
from telling import SetupError, say

APT = ("apt-get", "--quiet", "--yes", "--no-install-recommends")
# What every desktop has, and a system without one lacks, in Debian's names.
OF_A_DESKTOP = (
    *("fonts-dejavu-core", "libdbus-1-3", "libegl1", "libfontconfig1", "libgl1", "libglib2.0-0", "libgssapi-krb5-2"),
    *("libwayland-client0", "libwayland-cursor0", "libx11-6", "libx11-xcb1", "libxcb1"),
)
_OLDER = "0.0.1"


@dataclass(frozen=True, slots=True)
class Packager:
    """Packager of one package, with the command lines that install, check and remove it, run as root in the system."""

    installing: Sequence[str]  # before the file
    verifying: Sequence[str]  # prints what is not as it was packed
    removals: Sequence[Sequence[str]]  # one after the other

    def install(self, root: Root, file: str) -> None:
        """Install a file that lies in the system, or put it in the place of the one that is installed."""
        root.run([*self.installing, file])

    def verify(self, root: Root) -> None:
        """Raise SetupError where an installed file is not as it was packed."""
        if altered := root.run(self.verifying).strip():
            raise SetupError(f"Installed files are not as packed: {altered}")


def packager_of(package: Path, root: Root, inside: str) -> Packager:
    """Return the packager of a package, which lies in the system as `inside`; what it depends on has been fetched."""
    root.run(["apt-get", "update", "--quiet"], network=True)
    if package.suffix == ".deb":
        name = field(package, "Package")
        root.run([*APT, "--download-only", "install", inside], network=True)
        # After the removal apt knows no more of a package that came as a file; dpkg does.
        removals = ([*APT, "remove", name], ["dpkg", "--purge", name])
        return Packager([*APT, "install"], ["dpkg", "--verify", name], removals)
    root.run([*APT, "install", "cpio", "rpm", "hicolor-icon-theme", "shared-mime-info", *OF_A_DESKTOP], network=True)
    name = root.run(["rpm", "--query", "--package", "--queryformat", "%{NAME}", inside]).strip()
    _compare_libraries(root, inside)
    # This system's libraries came with dpkg, of which rpm knows nothing.
    installing, verifying = ["rpm", "--upgrade", "--nodeps"], ["rpm", "--verify", "--nodeps", name]
    return Packager(installing, verifying, (["rpm", "--erase", name],))


def _compare_libraries(root: Root, inside: str) -> None:
    """Make sure that the libraries which an RPM asks for by name are in the system. Raises SetupError."""
    wanted = library_names(root.run(["rpm", "--query", "--package", "--requires", inside]))
    known = set(re.findall(r"^\s*(\S+) \(", root.run(["ldconfig", "-p"]), re.MULTILINE))
    if lacking := [each for each in wanted if each not in known and not each.startswith("ld-linux")]:
        raise SetupError(f"It asks for {', '.join(lacking)}, which a desktop does not have.")
    say(f"  the {len(wanted)} libraries that it asks for are those of a desktop")


def library_names(requirements: str) -> list[str]:
    """Return the libraries among what an RPM requires, each once."""
    return sorted(set(re.findall(r"^(\S+\.so[.\d]*)\(", requirements, re.MULTILINE)))


def make_older(package: Path, older: Path) -> None:
    """Pack the same content of a Debian package under an older version."""
    with tempfile.TemporaryDirectory(dir=older.parent) as scrap:
        subprocess.run(["dpkg-deb", "--raw-extract", str(package), scrap], check=True)
        control = Path(scrap, "DEBIAN", "control")
        version = field(package, "Version")
        text = control.read_text(encoding="utf-8").replace(f"Version: {version}", f"Version: {_OLDER}")
        control.write_text(text, encoding="utf-8")
        subprocess.run(["dpkg-deb", "-Znone", "--build", scrap, str(older)], check=True, stdout=subprocess.DEVNULL)


def field(package: Path, name: str) -> str:
    """Return what a Debian package says of itself."""
    done = subprocess.run(["dpkg-deb", "--field", str(package), name], capture_output=True, text=True, check=True)
    return done.stdout.strip()
