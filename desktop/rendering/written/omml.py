"""Formulas as those of Word: the elements of MathML written in OMML, which Word and LibreOffice can edit.

Covers what `formula.markup` yields. An operator such as a sum takes what it is applied to inside, brackets take what
they enclose; that is found here, since MathML only has them stand in a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from xml.etree.ElementTree import Element

from desktop.rendering.written.html import xml_text


class FormulaLetters(StrEnum):
    """The looks of letters in a formula."""

    ITALIC = "i"
    UPRIGHT = "p"
    TEXT = "text"


Run = Callable[[str, FormulaLetters], str]
"""Returns the markup of some letters: files of Word and HTML for Word write them differently."""

_LARGE = frozenset("∑∏∐⋃⋂⨁⨂⨀⨄⨆⋁⋀")
_INTEGRALS = frozenset("∫∬∭∮∯∰")
_OPENING = {"(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"}
_ENDS_OPERAND = frozenset("+-−±∓=<>≤≥≠≈≡∼≃≅→⇒⇔⟹∈∉⊂⊆,;")  # what stands behind is no longer summed
_ACCENTS = {"^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "∼": "\u0303", "˙": "\u0307", "¨": "\u0308"}
_ACCENTS |= {"→": "\u20d7", "⃗": "\u20d7", "ˇ": "\u030c", "˘": "\u0306", "`": "\u0300", "´": "\u0301", "˚": "\u030a"}
_BARS = frozenset("―¯‾_\u0305\u0332\u00af")
_BRACES = frozenset("⏟⏞⏠⏡⎴⎵︷︸")
_WITH_LIMITS = frozenset(("lim", "max", "min", "sup", "inf", "limsup", "liminf", "argmax", "argmin"))
_EMPTY = "\u200b"  # in the place of nothing, for which Word would draw a box
_SPACES = ((0.9, "\u2003"), (0.45, "\u2002"), (0.25, "\u2005"), (0.1, "\u2009"))  # by their width in ems
_WIDTH = re.compile(r"(\d*\.?\d+)em")


def omml(root: Element, run: Run) -> str:
    """Return an `m:oMath` element."""
    return f"<m:oMath>{_Writer(run).row(list(root))}</m:oMath>"


_LOOKS = {
    FormulaLetters.ITALIC: "",
    FormulaLetters.UPRIGHT: '<m:rPr><m:sty m:val="p"/></m:rPr>',
    FormulaLetters.TEXT: "<m:rPr><m:nor/></m:rPr>",
}


def word_run(text: str, letters: FormulaLetters) -> str:
    """Return letters as a file of Word has them."""
    font = '<w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math"/></w:rPr>'
    return f'<m:r>{_LOOKS[letters]}{font}<m:t xml:space="preserve">{xml_text(text)}</m:t></m:r>'


def html_run(text: str, letters: FormulaLetters) -> str:
    """Return letters as Word has them in the HTML of its own clipboard."""
    look = _LOOKS[letters].replace("<m:sty", '<m:scr m:val="roman"/><m:sty')
    run = f"""<span style='font-family:"Cambria Math",serif'><m:r>{look}{xml_text(text)}</m:r></span>"""
    return f"<i>{run}</i>" if letters is FormulaLetters.ITALIC else run


class _Writer:
    """A writer of one formula."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def row(self, children: Sequence[Element]) -> str:
        pieces: list[str] = []
        at = 0
        while at < len(children):
            piece, at = self._item(children, at)
            pieces.append(piece)
        return "".join(pieces)

    def _item(self, children: Sequence[Element], at: int) -> tuple[str, int]:
        """Return what begins at an element, and where the next thing begins."""
        element = children[at]
        end = _closing(children, at)
        if end is not None:
            return self._delimited(children, at, end), min(end + 1, len(children))
        if _large_sign(element):
            return self._large(children, at)
        if _is_function(element):
            return self._function(children, at)
        return self._element(element), at + 1

    def _large(self, children: Sequence[Element], at: int) -> tuple[str, int]:
        element = children[at]
        below, above = _scripts(element)
        until = at + 1
        operand = ""
        while until < len(children) and not _ends_operand(children[until]):
            piece, until = self._item(children, until)
            operand += piece
        stacked = element.tag.startswith(("munder", "mover"))
        look = (
            f'<m:chr m:val="{xml_text(_large_sign(element))}"/><m:limLoc m:val="{"undOvr" if stacked else "subSup"}"/>'
        )
        look += "".join(
            f'<m:{name} m:val="1"/>' for name, part in (("subHide", below), ("supHide", above)) if part is None
        )
        limits = f"<m:sub>{self._of(below)}</m:sub><m:sup>{self._of(above)}</m:sup>"
        return f"<m:nary><m:naryPr>{look}</m:naryPr>{limits}<m:e>{operand or self._empty()}</m:e></m:nary>", until

    def _function(self, children: Sequence[Element], at: int) -> tuple[str, int]:
        element = children[at]
        has_limit = element.tag == "msub" and _letters(element[0]) in _WITH_LIMITS
        name = self._stacked(element) if has_limit else self._element(element)
        at += 1
        while at < len(children) and children[at].tag == "mspace":
            at += 1
        if at == len(children) or _ends_operand(children[at]):
            return name, at
        argument, at = self._item(children, at)
        return f"<m:func><m:fName>{name}</m:fName><m:e>{argument}</m:e></m:func>", at

    def _delimited(self, children: Sequence[Element], start: int, end: int) -> str:
        inside: list[list[Element]] = [[]]
        between = ""
        depth = 0
        for each in children[start + 1 : end]:
            depth += (_fence(each) == "prefix") - (_fence(each) == "postfix")
            if depth == 0 and _fence(each) == "infix":
                between = _letters(each)
                inside.append([])
            else:
                inside[-1].append(each)
        closing = _letters(children[end]) if end < len(children) else ""
        look = f'<m:begChr m:val="{xml_text(_letters(children[start]))}"/>'
        look += f'<m:sepChr m:val="{xml_text(between)}"/>' if between else ""
        look += f'<m:endChr m:val="{xml_text(closing)}"/>'
        parts = "".join(f"<m:e>{self.row(part) or self._empty()}</m:e>" for part in inside)
        return f"<m:d><m:dPr>{look}</m:dPr>{parts}</m:d>"

    def _element(self, element: Element) -> str:
        match element.tag:
            case "mi" | "mn" | "mo" | "mtext" | "ms":
                return self._text(element)
            case "mspace":
                return self._space(element)
            case "mfrac":
                return self._fraction(element)
            case "msqrt":
                radical = self.row(list(element)) or self._empty()
                return f'<m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/><m:e>{radical}</m:e></m:rad>'
            case "mroot":
                return f"<m:rad><m:deg>{self._of(element[1])}</m:deg><m:e>{self._of(element[0])}</m:e></m:rad>"
            case "msub" | "msup" | "msubsup":
                return self._scripted(element)
            case "munder" | "mover" | "munderover":
                return self._stacked(element)
            case "mtable":
                return self._table(element)
            case "menclose":
                return f"<m:borderBox><m:e>{self.row(list(element))}</m:e></m:borderBox>"
            case "mphantom":
                return (
                    f'<m:phant><m:phantPr><m:show m:val="0"/></m:phantPr><m:e>{self.row(list(element))}</m:e></m:phant>'
                )
            case _:  # rows, styles and padding: their content
                return self.row(list(element))

    def _of(self, element: Element | None) -> str:
        """Return an element in the place of an argument, which must not be empty."""
        return (self.row([element]) if element is not None else "") or self._empty()

    def _empty(self) -> str:
        return self._run(_EMPTY, FormulaLetters.UPRIGHT)

    def _text(self, element: Element) -> str:
        text = _letters(element)
        if not text:
            return ""
        if element.tag in ("mtext", "ms"):
            return self._run(text, FormulaLetters.TEXT)
        is_variable = element.tag == "mi" and len(text) == 1 and element.get("mathvariant") != "normal"
        return self._run(text, FormulaLetters.ITALIC if is_variable else FormulaLetters.UPRIGHT)

    def _space(self, element: Element) -> str:
        found = _WIDTH.fullmatch(element.get("width", ""))
        width = float(found[1]) if found is not None else 0.0
        space = next((space for least, space in _SPACES if width >= least), "")
        return self._run(space, FormulaLetters.UPRIGHT) if space else ""

    def _fraction(self, element: Element) -> str:
        look = '<m:fPr><m:type m:val="noBar"/></m:fPr>' if element.get("linethickness") == "0" else ""
        return f"<m:f>{look}<m:num>{self._of(element[0])}</m:num><m:den>{self._of(element[1])}</m:den></m:f>"

    def _scripted(self, element: Element) -> str:
        parts = [(name, part) for name, part in zip(("sub", "sup"), _scripts(element), strict=True) if part is not None]
        tag = "s" + "".join(name.title() for name, _ in parts)
        scripts = "".join(f"<m:{name}>{self._of(part)}</m:{name}>" for name, part in parts)
        return f"<m:{tag}><m:e>{self._of(element[0])}</m:e>{scripts}</m:{tag}>"

    def _stacked(self, element: Element) -> str:
        base = self._of(element[0])
        if element.tag == "munderover":
            lower = f"<m:limLow><m:e>{base}</m:e><m:lim>{self._of(element[1])}</m:lim></m:limLow>"
            return f"<m:limUpp><m:e>{lower}</m:e><m:lim>{self._of(element[2])}</m:lim></m:limUpp>"
        is_over = element.tag == "mover"  # or else under it, as what belongs to a limit
        place = "top" if is_over else "bot"
        sign = _letters(element[1]) if element[1].tag == "mo" else ""
        if sign in _BARS and sign:
            return f'<m:bar><m:barPr><m:pos m:val="{place}"/></m:barPr><m:e>{base}</m:e></m:bar>'
        if sign in _BRACES and sign:
            beside = "bot" if is_over else "top"
            look = f'<m:chr m:val="{sign}"/><m:pos m:val="{place}"/><m:vertJc m:val="{beside}"/>'
            return f"<m:groupChr><m:groupChrPr>{look}</m:groupChrPr><m:e>{base}</m:e></m:groupChr>"
        accent = _ACCENTS.get(sign, sign if len(sign) == 1 and "\u0300" <= sign <= "\u036f" else "")
        if is_over and accent:
            return f'<m:acc><m:accPr><m:chr m:val="{accent}"/></m:accPr><m:e>{base}</m:e></m:acc>'
        name = "limUpp" if is_over else "limLow"
        return f"<m:{name}><m:e>{base}</m:e><m:lim>{self._of(element[1])}</m:lim></m:{name}>"

    def _table(self, table: Element) -> str:
        count = max(map(len, table), default=1)
        columns = "".join(
            f'<m:mc><m:mcPr><m:count m:val="1"/><m:mcJc m:val="{_align(table, column)}"/></m:mcPr></m:mc>'
            for column in range(count)
        )
        # The columns of lines of equations stand close: they meet at the sign between the two sides.
        gap = '<m:cGpRule m:val="4"/><m:cGp m:val="0"/>' if table.get("displaystyle") == "true" else ""
        written = ""
        for row in table:
            cells = [list(cell) for cell in row] + [[]] * (count - len(row))
            written += f"<m:mr>{''.join(f'<m:e>{self._cell(cell)}</m:e>' for cell in cells)}</m:mr>"
        return f'<m:m><m:mPr><m:plcHide m:val="1"/>{gap}<m:mcs>{columns}</m:mcs></m:mPr>{written}</m:m>'

    def _cell(self, cell: list[Element]) -> str:
        """Return a cell; one that begins with a sign has nothing before it, which LibreOffice would miss."""
        shown = [each for each in cell if _letters(each) or len(each)]
        before = self._empty() if not shown or shown[0].tag == "mo" else ""
        return before + self.row(cell)


