"""The RPM: the tree of the Debian package. What it needs is named by library, which all distributions understand."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from environment import ROOT
from order import Order
from telling import say

from linux import deb, needs, program, tree


def build(order: Order) -> Sequence[Path]:
    """Make the package."""
    frozen, root = program.freeze(order.edition, {"rpmbuild": "rpm"})
    name = deb.NAMES[order.edition]
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
    other = next(each for each in deb.NAMES.values() if each != name)
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
