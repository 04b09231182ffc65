"""The pages of a setup and of its uninstaller, pressed by keyboard in both languages, and their sharpness.

What is said on them is kept as pictures, for somebody to read; that the buttons do what they say is checked.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from trials.desk import wait_until

from windows import trial
from windows.installed import Installed, has_entries, is_gone, others_folder, refusing_folder
from windows.trial import must, tell
from windows.wine import CHINESE

_CANCELLED = 1
_SETTLED = 2.0  # seconds after which a page that has come is painted whole, also on a busy computer
_DPI = {1.25: 120, 2.0: 192}
_DESKTOP = r"HKEY_CURRENT_USER\Control Panel\Desktop"


@dataclass(frozen=True, slots=True)
class _Titles:
    setup: str
    uninstaller: str


_ENGLISH, _IN_CHINESE = _Titles("Candor Setup", "Candor Uninstall"), _Titles("Candor 安装", "Candor 卸载")


def try_pages(installed: Installed) -> None:
    """Try both languages, and what is said where something is in the way. Raises SetupError."""
    one = installed.trial
    before = installed.registered()
    _cancel(installed)
    _another_folder(installed)
    _press_through(installed, _ENGLISH, "en")
    _while_it_runs(installed)
    _remove(installed, _ENGLISH, "en", with_data=False)
    is_gone(installed, before)
    must((one.computer.data / "candor.db").exists(), "The conversations are gone.")
    tell("the uninstaller's question left as it is: the program is removed, the conversations stay")
    in_chinese = replace(one, computer=one.computer.speaking(CHINESE))
    chinese = Installed(in_chinese, installed.setup, installed.has_engine)
    _press_through(chinese, _IN_CHINESE, "zh")
    one.display.close_window()
    one.computer.settle()
    _remove(chinese, _IN_CHINESE, "zh", with_data=True)
    is_gone(installed, before)
    must(not one.computer.data.exists(), "The conversations are still there.")
    tell("in Chinese with the box ticked: the program is removed, and so are the conversations")


def try_scales(installed: Installed) -> None:
    """Try how large the window is drawn where Windows is set to 125 % and to 200 %. Raises SetupError."""
    one = installed.trial
    must(installed.install() == 0, "The setup failed.")
    for scale, dots in _DPI.items():
        one.computer.add_to_registry({_DESKTOP: {"LogPixels": f"dword:{dots:08x}"}})
        one.computer.settle()
        found = trial.scale_of(one.computer, installed.program)
        must(found == scale, f"At {dots} dots an inch, Qt enlarges by {found}.")
        _seen(installed, installed.program, "Candor", f"window-{dots}")
        one.display.close_window()
        one.computer.settle()
        _seen(installed, installed.setup, _ENGLISH.setup, f"setup-{dots}")
        one.computer.switch_off()
        tell(f"at {scale:.0%} of Windows' usual size: Qt enlarges by {found}; seen on pictures, the setup too")
    must(installed.remove("/DELETE_DATA") == 0, "It could not be removed.")


def _seen(installed: Installed, program: Path, title: str, picture: str) -> None:
    """Start something and keep a picture of it; it goes on."""
    installed.trial.computer.run("start", installed.trial.computer.called(program))
    _page(installed, title, picture)


def _cancel(installed: Installed) -> None:
    one = installed.trial
    with one.computer.start([one.computer.called(installed.setup)]) as process:
        _page(installed, _ENGLISH.setup, "setup-folder-en")
        one.display.press("Escape")
        wait_until("it asks whether to stop", lambda: one.display.titled(_ENGLISH.setup) > 1, process)
        one.display.press("Return")
        process.wait(60)
    must(process.returncode == _CANCELLED, f"Cancelled, the setup ended with {process.returncode}.")
    must(not installed.folder.exists(), "Something was installed.")
    tell(f"cancelled on its first page: the setup ends with {_CANCELLED}, nothing was installed")


def _another_folder(installed: Installed) -> None:
    """Try a drive without space and a folder that cannot be written to.

    They are told of, and another one can be chosen.
    """
    one = installed.trial
    with one.computer.start([one.computer.called(installed.setup)]) as process:
        _page(installed, _ENGLISH.setup)
        one.display.type("Z:\\proc\\candor")  # no space at all; Enter finds no button to press
        _look(installed, "setup-no-space-en")
        for folder, picture in ((refusing_folder(installed), "refuses-folder"), (others_folder(installed), "others")):
            _type_anew(installed, folder)
            wait_until("it refuses the folder", lambda: one.display.titled(_ENGLISH.setup) > 1, process)
            _look(installed, f"setup-{picture}-en")
            one.display.press("Return")
            wait_until("it goes back to its page", lambda: one.display.titled(_ENGLISH.setup) == 1, process)
        elsewhere = one.computer.drive / "chosen" / "Candor"
        _type_anew(installed, elsewhere)
        _finish(installed)
        one.display.press("space")  # do not start it
        one.display.press("Return")
        process.wait(60)
    must((elsewhere / "Candor.exe").exists(), "Candor is not in the folder that was chosen.")
    tell(
        "a drive without space cannot be chosen; a folder that cannot be written to, and one with files of others, are"
    )
    tell("  told of, and another one taken")
    must(installed.install(one.computer.called(installed.folder)) == 0, "The setup failed.")
    must(installed.remove() == 0, "It could not be removed.")


def _press_through(installed: Installed, titles: _Titles, language: str) -> None:
    """Press from the first page to Candor's window, which stays open."""
    one = installed.trial
    with one.computer.start([one.computer.called(installed.setup)]) as process:
        _page(installed, titles.setup, f"setup-folder-{language}")
        one.display.press("Return")
        _finish(installed)
        _look(installed, f"setup-done-{language}")
        one.display.press("Return")
        process.wait(60)
    must(process.returncode == 0, f"The setup ended with {process.returncode}.")
    has_entries(installed)
    wait_until("Candor starts", one.display.has_window)
    _look(installed, f"started-{language}")
    tell(f"pages pressed through ({language}): installed, and Candor started from the last one")