def _letters(element: Element) -> str:
    return "".join(element.itertext()).strip() if element.tag != "mtext" else "".join(element.itertext())


_BELOW, _ABOVE = ("msub", "munder", "msubsup", "munderover"), ("msup", "mover", "msubsup", "munderover")


def _core(element: Element) -> Element:
    """Return what scripts and limits belong to, or the element itself."""
    return element[0] if element.tag in (*_BELOW, *_ABOVE) and len(element) else element


def _large_sign(element: Element) -> str:
    """Return the sign of a sum, an integral and the like; empty for anything else."""
    core = _core(element)
    text = _letters(core) if core.tag in ("mo", "mi") else ""
    return text if text in _LARGE or text in _INTEGRALS else ""


def _scripts(element: Element) -> tuple[Element | None, Element | None]:
    """Return what stands below and what stands above."""
    return (element[1] if element.tag in _BELOW else None), (element[-1] if element.tag in _ABOVE else None)


def _is_function(element: Element) -> bool:
    core = _core(element)
    text = _letters(core) if core.tag == "mo" else ""
    return len(text) > 1 and text.replace("\u2009", "").isalpha()


def _ends_operand(element: Element) -> bool:
    return element.tag == "mo" and _letters(element) in _ENDS_OPERAND


def _fence(element: Element) -> str:
    """Return prefix, postfix or infix of a stretching bracket; empty for anything else."""
    if element.tag != "mo" or element.get("fence") != "true":
        return ""
    return element.get("form", "infix")


def _closing(children: Sequence[Element], at: int) -> int | None:
    """Return where the bracket at a place closes: at an index, or at the end of the row; None if it is none."""
    if _fence(children[at]) == "prefix":
        depth = 0
        for place in range(at, len(children)):
            depth += (_fence(children[place]) == "prefix") - (_fence(children[place]) == "postfix")
            if depth == 0:
                return place
        return len(children)
    if [each.tag for each in children[at : at + 3]] != ["mo", "mtable", "mo"]:
        return None
    opens = _OPENING.get(_letters(children[at]))
    return at + 2 if opens and _letters(children[at + 2]) == opens else None


def _align(table: Element, column: int) -> str:
    cells = [row[column] for row in table if column < len(row)]
    align = cells[0].get("columnalign", "center") if cells else "center"
    return align if align in ("left", "right") else "center"
