"""The needs of Candor on an operating system: libraries of Qt and the engine, programs that tests use, a display.

On Debian and its kin the packages are named, and installed when we are root. Python packages are the business of
`environment.py`.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from telling import SetupError, say

# Debian 13 renamed some (libglib2.0-0t64); its packages still answer to the old names.
LIBRARY_PACKAGES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libatomic.so.1": "libatomic1",
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libdrm.so.2": "libdrm2",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgomp.so.1": "libgomp1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libpng16.so.16": "libpng16-16",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
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

# What the program loads, below the folder of installed packages: Qt's parts, and the engine.
LOADED = (
    "PySide6/QtCore.abi3.so",
    "PySide6/QtGui.abi3.so",
    "PySide6/QtWidgets.abi3.so",
    "PySide6/QtPrintSupport.abi3.so",
    "PySide6/QtSvg.abi3.so",
    "PySide6/QtNetwork.abi3.so",
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/Qt/plugins/xcbglintegrations/libqxcb-glx-integration.so",
    "xllamacpp/*.so",
)
LOADED_ON_WAYLAND = ("PySide6/Qt/plugins/platforms/libqwayland.so",)

# Programs of the tests: a display, a window manager, a keyboard, a tracer of files and sockets, a keyring.
PROGRAM_PACKAGES: Mapping[str, str] = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "strace": "strace",
    "dbus-run-session": "dbus-daemon",
    "gnome-keyring-daemon": "gnome-keyring",
    # What the recipes of installers are linted and tried with.
    "makensis": "nsis",
    "wixl": "wixl",
    "msiinfo": "msitools",
    "osslsigncode": "osslsigncode",
    "openssl": "openssl",
    "shellcheck": "shellcheck",
    "sshd": "openssh-server",
    "yamllint": "yamllint",
    "appstreamcli": "appstream",
    "desktop-file-validate": "desktop-file-utils",
    "gio": "libglib2.0-bin",
}
# What tests read: the examples of the CommonMark specification.
DATA_PACKAGES: Mapping[str, str] = {
    "/usr/share/gocode/src/github.com/yuin/goldmark/_test/spec.json": "golang-github-yuin-goldmark-dev"
}
FONT_FOLDER = Path("/usr/share/fonts")
FONT_PACKAGES: Mapping[str, str] = {"DejaVuSans.ttf": "fonts-dejavu-core", "NotoSansCJK*": "fonts-noto-cjk"}


def missing_libraries(listing: str) -> list[str]:
    """Return the libraries that are not found, from what `ldd` prints for one file or several."""
    return sorted(set(re.findall(r"^\s*(\S+) => not found", listing, flags=re.MULTILINE)))


def packages_of(libraries: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return Debian packages for libraries, and the libraries whose package is not known."""
    wanted = sorted(set(libraries))
    packages = sorted({LIBRARY_PACKAGES[name] for name in wanted if name in LIBRARY_PACKAGES})
    return packages, [name for name in wanted if name not in LIBRARY_PACKAGES]


def library_sentence(libraries: Iterable[str]) -> str:
    """Return what to tell when libraries are missing and cannot be installed from here."""
    names = sorted(set(libraries))
    packages, unknown = packages_of(names)
    sentence = f"Candor needs system libraries that are not here: {', '.join(names)}."
    if packages:
        sentence += f" On Debian or Ubuntu: sudo apt install {' '.join(packages)}"
    if unknown:
        sentence += f" (for {', '.join(unknown)} the package is not known; search your system's packages for it)"
    return sentence


def ensure_libraries(site_packages: Path) -> None:
    """Have every library that Qt and the engine load, from the folder of installed packages. Raises SetupError."""
    if sys.platform != "linux" or shutil.which("ldd") is None:
        return
    missing = _missing_of(site_packages)
    if not missing:
        return
    packages, _ = packages_of(missing)
    if not packages or not can_install():
        raise SetupError(library_sentence(missing))
    install(packages)
    if still := _missing_of(site_packages):
        raise SetupError(library_sentence(still))