def _while_it_runs(installed: Installed) -> None:
    """Try both while Candor runs: uninstaller and setup say so in a window.

    The one is cancelled, the other goes on once Candor is closed.
    """
    one = installed.trial
    one.computer.run(installed.folder / "uninstall.exe")
    _page(installed, _ENGLISH.uninstaller)
    one.display.press("Return")
    wait_until("it says that Candor is running", lambda: one.display.titled(_ENGLISH.uninstaller) > 1)
    _look(installed, "uninstall-running-en")
    one.display.press("Escape")
    wait_until("it ends", lambda: one.display.titled(_ENGLISH.uninstaller) == 0)
    has_entries(installed)
    with one.computer.start([one.computer.called(installed.setup)]) as process:
        _page(installed, _ENGLISH.setup)
        one.display.press("Return")
        wait_until("it says that Candor is running", lambda: one.display.titled(_ENGLISH.setup) > 1, process)
        _look(installed, "setup-running-en")
        installed.menu_entry.unlink()
        one.display.close_window()
        wait_until("Candor's window is closed", lambda: not one.display.has_window())
        one.display.press("Return")
        _finish(installed)
        one.display.press("space")
        one.display.press("Return")
        process.wait(60)
    must(process.returncode == 0, f"The setup ended with {process.returncode}.")
    tell("started while Candor runs: the uninstaller says so, and Cancel leaves all as it is")
    tell("started while Candor runs: the setup says so, and goes on with Retry once Candor is closed")


def _remove(installed: Installed, titles: _Titles, language: str, *, with_data: bool) -> None:
    one = installed.trial
    one.computer.run(installed.folder / "uninstall.exe")
    _page(installed, titles.uninstaller)
    if with_data:
        one.display.press("alt+d")
    _look(installed, f"uninstall-{language}")
    one.display.press("Return")
    wait_until("the program is removed", lambda: not installed.folder.exists())
    _look(installed, f"uninstall-done-{language}")
    one.display.press("Return")
    one.computer.settle()


def _page(installed: Installed, title: str, picture: str = "") -> None:
    wait_until(f"{title} is to be seen", lambda: installed.trial.display.titled(title) > 0)
    _look(installed, picture)


def _type_anew(installed: Installed, folder: Path) -> None:
    """Put a folder into the place of the one that stands in the field, and press Enter."""
    for key in ("Home", "shift+End"):
        installed.trial.display.press(key)
    installed.trial.display.type(installed.trial.computer.called(folder))


def _finish(installed: Installed) -> None:
    """Wait until all is installed and the last page is there; the entry in the menu comes after the files."""
    wait_until("all is installed", installed.menu_entry.exists)
    _look(installed, "")


def _look(installed: Installed, picture: str) -> None:
    time.sleep(_SETTLED)
    if picture:
        installed.trial.picture(picture)
