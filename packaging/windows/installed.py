"""A setup's Candor on the computer that it is tried on: where it is, what Windows knows of it, what is left of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from windows.trial import OF_THE_SETUP, Trial, must

CLASSES = r"HKEY_CURRENT_USER\Software\Classes"
OURS = r"HKEY_CURRENT_USER\Software\Candor"
LISTED = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Uninstall"


@dataclass(slots=True)
class Installed:
    """Setup on its computer; `whole` is what it installs, by name and sum."""

    trial: Trial
    setup: Path
    has_engine: bool
    whole: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.trial.computer.local / "Programs" / "Candor"

    @property
    def program(self) -> Path:
        return self.folder / "Candor.exe"

    @property
    def menu_entry(self) -> Path:
        return self.trial.computer.home / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Candor.lnk"

    def install(self, folder: str = "", setup: Path | None = None) -> int:
        """Run the setup without questions; return its exit code. A folder is named without quotes, spaces or not."""
        words = f"/D={folder}".split(" ") if folder else []
        return self.trial.computer.run(setup or self.setup, "/S", *words).status

    def remove(self, *words: str, folder: Path | None = None) -> int:
        """Run the uninstaller without questions, to its end; return its exit code."""
        place = folder or self.folder
        # Without _? it goes on in a copy of itself, and its end cannot be waited for; with it, it stays itself.
        named = f"_?={self.trial.computer.called(place)}".split(" ")  # quotes would hide it
        status = self.trial.computer.run(self.folder / "uninstall.exe", "/S", *words, *named).status
        if status == 0:
            for name in OF_THE_SETUP:
                (place / name).unlink(missing_ok=True)
            if not any(place.iterdir()):
                place.rmdir()
        return status

    def registered(self) -> dict[str, dict[str, str]]:
        """Return what the registry holds that a setup could have written."""
        keys = (CLASSES, OURS, LISTED)
        return {name: values for key in keys for name, values in self.trial.computer.registry(key).items()}


def has_entries(installed: Installed) -> None:
    """Raise SetupError unless Windows knows of it where it should."""
    found = installed.registered()
    place = installed.trial.computer.called(installed.folder).replace("\\", "\\\\")
    wanted = {
        (rf"{LISTED}\Candor", "UninstallString"): rf'"\"{place}\\uninstall.exe\""',
        (rf"{LISTED}\Candor", "InstallLocation"): f'"{place}"',
        (rf"{CLASSES}\.gguf\OpenWithProgids", "Candor.Model"): '""',
        (rf"{CLASSES}\.toml\OpenWithProgids", "Candor.Recipe"): '""',
        (rf"{CLASSES}\.pdf\OpenWithProgids", "Candor.Document"): '""',
        (rf"{CLASSES}\Candor.Model\shell\open\command", ""): rf'"\"{place}\\Candor.exe\" \"%1\""',
        (rf"{CLASSES}\Candor.Recipe\shell\open\command", ""): rf'"\"{place}\\Candor.exe\" \"%1\""',
        (rf"{CLASSES}\candor", "URL Protocol"): '""',
        (rf"{CLASSES}\candor\shell\open\command", ""): rf'"\"{place}\\Candor.exe\" -- \"%1\""',
        (OURS, "InstallFolder"): f'"{place}"',
    }
    for (key, name), value in wanted.items():
        must(found.get(key, {}).get(name) == value, f"{key} {name}: {found.get(key)}")
    must(installed.menu_entry.exists(), "There is no entry in the Start menu.")


def refusing_folder(installed: Installed) -> Path:
    """Return a folder of Candor's that cannot be written to.

    Where a file belongs there is a folder, as good as no rights.
    """
    folder = installed.trial.computer.drive / "refusing" / "Candor"
    (folder / "candor-setup.tmp").mkdir(parents=True, exist_ok=True)
    (folder / "candor-setup.mark").touch()
    return folder


def others_folder(installed: Installed) -> Path:
    """Return a folder of another program, with files whose names are also Candor's."""
    folder = installed.trial.computer.drive / "Other program"
    folder.mkdir(exist_ok=True)
    for name in ("LICENSE.txt", "Candor.exe", "uninstall.exe"):
        (folder / name).write_bytes(b"somebody else's")
    return folder


def is_gone(installed: Installed, before: dict[str, dict[str, str]]) -> None:
    """Raise SetupError where something of it is left."""
    must(not installed.folder.exists(), f"{installed.folder} is still there.")
    must(not installed.menu_entry.exists(), "The entry in the Start menu is still there.")
    found = installed.registered().items()
    # Every Windows has the two keys that the entries stand under; a fresh wine has not.
    left = {name for name, values in found if before.get(name) != values and name not in (CLASSES, LISTED)}
    must(not left, f"The registry still has {sorted(left)}.")
