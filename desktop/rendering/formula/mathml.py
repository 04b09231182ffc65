"""MathML as latex2mathml writes it, corrected so that ziamath sets it as LaTeX would.

The one gives many relations and operators as identifiers, the other spaces by a dictionary that lacks some. No Qt. A
formula that cannot be read, or is beyond the bounds of `latex`, has no elements: its source is shown instead. The first
call imports ziamath.
"""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from desktop.rendering.formula.latex import prepared

# Spaces on both sides of an operator between two terms, as TeX sets them: 4/18 and 5/18 of an em.
_BINARY = "0.222em"
_RELATION = "0.278em"
_BINARIES = frozenset("\\×÷·⋅∩∪∖∧∨⊕⊖⊗⊘⊙⊎⊓⊔⋄∘∙⋆⨿⋉⋊⊲⊳†‡")
_RELATIONS = frozenset("∼⟹⟸⟺⟶⟵⟷⟼⇒⇐⇔⊂⊃⊆⊇⊊⊋⊏⊐⊑⊒≺≻≼≽≪≫≃≅≍≐⊢⊣⊨⊥∥∣⋈⌣⌢↪↩⇀⇁⇌∝≜≔≕↦→←↔")
_LARGE = frozenset("∑∏∐⋃⋂⨁⨂⨀⨄⨆⋁⋀")
_SIGNS = frozenset("+-−±∓")
_BEFORE_A_SIGN = frozenset("([{=<>≤≥≠≈≡∈,;:")
_ORDINARY = frozenset("∇∂")  # ziamath spaces them as operators
_INTEGRALS = frozenset("∫∬∭∮∯∰")  # as high as the row for ziamath, of two sizes in LaTeX

# Characters that latex2mathml writes in another form than the font has them.
_INSTEAD = {"~": "∼", r"\{": "{", r"\}": "}", r"\|": "‖", r"\vert": "|", r"\Vert": "‖"}

_ROW_GAP = "0.6em"  # between lines of equations and of matrices
_MATRIX_COLUMNS = "1em"
_FUNCTION_SPACE = "0.167em"


class UnknownCommand(Exception):
    """Error for LaTeX with a command that nobody knows; it would be shown as letters amid the formula."""


def correct(root: Element, display: bool) -> None:
    """Change what ziamath would set otherwise than LaTeX. Raises `UnknownCommand`."""
    _flatten(root)
    for element in list(root.iter()):
        match element.tag:
            case "mi" | "mo":
                _correct_symbol(element)
            case "mtable":
                _correct_table(element)
            case _:
                pass
    for element in list(root.iter()):
        if element.tag in _ROWS:
            _set_functions_apart(element)
            _draw_signs_close(element)
    if display:
        for element in root.iter():
            _move_limits(element)


def _flatten(element: Element) -> None:
    """Leave out rows of one element: every pair of braces makes one, and each costs ziamath a layout."""
    for place, child in enumerate(element):
        _flatten(child)
        if child.tag == "mrow" and len(child) == 1 and not child.attrib and child[0].tag != "mo":
            element[place] = child[0]


def _correct_symbol(element: Element) -> None:
    if len(element):  # an operator made of other elements, as by \mathbin: ziamath would drop them
        _unwrap(element)
        return
    text = (element.text or "").strip()
    text = _INSTEAD.get(text, text)
    if text.startswith("\\") and len(text) > 1:
        raise UnknownCommand(text)
    if len(text) != 1:
        if text.replace("\u2009", "").isalpha():  # a function; ziamath would pad an identifier even before a bracket
            element.tag = "mo"
        return
    element.text = text
    if text in _INTEGRALS:
        element.set("stretchy", "false")
    elif text in _ORDINARY:
        element.attrib.update(lspace="0em", rspace="0em")
        element.tag = "mo"
    elif text in _LARGE:
        element.tag = "mo"
        element.set("movablelimits", "true")
    elif text in _BINARIES or text in _RELATIONS:
        element.tag = "mo"
        space = _BINARY if text in _BINARIES else _RELATION
        element.attrib.setdefault("lspace", space)
        element.attrib.setdefault("rspace", space)


