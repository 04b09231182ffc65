"""`dev.py try-windows`: setups and MSIs with wine, each installed, used, upgraded and removed on a fresh computer.

Of both editions of a kind, one is installed over the other as well. Whatever is not as it should be ends the trial with
a sentence.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import trying
from environment import ROOT
from order import Edition, files_to_try, sum_of
from telling import SetupError, say
from trying import Desk

from windows import launcher, msi, setup, work
from windows.wine import Computer

_SCREEN = "1280x900"
_OLDER = "0.0.1"
_EXTRA = "app/only_in_the_older_one.py"  # what a newer build has to take away
_OF_THE_SETUP = ("uninstall.exe", "candor-setup.mark")  # what it adds to the program's files, and an MSI has not
_RUNNING, _OTHERS = 4, 6  # the setup's exit codes
_REFUSED = 1603 & 0xFF  # Windows' code for a condition that did not hold; wine shows the lowest eight bits
_LISTED = r"Software\Microsoft\Windows\CurrentVersion\Uninstall"
_LINK = "candor:recipe/letter%20of%20thanks"
_ANSWER = "Grüße aus 北京 – 1.000 € sind da."
_HAS_ANSWER = f"SELECT count(*) FROM messages WHERE role = 'assistant' AND text LIKE '%{_ANSWER}%'"
_FOREIGN = ("notes.txt", "recipes/contract.docx", "backups/mine.zip")  # beside what Candor has kept


@dataclass(slots=True)
class Installer:
    """Setup or MSI on the computer where it is tried; `whole` is what it installs, by name and sum."""

    file: Path
    computer: Computer
    display: Desk
    scrap: Path
    whole: dict[str, str] = field(default_factory=dict)

    @property
    def is_msi(self) -> bool:
        return self.file.suffix == ".msi"

    @property
    def edition(self) -> Edition:
        return edition_of(self.file)

    @property
    def folder(self) -> Path:
        computer = self.computer
        return (computer.drive / "Program Files" if self.is_msi else computer.local / "Programs") / "Candor"

    @property
    def program(self) -> Path:
        return self.folder / "Candor.exe"

    def install(self, file: Path | None = None, folder: Path | None = None) -> int:
        """Install without questions; return the exit code. Only a setup can be told the folder."""
        if self.is_msi:
            return self.computer.run("msiexec", "/i", file or self.file, "/qn").status
        words = f"/D={self.computer.called(folder)}".split(" ") if folder else []  # without quotes, spaces or not
        return self.computer.run(file or self.file, "/S", *words).status

    def remove(self, *words: str) -> int:
        """Remove without questions; return the exit code."""
        if self.is_msi:
            return self.computer.run("msiexec", "/x", self.file, "/qn").status
        # Without _? it goes on in a copy of itself, and its end cannot be waited for; with it, it stays itself.
        place = f"_?={self.computer.called(self.folder)}".split(" ")
        status = self.computer.run(self.folder / "uninstall.exe", "/S", *words, *place).status
        if status == 0:
            for name in _OF_THE_SETUP:
                (self.folder / name).unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # something of others is in it
                self.folder.rmdir()
        return status

    def registered(self) -> dict[str, dict[str, str]]:
        """Return what the registry holds that an installer could have written."""
        hive = "HKEY_LOCAL_MACHINE" if self.is_msi else "HKEY_CURRENT_USER"
        keys = (rf"{hive}\Software\Classes", rf"{hive}\Software\Candor", rf"{hive}\{_LISTED}")
        found = {name: values for key in keys for name, values in self.computer.registry(key).items()}
        # What wine itself keeps of packages is not ours, nor are keys without a value, which it leaves.
        return {name: values for name, values in found.items() if values and "\\Installer\\" not in name}

    def menu_entries(self) -> list[Path]:
        """Return where the Start menu has it; wine takes the user's own for everybody's."""
        places = (self.computer.home / "AppData" / "Roaming", self.computer.drive / "ProgramData")
        return [file for place in places for file in (place / "Microsoft/Windows/Start Menu").rglob("Candor.lnk")]

    def content(self) -> dict[str, str]:
        """Return the files of the program, with their sums."""
        return {
            file.relative_to(self.folder).as_posix(): sum_of(file)
            for file in self.folder.rglob("*")
            if file.is_file() and file.name not in _OF_THE_SETUP
        }

    def ask(self, number: int, *, of_server: bool) -> None:
        """Ask the question of this number by window and keyboard: the built-in engine, or a server on loopback."""
        with _server(self) if of_server else contextlib.nullcontext():
            trying.ask(self.computer, self.display, [self.computer.called(self.program)], number)
        if of_server:
            must(self.computer.count(_HAS_ANSWER) > 0, "The server's answer did not arrive as it was sent.")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what is asked for. Raises SetupError where it cannot be tried, before anything is set up for it."""
    parser = argparse.ArgumentParser(prog="dev.py try-windows")
    parser.add_argument("file", type=Path, nargs="*", help="setups and MSIs (default: those in dist)")
    options = parser.parse_args(arguments)
    if sys.platform != "linux":
        raise SetupError("Files for Windows are tried with wine, on Linux.")
    options.file = files_to_try(options.file, (".exe", ".msi"), ("windows-setup", "windows-msi"))
    for file in options.file:
        edition_of(file)
    return options


