"""A Windows computer as wine has it, for trying installers: fresh, of its own, and without touching anybody's home.

wine lacks two things that Candor finds in every Windows, and gets them here, never in what is installed: a font under
the names that programs ask for, and a library for ICU.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import system
import trying
from telling import SetupError

from windows import work

_PROGRAMS = {
    **work.BUILD_PROGRAMS,
    "wine": "wine",
    "wineserver": "wine64",
    **trying.PROGRAMS,
    "Noto Sans CJK": system.FONTS["Noto Sans CJK"],  # with Latin and Chinese letters, which wine finds on this computer
}
_FONT = "Noto Sans CJK SC"
_FONT_NAMES = ("MS Shell Dlg", "MS Shell Dlg 2", "Segoe UI", "Microsoft YaHei UI", "Tahoma", "SimSun")
_FONT_KEYS = (
    r"HKEY_CURRENT_USER\Software\Wine\Fonts\Replacements",
    r"HKEY_LOCAL_MACHINE\Software\Microsoft\Windows NT\CurrentVersion\FontSubstitutes",
)
_BROUGHT = "msvcp140,msvcp140_1,msvcp140_2,vcruntime140,vcruntime140_1,vcomp140"
_SMALLEST_SETUP = r"""
Unicode true
RequestExecutionLevel user
SilentInstall silent
OutFile smallest.exe
Section
FileOpen $0 "$EXEDIR\smallest.ran" w
FileClose $0
SectionEnd
"""
_NO_32_BITS = (
    "This computer's {} runs no programs of 32 bits, which setups are. On Debian: "
    "sudo dpkg --add-architecture i386 && sudo apt update && sudo apt install wine32:i386"
)
_PATIENCE = 600.0  # seconds; a setup of the full edition unpacks for long on a busy computer


@dataclass(frozen=True, slots=True)
class Ended:
    """End of a program: of Windows' status, this side of wine sees only the lowest eight bits."""

    status: int
    said: str


