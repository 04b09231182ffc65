"""The frozen program for Linux, made in a system of Debian 12, so that it runs on that and on all newer ones.

The distribution's own Python is used: others leave the builder's folders in the program's library paths. All paths
inside are the same at every build. Packing the result is the business of the files beside this one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import insides
import licences
import locking
import roots
import starter_model
import system
from environment import ROOT
from order import Edition, Order
from roots import Root
from telling import SetupError, say

from linux import needs

SUITE = "bookworm"
# What the frozen program is linked with, and what freezing needs: `objdump` and `strip` are in binutils.
PACKAGES = (
    "binutils",
    "ca-certificates",
    "libatomic1",
    "libdbus-1-3",
    "libdrm2",
    "libegl1",
    "libfontconfig1",
    "libgl1",
    "libglib2.0-0",
    "libgomp1",
    "libgssapi-krb5-2",
    "libpython3.11",
    "libwayland-client0",
    "libwayland-cursor0",
    "libwayland-egl1",
    "libx11-xcb1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-util1",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
    "python3",
    "python3-venv",
)
# What the program is made of, and what freezes it. Both name the SHA-256 of every file that may be taken.
LOCKS = (locking.FOLDER / "linux.txt", locking.FREEZER)
# The same at every build: Python's own order of sets, and the time that compiled files carry. The compiled files lie in
# the program as they are: it starts sooner, and its package, which is packed as a whole, is smaller by a fifteenth.
STEADY = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "1", "PYINSTALLER_ZLIB_COMPRESSION_LEVEL": "0"}
_SOURCES = "/candor/source"
_PYTHON = "/candor/venv/bin/python"


def build(order: Order) -> Sequence[Path]:
    """Make the frozen program and pack its folder."""
    folder, _ = freeze(order.edition, {"xz": "xz-utils"})
    packed = order.folder / f"candor-{order.version}-{order.edition}-linux.tar.xz"
    pack_folder(folder, packed)
    return [packed]


def freeze(edition: Edition, packers: Mapping[str, str] | None = None) -> tuple[Path, Root]:
    """Return the folder of the frozen program, and the system that it was made in; `packers` are needed later.

    Raises SetupError, before anything is made where a packer is missing.
    """
    roots.ensure_possible()
    system.ensure(packers or {})
    root = roots.build_root(SUITE, PACKAGES)
    bring_parts(root)
    wanted = {"CANDOR_EDITION": str(edition)}
    if edition is Edition.FULL:
        wanted["CANDOR_MODEL"] = _bring_model(root)
    say(f"Freezing the program ({edition})")
    freeze_in(root, f"/candor/frozen/{edition}", wanted)
    folder, _ = frozen(edition)
    _tell(folder, root, edition)
    _check(root, edition)
    return folder, root


def bring_parts(root: Root) -> None:
    """Lay into a system what is frozen and what it is frozen with. Raises SetupError."""
    _bring_sources(root)
    _bring_packages(root)
    for source in sorted(root.path(f"{_SOURCES}/resources/i18n").glob("*.ts")):
        inside = f"{_SOURCES}/resources/i18n/{source.name}"
        root.run(["/candor/venv/bin/pyside6-lrelease", "-silent", inside, "-qm", inside.removesuffix(".ts") + ".qm"])
        source.unlink()


def freeze_in(root: Root, target: str, wanted: Mapping[str, str]) -> None:
    """Freeze what lies in a system into its folder `target`; `wanted` is what the spec reads. Raises SetupError."""
    path = "/candor/venv/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    root.run(
        [
            *(_PYTHON, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level=WARN"),
            *("--distpath", target, "--workpath", f"/candor/work/{Path(target).name}"),
            f"{_SOURCES}/packaging/freeze/candor.spec",
        ],
        environment={**STEADY, **wanted, "PATH": path},
    )


def _check(root: Root, edition: Edition) -> None:
    """Make sure that nothing in the program leads to where it was built. Raises SetupError."""
    folder, _ = frozen(edition)
    if lead_out := needs.strangers(needs.places(folder, root)):
        raise SetupError(f"Libraries would be looked for in {', '.join(lead_out)}.")
    inside = f"/{folder.relative_to(root.folder)}"
    # Folders of this computer that are common ones would be found in what others have built.
    signs = [*(f"/candor/{name}" for name in ("source", "venv", "work", "frozen")), str(ROOT)]
    root.run([_PYTHON, f"{_SOURCES}/packaging/freeze/left_paths.py", inside, *signs])


def _tell(folder: Path, root: Root, edition: Edition) -> None:
    """Lay into the program what it is made of: the parts of this edition, as its files have them, and Debian's."""
    parts = licences.of("linux", has_engine=edition is Edition.FULL)
    whole = insides.complete(parts, folder.rglob("*"))
    needs.add_brought(whole, folder, root)
    licences.write(whole, told(edition))


