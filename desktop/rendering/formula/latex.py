r"""LaTeX as models write it, made into LaTeX that ziamath's parser knows, within bounds. Typesets nothing.

The parser is written in Python and cannot be stopped, so what could keep it busy is turned away before: long or deep
LaTeX, and definitions, which can double themselves.
"""

from __future__ import annotations

import re

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
