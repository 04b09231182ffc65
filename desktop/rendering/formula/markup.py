"""LaTeX to MathML, to be typeset and for other programs: a tree of elements, and its text.

Takes a millisecond; the first call imports ziamath. A formula that cannot be read, or is beyond the bounds of `latex`,
has none: its source is shown instead.
"""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from desktop.rendering.formula.latex import prepared
from desktop.rendering.formula.mathml import correct

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