def told(edition: Edition) -> Path:
    """Return the file of the frozen program that tells what it is made of."""
    return frozen(edition)[0] / licences.IN_FROZEN


def frozen(edition: Edition) -> tuple[Path, Root]:
    """Return the folder and the system as `freeze` does, after it was made."""
    root = Root(roots.KEPT / f"build-{SUITE}")
    return root.path(f"/candor/frozen/{edition}/candor"), root


def icons(root: Root) -> Path:
    """Draw the program's icon in all sizes in the system; return the folder that is called `hicolor` when installed."""
    inside = "/candor/icons"
    shutil.rmtree(root.path(inside), ignore_errors=True)
    root.run([_PYTHON, f"{_SOURCES}/packaging/icons.py", inside], environment={"QT_QPA_PLATFORM": "offscreen"})
    return root.path(inside) / "hicolor"


def pack_folder(folder: Path, packed: Path) -> None:
    """Pack a folder so that the same content gives the same file."""
    with packed.open("wb") as sink:
        tar = subprocess.Popen(
            [
                *("tar", "--create", "--sort=name", "--mtime=@1", "--owner=0", "--group=0", "--numeric-owner"),
                *("--mode=u+rwX,go+rX,go-w", "--directory", str(folder.parent), folder.name),
            ],
            stdout=subprocess.PIPE,
        )
        packer = subprocess.run(["xz", "-6", "--threads=2"], stdin=tar.stdout, stdout=sink, check=False)
    if tar.wait() or packer.returncode:
        raise SetupError(f"{folder} could not be packed.")


def _bring_sources(root: Root) -> None:
    """Lay the sources into the system, the program's and the recipe's alone, without what a checkout gathers."""
    target = root.path(_SOURCES)
    shutil.rmtree(target, ignore_errors=True)
    unwanted = shutil.ignore_patterns("__pycache__", "*.pyc", "*.qm")
    for part in ("desktop", "resources", "packaging/freeze"):
        shutil.copytree(ROOT / part, target / part, ignore=unwanted)
    shutil.copy(ROOT / "packaging" / "icons.py", target / "packaging")


def _bring_packages(root: Root) -> None:
    """Have the program's packages and the freezer in an environment of the system's Python, as they are locked."""
    wanted = "".join(lock.read_text(encoding="utf-8") for lock in LOCKS)
    stamp = root.path("/candor/venv/candor-ready")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say("Installing what the program is made of")
    shutil.rmtree(root.path("/candor/venv"), ignore_errors=True)
    root.run(["/usr/bin/python3", "-m", "venv", "/candor/venv"])
    options = ["--quiet", "--only-binary", ":all:", "--no-compile", "--no-deps", "--require-hashes"]
    for lock in LOCKS:
        shutil.copy(lock, root.path(f"/candor/{lock.name}"))
        options += ["--requirement", f"/candor/{lock.name}"]
    root.run([_PYTHON, "-m", "pip", "install", *options], network=True, environment=pip_settings())
    root.run([_PYTHON, "-m", "pip", "check"])
    stamp.write_text(wanted, encoding="utf-8")


def _bring_model(root: Root) -> str:
    """Lay the starter model into the system with its licence; return its folder there."""
    inside = "/candor/model"

    def pip(*words: str) -> None:
        inner = [word.removeprefix(str(root.folder)) for word in words]
        root.run([_PYTHON, "-m", "pip", *inner], network=True, environment=pip_settings())

    starter_model.ensure(starter_model.read_pinned(), root.path(inside), pip)
    return inside


def pip_settings() -> dict[str, str]:
    """Return the variables by which pip reaches packages from this computer."""
    return {name: value for name, value in os.environ.items() if name.startswith("PIP_") or "proxy" in name.lower()}
