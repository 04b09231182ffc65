"""Text in the drawings of Office files: values of charts, words of diagrams, paragraphs of shapes; and formulas.

A formula is one line of text, the way one would type it: (a+b)/2, x_i^2, √(x).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from desktop.core.documents.document import Block, Run
from desktop.readers.office.elements import Part, child, number, value
from desktop.readers.office.sheet import shown_as
from desktop.readers.text.blocks import Runs, table_blocks

_SIMPLE = re.compile(r"(?:[^\W_]|[.,′])*\Z")
_CLOSED = re.compile(r"[(\[{|‖][^()\[\]{}|‖]*[)\]}|‖]\Z")
# Children that say how a thing looks.
_PROPERTY_TAGS = """
    rPr ctrlPr fPr radPr naryPr dPr mPr funcPr accPr barPr sSubPr sSupPr sSubSupPr sPrePr limLowPr limUppPr eqArrPr
    groupChrPr boxPr borderBoxPr phantPr oMathParaPr
"""
_PROPERTIES = {"w:rPr", *(f"m:{name}" for name in _PROPERTY_TAGS.split())}


_SCRIPT_SIGNS = {"msup": "^", "mover": "^", "msub": "_", "munder": "_", "msubsup": "_^", "munderover": "_^"}


def formula_text(element: Element | None) -> str:
    """Return a formula of Office (OMML), or a part of one, as text."""
    if element is None:
        return ""
    match element.tag:
        case "m:t" | "w:t":
            return element.text or ""
        case "m:f":
            above, below = _part(element, "m:num"), _part(element, "m:den")
            return (
                f"{above}/{below}"
                if value(element, "m:fPr", "m:type", attribute="m:val") != "noBar"
                else f"({above}¦{below})"
            )
        case "m:rad":
            degree = "" if _is_on_math(element, "m:radPr", "m:degHide") else _inner(element, "m:deg")
            return _root(degree, _inner(element, "m:e"))
        case "m:sSup" | "m:sSub" | "m:sSubSup":
            return _base(element) + _scripts(element)
        case "m:sPre":
            return _scripts(element) + _base(element)
        case "m:nary":
            sign = value(element, "m:naryPr", "m:chr", attribute="m:val") or "∫"
            return f"{sign}{_scripts(element)} {_inner(element, 'm:e')}"
        case "m:d":
            return _delimited(element)
        case "m:m":
            rows = ["; ".join(_all(each) for each in row if each.tag == "m:e") for row in element if row.tag == "m:mr"]
            return " \\\\ ".join(rows)
        case "m:eqArr":
            return " \\\\ ".join(_all(each) for each in element if each.tag == "m:e")
        case "m:func":
            name, of = _inner(element, "m:fName"), _inner(element, "m:e")
            return f"{name}{of}" if _CLOSED.match(of) else f"{name} {of}"
        case "m:limLow" | "m:limUpp" as tag:
            return _base(element) + _raised("_" if tag == "m:limLow" else "^", _inner(element, "m:lim"))
        case "m:acc":
            return _inner(element, "m:e") + (value(element, "m:accPr", "m:chr", attribute="m:val") or "\u0302")
        case "m:bar":
            return _inner(element, "m:e") + "\u0305"
        case tag if tag in _PROPERTIES:
            return ""
    return _all(element)


def _is_on_math(element: Element, *path: str) -> bool:
    """Return True for a switch of a formula that is on."""
    found = child(element, *path)
    return found is not None and found.get("m:val", "1") not in {"0", "off", "false"}


def mathml_text(element: Element) -> str:
    """Return a formula in MathML as text."""
    inner = [mathml_text(each) for each in element]
    tag = element.tag.removeprefix("math:")
    signs = _SCRIPT_SIGNS.get(tag, "")
    if signs and len(inner) == 1 + len(signs):
        return _bracketed(inner[0]) + "".join(map(_raised, signs, inner[1:]))
    match tag:
        case "mi" | "mn" | "mo" | "mtext" | "ms":
            return (element.text or "").strip()
        case "annotation" | "annotation-xml":
            return ""
        case "mfrac" if len(inner) == 2:
            return f"{_bracketed(inner[0])}/{_bracketed(inner[1])}"
        case "msqrt":
            return _root("", "".join(inner))
        case "mroot" if len(inner) == 2:
            return _root(inner[1], inner[0])
        case "mtr":
            return "; ".join(inner)
        case "mtable":
            return " \\\\ ".join(inner)
    return "".join(inner)


def _all(element: Element) -> str:
    return "".join(formula_text(each) for each in element)


def _inner(element: Element, tag: str) -> str:
    found = child(element, tag)
    return "" if found is None else _all(found)


def _part(element: Element, tag: str) -> str:
    return _bracketed(_inner(element, tag))


def _base(element: Element) -> str:
    return _part(element, "m:e")


def _scripts(element: Element) -> str:
    return _raised("_", _inner(element, "m:sub")) + _raised("^", _inner(element, "m:sup"))


def _bracketed(text: str) -> str:
    return text if _SIMPLE.match(text) or _CLOSED.match(text) or len(text) == 1 else f"({text})"


def _raised(sign: str, text: str) -> str:
    return f"{sign}{_bracketed(text)}" if text else ""


def _root(degree: str, text: str) -> str:
    sign = {"": "√", "3": "∛", "4": "∜"}.get(degree, f"{_bracketed(degree)}√")
    return f"{sign}({text})" if not _CLOSED.match(text) or not text.startswith("(") else sign + text


def _delimited(element: Element) -> str:
    marks = [value(element, "m:dPr", tag, attribute="m:val") for tag in ("m:begChr", "m:sepChr", "m:endChr")]
    first, between, last = (
        default if mark is None else mark for mark, default in zip(marks, ("(", "|", ")"), strict=True)
    )
    return first + between.join(_all(each) for each in element if each.tag == "m:e") + last


_MOST_POINTS = 10_000  # of a series of a chart
_MOST_SERIES = 256


def chart_blocks(part: Part, place: str) -> Iterator[Block]:
    """Yield the title of a chart and its values as a table: a column for each series."""
    chart = child(part.root, "c:chart")
    plot = child(chart, "c:plotArea")
    if chart is None or plot is None:
        return
    if title := _title(chart):
        yield Block((Run(title),), place)
    series = list(plot.iter("c:ser"))[:_MOST_SERIES]
    columns = [_values(each, "c:val", "c:yVal", "c:bubbleSize") for each in series]
    names = next((found for each in series if (found := _values(each, "c:cat", "c:xVal"))), {})
    heads = ["", *(_series_name(each) for each in series)]
    rows = [[_cell(heads[0]), *(_cell(head) for head in heads[1:])]] if any(heads) else []
    for index in sorted(set().union(names, *columns)):
        rows.append([_cell(names.get(index, "")), *(_cell(column.get(index, "")) for column in columns)])
    yield from (replace(block, place=place) for block in table_blocks(rows, place))


def diagram_blocks(part: Part, place: str) -> Iterator[Block]:
    """Yield the words of a diagram (SmartArt): a line for each shape."""
    root = part.root
    lines = []
    for point in root.iter("dgm:pt") if root is not None else ():
        text = "\n".join(shape_paragraph(each).text for each in point.iter("a:p")).strip()
        if text and point.get("type", "node") in {"node", "asst"}:
            lines.append(text)
    if lines:
        yield Block(Runs("\n".join(lines)).runs(), place)


def shape_paragraph(paragraph: Element) -> Runs:
    """Return the words of a paragraph in a shape."""
    runs = Runs()
    for each in paragraph:
        match each.tag:
            case "a:r" | "a:fld":
                runs.append(child_text(each, "a:t"))
            case "a:br":
                runs.append("\n")
            case "mc:AlternateContent" | "?:m":
                runs.append("".join(formula_text(found) for found in each.iter("m:oMath")))
    return runs


def _title(chart: Element) -> str:
    title = child(chart, "c:title")
    if title is None:
        return ""
    return " ".join(text for each in title.iter("a:p") if (text := shape_paragraph(each).text.strip()))


def _series_name(series: Element) -> str:
    name = child(series, "c:tx")
    return "" if name is None else " ".join(each.text or "" for each in name.iter("c:v"))


def _values(series: Element, *tags: str) -> dict[int, str]:
    """Return the values of a series by their index, from the first of the tags that it has."""
    source = next((each for tag in tags if (each := child(series, tag)) is not None), None)
    found: dict[int, str] = {}
    if source is None:
        return found
    # Names on several levels: the outer ones stand in front of the inner ones.
    levels = list(source.iter("c:lvl")) or [source]
    code = next((each.text or "" for each in source.iter("c:formatCode")), "")
    for level in reversed(levels):
        for point in list(level.iter("c:pt"))[:_MOST_POINTS]:
            index = number(point.get("idx"))
            text = shown_as(code, child_text(point, "c:v"))
            found[index] = f"{found[index]} {text}" if index in found else text
    return found


def child_text(element: Element, tag: str) -> str:
    """Return the text of a child; empty if there is none."""
    found = child(element, tag)
    return "" if found is None else found.text or ""


def _cell(text: str) -> tuple[Run, ...]:
    return (Run(text),) if text else ()
