"""Starts of an installed Candor where starting is hard: each must come to a painted window, or to a plain sentence.

The package must be installed in the system. What each case does is said in its own line; none needs a network.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import subprocess
from collections.abc import Callable, Iterable
from contextlib import closing

import system
from roots import Root
from telling import SetupError, say
from trials.desk import Desk, wait_until

from linux import slow_disk
from linux.person import Person

_PROGRAM = "/usr/lib/candor"
_ELSEWHERE = "/opt/我的 程序/candor"
_HOSTILE = "/opt/hostile"
_OLDER = "/opt/older"  # an older version, where one was named
_STARTS = 5
_SLOW = 20_000_000  # bytes a second, as an old laptop's disk gives while it seeks
_LATER = 9999  # a form of the database that is not there yet


def unpack_older(root: Root, file: str) -> None:
    """Lay a package of an older version beside the one that is installed, for the cases that are about two."""
    unpack = f"rpm2cpio {file} | cpio --extract --make-directories --quiet" if file.endswith(".rpm") else ""
    root.run(["sh", "-c", f"mkdir {_OLDER} && cd {_OLDER} && {unpack or f'dpkg-deb --extract {file} .'}"])


def try_all(anna: Person, display: Desk) -> None:
    """Try every case. Raises SetupError at the first that fails."""
    for name, case in _CASES.items():
        say(f"  {name}: {case(anna, display)}")


def _warm(anna: Person, display: Desk) -> str:
    return _painted(anna.seconds_to_paint(["candor"], DISPLAY=display.name) for _ in range(_STARTS))


def _cold(anna: Person, display: Desk) -> str:
    """Start with nothing of the program in memory, so that all of it comes from the disk."""
    return _painted(_cold_start(anna, display) for _ in range(3))


def _cold_start(anna: Person, display: Desk) -> float:
    slow_disk.forget(anna.root.path(_PROGRAM))
    return anna.seconds_to_paint(["candor"], DISPLAY=display.name)


def _slow_disk(anna: Person, display: Desk) -> str:
    if not slow_disk.can_be_slowed():
        return "not tried, for this computer cannot slow its disk"
    with slow_disk.slowed(anna.home, _SLOW):
        return _painted([_cold_start(anna, display)])


def _strange_path(anna: Person, display: Desk) -> str:
    _make(anna, "/opt/我的 程序")
    anna.root.run(["cp", "--archive", _PROGRAM, "/opt/我的 程序/"])
    home = "/home/anna/数据 2"
    return _painted([anna.seconds_to_paint([f"{_ELSEWHERE}/candor"], DISPLAY=display.name, CANDOR_HOME=home)])


def _read_only(anna: Person, display: Desk) -> str:
    anna.root.run(["chmod", "--recursive", "a-w", _PROGRAM])
    return _painted([anna.seconds_to_paint(["candor"], DISPLAY=display.name)])


def _fcitx(anna: Person, display: Desk) -> str:
    return _painted([anna.seconds_to_paint(["candor"], DISPLAY=display.name, QT_IM_MODULE="fcitx")])


def _hostile_variables(anna: Person, display: Desk) -> str:
    """Start where the variables point to a broken plugin of another Qt and a module that Python loads first."""
    plugins = anna.root.path(f"{_HOSTILE}/platforms")
    plugins.mkdir(parents=True)
    (plugins / "libqxcb.so").write_bytes(b"\x7fELF and no more")
    for name in ("sitecustomize.py", "json.py", "desktop.py"):
        anna.root.path(f"{_HOSTILE}/{name}").write_text("raise SystemExit('hostile')\n", encoding="utf-8")
    seconds = anna.seconds_to_paint(
        ["candor"],
        DISPLAY=display.name,
        QT_PLUGIN_PATH=_HOSTILE,
        QT_QPA_PLATFORM_PLUGIN_PATH=f"{_HOSTILE}/platforms",
        PYTHONPATH=_HOSTILE,
        PYTHONHOME=_HOSTILE,
    )
    return _painted([seconds])


def _wayland(anna: Person, display: Desk) -> str:
    system.ensure_programs({"weston": "weston"})
    inside = "/run/anna"
    runtime = anna.root.path(inside)
    runtime.mkdir(mode=0o777)
    runtime.chmod(0o777)
    weston = subprocess.Popen(
        ["weston", "--backend=headless", "--socket=wayland-9", "--idle-time=0"],
        env={**os.environ, "XDG_RUNTIME_DIR": str(runtime)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        socket = runtime / "wayland-9"
        wait_until("weston listens", socket.exists)
        socket.chmod(0o777)
        # No DISPLAY: there is nothing to fall back to.
        seconds = anna.seconds_to_paint(["candor"], WAYLAND_DISPLAY="wayland-9", XDG_RUNTIME_DIR=inside)
    finally:
        weston.terminate()
        weston.wait()
    return _painted([seconds])


def _scale(factor: str) -> Callable[[Person, Desk], str]:
    def case(anna: Person, display: Desk) -> str:
        return _painted([anna.seconds_to_paint(["candor"], DISPLAY=display.name, QT_SCALE_FACTOR=factor)])

    return case


def _full_home(anna: Person, display: Desk) -> str:
    """Start in a home of 64 KiB: the database does not fit, and the window opens all the same."""
    full = "/home/anna/full"
    _make(anna, full)
    start = f"mount -t tmpfs -o size=64k,mode=777 tmpfs {full} && exec setpriv --reuid=anna --regid=anna --init-groups"
    command = ["sh", "-c", f'{start} "$@"', "sh", "candor"]
    as_root = Person(anna.root, "", anna.home)
    return _painted(
        [as_root.seconds_to_paint(command, DISPLAY=display.name, HOME="/home/anna", CANDOR_HOME=f"{full}/candor")]
    )


def _side_by_side(anna: Person, display: Desk) -> str:
    """Run another version, or else another copy, with another data folder beside the first one."""
    homes = {"CANDOR_HOME": "/home/anna/one"}, {"CANDOR_HOME": "/home/anna/two"}
    with anna.start(["candor"], DISPLAY=display.name, **homes[0]) as first:
        wait_until("the first window is to be seen", display.has_window, first)
        wait_until("the first listens", lambda: (anna.home / "one/candor.db").exists(), first)
        seconds = anna.seconds_to_paint([_another(anna)], DISPLAY=display.name, **homes[1])
        display.close_window()
        first.wait(timeout=30)
    return _painted([seconds])


def _same_folder(anna: Person, display: Desk) -> str:
    """Start another copy with the same data folder: it shows the first one's window and ends."""
    with anna.start(["candor"], DISPLAY=display.name) as first:
        wait_until("the first window is to be seen", display.has_window, first)
        second = Person(anna.root, anna.name, anna.home, log="/var/tmp/second.log")
        with second.start([_another(anna)], DISPLAY=display.name) as other:
            status = other.wait(timeout=60)
        if status or first.poll() is not None:
            raise SetupError(f"The second ended with {status}, the first with {first.poll()}: {second.said()}")
        display.close_window()
        first.wait(timeout=30)
    return "the second one ended, the first one went on"


