"""Word documents (.docx and its variants): paragraphs and tables in order, and what stands beside them in its place.

The file tells no pages: `place` is the number of the paragraph or table in the body, with row and column in a table.
Styles tell which paragraphs are headings, which text is hidden, and what is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from desktop.core.documents.document import Aside, Block, Opened, ReadingEvent, Run
from desktop.readers.office.drawing import chart_blocks, diagram_blocks, formula_text
from desktop.readers.office.elements import Part, child, children, chosen, is_on, main_part, number, stream, value
from desktop.readers.office.symbols import BULLET, UNKNOWN, in_letters, is_symbol_font, numeral, symbol
from desktop.readers.source import Source
from desktop.readers.text.blocks import Cell, Runs, accepted, chapters, comment, left_out, margins, table_blocks
from desktop.readers.text.html import decode_html, html_blocks
from desktop.readers.zip_package import Package

_LEVELS = 9
_LAST_HEADING = 6
_MOST_ANCESTORS = 20  # of a style; a file may name a style as its own ancestor
_HEADING_NAME = re.compile(r"(?:heading|überschrift|titre|标题)\s*([1-9])$", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"%([1-9])")
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WIDEST_CELL = 64  # columns that a cell may span
_WRAPPERS = frozenset(
    {"w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:del", "w:moveTo", "w:moveFrom", "w:smartTag"}
)


class Styles:
    """Styles of a document by their ids."""

    def __init__(self, root: Element | None) -> None:
        """Read the root of the part; None for a document without styles."""
        self._styles = {each.get("w:styleId", ""): each for each in children(root)}

    def level(self, properties: Element | None) -> int:
        """Return the level of a paragraph as a heading, 1 to 6; 0 for none."""
        outline = value(properties, "w:outlineLvl")
        if outline is not None:
            return _level(outline)
        for style in self._ancestry(value(properties, "w:pStyle")):
            outline = value(style, "w:pPr", "w:outlineLvl")
            if outline is not None:
                return _level(outline)
            name = value(style, "w:name") or ""
            if found := _HEADING_NAME.match(name):
                return min(int(found[1]), _LAST_HEADING)
            if name.lower() == "title":
                return 1
        return 0

    def is_hidden(self, style: str | None) -> bool:
        """Return True if the text of a style is hidden."""
        return any(is_on(each, "w:rPr", "w:vanish") for each in self._ancestry(style))

    def list_of(self, style: str | None) -> tuple[str | None, str | None, str]:
        """Return the list that a style puts its paragraphs in: its number, the level, the style that says so."""
        for each in self._ancestry(style):
            properties = child(each, "w:pPr", "w:numPr")
            if properties is not None:
                return value(properties, "w:numId"), value(properties, "w:ilvl"), each.get("w:styleId", "")
        return None, None, ""

    def _ancestry(self, style: str | None) -> list[Element]:
        found: list[Element] = []
        while style and style in self._styles and len(found) < _MOST_ANCESTORS:
            found.append(self._styles[style])
            style = value(found[-1], "w:basedOn")
        return found


@dataclass(slots=True)
class _Level:
    """Level of a list: the form of its numbers and the text around them, with %1 for the number of level 1."""

    form: str = "decimal"
    text: str = ""
    start: int = 1
    gap: str = " "
    style: str = ""
    is_legal: bool = False  # all numbers in digits
    restarts: bool = True


@dataclass(slots=True)
class _List:
    """List: its levels, and the counts so far of those that share them."""

    levels: list[_Level]
    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Numbers:
    """Numbers in front of the paragraphs of a document, counted as they come."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        """Read the root of the part; None for a document without lists."""
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._starts: dict[tuple[str, int], int] = {}  # (list, level) that begin anew, until they have
        if root is None:
            return
        kinds = {each.get("w:abstractNumId", ""): each for each in root if each.tag == "w:abstractNum"}
        counted: dict[str, list[int | None]] = {}
        instances = {each.get("w:numId", ""): each for each in root if each.tag == "w:num"}
        for name, instance in instances.items():
            kind = value(instance, "w:abstractNumId") or ""
            described = self._described(kinds.get(kind), kinds, instances)
            self._lists[name] = _List(_levels(described, instance), counted.setdefault(kind, [None] * _LEVELS))
            for override in instance:
                start = value(override, "w:startOverride")
                if start is not None:
                    self._starts[name, number(override.get("w:ilvl"))] = number(start, 1)

    def label(self, properties: Element | None) -> str:
        """Return what stands in front of the next paragraph, with the gap behind it; empty outside of lists."""
        name, level_number = value(properties, "w:numPr", "w:numId"), value(properties, "w:numPr", "w:ilvl")
        style = ""
        if name is None:
            name, of_style, style = self._styles.list_of(value(properties, "w:pStyle"))
            level_number = level_number or of_style
        found = self._lists.get(name or "")
        if found is None or name is None:
            return ""
        at = number(level_number, -1)
        if at < 0:
            at = next((index for index, each in enumerate(found.levels) if style and each.style == style), 0)
        at = min(at, _LEVELS - 1)
        self._count(name, found, at)
        level = found.levels[at]
        if level.form == "bullet":
            return f"{'  ' * at}{BULLET} "
        text = _PLACEHOLDER.sub(lambda match: self._written(found, level, int(match[1]) - 1), level.text)
        return text + level.gap if text.strip() else ""

    def _count(self, name: str, found: _List, at: int) -> None:
        start = self._starts.pop((name, at), None)
        before = found.counts[at]
        if start is not None:
            found.counts[at] = start
        else:
            found.counts[at] = found.levels[at].start if before is None else before + 1
        for deeper in range(at + 1, _LEVELS):
            if found.levels[deeper].restarts:
                found.counts[deeper] = None

    def _written(self, found: _List, level: _Level, at: int) -> str:
        count = found.counts[at]
        if count is None:  # of a level above that has no paragraph yet
            count = found.counts[at] = found.levels[at].start
        return numeral(count, "decimal" if level.is_legal else found.levels[at].form)

    def _described(
        self, kind: Element | None, kinds: dict[str, Element], instances: dict[str, Element]
    ) -> Element | None:
        """Return the description of a kind of list, which may be told by a style alone."""
        style = value(kind, "w:numStyleLink")
        if style is None:
            return kind
        name, _, _ = self._styles.list_of(style)
        return kinds.get(value(instances.get(name or ""), "w:abstractNumId") or "", kind)


def _level(outline: str) -> int:
    level = number(outline, 9) + 1
    return min(level, _LAST_HEADING) if 1 <= level <= _LEVELS else 0


def _levels(described: Element | None, instance: Element) -> list[_Level]:
    levels = [_Level() for _ in range(_LEVELS)]
    for each in children(described):
        if each.tag == "w:lvl":
            _describe(levels, number(each.get("w:ilvl")), each)
    for override in instance:
        own = child(override, "w:lvl")
        if own is not None:
            _describe(levels, number(override.get("w:ilvl")), own)
    return levels


def _describe(levels: list[_Level], at: int, described: Element) -> None:
    if not 0 <= at < _LEVELS:
        return
    gap = value(described, "w:suff") or "tab"
    levels[at] = _Level(
        form=value(described, "w:numFmt")
        or value(described, "mc:AlternateContent", "mc:Fallback", "w:numFmt")
        or "decimal",
        text=value(described, "w:lvlText") or "",
        start=number(value(described, "w:start"), 1),
        gap="" if gap == "nothing" else " ",
        style=value(described, "w:pStyle") or "",
        is_legal=is_on(described, "w:isLgl"),
        restarts=value(described, "w:lvlRestart") != "0",
    )


_NUMBERS_OF_PAGES = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})  # of which a file has at best an old value
_INSIDE_ONLY = frozenset({"w:pPr", "w:rPr", "w:sdtPr", "w:sdtEndPr", "w:rubyPr", "w:tblPr", "w:trPr", "w:tcPr"})
_SIGNS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "\u2011"}
_PICTURES = frozenset({"a:blip", "v:imagedata"})


@dataclass(frozen=True, slots=True)
class WordMark:
    """Place in a paragraph where something hangs. `kind` is the tag; `of` its id, `words` what a comment is about."""

    kind: str
    of: str = ""
    words: str = ""
    element: Element | None = None


@dataclass(slots=True)
class WordParagraph:
    """Paragraph that was read: its words and what hangs on them, in order."""

    runs: Runs = field(default_factory=Runs)
    marks: list[WordMark] = field(default_factory=list)


@dataclass(slots=True)
class _Field:
    """Field that is open: its code is said before its result."""

    code: str = ""
    is_result: bool = False


@dataclass(frozen=True, slots=True)
class _Look:
    """What words are told apart by: the tracked change that they stand in, and whether they are hidden."""

    aside: Aside | None = None
    by: str = ""
    is_hidden: bool = False


class WordText:
    """Reader of paragraphs, in their order: fields and comments may go on in the next one."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._found = WordParagraph()
        self._fields: list[_Field] = []
        self._commented: dict[str, list[str]] = {}  # the words of open comments
        self._quoted: dict[str, str] = {}  # the words of those that are closed, until they are referred to
        self.pictures = 0

    def paragraph(self, element: Element, row_change: Element | None = None) -> WordParagraph:
        """Return a paragraph; `row_change` is the tracked change of the row of a table that it stands in."""
        found = self._found = WordParagraph()
        look = _Look(is_hidden=self._styles.is_hidden(value(element, "w:pPr", "w:pStyle")))
        self._inline(element, _changed(row_change, look) if row_change is not None else look)
        return found

    def _inline(self, element: Element, look: _Look) -> None:
        for each in element:
            match each.tag:
                case "w:r":
                    self._run(each, look)
                case "w:ins" | "w:del" | "w:moveTo" | "w:moveFrom":
                    self._inline(each, _changed(each, look))
                case "m:oMath":
                    self._append(formula_text(each), look)
                case "mc:AlternateContent":
                    if (best := chosen(each)) is not None:
                        self._inline(best, look)
                case "w:fldSimple" if _name_of(each.get("w:instr", "")) in _NUMBERS_OF_PAGES:
                    pass
                case "w:commentRangeStart":
                    self._commented[each.get("w:id", "")] = []
                case "w:commentRangeEnd":
                    name = each.get("w:id", "")
                    self._quoted[name] = "".join(self._commented.pop(name, []))
                case tag if tag not in _INSIDE_ONLY:
                    self._inline(each, look)

    def _run(self, run: Element, look: _Look) -> None:
        properties = child(run, "w:rPr")
        if child(properties, "w:vanish") is not None:
            look = replace(look, is_hidden=is_on(properties, "w:vanish"))
        elif self._styles.is_hidden(value(properties, "w:rStyle")):
            look = replace(look, is_hidden=True)
        self._pieces(run, look, value(properties, "w:rFonts", attribute="w:ascii"))

    def _pieces(self, run: Element, look: _Look, font: str | None) -> None:
        for each in run:
            match each.tag:
                case "w:t" | "w:delText":
                    text = each.text or ""
                    self._append(in_letters(text, font) if font is not None and is_symbol_font(font) else text, look)
                case tag if tag in _SIGNS:
                    self._append(_SIGNS[tag], look)
                case "w:sym":
                    self._append(_symbol(each), look)
                case "w:instrText":
                    if self._fields and not self._fields[-1].is_result:
                        self._fields[-1].code += each.text or ""
                case "w:fldChar":
                    self._append(_form_value(child(each, "w:ffData")), look)
                    self._follow_field(each)
                case "w:footnoteReference" | "w:endnoteReference" | "w:commentReference":
                    name = each.get("w:id", "")
                    words = self._quoted.pop(name, "") if each.tag == "w:commentReference" else ""
                    self._found.marks.append(WordMark(each.tag, name, words))
                case "w:ruby":
                    self._ruby(each, look)
                case "w:drawing" | "w:pict" | "w:object":
                    self._drawing(each)
                case "mc:AlternateContent":
                    if (best := chosen(each)) is not None:
                        self._pieces(best, look, font)

    def _append(self, text: str, look: _Look) -> None:
        if not text or any(not each.is_result or _name_of(each.code) in _NUMBERS_OF_PAGES for each in self._fields):
            return
        if look.is_hidden and look.aside is not Aside.DELETED:
            self._found.runs.append(text, Aside.HIDDEN)
        else:
            self._found.runs.append(text, look.aside, look.by)
        for words in self._commented.values():
            words.append(text)

    def _follow_field(self, character: Element) -> None:
        """Follow the beginning, the middle or the end of a field."""
        match character.get("w:fldCharType"):
            case "begin":
                self._fields.append(_Field())
            case "separate" if self._fields:
                self._fields[-1].is_result = True
            case "end" if self._fields:
                self._fields.pop()

    def _ruby(self, ruby: Element, look: _Look) -> None:
        """Read characters with their sounds above, which follow in brackets."""
        base, above = child(ruby, "w:rubyBase"), child(ruby, "w:rt")
        if base is not None:
            self._inline(base, look)
        if above is not None and (text := "".join(each.text or "" for each in above.iter("w:t"))):
            self._append(f"({text})", look)

    def _drawing(self, drawing: Element) -> None:
        """Collect what a drawing holds: text boxes, charts, diagrams, files, pictures."""
        waiting = [drawing]
        while waiting:
            each = waiting.pop()
            match each.tag:
                case "w:txbxContent" | "c:chart" | "dgm:relIds" | "o:OLEObject":
                    self._found.marks.append(WordMark(each.tag, element=each))
                    continue
                case "mc:AlternateContent":
                    if (best := chosen(each)) is not None:
                        waiting.append(best)
                    continue
                case "v:textpath" if each.get("string"):
                    self._found.marks.append(WordMark(each.tag, words=each.get("string", "")))
                case tag if tag in _PICTURES:
                    self.pictures += 1
            waiting.extend(reversed(each))


