"""Formulas: which are drawn, and how they stand in a text."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from desktop.rendering.formula.engraver import engrave
from desktop.rendering.formula.typesetter import Formula
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.page.box import UNDERLINED, Mark, MarkKind
from desktop.rendering.page.text_box import TextBox
from desktop.rendering.text.leaves import Leaf, LeafKind
from tests.rendering.documents import Formulas, block
from tests.rendering.painted import WIDTH, style
from tests.support.examples import examples

pytestmark = pytest.mark.usefixtures("qapp")


# --- What models write is typeset; what is hostile, unknown or broken is turned down in a bounded time -------------

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


def test_a_sign_stands_close_to_its_number_and_an_operator_apart():
    sign = engraved("(-x)").width - engraved("(x)").width
    operator = engraved("(y-x)").width - engraved("(yx)").width
    assert operator > sign + 0.3
    assert engraved("x=-y").width < engraved("x+z-y").width - engraved("z").width


_PIECES = r"\frac \left( \right) { } ^ _ x & \\ \begin{matrix} \end{matrix} \sqrt ' \text{a} 中 < \hat | \sum [ ] 1 \ %"


@given(st.lists(st.sampled_from(_PIECES.split()), max_size=30).map("".join))
@settings(max_examples=examples(150))
def test_any_text_is_typeset_or_turned_down(latex):
    began = time.process_time()
    engrave(latex, True)
    assert time.process_time() - began < 3


# --- Formulas in lines of text -------------------------------------------------------------------------------------

TALL = {"tall": block(2.0, 2.5, 1.5), "narrow": block(0.3), "wide": block(60.0), "widish": block(30.0)}


def leaf_of(markdown):
    document = MarkdownDocument(markdown)
    document.finish()
    [leaf] = document.leaves
    return leaf


def box_of(markdown, formulas=None, width=WIDTH):
    return TextBox(leaf_of(markdown), width, style(formulas or Formulas(sizes=TALL)))


def runs(box):
    return list(box._runs)


def picture(box, marks=(), ratio=1.0):
    image = QImage(int(WIDTH * ratio), int((box.height + 1) * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("white"))
    painter = QPainter(image)
    box.paint(painter, QPointF(0, 0), QRectF(0, 0, WIDTH, box.height), marks)
    painter.end()
    return image


def colours_in(image, rectangle):
    """Colours of the inner pixels of a rectangle."""
    inner = rectangle.adjusted(1, 1, -1, -1).toAlignedRect()
    return {
        image.pixelColor(x, y).name()
        for x in range(inner.left(), inner.right())
        for y in range(inner.top(), inner.bottom())
    }


def test_a_formula_stands_on_the_baseline_in_the_ink_of_the_text():
    box = box_of("word $x$ word")
    [run] = runs(box)
    line = box._layout.lineAt(0)
    assert run.baseline == line.y() + line.ascent() == box.first_baseline()
    assert run.width == pytest.approx(3 * run.em)
    assert colours_in(picture(box), run.rectangle()) == {"#222222"}


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_it_is_sharp_at_every_scale(ratio):
    """A fraction's rule keeps its long edges on the screen's pixels: no grey rows above and below."""
    ruled = Formula(QPainterPath(), (QRectF(0, -0.3, 3.0, 0.06),), 3.0, 0.8, 0.2)
    box = box_of("a $x$ b", Formulas(sizes={"x": ruled}))
    [run] = runs(box)
    image = picture(box, ratio=ratio)
    middle = int((run.x + run.width / 2) * ratio)
    column = [image.pixelColor(middle, y).name() for y in range(image.height())]
    assert set(column) == {"#ffffff", "#222222"}
    assert 1 <= column.count("#222222") <= 2 * ratio


@pytest.mark.parametrize("kind", sorted(set(MarkKind) - UNDERLINED))
@pytest.mark.parametrize(("start", "end"), [(0, 99), (2, 5), (3, 4)])
def test_a_marked_formula_has_the_colours_of_the_mark(kind, start, end):
    solid = block(3.0, 0.8, 0.2)
    outlines = solid.outlines
    outlines.addRect(0.5, -0.6, 2.0, 0.6)  # even-odd: a hole
    hollow = replace(solid, outlines=outlines)
    box = box_of("a $x$ b", Formulas(sizes={"x": hollow}))
    [run] = runs(box)
    marked, colours = picture(box, (Mark(start, end, kind),)), style().mark_format(kind)
    hole = QRectF(run.x + 0.5 * run.em, run.baseline - 0.6 * run.em, 2 * run.em, 0.6 * run.em)
    assert colours_in(marked, hole) == {colours.background().color().name()}
    left = QRectF(run.x, run.baseline - 0.8 * run.em, 0.5 * run.em, run.em)
    assert colours_in(marked, left) == {colours.foreground().color().name()}


def test_the_placeholder_is_never_seen():
    invisible = Formula(QPainterPath(), (), 3.0, 0.8, 0.2)
    box = box_of("$x$", Formulas(sizes={"x": invisible}))
    [run] = runs(box)
    room = QRectF(run.x, 0, run.width, box.height)
    assert colours_in(picture(box), room) == {"#ffffff"}
    for kind in MarkKind:
        # Paper and the ground of the mark; of a line its own colour, whole and at its soft edges.
        most = 3 if kind in UNDERLINED else 2
        assert len(colours_in(picture(box, (Mark(0, 3, kind),)), room)) <= most


def test_lines_break_beside_formulas_but_not_in_them_and_not_before_a_comma():
    box = box_of("(" + "$x$, " * 60 + ")")
    assert all(run.x + run.width <= WIDTH + 1 for run in runs(box))
    starts = {box.hit(0, y).offset for y in range(int(box.height))}
    assert len(starts) > 4
    assert {box.leaf.text[start] for start in starts} <= {"(", "$", ")"}
    box = box_of("中" * 27 + "$x$" + "文" * 10)
    assert runs(box)[0].baseline > box.first_baseline()


def test_a_wide_formula_is_made_smaller_and_a_very_wide_one_stays_source():
    [run] = runs(box_of("a $widish$ b"))
    assert run.width == pytest.approx(WIDTH)
    assert runs(box_of("a $wide$ b")) == []


def test_in_right_to_left_text_it_stands_between_its_neighbours():
    box = box_of("مرحبا $x$ بالعالم")
    [run] = runs(box)
    line = box._layout.lineAt(0)
    first, last = line.x() + line.width() - line.naturalTextWidth(), line.x() + line.width()
    assert first + 20 < run.x < run.x + run.width < last - 20
    assert box.hit(run.x + run.width - 2, 8).offset in (6, 9)
    assert colours_in(picture(box), run.rectangle()) == {"#222222"}


def test_until_it_is_there_and_where_it_is_broken_the_source_is_shown():
    formulas = Formulas(withheld=True)
    box = box_of("a $x$ and $broken$ b", formulas)
    assert runs(box) == []
    assert box._layout.text() == "a $x$ and $broken$ b"
    assert box._layout.formats() == []
    assert formulas.asked == [("x", False), ("broken", False)]
    assert box.formulas_ready(frozenset({("other", False)})) is None
    assert box.formulas_ready(formulas.release()) == 0.0
    assert [run.start for run in runs(box)] == [2]
    [_, code] = sorted(box._layout.formats(), key=lambda each: each.length)
    assert code.length == len("$broken$")
    assert code.format.background().color() == style().colours.code_ground
    assert box.formulas_ready(frozenset({("x", False)})) is None


@pytest.mark.parametrize("seed", range(3))
def test_formulas_that_come_late_end_up_like_those_that_were_there(seed):
    generator = random.Random(seed)
    words = [
        "word",
        "$x$",
        "$tall$",
        "中文字",
        "**bold $y_1$**",
        "`code`",
        "$narrow$,",
        "\\(z\\)",
        "longer-word",
        "$broken$",
    ]
    leaf = leaf_of(" ".join(generator.choices(words, k=270)))
    formulas = Formulas(withheld=True, sizes=TALL)
    box = TextBox(Leaf(LeafKind.PARAGRAPH), WIDTH, style(formulas))
    end = 0
    while end < len(leaf.text):
        end = min(len(leaf.text), end + generator.randint(1, 400))
        formulas.withheld = generator.random() < 0.5
        spans = tuple(span for span in leaf.spans if span.end <= end)
        box.update(Leaf(LeafKind.PARAGRAPH, leaf.text[:end], spans), WIDTH)
        if generator.random() < 0.3:
            box.formulas_ready(formulas.release())
    box.update(leaf, WIDTH)
    box.formulas_ready(formulas.release())
    whole = TextBox(leaf, WIDTH, style(Formulas(sizes=TALL)))
    assert len(runs(box)) == len(runs(whole)) > 60
    assert picture(box) == picture(whole)