def main(options: argparse.Namespace) -> int:
    """Try files; return the exit status. Raises SetupError where something fails."""
    for file in options.file:
        say(f"{file.name}:")
        with _tried([file]) as (installer,):
            _try(installer)
    for ending in (".exe", ".msi"):
        editions = {edition_of(file): file for file in options.file if file.suffix == ending}
        if len(editions) == len(Edition):
            small, full = editions[Edition.SMALL], editions[Edition.FULL]
            say(f"{small.name} and {full.name}:")
            with _tried([small, full]) as (one, other):
                _try_both(one, other)
    return 0


def edition_of(file: Path) -> Edition:
    """Return the edition that a file's name tells. Raises SetupError."""
    for edition in Edition:
        if f"-{edition}-" in file.name:
            return edition
    raise SetupError(f"The name of {file.name} tells no edition.")


@contextmanager
def _tried(files: Sequence[Path]) -> Iterator[list[Installer]]:
    """Yield the installers on a computer on which nothing was installed, which is thrown away. Raises SetupError."""
    work.FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="try-", dir=work.FOLDER) as made, trying.desk(_SCREEN) as display:
        scrap = Path(made, "scrap")
        scrap.mkdir()
        computer = Computer.new(Path(made), display.name)
        try:
            if any(file.suffix == ".exe" for file in files):
                computer.ensure_setups_run()
            yield [Installer(file, computer, display, scrap) for file in files]
        finally:
            computer.switch_off()


def must(is_so: bool, otherwise: str) -> None:
    """Raise SetupError unless it is so."""
    if not is_so:
        raise SetupError(otherwise)


def _try(installer: Installer) -> None:
    before = installer.registered()
    _install_fresh(installer)
    older = _older(installer)
    must(installer.remove() == 0, "It could not be removed.")
    _is_gone(installer, before)
    say("  removed silently: nothing of it is left in folder, menu or registry")
    _upgrade(installer, older)
    if not installer.is_msi:
        _leaves_others_alone(installer)
    _remove(installer, before)


def _install_fresh(installer: Installer) -> None:
    must((status := installer.install()) == 0, f"It could not be installed: {status}")
    installer.whole = installer.content()
    megabytes = sum(file.stat().st_size for file in installer.folder.rglob("*") if file.is_file()) / 1e6
    say(f"  installed silently: {len(installer.whole)} files, {megabytes:.0f} MB")
    _has_entries(installer)
    say("  in the Start menu, in the list of programs, under Open with for what it opens, and for candor: links")
    say(f"  Candor.exe --diagnose: {_diagnosis(installer)}")
    if installer.is_msi:  # wine shows the computer's file types and links alone, not the user's
        must(_words_of_link(installer) == ["--", _LINK], "A link was not handed over whole.")
    _forget(installer)
    installer.ask(1, of_server=True)
    _is_whole(installer, "After the program ran")
    say("  asked by its window, a server that speaks OpenAI's protocol answered, letters whole")
    _forget(installer)