def _correct_table(table: Element) -> None:
    is_small = table.get("scriptlevel") is not None or table.get("displaystyle") == "false"
    if table.get("columnspacing") is None and not is_small:
        table.set("columnspacing", _MATRIX_COLUMNS)
    if not is_small:
        table.set("rowspacing", _ROW_GAP)


_ROWS = frozenset(("math", "mrow", "mtd", "mstyle", "mpadded"))
_SCRIPTED = frozenset(("msub", "msup", "msubsup", "munder", "mover", "munderover"))


def _set_functions_apart(row: Element) -> None:
    """Put spaces around functions and the like, but not at brackets, commas and other operators."""
    children: list[Element] = []
    before: Element | None = None
    for child in row:
        if before is not None and (
            (_is_function(before) and child.tag not in ("mo", "mspace"))
            or (_is_function(child) and (before.tag not in ("mo", "mspace") or _is_closing(before)))
            or (_is_function(before) and _is_function(child))
        ):
            children.append(Element("mspace", width=_FUNCTION_SPACE))
        children.append(child)
        before = child
    row[:] = children


def _draw_signs_close(row: Element) -> None:
    """Take away the spaces around a sign that has nothing on its left, as in "(-x)" and "= -1"."""
    before: Element | None = None
    for child in row:
        if child.tag == "mspace":
            continue
        is_sign = child.tag == "mo" and (child.text or "").strip() in _SIGNS
        if is_sign and (before is None or (before.tag == "mo" and _takes_sign(before))):
            child.attrib.update(lspace="0em", rspace="0em")
        before = child


def _takes_sign(operator: Element) -> bool:
    text = (operator.text or "").strip()
    return text in _BEFORE_A_SIGN or text in _RELATIONS or operator.get("form") == "prefix"


def _is_function(element: Element) -> bool:
    base = element[0] if element.tag in _SCRIPTED and len(element) else element
    text = (base.text or "").strip()
    return base.tag == "mo" and len(text) > 1 and text.replace("\u2009", "").isalpha()


def _is_closing(operator: Element) -> bool:
    return (operator.text or "").strip() in (")", "]", "}")


def _unwrap(element: Element) -> None:
    children = list(element)
    before, after = element.get("lspace"), element.get("rspace")
    element.clear()
    element.tag = "mrow"
    if before:
        SubElement(element, "mspace", width=before)
    element.extend(children)
    if after:
        SubElement(element, "mspace", width=after)


_LIMITS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}


def _move_limits(element: Element) -> None:
    """Set what belongs to a large operator or to `argmax` under and over it, as in a display."""
    if element.tag in _LIMITS and len(element) and element[0].tag == "mo" and element[0].get("movablelimits") == "true":
        element.tag = _LIMITS[element.tag]


_NAMESPACE = "http://www.w3.org/1998/Math/MathML"


def mathml(latex: str, display: bool) -> Element | None:
    """Return the formula as elements of MathML without a namespace, or None where it cannot be read. Never raises."""
    source = prepared(latex)
    if source is None:
        return None
    from ziamath.escapes import unescape
    from ziamath.tex import tex2mml
    from ziamath.zmath import denamespace

    try:
        # Not a document of others: it begins with the converter's own element, so it can declare nothing.
        written = unescape(tex2mml(source, inline=not display))
        root: Element = denamespace(ElementTree.fromstring(written))  # noqa: S314
        correct(root, display)
    except Exception:  # hostile LaTeX finds errors of many kinds in the converter; all mean that its source is shown
        return None
    return root


def mathml_text(root: Element) -> str:
    """Return a formula's elements as text, in MathML's own namespace."""
    root.set("xmlns", _NAMESPACE)
    return ElementTree.tostring(root, encoding="unicode")
