"""Isolation of the program from its surroundings and of these from the program, and the test for a display.

An installed program brings its own Qt: plugins of another one crash it, and its own libraries crash what it opens (a
browser, a file's program). Must run before the `QApplication` is made. Which folders are used is not decided here.
"""

from __future__ import annotations

import builtins
import gc
import re
from collections.abc import Mapping, MutableMapping
from contextlib import closing
from pathlib import Path

# Where Qt would look for plugins first, and what would have Python write the keys of its TLS connections to a file.
_NOT_HEARD = ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QML_IMPORT_PATH", "QML2_IMPORT_PATH", "SSLKEYLOGFILE")
# The frozen program's own: a library path for itself, with the user's kept beside it, and notes to its own children.
_LIBRARY_PATH = "LD_LIBRARY_PATH"
_LIBRARY_PATH_OF_THE_PERSON = "LD_LIBRARY_PATH_ORIG"
_FREEZERS_NOTES = "_PYI_"
# Qt's wheels have no plugin for fcitx, which answers to ibus's as well. With no plugin at all no Chinese can be typed.
_FCITX = ("fcitx", "fcitx5")
_FCITX_BY_WAY_OF_IBUS = "fcitx;ibus"


def prepare(environment: MutableMapping[str, str], *, frozen: bool) -> None:
    """Change the process's environment for this program's Qt, and for what is started from here."""
    if environment.get("QT_IM_MODULE") in _FCITX and not environment.get("QT_IM_MODULES"):
        environment["QT_IM_MODULES"] = _FCITX_BY_WAY_OF_IBUS
    if not frozen:
        return
    for name in [each for each in environment if each in _NOT_HEARD or each.startswith(_FREEZERS_NOTES)]:
        del environment[name]
    # The dynamic linker read the path when the process began; from now on it only reaches children.
    environment.pop(_LIBRARY_PATH, None)
    if path := environment.pop(_LIBRARY_PATH_OF_THE_PERSON, ""):
        environment[_LIBRARY_PATH] = path


def import_qt() -> None:
    """Import Qt's core, and have what is imported after it cost no more than in any program."""
    gc.disable()  # whatever is made now lives on: nothing is found until the window collects for the first time
    plain_import = builtins.__import__
    import PySide6.QtCore  # noqa: F401

    # PySide's own reads the source of every module, for a switch that is not used here, and Python keeps it: 15 MiB.
    builtins.__import__ = plain_import


def has_display(environment: Mapping[str, str]) -> bool:
    """Return True if Linux has a display for the window.

    Without one Qt ends the process, with advice that does not help. If a platform of Qt's is asked for by name, or the
    display is another computer's, that is taken for one.
    """
    if environment.get("QT_QPA_PLATFORM"):
        return True
    wayland = environment.get("WAYLAND_DISPLAY")
    if wayland and _answers(str(Path(environment.get("XDG_RUNTIME_DIR", "/"), wayland))):
        return True
    display = re.fullmatch(r"(?:(unix)?|(.+)):([0-9]+)(?:\.[0-9]+)?", environment.get("DISPLAY", ""))
    if display is None:
        return False
    file = f"/tmp/.X11-unix/X{display[3]}"
    return display[2] is not None or _answers(file) or _answers(f"\0{file}")


def _answers(address: str) -> bool:
    """Return True if somebody listens at a socket of this computer."""
    import socket  # needed here alone before the first paint

    with closing(socket.socket(socket.AF_UNIX)) as caller:
        try:
            caller.connect(address)
        except OSError:
            return False
    return True
