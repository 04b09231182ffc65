"""The launcher `Candor.exe`, compiled from `launcher/`, with its icon and its version; and the setup's pictures."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import icons

from windows import packages, work

_SOURCES = Path(__file__).with_name("launcher")
_WARNINGS = ("-Wall", "-Wextra", "-Werror")


_WIDTH, _HEIGHT = 164, 314  # what NSIS's last page expects, in pixels
_DRAWING = 96  # pixels
_PAINTING = """
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

image = QImage({width}, {height}, QImage.Format.Format_RGB32)
image.fill(QColor("#F3F1EC"))  # the sidebar's ground in the light theme
painter = QPainter(image)
painter.setRenderHint(QPainter.RenderHint.Antialiasing)
QSvgRenderer({drawing!r}).render(painter, QRectF(({width} - {size}) / 2, ({height} - {size}) / 2, {size}, {size}))
painter.end()
open({file!r}, "wb").write(bytes(image.constBits()))
"""


def compile_into(program: Path, python_library: str, version: str) -> Path:
    """Make the launcher in the program's folder; return its file. Raises SetupError."""
    scrap = work.fresh_folder("launcher")
    resources = scrap / "resources.o"
    defines = {
        "MANIFEST_FILE": f'"{_SOURCES / "candor.manifest"}"',
        "ICON_FILE": f'"{make_icon(scrap)}"',
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


def make_icon(folder: Path) -> Path:
    """Write the icon into a folder; return its file. Raises SetupError."""
    icons.make(work.python_with_qt(packages.lock()), folder)
    return folder / "candor.ico"


def make_side_picture(folder: Path) -> Path:
    """Write the picture at the side of the setup's last page; return its file. Raises SetupError."""
    file = folder / "side.bmp"
    code = _PAINTING.format(
        drawing=str(icons.DRAWING), file=str(folder / "side.raw"), width=_WIDTH, height=_HEIGHT, size=_DRAWING
    )
    work.run_with_qt(packages.lock(), code)
    file.write_bytes(bitmap((folder / "side.raw").read_bytes(), _WIDTH, _HEIGHT))
    return file


def bitmap(rows: bytes, width: int, height: int) -> bytes:
    """Return a `.bmp` of 24 bits a pixel from rows, the highest first, of blue, green, red and a byte to drop."""
    line = width * 4
    padding = bytes(-width * 3 % 4)
    upwards = []
    for at in reversed(range(height)):
        row = rows[at * line : (at + 1) * line]
        upwards.append(b"".join(row[pixel : pixel + 3] for pixel in range(0, line, 4)) + padding)
    content = b"".join(upwards)
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(content), 2835, 2835, 0, 0)
    return struct.pack("<2sIHHI", b"BM", 14 + len(head) + len(content), 0, 0, 14 + len(head)) + head + content
