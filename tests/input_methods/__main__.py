"""`python -m tests.input_methods [NAME …]`: tries input methods, prints a table, and fails where one is not right.

Each has a display, a session bus and a home of its own, and composes pinyin from the start. The program runs within
this process, its keys come by way of the display.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, fields
from pathlib import Path

from tests.input_methods.places import Tried
from tests.virtual_display import virtual_display

_PATIENCE = 60.0  # seconds
_LOOK_AGAIN = 0.2
_PROFILE = """\
[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin

[Groups/0/Items/0]
Name=keyboard-us

[Groups/0/Items/1]
Name=pinyin

[GroupOrder]
0=Default
"""


@dataclass(frozen=True, slots=True)
class Method:
    """An input method: its packages, its program, the commands to ask and to tell it, and its window."""

    packages: tuple[str, ...]
    daemon: tuple[str, ...]
    ready: tuple[str, ...]
    choose: tuple[str, ...]  # where the window has the keyboard already
    window: str  # of candidates: the name that the display gives it


METHODS = {
    "ibus": Method(
        packages=("ibus", "ibus-libpinyin"),
        daemon=("ibus-daemon", "-r"),
        ready=("ibus", "list-engine"),
        choose=("ibus", "engine", "libpinyin"),
        window="ibus-ui-gtk3",
    ),
    "fcitx5": Method(
        packages=("fcitx5", "fcitx5-pinyin"),
        daemon=("fcitx5", "-r"),
        ready=("fcitx5-remote",),
        choose=("fcitx5-remote", "-s", "pinyin"),
        window="Fcitx5",
    ),
}
SETTINGS = {"QT_IM_MODULE": "ibus", "GSETTINGS_BACKEND": "memory", "NO_AT_BRIDGE": "1", "LANG": "C.UTF-8"}
# Without the folders of services, so that fcitx5 does not find an ibus started in its place.
BUS = """\
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>
"""


def start(method):
    """Start an input method in the present session. Raises TimeoutError if it never comes up."""
    folder = Path(os.environ["XDG_CONFIG_HOME"], "fcitx5")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profile").write_text(_PROFILE, encoding="utf-8")
    (folder / "config").write_text("[Behavior]\nActiveByDefault=True\n", encoding="utf-8")
    daemon = subprocess.Popen(method.daemon, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + _PATIENCE
    # The address of its bus is written last, and read by Qt when the program starts.
    while not (_runs(method.ready) and any(Path(os.environ["XDG_CONFIG_HOME"], "ibus", "bus").glob("*"))):
        if time.monotonic() > deadline:
            daemon.kill()
            raise TimeoutError(method.daemon[0])
        time.sleep(_LOOK_AGAIN)
    return daemon


def _runs(command):
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def in_session(name, wanted):
    """Try a method within the session that was made for it; the exit status."""
    from desktop.ui.opening import Application
    from tests.input_methods.places import add_recipe, try_all
    from tests.support.in_process import open_program
    from tests.support.scripted_server import running_server
    from tests.support.scripts import ndjson, ollama_lines, ollama_script

    method = METHODS[name]
    daemon = start(method)
    try:
        app = Application([])
        with running_server(ollama_script(ndjson(ollama_lines("It is four.")))) as server:
            os.environ["OLLAMA_HOST"] = server.url
            home = Path(os.environ["CANDOR_HOME"])
            add_recipe(home)
            with open_program(app, home) as opened:
                opened.ask("What is two and two?")
                opened.activate()
                subprocess.run(method.choose, check=False, capture_output=True)
                names = [each.name for each in fields(Tried)]
                sys.stdout.write(f"{name}: {' | '.join(names)}\n")
                all_right = True
                for tried in try_all(opened, method.window, wanted):
                    sys.stdout.write(f"{line(tried)}\n")
                    sys.stdout.flush()
                    all_right &= tried.is_right
    finally:
        daemon.terminate()
        daemon.wait(10)
    return 0 if all_right else 1


def line(tried):
    """Return what came of a field: yes or no under each heading."""
    values = (getattr(tried, each.name) for each in fields(Tried))
    return " | ".join("yes" if value is True else "NO" if value is False else str(value) for value in values)


def try_method(name, method, wanted):
    """Make a session for a method and try it there; the exit status."""
    if missing := [each for each in (method.daemon[0], "dbus-run-session", "xwininfo") if shutil.which(each) is None]:
        needed = " ".join((*method.packages, "dbus-daemon", "x11-utils"))
        sys.stderr.write(f"{name}: {', '.join(missing)} not found. On Debian or Ubuntu: sudo apt install {needed}\n")
        return 2
    with virtual_display() as display, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        homes = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "CANDOR_HOME")
        for each in homes:
            Path(folder, each).mkdir(mode=0o700)
        bus = Path(folder, "bus.conf")
        bus.write_text(BUS, encoding="utf-8")
        environment = {key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"}
        environment |= SETTINGS | {each: str(Path(folder, each)) for each in homes}
        environment |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        session = ["dbus-run-session", f"--config-file={bus}", "--"]
        command = [*session, sys.executable, "-m", "tests.input_methods", "--in-session", name, "--place", wanted]
        return subprocess.run(command, env=environment, check=False).returncode


def main():
    """Return the exit status: 2 where one could not be tried."""
    parser = argparse.ArgumentParser(prog="dev.py try-input-methods")
    parser.add_argument("names", nargs="*", choices=[*METHODS, []], help="which (default: all)")
    parser.add_argument("--in-session", choices=METHODS, help=argparse.SUPPRESS)
    parser.add_argument("--place", default="", help="only places whose names hold this (default: all)")
    options = parser.parse_args()
    if options.in_session:
        return in_session(options.in_session, options.place)
    return max(try_method(name, METHODS[name], options.place) for name in options.names or METHODS)


if __name__ == "__main__":
    sys.exit(main())
