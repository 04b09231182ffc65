"""The Debian package: for Debian 12, Ubuntu 24.04 and whatever is newer."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from environment import ROOT
from order import Edition, Order
from telling import say

from linux import needs, program, tree

# Each edition is a package of its own name, of which one can be installed at a time.
NAMES = {Edition.SMALL: "candor", Edition.FULL: "candor-full"}
_ABOUT = {
    Edition.SMALL: "For people who have a server or an Ollama: without the built-in engine.",
    Edition.FULL: "With the built-in engine and a small model, to answer without a network.",
}
# Not linked, but without them the window has no letters, or no icons.
_ALSO_NEEDED = ("fonts-dejavu-core | fonts-noto-core | fonts-freefont-ttf", "hicolor-icon-theme", "shared-mime-info")
_RECOMMENDED = ("fonts-noto-cjk", "gnome-keyring | kwalletmanager", "xdg-desktop-portal", "xdg-utils")
# xz makes a quarter less of it than zstd, and every dpkg of the last ten years reads it.
_PACKING = ("-Zxz", "-z6", "--threads-max=2")


def build(order: Order) -> Sequence[Path]:
    """Make the package."""
    frozen, root = program.freeze(order.edition, {"dpkg-deb": "dpkg"})
    name = NAMES[order.edition]
    target = ROOT / "build" / "deb" / name
    tree.lay_out(target, frozen, program.icons(root), order.version, name)
    packages = needs.debian_packages(needs.libraries(frozen, root), needs.owners_in(root))
    depends = [*(each for each in packages if each != "libc6"), *_ALSO_NEEDED]
    depends.append(f"libc6 (>= {needs.oldest_glibc(frozen)})")
    text = control(order, name, sorted(depends), tree.size_in_kib(target))
    _write_control(target, text)
    package = order.folder / f"{name}_{order.version}_amd64.deb"
    say(f"Packing {package.name}")
    tree.run_packer(
        ["dpkg-deb", "--root-owner-group", *_PACKING, "--build", str(target), str(package)],
        SOURCE_DATE_EPOCH=str(tree.build_time()),
    )
    return [package]


def control(order: Order, name: str, depends: Sequence[str], size: int) -> str:
    """Return the package's description; `size` in KiB."""
    other = next(each for each in NAMES.values() if each != name)
    lines = [
        f"Package: {name}",
        f"Version: {tree.ordered(order.version)}",
        "Architecture: amd64",
        f"Maintainer: {tree.MAINTAINER}",
        f"Installed-Size: {size}",
        f"Depends: {', '.join(depends)}",
        f"Recommends: {', '.join(_RECOMMENDED)}",
        f"Conflicts: {other}",
        f"Replaces: {other}",
        *(["Provides: candor"] if name != "candor" else []),
        "Section: net",
        "Priority: optional",
        "Description: desktop chat client for private language models",
        " Candor talks with a model file on this computer, an Ollama, a server of your",
        " company, or a remote service, and says at every moment where your words go.",
        " .",
        f" {_ABOUT[order.edition]}",
    ]
    return "\n".join(lines) + "\n"


def sums_of(target: Path) -> str:
    """Return the list by which `dpkg --verify` knows whether an installed file is whole."""
    files = [path for path in sorted(target.rglob("*")) if path.is_file() and not path.is_symlink()]
    return "".join(
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(target)}\n"
        for path in files
        if "DEBIAN" not in path.parts
    )


def _write_control(target: Path, text: str) -> None:
    sums = sums_of(target)
    folder = target / "DEBIAN"
    folder.mkdir()
    (folder / "control").write_text(text, encoding="utf-8")
    (folder / "md5sums").write_text(sums, encoding="utf-8")
    tree.settle(folder)
    os.utime(target, (tree.build_time(), tree.build_time()))  # which the new folder has changed
