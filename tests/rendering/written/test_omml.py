"""Formulas of Word: their structure, by formulas that answers have."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from desktop.rendering.formula.mathml import mathml, mathml_text
from desktop.rendering.written.omml import html_run, omml, word_run

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def structure(latex):
    """The formula as names and letters: f(num(a) den(b))."""
    elements = mathml(latex, True)
    assert elements is not None
    source = omml(elements, word_run).replace("<m:oMath>", f'<m:oMath xmlns:m="{M}" xmlns:w="{W}">', 1)
    return " ".join(_said(each) for each in ElementTree.fromstring(source))  # noqa: S314


def _said(element):
    name = re.sub(r"{.*}", "", element.tag)
    if name == "r":
        return "".join(element.itertext()).replace("\u200b", "∅")
    if name.endswith("Pr"):
        return ""
    return f"{name}({' '.join(filter(None, map(_said, element)))})"


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\frac{a}{b}", "f(num(a) den(b))"),
        (r"\sqrt{x}", "rad(deg() e(x))"),
        (r"\sqrt[3]{x}", "rad(deg(3) e(x))"),
        ("x_i^2", "sSubSup(e(x) sub(i) sup(2))"),
        (r"\sum_{i=1}^n x_i = 1", "nary(sub(i = 1) sup(n) e(sSub(e(x) sub(i)))) = 1"),
        (r"\int_0^1 f\,dx", "nary(sub(0) sup(1) e(f \u2009 d x))"),
        (r"\sin x + 1", "func(fName(sin) e(x)) + 1"),
        (r"\lim_{x \to 0} y", "func(fName(limLow(e(lim) lim(x → 0))) e(y))"),
        (r"\left(\frac12\right)^2", "sSup(e(d(e(f(num(1) den(2))))) sup(2))"),
        (r"\left. x \middle| y \right]", "d(e(x) e(y))"),
        (r"\begin{pmatrix}a&b\\c&d\end{pmatrix}", "d(e(m(mr(e(a) e(b)) mr(e(c) e(d)))))"),
        (r"\begin{cases}1&x\\0&y\end{cases}", "d(e(m(mr(e(1) e(x)) mr(e(0) e(y)))))"),
        (r"\begin{aligned}a&=b\\&=c\end{aligned}", "m(mr(e(a) e(∅ = b)) mr(e(∅) e(∅ = c)))"),
        (r"\hat x", "acc(e(x))"),
        (r"\overline{ab}", "bar(e(a b))"),
        (r"\underbrace{a}_n", "limLow(e(groupChr(e(a))) lim(n))"),
        (r"\boxed{x}", "borderBox(e(x))"),
        (r"\binom{n}{k}", "d(e(f(num(n) den(k))))"),
        (r"{}^{14}C", "sSup(e(∅) sup(14)) C"),
    ],
)
def test_structure(latex, expected):
    assert structure(latex) == expected


def test_letters_are_escaped_and_told_apart():
    elements = mathml(r"a < \text{if } B", False)
    assert elements is not None
    for run in (word_run, html_run):
        written = omml(elements, run)
        assert "&lt;" in written
        assert re.search(r"if\s", written)
        assert "<m:nor/>" in written


def test_hostile_latex_has_no_formula():
    for latex in (r"\def\a{\a\a}\a", "{" * 40 + "x" + "}" * 40, "", r"\unknowncommand"):
        assert mathml(latex, True) is None


def test_mathml_has_its_namespace():
    elements = mathml("x", True)
    assert elements is not None
    assert mathml_text(elements).startswith('<math display="block" xmlns="http://www.w3.org/1998/Math/MathML"')