@dataclass(frozen=True, slots=True)
class Computer:
    """Computer in a folder; `display` is where its windows open."""

    folder: Path
    display: str

    @classmethod
    def new(cls, folder: Path, display: str) -> Computer:
        """Return a fresh one in an empty folder. Raises SetupError."""
        system.ensure(_PROGRAMS)
        (folder / "home").mkdir()
        computer = cls(folder, display)
        computer.run("wineboot", "--init")
        # An empty one serves: Candor never converts a text by it.
        (folder / "icu.c").write_text("int nothing;\n", encoding="ascii")
        library = computer.drive / "windows" / "system32" / "icuuc.dll"
        compiler = ["x86_64-w64-mingw32-gcc", "-shared", "-nostdlib", "-s", "-Wl,--entry=0"]
        work.run([*compiler, "-o", library, folder / "icu.c"])
        computer.add_to_registry({key: dict.fromkeys(_FONT_NAMES, f'"{_FONT}"') for key in _FONT_KEYS})
        computer.settle()
        return computer

    @property
    def drive(self) -> Path:
        """The folder that its drive C is on this computer."""
        return self.folder / "prefix" / "drive_c"

    @property
    def home(self) -> Path:
        """The folder of its only user."""
        return next(each for each in (self.drive / "users").iterdir() if each.name != "Public")

    @property
    def local(self) -> Path:
        """The user's folder for programs and what they keep, which Windows calls LOCALAPPDATA."""
        return self.home / "AppData" / "Local"

    @property
    def data(self) -> Path:
        """The folder of what Candor keeps."""
        return self.local / "candor"

    @property
    def database(self) -> Path:
        """The file of the conversations."""
        return self.data / "candor.db"

    def ensure_setups_run(self) -> None:
        """Have a setup run that leaves a file: each is a program of 32 bits, for which some wines lack a part.

        How such a wine ends says nothing: with 0, as if it had run the program. Raises SetupError.
        """
        script = self.folder / "smallest.nsi"
        script.write_text(_SMALLEST_SETUP, encoding="ascii")
        work.run(["makensis", "-V1", script], cwd=self.folder)
        self.run(script.with_suffix(".exe"), "/S")
        if not script.with_suffix(".ran").exists():
            version = work.run(["wine", "--version"], environment={"WINEDEBUG": "-all"}).strip().splitlines()[-1]
            raise SetupError(_NO_32_BITS.format(version))

    def called(self, path: Path) -> str:
        """Return what Windows calls a file of this computer."""
        inside = path.is_relative_to(self.drive)
        return ("C:\\" if inside else "Z:") + str(path.relative_to(self.drive) if inside else path).replace("/", "\\")

    def run(self, *command: str | Path, patience: float = _PATIENCE) -> Ended:
        """Run a program to its end; paths are given as Windows calls them. Raises SetupError where there is no end."""
        with self.start([self.called(each) if isinstance(each, Path) else each for each in command]) as process:
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired as error:
                raise SetupError(f"{command[0]} did not end within {patience:.0f} s: {self.said()}") from error
        return Ended(process.returncode, self.said())

    def start(self, command: Sequence[str], **variables: str) -> AbstractContextManager[subprocess.Popen[str]]:
        """Return the running program, which is killed where it has not ended when the block does."""
        return trying.running(["wine", *command], self._surroundings() | variables, self._log)

    def said(self) -> str:
        """Return what the program that was started last has printed."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def words_of(self, program: str) -> list[str]:
        """Return what follows the program's name on the command line of the one that runs."""
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):  # it has ended meanwhile, or belongs to somebody else
                name, *words = file.read_text(encoding="utf-8", errors="replace").split("\0")
                surroundings = file.with_name("environ").read_bytes().split(b"\0")
                if name.endswith(f"\\{program}") and f"WINEPREFIX={self.folder}/prefix".encode() in surroundings:
                    return [word for word in words if word]
        return []

    def count(self, question: str) -> int:
        """Return what a query of the conversations gives; -1 while there are none."""
        return trying.count_in(self.database, question)

    def registry(self, key: str) -> dict[str, dict[str, str]]:
        """Return a key of the registry with all below it: by the keys' names, the values as they are written down."""
        file = self.folder / "exported.reg"
        file.unlink(missing_ok=True)
        self.run("reg", "export", key, self.called(file), "/y")
        if not file.exists():
            return {}
        found: dict[str, dict[str, str]] = {}
        for line in file.read_text(encoding="utf-16").splitlines():
            if line.startswith("["):
                found[line[1:-1]] = {}
            elif pair := re.fullmatch(r'(?:"((?:[^"\\]|\\.)*)"|@)=(.*)', line):
                found[list(found)[-1]][pair[1] or ""] = pair[2]
        return found

    def add_to_registry(self, keys: Mapping[str, Mapping[str, str]]) -> None:
        """Write values, which are written down as the registry's files have them."""
        file = self.folder / "added.reg"
        lines = ["Windows Registry Editor Version 5.00"]
        for key, values in keys.items():
            lines += ["", f"[{key}]", *(f'"{name}"={value}' for name, value in values.items())]
        file.write_text("\r\n".join([*lines, ""]), encoding="utf-16", newline="")
        self.run("regedit", "/S", self.called(file))

    def settle(self) -> None:
        """Wait until all of its programs have ended. Raises SetupError where they do not."""
        try:
            subprocess.run(["wineserver", "--wait"], env=self._surroundings(), timeout=_PATIENCE, check=True)
        except subprocess.TimeoutExpired as error:
            raise SetupError(f"Something still runs in {self.folder}.") from error

    def switch_off(self) -> None:
        """End all of its programs at once."""
        subprocess.run(["wineserver", "--kill"], env=self._surroundings(), check=False)

    @property
    def _log(self) -> Path:
        return self.folder / "said.txt"

    def _surroundings(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "DISPLAY": self.display,
            "WINEPREFIX": str(self.folder / "prefix"),
            "WINEDEBUG": "-all",
            # No entries in the menu of this computer, and nothing of .NET or a browser, which wine would fetch. Of
            # Microsoft's libraries those that Candor brings, as on Windows, and not wine's own.
            "WINEDLLOVERRIDES": f"winemenubuilder.exe=d;mscoree=d;mshtml=d;{_BROUGHT}=n,b",
            "LC_ALL": "C.UTF-8",
        }
