"""The symbols of formulas in little memory are those of latex2mathml and ziamath."""

from __future__ import annotations

import sys

import pytest

from desktop.rendering import formula
from desktop.rendering.formula.engraver import engrave
from desktop.rendering.formula.markup import mathml
from desktop.rendering.formula.mathml import with_named_letters


def test_each_symbol_has_the_code_of_its_table_and_others_have_none() -> None:
    assert engrave("x", display=False) is not None
    from latex2mathml import converter, symbols_parser, tokenizer, walker

    table = symbols_parser.parse_symbols()
    found = vars(converter)["convert_symbol"]
    names = [*table][::7]  # one in seven, from each part of it
    assert [found(name) for name in names] == [table[name] for name in names]
    strange = ["", " ", "\\", "\\nope", "\\alph", "alpha", "\\alpha ", "\\alpha\n", "03B1", "\n"]
    assert [found(name) for name in strange] == [table.get(name) for name in strange]
    assert vars(tokenizer)["convert_symbol"] is vars(walker)["convert_symbol"] is found
    assert len(symbols_parser.SYMBOLS) == 0


def test_named_letters_are_written_as_they_are() -> None:
    assert with_named_letters("<mi>&alpha;&le;&InvisibleTimes;</mi>") == "<mi>α≤\u2062</mi>"
    own = "<mi>&lt;&#x3b1;&amp;&nope;&</mi>"
    assert with_named_letters(own) == own
    assert engrave(r"\text{a &alpha; b}", display=False) is not None
    elements = mathml(r"\text{a &alpha; b}", display=False)
    assert elements is not None
    assert "α" in "".join(elements.itertext())


def test_formulas_are_set_where_another_version_has_other_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(formula, "lean_symbols", raising=False)
    monkeypatch.setitem(sys.modules, "desktop.rendering.formula.lean_symbols", None)
    assert engrave("x + 2", display=False) is not None
