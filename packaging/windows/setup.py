"""The setup for a user, made with NSIS: here what is installed and removed, in `setup.nsi` everything else."""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath

from documents import DOCUMENTS
from order import Order
from telling import say

from windows import launcher, program, signing, work

_HERE = Path(__file__).parent
# Candor stands among the programs that can open a document; which one does so on a double click is not touched.
_OFFER = r'WriteRegStr HKCU "${{CLASSES}}\{0}\OpenWithProgids" "${{DOCUMENT_CLASS}}" ""'
_WITHDRAW = """DeleteRegValue HKCU "${{CLASSES}}\\{0}\\OpenWithProgids" "${{DOCUMENT_CLASS}}"
DeleteRegKey /ifempty HKCU "${{CLASSES}}\\{0}\\OpenWithProgids"
DeleteRegKey /ifempty HKCU "${{CLASSES}}\\{0}\""""


# Patterns of the files that Candor writes, for each folder in its own one.
Data = Mapping[str, Sequence[str]]


def build(order: Order) -> Sequence[Path]:
    """Make the setup; return its file. Raises SetupError."""
    made = program.lay_out(order)
    signing.sign(made.folder / "Candor.exe", is_official=made.is_official)
    output = order.folder / f"{made.name}-setup.exe"
    say("Packing the setup")
    scrap = work.fresh_folder("setup")
    launcher.make_icon(scrap)
    launcher.make_side_picture(scrap)
    compile_script(made.folder, output, order.version, scrap, left_out=made.left_out, is_official=made.is_official)
    signing.sign(output, is_official=made.is_official)
    return [output]


def compile_script(
    folder: Path,
    output: Path,
    version: str,
    scrap: Path,
    *,
    left_out: Sequence[str] = (),
    compression: str = "lzma",
    is_official: bool = False,
) -> None:
    """Make the setup of a program's folder. Raises SetupError, also for what makensis only warns of.

    `scrap` is a folder with the pictures, `candor.ico` and `side.bmp`, where lists are written. `left_out` are files of
    the other edition, which are removed too where they are found. `is_official` as `signing` asks for it.
    """
    os.utime(scrap / "side.bmp", (work.STEADY_TIME, work.STEADY_TIME))  # it is packed with its time
    names = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    included = scrap / "lists.nsh"
    included.write_text(lists(folder, names, left_out), encoding="utf-8-sig")
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    defines = {
        "VERSION": version,
        "FOUR_NUMBERS": ".".join(map(str, launcher.four_numbers(version))),
        "LISTS": str(included),
        "ICON": str(scrap / "candor.ico"),
        "SIDE_PICTURE": str(scrap / "side.bmp"),
        "SIZE_KB": str(size // 1024),
        "SIZE_MB": str(math.ceil(size / 1024**2)),
        "COMPRESSION": compression,
        "OUTPUT": str(output),
    }
    if command := signing.uninstaller_command(scrap, is_official=is_official):
        defines["SIGN"] = command
    options = [f"-D{name}={value}" for name, value in defines.items()]
    work.run(["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *options, _HERE / "setup.nsi"], cwd=_HERE)


def data() -> Data:
    """Return what Candor writes, as `data.toml` says."""
    folders: Data = tomllib.loads((_HERE / "data.toml").read_text(encoding="utf-8"))["folders"]
    return folders


def lists(folder: Path, names: Sequence[str], left_out: Sequence[str] = ()) -> str:
    """Return what `setup.nsi` includes: a macro for each list of files, folders or endings."""
    macros = {
        "FindFiles": find_lines(names),
        "InstallFiles": install_lines(folder, names),
        "RemoveFiles": remove_lines([*names, *left_out]),
        "RemoveData": data_lines(data()),
        "OfferDocuments": [_OFFER.format(ending) for ending in DOCUMENTS],
        "WithdrawDocuments": [_WITHDRAW.format(ending) for ending in DOCUMENTS],
    }
    return "\n".join(f"!macro {name}\n{chr(10).join(lines)}\n!macroend\n" for name, lines in macros.items())


def install_lines(folder: Path, names: Iterable[str]) -> list[str]:
    """Return NSIS's lines that install the files, a folder after the other."""
    lines, current = [], None
    for name in sorted(names, key=lambda name: (PurePosixPath(name).parent, name)):
        parent = PurePosixPath(name).parent
        if parent != current:
            lines.append(f'SetOutPath "{_installed(parent)}"')
            current = parent
        lines.append(f'File "{folder / name}"')  # a dollar is a dollar here
    return lines


def find_lines(names: Iterable[str]) -> list[str]:
    """Return NSIS's lines that go on at `found` where one of the files, or a folder of its name, is there."""
    return [f'IfFileExists "{_installed(PurePosixPath(name))}" found' for name in names]


def remove_lines(names: Sequence[str]) -> list[str]:
    """Return NSIS's lines that remove these files and then the folders that have become empty, and nothing else."""
    folders = {parent for name in names for parent in PurePosixPath(name).parents if parent.name}
    deepest_first = sorted(folders, key=lambda folder: (-len(folder.parts), folder))
    return [
        *(f'Delete "{_installed(PurePosixPath(name))}"' for name in names),
        *(f'RMDir "{_installed(folder)}"' for folder in deepest_first),
    ]


def data_lines(data: Data) -> list[str]:
    """Return NSIS's lines that delete what Candor has written, and nothing that others have put beside it."""
    place = PureWindowsPath("$LOCALAPPDATA\\candor")
    deepest_first = sorted(data, key=lambda folder: (-len(PurePosixPath(folder).parts), folder))
    return [
        line
        for pattern in deepest_first
        for folder in _folders_of(pattern)
        for line in (*(f'Delete "{place / folder / name}"' for name in data[pattern]), f'RMDir "{place / folder}"')
    ]


def _folders_of(pattern: str) -> list[str]:
    """Return the folders that a pattern stands for: NSIS knows none in the names of folders."""
    return [pattern.replace("??", f"{number:02x}") for number in range(256)] if "??" in pattern else [pattern]


def _installed(path: PurePosixPath) -> str:
    return _quoted(f"$INSTDIR\\{PureWindowsPath(path)}") if path.name else "$INSTDIR"


def _quoted(text: str) -> str:
    """Return a path inside NSIS's quotes: a dollar is written twice, but for the one that leads us."""
    head, rest = (text[:8], text[8:]) if text.startswith("$INSTDIR") else ("", text)
    return head + rest.replace("$", "$$")
