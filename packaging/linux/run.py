"""The installer for any Linux and one user, without root: an archive that unpacks itself and runs `install.sh`."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from environment import ROOT
from order import Order
from telling import say

from linux import needs, program, tree

_SCRIPTS = ("install.sh", "uninstall.sh", "refresh.sh")


def build(order: Order) -> Sequence[Path]:
    """Make the installer."""
    frozen, root = program.freeze(order.edition, {"makeself": "makeself", "xz": "xz-utils"})
    target = ROOT / "build" / "run" / order.edition
    lay_out(target, frozen, program.icons(root), order.version, needs.oldest_glibc(frozen))
    file = order.folder / f"candor-{order.version}-{order.edition}-linux-x86_64.run"
    say(f"Packing {file.name}")
    tree.run_packer(command(target, file, order.version))
    return [file]


def lay_out(target: Path, frozen: Path, icons: Path, version: str, glibc: str) -> None:
    """Make the folder that is packed; `glibc` is the oldest C library that will do."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(frozen, target / "candor", symlinks=True)
    shutil.copytree(icons, target / "hicolor")
    for name in (*_SCRIPTS, "candor.desktop", "zz-candor.desktop", "candor.xml"):
        text = tree.offered(tree.filled(name, version), frozen).replace("@GLIBC@", glibc)
        (target / name).write_text(text, encoding="utf-8")
    tree.settle(target)


def command(target: Path, file: Path, version: str) -> list[str]:
    """Return the packer's command line; nothing in it depends on when and where it runs."""
    when = tree.build_time()
    steady = f"--sort=name --mtime=@{when} --owner=0 --group=0 --numeric-owner"
    day = datetime.fromtimestamp(when, UTC).isoformat()
    return [
        *("makeself", "--quiet", "--nox11", "--sha256", "--xz", "--complevel", "6", "--threads", "2"),
        *("--tar-format", "gnu", "--tar-extra", steady, "--packaging-date", day),
        # By sh, since nothing may be started from /tmp on many computers of companies.
        *(str(target), str(file), f"Candor {version}", "sh", "./install.sh"),
    ]