def _upgrade(installer: Installer, older: Path) -> None:
    """Upgrade an older build with a conversation: while it runs, and when it is closed."""
    must(installer.install(older) == 0, "The older build could not be installed.")
    must((installer.folder / _EXTRA).exists(), "The older build is not the older build.")
    of_server = installer.edition is Edition.SMALL
    installer.ask(1, of_server=of_server)
    if not installer.is_msi:
        _refuses_while_it_runs(installer)
    must(installer.install() == 0, "The newer build could not be installed.")
    _is_whole(installer, "After the upgrade")
    _has_entries(installer)
    installer.ask(2, of_server=of_server)
    say(f"  over {_OLDER} with a conversation: what only that had is gone, and a second question was answered")
    if installer.is_msi:
        must(installer.install(older) == _REFUSED, "The older package was installed over the newer one.")
        _is_whole(installer, "After the refusal")
        say(f"  {_OLDER} over it: refused (1603), nothing was changed")


def _refuses_while_it_runs(installer: Installer) -> None:
    with installer.computer.start([installer.computer.called(installer.program)]) as process:
        trying.wait_until("the window is to be seen", installer.display.has_window, process)
        must(installer.install() == _RUNNING, "A running Candor was not noticed.")
        must(installer.remove() == _RUNNING, "The uninstaller did not notice a running Candor.")
        must(_EXTRA in installer.content(), "Something was changed under a running Candor.")
        installer.display.close_window()
        must(process.wait(30) == 0, "The program that was closed did not end well.")
    say(f"  while it runs, setup and uninstaller end with {_RUNNING} and change nothing")


def _leaves_others_alone(installer: Installer) -> None:
    """Try another program's folder: nothing is installed into it, whatever its files are called."""
    folder = installer.computer.drive / "Other program"
    folder.mkdir()
    files = [folder / name for name in ("LICENSE.txt", "Candor.exe", "uninstall.exe")]
    for file in files:
        file.write_text("somebody else's", encoding="ascii")
    status = installer.install(folder=folder)
    must(status == _OTHERS, f"Into a folder of somebody else's, the setup ended with {status}.")
    same = sorted(folder.iterdir()) == sorted(files) and all(each.read_text() == "somebody else's" for each in files)
    must(same, "The setup changed a folder of somebody else's.")
    say(f"  another program's folder with files of the same names: the setup ends with {_OTHERS}, nothing is changed")


def _remove(installer: Installer, before: dict[str, dict[str, str]]) -> None:
    """Remove it: what others have put beside the program and its data stays, and conversations unless asked for."""
    foreign = installer.folder / "lib" / "foreign.txt"
    foreign.write_text("not ours", encoding="ascii")
    must(installer.remove() == 0, "It could not be removed.")
    left = [file for file in installer.folder.rglob("*") if file.is_file()]
    must(left == [foreign], f"Left: {left[:5]}")
    shutil.rmtree(installer.folder)
    _is_gone(installer, before)
    asked = installer.computer.count("SELECT count(*) FROM messages WHERE role = 'user'")
    must(asked == 2, f"Of two questions {asked} are left.")
    say("  removed: a foreign file in lib stays, and so do the conversations; nothing else is left")
    if installer.is_msi:
        return
    must(installer.install() == 0, "The setup failed.")
    data = installer.computer.data
    for name in _FOREIGN:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text("not ours", encoding="ascii")
    must(installer.remove("/DELETE_DATA") == 0, "It could not be removed.")
    _is_gone(installer, before)
    kept = {file.relative_to(data).as_posix() for file in data.rglob("*") if file.is_file()}
    must(kept == set(_FOREIGN), f"In the folder of conversations there is {sorted(kept)}.")
    say(f"  removed with /DELETE_DATA: all of ours is gone, the {len(kept)} foreign files beside it are not")


def _try_both(small: Installer, full: Installer) -> None:
    """Install one edition over the other, and back."""
    before = small.registered()
    for installer in (small, full, small, full, small):
        must(installer.install() == 0, f"{installer.file.name} could not be installed.")
        installer.whole = installer.whole or installer.content()
        _is_whole(installer, installer.file.name)
        _has_entries(installer)
        say(f"  {installer.edition}: {len(installer.whole)} files; --diagnose: {_diagnosis(installer)}")
    must(full.whole.keys() > small.whole.keys(), "The full edition is not the small one and more.")
    must(small.remove() == 0, "It could not be removed.")
    _is_gone(small, before)
    say("  removed: nothing of either is left")


