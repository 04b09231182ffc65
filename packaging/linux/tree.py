"""The files of an installed Candor as they lie below `/`, for the Debian package and the RPM alike.

The program's folder goes to /usr/lib/candor, what the desktop reads of it to /usr/share. How that is packed is the
business of `packing.py`.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import licences
import telling
from environment import ROOT

SHARE = Path(__file__).with_name("share")
PROGRAM = "usr/lib/candor"
_ENGINE = "_internal/xllamacpp"
_MODELS = "application/x-gguf;"
MAINTAINER = "The Candor authors <candor@candor.invalid>"  # whoever publishes Candor puts an address here
# Where each file of `share/` goes.
PLACES = {
    "candor.desktop": "usr/share/applications/candor.desktop",
    "zz-candor.desktop": "usr/share/applications/zz-candor.desktop",
    "candor.metainfo.xml": "usr/share/metainfo/localhost.candor.program.metainfo.xml",
    "candor.xml": "usr/share/mime/packages/candor.xml",
}


def lay_out(target: Path, frozen: Path, icons: Path, version: str, packager: str) -> None:
    """Make the tree in `target`, out of the frozen program and the folder of icons; `packager` names doc's folder."""
    shutil.rmtree(target, ignore_errors=True)
    (target / "usr/bin").mkdir(parents=True)
    shutil.copytree(frozen, target / PROGRAM, symlinks=True)
    (target / "usr/bin/candor").symlink_to("../lib/candor/candor")
    for name, place in PLACES.items():
        _write(target / place, offered(filled(name, version), frozen))
    shutil.copytree(icons, target / "usr/share/icons/hicolor")
    _write_packed(target / "usr/share/man/man1/candor.1.gz", filled("candor.1", version))
    documents = target / "usr/share/doc" / packager
    told = licences.read(frozen / licences.IN_FROZEN)
    _write(documents / "copyright", filled("copyright", version).replace("@DEBIAN@", of_debian(told)))
    _write_packed(documents / "NEWS.md.gz", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    _write_packed(documents / "changelog.gz", changelog(packager, version))
    settle(target)


def of_debian(told: licences.Told) -> str:
    """Return the packages of Debian that the program brings files of, as lines of a copyright file."""
    addresses = {each.get("purl", ""): each["version"] for each in told["parts"]}
    start = licences.OF_DEBIAN
    return "\n".join(f"  {each.removeprefix(start)} {addresses[each]}" for each in addresses if each.startswith(start))


def changelog(packager: str, version: str) -> str:
    """Return Debian's kind of changelog, which names the version and leads to ours."""
    when = format_datetime(datetime.fromtimestamp(build_time(), UTC))
    return f"{packager} ({ordered(version)}) stable; urgency=low\n\n  * See NEWS.md.gz.\n\n -- {MAINTAINER}  {when}\n"


def ordered(version: str) -> str:
    """Return the version as packagers order it: a trial such as 1.2.0rc1 comes before 1.2.0."""
    return re.sub(r"(?<=[0-9])\.?(?=(?:a|b|rc|dev)[0-9])", "~", version)


def filled(name: str, version: str) -> str:
    """Return a file of `share/` with the version and the day of it."""
    text = (SHARE / name).read_text(encoding="utf-8")
    day = datetime.fromtimestamp(build_time(), UTC).date().isoformat()
    return text.replace("@VERSION@", version).replace("@DATE@", day)


def offered(text: str, frozen: Path) -> str:
    """Return the text of a menu entry without models, where the program has no engine that could open one."""
    return text if (frozen / _ENGINE).exists() else text.replace(_MODELS, "")


def build_time() -> int:
    """Return the seconds since 1970 that all files carry: SOURCE_DATE_EPOCH, or the time of the newest commit.

    Where git is not installed, or the folder is no clone, it is the time of the changelog.
    """
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    told = ""
    if shutil.which("git"):
        command = ["git", "log", "-1", "--format=%ct"]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return int(told or (ROOT / "CHANGELOG.md").stat().st_mtime)


def settle(folder: Path) -> None:
    """Give every file the modes of installed files and the time of the build, whatever the builder's habits are."""
    when = build_time()
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            runs = path.is_dir() or (os.access(path, os.X_OK) and _is_program(path))
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (when, when), follow_symlinks=False)


def size_in_kib(folder: Path) -> int:
    """Return what the files take on the disk."""
    return sum(-(-path.lstat().st_size // 1024) for path in folder.rglob("*") if not path.is_dir())


def _is_program(path: Path) -> bool:
    # Libraries are marked as programs by the freezer, and need not be.
    return ".so" not in path.name


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _write_packed(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Without a name and a time inside, the same text gives the same file.
    file.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))


def run_packer(command: list[str], **environment: str) -> None:
    """Run a program that packs, with these variables besides ours. Raises SetupError."""
    telling.run(command, environment={**os.environ, **environment})
