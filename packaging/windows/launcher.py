"""The launcher `Candor.exe`, compiled from `launcher/`, with its icon and its version."""

from __future__ import annotations

import re
from pathlib import Path

from windows import icon, work

_SOURCES = Path(__file__).with_name("launcher")
_WARNINGS = ("-Wall", "-Wextra", "-Werror")


def compile_into(program: Path, python_library: str, version: str) -> Path:
    """Make the launcher in the program's folder; return its file. Raises SetupError."""
    scrap = work.fresh_folder("launcher")
    resources = scrap / "resources.o"
    defines = {
        "MANIFEST_FILE": f'"{_SOURCES / "candor.manifest"}"',
        "ICON_FILE": f'"{icon.make(scrap)}"',
        "VERSION_NUMBERS": ",".join(map(str, four_numbers(version))),
        "VERSION_TEXT": f'"{version}"',
    }
    header = scrap / "recipe.h"
    header.write_text("".join(f"#define {name} {value}\n" for name, value in defines.items()), encoding="utf-8")
    compiler = ["x86_64-w64-mingw32-windres", "--codepage", "65001"]
    work.run([*compiler, "-I", scrap, "-i", _SOURCES / "candor.rc", "-o", resources])
    target = program / "Candor.exe"
    work.run(
        [
            "x86_64-w64-mingw32-gcc",
            *("-Os", "-municode", "-mwindows", "-finput-charset=UTF-8", *_WARNINGS),
            f'-DPYTHON_DLL=L"{python_library}"',
            # No moment of building, and no debug names: the same sources give the same file.
            *("-s", "-Wl,--no-insert-timestamp", "-Wl,--dynamicbase,--nxcompat,--high-entropy-va"),
            *("-o", target, _SOURCES / "candor.c", resources),
        ]
    )
    return target


def four_numbers(version: str) -> tuple[int, int, int, int]:
    """Return a version as Windows counts: four numbers, from "0.1.0" or "0.1.0rc2".

    Windows cannot order the suffix, which goes.
    """
    first, second, third, *_ = [*map(int, re.findall(r"\d+", version)), 0, 0, 0]
    return first, second, third, 0
