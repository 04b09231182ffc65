"""Books (.epub): the texts of a book in the order in which they are read, each a chapter with its title.

`place` is the number of a paragraph in its chapter. Books that only the program of their shop opens are said to be so.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from desktop.core.documents.document import (
    Block,
    Opened,
    ReadingError,
    ReadingEvent,
    ReadingProblem,
    Remark,
    RemarkKind,
    Section,
    SectionKind,
)
from desktop.readers.source import DamagedError, Source
from desktop.readers.text.blocks import left_out, title_of
from desktop.readers.text.html import Node, WebPage, decode_html, tree
from desktop.readers.zip_package import Package

MEDIA_TYPE = "application/epub+zip"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_TEXTS = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/x-dtbook+xml")
_LONGEST_TITLE = 200


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the chapters of a book. Raises `ReadingError`."""
    with Package(source) as package:
        root, folder = _book(package)
        parts = _in_order(root, folder)
        encrypted = _encrypted(package)
        if parts and all(part in encrypted for part in parts):
            raise ReadingError(ReadingProblem.PROTECTED)
        titles = _titles(package, root, folder)
        yield Opened(MEDIA_TYPE)
        number = pictures = 0
        damaged: list[str] = []
        for part in parts:
            if part not in package or part in encrypted:
                damaged.append(part)
                continue
            page = WebPage(decode_html(package.read(part)).text)
            blocks = list(page.blocks())
            pictures += page.pictures
            if blocks:
                number += 1
                yield Section(SectionKind.CHAPTER, number, _title(titles.get(part, ""), blocks), tuple(blocks))
        if damaged:
            yield Remark(RemarkKind.DAMAGED, len(damaged), ", ".join(damaged[:10]))
        yield from left_out(pictures)


def _book(package: Package) -> tuple[Node, str]:
    """Return the description of the book, and the folder that its addresses are meant from."""
    name = ""
    if _CONTAINER in package:
        found = next(_every(_parsed(package, _CONTAINER), "rootfile"), None)
        name = unquote(found.attributes.get("full-path", "")) if found else ""
    if name not in package:
        name = next((each for each in package.names if each.lower().endswith(".opf")), "")
    if not name:
        raise DamagedError("no description of the book")
    return _parsed(package, name), posixpath.dirname(name)


def _in_order(root: Node, folder: str) -> list[str]:
    """Return the names of the texts in the order in which they are read."""
    items = {each.attributes.get("id", ""): each for each in _every(root, "item")}
    parts = []
    for reference in _every(root, "itemref"):
        item = items.get(reference.attributes.get("idref", ""))
        if item is not None and item.attributes.get("media-type", _TEXTS[0]).lower() in _TEXTS:
            parts.append(_address(folder, item.attributes.get("href", "")))
    return list(dict.fromkeys(parts))


def _titles(package: Package, root: Node, folder: str) -> dict[str, str]:
    """Return the titles of texts as the table of contents has them; the first that leads into a text is its title."""
    found: dict[str, str] = {}
    for item in _every(root, "item"):
        is_list = "nav" in item.attributes.get("properties", "").split()
        is_older = item.attributes.get("media-type") == "application/x-dtbncx+xml"
        part = _address(folder, item.attributes.get("href", ""))
        if not (is_list or is_older) or part not in package:
            continue
        contents = _parsed(package, part)
        for point in _every(contents, "a" if is_list else "navpoint"):
            target = point.attributes.get("href", "")
            if is_older:
                target = next((each.attributes.get("src", "") for each in _every(point, "content")), "")
            label = point if is_list else next(_every(point, "navlabel"), point)
            title = " ".join(label.text.split())[:_LONGEST_TITLE]
            found.setdefault(_address(posixpath.dirname(part), target), title)
    return found


def _title(told: str, blocks: list[Block]) -> str:
    heading = next((block for block in blocks if 1 <= block.level <= 3), None)
    return told or (title_of(heading)[:_LONGEST_TITLE] if heading else "")


def _encrypted(package: Package) -> set[str]:
    if _ENCRYPTION not in package:
        return set()
    found = _every(_parsed(package, _ENCRYPTION), "cipherreference")
    return {unquote(each.attributes.get("uri", "")) for each in found}


def _parsed(package: Package, part: str) -> Node:
    # These parts are XML, some with a DOCTYPE, so they are read like pages, without entities of their own.
    return tree(decode_html(package.read(part)).text)


def _every(node: Node, name: str) -> Iterator[Node]:
    return node.every(name, has_prefixes=True)


def _address(folder: str, target: str) -> str:
    path = unquote(target.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
