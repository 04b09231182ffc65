"""Trials of a setup: it installs, is used, upgrades, mends, refuses and removes, in the order in which a user might.

Whatever is not as it should be ends the trial with a sentence.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from trials.desk import wait_until

from windows import trial, try_opening, variants
from windows.installed import LISTED, OURS, Installed, has_entries, is_gone, others_folder, refusing_folder
from windows.trial import content_of, must, same, tell

_RUNNING, _NO_SPACE, _FAILED, _NOT_THERE, _OTHERS = 4, 5, 2, 3, 6  # the setup's exit codes
_SOME = 300  # files of a setup that is interrupted
_SMALL_DRIVE = "24m"
_FOREIGN = (
    "notes.txt",
    "recipes/contract.docx",
    "recipes/deleted/plan.txt",
    "backups/mine.zip",
    "settings-of-mine.json",
)


def try_setup(installed: Installed) -> None:
    """Try all but what a user sees. Raises SetupError."""
    before = installed.registered()
    _fresh(installed)
    kept = variants.program(installed.folder, installed.trial.scrap)
    _by_itself(installed, before)
    _upgrade(installed, variants.older_setup(kept, installed.trial.scrap))
    try_opening.opened(installed)
    for words, harm in _HARM.items():
        harm(installed)
        must(installed.install() == 0, f"With {words}, the setup failed.")
        has_entries(installed)
        same(content_of(installed.folder), installed.whole, words)
        for name in trial.OF_THE_SETUP:
            must((installed.folder / name).exists(), f"With {words}, no {name} came.")
        tell(f"{words}: the setup mends it, all {len(installed.whole)} files are as they were")
    _interrupted(installed, before)
    _refusals(installed)
    _removal(installed, before)
    try_opening.others_keep_what_they_have(installed)
    is_gone(installed, before)


def try_both(small: Installed, full: Installed) -> None:
    """Install one edition over the other, and back. Raises SetupError."""
    before = small.registered()
    for one, words in ((small, "small"), (full, "full"), (small, "small"), (full, "full")):
        must(one.install() == 0, f"The {words} edition could not be installed.")
        one.whole = one.whole or content_of(one.folder)
        same(content_of(one.folder), one.whole, words)
        has_entries(one)
        says = trial.diagnose(one.trial.computer, one.program, has_engine=one.has_engine)
        tell(f"{words}: {len(one.whole)} files; --diagnose: {says}")
    must(full.whole.keys() > small.whole.keys(), "The full edition is not the small one and more.")
    (full.folder / "uninstall.exe").unlink()
    must(small.install() == 0, "The small edition could not be installed.")
    same(content_of(small.folder), small.whole, "Over a full one without uninstaller")
    tell("small over a full one that has lost its uninstaller: engine and model are gone")
    must(small.remove("/DELETE_DATA") == 0, "It could not be removed.")
    is_gone(small, before)
    tell("removed: nothing of either is left")


def _fresh(installed: Installed) -> None:
    """Install on a computer that has never had a Candor."""
    computer, folder = installed.trial.computer, installed.folder
    began = time.monotonic()
    status = installed.install()
    must(status == 0, f"The setup ended with {status}: {installed.trial.computer.said().strip()[-300:]}")
    took = time.monotonic() - began
    installed.whole = content_of(folder)
    megabytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    tell(f"installed silently in {took:.0f} s: {len(installed.whole)} files, {megabytes:.0f} MB")
    has_entries(installed)
    tell("in the Start menu, in the list of programs, under Open with for what it opens, and for candor: links")
    tell(f"Candor.exe --diagnose: {trial.diagnose(computer, installed.program, has_engine=installed.has_engine)}")
    times = sorted(trial.seconds_to_paint(computer, installed.program) for _ in range(3))
    tell(f"painted after {times[1]:.2f} s (median of 3, {times[0]:.2f} to {times[-1]:.2f})")
    installed.trial.open(computer.called(installed.menu_entry))
    tell("the entry in the Start menu opens the window")
    installed.trial.forget()
    seconds = installed.trial.ask_server(installed.program, 1)
    tell(f"asked by its window, a server that speaks OpenAI's protocol answered after {seconds:.1f} s, letters whole")
    installed.trial.forget()
    same(content_of(folder), installed.whole, "After the program ran")


def _by_itself(installed: Installed, before: dict[str, dict[str, str]]) -> None:
    """Remove it as the list of programs does: the uninstaller goes on in a copy of itself."""
    installed.trial.computer.run(installed.folder / "uninstall.exe", "/S")
    installed.trial.computer.settle()
    is_gone(installed, before)
    tell("removed silently: nothing of it is left in folder, menu or registry")


def _upgrade(installed: Installed, older: Path) -> None:
    """Upgrade an older build that has a conversation: while it runs, and when it has just been closed."""
    one = installed.trial
    must(installed.install(setup=older) == 0, "The older setup failed.")
    must((installed.folder / variants.EXTRA).exists(), "The older build is not the older build.")
    answered = "the built-in engine" if installed.has_engine else "the server"
    seconds = _asked(installed, 1, "answer-older")
    tell(f"{variants.OLDER} installed; question 1 answered by {answered} after {seconds:.1f} s")
    with _running(installed) as process:
        must(installed.install() == _RUNNING, "A running Candor was not noticed.")
        must(installed.remove() == _RUNNING, "The uninstaller did not notice a running Candor.")
        must(variants.EXTRA in content_of(installed.folder), "Something was changed under a running Candor.")
        tell(f"while it runs, setup and uninstaller end with {_RUNNING} and change nothing")
        one.display.close_window()
        status = installed.install()
        must(status == 0, f"Right after closing, the setup ended with {status}.")
        must(process.wait(30) == 0, "The program that was closed did not end well.")
    same(content_of(installed.folder), installed.whole, "After the upgrade")
    has_entries(installed)
    tell(
        f"closed, and upgraded at once: what only {variants.OLDER} had is gone, all else is as in a fresh installation"
    )
    seconds = _asked(installed, 2, "answer-upgraded")
    tell(f"question 2 answered by {answered} after {seconds:.1f} s; both conversations are there")


def _asked(installed: Installed, number: int, picture: str) -> float:
    if installed.has_engine:
        return installed.trial.ask(installed.program, number, picture)
    return installed.trial.ask_server(installed.program, number, picture)


@contextmanager
def _running(installed: Installed) -> Iterator[subprocess.Popen[str]]:
    """Yield Candor with its window open."""
    with installed.trial.computer.start([installed.trial.computer.called(installed.program)]) as process:
        wait_until("the window is to be seen", installed.trial.display.has_window, process)
        yield process


def _interrupted(installed: Installed, before: dict[str, dict[str, str]]) -> None:
    """End a setup in the middle, as a power cut does; mend it once and remove it once."""
    for then in ("another run completes it", "its uninstaller takes it away"):
        must(installed.remove() == 0, "It could not be removed.")
        with installed.trial.computer.start([str(installed.setup), "/S"]) as process:
            wait_until("some files are there", lambda: len(list(installed.folder.rglob("*.py"))) > _SOME, process)
            installed.trial.computer.switch_off()
        number = len(content_of(installed.folder))
        must(_SOME < number < len(installed.whole), f"The setup was not in its middle: {number} files.")
        if then.startswith("another"):
            must(installed.install() == 0, "The setup could not be completed.")
            same(content_of(installed.folder), installed.whole, "After an interrupted setup")
        else:
            must(installed.remove() == 0, "What an interrupted setup left could not be removed.")
            is_gone(installed, before)
        tell(f"interrupted after {number} files: {then}")
    must(installed.install() == 0, "The setup failed.")


def _refusals(installed: Installed) -> None:
    """Try where it must not install or remove: it says so by its exit code, and what is installed stays."""
    status = installed.install(installed.trial.computer.called(refusing_folder(installed)))
    must(status == _FAILED, f"Into a folder that cannot be written to, it ended with {status}.")
    tell(f"into a folder that cannot be written to: ends with {_FAILED}, and nothing is changed")
    if os.geteuid() == 0:
        _full_drive(installed)
    _others_files(installed)
    same(content_of(installed.folder), installed.whole, "After refusals")
    in_the_way = installed.folder / "lib" / "httpx" / "__init__.py"
    in_the_way.unlink()
    (in_the_way / "deeper").mkdir(parents=True)
    status = installed.install()
    must(status == _FAILED, f"With a folder where a file belongs, it ended with {status}.")
    shutil.rmtree(in_the_way)
    must(installed.install() == 0, "The setup failed.")
    same(content_of(installed.folder), installed.whole, "After a folder was in the way")
    tell(f"a folder in the place of a file: ends with {_FAILED}, and mends it once that is away")


def _others_files(installed: Installed) -> None:
    """Try another program's folder: it is neither installed into nor removed from, whatever its files are called."""
    others = others_folder(installed)
    before = _all_in(others)
    status = installed.install(installed.trial.computer.called(others))
    must(status == _OTHERS, f"Into a folder of somebody else's, the setup ended with {status}.")
    must(_all_in(others) == before, "The setup changed a folder of somebody else's.")
    status = installed.remove(folder=others)
    must(status == _NOT_THERE, f"In a folder of somebody else's, the uninstaller ended with {status}.")
    must(_all_in(others) == before, "The uninstaller changed a folder of somebody else's.")
    tell(f"another program's folder with a LICENSE.txt and an uninstall.exe: the setup ends with {_OTHERS}, the")
    tell(f"  uninstaller with {_NOT_THERE}, and nothing in it is changed")


