"""What is a formula in a line of text, and formulas on demand: typeset once, in another thread, within bounds."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.rendering.formula.typesetter import FormulaTypesetter
from desktop.rendering.markdown.inline import LONGEST, formula_end, parse_inline, without_delimiters
from desktop.rendering.text.leaves import Style
from tests.rendering.documents import block
from tests.support.waiting import PATIENCE

# --- Formulas on demand --------------------------------------------------------------------------------------------


class Engraver:
    """Typesets when it is let; says what it was asked for and by which thread."""

    def __init__(self):
        self.asked: list[str] = []
        self.threads: set[int] = set()
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def engrave(self, latex, display):
        self.may_go_on.wait(PATIENCE)
        self.asked.append(latex)
        self.threads.add(threading.get_ident())
        return None if latex == "broken" else block()


@pytest.fixture
def engraver():
    return Engraver()


@pytest.fixture
def typesetter(qtbot, engraver):
    made = FormulaTypesetter(engraver.engrave)
    yield made
    engraver.may_go_on.set()
    made.close()


def test_a_formula_is_there_once_it_has_been_told_of(qtbot, typesetter, engraver):
    with qtbot.waitSignal(typesetter.ready) as told:
        assert typesetter.lookup("x", False) is None
        assert typesetter.lookup("x", False) is None
    assert told.args == [frozenset({("x", False)})]
    assert typesetter.lookup("x", False) is not None
    assert engraver.asked == ["x"]
    assert threading.get_ident() not in engraver.threads


def test_what_is_turned_down_is_not_tried_again(qtbot, typesetter, engraver):
    with qtbot.waitSignal(typesetter.ready) as told:
        typesetter.lookup("broken", False)
        typesetter.lookup("x", False)
    assert told.args == [frozenset({("x", False), ("broken", False)})]
    assert typesetter.lookup("broken", False) is None
    assert typesetter.is_turned_down("broken", False)
    assert not typesetter.is_turned_down("x", False)
    assert not typesetter.is_turned_down("unheard of", False)
    with qtbot.waitSignal(typesetter.ready):
        typesetter.lookup("y", False)
    assert sorted(engraver.asked) == ["broken", "x", "y"]


def test_what_was_asked_for_last_comes_first(qtbot, typesetter, engraver):
    engraver.may_go_on.clear()
    for number in range(50):
        typesetter.lookup(f"x_{number}", False)
    engraver.may_go_on.set()
    qtbot.waitUntil(lambda: len(engraver.asked) == 50)
    assert engraver.asked[1:10] == [f"x_{number}" for number in range(49, 40, -1)]


def formula_threads():
    """The threads of typesetters, those of other tests in this process among them."""
    return {id(thread) for thread in threading.enumerate() if thread.name == "formulas"}


def test_a_closed_one_tells_nothing_and_has_ended(qtbot, typesetter, engraver):
    before = formula_threads()
    for number in range(1_000):
        typesetter.lookup(f"x_{number}", False)
    with qtbot.assertNotEmitted(typesetter.ready, wait=50):
        typesetter.close()
        assert formula_threads() == before
    assert typesetter.lookup("y", False) is None
    assert "y" not in engraver.asked


def test_the_real_one(qtbot):
    typesetter = FormulaTypesetter()
    with qtbot.waitSignal(typesetter.ready, timeout=20_000):
        typesetter.lookup(r"\frac{a}{b}", True)
    formula = typesetter.lookup(r"\frac{a}{b}", True)
    typesetter.close()
    assert formula is not None
    assert len(formula.rules) == 1


@pytest.mark.parametrize("last_words", ["", "typesetter.close()", "del app"])
def test_a_program_ends_while_formulas_are_typeset(last_words):
    code = (
        "from PySide6.QtGui import QGuiApplication; app = QGuiApplication([]);"
        "from desktop.rendering.formula.typesetter import FormulaTypesetter; typesetter = FormulaTypesetter();"
        "[typesetter.lookup(f'x_{number}中', True) for number in range(2_000)];"
        "from PySide6.QtCore import QTimer; QTimer.singleShot(400, app.quit); app.exec();"
        f"{last_words}"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], timeout=60, capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_ziamath_is_imported_with_the_first_formula():
    code = (
        "import sys; from PySide6.QtCore import QCoreApplication; app = QCoreApplication([]);"
        "from desktop.rendering.page.stack import Page;"
        "from desktop.rendering.formula.typesetter import FormulaTypesetter;"
        "FormulaTypesetter(); sys.exit(bool({'ziamath', 'ziafont', 'latex2mathml'} & sys.modules.keys()))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2], timeout=60)


# --- What is a formula in a line of text, and what is money, a variable of a shell or an escaped bracket -----------

FORMULAS = {
    "$x$": ["$x$"],
    "Let $x \\in \\mathbb{R}$ and $y > 0$.": ["$x \\in \\mathbb{R}$", "$y > 0$"],
    "($a+b$), [$c$]; “$d$”": ["$a+b$", "$c$", "$d$"],
    "the $n$th term, $k$-means, $x$'s": ["$n$", "$k$", "$x$"],
    "$10$ and $-3.5$": ["$10$", "$-3.5$"],
    "$2x + 3y$": ["$2x + 3y$"],
    "$100\\%$ of $\\$5$": ["$100\\%$", "$\\$5$"],
    "2$\\pi$ rad": ["$\\pi$"],
    "设$x$为$y$的根": ["$x$", "$y$"],
    "$\\text{速度}=v$": ["$\\text{速度}=v$"],
    "$a_1 * b_1 * c_1$": ["$a_1 * b_1 * c_1$"],
    "$x_i$ and $y_i$ are _not_ emphasis": ["$x_i$", "$y_i$"],
    "**bold $a*b$ text**": ["$a*b$"],
    "$a$$b$": [],  # GitHub and Pandoc read this differently, too
    "$a$ $b$": ["$a$", "$b$"],
    "$f(x)=\\begin{cases}1 & x>0\\\\ 0\\end{cases}$": ["$f(x)=\\begin{cases}1 & x>0\\\\ 0\\end{cases}$"],
    "$a\nb$ over two lines": ["$a b$"],
    "$P(A|B)$": ["$P(A|B)$"],
    "$O(n \\log n)$, $O(n)$ and $O(1)$": ["$O(n \\log n)$", "$O(n)$", "$O(1)$"],
    "$sin x$": ["$sin x$"],
    "$[a](b)$": ["$[a](b)$"],
    "$a<b>c$": ["$a<b>c$"],
    "$$x$$": ["$$x$$"],
    "so $$E = mc^2$$ holds": ["$$E = mc^2$$"],
    "$$ a \\\\ b $$": ["$$ a \\\\ b $$"],
    "$$a$$$$b$$": ["$$a$$", "$$b$$"],
    r"\(x\)": [r"\(x\)"],
    r"if \( a_1 < b_1 \) then \(c\)": [r"\( a_1 < b_1 \)", r"\(c\)"],
    r"\(f(x)\) and (\(y\))": [r"\(f(x)\)", r"\(y\)"],
    "\\(a\n+ b\\)": [r"\(a + b\)"],
    r"\(5\)": [r"\(5\)"],
    r"then \[x = 1\] follows": [r"\[x = 1\]"],
    r"\[ \frac{a}{b} \]": [r"\[ \frac{a}{b} \]"],
    r"costs $5, but $x^2$ is free": ["$x^2$"],
    "[see $x$](https://a.example/)": ["$x$"],
    "https://a.example/ has $x$": ["$x$"],
    "`code` then $x$": ["$x$"],
    r"\\($x$\\)": ["$x$"],
}

NO_FORMULAS = [
    "$5 and $6",
    "costs $5, or 10$",
    "from $20-$30 to $1,000",
    "$20,000 and $30,000",
    "US$5 and AU$6, or 5$-10$",
    "between 5$ and 6$",
    "$5/month, $50/year",
    "it is $5 or US$",
    "$1 million to 2 million$ more",
    "$HOME and $PATH",
    "$HOME/bin:$PATH",
    "$PATH$HOME",
    "echo $USER; echo $1",
    "a $ b $ c",
    "$ x$",
    "$x $",
    "$x$5",
    "$",
    "$$",
    "$$$$",
    "$$ $$",
    r"\$x\$",
    r"\$x$",
    r"$x\$",
    "$a lot of money$",
    "`$x$`",
    "`` a ` $x$ ``",
    "$a `b$` c",
    r"`\(x\)`",
    r"\(never closed",
    r"\[1\]",
    r"see \[note 3\] and \[x\]",
    r"\[link\](https://a.example/)",
    r"- \[ \] a task",
    r"\\(x\\)",
    r"\\[4pt\\]",
    r"\( \)",
    "(x) [y]",
    "$ARGS, then $",
    "jQuery's $('a') and $('b')",
    "regex ^a$ and b$",
    f"${'x+' * LONGEST}$",
]


def formulas(source):
    inline = parse_inline(source)
    return [inline.text[span.start : span.end] for span in inline.spans if span.style & Style.FORMULA]


@pytest.mark.parametrize(("source", "found"), FORMULAS.items())
def test_what_is_a_formula(source, found):
    assert formulas(source) == found


@pytest.mark.parametrize("source", NO_FORMULAS)
def test_what_is_not(source):
    assert formulas(source) == []


def test_inside_a_formula_nothing_is_emphasis_or_a_link():
    inline = parse_inline("$a_1*b*_2 + [x](https://a.example/) + https://b.example/$ and *c*")
    assert [span.style for span in inline.spans] == [Style.FORMULA, Style.ITALIC]


@pytest.mark.parametrize("source", ["$5 and *b*", "$HOME *b*", r"`\(` *b*", r"\(x\) *b*", "$x_1$ *b*", r"\\(a *b*"])
def test_what_is_no_half_of_a_formula_is_read_on(source):
    assert parse_inline(source, is_growing=True) == parse_inline(source)
    assert parse_inline(source, is_growing=True).spans[-1].style is Style.ITALIC


def test_delimiters_and_how_it_is_set():
    assert without_delimiters("$x$") == ("x", False)
    assert without_delimiters(r"\( x \)") == ("x", False)
    assert without_delimiters("$$ x $$") == ("x", True)
    assert without_delimiters(r"\[x\]") == ("x", True)


@given(st.lists(st.sampled_from(["$", "$$", "\\", "(", ")", "[", "]", "x", "_", " ", "5", "`", "\n", "中"])))
def test_any_text_is_read(pieces):
    source = "".join(pieces)
    for start in range(len(source)):
        end = formula_end(source, start)
        assert end is None or start < end <= len(source)
    for found in formulas(source):
        assert without_delimiters(found)[0]
