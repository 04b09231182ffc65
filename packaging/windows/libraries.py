"""The libraries that the program's own need: each must lie beside it, beside Python, or in every Windows.

On a computer where nothing else was installed, a library that is missing shows only when somebody needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from telling import SetupError

from windows import work

# What Windows 10 of version 1809 and all later ones have.
_OF_WINDOWS = re.compile(
    r"(?:api-ms-win-.*|ext-ms-win-.*|advapi32|authz|bcrypt|bcryptprimitives|cfgmgr32|comctl32|comdlg32|crypt32|d2d1|"
    r"d3d9|d3d11|d3d12|dnsapi|dwmapi|dwrite|dxgi|gdi32|icuuc|imm32|iphlpapi|kernel32|mpr|msimg32|msvcrt|ncrypt|netapi32|"
    r"normaliz|ntdll|ole32|oleaut32|pdh|powrprof|propsys|psapi|rpcrt4|secur32|setupapi|shcore|shell32|shlwapi|ucrtbase|"
    r"uiautomationcore|user32|userenv|uxtheme|version|winhttp|winmm|winspool|wintrust|wlanapi|ws2_32|wsock32|wtsapi32)"
    r"(?:\.dll|\.drv)$"
)
# PySide6 and shiboken6 name their folders to Windows before a module that needs these is loaded.
_NAMED_BY_QT = re.compile(r"(?:shiboken6\.abi3|pyside6\.abi3|qt6\w+)\.dll$")


def check(program: Path) -> None:
    """Raise SetupError when a library of the program needs one that would not be found."""
    needed = {
        file.relative_to(program).as_posix(): needed_by(work.run(["x86_64-w64-mingw32-objdump", "-p", file]))
        for file in sorted(program.rglob("*"))
        if file.suffix in {".dll", ".pyd", ".exe"}
    }
    if lacking := missing(needed):
        raise SetupError("Libraries that Windows does not have: " + "; ".join(lacking))


def needed_by(listing: str) -> list[str]:
    """Return the libraries that a file needs, from what `objdump -p` prints of it."""
    return [name.lower() for name in re.findall(r"^\s*DLL Name: (\S+)", listing, re.MULTILINE)]


def missing(needed: Mapping[str, Iterable[str]]) -> list[str]:
    """Return what is not to be found, as sentences; `needed` has names in lower case, by the path of who needs them."""
    folders: dict[str, set[str]] = {}
    for path in needed:
        folder, _, name = path.lower().rpartition("/")
        folders.setdefault(folder, set()).add(name)
    of_qt = {name for names in folders.values() for name in names if _NAMED_BY_QT.match(name)}
    everywhere = of_qt | folders.get("runtime", set())  # where Python's own library lies
    return [
        f"{path} needs {name}"
        for path, names in needed.items()
        for name in names
        if name not in everywhere | folders[path.lower().rpartition("/")[0]] and not _OF_WINDOWS.match(name)
    ]
