"""What Candor and its tests need of the operating system: libraries, fonts and programs, by their Debian packages.

They are installed when we are root, and named all at once when we are not. Python packages are the business of
`environment.py`.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from telling import SetupError, say, warn

_PACKAGES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
LIBRARIES: Mapping[str, str] = _PACKAGES["libraries"]
ON_WAYLAND: Mapping[str, str] = _PACKAGES["on_wayland"]
FONTS: Mapping[str, str] = _PACKAGES["fonts"]
TESTS: Mapping[str, str] = {**FONTS, **_PACKAGES["tests"]}
_FONTS: Mapping[str, str] = {"a font": "*.[ot]t[fc]", "DejaVu Sans": "DejaVuSans.ttf", "Noto Sans CJK": "NotoSansCJK*"}
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
# What puts pip into an environment: Debian's Python comes without it.
PIP: Mapping[str, str] = {
    f"{sysconfig.get_path('stdlib')}/ensurepip": f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
}
WINDOW: Mapping[str, str] = {
    **PIP,
    **LIBRARIES,
    **(ON_WAYLAND if os.environ.get("WAYLAND_DISPLAY") else {}),
    "a font": "fonts-dejavu-core",
}


def ensure(needed: Mapping[str, str], useful: Mapping[str, str] | None = None) -> None:
    """Have libraries, fonts, files and programs, each given with its Debian package. Raises SetupError.

    Without what is useful it goes on, with a warning.
    """
    if sys.platform != "linux":
        return
    lacking, besides = missing(needed), missing(useful or {})
    packages = {**needed, **(useful or {})}
    wanted = sorted({packages[name] for name in (*lacking, *besides)})
    if wanted and can_install():
        install(wanted)
        lacking, besides = missing(needed), []
    advice = f"On Debian or Ubuntu: sudo apt install {' '.join(wanted)}"
    if lacking:
        raise SetupError(f"These are missing: {', '.join(lacking)}. {advice}")
    if besides:
        warn(f"These are missing, and what needs them is left out: {', '.join(besides)}. {advice}")


def missing(names: Iterable[str]) -> list[str]:
    """Return which of these libraries, fonts, files and programs are not there."""
    return [name for name in names if not _is_there(name)]


def _is_there(name: str) -> bool:
    if name.startswith("/"):
        return Path(name).exists()
    if name in _FONTS:
        folders = (Path(folder).expanduser() for folder in _FONT_FOLDERS)
        return any(next(folder.rglob(_FONTS[name]), None) is not None for folder in folders)
    if ".so." in name:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True
    # A server's lies where only root's own search leads.
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin") is not None


def can_install() -> bool:
    """Return True if packages can be installed from here: root, and a system with apt."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Iterable[str]) -> None:
    """Install Debian packages as root. Raises SetupError."""
    names = sorted(set(packages))
    say(f"Installing with apt: {' '.join(names)}")
    apt = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300"]
    installing = [*apt, "install", "--no-install-recommends", *names]
    # The lists of packages may be absent or old: they are fetched only when the first attempt fails.
    for command in (installing, [*apt, "update"], installing):
        done = subprocess.run(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode == 0 and command is installing:
            return
    errors = [line for line in done.stdout.splitlines() if line.startswith(("E:", "Err"))]
    raise SetupError(f"apt could not install {' '.join(names)}: {' '.join(errors or done.stdout.splitlines()[-3:])}")
