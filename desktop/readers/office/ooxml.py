"""Parts of an Office Open XML file and how they refer to each other."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote

from desktop.readers.office.elements import parse_if_there
from desktop.readers.source import DamagedError
from desktop.readers.zip_package import Package


@dataclass(frozen=True, slots=True)
class Related:
    """Part that another one refers to. `kind` is the last word of its type, such as "footnotes"."""

    kind: str
    part: str  # its name in the package; of what lies outside, its address
    is_outside: bool = False


def related(package: Package, part: str = "") -> dict[str, Related]:
    """Return the parts that one refers to, by their ids; of the package itself for no name."""
    folder, name = posixpath.split(part)
    root = parse_if_there(package, posixpath.join(folder, "_rels", f"{name}.rels"))
    found: dict[str, Related] = {}
    for each in root if root is not None else ():
        kind = each.get("Type", "").rstrip("/").rpartition("/")[2]
        target = each.get("Target", "")
        is_outside = each.get("TargetMode") == "External"
        if not is_outside:
            target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
        found[each.get("Id", "")] = Related(kind, target, is_outside)
    return found


def parts_of_kind(refers_to: dict[str, Related], kind: str) -> list[str]:
    """Return the names of the parts of a kind."""
    return [each.part for each in refers_to.values() if each.kind == kind and not each.is_outside]


def main_part(package: Package, usual: str) -> str:
    """Return the name of the part that the others hang from. Raises `ReadingError` if there is none."""
    for part in [*parts_of_kind(related(package), "officeDocument"), usual]:
        if part in package:
            return part
    raise DamagedError(f"{usual} is missing")
