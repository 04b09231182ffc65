"""What is written for other programs: HTML, and formulas for Word."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage

from desktop.rendering.formula.mathml import mathml, mathml_text
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.written.clipboard import pasted_formula, pasted_page, pasted_piece
from desktop.rendering.written.html import HtmlLook, html, looks_like_formula, loses_zeros
from desktop.rendering.written.omml import html_run, omml, word_run

# --- Leaves as HTML, also for the clipboard ------------------------------------------------------------------------

VOID = ("br", "hr", "img", "meta")


class Balance(HTMLParser):
    """Reads HTML and notes the tags that are open at its end, or closed without having been opened."""

    def __init__(self):
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def written(markdown, look=None):
    return html(parse(markdown), look or HtmlLook()).replace("\n", "")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# A *b*", "<h1>A <i>b</i></h1>"),
        ("one  \ntwo", "<p>one<br>two</p>"),
        ("a `<b>` c", "<p>a <code>&lt;b&gt;</code> c</p>"),
        ("~~no~~ **yes**", "<p><s>no</s> <b>yes</b></p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("1. a\n   - b\n   - c\n2. d", "<ol><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ol>"),
        ("1. a\n\n   more\n2. b", "<ol><li>a<p>more</p></li><li>b</li></ol>"),
        ("- [x] done\n- [ ] open", "<ul><li>☑ done</li><li>☐ open</li></ul>"),
        ("- [x] > a", "<ul><li><blockquote><p>☑ a</p></blockquote></li></ul>"),
        ("- [x] - a", "<ul><li>☑ <ul><li>a</li></ul></li></ul>"),
        ("> a\n> - b", "<blockquote><p>a</p><ul><li>b</li></ul></blockquote>"),
        ("```\na < b\n  c\n```", "<pre>a &lt; b  c</pre>"),
        ("---", "<hr>"),
        ("note[^1]\n\n[^1]: what", "<p>note¹</p><div><p>¹ what</p></div>"),
        ("$x^2$", "<p><code>$x^2$</code></p>"),
    ],
)
def test_blocks_and_words(markdown, expected):
    assert written(markdown) == expected


def test_cells_that_a_spreadsheet_would_compute_are_marked_as_text():
    look = HtmlLook(cells_as_text=True)
    cells = written("| a |\n|---|\n| =1+1 |\n| -5 |\n| 007 |", look)
    assert cells.count('sdnum="0;0;@"') == 2
    assert [looks_like_formula(each) for each in ("=1", "+1+1", "@SUM", "-1", "+1.5%", "- 1", "1", "")] == [
        *(True, True, True, False, False, False, False, False)
    ]
    assert [loses_zeros(each) for each in ("007", "0", "70", "0.5")] == [True, False, False, False]


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        '<img src="http://x.example/a.png">',
        "![pixel](https://x.example/a.png)",
        '[a](javascript:alert(1)) [b](https://x.example/"onclick=alert)',
        "`</code><script>`",
        "```html\n</pre><script>\n```",
        "| <b>a</b> |\n|---|\n| <i>x |",
        "\ud800 \x00 \ufffe",
    ],
)
def test_nothing_of_a_text_becomes_a_tag(markdown):
    made = written(markdown)
    balance = Balance()
    balance.feed(made)
    assert not balance.wrong
    assert not balance.open
    assert not {"script", "img"} & set(balance.seen)
    made.encode("utf-8")
    assert "\x00" not in made


@pytest.mark.parametrize(
    "markdown",
    [
        "1. a\n\n   > b\n   > 1. c\n\n2. d\n- e\n> f\n\n10) g\n11) h\n1. i",
        "> > deep\n> back\n\n- a\n  - b\n    - c\n- d\n\n      code\n",
        "- a\n\n[^1]: note\n    - in it\n\n1. x",
    ],
)
def test_whatever_stands_in_whatever_the_tags_are_balanced(markdown):
    balance = Balance()
    balance.feed(html(parse(markdown), HtmlLook()))
    assert not balance.wrong
    assert not balance.open


def test_a_formula_goes_to_word_as_one_and_to_others_as_a_picture():
    written = pasted_piece(parse("so $x^2$"))
    assert "<!--[if gte msEquation 12]><m:oMath>" in written
    found = re.search(r'<!\[if !msEquation\]><img src="data:image/png;base64,([^"]+)"[^>]* alt="x\^2">', written)
    assert found is not None
    picture = QImage.fromData(base64.b64decode(found[1]))
    assert picture.width() > picture.height() > 20


def test_a_formula_that_cannot_be_read_is_its_source():
    assert re.fullmatch(r'<code style="[^"]+">\$\\nosuchthing &lt;\$</code>', pasted_formula(r"\nosuchthing <"))


def test_the_page_marks_what_is_pasted():
    page = pasted_page(["<p>a</p>", "<p>b</p>"])
    assert "<body><!--StartFragment--><p>a</p><p>b</p><!--EndFragment--></body>" in page
    assert 'charset="utf-8"' in page


# --- Formulas of Word ----------------------------------------------------------------------------------------------

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
