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
from collections.abc import Iterable, Mapping
from pathlib import Path

from telling import SetupError, say, warn

# What Qt and the engine load. Debian 13 renamed some packages (libglib2.0-0t64), which still answer to the old names.
LIBRARIES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libatomic.so.1": "libatomic1",
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgomp.so.1": "libgomp1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libpng16.so.16": "libpng16-16",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
ON_WAYLAND: Mapping[str, str] = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
_FONTS: Mapping[str, str] = {"a font": "*.[ot]t[fc]", "DejaVu Sans": "DejaVuSans.ttf", "Noto Sans CJK": "NotoSansCJK*"}
FONTS: Mapping[str, str] = {"DejaVu Sans": "fonts-dejavu-core", "Noto Sans CJK": "fonts-noto-cjk"}
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
# Of the tests: a display, a window manager, a keyboard, a tracer of files and sockets, a keyring, a server of SSH; what
# installers' recipes are linted and tried with; the examples of the CommonMark specification.
TESTS: Mapping[str, str] = {
    **FONTS,
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "strace": "strace",
    "dbus-run-session": "dbus-daemon",
    "gnome-keyring-daemon": "gnome-keyring",
    "sshd": "openssh-server",
    "makensis": "nsis",
    "wixl": "wixl",
    "msiinfo": "msitools",
    "osslsigncode": "osslsigncode",
    "openssl": "openssl",
    "shellcheck": "shellcheck",
    "yamllint": "yamllint",
    "appstreamcli": "appstream",
    "desktop-file-validate": "desktop-file-utils",
    "gio": "libglib2.0-bin",
    "/usr/share/gocode/src/github.com/yuin/goldmark/_test/spec.json": "golang-github-yuin-goldmark-dev",
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
