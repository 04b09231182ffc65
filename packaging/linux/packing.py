"""The Debian package, the RPM, and the installer for any Linux and one user without root.

The package is for Debian 12, Ubuntu 24.04 and whatever is newer; the RPM has the same tree, and names what it needs by
library, which all distributions understand. The installer is an archive that unpacks itself and runs `install.sh`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
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


_SCRIPTS = ("install.sh", "uninstall.sh", "refresh.sh")


def build_deb(order: Order) -> Sequence[Path]:
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


def build_rpm(order: Order) -> Sequence[Path]:
    """Make the package."""
    frozen, root = program.freeze(order.edition, {"rpmbuild": "rpm"})
    name = NAMES[order.edition]
    work = ROOT / "build" / "rpm" / name
    tree.lay_out(work / "tree", frozen, program.icons(root), order.version, name)
    spec = work / f"{name}.spec"
    wanted = [*needs.libraries(frozen, root), f"libc.so.6(GLIBC_{needs.oldest_glibc(frozen)})"]
    spec.write_text(description(order, name, wanted), encoding="utf-8")
    say(f"Packing {name} as RPM")
    tree.run_packer(
        [
            *("rpmbuild", "-bb", "--quiet", "--define", f"_topdir {work}", "--define", f"_rpmdir {work}/made"),
            *("--define", f"tree {work}/tree", str(spec)),
        ],
        SOURCE_DATE_EPOCH=str(tree.build_time()),
    )
    made = next((work / "made").rglob("*.rpm"))
    return [Path(shutil.move(made, order.folder / made.name))]


def description(order: Order, name: str, libraries: Sequence[str]) -> str:
    """Return the spec file; a library's name may be followed by the version of its symbols in brackets."""
    other = next(each for each in NAMES.values() if each != name)
    wanted = "\n".join(f"Requires: {each}{'' if '(' in each else '()'}(64bit)" for each in libraries)
    return f"""\
# The files are made elsewhere: nothing is compiled, stripped or searched for dependencies here.
%define debug_package %{{nil}}
%define __os_install_post %{{nil}}
%define _build_id_links none
%define _binary_payload w6T2.xzdio
%define use_source_date_epoch_as_buildtime 1
%define clamp_mtime_to_source_date_epoch 1
%define _buildhost candor
Name: {name}
Version: {tree.ordered(order.version)}
Release: 1
Summary: Desktop chat client for private language models
License: Apache-2.0
AutoReqProv: no
{wanted}
Requires: hicolor-icon-theme
Requires: shared-mime-info
Recommends: font(:lang=en)
Recommends: font(:lang=zh-cn)
Recommends: xdg-utils
Conflicts: {other}
%description
Candor talks with a model file on this computer, an Ollama, a server of your company, or a remote service, and says at
every moment where your words go.
%install
cp --archive %{{tree}}/. %{{buildroot}}
%files
/usr/bin/candor
/usr/lib/candor
/usr/share/applications/candor.desktop
/usr/share/applications/zz-candor.desktop
/usr/share/doc/{name}
/usr/share/icons/hicolor/*/apps/candor.*
/usr/share/man/man1/candor.1.gz
/usr/share/metainfo/localhost.candor.program.metainfo.xml
/usr/share/mime/packages/candor.xml
"""


def build_run(order: Order) -> Sequence[Path]:
    """Make the installer."""
    frozen, root = program.freeze(order.edition, {"makeself": "makeself", "xz": "xz-utils"})
    target = ROOT / "build" / "run" / order.edition
    lay_out_installer(target, frozen, program.icons(root), order.version, needs.oldest_glibc(frozen))
    file = order.folder / f"candor-{order.version}-{order.edition}-linux-x86_64.run"
    say(f"Packing {file.name}")
    tree.run_packer(packing_command(target, file, order.version))
    return [file]


def lay_out_installer(target: Path, frozen: Path, icons: Path, version: str, glibc: str) -> None:
    """Make the folder that is packed; `glibc` is the oldest C library that will do."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(frozen, target / "candor", symlinks=True)
    shutil.copytree(icons, target / "hicolor")
    for name in (*_SCRIPTS, "candor.desktop", "zz-candor.desktop", "candor.xml"):
        text = tree.offered(tree.filled(name, version), frozen).replace("@GLIBC@", glibc)
        (target / name).write_text(text, encoding="utf-8")
    tree.settle(target)


def packing_command(target: Path, file: Path, version: str) -> list[str]:
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
