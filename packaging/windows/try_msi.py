"""Trials of an MSI: it installs, is used, upgrades, refuses and removes, and never has two products in one folder.

Of Windows' exit codes the lowest eight bits are seen here. Whatever is not as it should be ends the trial with a
sentence.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from order import Edition
from trials.desk import wait_until

from windows import trial, variants
from windows.trial import LINK, Trial, content_of, must, same, tell

_CLASSES = r"HKEY_LOCAL_MACHINE\Software\Classes"
_OURS = r"HKEY_LOCAL_MACHINE\Software\Candor"
_LISTED = r"HKEY_LOCAL_MACHINE\Software\Microsoft\Windows\CurrentVersion\Uninstall"
_REFUSED = 1603 & 0xFF  # a condition did not hold
_RESTART = 3010 & 0xFF  # done, but for what a restart of Windows completes
_OTHER = "app/only_in_the_other_one.py"


@dataclass(slots=True)
class Package:
    """MSI on its computer; `whole` is what it installs, by name and sum."""

    trial: Trial
    file: Path
    edition: Edition
    whole: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.trial.computer.drive / "Program Files" / "Candor"

    @property
    def program(self) -> Path:
        return self.folder / "Candor.exe"

    @property
    def has_engine(self) -> bool:
        return self.edition is Edition.FULL

    def install(self, file: Path | None = None) -> int:
        """Install without questions; return the exit code's lowest bits."""
        return self.trial.computer.run("msiexec", "/i", file or self.file, "/qn").status

    def remove(self, file: Path | None = None) -> int:
        """Remove without questions; return the exit code's lowest bits."""
        return self.trial.computer.run("msiexec", "/x", file or self.file, "/qn").status

    def products(self) -> list[str]:
        """Return the versions of the products that Windows lists."""
        found = self.trial.computer.registry(_LISTED)
        return [values["DisplayVersion"].strip('"') for values in found.values() if "DisplayVersion" in values]

    def menu_entries(self) -> list[Path]:
        """Return where the Start menu has it; wine takes the user's own for everybody's."""
        computer = self.trial.computer
        places = (computer.home / "AppData" / "Roaming", computer.drive / "ProgramData")
        return [file for place in places for file in (place / "Microsoft/Windows/Start Menu").rglob("Candor.lnk")]


def try_msi(package: Package) -> None:
    """Try all that one package goes through. Raises SetupError."""
    scrap = package.trial.scrap
    before = _registered(package)
    _fresh(package)
    kept = variants.program(package.folder, scrap)
    older = variants.package(kept, scrap, variants.OLDER, package.edition)
    must(package.remove() == 0, "The package could not be removed.")
    _is_gone(package, before)
    tell("removed silently: nothing of it is left in folder, menu or registry")
    _upgrade(package, older)
    (kept / variants.EXTRA).unlink()
    _another_build(package, kept)
    _while_it_runs(package, kept)
    _removal(package, before)
    _others_keep_links(package)
    _is_gone(package, before)


def try_both(small: Package, full: Package) -> None:
    """Install one edition over the other, and back. Raises SetupError."""
    for package in (small, full, small, full, small):
        must(package.install() == 0, f"{package.file.name} could not be installed.")
        package.whole = package.whole or content_of(package.folder)
        same(content_of(package.folder), package.whole, package.file.name)
        must(len(package.products()) == 1, f"Windows lists {package.products()}.")
        tell(f"{package.edition}: one product is listed, {len(package.whole)} files; --diagnose: {_says(package)}")
    must(full.whole.keys() > small.whole.keys(), "The full edition is not the small one and more.")
    must(small.remove() == 0, "The package could not be removed.")
    must(not small.folder.exists(), "The folder is still there.")
    tell("removed: nothing of either is left")


def _says(package: Package) -> str:
    """Return what the installed program says of itself."""
    return trial.diagnose(package.trial.computer, package.program, has_engine=package.has_engine)


