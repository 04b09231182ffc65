"""Pages of PDF files as they are read: words, their order, tables, headings, forms, and what is told of the rest."""

from __future__ import annotations

import zlib
from contextlib import suppress

import pypdfium2
import pytest

from desktop.core.documents.document import Aside, ReadingError, ReadingProblem, RemarkKind, SectionKind, row_cells
from desktop.readers.pdf.words import words_of
from tests.readers import quality
from tests.readers.conftest import FILES, document_from, problem_from, texts
from tests.readers.making import drawn, pages, pdf, stream

MADE = sorted(FILES.glob("*.pdf"))
# Qt tells wrong letters for some digits and characters of a font, and parts cells by no more than words.
WRITTEN_WRONGLY = {"chinese-qt"}


def read_pdf(content, **options):
    return document_from(content, "a.pdf", **options)


def remarks(document):
    return {remark.kind: (remark.count, remark.detail) for remark in document.remarks}


@pytest.mark.parametrize("file", MADE, ids=lambda file: file.stem)
def test_the_words_of_a_file_are_there_and_in_order(file):
    told = quality.quality(file)
    assert told.words_of_source is not None
    assert told.in_order is not None
    assert told.words_of_source >= (0.96 if file.stem in WRITTEN_WRONGLY else 0.999)
    assert told.in_order >= (0.84 if file.stem in WRITTEN_WRONGLY else 0.999)
    assert (told.false_words, told.false_rows) == (0, 0)


@pytest.mark.parametrize("file", [file for file in MADE if not file.stem.endswith("-qt")], ids=lambda file: file.stem)
def test_the_rows_of_tables_keep_their_empty_cells(file):
    found, _, wanted = quality.quality(file).cells.partition("/")
    assert found == wanted


def test_a_page_tells_its_title_and_the_levels_of_headings():
    for program in ("chromium", "libreoffice", "untagged", "latex"):
        section = document_from(FILES / f"report-{program}.pdf", "a.pdf").sections[0]
        assert section.kind is SectionKind.PAGE
        assert section.title == "Wells of the northern valley"
        levels = {block.text: block.level for block in section.blocks if block.level}
        assert levels["Wells of the northern valley"] < levels["Results of the three visits"], program


def test_a_place_is_the_index_of_a_letter():
    file = FILES / "report-untagged.pdf"
    [section, *_] = document_from(file, "a.pdf").sections
    with pypdfium2.PdfDocument(file) as opened:
        starts = {str(word.start): word.text for word in words_of(opened[0], has_marks=False)}
    for block in section.blocks:
        first = row_cells(block.text.split("\n")[0])[0] if block.is_table else block.text
        assert first.startswith(starts[block.place])


TWO_COLUMNS = [
    ("The bridge over the brook was", "The baker has announced that"),
    ("opened on Saturday by the mayor", "bread will be baked on Mondays"),
    ("and a large number of villagers.", "again, after almost a full year"),
    ("It replaces the old bridge which", "in which there had been none on"),
    ("had been carried away by floods.", "that day because the oven broke."),
]


def test_columns_that_are_drawn_line_by_line_are_read_one_after_the_other():
    content = drawn(
        *(
            (x, 700 - 14 * number, text)
            for number, (left, right) in enumerate(TWO_COLUMNS)
            for x, text in ((60, left), (320, right))
        )
    )
    text = " ".join(" ".join(texts(read_pdf(pages([content])))).split())
    assert " ".join(left for left, _ in TWO_COLUMNS) in text
    assert text.endswith(" ".join(right for _, right in TWO_COLUMNS))


def test_lines_that_are_drawn_from_the_bottom_up_are_read_from_the_top():
    lines = [f"This is line number {number} of some" for number in range(1, 9)]
    content = drawn(*reversed([(60, 700 - 14 * number, line) for number, line in enumerate(lines)]))
    assert " ".join(texts(read_pdf(pages([content])))).split() == " ".join(lines).split()


@pytest.mark.parametrize(
    ("quarters", "turn"), [(90, "0 1 -1 0 595 0"), (180, "-1 0 0 -1 595 842"), (270, "0 -1 1 0 0 842")]
)
def test_a_turned_page_is_read_as_it_is_seen(quarters, turn):
    table = [("Well", "Depth"), ("North gate", "12.4"), ("Old mill", "7.9")]
    upright = drawn(
        (60, 500, "Two lines of a text which stand"),
        (60, 486, "below each other"),
        *(
            (x, 440 - 20 * row, cell)
            for row, cells in enumerate(table)
            for x, cell in zip((60, 200), cells, strict=True)
        ),
    )
    document = read_pdf(pages([f"q {turn} cm {upright} Q"], extra=f"/Rotate {quarters}"))
    assert texts(document) == [
        "Two lines of a text which stand below each other",
        "| Well | Depth |\n| North gate | 12.4 |\n| Old mill | 7.9 |",
    ]


def test_a_hyphen_at_the_end_of_a_line_is_healed():
    content = drawn(
        (60, 700, "It is a well-known example of hyphen-"),
        (60, 686, "ation, and it is really rather well-"),
        (60, 672, "known, for example, in the years 2019-"),
        (60, 658, "2020 and in all of those that follow."),
    )
    [text] = texts(read_pdf(pages([content])))
    assert "hyphenation, and it is really rather well-known, for example" in text
    assert "2019-2020" in text