def _newer_database(anna: Person, display: Desk) -> str:
    """Start where a newer program was: the older one says so in its window and alters nothing.

    Where no older version was named, this one meets a number that no version has yet.
    """
    home = "/home/anna/newer"
    database = anna.root.path(f"{home}/candor.db")
    with anna.start(["candor"], DISPLAY=display.name, CANDOR_HOME=home) as program:
        wait_until("the window is to be seen", display.has_window, program)
        wait_until("the database is made", database.exists, program)
        display.close_window()
        program.wait(timeout=30)
    with closing(sqlite3.connect(database)) as connection:
        if not anna.root.path(_OLDER).exists():
            connection.execute(f"PRAGMA user_version = {_LATER}")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    content = database.read_bytes()
    older = _another(anna) if version != _LATER else "candor"
    with anna.start([older], DISPLAY=display.name, CANDOR_HOME=home) as program:
        wait_until("the window is to be seen", display.has_window, program)
        display.close_window()
        program.wait(timeout=30)
    if program.returncode or database.read_bytes() != content:
        raise SetupError(f"It ended with {program.returncode}, or altered the database: {anna.said()}")
    return f"opened, and left the database of form {version} as it was"


def _replaced(anna: Person, display: Desk) -> str:
    """Put another file in the program's place while it runs, as in an upgrade.

    About is only read from it after that.
    """
    copy = "/opt/replaced"
    anna.root.run(["cp", "--archive", _PROGRAM, copy])
    with anna.start([f"{copy}/candor"], DISPLAY=display.name) as program:
        wait_until("the window is to be seen", display.has_window, program)
        longer = "head -c 4096 /dev/zero >other && cat candor >>other && mv other candor"
        anna.root.run(["sh", "-c", f"cd {copy} && {longer}"])
        display.bring_to_front()
        for key in ("F1", *["Tab"] * 5, "Return"):  # the help, and in it the way to About
            display.press(key)
        wait_until("About opens", lambda: display.titled("About Candor") == 1, program)
        display.press("Escape")
        display.close_window()
        program.wait(timeout=30)
    return "went on, and opened what it had not read yet"


def _another(anna: Person) -> str:
    """Return the program of another version, or else another copy of this one."""
    older = f"{_OLDER}/usr/lib/candor/candor"
    return older if anna.root.path(older).exists() else f"{_ELSEWHERE}/candor"


def _painted(seconds: Iterable[float]) -> str:
    times = sorted(seconds)
    middle = f"painted after {statistics.median(times):.2f} s"
    return f"{middle} (median of {len(times)}, {times[0]:.2f} to {times[-1]:.2f})" if len(times) > 1 else middle


def _make(anna: Person, folder: str) -> None:
    anna.root.path(folder).mkdir(parents=True, exist_ok=True)


_CASES: dict[str, Callable[[Person, Desk], str]] = {
    "start, no keyring and no session bus": _warm,
    "nothing of it in memory": _cold,
    "the same, from a disk that gives 20 MB a second": _slow_disk,
    "path with spaces and Chinese characters": _strange_path,
    "read-only program folder": _read_only,
    "QT_IM_MODULE=fcitx": _fcitx,
    "hostile QT_PLUGIN_PATH and PYTHONPATH": _hostile_variables,
    "Wayland": _wayland,
    "scale 125 %": _scale("1.25"),
    "scale 200 %": _scale("2"),
    "home without space": _full_home,
    "two versions with data of their own": _side_by_side,
    "two versions with the same data": _same_folder,
    "its file replaced while it runs": _replaced,
    "a database of a newer version": _newer_database,
}
