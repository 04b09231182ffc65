"""The font of formulas in little memory says the same as ziafont's own reading of it."""

from __future__ import annotations

import gc
import sys
from typing import Any

import pytest
import ziafont.font
from ziafont.cmap import Cmap4, Cmap12

from desktop.rendering import formula
from desktop.rendering.formula import engraver
from desktop.rendering.formula.engraver import engrave
from desktop.rendering.formula.lean_font import begin

_CHARACTERS = [*range(0x20, 0x2600), *range(0x1D400, 0x1D800)]


@pytest.fixture(scope="module")
def font() -> Any:
    begin()
    assert engrave("x", display=False) is not None
    from ziamath.zmath import loadedfonts

    return loadedfonts["default"]


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Cmap12, ([65, 0x1D400], [70, 0x1D405], [10, 300])),
        (Cmap4, ([65, 97], [66, 98], [0, 2], [5, 7], [21, 0])),
    ],
)
def test_characters_have_the_glyphs_that_the_table_gives_them(font: Any, kind: Any, given: Any) -> None:
    theirs = kind("unicode", 3, *given)
    lean = getattr(ziafont.font, kind.__name__)("unicode", 3, *given)

    assert type(lean) is not type(theirs)
    for code in (*range(60, 105), *range(0x1D3FE, 0x1D408)):
        assert lean.glyphid(chr(code)) == theirs.glyphid(chr(code))
    assert [lean.char(each) for each in range(310)] == [theirs.char(each) for each in range(310)]


def test_widths_are_those_of_the_file_and_end_with_it(font: Any) -> None:
    start = font.tables["hmtx"].offset
    widths = [font.fontfile.readuint16(start + 4 * each) for each in range(len(font.advwidths))]

    assert [each.width for each in font.advwidths] == widths
    assert font.advance(len(widths), None) == widths[-1] or font.advance(len(widths), None) > 0


def test_words_in_a_formula_are_set_as_closely_as_the_font_says(font: Any) -> None:
    apart = sum(each.width for text in ("A", "V") if (each := engrave(rf"\text{{{text}}}", display=False)))
    together = engrave(r"\text{AV}", display=False)

    assert together is not None
    assert together.width < apart - 0.1  # beyond the margins of two formulas


def test_the_room_between_two_letters_is_what_ziafont_reads(font: Any) -> None:
    assert engrave(r"\text{AV}", display=False) is not None  # reads the tables
    tables = [table for lookup in font.gpos.lookups for table in getattr(lookup, "subtables", ())]
    lean = [table for table in tables if hasattr(table, "posformat")]
    assert {table.posformat for table in lean} == {1, 2}
    for table in lean:
        kept_whole = type(table).__mro__[1]
        theirs = kept_whole(table.ofst, font.fontfile)
        assert kept_whole.__module__ == "ziafont.gpos"
        if table.posformat == 2:
            assert table.classrecords == theirs.classrecords
        else:
            assert [table.pairsets[place] for place in range(len(theirs.pairsets))] == theirs.pairsets


def test_neither_the_whole_file_nor_a_table_of_all_characters_stays(font: Any) -> None:
    held = [each for each in gc.get_objects() if isinstance(each, Cmap4 | Cmap12)]

    assert [each for each in held if each is font.cmap or each in font.cmaps] == [font.cmap]
    assert font.fontfile.getbuffer().nbytes == 0  # it is read where it lies
    assert any(font.glyphindex(chr(each)) for each in _CHARACTERS)


def test_formulas_are_set_where_another_version_has_other_names(font: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(formula, "lean_font")
    monkeypatch.setitem(sys.modules, "desktop.rendering.formula.lean_font", None)
    assert engrave("x + 1", display=False) is not None


def test_formulas_are_set_where_the_font_can_not_be_mapped(font: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **how: object) -> None:
        raise OSError("no such device")

    monkeypatch.setattr("desktop.rendering.formula.lean_font.mmap.mmap", refuse)
    engraver._font.cache_clear()
    assert engrave("x + 2", display=False) is not None
    engraver._font.cache_clear()
