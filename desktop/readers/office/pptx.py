"""PowerPoint presentations: slides with their shapes from top to bottom, the speaker's notes, comments.

`place` of a block is the number of its shape in that order. What slides take from their layout is told once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from desktop.core.documents.document import (
    Aside,
    Block,
    Opened,
    ReadingEvent,
    Remark,
    RemarkKind,
    Run,
    Section,
    SectionKind,
)
from desktop.readers.office.drawing import chart_blocks, child_text, diagram_blocks, shape_paragraph
from desktop.readers.office.elements import Part, child, children, chosen, main_part, number, parse, value
from desktop.readers.office.symbols import BULLET, numeral
from desktop.readers.source import Source
from desktop.readers.text.blocks import Cell, Runs, left_out, table_blocks
from desktop.readers.zip_package import Package

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_TITLES = frozenset({"title", "ctrTitle"})
_LISTS = frozenset({"body", "obj", ""})  # kinds of placeholders whose paragraphs have a bullet by themselves
_MARGINS = frozenset({"ftr", "hdr"})
_ON_EVERY_SLIDE = frozenset({"sldNum", "dt"})
_NUMERALS = {
    "arabic": "decimal",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """Shape of a slide and where it stands; groups are taken apart."""

    element: Element
    top: float
    left: float
    kind: str  # of the placeholder that it fills; "-" for a shape of its own
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Frame:
    """Coordinates inside a group: how they become those of the slide."""

    x: float = 0
    y: float = 0
    wide: float = 1
    high: float = 1


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the slides of a presentation. Raises `ReadingError`."""
    with Package(source) as package:
        show = _Show(package)
        yield Opened(MEDIA_TYPE, len(show.slides))
        for index, part in enumerate(show.slides, 1):
            yield show.slide(part, index)
        if show.damaged:
            yield Remark(RemarkKind.DAMAGED, len(show.damaged), ", ".join(show.damaged))
        yield from left_out(show.pictures, show.files)


