"""Paragraphs of a Word document as runs: tracked changes, hidden text, fields, symbols, formulas; what hangs on them.

Knows the insides of a paragraph alone; the order of blocks is `docx`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from desktop.core.documents.document import Aside
from desktop.readers.office.elements import child, chosen, is_on, number, value
from desktop.readers.office.formula import formula_text
from desktop.readers.office.symbols import UNKNOWN, in_letters, is_symbol_font, symbol
from desktop.readers.office.word.styles import Styles
from desktop.readers.text.blocks import Runs

_NUMBERS_OF_PAGES = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})  # of which a file has at best an old value
_INSIDE_ONLY = frozenset({"w:pPr", "w:rPr", "w:sdtPr", "w:sdtEndPr", "w:rubyPr", "w:tblPr", "w:trPr", "w:tcPr"})
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
class _Change:
    """Tracked change that words stand in."""

    aside: Aside | None = None
    by: str = ""


_NO_CHANGE = _Change()


class WordText:
    """Reader of paragraphs, in their order: fields and comments may go on in the next one."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._fields: list[_Field] = []
        self._commented: dict[str, list[str]] = {}  # the words of open comments
        self._quoted: dict[str, str] = {}  # the words of those that are closed, until they are referred to
        self.pictures = 0

    def paragraph(self, element: Element, row_change: Element | None = None) -> WordParagraph:
        """Return a paragraph; `row_change` is the tracked change of the row of a table that it stands in."""
        found = WordParagraph()
        change = _change(row_change, _NO_CHANGE) if row_change is not None else _NO_CHANGE
        is_hidden = self._styles.is_hidden(value(element, "w:pPr", "w:pStyle"))
        self._inline(element, found, change, is_hidden=is_hidden)
        return found

    def _inline(self, element: Element, found: WordParagraph, change: _Change, *, is_hidden: bool) -> None:
        for each in element:
            match each.tag:
                case "w:r":
                    self._run(each, found, change, is_hidden=is_hidden)
                case "w:ins" | "w:del" | "w:moveTo" | "w:moveFrom":
                    self._inline(each, found, _change(each, change), is_hidden=is_hidden)
                case "m:oMath":
                    self._append(found, formula_text(each), change, is_hidden=is_hidden)
                case "mc:AlternateContent":
                    if (best := chosen(each)) is not None:
                        self._inline(best, found, change, is_hidden=is_hidden)
                case "w:fldSimple" if _name_of(each.get("w:instr", "")) in _NUMBERS_OF_PAGES:
                    pass
                case "w:commentRangeStart":
                    self._commented[each.get("w:id", "")] = []
                case "w:commentRangeEnd":
                    name = each.get("w:id", "")
                    self._quoted[name] = "".join(self._commented.pop(name, []))
                case tag if tag not in _INSIDE_ONLY:
                    self._inline(each, found, change, is_hidden=is_hidden)

    def _run(self, run: Element, found: WordParagraph, change: _Change, *, is_hidden: bool) -> None:
        properties = child(run, "w:rPr")
        font = None
        if properties is not None:
            vanish = child(properties, "w:vanish")
            if vanish is not None:
                is_hidden = is_on(properties, "w:vanish")
            elif self._styles.is_hidden(value(properties, "w:rStyle")):
                is_hidden = True
            font = value(properties, "w:rFonts", attribute="w:ascii")
        self._pieces(run, found, change, font, is_hidden=is_hidden)

    def _pieces(
        self, run: Element, found: WordParagraph, change: _Change, font: str | None, *, is_hidden: bool
    ) -> None:
        for each in run:
            match each.tag:
                case "w:t" | "w:delText":
                    text = each.text or ""
                    if font is not None and is_symbol_font(font):
                        text = in_letters(text, font)
                    self._append(found, text, change, is_hidden=is_hidden)
                case "w:tab" | "w:ptab":
                    self._append(found, "\t", change, is_hidden=is_hidden)
                case "w:br" | "w:cr":
                    self._append(found, "\n", change, is_hidden=is_hidden)
                case "w:noBreakHyphen":
                    self._append(found, "\u2011", change, is_hidden=is_hidden)
                case "w:sym":
                    self._append(found, _symbol(each), change, is_hidden=is_hidden)
                case "w:instrText":
                    if self._fields and not self._fields[-1].is_result:
                        self._fields[-1].code += each.text or ""
                case "w:fldChar":
                    self._append(found, _form_value(child(each, "w:ffData")), change, is_hidden=is_hidden)
                    self._follow_field(each)
                case "w:footnoteReference" | "w:endnoteReference":
                    found.marks.append(WordMark(each.tag, each.get("w:id", "")))
                case "w:commentReference":
                    name = each.get("w:id", "")
                    found.marks.append(WordMark(each.tag, name, self._quoted.pop(name, "")))
                case "w:ruby":
                    self._ruby(each, found, change, is_hidden=is_hidden)
                case "w:drawing" | "w:pict" | "w:object":
                    self._drawing(each, found)
                case "mc:AlternateContent":
                    if (best := chosen(each)) is not None:
                        self._pieces(best, found, change, font, is_hidden=is_hidden)

    def _append(self, found: WordParagraph, text: str, change: _Change, *, is_hidden: bool) -> None:
        if not text or any(not each.is_result or _name_of(each.code) in _NUMBERS_OF_PAGES for each in self._fields):
            return
        if is_hidden and change.aside is not Aside.DELETED:
            found.runs.append(text, Aside.HIDDEN)
        else:
            found.runs.append(text, change.aside, change.by)
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

    def _ruby(self, ruby: Element, found: WordParagraph, change: _Change, *, is_hidden: bool) -> None:
        """Read characters with their sounds above, which follow in brackets."""
        base, above = child(ruby, "w:rubyBase"), child(ruby, "w:rt")
        if base is not None:
            self._inline(base, found, change, is_hidden=is_hidden)
        if above is not None and (text := "".join(each.text or "" for each in above.iter("w:t"))):
            self._append(found, f"({text})", change, is_hidden=is_hidden)

    def _drawing(self, drawing: Element, found: WordParagraph) -> None:
        """Collect what a drawing holds: text boxes, charts, diagrams, files, pictures."""
        waiting = [drawing]
        while waiting:
            each = waiting.pop()
            match each.tag:
                case "w:txbxContent" | "c:chart" | "dgm:relIds" | "o:OLEObject":
                    found.marks.append(WordMark(each.tag, element=each))
                    continue
                case "mc:AlternateContent":
                    if (best := chosen(each)) is not None:
                        waiting.append(best)
                    continue
                case "v:textpath" if each.get("string"):
                    found.marks.append(WordMark(each.tag, words=each.get("string", "")))
                case tag if tag in _PICTURES:
                    self.pictures += 1
            waiting.extend(reversed(each))


def _change(element: Element, around: _Change) -> _Change:
    if around.aside is Aside.DELETED:  # what was inserted first and deleted then
        return around
    aside = Aside.INSERTED if element.tag in {"w:ins", "w:moveTo"} else Aside.DELETED
    return _Change(aside, element.get("w:author", ""))


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
