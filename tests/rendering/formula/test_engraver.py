"""What models write is typeset; what is hostile, unknown or broken is turned down in a bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.rendering.formula.engraver import engrave
from tests.support.examples import examples

pytestmark = pytest.mark.usefixtures("qapp")

CONSTRUCTS = r"""
\frac{a}{b} + \dfrac{a}{b} + \tfrac{a}{b} + \cfrac{1}{1+\cfrac{1}{x}} + \frac12
\sqrt{x^2+y^2} + \sqrt[3]{x}
\sum_{i=1}^{n} i^2 = \frac{n(n+1)(2n+1)}{6}
\prod_{p} \frac{1}{1-p^{-s}}, \bigcup_i A_i, \bigoplus_i V_i
\int_0^\infty e^{-x^2}\,dx, \iint_D, \oint_C, \int\limits_0^1
\lim_{x \to 0} \frac{\sin x}{x} = 1
\lim\limits_{n\to\infty} a_n, \limsup_n, \sup_x
\begin{matrix} a & b \\ c & d \end{matrix}
A = \begin{pmatrix} a & b \\ c & d \end{pmatrix}^{-1}
\begin{bmatrix} 1 & \cdots & n \\[4pt] \vdots & \ddots & \vdots \end{bmatrix}_{ij}
\begin{vmatrix} \mathbf{i} & \mathbf{j} \\ a & b \end{vmatrix}, \begin{Bmatrix} a \end{Bmatrix}
\left[\begin{array}{cc|c} 1 & 2 & 3 \\ \hline 4 & 5 & 6 \end{array}\right]
f(x) = \begin{cases} x^2 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}
\begin{align} a &= b + c \\ &= d \end{align}
\begin{align*} a &= b & c &= d \end{align*}
\begin{aligned} a &= b \\ c &= d \end{aligned}
\begin{align} a &= b \tag{1} \\ c &= d \tag{2} \end{align}
\begin{alignedat}{2} a &= b &\quad c &= d \end{alignedat}
\begin{gather} a \\ b \end{gather}
\begin{equation} a = b \label{eq:1} \end{equation}
\begin{equation*} a = b \end{equation*}
\begin{split} a &= b \\ &= c \end{split}
\begin{eqnarray} a &=& b \end{eqnarray}
\text{Speed} = \frac{\text{Distance}}{\text{Time}}
\text{for all $x$ in } A
\mathbb{R}^n \subset \mathcal{L}, \mathfrak{g}, \mathscr{F}, \R
\hat{x}, \vec{v}, \bar{y}, \tilde{z}, \dot{a}, \ddot{a}
\widehat{abc}, \widetilde{abc}, \overline{abc}, \underline{abc}, \overrightarrow{AB}
\left( \frac{a}{b} \right) \left\{ x \right\} \left| x \right| \left\lfloor x \right\rfloor
\left. \frac{df}{dx} \right|_{x=0}, \left( a \middle| b \right)
f(x) \Big|_{x=0}, \bigl( \Bigr) \biggl[ \Biggr] \big\{
\binom{n}{k} = \frac{n!}{k!(n-k)!}, \dbinom{n}{k}, {n \choose k}
\frac{\partial f}{\partial x}, \nabla \cdot \mathbf{F}
\infty, \cdots, \ldots, \vdots, \ddots, \dots
\overset{!}{=} \underset{x}{\min} \stackrel{\text{def}}{=}
\underbrace{a + b}_{n} \overbrace{a + b}^{m}
\boxed{x = 5}
a \quad b \qquad c \, d \; e \: f \! g \ h
\mathrm{d}x, \operatorname{rank} A, \operatorname*{arg\,max}_{\theta} f, \mathop{\mathrm{argmin}}_x
E = mc^2 \tag{1}
E = mc^2 \tag*{(a)} \nonumber
\Gamma\alpha\beta\gamma\epsilon\varepsilon\theta\lambda\mu\pi\phi\varphi\omega
\forall \epsilon > 0 \, \exists \delta : |x - a| < \delta \implies |f(x) - L| < \epsilon
A \cap B \cup C \setminus D \in \emptyset \notin \varnothing
x \le y \geq z \neq w \approx v \equiv u \sim t \propto s \ll r
\to \rightarrow \Rightarrow \leftrightarrow \iff \mapsto \xrightarrow{f} \longrightarrow
\lfloor x \rfloor \lceil y \rceil \langle u, v \rangle \|x\| \lVert v \rVert
a \bmod b \equiv c \pmod{n}
\sin\theta \cos^2\phi \tan^{-1} x \log_2 n \ln x \max_i \det A \gcd(a,b)
\boldsymbol{\alpha} \bm{x} \mathbf{x} \mathit{x} \mathsf{x} \mathtt{x}
\cancel{x} \xcancel{y} \bcancel{z} \not= \not\in
\color{red}{x} + \textcolor{blue}{y} + \colorbox{red}{$z$}
\ce{H2O}, \ce{CO2 + H2O -> H2CO3}, \ce{SO4^2-}, \ce{Fe^3+ + 3OH- <=> Fe(OH)3}
50\% \$5 \# \& \_
f'(x), f''(x), x'_1, x^{\prime}, 90^\circ
P(A \mid B) = \frac{P(B \mid A) P(A)}{P(B)}
\langle \psi | \hat{H} | \phi \rangle, \ket{\psi}, \bra{\phi}
\sum_{\substack{i<j \\ j<k}} x
1{,}000 + 1,000
\mathbb{E}[X], \mathrm{Var}(X), \mathbb{1}_A
\xrightarrow[\text{b}]{\text{a}}
""".strip().split("\n")

TURNED_DOWN = {
    "nothing": " ",
    "an unknown command": r"\foo{x}",
    "a wrong brace": r"\frac{a}{",
    "a wrong fence": r"\left( x",
    "a wrong environment": r"\begin{matrix} a",
    "an ampersand": "a & b",
    "a double exponent": "x^2^3",
    "nothing to be seen": r"\phantom{x}",
    "a definition": r"\def\a{\a\a}\a",
    "definitions that double": r"\newcommand{\a}{\b\b}\newcommand{\b}{\c\c}\a",
    "an entity": "&lol;",
    "depth": r"\frac{1}{" * 10_000 + "x" + "}" * 10_000,
    "brackets in brackets": r"\left(" * 40 + "x" + r"\right)" * 40,
    "roots in roots": r"\sqrt" * 900 + "x",
    "exponents of exponents": "x^" * 1_900 + "x",
    "length": "x + " * 25_000,
    "a long row": "x+" * 1_900,
    "many brackets": "(x)" * 1_300,
    "a giant matrix": r"\begin{matrix}" + ("&".join("x" * 40) + r"\\") * 40 + r"\end{matrix}",
    "many lines": r"\begin{matrix}" + r"x\\" * 1_200 + r"\end{matrix}",
    "a wide space": r"x\hspace{99999em}y",
    "a large rule": r"x\rule{9999em}{9999em}",
    "primes": "x" + "'" * 3_000,
    "opened for ever": "{" * 3_900,
    "scripts only": "_^" * 1_900,
}


def engraved(latex, display=True):
    formula = engrave(latex, display)
    assert formula is not None, latex
    return formula


@pytest.mark.parametrize("latex", CONSTRUCTS)
def test_constructs(latex):
    for display in (True, False):
        formula = engraved(latex, display)
        assert 0.2 < formula.width < 60
        assert formula.ascent > 0.2
        assert formula.outlines.boundingRect().right() <= formula.width


@pytest.mark.parametrize("latex", TURNED_DOWN.values(), ids=TURNED_DOWN)
def test_what_is_turned_down(latex):
    before = engraved(r"\text{AV} f'_1")
    began = time.process_time()
    assert engrave(latex, True) is None
    assert time.process_time() - began < 3, "the thread that typesets cannot be stopped"
    engrave(rf"\text{{AV}} {latex}", True)
    assert engraved(r"\text{AV} f'_1") == before  # it leaves no trace


def test_nesting_that_people_write_is_typeset_and_more_is_turned_down_at_once():
    """Each level doubles the work."""
    began = time.process_time()
    engraved(r"1 + \cfrac{1}{" * 8 + "x" + "}" * 8)
    assert engrave(r"1 + \cfrac{1}{" * 14 + "x" + "}" * 14, True) is None
    assert time.process_time() - began < 2


def ink(formula, em=40.0):
    """Where a formula leaves ink on a picture, in pixels from the left end of its baseline."""
    image = QImage(int(formula.width * em) + 40, 400, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    formula.paint(painter, QPointF(20, 200), em, QColor("black"))
    painter.end()
    dark = [
        (x, y) for y in range(image.height()) for x in range(image.width()) if image.pixelColor(x, y).lightness() < 128
    ]
    left, right = min(x for x, _ in dark), max(x for x, _ in dark)
    top, bottom = min(y for _, y in dark), max(y for _, y in dark)
    return QRectF(left - 20, top - 200, right - left + 1, bottom - top + 1)


@pytest.mark.parametrize(
    "latex", [r"\frac{a}{b}", r"\boxed{x}", "yf", r"\int_0^1", r"\begin{bmatrix}1\\2\end{bmatrix}"]
)
def test_the_ink_is_where_it_is_said_to_be(latex):
    formula = engraved(latex)
    seen = ink(formula)
    assert seen.left() >= 0
    assert seen.right() <= formula.width * 40 + 1
    assert seen.top() == pytest.approx(-formula.ascent * 40, abs=2)
    assert seen.bottom() == pytest.approx(formula.descent * 40, abs=2)


@pytest.mark.parametrize(
    "latex", [r"\text{速度}", "速度", r"\mathbf{速}", r"\frac{\text{距离}}{\text{时间}}", r"\text{速x，y}"]
)
def test_chinese_is_drawn_in_a_font_of_the_system(latex):
    """The font of formulas has a box for what it lacks: all characters would look the same."""
    other = latex.replace("速", "度").replace("距", "间")
    assert engraved(latex).outlines != engraved(other).outlines
    assert engraved(latex).width > 0.8


def test_a_formula_too_large_for_a_picture_is_painted(qapp):
    formula = engraved(r"\boxed{x}")
    small, large = ink(formula, 40.0), ink(formula, 41.0)
    assert small.width() < large.width()
    image = QImage(2_000, 2_000, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    formula.paint(painter, QPointF(10, 1_500), 1_200.0, QColor("#ff0000"))
    painter.end()
    rule = formula.rules[0]  # the frame's upper edge
    assert (
        image.pixelColor(int(10 + rule.center().x() * 1_200), int(1_500 + rule.center().y() * 1_200)).name()
        == "#ff0000"
    )


def test_a_binomial_has_no_rule_and_a_fraction_has():
    assert engraved(r"\binom{n}{k}").rules == ()
    assert len(engraved(r"\frac{n}{k}").rules) == 1


def test_a_display_is_larger():
    latex = r"\sum_{i=1}^n \frac{1}{i}"
    display, inline = engraved(latex, True), engraved(latex, False)
    assert display.ascent + display.descent > 1.3 * (inline.ascent + inline.descent)


def test_a_sign_stands_close_to_its_number_and_an_operator_apart():
    sign = engraved("(-x)").width - engraved("(x)").width
    operator = engraved("(y-x)").width - engraved("(yx)").width
    assert operator > sign + 0.3
    assert engraved("x=-y").width < engraved("x+z-y").width - engraved("z").width


def test_lines_of_a_table():
    plain = engraved(r"\begin{array}{ccc} 1 & 2 & 3 \\ 4 & 5 & 6 \end{array}")
    ruled = engraved(r"\begin{array}{cc|c} 1 & 2 & 3 \\ \hline 4 & 5 & 6 \end{array}")
    assert len(plain.rules) == 0
    assert len(ruled.rules) == 2


_PIECES = r"\frac \left( \right) { } ^ _ x & \\ \begin{matrix} \end{matrix} \sqrt ' \text{a} 中 < \hat | \sum [ ] 1 \ %"


@given(st.lists(st.sampled_from(_PIECES.split()), max_size=30).map("".join))
@settings(max_examples=examples(150))
def test_any_text_is_typeset_or_turned_down(latex):
    began = time.process_time()
    engrave(latex, True)
    assert time.process_time() - began < 3