def _changed(element: Element, around: _Look) -> _Look:
    if around.aside is Aside.DELETED:  # what was inserted first and deleted then
        return around
    aside = Aside.INSERTED if element.tag in {"w:ins", "w:moveTo"} else Aside.DELETED
    return _Look(aside, element.get("w:author", ""), around.is_hidden)


def _name_of(code: str) -> str:
    words = code.split(None, 1)
    return words[0].upper() if words else ""


def _symbol(element: Element) -> str:
    try:
        code = int(element.get("w:char", ""), 16)
    except ValueError:
        return UNKNOWN
    return symbol(element.get("w:font", ""), code) if code < 0x110000 else UNKNOWN


def _form_value(form: Element | None) -> str:
    """Return what a box to tick or a list to choose from shows."""
    box = child(form, "w:checkBox")
    if box is not None:
        is_ticked = is_on(box, "w:checked") if child(box, "w:checked") is not None else is_on(box, "w:default")
        return "☒" if is_ticked else "☐"
    choices = child(form, "w:ddList")
    if choices is not None:
        entries = [each.get("w:val", "") for each in choices if each.tag == "w:listEntry"]
        index = number(value(choices, "w:result"))
        return entries[index] if 0 <= index < len(entries) else ""
    return ""


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the text of a Word document. Raises `ReadingError`."""
    with Package(source) as package:
        part = main_part(package, "word/document.xml")
        yield Opened(MEDIA_TYPE)
        document = _Document(part)
        yield from chapters(document.blocks())
        yield from left_out(document.text.pictures, document.files)


class _Document:
    """Blocks of a document, read in order."""

    def __init__(self, part: Part) -> None:
        self._main = self._part = part  # the latter is that which is read, the body or a header
        styles = Styles(self._first("styles"))
        self._styles = styles
        self._numbers = Numbers(self._first("numbering"), styles)
        self.text = WordText(styles)
        self._notes = {
            "w:footnoteReference": _by_id(self._first("footnotes")),
            "w:endnoteReference": _by_id(self._first("endnotes")),
            "w:commentReference": _by_id(self._first("comments")),
        }
        self.files = 0
        self._is_beside = False  # in a note, which may hang on itself

    def blocks(self) -> Iterator[Block]:
        """Yield headers, the body with what belongs to its paragraphs, and footers."""
        yield from margins(self._margins("header"), "header")
        count = 0
        for element in stream(self._main.package, self._main.name, "w:body"):
            for each in _unwrapped([element], {"w:p", "w:tbl", "w:altChunk"}):
                count += 1
                yield from self._body(each, str(count))
        yield from margins(self._margins("footer"), "footer")

    def _body(self, element: Element, place: str) -> Iterator[Block]:
        match element.tag:
            case "w:p":
                paragraph = self.text.paragraph(element)
                yield self._block(element, paragraph, place)
                yield from self._beside(paragraph.marks, place)
            case "w:tbl":
                yield from self._table(element, place)
            case "w:altChunk":
                part = self._main.related.get(element.get("r:id", ""))
                if part is not None and part.name.lower().endswith((".html", ".htm", ".mht")):
                    for block in html_blocks(decode_html(part.package.read(part.name)).text):
                        yield Block(block.runs, place, block.level, block.is_table)
                else:
                    self.files += 1

    def _block(self, element: Element, paragraph: WordParagraph, place: str) -> Block:
        properties = child(element, "w:pPr")
        label = self._numbers.label(properties)
        runs = paragraph.runs.runs()
        if label and runs:
            # The number of a paragraph that was inserted or deleted goes with it.
            kinds = {(run.aside, run.by) for run in runs}
            aside, by = next(iter(kinds)) if len(kinds) == 1 else (None, "")
            numbered = Runs()
            numbered.append(label, aside, by)
            numbered.extend(runs)
            runs = numbered.runs()
        return Block(runs, place, self._styles.level(properties))

    def _inside(self, elements: Iterable[Element], place: str) -> Iterator[Block]:
        """Yield what stands in a note, a text box or a cell."""
        for each in _unwrapped(elements, {"w:p", "w:tbl"}):
            yield from self._body(each, place)

    def _beside(self, marks: Iterable[WordMark], place: str) -> Iterator[Block]:
        """Yield what hangs on a paragraph."""
        for mark in marks:
            refers_to = self._referred(mark.element)
            match mark.kind:
                case "w:footnoteReference" | "w:endnoteReference" | "w:commentReference" if not self._is_beside:
                    yield from self._note(mark, place)
                case "w:txbxContent" if mark.element is not None:
                    yield from self._inside(mark.element, place)
                case "c:chart" if refers_to is not None:
                    yield from chart_blocks(refers_to, place)
                case "dgm:relIds" if refers_to is not None:
                    yield from diagram_blocks(refers_to, place)
                case "o:OLEObject":
                    self.files += 1
                case "v:textpath":
                    yield Block(Runs(mark.words).runs(), place)

    def _note(self, mark: WordMark, place: str) -> Iterator[Block]:
        note = self._notes[mark.kind].get(mark.of)
        if note is None:
            return
        self._is_beside = True
        text = self._words(note, place)
        self._is_beside = False
        if text and mark.kind == "w:commentReference":
            yield comment(text, mark.words, note.get("w:author", ""), place)
        elif text:
            yield Block((Run(text, Aside.FOOTNOTE),), place)

    def _referred(self, element: Element | None) -> Part | None:
        """Return the part that an element in a drawing refers to."""
        return None if element is None else self._part.related.get(element.get("r:id", element.get("r:dm", "")))

    def _table(self, table: Element, place: str) -> Iterator[Block]:
        rows = list(_unwrapped(table, {"w:tr"}))
        if len(rows) == 1 and len(cells := list(_unwrapped(rows[0], {"w:tc"}))) == 1:
            yield from self._inside(cells[0], f"{place}:1:1")  # a frame around text
            return
        marks: list[WordMark] = []
        yield from table_blocks([self._row(each, marks) for each in rows], place)
        yield from self._beside(marks, place)

    def _row(self, row: Element, marks: list[WordMark]) -> list[Cell]:
        properties = child(row, "w:trPr")
        is_hidden = is_on(properties, "w:hidden")
        change = child(properties, "w:ins")
        change = child(properties, "w:del") if change is None else change
        cells: list[Cell] = [()] * min(number(value(properties, "w:gridBefore")), _WIDEST_CELL)
        for cell in _unwrapped(row, {"w:tc"}):
            form = child(cell, "w:tcPr")
            merged = child(form, "w:vMerge")
            runs = Runs()
            if merged is None or merged.get("w:val") == "restart":
                self._cell(cell, runs, marks, change)
            cells.append(runs.aside(Aside.HIDDEN) if is_hidden else runs.runs())
            span = min(number(value(form, "w:gridSpan"), 1), _WIDEST_CELL)
            cells.extend([()] * (span - 1))
        return cells

    def _cell(self, cell: Element, runs: Runs, marks: list[WordMark], change: Element | None) -> None:
        """Collect the words of a cell; those of a table in it stand in one line."""
        for each in _unwrapped(cell, {"w:p", "w:tbl"}):
            if runs.has_words:
                runs.append(" ")
            if each.tag == "w:p":
                paragraph = self.text.paragraph(each, change)
                runs.extend(self._block(each, paragraph, "").runs)
                marks.extend(paragraph.marks)
                continue
            for index, row in enumerate(_unwrapped(each, {"w:tr"})):
                if index:
                    runs.append("; ")
                for inner in _unwrapped(row, {"w:tc"}):
                    self._cell(inner, runs, marks, change)

    def _margins(self, kind: str) -> Iterator[str]:
        """Yield the headers or footers of all pages, sections and variants."""
        for part in sorted(self._main.of_kind(kind), key=lambda each: each.name):
            self._part = part
            yield self._words(children(part.root), "")
        self._part = self._main

    def _words(self, element: Iterable[Element], place: str) -> str:
        """Return what stands in a note, a comment or a header as plain text, as it is with all changes accepted."""
        return accepted(self._inside(element, place))

    def _first(self, kind: str) -> Element | None:
        return next((part.root for part in self._main.of_kind(kind)), None)


def _by_id(root: Element | None) -> dict[str, Element]:
    return {each.get("w:id", ""): each for each in children(root)}


def _unwrapped(elements: Iterable[Element], tags: set[str]) -> Iterator[Element]:
    """Yield the elements with these tags, also out of content controls and whatever else is put around them."""
    for each in elements:
        if each.tag in tags:
            yield each
        elif each.tag == "mc:AlternateContent":
            if (best := chosen(each)) is not None:
                yield from _unwrapped(best, tags)
        elif each.tag in _WRAPPERS:
            yield from _unwrapped(each, tags)