def _older(installer: Installer) -> Path:
    """Return an older build of what is installed, with a file more, packed quickly."""
    folder, scrap = installer.scrap / "program", installer.scrap
    shutil.copytree(installer.folder, folder, ignore=shutil.ignore_patterns(*_OF_THE_SETUP))
    (folder / _EXTRA).write_text("# of another build\n", encoding="ascii")
    file = scrap / f"candor-{_OLDER}-{installer.edition}{installer.file.suffix}"
    picture = launcher.make_icon(scrap)
    if installer.is_msi:
        msi.ensure_wixl()
        msi.compile_description(folder, file, _OLDER, installer.edition, picture, scrap)
    else:
        launcher.make_side_picture(scrap)
        setup.compile_script(folder, file, _OLDER, scrap, compression="zlib")
    return file


def _has_entries(installer: Installer) -> None:
    """Raise SetupError unless Windows knows of it where it should, once."""
    found = installer.registered()
    hive = "HKEY_LOCAL_MACHINE" if installer.is_msi else "HKEY_CURRENT_USER"
    program = installer.computer.called(installer.program).replace("\\", "\\\\")
    wanted = {
        (r"Classes\.gguf\OpenWithProgids", "Candor.Model"): '""',
        (r"Classes\.toml\OpenWithProgids", "Candor.Recipe"): '""',
        (r"Classes\.pdf\OpenWithProgids", "Candor.Document"): '""',
        (r"Classes\candor", "URL Protocol"): '""',
        (r"Classes\candor\shell\open\command", ""): rf'"\"{program}\" -- \"%1\""',
    }
    for (key, name), value in wanted.items():
        key = rf"{hive}\Software\{key}"
        must(found.get(key, {}).get(name) == value, f"{key} {name}: {found.get(key)}")
    listed = [key for key, values in found.items() if _LISTED in key and "DisplayVersion" in values]
    must(len(listed) == 1 and len(installer.menu_entries()) == 1, "It is not listed once, or not in the Start menu.")


def _is_whole(installer: Installer, when: str) -> None:
    found, wanted = installer.content(), installer.whole
    differing = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
    must(not differing, f"{when}: {len(differing)} files differ: {differing[:5]}")


def _is_gone(installer: Installer, before: dict[str, dict[str, str]]) -> None:
    must(not installer.folder.exists(), f"{installer.folder} is still there.")
    must(not installer.menu_entries(), "The entry in the Start menu is still there.")
    left = {name for name, values in installer.registered().items() if before.get(name) != values}
    must(not left, f"The registry still has {sorted(left)}.")


def _diagnosis(installer: Installer) -> str:
    """Return what the program says of itself, in a few words. Raises SetupError where it finds something wrong."""
    report = installer.computer.folder / "diagnosis.json"
    report.unlink(missing_ok=True)
    ended = installer.computer.run(installer.program, "--diagnose", report)
    must(report.exists(), f"--diagnose ended with {ended.status}: {ended.said}")
    found = json.loads(report.read_text(encoding="utf-8"))
    must(found["ok"] and ended.status == 0, f"--diagnose: {found['problems']}")
    must(bool(found["engine"]["loads"]) == (installer.edition is Edition.FULL), f"--diagnose: {found['engine']}")
    return f"all is well; Qt's platform is {found['qt']['platform']}"


def _words_of_link(installer: Installer) -> list[str]:
    """Follow a link, see Candor's window, close it; return what Candor was handed over."""
    computer, display = installer.computer, installer.display
    computer.run("start", _LINK)
    trying.wait_until("a link opens a window", display.has_window)
    words = computer.words_of("Candor.exe")
    while display.has_window():  # a question may stand before it
        with contextlib.suppress(SetupError, IndexError):  # it has closed meanwhile
            display.close_window()
        time.sleep(1)
    computer.settle()
    return words


def _forget(installer: Installer) -> None:
    """Take away what Candor has kept."""
    installer.computer.settle()
    shutil.rmtree(installer.computer.data, ignore_errors=True)


@contextmanager
def _server(installer: Installer) -> Iterator[None]:
    """Have a server on loopback with one answer, and settings with which the next window talks to it."""
    text = installer.scrap / "answer.txt"
    text.write_text(_ANSWER, encoding="utf-8")
    command = [sys.executable, "-m", "tests.support.scripts", str(text)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        server = {"id": "trial", "kind": "openai_compat", "name": "Trial", "address": told["url"], "preset": "custom"}
        settings = {"connections": [server], "default_choice": {"connection_id": "trial", "model": told["model"]}}
        installer.computer.data.mkdir(parents=True, exist_ok=True)
        (installer.computer.data / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
        try:
            yield
        finally:
            process.stdin.close()  # upon which it ends
