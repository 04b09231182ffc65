"""Flowing text of OpenDocument files: paragraphs, lists, tables, and what hangs on them.

Used for the body of a text, the shapes of a slide and whatever stands in notes and frames.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from desktop.core.documents.document import Aside, Block, Run
from desktop.readers.office.drawing import child_text, mathml_text
from desktop.readers.office.elements import child, number, parse_if_there, stream
from desktop.readers.office.symbols import BULLET, numeral
from desktop.readers.text.blocks import Cell, Runs, accepted, comment, table_blocks
from desktop.readers.zip_package import Package

_MOST_ANCESTORS = 20
_LEVELS = 10


@dataclass(frozen=True, slots=True)
class _Level:
    """Level of a list: the form of its number (empty for a bullet) and what stands around it."""

    form: str
    before: str = ""
    behind: str = ""
    levels_shown: int = 1
    start: int = 1


@dataclass(slots=True)
class ListState:
    """List that is being read, with the counts of its levels."""

    style: str
    counts: list[int] = field(default_factory=lambda: [0] * _LEVELS)


class OdfStyles:
    """Styles of a file by their names."""

    def __init__(self, package: Package) -> None:
        self._parents: dict[str, str] = {}
        self._hidden: set[str] = set()
        self._display_names: dict[str, str] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, ListState] = {}
        self._last_of_style: dict[str, ListState] = {}
        self.headings = ListState("")
        styles = parse_if_there(package, "styles.xml")
        self.root = styles
        for each in styles if styles is not None else ():
            if each.tag in {"office:styles", "office:automatic-styles"}:
                self._collect(each)
        self._collect(stream(package, "content.xml", "office:automatic-styles", to_end=False))

    def is_hidden(self, style: str | None) -> bool:
        """Return True if what has the style is not shown: text, a sheet, a slide."""
        return any(name in self._hidden for name in self._ancestry(style))

    def is_title(self, style: str | None) -> bool:
        """Return True for the style of a document's title."""
        return any(self._display_names.get(name, name) == "Title" for name in self._ancestry(style))

    def open_list(self, element: Element, around: ListState | None) -> ListState:
        """Return the list that an element begins, or goes on with."""
        style = element.get("text:style-name") or (around.style if around else "")
        if around is not None:
            state = ListState(style, around.counts)
        elif (name := element.get("text:continue-list")) is not None and name in self._lists:
            state = self._lists[name]
        elif element.get("text:continue-numbering") == "true" and style in self._last_of_style:
            state = self._last_of_style[style]
        else:
            state = ListState(style)
        if around is None:
            self._lists[element.get("?:id", "")] = state
            self._last_of_style[style] = state
        return state

    def label(self, state: ListState, level: int, start: str | None) -> str:
        """Return what stands in front of the next item of a list, on a level from 1, with the gap behind it."""
        level = min(max(level, 1), _LEVELS)
        levels = self._levels.get(state.style, {})
        own = levels.get(level, _Level("" if state.style not in self._levels else "none"))
        before = state.counts[level - 1]
        state.counts[level - 1] = number(start, 1) if start else (before + 1 if before else own.start)
        state.counts[level:] = [0] * (_LEVELS - level)
        if not own.form:
            return f"{'  ' * (level - 1)}{BULLET} "
        if own.form == "none":
            return ""
        shown = []
        for each in range(max(level - own.levels_shown + 1, 1), level + 1):
            form = levels.get(each, own).form
            if form and form != "none":
                shown.append(numeral(state.counts[each - 1] or levels.get(each, own).start, form))
        return f"{own.before}{'.'.join(shown)}{own.behind} "

    def heading_label(self, level: int) -> str:
        """Return the number of the next heading of a level; empty if headings have none."""
        return self.label(self.headings, level, None) if "" in self._levels else ""

    def _ancestry(self, style: str | None) -> list[str]:
        found: list[str] = []
        while style and len(found) < _MOST_ANCESTORS:
            found.append(style)
            style = self._parents.get(style)
        return found

    def _collect(self, styles: Iterable[Element]) -> None:
        for each in styles:
            name = each.get("style:name", "")
            match each.tag:
                case "style:style":
                    self._parents[name] = each.get("style:parent-style-name", "")
                    self._display_names[name] = each.get("style:display-name", name)
                    if any(
                        properties.get("text:display") in {"none", "condition"}
                        or properties.get("table:display") == "false"
                        or properties.get("presentation:visibility") == "hidden"
                        for properties in each
                    ):
                        self._hidden.add(name)
                case "text:list-style" | "text:outline-style":
                    key = name if each.tag == "text:list-style" else ""
                    self._levels[key] = {number(level.get("text:level")): _level(level) for level in each}


