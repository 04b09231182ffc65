"""Formulas on demand: each typeset once, in another thread, told of together, kept within bounds."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop.rendering.formula import typesetter as formula_typesetter
from desktop.rendering.formula.typesetter import FormulaTypesetter
from tests.rendering.formulas import block
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


def test_many_are_told_of_together(qtbot, typesetter, engraver):
    engraver.may_go_on.clear()
    told: list[frozenset[tuple[str, bool]]] = []
    typesetter.ready.connect(told.append)
    for number in range(200):
        typesetter.lookup(f"x_{number}", False)
    engraver.may_go_on.set()
    qtbot.waitUntil(lambda: sum(map(len, told)) == 200)
    assert len(told) < 20


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


def test_the_longest_unused_are_forgotten(qtbot, typesetter, monkeypatch):
    monkeypatch.setattr(formula_typesetter, "_MOST", 3)
    for latex in "abc":
        with qtbot.waitSignal(typesetter.ready):
            typesetter.lookup(latex, False)
    typesetter.lookup("a", False)
    with qtbot.waitSignal(typesetter.ready):
        typesetter.lookup("d", False)
    assert typesetter.lookup("a", False) is not None
    assert typesetter.lookup("b", False) is None


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


def test_its_thread_ends_with_it(qtbot, engraver):
    before = formula_threads()
    typesetter = FormulaTypesetter(engraver.engrave)
    with qtbot.waitSignal(typesetter.ready):
        typesetter.lookup("x", False)
    del typesetter
    qtbot.waitUntil(lambda: formula_threads() == before)


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
