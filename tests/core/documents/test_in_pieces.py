"""A document in pieces that fit: no word is lost, none is said twice, and each piece says which pages it has."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.documents.document import Aside, Block, Document, Run, Section, SectionKind, table_row
from desktop.core.documents.in_pieces import Note, document_of_part, notes_part, pieces_for, question_to_piece
from desktop.core.documents.selection import WHOLE, Selection
from desktop.core.message import AttachmentPart

PAGES = Document(
    "Report.pdf",
    "application/pdf",
    tuple(
        Section(SectionKind.PAGE, number, "", (Block((Run(f"Page {number} says {'word ' * 30}."),), "0"),))
        for number in range(1, 11)
    ),
)
LINES = "\n".join(table_row(["Part", str(number)]) for number in range(100))
ROWS = Document(
    "Prices.xlsx",
    "application/vnd.ms-excel",
    (Section(SectionKind.SHEET, 1, "", (Block((Run(LINES),), "5", 0, True),)),),
)


def test_a_piece_ends_between_pages_and_names_them():
    pieces = pieces_for(PAGES, WHOLE, 400, float)
    assert [piece.extent for piece in pieces] == [f"pages {number}–{number + 1} of 10" for number in range(1, 11, 2)]
    assert pieces[1].text.startswith("[Page 3]")


def test_rows_keep_their_numbers():
    pieces = pieces_for(ROWS, WHOLE, 300, float)
    assert all(len(piece.text) < 340 for piece in pieces)
    for piece in pieces:
        [anchor] = piece.anchors
        assert f"| Part | {int(anchor.place) - 5} |" in piece.text[anchor.offset :].split("\n")[0]


def test_only_what_was_chosen_is_read():
    pieces = pieces_for(PAGES, Selection(sections=frozenset({9})), 10_000, float)
    assert [(piece.extent, "Page 9" in piece.text) for piece in pieces] == [("page 9 of 10", True)]
    hidden = Document("a", "", (Section(SectionKind.WHOLE, 1, "", (Block((Run("x", Aside.COMMENT), Run("y"))),)),))
    assert pieces_for(hidden, Selection(without=frozenset({Aside.COMMENT})), 10, float)[0].text == "y"


@given(st.lists(st.text("ab .。\n", max_size=60), max_size=8), st.integers(5, 80))
def test_no_word_is_lost_or_said_twice(texts, room):
    blocks = tuple(Block((Run(text),)) for text in texts)
    document = Document("a", "text/plain", (Section(SectionKind.WHOLE, 1, "", blocks),))
    said = "".join(piece.text for piece in pieces_for(document, WHOLE, room, float))
    assert "".join(said.split()) == "".join("".join(texts).split())


def test_the_question_is_put_to_each_piece_and_notes_go_with_their_pages():
    assert "part 2 of 5" in question_to_piece("What does it cost?", 2, 5, "en")
    assert question_to_piece("多少钱？", 1, 3, "zh").endswith("问题：多少钱？")
    part = notes_part(PAGES, [Note("pages 1–5 of 10", "Rent 40 (page 2)"), Note("pages 6–10 of 10", "Nothing.")])
    assert part.text == "[Notes from part 1 of 2] pages 1–5 of 10\n\nRent 40 (page 2)"
    assert (part.name, part.extent) == ("Report.pdf", "notes from 2 parts, read one by one")


def test_notes_that_found_nothing_say_so():
    part = notes_part(PAGES, [Note("pages 1–5 of 10", "Nothing."), Note("pages 6–10 of 10", "None")])
    assert part.text == "[No part of the file says anything about the question.]"


def test_what_was_sent_can_be_read_in_pieces_without_the_file():
    sent = AttachmentPart("rent.txt", "text/plain", "[Page 4]\n\nThe rent is 40.\n\nIt is due.", extent="page 4 of 9")
    [piece] = pieces_for(document_of_part(sent), WHOLE, 1_000, lambda letters: letters / 4)
    assert piece.text == sent.text
