"""Paragraphs of a Word document as runs: tracked changes, hidden text, fields, symbols, formulas; what hangs on them.

Knows the insides of a paragraph alone; the order of blocks is `docx`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from desktop.core.documents.document import Aside
from desktop.readers.office.elements import child, chosen, is_on, number, value
from desktop.readers.office.formula import formula_text
from desktop.readers.office.symbols import UNKNOWN, in_letters, is_symbol_font, symbol
from desktop.readers.office.word.styles import Styles
from desktop.readers.text.blocks import Runs

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
