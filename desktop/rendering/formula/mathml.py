"""MathML as latex2mathml writes it, corrected so that ziamath sets it as LaTeX would.

The one gives many relations and operators as identifiers, the other spaces by a dictionary that lacks some. No Qt. A
formula that cannot be read, or is beyond the bounds of `prepared`, has no elements: its source is shown instead.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from ziamath.escapes import unescape
from ziamath.tex import tex2mml
from ziamath.zmath import denamespace

LONGEST = 4_000
"""Characters; a page of equations has two or three thousand."""

_DEEPEST = 30  # braces and environments inside each other; some depths are visited by recursion
_DEEPEST_FENCES = 5  # \left…\right: what is inside is laid out twice, so the work doubles with each
_MOST_CELLS = 400

_DEFINITION = re.compile(
    r"\\(?:[egx]?def|let|futurelet|(?:re|provide)?newcommand|renewcommand|(?:re)?newenvironment|DeclareMathOperator"
    r"|csname|catcode|input|include|write|read|require|usepackage|loop|repeat|verb)(?![A-Za-z])"
)
_NESTING = re.compile(r"\\[\\{}]|\\begin(?![A-Za-z])|\\end(?![A-Za-z])|[{}]")
_FENCE = re.compile(r"\\(left|right)(?![A-Za-z])")


def prepared(latex: str) -> str | None:
    """Return LaTeX to give to ziamath, or None if it must not be given any."""
    if not latex.strip() or len(latex) > LONGEST or _DEFINITION.search(latex):
        return None
    if _depth(latex) > _DEEPEST or _fence_depth(latex) > _DEEPEST_FENCES or latex.count("&") > _MOST_CELLS:
        return None
    for pattern, replacement in _REWRITING:
        latex = pattern.sub(replacement, latex)
    return latex


def _depth(latex: str) -> int:
    depth = deepest = 0
    for found in _NESTING.findall(latex):
        if found in ("{", r"\begin"):
            depth += 1
            deepest = max(deepest, depth)
        elif found in ("}", r"\end"):
            depth -= 1
    return deepest


def _fence_depth(latex: str) -> int:
    depth = deepest = 0
    for side in _FENCE.findall(latex):
        depth = depth + 1 if side == "left" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _operator_name(found: re.Match[str]) -> str:
    r"""Return `\operatorname{arg\,max}` with letters and spaces alone: the parser takes no others."""
    name = re.sub(r"\\[,;:! ]|~|[^A-Za-z]", " ", found[2])
    return rf"\operatorname{found[1]}{{{' '.join(name.split())}}}"


_SUBSCRIPT = re.compile(r"(?<=[A-Za-z)\]])(\d+)")
_CHARGE = re.compile(r"\^(\d*[+-]|\{[^{}]*\})")
_LAST_SIGN = re.compile(r"(?<=[\w)\]])([+-])(?=\s|$)")
_REACTION = re.compile(r"\s*(<=>|<->|->|<-)\s*")
_ARROWS = {"->": r"\rightarrow", "<-": r"\leftarrow", "<=>": r"\rightleftharpoons", "<->": r"\leftrightarrow"}


def _chemistry(found: re.Match[str]) -> str:
    """Return the LaTeX of the plain part of mhchem: formulas of substances, charges and arrows."""
    pieces = _REACTION.split(found[1])
    for place, piece in enumerate(pieces):
        if piece in _ARROWS:
            pieces[place] = _ARROWS[piece]
            continue
        piece = _CHARGE.sub(lambda charge: f"^{{{charge[1].strip('{}')}}}", piece)
        piece = _LAST_SIGN.sub(r"^{\1}", piece)
        pieces[place] = rf"\mathrm {{{_SUBSCRIPT.sub(lambda digits: f'_{{{digits[1]}}}', piece)}}}"
    return " ".join(pieces)


# In this order. What is a matter of spacing and of single characters is corrected later, see `mathml`.
_REWRITING = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # A number of an equation stands behind it; what refers to numbers has nothing to refer to.
        (r"\\tag\*\s*\{([^{}]*)\}", r"\\qquad \\text{\1}"),
        (r"\\tag\s*\{([^{}]*)\}", r"\\qquad \\text{(\1)}"),
        (r"\\label\s*\{[^{}]*\}|\\(?:nonumber|notag|displaylimits|allowbreak|nobreak)(?![A-Za-z])", ""),
        # Environments under the names that the parser knows, without automatic numbers.
        (r"\\(begin|end)\s*\{(align|gather|multline|equation)\}", r"\\\1{\2*}"),
        (
            r"\\begin\s*\{(?:aligned|alignat|alignedat|flalign|xalignat)\*?\}\s*(?:\[\w\])?(?:\{\d+\})?",
            r"\\begin{align*}",
        ),
        (r"\\end\s*\{(?:aligned|alignat|alignedat|flalign|xalignat)\*?\}", r"\\end{align*}"),
        (r"\\begin\s*\{eqnarray\*?\}", r"\\begin{array}{rcl}"),
        (r"\\end\s*\{eqnarray\*?\}", r"\\end{array}"),
        (r"\\(begin|end)\s*\{(?:[dr]?cases\*?)\}", r"\\\1{cases}"),
        (r"\\(begin|end)\s*\{(?:equation\*|displaymath|math)\}", ""),
        (r"\\(begin|end)\s*\{(?:gather\*|gathered|multline\*)\}", r"\\\1{matrix}"),
        # In braces, since the parser would take the closing bracket alone for what an exponent belongs to.
        (r"\\begin\s*\{([pbBvV]matrix\*?)\}", r"{\\begin{\1}"),
        (r"\\end\s*\{([pbBvV]matrix\*?)\}", r"\\end{\1}}"),
        (r"\\abs\s*\{([^{}]*)\}", r"\\left|\1\\right|"),
        (r"\\norm\s*\{([^{}]*)\}", r"\\left\\|\1\\right\\|"),
        # A formula has the ink of the text, in both themes.
        (r"\\(?:textcolor|colorbox)\s*(?:\[\w+\])?\s*\{[^{}]*\}", ""),
        (r"\\fcolorbox\s*\{[^{}]*\}\s*\{[^{}]*\}", r"\\boxed"),
        (r"\\color\s*(?:\[\w+\])?\s*\{[^{}]*\}", ""),
        (r"\\(operatorname\*?)\s*\{\s*\\(?:mathrm|text|rm)\s*\{([^{}]*)\}\s*\}", r"\\\1{\2}"),
        (r"\\mathop\s*\{\s*\\(?:mathrm|text|rm|operatorname)\s*\{?([^{}]*)\}?\s*\}", r"\\operatorname*{\1}"),
        (r"\\operatorname(\*?)\s*\{([^{}]*)\}", _operator_name),
        (r"\\ce\s*\{((?:[^{}]|\{[^{}]*\})*)\}", _chemistry),
        (r"\\bmod(?![A-Za-z])", r"\\;\\mathrm {mod}\\;"),
        (r"(?<=\d),(?=\d{3}(?!\d))", "{,}"),
        (r"\\hspace\*", r"\\hspace"),
        (r"\\vspace\*?\s*\{[^{}]*\}", ""),
        (r"\\not\s*=", r"\\neq "),
        (r"\\not\s*\\in(?![A-Za-z])", r"\\notin "),
        (r"\\(R|N|Z|Q|C)(?![A-Za-z])", r"\\mathbb{\1}"),
        (r"\\(?:Reals|reals)(?![A-Za-z])", r"\\mathbb{R}"),
    )
]


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
