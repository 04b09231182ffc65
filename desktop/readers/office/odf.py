"""OpenDocument texts and presentations (.odt, .odp): flowing text by paragraphs, slides by their shapes.

Spreadsheets of the same family are read by `ods`, since they are read row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from desktop.core.documents.document import Aside, Block, Run, Section, SectionKind
from desktop.core.documents.reading import Opened, ReadingError, ReadingEvent, ReadingProblem
from desktop.readers.office.elements import child, parse_if_there, stream
from desktop.readers.office.odf_text import Change, OdfStyles, OdfText
from desktop.readers.office.sheets.ods import sheets
from desktop.readers.source import Source
from desktop.readers.text.blocks import Runs, chapters, left_out, margins
from desktop.readers.zip_package import Package

_MEDIA_TYPE = "application/vnd.oasis.opendocument."
_LENGTH = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")
_UNITS = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the text of an OpenDocument file. Raises `ReadingError`."""
    with Package(source) as package:
        _turn_away_encrypted(package)
        kind = "text"
        if "mimetype" in package:
            kind = package.read("mimetype").decode("ascii", "replace").strip().rpartition(".")[2]
        kind = kind.removesuffix("-template").removesuffix("-master")
        styles = OdfStyles(package)
        if kind == "spreadsheet":
            yield from sheets(package, styles)
            return
        text = OdfText(package, styles)
        yield Opened(_MEDIA_TYPE + kind)
        if kind == "text":
            yield from chapters(_text(package, text))
        else:
            yield from _slides(package, text)
        yield from left_out(text.pictures, text.files)


def _turn_away_encrypted(package: Package) -> None:
    manifest = parse_if_there(package, "META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter("manifest:encryption-data"), None) is not None:
        raise ReadingError(ReadingProblem.PROTECTED)


def _text(package: Package, text: OdfText) -> Iterator[Block]:
    yield from _margins(text, "header")
    count = 0
    for each in stream(package, "content.xml", "office:text"):
        if each.tag == "text:tracked-changes":
            text.changes.update(_changes(each))
            continue
        for element in _flattened(each):
            count += element.tag in {"text:p", "text:h", "text:list", "table:table"}
            yield from text.blocks([element], str(count))
    yield from _margins(text, "footer")


def _flattened(element: Element) -> Iterator[Element]:
    """Yield the pieces of a part of the text that is shown, so that each has its own place."""
    if element.tag == "text:section" and element.get("text:display") not in {"none", "condition"}:
        for each in element:
            yield from _flattened(each)
    else:
        yield element


def _changes(tracked: Element) -> Iterator[tuple[str, Change]]:
    for region in tracked:
        name = region.get("text:id", region.get("?:id", ""))
        for kind in region:
            creator = next(kind.iter("dc:creator"), None)
            by = creator.text or "" if creator is not None else ""
            if kind.tag == "text:insertion":
                yield name, Change(Aside.INSERTED, by)
            elif kind.tag == "text:deletion":
                yield name, Change(Aside.DELETED, by, kind)


def _margins(text: OdfText, kind: str) -> Iterator[Block]:
    tags = {f"style:{kind}{which}" for which in ("", "-left", "-first")}
    root = text.styles.root
    shown = (each for each in (root.iter() if root is not None else ()) if each.tag in tags)
    return margins((text.plain(each) for each in shown if each.get("style:display") != "false"), kind)


def _slides(package: Package, text: OdfText) -> Iterator[Section]:
    pages = 0
    for container in ("office:presentation", "office:drawing"):
        for page in stream(package, "content.xml", container):
            if page.tag == "draw:page":
                pages += 1
                yield _slide(page, pages, text)
        if pages:
            return


def _slide(page: Element, number: int, text: OdfText) -> Section:
    shapes = sorted(
        _shapes(page), key=lambda each: (each.get("presentation:class") != "title", _top(each), _left(each))
    )
    blocks: list[Block] = []
    title = ""
    for place, shape in enumerate(shapes, 1):
        is_title = shape.get("presentation:class") == "title"
        for block in _joined(text.blocks([shape], str(place)), str(place), level=int(is_title)):
            blocks.append(block)
            title = title or (" ".join(block.text.split()) if is_title else "")
    for notes in page.iter("presentation:notes"):
        for shape in notes:
            if shape.get("presentation:class") == "notes" and (words := text.plain([shape])):
                blocks.append(Block((Run(words, Aside.NOTE),), "notes"))
    for comment in page:
        if comment.tag == "office:annotation" and (words := text.plain(comment)):
            by = child(comment, "dc:creator")
            blocks.append(Block((Run(words, Aside.COMMENT, (by.text or "") if by is not None else ""),), "comments"))
    return Section(
        SectionKind.SLIDE, number, title, tuple(blocks), is_hidden=text.styles.is_hidden(page.get("draw:style-name"))
    )


def _shapes(holder: Element) -> Iterator[Element]:
    for each in holder:
        if each.tag == "draw:g":
            yield from _shapes(each)
        elif each.tag.startswith("draw:") and each.get("presentation:placeholder") != "true":
            yield each


def _joined(blocks: Iterator[Block], place: str, level: int) -> Iterator[Block]:
    """Yield the paragraphs of a shape as one block, and tables as their own."""
    runs = Runs()
    for block in blocks:
        if block.is_table:
            if runs.has_words:
                yield Block(runs.runs(), place, level)
            runs = Runs()
            yield block
        elif block.runs:
            runs.append("\n" if runs.has_words else "")
            runs.extend(block.runs)
    if runs.has_words:
        yield Block(runs.runs(), place, level)


def _top(shape: Element) -> float:
    return _length(shape.get("svg:y", shape.get("svg:y1", "")))


def _left(shape: Element) -> float:
    return _length(shape.get("svg:x", shape.get("svg:x1", "")))


def _length(written: str) -> float:
    found = _LENGTH.match(written)
    return float(found[0]) * _UNITS.get(written[found.end() :], 1.0) if found else 0.0
