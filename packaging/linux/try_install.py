"""`dev.py try-install`: a .deb, a .rpm or a .run in fresh systems: installed, used, upgraded, removed.

Only fetching what it depends on has a network; from the installation on there is none. The display is this computer's,
so that nothing but the package brings libraries. The user is one without rights, a session bus or a keyring.
"""

from __future__ import annotations

import argparse
import json
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import roots
import trying
from order import files_to_try
from roots import Root
from telling import SetupError, say
from trying import Desk

_ENDINGS = (".deb", ".rpm", ".run")
SUITES = ("bookworm", "trixie")
APT = ("apt-get", "--quiet", "--yes", "--no-install-recommends")
# What every desktop has, and a system without one lacks, in Debian's names.
OF_A_DESKTOP = (
    *("fonts-dejavu-core", "libdbus-1-3", "libegl1", "libfontconfig1", "libgl1", "libglib2.0-0", "libgssapi-krb5-2"),
    *("libwayland-client0", "libwayland-cursor0", "libx11-6", "libx11-xcb1", "libxcb1"),
)
_LOG = "/var/tmp/candor.log"  # where the program that was started last prints to
_OLDER = "0.0.1"
_MISSING = "does not have yet: "  # what the installer without root says of libraries


@dataclass(frozen=True, slots=True)
class Person:
    """User of a system in a folder."""

    root: Root
    name: str = "anna"

    @classmethod
    def moves_in(cls, root: Root) -> Person:
        """Return a new user of the system, who can open windows on this computer's displays."""
        root.share_displays()
        anna = cls(root)
        root.run(["useradd", "--create-home", anna.name])
        # Every system that has been started once has it; without it, D-Bus ends whoever asks for a bus.
        root.path("/etc/machine-id").write_text(f"{1:032x}\n", encoding="utf-8")
        return anna

    @property
    def home(self) -> Path:
        return self.root.path(f"/home/{self.name}")

    def surroundings(self, **more: str) -> dict[str, str]:
        """Return the environment variables of a plain session."""
        path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin"
        return {"PATH": path, "HOME": f"/home/{self.name}", "USER": self.name, "LANG": "C.UTF-8", **more}

    def start(self, command: Sequence[str], **variables: str) -> AbstractContextManager[subprocess.Popen[str]]:
        """Return the running program, which is killed where it has not ended when the block does."""
        entering = self.root.entering(command, user=self.name)
        return trying.running(entering, self.surroundings(**variables), self.root.path(_LOG))

    def said(self) -> str:
        """Return what the program that was started last has printed."""
        return self.root.path(_LOG).read_text(encoding="utf-8", errors="replace")

    def count(self, question: str) -> int:
        """Return what a query of the conversations gives; -1 while there are none."""
        return trying.count_in(self.home / ".local/share/candor/candor.db", question)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what is asked for. Raises SetupError where it cannot be tried, before anything is set up for it."""
    parser = argparse.ArgumentParser(prog="dev.py try-install")
    parser.add_argument("package", type=Path, nargs="*", help="a .deb, a .rpm or a .run (default: those in dist)")
    parser.add_argument("--older", type=Path, help="an older package, to upgrade from (else a .deb's own content)")
    parser.add_argument("--suite", choices=SUITES, action="append", help="a system to try it in (default: each)")
    options = parser.parse_args(arguments)
    options.package = files_to_try(options.package, _ENDINGS, ("deb", "rpm", "run"))
    if options.older and (len(options.package) > 1 or not options.older.is_file()):
        raise SetupError(f"{options.older} can only be upgraded from where it is there and one newer package is named.")
    roots.ensure_possible()
    return options


def main(options: argparse.Namespace) -> int:
    """Try each installer in each system; return the exit status. Raises SetupError where something fails."""
    for package in options.package:
        for suite in options.suite or SUITES:
            say(f"{package.name}, {suite}:")
            with roots.fresh_root(suite) as root, trying.desk() as desk:
                root.run(["apt-get", "update", "--quiet"], network=True)
                if package.suffix == ".run":
                    _try_without_root(root, desk, package)
                else:
                    _try_package(root, desk, _bring(root, package, options.older))
    return 0


# --- Packages -----------------------------------------------------------------------------------------------------


def _bring(root: Root, package: Path, older: Path | None) -> list[str]:
    """Lay the packages into the system, with what they depend on; return their paths there, the older one first."""
    old, new = f"/old{package.suffix}", f"/new{package.suffix}"
    shutil.copy(package, root.path(new))
    if older is not None:
        shutil.copy(older, root.path(old))
    if package.suffix == ".deb":
        root.run([*APT, "--download-only", "install", new], network=True)
        if older is None:
            _make_older(package, root.path(old))
    else:
        needed = ("cpio", "rpm", "hicolor-icon-theme", "shared-mime-info", *OF_A_DESKTOP)
        root.run([*APT, "install", *needed], network=True)
        _compare_libraries(root, new)
    return [file for file in (old, new) if root.path(file).exists()]


def _try_package(root: Root, desk: Desk, files: Sequence[str]) -> None:
    anna = Person.moves_in(root)
    before = _files_of(root)
    if files[-1].endswith(".deb"):
        name = field(root.path(files[-1]), "Package")
        installing, verifying = [*APT, "install"], ["dpkg", "--verify", name]
        # After the removal apt knows no more of a package that came as a file; dpkg does.
        removals = [[*APT, "remove", name], ["dpkg", "--purge", name]]
    else:
        name = root.run(["rpm", "--query", "--package", "--queryformat", "%{NAME}", files[-1]]).strip()
        # This system's libraries came with dpkg, of which rpm knows nothing.
        installing, verifying = ["rpm", "--upgrade", "--nodeps"], ["rpm", "--verify", "--nodeps", name]
        removals = [["rpm", "--erase", name]]
    for number, file in enumerate(files, 1):
        root.run([*installing, file])
        version = root.run(["candor", "--version"], user=anna.name).split()[-1]
        entry = root.path("/usr/share/applications/candor.desktop").read_text(encoding="utf-8")
        trying.ask(anna, desk, menu_command(entry), number)
        say(f"  {file}: installed {version}; question {number} answered by the built-in engine")
    if altered := root.run(verifying).strip():
        raise SetupError(f"Installed files are not as packed: {altered}")
    _diagnose(anna, desk)
    for step in removals:
        root.run(step)
        trying.has_answers(anna, len(files))
    if left := _files_of(root) - before:
        raise SetupError(f"Purging left {sorted(left)[:10]}.")
    say("  removed: the conversations are still there, nothing else is left")


def _diagnose(anna: Person, desk: Desk) -> None:
    """Have the program look at itself. Raises SetupError where it finds something wrong."""
    said = anna.root.run(["candor", "--diagnose"], user=anna.name, environment=anna.surroundings(DISPLAY=desk.name))
    found = json.loads(said[said.index("{") :])
    if not (found["ok"] and found["program"]["frozen"] and found["engine"]["loads"]):
        raise SetupError(f"candor --diagnose: {said}")
    say("  candor --diagnose: all is well, and the engine loads the starter model")


def _files_of(root: Root) -> set[str]:
    """Return everything below the folders that packages write to and that has the program's name."""
    found = root.run(
        ["find", "/usr", "/etc", "/opt", "/var/lib", "-name", "*candor*", "-not", "-path", "*/dpkg/info/*"]
    )
    return set(found.splitlines())


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