def _level(described: Element) -> _Level:
    if not described.tag.endswith(("-number", "outline-level-style")):
        return _Level("")
    return _Level(
        form=described.get("style:num-format") or "none",
        before=described.get("style:num-prefix", ""),
        behind=described.get("style:num-suffix", ""),
        levels_shown=number(described.get("text:display-levels"), 1),
        start=number(described.get("text:start-value"), 1),
    )


_SPACE = re.compile(r"[ \t\n\r]+")
_MOST_SPACES = 1000
_WIDEST = 64  # columns of a table that a cell may repeat for
_MOST_ROWS = 1000  # that a row may repeat for
_LAST_HEADING = 6
# What is not text, or of which a file has at best an old value.
_SKIPPED_TAGS = """
    text:page-number text:page-count text:sequence-decls text:variable-decls text:user-field-decls office:forms
    office:event-listeners text:alphabetical-index-auto-mark-file
"""
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_HOLDER_TAGS = """
    office:text office:body text:section text:index-body text:index-title text:numbered-paragraph text:list-header
    text:table-of-content text:alphabetical-index text:illustration-index text:table-index text:object-index
    text:user-index text:bibliography draw:text-box draw:a draw:g
"""
_HOLDERS = frozenset(_HOLDER_TAGS.split())
_SHAPE_TAGS = """
    draw:custom-shape draw:rect draw:line draw:ellipse draw:circle draw:polygon draw:polyline draw:path draw:connector
    draw:caption draw:regular-polygon draw:measure draw:control
"""
_SHAPES = frozenset(_SHAPE_TAGS.split())


@dataclass(frozen=True, slots=True)
class Change:
    """Tracked change, as the file lists it. `deleted`: what was taken out."""

    aside: Aside
    by: str
    deleted: Element | None = None


@dataclass(slots=True)
class _Remark:
    """Comment that was met; the words that it is about may go on."""

    element: Element
    words: list[str]