class _Show:
    """Presentation with what its slides share."""

    def __init__(self, package: Package) -> None:
        part = main_part(package, "ppt/presentation.xml")
        names = [each.get("r:id", "") for each in children(parse(package, part.name), "p:sldIdLst")]
        self.slides = [part.related[name] for name in names if name in part.related]
        self._authors = {
            each.get("id", ""): each.get("name", "")
            for kind in ("commentAuthors", "authors")
            for root in part.roots(kind)
            for each in root
        }
        self._places: dict[str, dict[tuple[str, str], tuple[float, float]]] = {}  # of a layout's placeholders
        self._margins: set[str] = set()  # footers and words of layouts that were told already
        self._layouts: set[str] = set()  # layouts and masters whose words were told
        self.pictures = 0
        self.files = 0
        self.damaged: list[str] = []

    def slide(self, part: Part, index: int) -> Section:
        """Return a slide with its notes and comments."""
        root = part.root
        if root is None:
            self.damaged.append(str(index))
            return Section(SectionKind.SLIDE, index)
        shapes = sorted(self._shapes(root, part), key=lambda each: (each.kind not in _TITLES, each.top, each.left))
        blocks = list(self._words_of_layout(part)) if root.get("showMasterSp") not in {"0", "false"} else []
        title = ""
        for place, shape in enumerate(shapes, 1):
            for block in self._blocks(shape, str(place), part):
                blocks.append(block)
                title = title or (" ".join(block.text.split()) if block.level == 1 else "")
        blocks.extend(self._notes(part))
        blocks.extend(self._comments(part))
        return Section(SectionKind.SLIDE, index, title, tuple(blocks), root.get("show") in {"0", "false"})

    def _shapes(self, root: Element, slide: Part) -> Iterator[_Shape]:
        inherited = self._placeholders(slide)
        waiting = [(each, _Frame()) for each in reversed(list(children(root, "p:cSld", "p:spTree")))]
        while waiting:
            element, frame = waiting.pop()
            match element.tag:
                case "p:grpSp":
                    inner = _inside(element, frame)
                    waiting.extend((each, inner) for each in reversed(element))
                case "mc:AlternateContent":
                    if (best := chosen(element)) is not None:
                        waiting.extend((each, frame) for each in reversed(best))
                case "p:pic":
                    self.pictures += 1
                case "p:sp" | "p:graphicFrame" | "p:cxnSp":
                    yield _placed(element, frame, inherited)

    def _placeholders(self, slide: Part) -> dict[tuple[str, str], tuple[float, float]]:
        """Return where the placeholders of a slide's layout stand, by (kind, index): their shapes may not say it."""
        found: dict[tuple[str, str], tuple[float, float]] = {}
        for layout in slide.of_kind("slideLayout"):
            if layout.name not in self._places:
                self._places[layout.name] = {}
                for part in [*layout.of_kind("slideMaster"), layout]:
                    self._places[layout.name] |= _places(part.root)
            found |= self._places[layout.name]
        return found

    def _words_of_layout(self, slide: Part) -> Iterator[Block]:
        """Yield what the layout and the master of a slide show on it, once for all slides."""
        for layout in slide.of_kind("slideLayout"):
            for part in [*layout.of_kind("slideMaster"), layout]:
                if part.name in self._layouts:
                    continue
                self._layouts.add(part.name)
                root = part.root
                for shape in root.iter("p:sp") if root is not None else ():
                    body = child(shape, "p:txBody")
                    if body is None or _kind_of(shape) != "-":
                        continue
                    words = _text(body, has_bullets=False)
                    if words.has_words and words.text not in self._margins:
                        self._margins.add(words.text)
                        yield Block(words.aside(Aside.HEADER), "layout")

    def _blocks(self, shape: _Shape, place: str, slide: Part) -> Iterator[Block]:
        body = child(shape.element, "p:txBody")
        if body is not None and shape.kind not in _ON_EVERY_SLIDE:
            runs = _text(body, has_bullets=shape.kind in _LISTS)
            if shape.kind in _MARGINS:
                if runs.text.strip() and runs.text not in self._margins:
                    self._margins.add(runs.text)
                    yield Block(runs.aside(Aside.HEADER), place)
            elif runs.has_words:
                found = runs.aside(Aside.HIDDEN) if shape.is_hidden else runs.runs()
                yield Block(found, place, 1 if shape.kind in _TITLES else 0)
        # An object is told twice, the second time with its picture.
        self.files += next(shape.element.iter("p:oleObj"), None) is not None
        for each in shape.element.iter():
            match each.tag:
                case "a:tbl":
                    yield from table_blocks(_rows(each), place)
                case "c:chart" if (chart := slide.related.get(each.get("r:id", ""))) is not None:
                    yield from chart_blocks(chart, place)
                case "dgm:relIds" if (diagram := slide.related.get(each.get("r:dm", ""))) is not None:
                    yield from diagram_blocks(diagram, place)

    def _notes(self, slide: Part) -> Iterator[Block]:
        for root in slide.roots("notesSlide"):
            for shape in children(root, "p:cSld", "p:spTree"):
                body = child(shape, "p:txBody")
                if body is not None and _kind_of(shape) in {"body", "-"}:
                    yield Block(_text(body, has_bullets=False).aside(Aside.NOTE), "notes")

    def _comments(self, slide: Part) -> Iterator[Block]:
        for root in slide.roots("comments"):
            for each in root:
                for comment in [each, *each.iter("p188:reply")]:
                    body = child(comment, "p188:txBody")
                    text = child_text(comment, "p:text") if body is None else _text(body, has_bullets=False).text
                    by = self._authors.get(comment.get("authorId", ""), "")
                    if text.strip():
                        yield Block((Run(Runs(text).text.strip(), Aside.COMMENT, by),), "comments")


