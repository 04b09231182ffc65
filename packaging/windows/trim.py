"""The files of the packages that go into Candor for Windows. Pure tables and rules; nothing here touches a disk."""

from __future__ import annotations

import re
from collections.abc import Collection

# Of PySide6 only what is named here: the wheel holds three times as much, and a new version brings more of it.
_QT = re.compile(
    r"PySide6/(?:"
    r"\w+\.py|"
    r"(?:QtCore|QtGui|QtNetwork|QtPrintSupport|QtSvg|QtWidgets)\.pyd|"
    r"pyside6\.abi3\.dll|"
    r"Qt6(?:Core|Gui|Network|PrintSupport|Svg|Widgets)\.dll|"
    r"plugins/iconengines/qsvgicon\.dll|"
    r"plugins/imageformats/q(?:gif|ico|jpeg|svg|webp)\.dll|"
    # `offscreen` serves `--diagnose` and tests on computers without a screen.
    r"plugins/platforms/q(?:windows|offscreen)\.dll"
    r")$"
)
_WORDS_OF_QT = re.compile(r"PySide6/translations/qtbase_(\w+)\.qm$")
_SHIBOKEN = re.compile(r"shiboken6/(?:\w+\.py|Shiboken\.pyd|shiboken6\.abi3\.dll)$")
# Microsoft's C++ and OpenMP libraries, which the wheels of Qt bring twice. One set lies beside Python's own library,
# where Qt and the engine find it: a Windows on which nothing was installed has none.
_MICROSOFT = re.compile(r"PySide6/((?:msvcp140(?:_1|_2)?|vcomp140|vcruntime140(?:_1)?)\.dll)$")

_NEVER = re.compile(
    r"(?:^|/)(?:tests?|testing|include|__pycache__)/|"
    r"^bin/|"  # starters with the builder's paths in them
    r"^olefile/olefile2\.py$|"  # for Python 2: no other one can compile it
    r"\.(?:pyi|pyx|pxd|h|lib|pdb|typed)$|"
    r"\.dist-info/(?:RECORD|INSTALLER|REQUESTED|direct_url\.json)$"  # they tell of the builder, not of the package
)


def is_kept(name: str, spoken: Collection[str]) -> bool:
    """Return True if a package's file belongs into the program, which speaks these languages.

    `name` is the file's path in the folder of packages, with slashes.
    """
    if _NEVER.search(name):
        return False
    if found := _WORDS_OF_QT.match(name):
        return found[1] in spoken
    if name.startswith("PySide6/"):
        return _QT.match(name) is not None
    if name.startswith("shiboken6/"):
        return _SHIBOKEN.match(name) is not None
    return True


def microsoft_library(name: str) -> str:
    """Return the name of the file if it is the library of Microsoft's beside Python's; empty for all other files."""
    found = _MICROSOFT.match(name)
    return found[1] if found else ""
