"""Formulas of office files as one line of text, the way one would type them: (a+b)/2, x_i^2, √(x)."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from desktop.readers.office.elements import child, value

_SIMPLE = re.compile(r"(?:[^\W_]|[.,′])*\Z")
_CLOSED = re.compile(r"[(\[{|‖][^()\[\]{}|‖]*[)\]}|‖]\Z")
# Children that say how a thing looks.
_PROPERTY_TAGS = """
    rPr ctrlPr fPr radPr naryPr dPr mPr funcPr accPr barPr sSubPr sSupPr sSubSupPr sPrePr limLowPr limUppPr eqArrPr
    groupChrPr boxPr borderBoxPr phantPr oMathParaPr
"""
_PROPERTIES = {"w:rPr", *(f"m:{name}" for name in _PROPERTY_TAGS.split())}


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
            degree = "" if is_on_math(element, "m:radPr", "m:degHide") else _inner(element, "m:deg")
            return _root(degree, _inner(element, "m:e"))
        case "m:sSup":
            return _base(element) + _raised("^", _inner(element, "m:sup"))
        case "m:sSub":
            return _base(element) + _raised("_", _inner(element, "m:sub"))
        case "m:sSubSup":
            return _base(element) + _raised("_", _inner(element, "m:sub")) + _raised("^", _inner(element, "m:sup"))
        case "m:sPre":
            return _raised("_", _inner(element, "m:sub")) + _raised("^", _inner(element, "m:sup")) + _base(element)
        case "m:nary":
            sign = value(element, "m:naryPr", "m:chr", attribute="m:val") or "∫"
            limits = _raised("_", _inner(element, "m:sub")) + _raised("^", _inner(element, "m:sup"))
            return f"{sign}{limits} {_inner(element, 'm:e')}"
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
        case "m:limLow":
            return _base(element) + _raised("_", _inner(element, "m:lim"))
        case "m:limUpp":
            return _base(element) + _raised("^", _inner(element, "m:lim"))
        case "m:acc":
            return _inner(element, "m:e") + (value(element, "m:accPr", "m:chr", attribute="m:val") or "\u0302")
        case "m:bar":
            return _inner(element, "m:e") + "\u0305"
        case tag if tag in _PROPERTIES:
            return ""
    return _all(element)


def is_on_math(element: Element, *path: str) -> bool:
    """Return True for a switch of a formula that is on."""
    found = child(element, *path)
    return found is not None and found.get("m:val", "1") not in {"0", "off", "false"}


def mathml_text(element: Element) -> str:
    """Return a formula in MathML as text."""
    inner = [mathml_text(each) for each in element]
    match element.tag:
        case "math:mi" | "math:mn" | "math:mo" | "math:mtext" | "math:ms":
            return (element.text or "").strip()
        case "math:annotation" | "math:annotation-xml":
            return ""
        case "math:mfrac" if len(inner) == 2:
            return f"{_bracketed(inner[0])}/{_bracketed(inner[1])}"
        case "math:msqrt":
            return _root("", "".join(inner))
        case "math:mroot" if len(inner) == 2:
            return _root(inner[1], inner[0])
        case "math:msup" | "math:mover" if len(inner) == 2:
            return _bracketed(inner[0]) + _raised("^", inner[1])
        case "math:msub" | "math:munder" if len(inner) == 2:
            return _bracketed(inner[0]) + _raised("_", inner[1])
        case "math:msubsup" | "math:munderover" if len(inner) == 3:
            return _bracketed(inner[0]) + _raised("_", inner[1]) + _raised("^", inner[2])
        case "math:mtr":
            return "; ".join(inner)
        case "math:mtable":
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