def _missing_of(site_packages: Path) -> list[str]:
    patterns = LOADED + (LOADED_ON_WAYLAND if os.environ.get("WAYLAND_DISPLAY") else ())
    files = [str(file) for pattern in patterns for file in site_packages.glob(pattern)]
    done = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False)
    return missing_libraries(done.stdout)


def ensure_a_font() -> None:
    """Have at least one font, or Qt shows boxes. Raises SetupError."""
    if sys.platform != "linux" or _has_font("*.ttf") or _has_font("*.otf") or _has_font("*.ttc"):
        return
    if not can_install():
        raise SetupError("There is no font on this computer. On Debian or Ubuntu: sudo apt install fonts-dejavu-core")
    install(["fonts-dejavu-core"])


def _which(program: str) -> str | None:
    """Return where a program is; a server's lies where only root's own search leads."""
    return shutil.which(program, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


def ensure_programs(programs: Mapping[str, str], files: Mapping[str, str] | None = None) -> None:
    """Have programs and files, each given with its Debian package, or say which are missing. Raises SetupError."""
    lacking = {name: package for name, package in programs.items() if _which(name) is None}
    lacking |= {file: package for file, package in (files or {}).items() if not Path(file).exists()}
    packages = sorted(set(lacking.values()))
    if lacking and can_install():
        install(packages)
        lacking = {name: package for name, package in programs.items() if _which(name) is None}
    if lacking:
        raise SetupError(
            f"These are missing: {', '.join(lacking)}. On Debian or Ubuntu: sudo apt install {' '.join(packages)}"
        )


def missing_test_packages() -> list[str]:
    """Return Debian packages of programs, texts and fonts that tests use and that are not here."""
    if sys.platform != "linux":
        return []
    packages = [package for program, package in PROGRAM_PACKAGES.items() if _which(program) is None]
    packages += [package for file, package in DATA_PACKAGES.items() if not Path(file).exists()]
    return packages + missing_font_packages()


def missing_font_packages() -> list[str]:
    """Return the Debian packages of fonts for both languages that are not here."""
    if sys.platform != "linux":
        return []
    return [package for font, package in FONT_PACKAGES.items() if not _has_font(font)]


def _has_font(pattern: str) -> bool:
    folders = (FONT_FOLDER, Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts", Path.home() / ".fonts")
    return any(next(folder.rglob(pattern), None) is not None for folder in folders)


def can_install() -> bool:
    """Return True if packages can be installed from here: root, and a system with apt."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Iterable[str]) -> None:
    """Install Debian packages as root. Raises SetupError."""
    names = sorted(set(packages))
    say(f"Installing with apt: {' '.join(names)}")
    command = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    said = ""
    # The lists of packages may be absent or old: they are fetched only when the first attempt fails.
    for step in (("install",), ("update",), ("install",)):
        arguments = [*step, "--no-install-recommends", *names] if step == ("install",) else list(step)
        done = subprocess.run(
            [*command, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode == 0 and step == ("install",):
            return
        said = done.stdout
    errors = [line for line in said.splitlines() if line.startswith(("E:", "Err"))] or said.splitlines()[-3:]
    raise SetupError(f"apt could not install {' '.join(names)}: {' '.join(errors)}")


def display_sentence(environment: Mapping[str, str]) -> str:
    """Return what to tell when there is no display to open a window on, else an empty text."""
    platform = environment.get("QT_QPA_PLATFORM", "")
    if sys.platform != "linux" or (platform and not platform.startswith(("xcb", "wayland"))):
        return ""
    if environment.get("WAYLAND_DISPLAY"):
        return ""
    display = environment.get("DISPLAY", "")
    if not display:
        return "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set."
    if not _answers(display):
        return f"The display {display} (from DISPLAY) does not answer. Run this in a graphical session."
    return ""


def _answers(display: str) -> bool:
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if local is None:
        return True  # on another computer; Qt will tell
    path = f"/tmp/.X11-unix/X{local[1]}"
    for address in (path, f"\0{path}"):  # the second is Linux's abstract socket
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(address)
            except OSError:
                continue
            return True
    return False