class OdfText:
    """Reader of flowing text, in its order: changes may go on over paragraphs."""

    def __init__(self, package: Package, styles: OdfStyles) -> None:
        self._package = package
        self.styles = styles
        self.changes: dict[str, Change] = {}
        self._open_changes: list[Change] = []
        self._open_comments: dict[str, _Remark] = {}
        self.pictures = 0
        self.files = 0

    def blocks(
        self,
        elements: Iterable[Element],
        place: str,
        around: ListState | None = None,
        level: int = 0,
        *,
        is_hidden: bool = False,
    ) -> Iterator[Block]:
        """Yield the blocks of elements that follow each other; `around` is the list that they stand in."""
        for each in elements:
            match each.tag:
                case "text:p" | "text:h":
                    label = self.styles.heading_label(_outline(each)) if each.tag == "text:h" and around is None else ""
                    yield from self._paragraph(each, place, label, is_hidden=is_hidden)
                case "text:list":
                    yield from self._list(each, place, around, level, is_hidden=is_hidden)
                case "table:table":
                    yield from self._table(each, place)
                case "draw:frame":
                    yield from self.frame(each, place)
                case "text:change-start" | "text:change-end":
                    self._follow_change(each)
                case tag if tag in _SHAPES:
                    yield from self.blocks(each, place)
                case tag if tag in _HOLDERS:
                    hides = each.get("text:display") in {"none", "condition"}
                    yield from self.blocks(each, place, around, level, is_hidden=is_hidden or hides)

    def frame(self, frame: Element, place: str) -> Iterator[Block]:
        """Yield the text of a frame: a box, a table, a formula, the values of a chart."""
        for each in frame:
            match each.tag:
                case "draw:text-box":
                    yield from self.blocks(each, place)
                    return
                case "table:table":
                    yield from self._table(each, place)
                    return
                case "draw:object":
                    yield from self._object(each, place)
                    return
                case "draw:object-ole":
                    self.files += 1
                    return
                case "draw:image":
                    self.pictures += 1
                    return

    def plain(self, elements: Iterable[Element]) -> str:
        """Return what elements hold as plain text, as it is with all changes accepted."""
        return accepted(self.blocks(elements, ""))

    def _paragraph(self, paragraph: Element, place: str, label: str, *, is_hidden: bool) -> Iterator[Block]:
        runs = Runs()
        beside: list[Element | _Remark] = []
        style = paragraph.get("text:style-name")
        self._inline(paragraph, runs, beside, is_hidden=is_hidden or self.styles.is_hidden(style))
        if runs.has_words and label:
            numbered = Runs(label)
            numbered.extend(runs.runs())
            runs = numbered
        is_heading = paragraph.tag == "text:h"
        level = _outline(paragraph) if is_heading else int(self.styles.is_title(style))
        yield Block(runs.runs(), place, level)
        for each in beside:
            if isinstance(each, _Remark):
                yield from self._comment(each, place)
            elif each.tag == "text:note":
                yield from self._note(each, place)
            else:
                yield from self.blocks([each], place)

    def _inline(self, element: Element, runs: Runs, beside: list[Element | _Remark], *, is_hidden: bool) -> None:
        self._append(runs, element.text, is_hidden=is_hidden)
        for each in element:
            match each.tag:
                case "text:s":
                    self._append(runs, " " * min(number(each.get("text:c"), 1), _MOST_SPACES), is_hidden, is_exact=True)
                case "text:tab":
                    self._append(runs, "\t", is_hidden, is_exact=True)
                case "text:line-break":
                    self._append(runs, "\n", is_hidden, is_exact=True)
                case "text:note" | "draw:frame" | "table:table":
                    beside.append(each)
                case "office:annotation":
                    remark = _Remark(each, [])
                    beside.append(remark)
                    if name := each.get("office:name"):
                        self._open_comments[name] = remark
                case "office:annotation-end":
                    self._open_comments.pop(each.get("office:name", ""), None)
                case "text:change-start" | "text:change-end":
                    self._follow_change(each)
                case "text:change":
                    change = self.changes.get(each.get("text:change-id", ""))
                    if change is not None and change.deleted is not None:
                        runs.append(self.plain(change.deleted), Aside.DELETED, change.by)
                case "text:hidden-text" | "text:hidden-paragraph":
                    self._append(runs, each.text or each.get("text:string-value"), is_hidden=True)
                case "text:ruby-text":
                    self._append(runs, f"({each.text or ''})", is_hidden=is_hidden)
                case tag if tag in _SHAPES or tag == "draw:g":
                    beside.append(each)
                case tag if tag not in _SKIPPED:
                    hides = is_hidden or self.styles.is_hidden(each.get("text:style-name"))
                    self._inline(each, runs, beside, is_hidden=hides)
            self._append(runs, each.tail, is_hidden=is_hidden)

    def _append(self, runs: Runs, text: str | None, is_hidden: bool, *, is_exact: bool = False) -> None:
        if not text:
            return
        if not is_exact:
            text = _SPACE.sub(" ", text)
            if runs.last_letter in {"", " ", "\n"}:
                text = text.lstrip(" ")
        if is_hidden:
            runs.append(text, Aside.HIDDEN)
        elif self._open_changes:
            runs.append(text, self._open_changes[-1].aside, self._open_changes[-1].by)
        else:
            runs.append(text)
        for remark in self._open_comments.values():
            remark.words.append(text)

    def _follow_change(self, element: Element) -> None:
        change = self.changes.get(element.get("text:change-id", ""))
        if change is None:
            return
        if element.tag == "text:change-start":
            self._open_changes.append(change)
        elif change in self._open_changes:
            self._open_changes.remove(change)

    def _note(self, note: Element, place: str) -> Iterator[Block]:
        body = child(note, "text:note-body")
        if body is not None and (text := self.plain(body)):
            yield Block((Run(text, Aside.FOOTNOTE),), place)

    def _comment(self, remark: _Remark, place: str) -> Iterator[Block]:
        if text := self.plain(remark.element):
            yield comment(text, "".join(remark.words), child_text(remark.element, "dc:creator"), place)

    def _list(
        self, element: Element, place: str, around: ListState | None, level: int, *, is_hidden: bool
    ) -> Iterator[Block]:
        state = self.styles.open_list(element, around)
        for item in element:
            label = ""
            if item.tag == "text:list-item" and any(each.tag in {"text:p", "text:h"} for each in item[:1]):
                label = self.styles.label(state, level + 1, item.get("text:start-value"))
            for each in item:
                if each.tag in {"text:p", "text:h"}:
                    yield from self._paragraph(each, place, label, is_hidden=is_hidden)
                    label = ""
                else:
                    yield from self.blocks([each], place, state, level + 1, is_hidden=is_hidden)

    def _table(self, table: Element, place: str) -> Iterator[Block]:
        beside: list[Block] = []
        rows = [cells for row in _rows(table) for cells in self._row(row, beside)]
        yield from table_blocks(rows, place)
        yield from beside

    def _row(self, row: Element, beside: list[Block]) -> Iterator[list[Cell]]:
        cells: list[Cell] = []
        for cell in row:
            if cell.tag not in {"table:table-cell", "table:covered-table-cell"}:
                continue
            runs = Runs()
            # What a merged cell covers is not shown, though files keep it.
            for block in self.blocks(cell, "") if cell.tag == "table:table-cell" else ():
                if block.runs and block.runs[0].aside in {Aside.FOOTNOTE, Aside.COMMENT}:
                    beside.append(block)
                    continue
                if runs.has_words:
                    runs.append("; " if block.is_table else " ")
                runs.extend(block.runs)
            cells.extend([runs.runs()] * min(number(cell.get("table:number-columns-repeated"), 1), _WIDEST))
        while cells and not cells[-1]:
            cells.pop()
        repeated = min(number(row.get("table:number-rows-repeated"), 1), _MOST_ROWS) if cells else 1
        for _ in range(repeated):
            yield cells

    def _object(self, element: Element, place: str) -> Iterator[Block]:
        """Yield a formula or the values of a chart that stands in a part of its own, or in the frame itself."""
        part = f"{element.get('xlink:href', '').removeprefix('./')}/content.xml"
        root = parse_if_there(self._package, part)
        formula = child(element, "math:math")
        if formula is None and root is not None and root.tag == "math:math":
            formula = root
        if formula is not None:
            yield Block(Runs(mathml_text(formula)).runs(), place)
            return
        found = False
        for each in root.iter() if root is not None else ():
            if each.tag == "chart:title" and (title := self.plain(each)):
                yield Block((Run(title),), place)
            if each.tag != "table:table":
                continue
            found = True
            yield from self._table(each, place)
        if not found:
            self.files += 1


def _outline(element: Element) -> int:
    return min(max(number(element.get("text:outline-level"), 1), 1), _LAST_HEADING)


def _rows(table: Element) -> Iterator[Element]:
    for each in table:
        if each.tag == "table:table-row":
            yield each
        elif each.tag in {"table:table-header-rows", "table:table-rows", "table:table-row-group"}:
            yield from _rows(each)