def _fresh(package: Package) -> None:
    began = time.monotonic()
    must((status := package.install()) == 0, f"The package could not be installed: {status}")
    took = time.monotonic() - began
    package.whole = content_of(package.folder)
    megabytes = sum(file.stat().st_size for file in package.folder.rglob("*") if file.is_file()) / 1e6
    tell(f"installed silently in {took:.0f} s: {len(package.whole)} files, {megabytes:.0f} MB")
    found = _registered(package)
    wanted = {
        (rf"{_CLASSES}\.gguf\OpenWithProgids", "Candor.Model"): '""',
        (rf"{_CLASSES}\.toml\OpenWithProgids", "Candor.Recipe"): '""',
        (rf"{_CLASSES}\.pdf\OpenWithProgids", "Candor.Document"): '""',
        (rf"{_CLASSES}\candor", "URL Protocol"): '""',
        (rf"{_CLASSES}\candor\shell\open\command", ""): r'"\"C:\\Program Files\\Candor\\Candor.exe\" -- \"%1\""',
        (_OURS, "InstallFolder"): r'"C:\\Program Files\\Candor\\"',
    }
    for (key, name), value in wanted.items():
        must(found.get(key, {}).get(name) == value, f"{key} {name}: {found.get(key)}")
    must(len(package.menu_entries()) == 1 and len(package.products()) == 1, "It is not in the menu, or not listed.")
    tell("in the Start menu, in the list of programs, under Open with for what it opens, and for candor: links")
    tell(f"Candor.exe --diagnose: {_says(package)}")
    tell(f"painted after {trial.seconds_to_paint(package.trial.computer, package.program):.2f} s")
    must(package.trial.open(LINK) == ["--", LINK], "A link was not handed over whole.")
    tell("a candor: link opens the window and is handed over whole")
    package.trial.forget()
    seconds = package.trial.ask_server(package.program, 1)
    tell(f"asked by its window, a server that speaks OpenAI's protocol answered after {seconds:.1f} s, letters whole")
    package.trial.forget()


def _upgrade(package: Package, older: Path) -> None:
    """Upgrade an older one with a conversation; the newer one does not give way to the older."""
    must(package.install(older) == 0, "The older package could not be installed.")
    must(package.products() == [variants.OLDER], f"Windows lists {package.products()}.")
    _ask(package, 1)
    must(package.install() == 0, "The newer package could not be installed.")
    same(content_of(package.folder), package.whole, "After the upgrade")
    must(len(package.products()) == 1, f"Windows lists {package.products()}.")
    _ask(package, 2)
    tell(f"over {variants.OLDER} with a conversation: what only that had is gone, one product is listed, and a second")
    tell("  question was answered; both conversations are there")
    must(package.install(older) == _REFUSED, "The older package was installed over the newer one.")
    one = package.trial
    with one.computer.start(["msiexec", "/i", one.computer.called(older), "/qb"]) as process:
        wait_until("it is said that a newer version is installed", lambda: one.display.titled("Install Failed") > 0)
        one.picture("msi-older")
        one.display.press("Return")
        must(process.wait(60) == _REFUSED, f"The older package ended with {process.returncode}.")
    same(content_of(package.folder), package.whole, "After the refusal")
    tell(f"{variants.OLDER} over it: refused (1603), with a window in its sentence; nothing was changed")


def _ask(package: Package, number: int) -> None:
    if package.has_engine:
        package.trial.ask(package.program, number)
    else:
        package.trial.ask_server(package.program, number)


def _another_build(package: Package, kept: Path) -> None:
    """Install the same version with another content, which takes the place of the one before.

    The same changes nothing.
    """
    version = package.products()[0]
    (kept / _OTHER).write_text("# of another build\n", encoding="ascii")
    (kept / "LICENSE.txt").write_text("another text\n", encoding="ascii")
    other = variants.package(kept, package.trial.scrap, version, package.edition)
    must(package.install(other) == 0, "Another build could not be installed.")
    found = content_of(package.folder)
    must(found.keys() - package.whole.keys() == {_OTHER}, "It is not the other build.")
    must(found["LICENSE.txt"] != package.whole["LICENSE.txt"], "A file that both have was not replaced.")
    for _ in range(2):
        must(package.install() == 0, "The package could not be installed.")
        same(content_of(package.folder), package.whole, "After another build")
        must(package.products() == [version], f"Windows lists {package.products()}.")
    tell(f"another build of {version} takes its place, and this one that one's; the same once more changes nothing")


