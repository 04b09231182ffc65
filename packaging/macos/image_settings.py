"""The look of the disk image when it is opened: the program at the left, the folder for programs at the right.

Read by dmgbuild, which runs this file and looks at these names; the program's path comes with `-D app=…`.
"""

from __future__ import annotations

from typing import Any

defines: dict[str, Any]  # given by dmgbuild

_app = str(defines.get("app", "Candor.app"))  # noqa: F821 - see above

format = "ULMO"  # LZMA, which macOS 10.15 and newer read
filesystem = "HFS+"
files = [_app]
symlinks = {"Applications": "/Applications"}
window_rect = ((200, 200), (520, 320))
icon_size = 112
text_size = 13
icon_locations = {"Candor.app": (140, 140), "Applications": (380, 140)}
