"""Elements of office files by short names: "w:p" instead of a namespace's address, which has two spellings each.

Reads a part while it comes, child by child, so that a long text does not stand in memory as a tree; and turns away
elements that stand deeper in each other than any program writes them. Here are also the parts of an Office Open XML
file, and how they refer to each other.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from desktop.core.bounds import XML_DEPTH
from desktop.readers.source import BROKEN, DamagedError
from desktop.readers.zip_package import Package

_LARGEST = 10**15

# Short names of namespaces: of Office, behind its address, and of others, whole.
_OOXML = "http://schemas.openxmlformats.org/"
_OF_OFFICE = {
    "wordprocessingml/main": "w",
    "spreadsheetml/main": "x",
    "presentationml/main": "p",
    "drawingml/main": "a",
    "drawingml/chart": "c",
    "drawingml/diagram": "dgm",
    "drawingml/wordprocessingDrawing": "wp",
    "drawingml/spreadsheetDrawing": "xdr",
    "officeDocument/relationships": "r",
    "officeDocument/math": "m",
    "package/relationships": "rel",
    "markup-compatibility": "mc",
}
_OF_OTHERS = {
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14",
    "http://schemas.microsoft.com/office/drawing/2008/diagram": "dsp",
    "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments": "xtc",
    "http://schemas.microsoft.com/office/powerpoint/2018/8/main": "p188",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0": "presentation",
    "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0": "svg",
    "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0": "fo",
    "urn:oasis:names:tc:opendocument:xmlns:form:1.0": "form",
    "urn:oasis:names:tc:opendocument:xmlns:chart:1.0": "chart",
    "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0": "manifest",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/1998/Math/MathML": "math",
}


class _Names(dict[str, str]):
    """Short names of tags and attributes, made when they are first met."""

    def __missing__(self, name: str) -> str:
        address, _, local = name[1:].rpartition("}") if name.startswith("{") else ("", "", name)
        prefix = _OF_OTHERS.get(address)
        if prefix is None:  # the strict spelling has another beginning, and no year
            part = address.replace("http://purl.oclc.org/ooxml/", _OOXML).removeprefix(_OOXML)
            prefix = _OF_OFFICE.get(re.sub(r"/2006(?=/|$)", "", part), "?")
        self[name] = short = f"{prefix}:{local}" if address else local
        return short


short_names = _Names()  # of tags and attributes, by their full ones


def walk(package: Package, part: str) -> Iterator[tuple[str, Element, int]]:
    """Yield ("start" or "end", element, depth from 1) while a part is read. Raises `ReadingError`."""
    depth = 0
    for event, element in package.iterparse(part, ("start", "end")):
        depth += event == "start"
        if depth > XML_DEPTH:
            raise DamagedError(f"{part} is nested too deeply")
        yield event, element, depth
        depth -= event == "end"


def stream(package: Package, part: str, container: str, *, to_end: bool = True) -> Iterator[Element]:
    """Yield each child of the elements called `container`, complete and with short names; then it is emptied.

    The rest of the part is read as well, which tests its checksum, unless `to_end` is False.
    Raises `ReadingError`.
    """
    inside = 0
    parent: Element | None = None
    for event, element, depth in walk(package, part):
        if event == "start":
            if not inside and short_names[element.tag] == container:
                inside, parent = depth, element
            continue
        _shorten(element)
        if parent is not None and depth == inside + 1:
            yield element
            del parent[:]
        elif depth == inside:
            if not to_end:
                return
            inside, parent = 0, None


def parse(package: Package, part: str) -> Element:
    """Return the root of a part, with short names. Raises `ReadingError`."""
    last: Element | None = None
    for event, element, _ in walk(package, part):
        if event == "end":
            _shorten(element)
            last = element
    if last is None:
        raise DamagedError(f"{part} is empty")
    return last


def parse_if_there(package: Package, part: str) -> Element | None:
    """Return the root of a part that a file can do without: None if it is missing or can't be read."""
    if part not in package:
        return None
    try:
        return parse(package, part)
    except BROKEN:
        return None


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first child at the end of a path of tags; None if there is none."""
    for tag in path:
        if element is None:
            return None
        element = next((each for each in element if each.tag == tag), None)
    return element


def children(element: Element | None, *path: str) -> Iterable[Element]:
    """Return the children of the first child at the end of a path, or of the element itself; none if it is missing."""
    found = child(element, *path)
    return found if found is not None else ()


def value(element: Element | None, *path: str, attribute: str = "w:val") -> str | None:
    """Return an attribute of the first child at the end of a path; None if one of them is missing."""
    found = child(element, *path)
    return None if found is None else found.get(attribute)


def is_on(element: Element | None, *path: str) -> bool:
    """Return True for a switch of Word: an element that is there, and does not say that it is off."""
    found = child(element, *path)
    return found is not None and found.get("w:val", "1") not in {"0", "false", "off"}


def number(text: str | None, default: int = 0) -> int:
    """Return a whole number that a file says, or the default for what is none, or larger than any file needs."""
    try:
        found = int(text or "")
    except ValueError:
        return default
    return found if -_LARGEST < found < _LARGEST else default


def chosen(alternatives: Element) -> Element | None:
    """Return the one of several renderings of the same (mc:AlternateContent) that has words, the newer one first."""
    choices = [each for each in alternatives if each.tag in {"mc:Choice", "mc:Fallback"}]
    for each in choices:
        if any(text.strip() for text in each.itertext()):
            return each
    return choices[0] if choices else None


def _shorten(element: Element) -> None:
    element.tag = short_names[element.tag]
    attributes = element.attrib
    if any("{" in name for name in attributes):
        element.attrib = {short_names[name]: value for name, value in attributes.items()}


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
