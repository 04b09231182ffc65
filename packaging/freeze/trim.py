"""The files that are left out of the frozen program, and why. Read by the specs; nothing here starts anything."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

# Modules that imports lead to and that never run in Candor.
MODULES = (
    "tkinter",
    "unittest",
    "doctest",
    "pydoc",
    "pdb",
    "test",
    "lib2to3",
    "distutils",
    "setuptools",
    "pkg_resources",
    "pip",
    "PIL",
    "numpy",
    "IPython",
    "pytest",
    "curses",
    "readline",
    "xmlrpc",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtOpenGL",
    "PySide6.QtOpenGLWidgets",
)

# Files below PySide6's folder: Qt's plugins and libraries that nothing in Candor asks for.
_PLUGINS = (
    r"platformthemes/libqgtk3",  # pulls GTK, 20 MB; Qt's own GNOME theme follows light and dark without it
    r"platforms/libq(eglfs|linuxfb|minimal|minimalegl|vkkhrdisplay|vnc)",
    r"egldeviceintegrations/",
    r"generic/",  # mice and tablets without a desktop
    r"networkinformation/",
    r"tls/",  # Qt itself speaks to nobody but the second start of the program
    r"platforminputcontexts/libqtvirtualkeyboard",
    r"imageformats/libq(icns|tga|tiff|wbmp|pdf)",
    r"sqldrivers/",
    r"qmltooling/",
    r"printsupport/",
    r"wayland-graphics-integration-client/",  # for windows that draw with the graphics card; they want libQt6OpenGL
    r"wayland-shell-integration/lib(ivi-shell|qt-shell|fullscreen-shell-v1|wl-shell-plugin)",
)
_LIBRARIES = (r"libQt6(Qml|Quick|Pdf|VirtualKeyboard|OpenGL|EglFS|EglFs|Sql|Test)\w*\.so",)
# The words of Qt's own dialogs, which are needed in the languages of the program alone.
_WORDS_OF_QT = re.compile(r"^PySide6/(?:Qt/)?translations/(?:qtbase_(\w+)\.qm)?")
# Libraries of every Linux desktop whose own copy must be used: it fits the graphics driver and the fonts there, and an
# older one of ours would keep the driver from loading. The packages' dependencies name them.
_OF_THE_SYSTEM = (
    r"libstdc\+\+",
    r"libgcc_s",
    r"libdrm",
    r"libexpat",
    r"libfontconfig",
    r"libfreetype",
    r"libpng16",
    r"libglib-2\.0",
    r"libgthread-2\.0",
    r"libdbus-1",
    r"libX11(-xcb)?",
    r"lib(gssapi_krb5|krb5|k5crypto|krb5support|com_err|keyutils)",
    # What these load in turn, or what is collected for GTK alone.
    r"lib(systemd|gcrypt|gpg-error|lz4|cap|Xau|Xdmcp|bsd|md)",
    r"lib(gio|gobject|gmodule)-2\.0",
    r"lib(mount|blkid|selinux|pcre2-8)",
)

_LEFT_OUT = re.compile(
    "|".join(
        [
            *(rf"/plugins/{each}" for each in _PLUGINS),
            *(rf"(?:^|/){each}" for each in _LIBRARIES),
            *(rf"^(?:.*/)?{each}\.so" for each in _OF_THE_SYSTEM),
        ]
    )
)


def languages(folder: Path) -> frozenset[str]:
    """Return the languages that the folder of translations has files for."""
    return frozenset(file.stem.removeprefix("candor_") for file in folder.glob("candor_*.*"))


def is_kept(name: str, spoken: Collection[str]) -> bool:
    """Return True if a file belongs into the frozen program, which speaks these languages; `name` is its path there."""
    name = name.replace("\\", "/")
    if found := _WORDS_OF_QT.match(name):
        return found[1] in spoken
    return _LEFT_OUT.search(name) is None
