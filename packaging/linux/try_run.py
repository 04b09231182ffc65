"""A trial of the installer without root in a fresh system, as a plain user and without a network.

First where libraries are missing, which it has to say; then with those of a desktop: install, answer a question,
install over it, answer another, remove.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from roots import Root
from telling import SetupError, say
from trials import asking
from trials.desk import Desk

from linux.packagers import APT, OF_A_DESKTOP
from linux.person import Person

# What the installer unpacks itself with.
_TOOLS = ("xz-utils",)
_MISSING = "does not have yet: "
_KEPT = ".local/share/candor"
# As on many computers of companies.
_NOTHING_STARTS_FROM_TMP = "mount -t tmpfs -o noexec,mode=1777 tmpfs /tmp"


def try_in(root: Root, display: Desk, installer: Path, picture: Path | None) -> None:
    """Try the installer in this system. Raises SetupError."""
    root.run(["apt-get", "update", "--quiet"], network=True)
    root.run([*APT, "install", *_TOOLS], network=True)
    root.run([*APT, "--download-only", "install", *OF_A_DESKTOP], network=True)
    anna = Person.moves_in(root, "anna")
    shutil.copy(installer, anna.home / "candor.run")
    said = _install(anna, _NOTHING_STARTS_FROM_TMP)
    if _MISSING not in said:
        raise SetupError(f"Nothing is said of the libraries that are missing: {said}")
    missing = said.split(_MISSING)[1].splitlines()[0].strip()
    say(f"  without a desktop, and where nothing starts from /tmp: installed; said to be missing: {missing}")
    root.run([*APT, "install", *OF_A_DESKTOP])
    for number in (1, 2):
        if _MISSING in (said := _install(anna)):
            raise SetupError(f"Libraries are missing that are there or brought: {said[-1000:]}")
        entry = anna.home / ".local/share/applications/candor.desktop"
        command = asking.menu_command(entry.read_text(encoding="utf-8"))
        seconds = asking.ask(anna, display, command, number, picture)
        say(f"  installed over the one before, started as {' '.join(command)}; answered after {seconds:.1f} s")
    root.run(["sh", "/home/anna/.local/lib/candor-program/uninstall.sh"], user="anna", environment=anna.surroundings())
    asking.has_answers(anna, 2)
    left = [path for path in anna.home.rglob("*candor*") if _KEPT not in str(path) and ".cache" not in path.parts]
    if left := [path for path in left if path.name != "candor.run"]:
        raise SetupError(f"Removing left {left[:10]}.")
    say("  removed: both conversations are still there, nothing else is left")


def _install(anna: Person, before: str = "true") -> str:
    """Run the installer, and return what it printed; `before` is done by root in the same namespaces."""
    become = f"exec setpriv --reuid={anna.name} --regid={anna.name} --init-groups sh /home/{anna.name}/candor.run"
    return anna.root.run(["sh", "-c", f"{before} && {become}"], environment=anna.surroundings())
