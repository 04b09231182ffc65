"""A conversation as a PDF file: its words can be read again, long ones go on over pages, and there are bookmarks."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import pypdfium2
import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QFont, QFontInfo, QPdfWriter

from desktop.core.message import TextPart
from desktop.exporters.pdf import write
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.printed import Bookmark, Sheets, portions, with_bookmarks, with_true_letters
from tests.exporters.talk import ANSWER, QUESTION, talk

pytestmark = pytest.mark.window

_CHINESE = "Noto Sans CJK SC"


def answered(markdown, title="Terms"):
    return talk(QUESTION, replace(ANSWER, parts=(TextPart(markdown),)), title=title)


def pages(export):
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(write(export))]


def leaves_of(text):
    return parse(text)


def test_words_and_numbers_of_pages_can_be_read_again(qapp):
    (page,) = pages(answered("# Terms of it\n\n| a | b |\n|---|---|\n| 45 days | 12 |\n\nSome **words**, $x^2$."))
    for words in ("Terms", "What is *due*?", "qwen3:4b", "Terms of it", "45 days", "Some words,"):
        assert words in page
    assert page.rstrip().endswith("1")


def test_digits_of_a_font_for_chinese_can_be_read_again_in_any_language(qapp):
    before = qapp.font()
    qapp.setFont(QFont(_CHINESE))
    try:
        (page,) = pages(answered("The rent is 12,500 since 2026."))
    finally:
        qapp.setFont(before)
    assert QFontInfo(QFont(_CHINESE)).family() == _CHINESE
    assert "The rent is 12,500 since 2026." in page


def test_a_formula_among_words_hangs_below_their_line_as_far_as_it_should(qapp):
    page = pypdfium2.PdfDocument(write(answered(r"xxx $\frac{p}{100}$ xxx")))[0]
    text = page.get_textpage()
    _, baseline, _, _ = text.get_charbox(text.get_text_bounded().rindex("x"))
    outlines = [each.get_bounds() for each in page.get_objects() if each.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH]
    bottoms = [bottom for _, bottom, _, top in outlines if bottom < baseline < top + 10 and top - bottom < 30]
    assert 3 < baseline - min(bottoms) < 6  # of a denominator, in points


def test_a_long_answer_goes_on_over_pages_and_nothing_is_lost(qapp):
    found = pages(answered("\n\n".join(f"Paragraph {number} of many." for number in range(400))))
    assert len(found) > 5
    assert [
        f"Paragraph {number} of many." for number in range(400) if f"Paragraph {number} of" not in "".join(found)
    ] == []
    assert [page.rstrip().endswith(str(number)) for number, page in enumerate(found, 1)] == [True] * len(found)


@pytest.mark.parametrize("before", range(0, 40, 4))
def test_the_head_of_a_table_comes_again_on_each_page_and_stands_with_a_row(qapp, before):
    lines = "a\n\n" * before
    rows = "".join(f"| row {number} | x |\n" for number in range(60))
    found = pages(answered(f"{lines}| Heading | b |\n|---|---|\n{rows}"))
    with_rows = [page for page in found if "row " in page]
    assert len(with_rows) > 1
    assert [page.count("Heading") for page in with_rows] == [1] * len(with_rows)
    assert sum("Heading" in page for page in found) == len(with_rows)


def test_words_of_a_table_with_many_columns_stay_whole(qapp):
    words = ("Obligation", "Deadline", "Confidentiality", "Acknowledgement", "Management", "GBP 250,000.00", "Remarks")
    (page,) = pages(answered(f"| {' | '.join(words)} |\n{'|---' * len(words)}|\n| {' | '.join(words)} |"))
    assert [page.count(each.split()[-1]) for each in words] == [2] * len(words)


def test_a_huge_message_is_laid_out_in_portions_and_can_be_given_up(qapp):
    rows = "".join(f"| row {number} | {number} |\n" for number in range(300))
    code = "".join(f"step {number}\n" for number in range(800))
    line = "word " * 4_000
    huge = f"| name | figure |\n|---|---|\n{rows}\n```\n{code}```\n\n{line}\n"
    shares: list[float] = []
    mine = replace(QUESTION, parts=(TextPart("My own line.\n" * 2_000),))
    export = replace(talk(mine, replace(ANSWER, parts=(TextPart(huge),)), title="T"), progress=shares.append)
    said = "\n".join(pages(export))
    assert all(f"row {number}" in said for number in range(300))
    assert all(f"step {number}" in said for number in range(800))
    assert said.count("My own line.") == 2_000
    assert said.count("word") >= 4_000
    assert said.count("figure") > 3  # each piece of the table has its header
    longest = max(after - before for before, after in pairwise(shares))
    assert longest < 0.2  # no portion is more than a part of it
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    with pytest.raises(KeyboardInterrupt):
        write(replace(export, progress=_given_up_after_a_third))


def _given_up_after_a_third(share):
    assert share < 0.7
    if share > 0.3:
        raise KeyboardInterrupt


def test_messages_stand_below_each_other_until_a_page_is_full(qapp):
    many = [replace(each, parts=(TextPart(f"said {at}"),)) for at, each in enumerate([QUESTION, ANSWER] * 30)]
    found = pages(talk(*many))
    assert 2 < len(found) < 12
    assert all(f"said {at}" in "\n".join(found) for at in range(60))


def test_bookmarks_lead_to_questions_and_headings(qapp):
    filling = "\n\n".join(["Some words."] * 90)
    document = pypdfium2.PdfDocument(write(answered(f"# One\n\n{filling}\n\n# Two & ü")))
    found = [(mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    assert found[:3] == [(0, "Terms", 0), (0, "What is *due*?", 0), (1, "One", 0)]
    assert found[3][:2] == (1, "Two & ü")
    assert found[3][2] > 0


def test_what_follows_a_heading_that_was_moved_to_the_next_page_stands_below_it(qapp):
    for lines, points in product(range(40, 47), range(8, 24, 5)):  # some leave the heading just too little room
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        device = QPdfWriter(buffer)
        sheets = Sheets(device)
        sheets.add_text(f'<p style="font-size: {points}pt">before</p>', [], 2)
        filling = "".join(f"line {number}\n\n" for number in range(lines))
        sheets.add_text("", leaves_of(f"{filling}## Heading\n"), 2, goes_on=True)
        sheets.add_text("", leaves_of("Next\n"), 2, bookmark="next", goes_on=True)
        heading, following = sheets.bookmarks
        sheets.end()
        is_below = following.page == heading.page and following.top > heading.top + 10
        assert is_below or following.top == 0, (lines, points)


def test_a_heading_is_in_one_portion_with_what_stands_below_it():
    words = "word " * 700
    whole = leaves_of(f"{words}\n\n# A\n\n## B\n\n{words}\n\n# C\n")
    assert [[leaf.text.strip()[:4] for leaf in portion] for portion in portions(whole)] == [
        ["word"],
        ["A", "B", "word", "C"],
    ]


def test_title_and_author_are_told(qapp):
    told = pypdfium2.PdfDocument(write(answered("x", title="Terms (1)"))).get_metadata_dict()
    assert (told["Title"], told["Author"]) == ("Terms (1)", "qwen3:4b")


def test_links_can_be_followed_and_no_other_thing_is_read(qapp):
    content = write(answered("[page](https://x.example/a) ![b](file:///etc/passwd) <img src=/etc/passwd>"))
    assert b"/URI (https://x.example/a)" in content
    assert b"/Subtype /Image" not in content


def test_letters_that_look_alike_get_the_codes_that_the_text_has():
    table = b"2 beginbfchar\n<0001> <2F42>\n<0002> <2ED3>\n<0003> <0009>\nendbfchar\n<2F42>"
    mended = with_true_letters(table, "文长 ")
    assert mended == b"2 beginbfchar\n<0001> <6587>\n<0002> <957F>\n<0003> <0020>\nendbfchar\n<2F42>"
    assert with_true_letters(b"beginbfchar <2F42> endbfchar", "⽂") == b"beginbfchar <2F42> endbfchar"


def test_a_file_of_another_make_is_left_alone():
    assert with_bookmarks(b"%PDF-1.4 something", [Bookmark("a", 0, 0, 0.0)], 800.0) == b"%PDF-1.4 something"