def _all_in(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def _left_by_others(installed: Installed) -> None:
    """Install beside a file of others in the proposed folder, which hinders only where it would be overwritten."""
    licence, notes = installed.folder / "LICENSE.txt", installed.folder / "lib" / "foreign.txt"
    notes.parent.mkdir(parents=True)
    for file in (licence, notes):
        file.write_text("not ours", encoding="ascii")
    status = installed.install()
    must(status == _OTHERS, f"Over a file of somebody else's, the setup ended with {status}.")
    left = [file for file in installed.folder.rglob("*") if file.is_file()]
    must(sorted(left) == [licence, notes] and licence.read_text() == "not ours", f"It left {left}.")
    licence.unlink()
    for _ in range(2):  # installed, and installed over itself
        must(installed.install() == 0, "Beside a file of somebody else's, the setup failed.")
        must(notes.read_text() == "not ours", "The setup changed a file of somebody else's.")
    notes.unlink()
    same(content_of(installed.folder), installed.whole, "Beside a file of somebody else's")
    tell(f"over a LICENSE.txt of somebody else's: ends with {_OTHERS}; beside a file that is not in the way: installed")


def _full_drive(installed: Installed) -> None:
    drive = installed.trial.scrap / "drive"
    drive.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SMALL_DRIVE}", "tmpfs", str(drive)], check=True)
    try:
        status = installed.install(installed.trial.computer.called(drive / "Candor"))
        left = list(drive.iterdir())
    finally:
        installed.trial.computer.settle()
        subprocess.run(["umount", str(drive)], check=True)
    must(status == _NO_SPACE and not left, f"On a full drive, it ended with {status} and left {left}.")
    tell(f"on a drive with too little space: ends with {_NO_SPACE}, and nothing is changed")