def _text(body: Element, *, has_bullets: bool) -> Runs:
    """Return the paragraphs of a shape: a line each, with bullets and numbers by level."""
    runs = Runs()
    counts: dict[int, int] = {}
    for paragraph in body:
        if paragraph.tag != "a:p":
            continue
        properties = child(paragraph, "a:pPr")
        level = min(number(properties.get("lvl") if properties is not None else None), 8)
        words = shape_paragraph(paragraph)
        automatic = child(properties, "a:buAutoNum")
        for deeper in [each for each in counts if each > level or (each == level and automatic is None)]:
            del counts[deeper]
        if runs.text:
            runs.append("\n")
        if not words.has_words:
            continue
        mark = ""
        if automatic is not None:
            counts[level] = counts.get(level, number(automatic.get("startAt"), 1) - 1) + 1
            mark = _numbered(counts[level], automatic.get("type", ""))
        elif child(properties, "a:buChar") is not None or (has_bullets and child(properties, "a:buNone") is None):
            mark = f"{BULLET} "
        runs.append("  " * level + mark if mark else "")
        runs.extend(words.runs())
    return runs


def _numbered(count: int, form: str) -> str:
    kind = next((ours for theirs, ours in _NUMERALS.items() if form.startswith(theirs)), form or "decimal")
    written = numeral(count, kind)
    if form.endswith("ParenBoth"):
        return f"({written}) "
    return f"{written}) " if form.endswith("ParenR") else f"{written} " if form.endswith("Plain") else f"{written}. "


def _rows(table: Element) -> Iterator[list[Cell]]:
    for row in table:
        if row.tag != "a:tr":
            continue
        cells: list[Cell] = []
        for cell in row:
            body = child(cell, "a:txBody")
            is_merged = cell.get("hMerge") in {"1", "true"} or cell.get("vMerge") in {"1", "true"}
            if cell.tag == "a:tc":
                cells.append(() if is_merged or body is None else _text(body, has_bullets=False).runs())
        yield cells


def _kind_of(shape: Element) -> str:
    """Return the kind of placeholder that a shape fills; "-" if it is none."""
    for holder in ("p:nvSpPr", "p:nvGraphicFramePr"):
        placeholder = child(shape, holder, "p:nvPr", "p:ph")
        if placeholder is not None:
            return placeholder.get("type", "")
    return "-"


def _placed(element: Element, frame: _Frame, inherited: dict[tuple[str, str], tuple[float, float]]) -> _Shape:
    kind = _kind_of(element)
    holder = child(element, "p:nvSpPr")
    is_hidden = value(holder, "p:cNvPr", attribute="hidden") in {"1", "true"}
    place = _offset(element)
    if place is None:
        index = value(holder, "p:nvPr", "p:ph", attribute="idx") or ""
        place = inherited.get((kind, index)) or inherited.get((kind, "")) or inherited.get(("", index)) or (0.0, 0.0)
    return _Shape(element, place[1] * frame.high + frame.y, place[0] * frame.wide + frame.x, kind, is_hidden)


def _places(root: Element | None) -> dict[tuple[str, str], tuple[float, float]]:
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for shape in children(root, "p:cSld", "p:spTree"):
        placeholder = child(shape, "p:nvSpPr", "p:nvPr", "p:ph")
        offset = _offset(shape)
        if placeholder is not None and offset is not None:
            kind, index = placeholder.get("type", ""), placeholder.get("idx", "")
            found.setdefault((kind, ""), offset)
            found[kind, index] = offset
            found["", index] = offset
    return found


def _offset(shape: Element) -> tuple[float, float] | None:
    for path in (("p:spPr", "a:xfrm"), ("p:xfrm",), ("p:grpSpPr", "a:xfrm")):
        offset = child(shape, *path, "a:off")
        if offset is not None:
            return number(offset.get("x")), number(offset.get("y"))
    return None


def _inside(group: Element, frame: _Frame) -> _Frame:
    """Return the coordinates inside a group."""
    form = child(group, "p:grpSpPr", "a:xfrm")
    if form is None:
        return frame
    x, y = (number(value(form, "a:off", attribute=name)) for name in "xy")
    inner_x, inner_y = (number(value(form, "a:chOff", attribute=name)) for name in "xy")
    wide, high = (
        number(value(form, "a:ext", attribute=name)) / (number(value(form, "a:chExt", attribute=name)) or 1)
        for name in ("cx", "cy")
    )
    return _Frame(
        frame.x + (x - inner_x * wide) * frame.wide,
        frame.y + (y - inner_y * high) * frame.high,
        frame.wide * wide,
        frame.high * high,
    )