def test_accents_that_are_letters_of_their_own_are_put_on_theirs():
    content = drawn((60, 700, "it l\\250auft"), (60, 686, "gleichgultig ist"), (99, 686, "\\250"))
    made = pages([content]).replace(b"/Helvetica>>", b"/Helvetica/Encoding/WinAnsiEncoding>>")
    assert " ".join(texts(read_pdf(made))).split() == ["it", "läuft", "gleichgültig", "ist"]


def test_footers_that_are_tagged_as_such_stand_aside():
    content = (
        f"/P <</MCID 0>> BDC {drawn((60, 700, 'Words of the page, which are many.'))} EMC "
        f"/Artifact BMC {drawn((60, 30, 'Page 1'))} EMC"
    )
    made = pages(
        [content],
        extra="/StructParents 0",
        catalog="/MarkInfo<</Marked true>>/StructTreeRoot 6 0 R",
        rest=[
            "<</Type/StructTreeRoot/K 7 0 R/ParentTree<</Nums[0[8 0 R]]>>>>",
            "<</Type/StructElem/S/Document/P 6 0 R/K 8 0 R>>",
            "<</Type/StructElem/S/H1/P 7 0 R/Pg 4 0 R/K 0>>",
        ],
    )
    words, footer = read_pdf(made).sections[0].blocks
    assert (words.text, words.level) == ("Words of the page, which are many.", 1)
    assert [(run.text, run.aside) for run in footer.runs] == [("Page 1", Aside.HEADER)]


def test_what_was_filled_into_a_form_is_there():
    made = pages(
        [drawn((60, 700, "An application"))],
        extra="/Annots[6 0 R 7 0 R 8 0 R]",
        catalog="/AcroForm<</Fields[6 0 R 7 0 R 8 0 R]>>",
        rest=[
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/TU(Name of the owner)/V(Ada)/Rect[0 0 99 20]>>",
            "<</Type/Annot/Subtype/Widget/FT/Btn/T(agreed)/V/Yes/AS/Yes/Rect[0 30 20 50]"
            "/AP<</N<</Yes 9 0 R/Off 9 0 R>>>>>>",
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(empty)/Rect[0 0 99 20]>>",
            stream("", "/Type/XObject/Subtype/Form/BBox[0 0 1 1]"),
        ],
    )
    document = read_pdf(made)
    assert texts(document)[-1] == "| Name of the owner | Ada |\n| agreed | ☑ |"
    assert remarks(document) == {RemarkKind.FORM: (2, "")}


ONE = drawn((60, 700, "one"))
IMAGE = stream(
    bytes(64 * 64), "/Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 8"
)


def test_pictures_are_told():
    made = pages(
        [f"{ONE} q 500 0 0 700 0 0 cm /I Do Q q 9 0 0 9 0 0 cm /I Do Q", *["q 500 0 0 700 0 0 cm /I Do Q"] * 2, ""],
        rest=[IMAGE],
        extra="/Resources<</Font<</F 3 0 R>>/XObject<</I 12 0 R>>>>",
    )
    document = read_pdf(made)
    assert [section.is_empty for section in document.sections] == [False, True, True, True]
    assert remarks(document) == {RemarkKind.WITHOUT_TEXT: (2, "2-3"), RemarkKind.PICTURES: (1, "")}


def test_the_outline_names_pages():
    made = pages(
        [drawn((60, 700, "one")), drawn((60, 700, "two"))],
        catalog="/Outlines 8 0 R",
        rest=[
            "<</Type/Outlines/First 9 0 R/Last 9 0 R/Count 1>>",
            "<</Title(The second part)/Parent 8 0 R/Dest[6 0 R/Fit]>>",
        ],
    )
    assert [section.title for section in read_pdf(made).sections] == ["", "The second part"]


WHOLE = (FILES / "report-latex.pdf").read_bytes()


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n",
        WHOLE[: len(WHOLE) // 2],
        b"%PDF-1.4\n" + b"[" * 100_000,
        pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"),
    ],
)
def test_what_is_broken_is_damaged(content):
    assert problem_from(content, "a.pdf") is ReadingProblem.DAMAGED


def test_a_page_that_is_broken_is_told_and_the_others_are_read():
    made = pages([drawn((60, 700, "one")), drawn((60, 700, "two"))]).replace(
        b"/Kids[4 0 R 6 0 R]", b"/Kids[4 0 R 99 0 R]"
    )
    document = read_pdf(made)
    assert texts(document) == ["one"]
    assert len(document.sections) == 2
    assert remarks(document) == {RemarkKind.DAMAGED: (1, "2")}


@pytest.mark.parametrize(
    "content",
    [
        pages([ONE], catalog="/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
        pages(
            [ONE],
            catalog="/Outlines 6 0 R",
            rest=["<</First 7 0 R/Last 7 0 R>>", "<</Title(a)/Parent 6 0 R/Next 7 0 R/First 7 0 R/Dest[4 0 R/Fit]>>"],
        ),
        pages([ONE]).replace(b"/Count 1>>", b"/Count 9>>"),
        b"junk\n" * 20 + pages([ONE]),
    ],
    ids=["a script", "an outline in a circle", "a count that lies", "words in front of the file"],
)
def test_what_does_no_harm(content):
    assert texts(read_pdf(content)) == ["one"]


def test_pages_in_a_circle_have_an_end():
    made = pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>")
    with suppress(ReadingError):
        assert texts(read_pdf(made)) == []


def test_a_stream_that_is_broken_costs_its_page_alone():
    made = pages([drawn((60, 700, "one")), drawn((60, 700, "two"))])
    broken = made.replace(zlib.compress(drawn((60, 700, "two")).encode()), b"?" * 40)
    assert texts(read_pdf(broken)) == ["one"]