def _while_it_runs(package: Package, kept: Path) -> None:
    """Install while it runs, and see what msiexec does; nobody but Windows' own service can be asked to wait."""
    one = package.trial
    other = variants.package(kept, one.scrap, package.products()[0], package.edition)
    with one.computer.start([one.computer.called(package.program)]) as process:
        wait_until("the window is to be seen", one.display.has_window, process)
        status = package.install(other)
        runs = process.poll() is None
        one.display.close_window()
        process.wait(60)
    one.computer.settle()
    found = content_of(package.folder)
    candor = "goes on" if runs else "has ended"
    there = len(package.whole.keys() & found.keys()) + (_OTHER in found)
    tell(f"another build while it runs: msiexec ends with {_words(status)}, Candor {candor}")
    tell(f"  of its {len(package.whole) + 1} files {there} are there once Candor is closed")
    must(package.install() == 0, "The package could not be installed.")
    same(content_of(package.folder), package.whole, "After one that was installed while Candor ran")
    must(len(package.products()) == 1, f"Windows lists {package.products()}.")
    tell("installed once more with Candor closed: all is as it was, one product is listed")


def _words(status: int) -> str:
    return {0: "0", _RESTART: "3010 (a restart of Windows completes it)", _REFUSED: "1603"}.get(status, str(status))


def _removal(package: Package, before: dict[str, dict[str, str]]) -> None:
    foreign = package.folder / "lib" / "foreign.txt"
    foreign.write_text("not ours", encoding="ascii")
    must(package.remove() == 0, "The package could not be removed.")
    left = [file for file in package.folder.rglob("*") if file.is_file()]
    must(left == [foreign], f"Left: {left[:5]}")
    foreign.unlink()
    foreign.parent.rmdir()
    package.folder.rmdir()
    _is_gone(package, before)
    must(package.trial.computer.count("SELECT count(*) FROM conversations") >= 2, "The conversations are gone.")
    tell("removed: a foreign file in lib stays, and so do the conversations; nothing else is left")


def _others_keep_links(package: Package) -> None:
    """Install where another program opens links already, or takes them while Candor is installed: they stay with it."""
    computer = package.trial.computer
    key, theirs = rf"{_CLASSES}\candor\shell\open\command", r"C:\other\other.exe %1"
    for order in ("before", "after"):
        if order == "after":
            must(package.install() == 0, "The package could not be installed.")
        must(computer.run("reg", "add", key, "/ve", "/d", theirs, "/f").status == 0, "No key could be written.")
        must(package.install() == 0, "The package could not be installed.")
        _has_links(package, theirs, f"Installed ({order})")
        if order == "before":
            must("URL Protocol" not in computer.registry(rf"{_CLASSES}\candor")[rf"{_CLASSES}\candor"], "Half taken.")
        must(package.remove() == 0, "The package could not be removed.")
        _has_links(package, theirs, f"Removed ({order})")
        computer.run("reg", "delete", rf"{_CLASSES}\candor", "/f")
    tell(
        "where another program opens candor: links, it keeps doing so, also when it took them from an installed Candor"
    )


def _has_links(package: Package, command: str, when: str) -> None:
    key = rf"{_CLASSES}\candor\shell\open\command"
    found = package.trial.computer.registry(key).get(key, {}).get("")
    must(found == '"' + command.replace("\\", "\\\\") + '"', f"{when}: links are opened by {found}.")


def _registered(package: Package) -> dict[str, dict[str, str]]:
    keys = (_CLASSES, _OURS, _LISTED)
    return {name: values for key in keys for name, values in package.trial.computer.registry(key).items()}


def _is_gone(package: Package, before: dict[str, dict[str, str]]) -> None:
    must(not package.folder.exists(), f"{package.folder} is still there.")
    must(not package.menu_entries(), "The entry in the Start menu is still there.")
    # What wine itself keeps of packages is not ours; neither are keys without a value, which wine leaves.
    left = {
        name
        for name, values in _registered(package).items()
        if values and before.get(name) != values and "\\Installer\\" not in name
    }
    must(not left, f"The registry still has {sorted(left)}.")