def _removal(installed: Installed, before: dict[str, dict[str, str]]) -> None:
    """Remove it: what others have put beside the program and its data stays, and conversations unless asked for."""
    one = installed.trial
    (installed.folder / "lib" / "foreign.txt").write_text("not ours", encoding="ascii")
    must(installed.remove() == 0, "It could not be removed.")
    left = [file for file in installed.folder.rglob("*") if file.is_file()]
    must([file.name for file in left] == ["foreign.txt"], f"Left: {left}")
    must(one.computer.count("SELECT count(*) FROM conversations") >= 2, "The conversations are gone.")
    tell("removed: a foreign file in lib stays, and so do the conversations")
    shutil.rmtree(installed.folder)
    is_gone(installed, before)
    _left_by_others(installed)
    elsewhere = one.computer.drive / "我的 程序" / "Candor"
    must(installed.install(one.computer.called(elsewhere)) == 0, "The setup failed elsewhere.")
    trial.diagnose(one.computer, elsewhere / "Candor.exe", has_engine=installed.has_engine)
    tell(f"installed into {one.computer.called(elsewhere)}: --diagnose is well")
    must(installed.install(one.computer.called(installed.folder)) == 0, "The setup failed.")
    must(not elsewhere.exists(), "The one that was installed elsewhere is still there.")
    tell("installed in the usual place again: the other one was removed")
    for name in _FOREIGN:
        (one.computer.data / name).parent.mkdir(parents=True, exist_ok=True)
        (one.computer.data / name).write_text("not ours", encoding="ascii")
    (one.computer.data / "recipes" / "letter.toml").write_text("name = 'Letter'\n", encoding="ascii")
    must(installed.remove("/DELETE_DATA") == 0, "It could not be removed.")
    is_gone(installed, before)
    kept = {file.relative_to(one.computer.data).as_posix() for file in one.computer.data.rglob("*") if file.is_file()}
    must(kept == set(_FOREIGN), f"In the folder of conversations there is {sorted(kept)}.")
    tell(f"removed with /DELETE_DATA: all of ours is gone, the {len(kept)} foreign files beside it are not")
    one.forget()


def _delete(*names: str) -> Callable[[Installed], None]:
    def harm(installed: Installed) -> None:
        for name in names:
            path = installed.folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return harm


def _cut(name: str) -> Callable[[Installed], None]:
    def harm(installed: Installed) -> None:
        file = installed.folder / name
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    return harm


def _only_uninstaller(installed: Installed) -> None:
    for each in installed.folder.iterdir():
        if each.name != "uninstall.exe":
            shutil.rmtree(each) if each.is_dir() else each.unlink()


def _only_registered(installed: Installed) -> None:
    for name in ("candor-setup.mark", "uninstall.exe", "Candor.exe"):
        (installed.folder / name).unlink()


def _unregister(installed: Installed) -> None:
    installed.trial.computer.run("reg", "delete", OURS, "/f")
    installed.trial.computer.run("reg", "delete", rf"{LISTED}\Candor", "/f")
    (installed.folder / "lib" / "httpx" / "__init__.py").unlink()


_HARM: dict[str, Callable[[Installed], None]] = {
    "app\\candor.py deleted by hand": _delete("app/candor.py"),
    "runtime, a package and the menu's program deleted by hand": _delete("runtime", "lib/httpx", "Candor.exe"),
    "Qt6Core.dll half of what it was": _cut("lib/PySide6/Qt6Core.dll"),
    "no uninstaller": _delete("uninstall.exe", "app/desktop/app.py"),
    "half an uninstaller": _cut("uninstall.exe"),
    "nothing there but the uninstaller": _only_uninstaller,
    "neither mark nor program nor uninstaller, but entries in the registry": _only_registered,
    "no entries in the registry, and a file less": _unregister,
}
