"""The part of a document that is sent: all, chosen pages, without asides or what was taken out; and its anchors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.documents.document import (
    Aside,
    Block,
    Document,
    Run,
    Section,
    SectionKind,
    row_cells,
    table_row,
)
from desktop.core.documents.selection import (
    WHOLE,
    BlocksLeftOut,
    Cut,
    CutOut,
    MarkPiece,
    SectionsLeftOut,
    Selection,
    WordsPiece,
    attachment,
    cut_of,
    pieces_of,
    with_cuts,
    with_sections,
)


def words(text, place=""):
    return Block((Run(text),), place)


CONTRACT = Document(
    "Contract.pdf",
    "application/pdf",
    tuple(
        Section(SectionKind.PAGE, number, f"Clause {number}", (words(f"Words of page {number}."), words("More.", "20")))
        for number in range(1, 6)
    ),
)
CHANGED = Document(
    "Letter.docx",
    "application/msword",
    (
        Section(
            SectionKind.WHOLE,
            1,
            "",
            (
                Block(
                    (Run("The rent is "), Run("900", Aside.DELETED, "A. Clerk"), Run("950", Aside.INSERTED), Run("."))
                ),
                Block((Run("Is this right?", Aside.COMMENT, "B. Boss"),)),
            ),
        ),
    ),
)
TABLE = Document(
    "Prices.xlsx",
    "application/vnd.ms-excel",
    (
        Section(
            SectionKind.SHEET,
            1,
            "2026",
            (
                Block(
                    (Run(f"{table_row(['Item', 'Price', 'a|b'])}\n{table_row(['Chair', '40', 'x'])}"),), "1", 0, True
                ),
                Block((Run(table_row(["Table", "90", "y"])),), "7", 0, True),
            ),
        ),
        Section(SectionKind.SHEET, 2, "Margins", (words("secret"),), is_hidden=True),
    ),
)


def test_all_of_a_document_is_sent_with_its_marks():
    part = attachment(CONTRACT, digest="d1")
    assert part.text.startswith("[Page 1]\n\nWords of page 1.\n\nMore.\n\n[Page 2]\n\nWords of page 2.")
    assert (part.name, part.digest, part.extent) == ("Contract.pdf", "d1", "")


def test_chosen_pages_say_so_and_the_others_stay_here():
    chosen = with_sections(WHOLE, CONTRACT, {2, 4, 5})
    part = attachment(CONTRACT, chosen)
    assert part.extent == "pages 2 and 4–5 of 5"
    assert "page 1" not in part.text
    assert "[Page 4]" in part.text
    folded = [piece for piece in pieces_of(CONTRACT, chosen) if isinstance(piece, SectionsLeftOut)]
    assert folded == [SectionsLeftOut(1, 1), SectionsLeftOut(3, 3)]
    assert with_sections(chosen, CONTRACT, {1, 2, 3, 4, 5}) == WHOLE


def test_each_anchor_is_where_its_words_are():
    part = attachment(CONTRACT, Selection(sections=frozenset({3})))
    assert [(part.text[each.offset :].split()[0], each.section, each.place) for each in part.anchors] == [
        ("Words", 3, ""),
        ("More.", 3, "20"),
    ]


def test_what_stands_beside_the_text_is_marked_and_can_be_left_out():
    assert attachment(CHANGED).text == (
        "The rent is [deleted by A. Clerk: 900][inserted: 950].\n\n[comment by B. Boss: Is this right?]"
    )
    after = Selection(without=frozenset({Aside.DELETED, Aside.COMMENT}))
    assert attachment(CHANGED, after).text == "The rent is [inserted: 950]."
    assert CHANGED.asides == {Aside.DELETED: 1, Aside.INSERTED: 1, Aside.COMMENT: 1}


def test_a_piece_taken_out_leaves_the_rest():
    cut = Cut(1, 0, 0, 6)
    found = list(pieces_of(CONTRACT, Selection(sections=frozenset({1}), cuts=(cut,))))
    assert found == [
        MarkPiece("[Page 1]", 1),
        CutOut(cut, "Words "),
        WordsPiece("of page 1.", 1, 0, 6),
        WordsPiece("More.", 1, 1, 0),
        SectionsLeftOut(2, 5),
    ]


PAID = (
    *(Run("| Name | Pay | Town |\n| Ann | 91000 "), Run("high?", Aside.COMMENT), Run(" | Rome |\n| ")),
    *(Run("Eve | 70000 | Bonn", Aside.HIDDEN), Run(" |\n| Bob | 55000 | Oslo |")),
)
NO_NAMES, NO_PAY, NO_TOWN = (Selection(columns_off=frozenset({(1, column)})) for column in (0, 1, 2))
NO_COMMENTS, NO_HIDDEN = (Selection(without=frozenset({aside})) for aside in (Aside.COMMENT, Aside.HIDDEN))
LEAST = Selection(without=frozenset(Aside), columns_off=NO_PAY.columns_off)


@pytest.mark.parametrize(
    ("selection", "taken_out", "sent"),
    [
        (WHOLE, ("Ann", "Ann"), "Name Pay Town / [hidden: Eve 70000 Bonn] / Bob 55000 Oslo"),
        (WHOLE, ("Eve", "Bob"), "Name Pay Town / Ann 91000 [comment: high?] Rome"),
        (NO_NAMES, ("Rome", "Bonn"), "Pay Town / 55000 Oslo"),
        (NO_PAY, ("Name", "Name"), "Ann Rome / [hidden: Eve Bonn] / Bob Oslo"),
        (NO_PAY, ("Ann", "Ann"), "Name Town / [hidden: Eve Bonn] / Bob Oslo"),
        (NO_PAY, ("Bob", "Oslo"), "Name Town / Ann Rome / [hidden: Eve Bonn]"),
        (NO_NAMES, ("Pay", "Pay"), "91000 [comment: high?] Rome / [hidden: 70000 Bonn] / 55000 Oslo"),
        (NO_TOWN, ("Name", "Name"), "Ann 91000 [comment: high?] / [hidden: Eve 70000] / Bob 55000"),
        (NO_COMMENTS, ("Ann", "Ann"), "Name Pay Town / [hidden: Eve 70000 Bonn] / Bob 55000 Oslo"),
        (NO_HIDDEN, ("Ann", "Rome"), "Name Pay Town / Bob 55000 Oslo"),
        (NO_HIDDEN, ("Bob", "Bob"), "Name Pay Town / Ann 91000 [comment: high?] Rome"),
        (LEAST, ("Name", "Town"), "Ann Rome / Bob Oslo"),
        (LEAST, ("Ann", "Bob"), "Name Town"),
    ],
)
def test_a_row_is_taken_out_with_all_of_its_line(selection, taken_out, sent):
    document = Document("a.xlsx", "x", (Section(SectionKind.WHOLE, 1, "", (Block(PAID, "1", is_table=True),)),))
    [piece] = pieces_of(document, selection)
    assert isinstance(piece, WordsPiece)
    cut = cut_of(piece, piece.text.index(taken_out[0]), piece.text.index(taken_out[1]) + 1)
    assert cut
    rows = attachment(document, with_cuts(selection, [cut])).text.split("\n")
    assert " / ".join(" ".join(row.replace("|", "").split()) for row in rows) == sent


def test_only_passages_are_sent():
    some = Selection(passages=frozenset({(2, 1), (4, 0)}))
    assert attachment(CONTRACT, some).text == "[Page 2]\n\nMore.\n\n[Page 4]\n\nWords of page 4."
    assert BlocksLeftOut(2, 0, 0) in list(pieces_of(CONTRACT, some))


def test_rows_of_a_table_stand_together_and_columns_can_be_left_out():
    assert attachment(TABLE).text.startswith(
        "[Sheet 1: 2026]\n\n| Item | Price | a\\|b |\n| Chair | 40 | x |\n| Table | 90 | y |"
    )
    some = Selection(columns_off=frozenset({(1, 2)}))
    assert "| Item | Price |\n| Chair | 40 |\n| Table | 90 |" in attachment(TABLE, some).text


def test_only_some_rows_of_a_table_are_sent_each_with_its_number():
    some = Selection(passages=frozenset({(1, 0), (1, 1)}), rows=frozenset({(1, 0, 1)}))
    part = attachment(TABLE, some)
    assert part.text == "[Sheet 1: 2026]\n\n| Chair | 40 | x |\n| Table | 90 | y |"
    assert [anchor.place for anchor in part.anchors] == ["2", "7"]


def test_a_hidden_sheet_is_marked_and_can_be_left_out():
    assert "[Sheet 2: Margins (hidden)]" in attachment(TABLE).text
    assert "secret" not in attachment(TABLE, Selection(without=frozenset({Aside.HIDDEN}))).text


def test_a_chinese_document_has_chinese_marks():
    sheet = Section(SectionKind.PAGE, 3, "", (words("供应商合同的要点如下，付款期限为三十天。"),))
    document = Document("合同.pdf", "application/pdf", (Section(SectionKind.PAGE, 1, "", (words("甲方乙方"),)), sheet))
    assert "[第 3 页]" in attachment(document).text
    assert attachment(document, Selection(sections=frozenset({3}))).extent == "第 3 页，共 2 页"


@given(st.lists(st.text(alphabet="a|\\ 中x", max_size=6), min_size=1, max_size=5))
def test_a_row_is_read_back_as_it_was_written(cells):
    assert row_cells(table_row(cells)) == [" ".join(cell.split()) for cell in cells]
