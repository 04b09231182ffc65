"""`dev.py compare-freezers`: the small edition put into a folder in several ways, and what each one costs.

All are made of the same packages in one fresh system of Debian 12 with its Python, look at themselves (`--diagnose`),
and are started there in turn, so that a slow moment of the computer meets all of them. Needs root, and half an hour.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import locking
import roots
from linux import packagers, program, slow_disk
from linux.person import Person
from roots import Root
from telling import say
from trials.desk import Desk, desk

_FOR_COMPILING = ("gcc", "libc6-dev", "patchelf", "python3-dev", "xz-utils")
_STARTS, _COLD_STARTS = 9, 3
_INSIDE = "/candor/ways"
_SOURCES = "/candor/source"
_BIN = "/candor/venv/bin"
_FONTS = ("ziamath", "ziafont", "latex2mathml")  # packages that bring more than modules


@dataclass(slots=True)
class Made:
    """Result of one way: its folder in the system, how it is started, and its times in seconds."""

    folder: str
    command: Sequence[str]
    making: float
    warm: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)


def main() -> int:
    """Make, try and measure each way; prints a table. Raises SetupError."""
    with roots.fresh_root(program.SUITE) as root, desk() as display:
        _prepare(root)
        anna = Person.moves_in(root, "anna")
        made = {name: _make(root, name, way) for name, way in _WAYS.items()}
        problems = {name: _problems(anna, display, each) for name, each in made.items()}
        for _ in range(_STARTS):
            _start(anna, display, made, is_cold=False)
        for _ in range(_COLD_STARTS):
            _start(anna, display, made, is_cold=True)
        print("| way | made in | folder | packed, xz -6 | start | nothing in memory | lacks |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
        for name, each in made.items():
            print(f"| {name} | {' | '.join(_figures(root, each))} | {problems[name] or 'nothing'} |", flush=True)
    return 0


def _prepare(root: Root) -> None:
    """Bring the sources and the packages; the other freezers come beside ours."""
    root.run(["apt-get", "update", "--quiet"], network=True)
    root.run([*packagers.APT, "install", *program.PACKAGES, *_FOR_COMPILING], network=True)
    roots.lend_network(root)  # whose certificates the packages have just replaced
    program.bring_parts(root)
    # Without isolation, since what Nuitka is built with would be fetched without a sum.
    options = ["--no-build-isolation", "--no-binary", locking.FROM_SOURCE]
    _install(root, f"{_BIN}/python", locking.COMPARED.read_text(encoding="utf-8"), options)


def _install(root: Root, python: str, listed: str, options: Sequence[str] = ()) -> None:
    """Have pip install what a list names, by the sums in it."""
    root.path("/candor/list.txt").write_text(listed, encoding="utf-8")
    pip = [python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--no-deps", "--require-hashes"]
    command = [*pip, *options, "--requirement", "/candor/list.txt"]
    root.run(command, network=True, environment=program.pip_settings())


def _make(root: Root, name: str, way: Callable[[Root], tuple[str, Sequence[str]]]) -> Made:
    say(f"Making: {name}")
    began = time.monotonic()
    folder, command = way(root)
    return Made(folder, command, time.monotonic() - began)


def _problems(anna: Person, display: Desk, each: Made) -> str:
    """Return what the program finds wrong with itself."""
    command = ["sh", "-c", '"$@" --diagnose || true', "sh", *each.command]
    said = anna.root.run(command, user=anna.name, environment=anna.surroundings(DISPLAY=display.name))
    if "{" not in said:
        return f"does not start: {said.strip().splitlines()[-1]}"
    return "; ".join(json.loads(said[said.index("{") :])["problems"].values())


def _start(anna: Person, display: Desk, made: Mapping[str, Made], *, is_cold: bool) -> None:
    for each in made.values():
        if is_cold:
            slow_disk.forget(anna.root.path(each.folder))
        seconds = anna.seconds_to_paint(each.command, DISPLAY=display.name)
        (each.cold if is_cold else each.warm).append(seconds)


def _figures(root: Root, each: Made) -> list[str]:
    folder = root.path(each.folder)
    packed = folder.with_name("packed.tar.xz")
    program.pack_folder(folder, packed)
    size = sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())
    warm = sorted(each.warm[1:])  # the first one fills the memory
    cold = statistics.median(each.cold)
    return [
        f"{each.making:.0f} s",
        f"{size / 1e6:.0f} MB",
        f"{packed.stat().st_size / 1e6:.1f} MB",
        f"{statistics.median(warm):.2f} s ({warm[0]:.2f} to {warm[-1]:.2f})",
        f"{cold:.2f} s",
    ]


def _environment(root: Root) -> tuple[str, Sequence[str]]:
    """Install without a freezer: the packages as pip lays them out, to which a Python of the system is needed."""
    folder = f"{_INSIDE}/environment"
    root.run(["python3", "-m", "venv", folder])
    names = [each.name for each in locking.pinned("linux") if each.name != "xllamacpp"]
    _install(root, f"{folder}/bin/python", locking.part_of(locking.FOLDER / "linux.txt", names))
    root.run(["cp", "--recursive", f"{_SOURCES}/desktop", f"{_SOURCES}/resources", folder])
    return folder, ["sh", "-c", f'cd {folder} && exec bin/python -m desktop "$@"', "sh"]


def _defaults(root: Root) -> tuple[str, Sequence[str]]:
    folder = f"{_INSIDE}/defaults"
    extra = [option for name in _FONTS for option in ("--collect-data", name)]
    root.run(
        [
            *(f"{_BIN}/pyinstaller", "--noconfirm", "--clean", "--log-level=WARN", "--name", "candor"),
            *("--distpath", folder, "--workpath", "/candor/work/defaults", "--specpath", "/candor/work"),
            *("--add-data", f"{_SOURCES}/resources:resources", "--paths", _SOURCES, "--collect-submodules", "desktop"),
            *("--exclude-module", "xllamacpp", *extra, f"{_SOURCES}/desktop/__main__.py"),
        ],
        environment={"PATH": f"{_BIN}:/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    return f"{folder}/candor", [f"{folder}/candor/candor"]


def _ours(root: Root) -> tuple[str, Sequence[str]]:
    folder = f"{_INSIDE}/ours"
    program.freeze_in(root, folder, {"CANDOR_EDITION": "small"})
    return f"{folder}/candor", [f"{folder}/candor/candor"]


def _cx_freeze(root: Root) -> tuple[str, Sequence[str]]:
    folder = f"{_INSIDE}/cx_freeze"
    root.run(
        [
            *(f"{_BIN}/cxfreeze", "--script", f"{_SOURCES}/desktop/__main__.py", "--target-name", "candor"),
            *("build_exe", "--build-exe", folder, "--packages", ",".join(["desktop", *_FONTS]), "--silent"),
            *("--excludes", "xllamacpp,tkinter,unittest", "--include-files", f"{_SOURCES}/resources"),
        ],
        environment={"PYTHONPATH": _SOURCES, "PATH": f"{_BIN}:/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    root.path(f"{folder}/resources").rename(root.path(f"{folder}/lib/resources"))  # where modules lie
    return folder, [f"{folder}/candor"]


def _nuitka(root: Root) -> tuple[str, Sequence[str]]:
    folder = f"{_INSIDE}/nuitka"
    packages = [f"--include-package={name}" for name in ("desktop", "pygments", "keyring.backends", *_FONTS)]
    data = [f"--include-package-data={name}" for name in _FONTS]
    root.run(
        [
            *(f"{_BIN}/python", "-m", "nuitka", "--mode=standalone", "--enable-plugin=pyside6", "--lto=no", "--quiet"),
            *("--assume-yes-for-downloads", f"--output-dir={folder}", "--output-filename=candor", *packages, *data),
            # An import that fails shall fail as one of what is not installed.
            *("--nofollow-import-to=xllamacpp", "--no-deployment-flag=excluded-module-usage"),
            f"--include-data-dir={_SOURCES}/resources=resources",
            f"{_SOURCES}/desktop/__main__.py",
        ],
        environment={"PYTHONPATH": _SOURCES},
    )
    made = next(Path(root.path(folder)).glob("*.dist"))
    return f"{folder}/{made.name}", [f"{folder}/{made.name}/candor"]


_WAYS: Mapping[str, Callable[[Root], tuple[str, Sequence[str]]]] = {
    "an environment, not frozen": _environment,
    "PyInstaller as it comes": _defaults,
    "**PyInstaller, trimmed and stripped**": _ours,
    "cx_Freeze as it comes": _cx_freeze,
    "Nuitka, standalone": _nuitka,
}
