"""Parts of an Office Open XML file and how they refer to each other."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from desktop.readers.office.elements import children, parse_if_there
from desktop.readers.source import DamagedError
from desktop.readers.zip_package import Package


class Part:
    """Part of a file; the file itself has no name. `kind`, the last word of its type, is how another refers to it."""

    def __init__(self, package: Package, name: str = "", kind: str = "") -> None:
        self.package = package
        self.name = name
        self.kind = kind

    @cached_property
    def related(self) -> dict[str, Part]:
        """The parts that it refers to, by their ids; what lies outside of the file is left out."""
        folder, name = posixpath.split(self.name)
        found: dict[str, Part] = {}
        for each in children(parse_if_there(self.package, posixpath.join(folder, "_rels", f"{name}.rels"))):
            if each.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, unquote(each.get("Target", "")))).lstrip("/")
                kind = each.get("Type", "").rstrip("/").rpartition("/")[2]
                found[each.get("Id", "")] = Part(self.package, target, kind)
        return found

    @property
    def root(self) -> Element | None:
        """Its content; None if it is missing or can't be read."""
        return parse_if_there(self.package, self.name)

    def of_kind(self, kind: str) -> list[Part]:
        """Return the parts of a kind that it refers to."""
        return [each for each in self.related.values() if each.kind == kind]

    def roots(self, kind: str) -> Iterator[Element]:
        """Yield the contents of the parts of a kind that can be read."""
        for each in self.of_kind(kind):
            if (root := each.root) is not None:
                yield root


def main_part(package: Package, usual: str) -> Part:
    """Return the part that the others hang from."""
    for part in [*Part(package).of_kind("officeDocument"), Part(package, usual)]:
        if part.name in package:
            return part
    raise DamagedError(f"{usual} is missing")