def _make_older(package: Path, older: Path) -> None:
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


def menu_command(entry: str) -> list[str]:
    """Return the command of a desktop entry, without the places where files would be named."""
    line = next(line for line in entry.splitlines() if line.startswith("Exec="))
    return [word for word in shlex.split(line.removeprefix("Exec=")) if not word.startswith("%")]


# --- The installer without root -------------------------------------------------------------------------------------


def _try_without_root(root: Root, desk: Desk, installer: Path) -> None:
    """Install as a plain user: first where libraries are missing, which it has to say; then with those of a desktop."""
    root.run([*APT, "install", "xz-utils"], network=True)  # what it unpacks itself with
    root.run([*APT, "--download-only", "install", *OF_A_DESKTOP], network=True)
    anna = Person.moves_in(root)
    shutil.copy(installer, anna.home / "candor.run")
    said = _install(anna)
    if _MISSING not in said:
        raise SetupError(f"Nothing is said of the libraries that are missing: {said}")
    missing = said.split(_MISSING)[1].splitlines()[0].strip()
    say(f"  without a desktop, and where nothing starts from /tmp: installed; said to be missing: {missing}")
    root.run([*APT, "install", *OF_A_DESKTOP])
    for number in (1, 2):
        if _MISSING in (said := _install(anna)):
            raise SetupError(f"Libraries are missing that are there or brought: {said[-1000:]}")
        command = menu_command((anna.home / ".local/share/applications/candor.desktop").read_text(encoding="utf-8"))
        trying.ask(anna, desk, command, number)
        say(f"  installed over the one before, started as {' '.join(command)}; answered")
    removing = ["sh", f"/home/{anna.name}/.local/lib/candor-program/uninstall.sh"]
    root.run(removing, user=anna.name, environment=anna.surroundings())
    trying.has_answers(anna, 2)
    found = [path for path in anna.home.rglob("*candor*") if ".local/share/candor" not in str(path)]
    if left := [path for path in found if path.name != "candor.run" and ".cache" not in path.parts]:
        raise SetupError(f"Removing left {left[:10]}.")
    say("  removed: both conversations are still there, nothing else is left")


def _install(anna: Person) -> str:
    """Run the installer where nothing starts from /tmp, as on many computers of companies; return what it printed."""
    become = f"exec setpriv --reuid={anna.name} --regid={anna.name} --init-groups sh /home/{anna.name}/candor.run"
    command = f"mount -t tmpfs -o noexec,mode=1777 tmpfs /tmp && {become}"
    return anna.root.run(["sh", "-c", command], environment=anna.surroundings())
